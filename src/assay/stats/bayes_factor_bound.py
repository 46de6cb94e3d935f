"""How probable can a p-value make a failing? An upper bound that needs no alternative hypothesis.

For p < 1/e the odds against the null hypothesis rise by at most 1 / (-e p log p), over a wide class of alternatives. So
p = 0.05 makes a prior probability of 5% at most 11%, and p = 0.001 at most 74%.

References
----------
Sellke, Bayarri and Berger (2001), Calibration of p values for testing precise null hypotheses, The American
Statistician 55, 62-71.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from assay.stats.posterior_grid import Floats
from assay.stats.posterior_summary import OUTLIER_PRIOR

LEAST_P_VALUE = 1e-15
"""Smaller p-values count as this one: they are not exact."""


def largest_posterior(p_values: ArrayLike, prior: float = OUTLIER_PRIOR) -> Floats:
    """Return the Sellke-Bayarri-Berger upper bound of the posterior probability (0 to 1) of the alternative.

    `prior` is the prior probability of the alternative. The result has the shape of `p_values`; NaN stays NaN.
    """
    p = np.clip(np.asarray(p_values, dtype=float), LEAST_P_VALUE, 1.0)
    least_bayes_factor = np.where(p < np.exp(-1), -np.e * p * np.log(p), 1.0)
    posterior = prior / (prior + (1 - prior) * least_bayes_factor)
    return np.where(np.isnan(p), np.nan, posterior)
