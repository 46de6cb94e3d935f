"""A figure with its interval, or a sentence that says why there is none."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """A value between its limits; where nothing can be said `value` is None and `words` says why.

    `low` and `high` may stand without a value: what is possible is then known, and nothing narrower. `words` may stand
    beside a value too, as what must be known to read it.
    """

    value: float | None
    low: float | None
    high: float | None
    words: str = ""

    @property
    def width(self) -> float | None:
        """From limit to limit; None where there are none."""
        return None if self.low is None or self.high is None else self.high - self.low


def unanswered(words: str) -> Answer:
    """No figure and no limits, for a reason."""
    return Answer(None, None, None, words)
