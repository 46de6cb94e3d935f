"""Two-stage sampling: forces first, files within forces second.

The ratio estimator of Cochran (Sampling Techniques, 1977, section 11.8): forces are a simple random sample, files a
simple random sample within each. Most of the variance is between forces, so the interval follows the number of forces,
by Student's t, and not the number of files. If every force was sampled, forces are strata (`stratified_sampling.py`).

`TwoStageSample` is for unequal inclusion probabilities (`unequal_probability.py`): forces that were not certain are
treated as drawn with replacement, which overestimates the variance on average, and never underestimates it (section
9A.4 there).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.posterior_grid import Floats
from assay.stats.samples.effective_sample_size import effective_limits
from assay.stats.samples.stratified_sampling import Stratum, strata_arrays, stratified_share
from assay.stats.samples.unequal_probability import UnequalProbabilitySample, ratio, unequal_probability_sample

ONE_FORCE = "One force does not say how forces differ: there is no interval."


def two_stage_share(forces_in_all: int, forces: Sequence[Stratum], level: float = 0.95) -> IntervalEstimate:
    """Return the share over all records of all forces, from the sampled forces (each a stratum with its size).

    With one sampled force of several there is an estimate without interval.
    """
    if len(forces) == forces_in_all:
        return stratified_share(forces, level)
    arrays, force_count = strata_arrays(forces), len(forces)
    value = arrays.share
    if force_count < 2:
        return IntervalEstimate(value, None, None, ONE_FORCE)
    within_variances = (
        arrays.smoothed * (1 - arrays.smoothed) / arrays.sample_sizes * (1 - arrays.sample_sizes / arrays.sizes)
    )
    totals = arrays.sizes * (arrays.counts / arrays.sample_sizes - value)
    sampling_fraction = force_count / forces_in_all
    between_term = (1 - sampling_fraction) * (totals @ totals) / (force_count - 1) / force_count
    within_term = sampling_fraction * (arrays.sizes**2 @ within_variances) / force_count**2
    variance = float(between_term + within_term) / arrays.sizes.mean() ** 2
    middle = float(arrays.weights @ arrays.smoothed)
    files = float(arrays.sample_sizes.sum())
    effective_files = min(files, middle * (1 - middle) / variance) * _force_count_factor(files, force_count, level)
    low, high = effective_limits(np.array([value]), np.array([effective_files]), level)
    return IntervalEstimate(value, float(low[0]), float(high[0]))


@dataclass(frozen=True)
class TwoStageSample(UnequalProbabilitySample):
    """Two-stage sample with unequal inclusion probabilities.

    `forces`: number of the force of each file. `force_inclusion_probabilities`: inclusion probability of each force.
    """

    forces: NDArray[np.int64] = field(kw_only=True)
    force_inclusion_probabilities: Floats = field(kw_only=True)

    @property
    def sampled_forces(self) -> NDArray[np.int64]:
        """Forces with an inclusion probability below 1."""
        return np.flatnonzero(self.force_inclusion_probabilities < 1)

    def variance_of_total(self, values: ArrayLike) -> float:
        """Return the variance of a total by the ultimate cluster method.

        It is the variance between the totals of sampled forces, plus the variance within forces that were certain to be
        sampled. `values` has shape (files,).
        """
        expanded = np.asarray(values, dtype=float) * self.weights
        totals = np.bincount(self.forces, weights=expanded, minlength=len(self.force_inclusion_probabilities))[
            self.sampled_forces
        ]
        certain = ~np.isin(self.forces, self.sampled_forces)
        within_variance = 0.0
        if certain.any():
            strata = unequal_probability_sample(
                self.inclusion_probabilities[certain], strata=self.forces[certain].tolist()
            )
            within_variance = strata.variance_of_total(np.asarray(values, dtype=float)[certain])
        between_variance = len(totals) * float(np.var(totals, ddof=1)) if len(totals) > 1 else 0.0
        return between_variance + within_variance

    def worth_factor(self, level: float) -> float:
        """Return the factor that corrects the effective sample size if few forces give the variance."""
        force_count = len(self.sampled_forces)
        return _force_count_factor(float(len(self.forces)), force_count, level) if force_count > 1 else 1.0


def two_stage_ratio(
    parts: ArrayLike, wholes: ArrayLike, sample: TwoStageSample, level: float = 0.95
) -> IntervalEstimate:
    """Return the ratio of the totals of `parts` and `wholes` (one value per file); no interval with one sampled
    force."""
    estimate = ratio(parts, wholes, sample, level)
    if estimate.value is None or len(sample.sampled_forces) != 1:
        return estimate
    return IntervalEstimate(estimate.value, None, None, ONE_FORCE)


def _force_count_factor(files: float, forces: int, level: float) -> float:
    """Return the factor by which few degrees of freedom reduce the effective sample size (Korn and Graubard)."""
    ends = (float(scipy.stats.t.ppf((1 + level) / 2, degrees)) for degrees in (max(files - 1, 1), forces - 1))
    file_quantile, force_quantile = ends
    return (file_quantile / force_quantile) ** 2
