"""Ratio of two independent estimates with intervals, on the log scale.

Each estimate is a normal distribution on the log scale, with the middle and the width of its 95% interval; the two are
assumed independent.
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
class EstimateRatio:
    """Ratio of the later to the earlier estimate: probability that it is below 1, and 95% interval.

    No point estimate is given.
    """

    probability_fell: float
    low: float
    high: float


def ratio_of_estimates(earlier_interval: Interval, later_interval: Interval) -> EstimateRatio:
    """Return the ratio of the later to the earlier estimate from their 95% intervals; UsageError unless above 0."""
    (earlier_log, earlier_sd), (later_log, later_sd) = _on_log_scale(earlier_interval), _on_log_scale(later_interval)
    log_ratio, log_ratio_sd = later_log - earlier_log, sqrt(earlier_sd**2 + later_sd**2)
    probability_fell = float(ndtr(-log_ratio / log_ratio_sd)) if log_ratio_sd else float(log_ratio < 0)
    half_width = log_ratio_sd * WIDTH / 2
    return EstimateRatio(probability_fell, exp(log_ratio - half_width), exp(log_ratio + half_width))


def _on_log_scale(interval: Interval) -> tuple[float, float]:
    low, high = interval
    if not 0 < low <= high:
        raise UsageError(f"An interval lies above zero, its lower end first; {low:g} to {high:g} does not.")
    return (log(low) + log(high)) / 2, (log(high) - log(low)) / WIDTH
