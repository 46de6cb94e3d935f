"""What is the interval of a share whose estimate is worth so many files of a simple random sample?

A design makes an estimate worth more or fewer files than were read: its effective number is p(1 - p) / variance (Kish,
Survey Sampling, 1965; Korn and Graubard, Survey Methodology 24, 1998, 193-201). The interval is then that of a
binomial count of as many files, which need not be whole. Of the count's own chance `OWN` is given to each tail: a half
is mid-P, which falls to 91.9% at 200 files and a share of 1.5%; one is Clopper and Pearson's, which is wide. With 0.6
no share from 1% to 50% fell under 93% in the designs of `benchmarks/samples.md`.
"""

import numpy as np
from scipy import special

from assay.stats.posterior_grid import Floats

OWN = 0.6
HALVINGS = 40
NOTHING = 1e-9


def effective_limits(shares: Floats, files: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """The limits of shares that are each worth so many files (above 0)."""
    share, worth = np.atleast_1d(np.asarray(shares, dtype=float)), np.atleast_1d(np.asarray(files, dtype=float))
    tail = (1 - level) / 2
    return _lower(share * worth, worth, tail), 1 - _lower((1 - share) * worth, worth, tail)


def _lower(counts: Floats, files: Floats, tail: float) -> Floats:
    """The share at which a count as large as this one has the chance `tail`; 0 where nothing was counted."""
    some = np.maximum(counts, NOTHING)
    low, high = np.zeros_like(counts), np.ones_like(counts)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        at_least = special.betainc(some, np.maximum(files - counts + 1, 1.0), middle)
        more = np.where(
            files - counts > NOTHING,
            special.betainc(counts + 1, np.maximum(files - counts, NOTHING), middle),
            0.0,
        )
        rare = OWN * at_least + (1 - OWN) * more < tail
        low, high = np.where(rare, middle, low), np.where(rare, high, middle)
    return np.where(counts < NOTHING, 0.0, low)
