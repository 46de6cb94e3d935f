"""How are the files that can be read shared out over strata?

In proportion to size, or, where shares are expected to differ, in proportion to size times standard deviation (Neyman,
Journal of the Royal Statistical Society 97, 1934). No stratum is left without files, since a stratum that nobody read
could hold anything; none gets more than it has.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np

from assay.estimation.grid import Floats
from assay.estimation.refusals import Refused
from assay.estimation.samples.sizes import half_width

LEAST = 2
"""Fewer files than this say nothing of how a stratum varies."""


def allocate(
    files: int, sizes: Sequence[int], expected: Sequence[float] | None = None, least: int | Sequence[int] = LEAST
) -> list[int]:
    """How many of the `files` fall to each stratum; they add up to `files`, or to all records if there are fewer.

    `expected`: the share that each stratum is thought to have; without it files follow size. `least`: the fewest
    files a stratum with records gets, for all or for each. Refuses fewer files than these leasts add up to.
    """
    size = np.asarray(sizes, dtype=float)
    low = np.minimum(size, np.broadcast_to(np.asarray(least, dtype=float), size.shape))
    if files < low.sum():
        raise Refused(f"{files} files are too few: the strata need {int(low.sum())} for at least so many each.")
    left = min(float(files), float(size.sum()))
    wanted = size if expected is None else size * _spreads(expected)
    return _whole(_between(wanted, low, size, left), low, size, int(left))


def half_width_of(sizes: Sequence[int], drawn: Sequence[int], expected: Sequence[float], level: float = 0.95) -> float:
    """How far the interval of the whole will reach to either side under a design, at the expected shares (normal)."""
    whole = sum(sizes)
    parts = [
        (size / whole * half_width(files, size, share, level)) ** 2
        for size, files, share in zip(sizes, drawn, expected, strict=True)
        if size > 0
    ]
    return sqrt(sum(parts))


def _spreads(expected: Sequence[float]) -> Floats:
    share = np.asarray(expected, dtype=float)
    if not ((share >= 0) & (share <= 1)).all():
        raise Refused("An expected share lies between 0 and 1.")
    return np.asarray(np.sqrt(share * (1 - share)))


def _between(wanted: Floats, low: Floats, high: Floats, files: float) -> Floats:
    """Amounts in proportion to what is wanted, none outside its limits, adding up to `files`; by halving the scale."""
    wanted = np.maximum(wanted, 1e-12 * max(float(wanted.max()), 1.0))
    below, above = 0.0, float((high / wanted).max())
    for _ in range(200):
        scale = (below + above) / 2
        below, above = (below, scale) if np.clip(scale * wanted, low, high).sum() > files else (scale, above)
    return np.asarray(np.clip(below * wanted, low, high))


def _whole(amounts: Floats, low: Floats, high: Floats, files: int) -> list[int]:
    """Whole numbers that add up: the largest remainders are rounded up, the first of equals first."""
    whole = np.clip(np.floor(amounts + 1e-9), np.ceil(low), high)
    order = np.argsort(-(amounts - whole).round(6), kind="stable")
    missing = files - int(whole.sum())
    while missing > 0:
        for place in order:
            if missing > 0 and whole[place] < high[place]:
                whole[place], missing = whole[place] + 1, missing - 1
    return [int(one) for one in whole]
