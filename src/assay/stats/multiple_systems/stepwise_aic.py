"""Which model did the published estimate for the United Kingdom in 2013 rest on?

The method of Bales, Hesketh & Silverman 2015 (Significance 12(3):16), behind the Home Office's 10,000 to 13,000: the
pair that lowers AIC most enters while AIC falls and the pair's own Wald p-value is at most 0.05. Its interval is the
profile of the model it ends with, which takes the choice for granted.
"""

import numpy as np
from scipy.special import ndtr

from assay.stats.multiple_systems.capture_histories import effects_of_order
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.hidden_estimates import Estimate
from assay.stats.multiple_systems.hierarchical_models import Model, independence
from assay.stats.multiple_systems.newton_fits import columns, fit, padded
from assay.stats.multiple_systems.profile_likelihood import profile

P_VALUE = 0.05


def stepwise_by_aic(table: CaptureTable, *, p_value: float = P_VALUE) -> Estimate:
    """The estimate of Bales, Hesketh & Silverman, with the profile interval."""
    model = model_by_aic(table, p_value)
    found = profile(table, model)
    return Estimate(
        method="stepwise by AIC",
        seen=table.persons,
        population=found.population,
        low=found.low,
        high=found.high,
        interval="profile likelihood, the model taken for given",
        model=str(model),
        warnings=() if found.high else ("The data set no upper limit.",),
        fingerprint=table.fingerprint(),
    )


def model_by_aic(table: CaptureTable, p_value: float = P_VALUE) -> Model:
    """The model in which the steps end."""
    model, persons = independence(table.lists), np.array([table.counts.sum()])
    least = float(fit(table.counts[:, None], columns(model.effects, 1)).criterion(persons, "aic")[0])
    while True:
        candidates = [model.with_effect(e) for e in effects_of_order(len(table.lists), 2) if e not in model.effects]
        if not candidates:
            return model
        wide = np.repeat(table.counts[:, None], len(candidates), axis=1)
        values = fit(wide, padded([c.effects for c in candidates])).criterion(persons, "aic")
        best = candidates[int(values.argmin())]
        if values.min() >= least or _wald(table, best, set(best.effects) - set(model.effects)) > p_value:
            return model
        model, least = best, float(values.min())


def _wald(table: CaptureTable, model: Model, added: set[int]) -> float:
    """The two-sided p-value of the effect that was added last."""
    one = fit(table.counts[:, None], columns(model.effects, 1))
    cells, effects = np.arange(1, len(table.counts)), np.array(model.effects)
    finite = np.isfinite(one.coefficients[:, 0])
    design = ((cells[:, None] & effects[finite]) == effects[finite]).astype(float)
    covariance = np.linalg.pinv((design * one.fitted[1:]).T @ design)
    place = model.effects.index(next(iter(added)))
    if not finite[place]:
        return 1.0
    error = np.sqrt(covariance[finite[:place].sum(), finite[:place].sum()])
    return float(2 * ndtr(-abs(one.coefficients[place, 0]) / error))
