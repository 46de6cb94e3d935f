"""Closed-population capture models (M0, Mt, Mh, Mth, Mb, Mbh) and Chao's lower bound.

The closed-population models of ecology (Otis et al. 1978; Chao 1987; Cormack 1989; Rivest & Baillargeon 2007,
Biometrics 63:999), as Poisson regressions on the histories: M0 (constant), Mt (lists differ), Mh (persons differ), Mth
(both), Mb and Mbh (a first capture changes the probability of later ones; lists must be occasions in order of time).
Chao's model gives a lower bound, whatever the form of the differences between persons.

Mb and Mbh estimate the population from the decline of first captures alone, as removal sampling does: what happens
after a first capture carries no information on persons who were never captured. Without a decline the likelihood
increases without limit with the population, and the formula gives a number that is negative, infinite or below the
persons seen (the failure condition of Seber & Whale 1970, Biometrics 26:393; Otis et al. 1978, Wildlife Monographs 62,
p. 29; of Mbh, Pollock & Otto 1983, Biometrics 39:1035). Such a table is refused.
"""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from assay.stats.multiple_systems.capture_histories import Floats, history_matrix, lists_on
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate

POISSON_BASE, GAMMA_SHAPE = 2.0, 3.5
FORMS = ("Chao", "Poisson2", "Darroch", "Gamma3.5")
BEHAVIOUR = ("Mb", "Mbh")
"""Models in which a first capture changes the probability of later captures."""
Z_95 = 1.96
MINIMUM_HIDDEN = 1e-9
"""Replaces a hidden count of 0, to avoid division by zero."""
ROUNDING = 1e-9
"""Relative rounding error allowed for a population below the persons seen."""
MODELS = ("M0", "Mt", *(f"{kind} {form}" for kind in ("Mh", "Mth") for form in FORMS), "Mb", "Mbh")


@dataclass(frozen=True)
class ClosedModel:
    """Fit of a closed-population model: population with standard error, deviance, AIC, and BIC (with persons seen)."""

    name: str
    seen: int
    population: float
    standard_error: float
    deviance: float
    degrees_of_freedom: int
    aic: float
    bic: float

    @property
    def interval(self) -> tuple[float, float]:
        """The log-normal 95% interval (Chao 1987, Biometrics 43:783): its lower end is never below the persons seen."""
        hidden = self.population - self.seen
        relative = self.standard_error / max(hidden, MINIMUM_HIDDEN)
        factor = math.exp(Z_95 * math.sqrt(math.log1p(relative**2)))
        return self.seen + hidden / factor, self.seen + hidden * factor


def closed_model(table: CaptureTable, name: str) -> ClosedModel:
    """Fit one of the closed-population models in `MODELS`.

    Raises
    ------
    NoEstimate
        If the lists cannot tell the coefficients apart, if first captures do not decline (Mb, Mbh), or if the
        population, or its standard error, is not finite, or the population is below the persons seen.
    """
    lists = len(table.lists)
    design = _design(name, lists)
    _refuse_too_few_lists(name, design, lists)
    _refuse_without_decline(name, table.counts, lists)
    regression = _regression(design, table.counts[1:])
    if name.endswith("Chao"):
        regression = _nonnegative_regression(design, table.counts[1:], first=design.shape[1] - max(lists - 2, 0))
    if not regression.settled:
        raise NoEstimate(f"The model {name} has no finite estimate on this table.")
    population, error = _check_population(name, _population(name, regression, table.persons, lists), table.persons)
    parameters = regression.coefficients.size
    aic = 2 * parameters - 2 * regression.log_likelihood
    bic = aic + (np.log(table.persons) - 2) * parameters
    degrees_of_freedom = len(table.counts) - 1 - parameters
    return ClosedModel(
        name, table.persons, population, error, regression.deviance, degrees_of_freedom, float(aic), float(bic)
    )


def _refuse_too_few_lists(name: str, design: Floats, lists: int) -> None:
    """Raise NoEstimate if the design is singular.

    Least squares would choose one of many equally good fits, each with another population.
    """
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise NoEstimate(
            f"The model {name} has {design.shape[1]} coefficients, and {lists} lists cannot tell them apart: every "
            "population fits equally well. Use more lists, or a simpler model."
        )


