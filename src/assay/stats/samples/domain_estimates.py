"""Small-area estimates of each force: direct, and pooled by a hierarchical model.

The direct estimate of a force uses its own files (`stratified_sampling.py`). The pooled estimate is shrunken towards
the other forces, more so with fewer files: the hierarchical beta-binomial model of `stats/share_posteriors.py` with the
effective sample size of the design, so that half of all records read count for about twice as many. A force whose files
were all read is known exactly and not shrunken, but still contributes to the distribution of forces.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.hierarchical_posterior import FEWEST_UNITS, Estimate
from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.samples.stratified_sampling import StrataArrays, Stratum, strata_arrays, stratified_share
from assay.stats.share_posteriors import share_posterior

MAXIMUM_FILES = 1e6
"""Effective sample size of a force whose files were all read, in place of infinity."""


@dataclass(frozen=True)
class DomainEstimate:
    """Direct and pooled (shrunken) estimate of one force."""

    direct: IntervalEstimate
    pooled: IntervalEstimate


@dataclass(frozen=True)
class DomainEstimates:
    """Estimates of forces in the order given, their mean, and the standard deviation between them, if estimated."""

    domains: list[DomainEstimate]
    mean: Estimate | None
    between_sd: Estimate | None


def domain_shares(domains: Sequence[Sequence[Stratum]], level: float = 0.95) -> DomainEstimates:
    """Return the direct and the pooled share of each force from its strata.

    Fewer than five forces are not pooled, with a note in words. EstimationRefused if a force has no records.
    """
    direct_estimates = [stratified_share(strata, level) for strata in domains]
    if len(domains) < FEWEST_UNITS:
        words = f"{len(domains)} forces are too few to borrow from: at least {FEWEST_UNITS} are needed."
        return DomainEstimates(
            [
                DomainEstimate(direct, IntervalEstimate(direct.value, direct.low, direct.high, words))
                for direct in direct_estimates
            ],
            None,
            None,
        )
    arrays = [strata_arrays(strata) for strata in domains]
    shares = np.array([value.share for value in arrays])
    effective_files = np.array([_effective_files(value) for value in arrays])
    posterior = share_posterior(shares * effective_files, effective_files)
    low, high = posterior.interval(level)
    pooled = [
        IntervalEstimate(float(value), float(lower), float(upper))
        for value, lower, upper in zip(posterior.mean(), low, high, strict=True)
    ]
    estimates = [
        DomainEstimate(direct, direct if direct.low == direct.high else pooled_estimate)
        for direct, pooled_estimate in zip(direct_estimates, pooled, strict=True)
    ]
    return DomainEstimates(estimates, posterior.overall, posterior.between_unit_sd)


def _effective_files(strata: StrataArrays) -> float:
    return min(strata.effective_files, MAXIMUM_FILES)
