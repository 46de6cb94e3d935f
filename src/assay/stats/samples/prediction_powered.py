"""Share from scores of all records and ratings of a few (strata, prediction-powered inference).

By default the scores only define bands: records are sampled at random within each band, more where the score is high
but always some where it is low, and the estimate is that of strata (`stratified_sampling.py`). It is unbiased for any
score; a poor score only widens the interval. The maximum number of records that the lowest band may contain is reported
too (`maximum_remaining`), because the method cannot exclude it.

As a cross-check the scores correct the ratings (prediction-powered inference: Angelopoulos, Duchi and Zrnic, PPI++,
arXiv 2311.01453), here within bands and for a finite population; in survey sampling this is the regression estimator
(Cochran, Sampling Techniques, 1977, section 7.10). It depends on the score, and its normal interval covers too little
if few files have the property.
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
    """Return the upper limit of the number of records with the property in these strata (the lowest scores)."""
    filled = [stratum for stratum in strata if stratum.size > 0]
    if len(filled) == 1 and filled[0].count == 0:
        high = share_if_none_found(filled[0].sample_size, filled[0].size, level).high
    else:
        high = stratified_share(filled, level).high if filled else 0.0
    return round((1.0 if high is None else high) * sum(stratum.size for stratum in filled))


@dataclass(frozen=True)
class SampledBand:
    """A score band of records, with a simple random sample of them that was rated.

    `scores`: scores of all records. `marked`: positions of the rated records. `having` and `inside`: whether each rated
    record has the property, and whether the question applies to it (1 or 0).
    """

    scores: Floats
    marked: NDArray[np.int64]
    having: Floats
    inside: Floats

    @cached_property
    def marked_scores(self) -> Floats:
        """Scores of the rated records."""
        return self.scores[self.marked]

    @property
    def unread(self) -> float:
        """Share of the records that were not rated."""
        return 1 - len(self.marked) / len(self.scores)


def sampled_band(
    scores: ArrayLike, marked: ArrayLike, having: ArrayLike, inside: ArrayLike | None = None
) -> SampledBand:
    """Validate the sample of one score band and return it as a `SampledBand`.

    EstimationRefused if a record has no score or is rated twice, or if a rating is not 1 or 0.
    """
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
    """Return the prediction-powered estimate of the share among records to which the question applies.

    The share of the rated records is corrected by the difference of mean scores between all records and the rated ones,
    times a tuning parameter that minimises the variance, common to all bands (negative for a negative correlation).
    Normal interval, truncated at 0 and 1. EstimationRefused if a band with records has no rating.
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
    """Return the weight of the score correction that minimises the variance."""
    score_variance = float(counts @ [np.var(band.scores, ddof=1) if len(band.scores) > 1 else 0.0 for band in bands])
    if score_variance == 0:
        return 0.0
    pairs = zip(bands, residuals, strict=True)
    covariances = [
        float(np.cov(residual, band.marked_scores)[0, 1]) if len(residual) > 1 else 0.0 for band, residual in pairs
    ]
    return float(counts @ covariances) / score_variance


def _band_variances(residuals: Sequence[Floats]) -> Floats:
    """Return the variance within each band; the pooled variance for a band with one rated record."""
    centred = [values - values.mean() for values in residuals if len(values) > 1]
    degrees_of_freedom = sum(len(values) - 1 for values in centred)
    pooled_variance = (
        float(sum(values @ values for values in centred)) / degrees_of_freedom
        if degrees_of_freedom
        else float(np.var(np.concatenate(residuals)))
    )
    return np.array([np.var(values, ddof=1) if len(values) > 1 else pooled_variance for values in residuals])
