"""What do marks of a sample drawn by bands say of a part that made no stratum, and of two parts beside one another?

Three cases that strata do not answer (`stratified_sampling.py`):

- a part of the records (one author's role, half a period) cuts across the strata, and its few files lie in some of them
  only. Within a band every stratum that was read stands for the band, weighed by its records of the part; bands are put
  together by their squares (`combined_limits`). What leans: within a band, strata without a file are as the others.
  So are many forces together: their own limits put together by squares hold the truth too seldom where nearly every
  stratum has no find (88 in 100 at one in 500, of 43 forces; by bands 95).
- of what was found in two parts together, how much lies in the first (the recall of a score, the sensitivity of a
  flag): each part keeps its own limits, and the distances are put together by their squares (Zou and Donner, Statistics
  in Medicine 27, 2008, 1693-1702).
- a question that arises in few of the files: each file weighs as much as it stands for, and the interval is that of
  the effective number of files (Kish), which counts unequal weights against it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from assay.stats.interval_estimates import Answer, unanswered
from assay.stats.samples.effective_sample_size import effective_limits
from assay.stats.samples.stratified_sampling import Stratum, combined_limits

Strata = Sequence[Stratum]
NOTHING = "Nothing was found in either part: no share of it can be told."


def share_of_part(bands: Sequence[Strata], level: float = 0.95) -> Answer:
    """The share in a part of the records. `bands` of strata: each with its records, files and finds in the part."""
    held = [[one for one in band if one.size > 0] for band in bands]
    held = [band for band in held if band]
    if not held:
        return unanswered("There are no records: no share can be worked out.")
    if any(not sum(one.drawn for one in band) for band in held):
        return unanswered("A band of the score has records here, and no file of it was read.")
    shares, files = np.array([_of_band(band) for band in held]).T
    size = np.array([sum(one.size for one in band) for band in held], dtype=float)
    low, high = effective_limits(shares, files, level)
    ends = combined_limits(shares, size / size.sum(), low, high)
    return Answer(float(shares @ size / size.sum()), float(ends[0]), float(ends[1]))


def _of_band(band: Strata) -> tuple[float, float]:
    """The share of a band, and how many files of a simple random sample it is worth."""
    read = [one for one in band if one.drawn]
    weights = np.array([one.size for one in read], dtype=float) / sum(one.size for one in read)
    drawn, counts = (np.array([getattr(one, name) for one in read], dtype=float) for name in ("drawn", "count"))
    return float(weights @ (counts / drawn)), float(1 / (weights**2 / drawn).sum())


def number_in(strata: Strata, share: Answer) -> Answer:
    """How many records of these strata have it, from the share of them that does: never fewer than were found, and
    never more than those that were found and those that were not read."""
    size, drawn, found = (sum(getattr(one, name) for one in strata) for name in ("size", "drawn", "count"))
    if not size:
        return Answer(0.0, 0.0, 0.0)
    if share.value is None or share.low is None or share.high is None:
        return share
    most = float(size - drawn + found)
    return Answer(share.value * size, max(share.low * size, float(found)), min(share.high * size, most))


def share_of_first(first: Answer, second: Answer) -> Answer:
    """Of the records that have it in two parts (`number_in` of each), the share that lies in the first."""
    if first.value is None or second.value is None or first.value + second.value <= 0:
        return unanswered(NOTHING)
    a, b = first.value, second.value
    value = a / (a + b)
    below = np.hypot(value - _share(first.low, b), value - _share(a, second.high))
    above = np.hypot(_share(first.high, b) - value, _share(a, second.low) - value)
    return Answer(value, max(0.0, float(value - below)), min(1.0, float(value + above)))


def _share(one: float | None, other: float | None) -> float:
    one, other = one or 0.0, other or 0.0
    return one / (one + other) if one + other > 0 else 0.0


def difference(before: Answer, after: Answer) -> Answer:
    """After minus before, of two independent shares, with limits from their own."""
    ends = (before.value, before.low, before.high, after.value, after.low, after.high)
    if any(one is None for one in ends):
        return unanswered(before.words or after.words or "One of the two is not known.")
    b, b_low, b_high, a, a_low, a_high = (float(one or 0.0) for one in ends)
    change = a - b
    below, above = np.hypot(a - a_low, b_high - b), np.hypot(a_high - a, b - b_low)
    return Answer(change, float(change - below), float(change + above))


def weighed_share(having: ArrayLike, weights: ArrayLike, level: float = 0.95) -> Answer:
    """The share of files that have it (1 or 0), each weighed by how many records it stands for."""
    y, w = np.asarray(having, dtype=float), np.asarray(weights, dtype=float)
    if not y.size:
        return unanswered("The question arose in no file that was read.")
    value, files = float(w @ y / w.sum()), float(w.sum() ** 2 / (w**2).sum())
    low, high = effective_limits(np.array([value]), np.array([files]), level)
    return Answer(value, float(low[0]), float(high[0]))


def as_simple(answer: Answer, records: int) -> tuple[int, int]:
    """The count and the number of files of a simple random sample that would have left an interval as wide: never more
    files than there are records, and (0, 0) where there is no interval."""
    if answer.value is None or answer.low is None or answer.high is None:
        return 0, 0
    half = (answer.high - answer.low) / 2
    middle = max(answer.value, (answer.low + answer.high) / 2)  # of nothing found, the interval still has a middle
    spread = middle * (1 - middle)
    if half <= 0 or spread <= 0:
        return round(answer.value * records), records
    worth = min(records, max(1, round(spread * (1.96 / half) ** 2)))
    return round(answer.value * worth), worth
