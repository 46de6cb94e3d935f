"""Estimates from samples with unequal inclusion probabilities (Horvitz-Thompson, Hajek).

Shares, ratios and domains are ratios (Hajek) of totals by Horvitz and Thompson (Journal of the American Statistical
Association 47, 1952), linearised. With joint inclusion probabilities of pairs, the variance is that of Sen, Yates and
Grundy, unbiased for a design of fixed size; without them it is Hajek's approximation, in which a unit has the weight
one minus its inclusion probability (Annals of Mathematical Statistics 35, 1964; Deville and Tille, Journal of
Statistical Planning and Inference 128, 2005). In a stratified sample the variance is computed within strata; strata
with one sampled unit are merged (Cochran, Sampling Techniques, 1977, section 5A.12).

The interval of a share is that of its effective sample size (`effective_sample_size.py`). A design effect below that of
the weights alone (Kish's) is not used, because it is itself estimated from few files; Korn and Graubard stop at 1.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.stats.posterior_grid import Floats
from assay.stats.refusals import EstimationRefused
from assay.stats.samples.effective_sample_size import effective_limits


@dataclass(frozen=True)
class UnequalProbabilitySample:
    """Sampled units with their inclusion probabilities (above 0, up to 1).

    Optional: joint inclusion probabilities of pairs, of shape (units, units), and the stratum of each unit.
    """

    inclusion_probabilities: Floats
    joint_probabilities: Floats | None = None
    strata: NDArray[np.int64] | None = None

    @property
    def weights(self) -> Floats:
        """Design weight of each unit: the inverse of its inclusion probability."""
        return np.asarray(1 / self.inclusion_probabilities)

    def variance_of_total(self, values: ArrayLike) -> float:
        """Return the estimated variance of the Horvitz-Thompson total of `values`, which have shape (units,).

        Sen-Yates-Grundy if joint inclusion probabilities are known; otherwise Hajek's approximation, by stratum.
        """
        expanded = np.asarray(values, dtype=float) * self.weights
        if self.joint_probabilities is not None:
            return _sen_yates_grundy(expanded, self.inclusion_probabilities, self.joint_probabilities)
        if self.strata is None:
            return _hajek(expanded, self.inclusion_probabilities)
        memberships = (self.strata == stratum for stratum in np.unique(self.strata))
        return sum(_hajek(expanded[members], self.inclusion_probabilities[members]) for members in memberships)

    def worth_factor(self, level: float) -> float:
        """Return the factor that corrects the effective sample size for few degrees of freedom of the variance."""
        return 1.0


def unequal_probability_sample(
    inclusion_probabilities: ArrayLike,
    joint_probabilities: ArrayLike | None = None,
    strata: Sequence[Hashable] | None = None,
) -> UnequalProbabilitySample:
    """Return a validated sample.

    `joint_probabilities` has shape (units, units), `strata` one label for each unit. EstimationRefused if an inclusion
    probability is not above 0 and up to 1, or a joint one is not above 0.
    """
    probabilities = np.asarray(inclusion_probabilities, dtype=float)
    if probabilities.ndim != 1 or len(probabilities) == 0 or not ((probabilities > 0) & (probabilities <= 1)).all():
        raise EstimationRefused("Every unit that was drawn had a chance above 0, and none above 1.")
    if joint_probabilities is None:
        return UnequalProbabilitySample(
            probabilities, strata=None if strata is None else _merge_single_unit_strata(strata, probabilities)
        )
    pairs = np.asarray(joint_probabilities, dtype=float)
    if pairs.shape != (len(probabilities), len(probabilities)) or (pairs <= 0).any():
        raise EstimationRefused(
            "Joint chances are one row and one column a unit, all above 0: else no variance can be had."
        )
    return UnequalProbabilitySample(probabilities, pairs)


def share(having: ArrayLike, sample: UnequalProbabilitySample, level: float = 0.95) -> IntervalEstimate:
    """Return the share of the population with a property: Hajek ratio estimator, interval by effective sample size.

    `having` is 1 or 0 for each sampled unit.
    """
    return ratio(having, np.ones(len(sample.inclusion_probabilities)), sample, level)


def domain_share(
    having: ArrayLike, inside: ArrayLike, sample: UnequalProbabilitySample, level: float = 0.95
) -> IntervalEstimate:
    """Return the share within a domain (subpopulation) of unknown size, as a ratio of two estimated totals.

    `having` and `inside` are 1 or 0 for each sampled unit.
    """
    membership = np.asarray(inside, dtype=float)
    return ratio(np.asarray(having, dtype=float) * membership, membership, sample, level)


def ratio(
    parts: ArrayLike, wholes: ArrayLike, sample: UnequalProbabilitySample, level: float = 0.95
) -> IntervalEstimate:
    """Return the ratio of the totals of `parts` and `wholes`, such as correctly recorded over should be recorded.

    The part of each unit is at most its whole, so that the ratio is a share; EstimationRefused otherwise. If the total
    of `wholes` is 0, there is no estimate.
    """
    y, x = _check_values(parts, sample), _check_values(wholes, sample)
    if (y < 0).any() or (y > x).any():
        raise EstimationRefused("A part is larger than its whole, or negative: no share can be worked out.")
    total = float(sample.weights @ x)
    if total == 0:
        return missing_estimate("None of the units that were read belongs here: no share can be worked out.")
    value = float(sample.weights @ y) / total
    effective_files = _effective_files(y, x, value, total, sample) * sample.worth_factor(level)
    if effective_files == np.inf:
        return IntervalEstimate(value, value, value, "Every unit was read: nothing is left open.")
    low, high = effective_limits(np.array([value]), np.array([effective_files]), level)
    return IntervalEstimate(value, float(low[0]), float(high[0]))


def _effective_files(y: Floats, x: Floats, value: float, total: float, sample: UnequalProbabilitySample) -> float:
    """Return the effective sample size of a ratio, in members of the wholes (in units if the share is 0 or 1)."""
    inside = x > 0
    weights, members = sample.weights[inside], x[inside]
    unread = float((weights * members) @ (1 - sample.inclusion_probabilities[inside]) / total)
    if unread <= 0:
        return np.inf
    if value in (0.0, 1.0):
        return float(weights.sum() ** 2 / (weights**2).sum()) / unread
    worth_by_weights = total**2 / float(weights**2 @ members)
    variance = sample.variance_of_total(y - value * x) / total**2
    if variance == 0:
        return worth_by_weights / unread
    return min(worth_by_weights, value * (1 - value) * unread / variance) / unread


def _merge_single_unit_strata(strata: Sequence[Hashable], inclusion_probabilities: Floats) -> NDArray[np.int64]:
    """Return the stratum number of each unit, with strata of one uncertain unit merged.

    Such strata have no variance estimate: they are merged with each other, a single one with the smallest stratum.
    """
    strata_numbers = {label: number for number, label in enumerate(dict.fromkeys(strata))}
    numbers = np.array([strata_numbers[label] for label in strata], dtype=np.int64)
    if numbers.shape != inclusion_probabilities.shape:
        raise EstimationRefused("Each unit needs one stratum.")
    counts = np.bincount(numbers, weights=inclusion_probabilities < 1)
    single_unit_strata = np.flatnonzero(counts == 1)
    if len(single_unit_strata) == 1 and (counts > 1).any():
        single_unit_strata = np.append(single_unit_strata, np.where(counts > 1, counts, np.inf).argmin())
    return (
        np.where(np.isin(numbers, single_unit_strata), len(strata_numbers), numbers)
        if len(single_unit_strata) > 1
        else numbers
    )


def _check_values(values: ArrayLike, sample: UnequalProbabilitySample) -> Floats:
    known = np.asarray(values, dtype=float)
    if known.shape != sample.inclusion_probabilities.shape:
        raise EstimationRefused("Each unit needs one value and one chance.")
    if not np.isfinite(known).all():
        raise EstimationRefused("A value is missing: say what a missing file means before it is counted.")
    return known


def _sen_yates_grundy(expanded: Floats, inclusion_probabilities: Floats, joint_probabilities: Floats) -> float:
    squared_differences = (expanded[:, None] - expanded[None, :]) ** 2
    pair_weights = (
        np.outer(inclusion_probabilities, inclusion_probabilities) - joint_probabilities
    ) / joint_probabilities
    np.fill_diagonal(pair_weights, 0.0)
    return max(0.0, float((pair_weights * squared_differences).sum() / 2))


def _hajek(expanded: Floats, inclusion_probabilities: Floats) -> float:
    count, complements = len(inclusion_probabilities), 1 - inclusion_probabilities
    if count < 2 or complements.sum() == 0:
        return 0.0
    middle = float(complements @ expanded / complements.sum())
    return float(count / (count - 1) * (complements @ (expanded - middle) ** 2))
