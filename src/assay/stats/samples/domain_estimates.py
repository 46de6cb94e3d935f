"""What does a sample say of each force, where each has few files of its own?

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
from assay.stats.interval_estimates import Answer
from assay.stats.samples.stratified_sampling import Figures, Stratum, figures_of, stratified_share
from assay.stats.share_posteriors import share_posterior

CERTAIN = 1e6
"""A force whose files were all read is worth so many: enough to be certain of."""


@dataclass(frozen=True)
class Domain:
    """One force: its own figure, and the one that borrows from the others."""

    own: Answer
    pooled: Answer


@dataclass(frozen=True)
class Domains:
    """Every force in the order given; the mean of forces, and the standard deviation between them where it is known."""

    each: list[Domain]
    mean: Estimate | None
    between_sd: Estimate | None


def domain_shares(domains: Sequence[Sequence[Stratum]], level: float = 0.95) -> Domains:
    """Each force's share from its own strata, alone and pooled. Refuses a force without records.

    Fewer than five forces are not pooled, and their answers say so.
    """
    owns = [stratified_share(strata, level) for strata in domains]
    if len(domains) < FEWEST_UNITS:
        words = f"{len(domains)} forces are too few to borrow from: at least {FEWEST_UNITS} are needed."
        return Domains([Domain(own, Answer(own.value, own.low, own.high, words)) for own in owns], None, None)
    figures = [figures_of(strata) for strata in domains]
    shares, worth = np.array([one.share for one in figures]), np.array([_worth(one) for one in figures])
    posterior = share_posterior(shares * worth, worth)
    low, high = posterior.interval(level)
    pooled = [Answer(float(one), float(a), float(z)) for one, a, z in zip(posterior.mean(), low, high, strict=True)]
    each = [Domain(own, own if own.low == own.high else drawn_in) for own, drawn_in in zip(owns, pooled, strict=True)]
    return Domains(each, posterior.overall, posterior.between_unit_sd)


def _worth(figures: Figures) -> float:
    return min(figures.effective_files, CERTAIN)
