"""A count found another share of what there was in each year: did what there was fall?

Later over earlier, with the share found taken out: (later / found later) / (earlier / found earlier). Each part enters
on the log scale as a normal with the middle and width of its 95% interval, and they are taken to be independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

from scipy.special import ndtr

from assay.errors import UsageError

WIDTH = 2 * 1.959964
"""Standard deviations in a 95% interval."""
Interval = tuple[float, float]


@dataclass(frozen=True)
class Corrected:
    """Later over earlier: the probability that it is below one, and its 95% interval. Never a middle."""

    probability_fell: float
    low: float
    high: float


def corrected(ratio: Interval, found_earlier: Interval, found_later: Interval) -> Corrected:
    """Later over earlier, corrected by the share of what there was that each count found; all are 95% intervals.

    UsageError for an interval that does not lie above zero, or whose ends are the wrong way round.
    """
    parts = [_on_log_scale(one) for one in (ratio, found_earlier, found_later)]
    (middle, spread), (earlier, of_earlier), (later, of_later) = parts
    return _told(middle + earlier - later, sqrt(spread**2 + of_earlier**2 + of_later**2))


def _on_log_scale(one: Interval) -> tuple[float, float]:
    low, high = one
    if not 0 < low <= high:
        raise UsageError(f"An interval lies above zero, its lower end first; {low:g} to {high:g} does not.")
    return (log(low) + log(high)) / 2, (log(high) - log(low)) / WIDTH


def _told(middle: float, spread: float) -> Corrected:
    below = float(ndtr(-middle / spread)) if spread else float(middle < 0)
    half = spread * WIDTH / 2
    return Corrected(below, exp(middle - half), exp(middle + half))
