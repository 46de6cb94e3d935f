"""What do files say of a country when forces were drawn first, and files within each force drawn second?

The ratio estimator of Cochran (Sampling Techniques, 1977, section 11.8): forces are a simple random sample, files a
simple random sample within each. Most of the variance is between forces, so the interval follows the number of forces,
by Student's t, and not the number of files. Where every force was drawn, forces are strata (`stratified_sampling.py`).

`DrawnInForces` says the same of units with a chance each (`unequal_probability.py`): forces that were not certain
vary as if drawn with replacement, which tells somewhat too much, never too little on average (section 9A.4 there).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from assay.stats.interval_estimates import Answer
from assay.stats.posterior_grid import Floats
from assay.stats.samples.effective_sample_size import effective_limits
from assay.stats.samples.stratified_sampling import Stratum, figures_of, stratified_share
from assay.stats.samples.unequal_probability import Drawn, drawn, ratio

ONE_FORCE = "One force does not say how forces differ: there is no interval."


def two_stage_share(forces_in_all: int, forces: Sequence[Stratum], level: float = 0.95) -> Answer:
    """The share over all records of all forces, from the forces drawn (each a stratum with its size).

    With one force drawn of several there is a figure and no interval.
    """
    if len(forces) == forces_in_all:
        return stratified_share(forces, level)
    figures, many = figures_of(forces), len(forces)
    value = figures.share
    if many < 2:
        return Answer(value, None, None, ONE_FORCE)
    within = figures.smoothed * (1 - figures.smoothed) / figures.drawn * (1 - figures.drawn / figures.sizes)
    totals = figures.sizes * (figures.counts / figures.drawn - value)
    part = many / forces_in_all
    between = (1 - part) * (totals @ totals) / (many - 1) / many
    inside = part * (figures.sizes**2 @ within) / many**2
    variance = float(between + inside) / figures.sizes.mean() ** 2
    middle = float(figures.weights @ figures.smoothed)
    files = float(figures.drawn.sum())
    worth = min(files, middle * (1 - middle) / variance) * _fewer_forces(files, many, level)
    low, high = effective_limits(np.array([value]), np.array([worth]), level)
    return Answer(value, float(low[0]), float(high[0]))


@dataclass(frozen=True)
class DrawnInForces(Drawn):
    """Files with a chance each, drawn within forces that were drawn first: the number of each file's force, and of each
    force the chance with which it was drawn."""

    forces: NDArray[np.int64] = field(kw_only=True)
    force_chances: Floats = field(kw_only=True)

    @property
    def open_forces(self) -> NDArray[np.int64]:
        """The forces that need not have been drawn."""
        return np.flatnonzero(self.force_chances < 1)

    def variance_of_total(self, values: ArrayLike) -> float:
        """Between forces where they were not certain, and within those that were."""
        expanded = np.asarray(values, dtype=float) * self.weights
        totals = np.bincount(self.forces, weights=expanded, minlength=len(self.force_chances))[self.open_forces]
        certain = ~np.isin(self.forces, self.open_forces)
        within = 0.0
        if certain.any():
            strata = drawn(self.chances[certain], strata=self.forces[certain].tolist())
            within = strata.variance_of_total(np.asarray(values, dtype=float)[certain])
        between = len(totals) * float(np.var(totals, ddof=1)) if len(totals) > 1 else 0.0
        return between + within

    def believed(self, level: float) -> float:
        """Few forces say little of how forces differ."""
        many = len(self.open_forces)
        return _fewer_forces(float(len(self.forces)), many, level) if many > 1 else 1.0


def two_stage_ratio(parts: ArrayLike, wholes: ArrayLike, sample: DrawnInForces, level: float = 0.95) -> Answer:
    """The total of `parts` over that of `wholes`, one value a file. With one force of several there is no interval."""
    answer = ratio(parts, wholes, sample, level)
    if answer.value is None or len(sample.open_forces) != 1:
        return answer
    return Answer(answer.value, None, None, ONE_FORCE)


def _fewer_forces(files: float, forces: int, level: float) -> float:
    """By how much a variance that rests on few forces makes the files worth less (Korn and Graubard)."""
    ends = (float(stats.t.ppf((1 + level) / 2, degrees)) for degrees in (max(files - 1, 1), forces - 1))
    many, few = ends
    return (many / few) ** 2
