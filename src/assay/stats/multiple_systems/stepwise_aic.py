"""Stepwise selection by AIC with profile-likelihood intervals: the 2013 estimate for the UK (Bales et al. 2015).

The method of Bales, Hesketh & Silverman 2015 (Significance 12(3):16), which gave the Home Office's 10,000 to 13,000:
the pair that lowers AIC most enters while AIC falls and the Wald p-value of the pair is at most 0.05. The interval is
the profile interval of the final model, which ignores the uncertainty of the selection.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy
from scipy.special import chdtri, gammaln, ndtr

from assay.stats.multiple_systems.capture_histories import Floats, effects_of_order
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate
from assay.stats.multiple_systems.hierarchical_models import LogLinearModel, independence_model
from assay.stats.multiple_systems.newton_fits import fit_loglinear, pad_models, repeat_model

# Profile-likelihood interval of the population under one log-linear model (Cormack 1992).
#
# The multinomial profile likelihood (Cormack 1992, Biometrics 48:567) is the maximum over all other parameters for each
# number of hidden persons. It takes the model as given, whereas the bootstrap repeats its selection.

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
    peak = float(
        scipy.optimize.minimize_scalar(lambda n: -log_likelihood(n), bounds=bounds, method="bounded", options=options).x
    )
    cutoff = log_likelihood(peak) - float(chdtri(1, 1 - level)) / 2
    low = (
        float(scipy.optimize.brentq(lambda n: log_likelihood(n) - cutoff, 0, peak))
        if log_likelihood(0.0) < cutoff
        else 0.0
    )
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
    return float(scipy.optimize.brentq(lambda n: log_likelihood(n) - cutoff, start, end))


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


P_VALUE = 0.05


def stepwise_by_aic(table: CaptureTable, *, p_value: float = P_VALUE) -> HiddenEstimate:
    """Return the estimate of Bales, Hesketh & Silverman, with the profile interval."""
    model = select_model_by_aic(table, p_value)
    interval = profile_interval(table, model)
    return HiddenEstimate(
        method="stepwise by AIC",
        seen=table.persons,
        population=interval.population,
        low=interval.low,
        high=interval.high,
        interval="profile likelihood, the model taken for given",
        model=str(model),
        warnings=() if interval.high else ("The data set no upper limit.",),
        fingerprint=table.fingerprint(),
    )


def select_model_by_aic(table: CaptureTable, p_value: float = P_VALUE) -> LogLinearModel:
    """Return the final model of a stepwise selection by AIC."""
    model, persons = independence_model(table.lists), np.array([table.counts.sum()])
    minimum_aic = float(
        fit_loglinear(table.counts[:, None], repeat_model(model.effects, 1)).criterion(persons, "aic")[0]
    )
    while True:
        candidates = [
            model.with_effect(effect) for effect in effects_of_order(len(table.lists), 2) if effect not in model.effects
        ]
        if not candidates:
            return model
        repeated_counts = np.repeat(table.counts[:, None], len(candidates), axis=1)
        values = fit_loglinear(repeated_counts, pad_models([candidate.effects for candidate in candidates])).criterion(
            persons, "aic"
        )
        best = candidates[int(values.argmin())]
        if values.min() >= minimum_aic or _wald_p_value(table, best, set(best.effects) - set(model.effects)) > p_value:
            return model
        model, minimum_aic = best, float(values.min())


def _wald_p_value(table: CaptureTable, model: LogLinearModel, added: set[int]) -> float:
    """Return the two-sided Wald p-value of the effect that was added last."""
    fitted = fit_loglinear(table.counts[:, None], repeat_model(model.effects, 1))
    cells, effects = np.arange(1, len(table.counts)), np.array(model.effects)
    finite = np.isfinite(fitted.coefficients[:, 0])
    design = ((cells[:, None] & effects[finite]) == effects[finite]).astype(float)
    covariance = np.linalg.pinv((design * fitted.fitted[1:]).T @ design)
    number = model.effects.index(next(iter(added)))
    if not finite[number]:
        return 1.0
    error = np.sqrt(covariance[finite[:number].sum(), finite[:number].sum()])
    return float(2 * ndtr(-abs(fitted.coefficients[number, 0]) / error))
