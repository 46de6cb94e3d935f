"""Error of a statistic that cannot be computed from the data, with a sentence for the reader."""


class EstimationRefused(ValueError):
    """The data do not allow an answer; the message is a sentence that says why and what would.

    A refusal is an answer, not an accident: callers print the sentence where the figure would have stood.
    """
