"""How common is something, if a score of every record is known and people have marked a few of them?

By default the scores only make bands: records are drawn at random within each band, more of them where the score is
high and never none where it is low, and the estimate is that of strata (`stratified_sampling.py`). The score may be
as bad as it likes: the figure stays unbiased, and a bad score only widens the interval. What the lowest band could
hold is told beside it, since that is what the method cannot exclude.

As a cross-check the score corrects what was read (prediction-powered inference: Angelopoulos, Duchi and Zrnic, PPI++,
arXiv 2311.01453), here within bands and for the records that there are: surveys know it as the regression estimator
(Cochran, Sampling Techniques, 1977, section 7.10). It leans on the score, its interval is normal, and covers too little
where finds are few.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from assay.stats.interval_estimates import Answer, unanswered
from assay.stats.posterior_grid import Floats
from assay.stats.refusals import Refused
from assay.stats.samples.finite_population import none_seen
from assay.stats.samples.stratified_sampling import Stratum, stratified_share


def most_left(strata: Sequence[Stratum], level: float = 0.95) -> int:
    """The most records of these strata, those with the lowest scores, that may have what was asked for."""
    there = [one for one in strata if one.size > 0]
    if len(there) == 1 and there[0].count == 0:
        high = none_seen(there[0].drawn, there[0].size, level).high
    else:
        high = stratified_share(there, level).high if there else 0.0
    return round((1.0 if high is None else high) * sum(one.size for one in there))


@dataclass(frozen=True)
class Band:
    """Records among which some were drawn at random: the scores of all of them, which were marked (places among the
    scores), and of these whether they have it (1 or 0) and whether the question arose at all (1 or 0)."""

    scores: Floats
    marked: NDArray[np.int64]
    having: Floats
    inside: Floats

    @cached_property
    def of_marked(self) -> Floats:
        """The scores of those that were marked."""
        return self.scores[self.marked]

    @property
    def unread(self) -> float:
        """The part of the records that was not marked."""
        return 1 - len(self.marked) / len(self.scores)


def band(scores: ArrayLike, marked: ArrayLike, having: ArrayLike, inside: ArrayLike | None = None) -> Band:
    """A band, checked. Refuses a record without a score, one marked twice, and a mark other than 1 or 0."""
    known, places = np.asarray(scores, dtype=float), np.asarray(marked, dtype=np.int64)
    y = np.asarray(having, dtype=float)
    d = np.ones_like(y) if inside is None else np.asarray(inside, dtype=float)
    if not np.isfinite(known).all():
        raise Refused("A record has no score: give those records a band of their own, with one score for all.")
    if len(set(places.tolist())) != len(places) or not y.shape == d.shape == places.shape:
        raise Refused("Each record is marked once.")
    if not (np.isin(y, (0, 1)) & np.isin(d, (0, 1))).all():
        raise Refused("A record is marked as 1 or as 0.")
    return Band(known, places, y * d, d)


def prediction_powered(bands: Sequence[Band], level: float = 0.95) -> Answer:
    """The share of all records in which the question arises, corrected by how the scores of those that were marked lie
    beside the scores of all; normal interval, cut at 0 and 1.

    The score is followed as far as it goes with the marks, in one measure for all bands; backwards too, where it tells
    of the opposite. Refuses a band with records of which none was marked.
    """
    there = [one for one in bands if len(one.scores)]
    if any(not len(one.marked) for one in there):
        raise Refused("A band with records has no mark: its share could be anything.")
    if sum(len(one.marked) for one in there) < 2:
        return unanswered("Fewer than two records are marked: there is no interval.")
    size = np.array([len(one.scores) for one in there], dtype=float)
    weights = size / size.sum()
    arising = float(weights @ [one.inside.mean() for one in there])
    if arising == 0:
        return unanswered("The question arises in none of the records that were marked.")
    plain = float(weights @ [one.having.mean() for one in there]) / arising
    counts = weights**2 * [one.unread / len(one.marked) for one in there]
    rests = [one.having - plain * one.inside for one in there]
    followed = _followed(there, rests, counts)
    value = plain + followed * float(weights @ [one.scores.mean() - one.of_marked.mean() for one in there]) / arising
    left = [rest - followed * one.of_marked for rest, one in zip(rests, there, strict=True)]
    half = float(special.ndtri((1 + level) / 2)) * float(np.sqrt(counts @ _spreads(left))) / arising
    value = min(1.0, max(0.0, value))
    return Answer(value, max(0.0, value - half), min(1.0, value + half))


def _followed(bands: Sequence[Band], rests: Sequence[Floats], counts: Floats) -> float:
    """How far the scores are followed: the measure with the smallest variance."""
    spread = float(counts @ [np.var(one.scores, ddof=1) if len(one.scores) > 1 else 0.0 for one in bands])
    if spread == 0:
        return 0.0
    pairs = zip(bands, rests, strict=True)
    together = [float(np.cov(rest, one.of_marked)[0, 1]) if len(rest) > 1 else 0.0 for one, rest in pairs]
    return float(counts @ together) / spread


def _spreads(left: Sequence[Floats]) -> Floats:
    """The variance within each band; where one record was marked, that of all bands together."""
    several = [one - one.mean() for one in left if len(one) > 1]
    free = sum(len(one) - 1 for one in several)
    usual = float(sum(one @ one for one in several)) / free if free else float(np.var(np.concatenate(left)))
    return np.array([np.var(one, ddof=1) if len(one) > 1 else usual for one in left])
