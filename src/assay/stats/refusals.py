"""Error of a statistic that cannot be computed from the data, with a sentence for the reader."""


class EstimationRefused(ValueError):
    """The data do not allow an estimate; the message is a sentence that says why, and what would allow it.

    Callers catch it and show the sentence in place of the figure.
    """
