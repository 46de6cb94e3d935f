"""Interval of a share from its effective sample size.

A design makes an estimate worth more or fewer files than were read: its effective number is p(1 - p) / variance (Kish,
Survey Sampling, 1965; Korn and Graubard, Survey Methodology 24, 1998, 193-201). The interval is then that of a
binomial count of as many files, which need not be whole. Of the count's own chance `COUNT_WEIGHT` is given to each
tail: a half is mid-P, which falls to 91.9% at 200 files and a share of 1.5%; one is Clopper and Pearson's, which is
wide. With 0.6 no share from 1% to 50% fell under 93% in the designs of `benchmarks/samples.md`.
"""

import numpy as np
from scipy import special

from assay.stats.posterior_grid import Floats

COUNT_WEIGHT = 0.6
HALVINGS = 40
NEGLIGIBLE = 1e-9


def effective_limits(shares: Floats, files: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """The limits of shares that are each worth so many files (above 0)."""
    share, effective_files = (
        np.atleast_1d(np.asarray(shares, dtype=float)),
        np.atleast_1d(np.asarray(files, dtype=float)),
    )
    tail = (1 - level) / 2
    return _lower_limits(share * effective_files, effective_files, tail), 1 - _lower_limits(
        (1 - share) * effective_files, effective_files, tail
    )


def _lower_limits(counts: Floats, files: Floats, tail: float) -> Floats:
    """The share at which a count as large as this one has the chance `tail`; 0 where nothing was counted."""
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
