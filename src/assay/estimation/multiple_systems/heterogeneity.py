"""How many are hidden if persons differ in how easily they are found?

The closed-population models of ecology (Otis et al. 1978; Chao 1987; Cormack 1989; Rivest & Baillargeon 2007,
Biometrics 63:999), as Poisson regressions on the histories: M0 (all alike), Mt (lists differ), Mh (persons differ), Mth
(both), Mb and Mbh (to be found once changes the chance to be found again; lists must be occasions in order of time).
Chao's model gives a lower bound, whatever the form of the differences between persons.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import gammaln

from assay.estimation.multiple_systems.histories import Floats, history_matrix, lists_on
from assay.estimation.multiple_systems.refusals import NoEstimate
from assay.estimation.multiple_systems.tables import CaptureTable

POISSON_BASE, GAMMA_SHAPE = 2.0, 3.5
FORMS = ("Chao", "Poisson2", "Darroch", "Gamma3.5")
MODELS = ("M0", "Mt", *(f"{kind} {form}" for kind in ("Mh", "Mth") for form in FORMS), "Mb", "Mbh")


@dataclass(frozen=True)
class ClosedModel:
    """One model's fit: `standard_error` of the population; `parameters` estimated; AIC and BIC (with persons seen)."""

    name: str
    population: float
    standard_error: float
    deviance: float
    degrees_of_freedom: int
    aic: float
    bic: float


def closed_model(table: CaptureTable, name: str) -> ClosedModel:
    """Fit one of MODELS; refuses one without a finite estimate."""
    lists = len(table.lists)
    design = _design(name, lists)
    regression = _regression(design, table.counts[1:])
    if name.endswith("Chao"):
        regression = _none_negative(design, table.counts[1:], first=design.shape[1] - max(lists - 2, 0))
    if not regression.settled:
        raise NoEstimate(f"The model {name} has no finite estimate on this table.")
    population, error = _population(name, regression, table.persons, lists)
    parameters = regression.coefficients.size
    aic = 2 * parameters - 2 * regression.log_likelihood
    bic = aic + (np.log(table.persons) - 2) * parameters
    left = len(table.counts) - 1 - parameters
    return ClosedModel(name, population, error, regression.deviance, left, float(aic), float(bic))


def _design(name: str, lists: int) -> Floats:
    """Columns over the histories but that of the hidden; the intercept first."""
    history, number = history_matrix(lists)[1:].astype(float), lists_on(1 << lists)[1:].astype(float)
    before = np.array([(cell & -cell).bit_length() - 1 for cell in range(1, 1 << lists)], dtype=float)
    kind, _, form = name.partition(" ")
    base = {
        "M0": [number],
        "Mh": [number],
        "Mt": [*history.T],
        "Mth": [*history.T],
        "Mb": [before, number - 1],
        "Mbh": [1 - history[:, 0], before, number - 1],
    }[kind]
    extra = {
        "": [],
        "Chao": [np.maximum(number - j + 1, 0) for j in range(3, lists + 1)],
        "Poisson2": [POISSON_BASE**number - 1],
        "Darroch": [number**2 / 2],
        "Gamma3.5": [np.log(GAMMA_SHAPE) - np.log(GAMMA_SHAPE + number)],
    }[form]
    return np.column_stack([np.ones(len(number)), *base, *extra])


@dataclass(frozen=True)
class _Regression:
    coefficients: Floats
    covariance: Floats
    deviance: float
    log_likelihood: float
    settled: bool


def _regression(design: Floats, counts: Floats) -> _Regression:
    """Poisson regression by reweighted least squares; not settled where coefficients run off."""
    means: Floats = counts + 0.1
    predictor: Floats = np.log(means)
    coefficients: Floats = np.zeros(design.shape[1])
    moved = np.inf
    for _ in range(100):
        root = np.sqrt(means)
        working = predictor + (counts - means) / means
        found: Floats = np.asarray(np.linalg.lstsq(design * root[:, None], working * root, rcond=None)[0], dtype=float)
        coefficients, moved = found, float(np.abs(found - coefficients).max())
        predictor = np.clip(design @ coefficients, -700, 60)
        means = np.exp(predictor)
        if moved < 1e-10:
            break
    logs = np.log(np.where(counts > 0, counts / means, 1.0))
    deviance = float(2 * (counts * logs - (counts - means)).sum())
    covariance = np.asarray(np.linalg.pinv((design * means[:, None]).T @ design), dtype=float)
    likelihood = float((counts * predictor - means - gammaln(counts + 1)).sum())
    return _Regression(coefficients, covariance, deviance, likelihood, moved < 1e-6)


def _none_negative(design: Floats, counts: Floats, first: int) -> _Regression:
    """Chao's model: the best fit in which none of his coefficients, from column `first` on, is negative.

    Some are at zero and the others are free; which, is found by trying all sets, at most 64 for eight lists.
    """
    base, extra = list(range(first)), range(first, design.shape[1])
    sets = [chosen for size in range(len(extra) + 1) for chosen in combinations(extra, size)]
    fitted = [_regression(design[:, [*base, *chosen]], counts) for chosen in sets]
    allowed = [one for one in fitted if one.settled and (one.coefficients[first:] >= 0).all()]
    return min(allowed, key=lambda one: one.deviance, default=fitted[0])


def _population(name: str, fitted: _Regression, persons: int, lists: int) -> tuple[float, float]:
    b, covariance = fitted.coefficients, fitted.covariance
    if name in ("Mb", "Mbh"):
        value = _after_behaviour(name, b, lists)
        slope = np.array([_slope(name, b, lists, place) for place in range(len(b))])
        return value, float(np.sqrt(slope @ covariance @ slope - value))
    hidden = float(np.exp(b[0]))
    return persons + hidden, float(np.sqrt(hidden + hidden**2 * covariance[0, 0]))


def _after_behaviour(name: str, b: Floats, lists: int) -> float:
    """The sum of the fitted chances over all histories, the hidden's included."""
    if name == "Mb":
        return float(np.exp(b[0]) * (1 + np.exp(b[2])) ** lists / (1 + np.exp(b[2]) - np.exp(b[1])))
    later = np.exp(b[1] + b[2]) / (1 + np.exp(b[3]) - np.exp(b[2]))
    return float(np.exp(b[0]) * (1 + np.exp(b[3])) ** (lists - 1) * (1 + later))


def _slope(name: str, b: Floats, lists: int, place: int) -> float:
    step = np.zeros(len(b))
    step[place] = 1e-6
    return (_after_behaviour(name, b + step, lists) - _after_behaviour(name, b - step, lists)) / 2e-6
