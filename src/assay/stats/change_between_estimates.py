"""Two numbers were estimated apart, each with its interval: is the later smaller than the earlier?

Each enters on the log scale as a normal with the middle and width of its 95% interval, and they are taken to be
independent.
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
class Changed:
    """Later over earlier: the probability that it is below one, and its 95% interval. Never a middle."""

    probability_fell: float
    low: float
    high: float


def changed(earlier: Interval, later: Interval) -> Changed:
    """Later over earlier, of two 95% intervals; UsageError for one that does not lie above zero, or whose ends are the
    wrong way round."""
    (before, of_before), (after, of_after) = _on_log_scale(earlier), _on_log_scale(later)
    middle, spread = after - before, sqrt(of_before**2 + of_after**2)
    below = float(ndtr(-middle / spread)) if spread else float(middle < 0)
    half = spread * WIDTH / 2
    return Changed(below, exp(middle - half), exp(middle + half))


def _on_log_scale(one: Interval) -> tuple[float, float]:
    low, high = one
    if not 0 < low <= high:
        raise UsageError(f"An interval lies above zero, its lower end first; {low:g} to {high:g} does not.")
    return (log(low) + log(high)) / 2, (log(high) - log(low)) / WIDTH
