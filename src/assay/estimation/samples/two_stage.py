"""What do files say of a country when forces were drawn first, and files within each force drawn second?

The ratio estimator of Cochran (Sampling Techniques, 1977, section 11.8): forces are a simple random sample, files a
simple random sample within each. Most of the variance is between forces, so the interval follows the number of forces,
by Student's t, and not the number of files. Where every force was drawn, forces are strata (`stratified.py`).
"""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from assay.estimation.answers import Answer
from assay.estimation.samples.effective import effective_limits
from assay.estimation.samples.stratified import Stratum, figures_of, stratified_share


def two_stage_share(forces_in_all: int, forces: Sequence[Stratum], level: float = 0.95) -> Answer:
    """The share over all records of all forces, from the forces drawn (each a stratum with its size).

    With one force drawn of several there is a figure and no interval.
    """
    if len(forces) == forces_in_all:
        return stratified_share(forces, level)
    figures, many = figures_of(forces), len(forces)
    value = figures.share
    if many < 2:
        return Answer(value, None, None, "One force does not say how forces differ: there is no interval.")
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


def _fewer_forces(files: float, forces: int, level: float) -> float:
    """By how much a variance that rests on few forces makes the files worth less (Korn and Graubard)."""
    ends = (float(stats.t.ppf((1 + level) / 2, degrees)) for degrees in (max(files - 1, 1), forces - 1))
    many, few = ends
    return (many / few) ** 2
