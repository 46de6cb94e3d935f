"""Stepwise selection by AIC as in the 2013 estimate for the United Kingdom (Bales et al. 2015).

The method of Bales, Hesketh & Silverman 2015 (Significance 12(3):16), which gave the Home Office's 10,000 to 13,000:
the pair that lowers AIC most enters while AIC falls and the Wald p-value of the pair is at most 0.05. The interval is
the profile interval of the final model, which ignores the uncertainty of the selection.
"""

import numpy as np
from scipy.special import ndtr

from assay.stats.multiple_systems.capture_histories import effects_of_order
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate
from assay.stats.multiple_systems.hierarchical_models import LogLinearModel, independence_model
from assay.stats.multiple_systems.newton_fits import fit_loglinear, pad_models, repeat_model
from assay.stats.multiple_systems.profile_likelihood import profile_interval

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
    """Return the final model of the selection."""
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
