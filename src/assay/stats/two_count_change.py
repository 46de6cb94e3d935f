"""Change between two Poisson counts, exact for small counts, with extra-Poisson variation.

The rates have Jeffreys priors, so that of two counts y1 and y2 the share of the first rate in both has a beta posterior
with parameters y1 + 1/2 and y2 + 1/2. The log ratio of two years also varies beyond counting, by a normal error of
standard deviation `NOISE_SCALE`, which is integrated out by Gauss-Hermite quadrature. A normal model of log counts
(`level_changes`) would be too wide for a count near zero, and could not take a zero.
"""

from __future__ import annotations

import numpy as np
import scipy
from scipy import special

from assay.stats.level_changes import NOISE_SCALE, NOTABLE_FALL, ChangeEstimate
from assay.stats.posterior_grid import Floats

JEFFREYS = 0.5
NODES, WEIGHTS = (np.asarray(part, dtype=float) for part in np.polynomial.hermite_e.hermegauss(21))
LARGEST_LOG_RATIO = 30.0


def two_count_change(previous_count: int, latest_count: int) -> ChangeEstimate:
    """Return the change of the rate from one count to a later one of equal length, with its 95% interval."""

    def below(log_ratio: float) -> float:
        """Return the probability that the log of the ratio of the later to the earlier rate is below a value."""
        shares: Floats = special.expit(-(log_ratio - NOISE_SCALE * NODES))
        beyond = 1 - special.betainc(previous_count + JEFFREYS, latest_count + JEFFREYS, shares)
        return float(beyond @ WEIGHTS / WEIGHTS.sum())

    def quantile(level: float) -> float:
        limits = (-LARGEST_LOG_RATIO, LARGEST_LOG_RATIO)
        return float(np.expm1(scipy.optimize.brentq(lambda value: below(value) - level, *limits)))

    return ChangeEstimate(
        below(0.0), below(float(np.log1p(-NOTABLE_FALL))), quantile(0.5), quantile(0.025), quantile(0.975)
    )
