"""How common is something, if a score of every record is known and people have marked a few of them?

By default the scores only make bands: records are drawn at random within each band, more of them where the score is
high and never none where it is low, and the estimate is that of strata (`stratified.py`). The score may be as bad as it
likes: the figure stays unbiased, and a bad score only widens the interval. What the lowest band could hold is told
beside it, since that is what the method cannot exclude.

As a cross-check on a simple random sample the score corrects the mean instead (prediction-powered inference:
Angelopoulos, Duchi and Zrnic, PPI++, arXiv 2311.01453). Its interval is normal, and covers too little where finds are
few.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from assay.estimation.answers import Answer, unanswered
from assay.estimation.grid import Floats
from assay.estimation.refusals import Refused
from assay.estimation.samples.finite import none_seen, share_of_sample
from assay.estimation.samples.stratified import Stratum, stratified_share


@dataclass(frozen=True)
class Scored:
    """The share over all records; its bands from the lowest score up; the most that the lowest band may hold.

    `lowest_most` is a number of records, at the same level as the interval.
    """

    share: Answer
    bands: list[Stratum]
    lowest_most: int


def band_of(scores: ArrayLike, edges: Sequence[float]) -> np.ndarray:
    """Which band each score falls in, from 0: a score on an edge belongs to the band above it."""
    known = np.asarray(scores, dtype=float)
    if not np.isfinite(known).all():
        raise Refused("A record has no score: give those records a band of their own.")
    if list(edges) != sorted(set(edges)):
        raise Refused("The edges of bands rise, and none stands twice.")
    return np.searchsorted(np.asarray(edges, dtype=float), known, side="right")


def scored_share(
    scores: ArrayLike, edges: Sequence[float], marked: ArrayLike, marks: ArrayLike, level: float = 0.95
) -> Scored:
    """The share of all records, from scores of all and marks (1 or 0) of those at the places `marked`.

    The marked ones were drawn at random within each band. Refuses a band with records of which none was marked.
    """
    bands, places = band_of(scores, edges), np.asarray(marked, dtype=int)
    found = np.asarray(marks, dtype=float)
    if found.shape != places.shape or len(set(places.tolist())) != len(places) or not np.isin(found, (0, 1)).all():
        raise Refused("Each record is marked once, as 1 or as 0.")
    strata = [
        Stratum(int((bands == band).sum()), int((bands[places] == band).sum()), int(found[bands[places] == band].sum()))
        for band in range(len(edges) + 1)
    ]
    share = stratified_share(strata, level)
    lowest = next(one for one in strata if one.size > 0)
    return Scored(share, strata, round(_most(lowest, level) * lowest.size))


def prediction_powered(
    marks: ArrayLike, predicted: ArrayLike, predicted_of_others: ArrayLike, level: float = 0.95
) -> Answer:
    """The mean of marks, corrected by what is predicted of the others; normal interval, cut at 0 and 1.

    `predicted` is of the marked records, which were drawn at random; `predicted_of_others` of all the others.
    """
    y, f, others = (np.asarray(part, dtype=float) for part in (marks, predicted, predicted_of_others))
    if y.shape != f.shape:
        raise Refused("Each marked record needs one mark and one prediction.")
    if len(y) < 2:
        return unanswered("Fewer than two records are marked: there is no interval.")
    weight = _weight(y, f, others)
    value = float(y.mean() + weight * (others.mean() - f.mean()))
    variance = float(np.var(y - weight * f) / len(y) + weight**2 * np.var(others) / len(others))
    half = float(special.ndtri((1 + level) / 2)) * np.sqrt(variance)
    return Answer(value, max(0.0, value - half), min(1.0, value + half))


def _weight(y: Floats, f: Floats, others: Floats) -> float:
    """How far the predictions are followed: the weight with the smallest variance, between 0 and 1."""
    together = np.concatenate([f, others])
    spread = float(np.var(together, ddof=1))
    if spread == 0:
        return 0.0
    best = float(np.cov(y, f)[0, 1]) / (1 + len(f) / len(others)) / spread
    return min(1.0, max(0.0, best))


def _most(band: Stratum, level: float) -> float:
    if band.count == 0:
        return none_seen(band.drawn, band.size, level).high or 0.0
    return share_of_sample(band.count, band.drawn, band.size, level).high or 0.0
