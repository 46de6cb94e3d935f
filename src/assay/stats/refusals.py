"""When does a statistic say no, and in which words?"""


class Refused(ValueError):
    """The data do not allow an answer; the message is a sentence that says why and what would.

    A refusal is an answer, not an accident: callers print the sentence where the figure would have stood.
    """
