"""An estimate with its interval, or the reason why there is none."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IntervalEstimate:
    """A value with its limits; without an estimate, `value` is None and `words` gives the reason.

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


def missing_estimate(words: str) -> IntervalEstimate:
    """Return an estimate without value and limits, with the reason."""
    return IntervalEstimate(None, None, None, words)
