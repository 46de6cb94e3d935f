"""Profile-likelihood interval of the population under one log-linear model (Cormack 1992).

The multinomial profile likelihood (Cormack 1992, Biometrics 48:567) is the maximum over all other parameters for each
number of hidden persons. It takes the model as given, whereas the bootstrap repeats its selection.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import chdtri, gammaln

from assay.stats.multiple_systems.capture_histories import Floats
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hierarchical_models import LogLinearModel
from assay.stats.multiple_systems.newton_fits import fit_loglinear, repeat_model

MAXIMUM_REACH = 1000.0
"""The upper limit is searched up to this multiple of the persons seen."""


@dataclass(frozen=True)
class ProfileInterval:
    """Maximum-likelihood population and its profile interval; `high` is None if the data give no upper limit."""

    population: float
    low: float
    high: float | None


def profile_interval(table: CaptureTable, model: LogLinearModel, level: float = 0.95) -> ProfileInterval:
    """Return the profile interval of the population under one model; NoEstimate if it has no estimate."""
    fitted = fit_loglinear(table.counts[:, None], repeat_model(model.effects, 1))
    if not fitted.exists[0]:
        raise NoEstimate(f"The model {model} has no estimate here: {fitted.statuses[0].value}.")
    seen, hidden = float(table.persons), float(fitted.hidden[0])
    log_likelihood = _profile_function(table.counts, model)
    bounds, options = (0, 3 * hidden + 10), {"xatol": 1e-5}
    peak = float(minimize_scalar(lambda n: -log_likelihood(n), bounds=bounds, method="bounded", options=options).x)
    cutoff = log_likelihood(peak) - float(chdtri(1, 1 - level)) / 2
    low = float(brentq(lambda n: log_likelihood(n) - cutoff, 0, peak)) if log_likelihood(0.0) < cutoff else 0.0
    high = _upper_limit(log_likelihood, cutoff, peak, MAXIMUM_REACH * seen)
    return ProfileInterval(seen + peak, seen + low, None if high is None else seen + high)


def _upper_limit(
    log_likelihood: Callable[[float], float], cutoff: float, start: float, farthest: float
) -> float | None:
    end = 2 * start + 10
    while log_likelihood(end) > cutoff:
        end *= 2
        if end > farthest:
            return None
    return float(brentq(lambda n: log_likelihood(n) - cutoff, start, end))


def _profile_function(counts: Floats, model: LogLinearModel) -> Callable[[float], float]:
    """Return the profile log likelihood as a function of the number of hidden persons, up to a constant."""
    effects, all_observable = repeat_model(model.effects, 1), np.ones(len(counts), dtype=bool)

    def profile(hidden: float) -> float:
        completed = counts.copy()
        completed[0] = hidden
        fitted = fit_loglinear(completed[:, None], effects, observable=all_observable).fitted[:, 0]
        total, is_positive = completed.sum(), completed > 0
        likelihood = (completed[is_positive] * np.log(fitted[is_positive] / total)).sum()
        return float(likelihood + gammaln(total + 1) - gammaln(hidden + 1))

    return profile
