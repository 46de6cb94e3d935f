"""How far may the number of persons move before the data speak against it?

The multinomial profile likelihood of one log-linear model (Cormack 1992, Biometrics 48:567): for each number of hidden
persons the best fit of all else. It takes the model for given; the bootstrap does not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import chdtri, gammaln

from assay.stats.multiple_systems.capture_histories import Floats
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate
from assay.stats.multiple_systems.hierarchical_models import Model
from assay.stats.multiple_systems.newton_fits import columns, fit

FARTHEST = 1000.0
"""The upper limit is sought up to so many times the number of persons seen."""


@dataclass(frozen=True)
class Profile:
    """The most likely number of persons, and its interval; `high` is None where the data set no upper limit."""

    population: float
    low: float
    high: float | None


def profile(table: CaptureTable, model: Model, level: float = 0.95) -> Profile:
    """The profile interval of the population under one model; refuses a model without an estimate."""
    one = fit(table.counts[:, None], columns(model.effects, 1))
    if not one.exists[0]:
        raise NoEstimate(f"The model {model} has no estimate here: {one.standings[0].value}.")
    seen, hidden = float(table.persons), float(one.hidden[0])
    height = _height(table.counts, model)
    bounds, options = (0, 3 * hidden + 10), {"xatol": 1e-5}
    peak = float(minimize_scalar(lambda n0: -height(n0), bounds=bounds, method="bounded", options=options).x)
    enough = height(peak) - float(chdtri(1, 1 - level)) / 2
    low = float(brentq(lambda n0: height(n0) - enough, 0, peak)) if height(0.0) < enough else 0.0
    high = _upper(height, enough, peak, FARTHEST * seen)
    return Profile(seen + peak, seen + low, None if high is None else seen + high)


def _upper(height: Callable[[float], float], enough: float, start: float, farthest: float) -> float | None:
    end = 2 * start + 10
    while height(end) > enough:
        end *= 2
        if end > farthest:
            return None
    return float(brentq(lambda n0: height(n0) - enough, start, end))


def _height(counts: Floats, model: Model) -> Callable[[float], float]:
    """The profile log-likelihood as a function of the number of hidden persons, up to a constant."""
    effects, everything = columns(model.effects, 1), np.ones(len(counts), dtype=bool)

    def height(hidden: float) -> float:
        whole = counts.copy()
        whole[0] = hidden
        fitted = fit(whole[:, None], effects, observable=everything).fitted[:, 0]
        total, there = whole.sum(), whole > 0
        likelihood = (whole[there] * np.log(fitted[there] / total)).sum()
        return float(likelihood + gammaln(total + 1) - gammaln(hidden + 1))

    return height
