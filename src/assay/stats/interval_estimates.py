"""An estimate with its interval, or the reason why there is none."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IntervalEstimate:
    """A value with its limits; without an estimate, `value` is None and `words` gives the reason.

    `low` and `high` without a value are bounds of what is possible. `words` beside a value is a note for its reader.
    """

    value: float | None
    low: float | None
    high: float | None
    words: str = ""

    @property
    def width(self) -> float | None:
        """Width of the interval; None if there are no limits."""
        return None if self.low is None or self.high is None else self.high - self.low


def missing_estimate(words: str) -> IntervalEstimate:
    """Return an estimate without value and limits, with the reason."""
    return IntervalEstimate(None, None, None, words)
