"""Errors of multiple systems estimation: no estimate, unusable table."""


class NoEstimate(ValueError):
    """The lists do not allow an estimate; the message is a sentence that says why.

    Callers catch it and show the sentence in place of the estimate.
    """


class UnusableTable(ValueError):
    """The input is not a table of capture histories; the message says what is wrong and what to do.

    It names columns and lists, never the content of a row.
    """
