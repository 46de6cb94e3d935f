"""Interval of a share from its effective sample size.

The effective sample size of a design is p(1 - p) / variance (Kish, Survey Sampling, 1965; Korn and Graubard, Survey
Methodology 24, 1998, 193-201), which may be more or less than the number of files. The interval is that of a binomial
count with this (possibly fractional) sample size. `COUNT_WEIGHT` of the probability of the count itself belongs to each
tail: one half is mid-P, whose coverage falls to 91.9% at 200 files and a share of 1.5%; one is Clopper-Pearson, which
is wide. With 0.6 no share from 1% to 50% had coverage under 93% in the designs of `benchmarks/samples.md`.
"""

import numpy as np
from scipy import special

from assay.stats.posterior_grid import Floats

COUNT_WEIGHT = 0.6
HALVINGS = 40
NEGLIGIBLE = 1e-9


def effective_limits(shares: Floats, files: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return lower and upper limits of shares with these effective sample sizes (above 0)."""
    share, size = (np.atleast_1d(np.asarray(values, dtype=float)) for values in (shares, files))
    tail = (1 - level) / 2
    return _lower_limits(share * size, size, tail), 1 - _lower_limits((1 - share) * size, size, tail)


def _lower_limits(counts: Floats, files: Floats, tail: float) -> Floats:
    """Return the share at which a count at least this large has probability `tail`; 0 for a count of 0."""
    positive_counts = np.maximum(counts, NEGLIGIBLE)
    low, high = np.zeros_like(counts), np.ones_like(counts)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        at_least = special.betainc(positive_counts, np.maximum(files - counts + 1, 1.0), middle)
        above = np.where(
            files - counts > NEGLIGIBLE,
            special.betainc(counts + 1, np.maximum(files - counts, NEGLIGIBLE), middle),
            0.0,
        )
        is_rare = COUNT_WEIGHT * at_least + (1 - COUNT_WEIGHT) * above < tail
        low, high = np.where(is_rare, middle, low), np.where(is_rare, high, middle)
    return np.where(counts < NEGLIGIBLE, 0.0, low)
