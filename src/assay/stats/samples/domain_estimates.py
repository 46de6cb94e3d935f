"""Small-area estimates of each force: direct, and pooled by a hierarchical model.

Each force's own figure comes from its own files by design (`stratified_sampling.py`). Beside it stands the figure
drawn in towards the other forces as far as its own files are few: the hierarchical model of
`stats/share_posteriors.py`, fed with the number of files that the design is worth, so that half of all records read
count for about twice as many. A force whose files were all read is known, and is drawn nowhere; its figure still
tells what forces are like.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.hierarchical_posterior import FEWEST_UNITS, Estimate
from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.samples.stratified_sampling import StrataArrays, Stratum, strata_arrays, stratified_share
from assay.stats.share_posteriors import share_posterior

MAXIMUM_FILES = 1e6
"""A force whose files were all read is worth so many: enough to be certain of."""


@dataclass(frozen=True)
class DomainEstimate:
    """One force: its own figure, and the one that borrows from the others."""

    direct: IntervalEstimate
    pooled: IntervalEstimate


@dataclass(frozen=True)
class DomainEstimates:
    """Every force in the order given; the mean of forces, and the standard deviation between them where it is known."""

    domains: list[DomainEstimate]
    mean: Estimate | None
    between_sd: Estimate | None


def domain_shares(domains: Sequence[Sequence[Stratum]], level: float = 0.95) -> DomainEstimates:
    """Each force's share from its own strata, alone and pooled. Refuses a force without records.

    Fewer than five forces are not pooled, and their answers say so.
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
    shares, effective_files = (
        np.array([value.share for value in arrays]),
        np.array([_effective_files(value) for value in arrays]),
    )
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