def _refuse_without_decline(name: str, counts: Floats, lists: int) -> None:
    """Raise NoEstimate under the failure condition of removal models: first captures must decline from list to list.

    With u_j first captures on list j of t, there is an estimate if and only if the sum of (t + 1 - 2j) u_j is above
    zero, that is if the mean position of first captures is before the middle. For Mbh the first list is left out.
    """
    if name not in BEHAVIOUR:
        return
    first = np.bincount(_lists_before(lists), weights=counts[1:], minlength=lists)
    removed = first[1:] if name == "Mbh" else first
    weights = len(removed) - 1 - 2 * np.arange(len(removed))
    if weights @ removed <= 0:
        raise NoEstimate(
            f"The model {name} has no finite estimate on this table: it needs persons who are found for the first time "
            f"to become fewer from list to list{' after the first' if name == 'Mbh' else ''}, in order of time, and "
            "they do not."
        )


def _check_population(name: str, estimate: tuple[float, float], persons: int) -> tuple[float, float]:
    population, error = estimate
    if not math.isfinite(population) or population < persons * (1 - ROUNDING):
        raise NoEstimate(
            f"The model {name} has no estimate on this table: what it gives is not finite, or below the persons seen."
        )
    if not math.isfinite(error):
        raise NoEstimate(f"The model {name} has no estimate on this table: its standard error is not finite.")
    return max(population, float(persons)), error


def _design(name: str, lists: int) -> Floats:
    """Return the design matrix over all histories except that of the hidden; the intercept is first."""
    history, number = history_matrix(lists)[1:].astype(float), lists_on(1 << lists)[1:].astype(float)
    before = _lists_before(lists).astype(float)
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


def _lists_before(lists: int) -> NDArray[np.int64]:
    """Return for each history except that of the hidden the number of lists before the first capture."""
    return np.array([(cell & -cell).bit_length() - 1 for cell in range(1, 1 << lists)], dtype=np.int64)


@dataclass(frozen=True)
class _Regression:
    coefficients: Floats
    covariance: Floats
    deviance: float
    log_likelihood: float
    settled: bool


def _regression(design: Floats, counts: Floats) -> _Regression:
    """Fit a Poisson regression by iteratively reweighted least squares; not `settled` if coefficients diverge."""
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


def _nonnegative_regression(design: Floats, counts: Floats, first: int) -> _Regression:
    """Fit Chao's model: the best fit with no negative coefficient from column `first` on.

    Some coefficients are zero and the others free; all subsets are tried, at most 64 for eight lists.
    """
    base, further_columns = list(range(first)), range(first, design.shape[1])
    sets = [selection for size in range(len(further_columns) + 1) for selection in combinations(further_columns, size)]
    fitted = [_regression(design[:, [*base, *selection]], counts) for selection in sets]
    feasible = [
        regression for regression in fitted if regression.settled and (regression.coefficients[first:] >= 0).all()
    ]
    return min(feasible, key=lambda regression: regression.deviance, default=fitted[0])


def _population(name: str, fitted: _Regression, persons: int, lists: int) -> tuple[float, float]:
    b, covariance = fitted.coefficients, fitted.covariance
    if name in BEHAVIOUR:
        value = _behaviour_population(name, b, lists)
        slope = np.array([_slope(name, b, lists, number) for number in range(len(b))])
        variance = float(slope @ covariance @ slope - value)
        # If nobody is hidden the two terms are equal, and rounding decides the sign of their difference.
        return value, math.sqrt(max(variance, 0.0)) if variance > -ROUNDING * value else math.nan
    hidden = float(np.exp(b[0]))
    return persons + hidden, float(np.sqrt(hidden + hidden**2 * covariance[0, 0]))


def _behaviour_population(name: str, b: Floats, lists: int) -> float:
    """Return the sum of the fitted means over all histories, including that of the hidden."""
    if name == "Mb":
        return float(np.exp(b[0]) * (1 + np.exp(b[2])) ** lists / (1 + np.exp(b[2]) - np.exp(b[1])))
    later = np.exp(b[1] + b[2]) / (1 + np.exp(b[3]) - np.exp(b[2]))
    return float(np.exp(b[0]) * (1 + np.exp(b[3])) ** (lists - 1) * (1 + later))


def _slope(name: str, b: Floats, lists: int, number: int) -> float:
    step = np.zeros(len(b))
    step[number] = 1e-6
    return (_behaviour_population(name, b + step, lists) - _behaviour_population(name, b - step, lists)) / 2e-6
