"""Share from scores of all records and ratings of a few (strata, prediction-powered inference).

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

from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.stats.posterior_grid import Floats
from assay.stats.refusals import EstimationRefused
from assay.stats.samples.finite_population import share_if_none_found
from assay.stats.samples.stratified_sampling import Stratum, stratified_share


def maximum_remaining(strata: Sequence[Stratum], level: float = 0.95) -> int:
    """The most records of these strata, those with the lowest scores, that may have what was asked for."""
    filled = [stratum for stratum in strata if stratum.size > 0]
    if len(filled) == 1 and filled[0].count == 0:
        high = share_if_none_found(filled[0].sample_size, filled[0].size, level).high
    else:
        high = stratified_share(filled, level).high if filled else 0.0
    return round((1.0 if high is None else high) * sum(stratum.size for stratum in filled))


@dataclass(frozen=True)
class SampledBand:
    """Records among which some were drawn at random: the scores of all of them, which were marked (places among the
    scores), and of these whether they have it (1 or 0) and whether the question arose at all (1 or 0)."""

    scores: Floats
    marked: NDArray[np.int64]
    having: Floats
    inside: Floats

    @cached_property
    def marked_scores(self) -> Floats:
        """The scores of those that were marked."""
        return self.scores[self.marked]

    @property
    def unread(self) -> float:
        """The part of the records that was not marked."""
        return 1 - len(self.marked) / len(self.scores)


def sampled_band(
    scores: ArrayLike, marked: ArrayLike, having: ArrayLike, inside: ArrayLike | None = None
) -> SampledBand:
    """A band, checked. Refuses a record without a score, one marked twice, and a mark other than 1 or 0."""
    known, places = np.asarray(scores, dtype=float), np.asarray(marked, dtype=np.int64)
    y = np.asarray(having, dtype=float)
    d = np.ones_like(y) if inside is None else np.asarray(inside, dtype=float)
    if not np.isfinite(known).all():
        raise EstimationRefused(
            "A record has no score: give those records a band of their own, with one score for all."
        )
    if len(set(places.tolist())) != len(places) or not y.shape == d.shape == places.shape:
        raise EstimationRefused("Each record is marked once.")
    if not (np.isin(y, (0, 1)) & np.isin(d, (0, 1))).all():
        raise EstimationRefused("A record is marked as 1 or as 0.")
    return SampledBand(known, places, y * d, d)


def prediction_powered(bands: Sequence[SampledBand], level: float = 0.95) -> IntervalEstimate:
    """The share of all records in which the question arises, corrected by how the scores of those that were marked lie
    beside the scores of all; normal interval, cut at 0 and 1.

    The score is followed as far as it goes with the marks, in one measure for all bands; backwards too, where it tells
    of the opposite. Refuses a band with records of which none was marked.
    """
    filled = [band for band in bands if len(band.scores)]
    if any(not len(band.marked) for band in filled):
        raise EstimationRefused("A band with records has no mark: its share could be anything.")
    if sum(len(band.marked) for band in filled) < 2:
        return missing_estimate("Fewer than two records are marked: there is no interval.")
    size = np.array([len(band.scores) for band in filled], dtype=float)
    weights = size / size.sum()
    arising = float(weights @ [band.inside.mean() for band in filled])
    if arising == 0:
        return missing_estimate("The question arises in none of the records that were marked.")
    uncorrected = float(weights @ [band.having.mean() for band in filled]) / arising
    counts = weights**2 * [band.unread / len(band.marked) for band in filled]
    residuals = [band.having - uncorrected * band.inside for band in filled]
    tuning = _tuning_parameter(filled, residuals, counts)
    value = (
        uncorrected
        + tuning * float(weights @ [band.scores.mean() - band.marked_scores.mean() for band in filled]) / arising
    )
    corrected_residuals = [
        residual - tuning * band.marked_scores for residual, band in zip(residuals, filled, strict=True)
    ]
    half_width = (
        float(special.ndtri((1 + level) / 2)) * float(np.sqrt(counts @ _band_variances(corrected_residuals))) / arising
    )
    value = min(1.0, max(0.0, value))
    return IntervalEstimate(value, max(0.0, value - half_width), min(1.0, value + half_width))


def _tuning_parameter(bands: Sequence[SampledBand], residuals: Sequence[Floats], counts: Floats) -> float:
    """How far the scores are followed: the measure with the smallest variance."""
    score_variance = float(counts @ [np.var(band.scores, ddof=1) if len(band.scores) > 1 else 0.0 for band in bands])
    if score_variance == 0:
        return 0.0
    pairs = zip(bands, residuals, strict=True)
    covariances = [
        float(np.cov(residual, band.marked_scores)[0, 1]) if len(residual) > 1 else 0.0 for band, residual in pairs
    ]
    return float(counts @ covariances) / score_variance


def _band_variances(residuals: Sequence[Floats]) -> Floats:
    """The variance within each band; where one record was marked, that of all bands together."""
    centred = [values - values.mean() for values in residuals if len(values) > 1]
    degrees_of_freedom = sum(len(values) - 1 for values in centred)
    pooled_variance = (
        float(sum(values @ values for values in centred)) / degrees_of_freedom
        if degrees_of_freedom
        else float(np.var(np.concatenate(residuals)))
    )
    return np.array([np.var(values, ddof=1) if len(values) > 1 else pooled_variance for values in residuals])
