"""Clerical review of sampled pairs, and the precision and recall of linkage estimated from it.

Pairs are sampled at random within bands of match probability (a stratified sample), so that a few verdicts are most
informative where linkage is uncertain, and every estimate can be weighted to all pairs. Precision: the share of pairs
at or above a threshold that are one person. Recall: the share of pairs of one person that are at or above it. Pairs
matched by exact keys, and pairs below the floor, are not in the recall, so it is an upper bound of the recall among all
pairs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import ndtri

from assay.ingest.reviewed_pairs import DIFFERENT_PERSONS, SAME_PERSON
from assay.linkage.exact_match_clusters import STORED_CLUSTER, STORED_OTHER_CLUSTER

LEVEL = 0.95


@dataclass(frozen=True)
class ProbabilityBand:
    """Numbers of pairs, reviewed pairs and confirmed matches in one band of match probability."""

    low: float
    high: float
    pairs: int
    reviewed: int
    matches: int


@dataclass(frozen=True)
class ThresholdAccuracy:
    """Precision and recall at one threshold, each with its 95% interval; None if it cannot be estimated."""

    threshold: float
    precision: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None


def band_edges(thresholds: Mapping[str, float]) -> tuple[float, ...]:
    """Return the edges of the probability bands."""
    return (*(thresholds[name] for name in ("floor", "low", "main", "high")), 1.0)


def pair_refs(pairs: pa.Table) -> list[str]:
    """Return an opaque reference for each pair: the start of a hash of its two clusters."""
    cluster_pairs = zip(pairs[STORED_CLUSTER].to_pylist(), pairs[STORED_OTHER_CLUSTER].to_pylist(), strict=True)
    return [
        hashlib.sha256(f"{cluster}|{other_cluster}".encode()).hexdigest()[:16]
        for cluster, other_cluster in cluster_pairs
    ]


def sample_pairs_for_review(pairs: pa.Table, thresholds: Mapping[str, float], size: int, seed: str) -> pa.Table:
    """Draw a reproducible sample of pairs for review, with equal numbers from each band.

    In each band, the pairs with the smallest hash of seed and reference are drawn, so that the same seed gives the same
    sample. Pairs with a cannot-link constraint are not sampled.
    """
    linkable = pairs.filter(pc.invert(pairs["apart"]))
    refs = pair_refs(linkable)
    bands = _band_numbers(linkable, band_edges(thresholds))
    hash_order = sorted(
        range(len(refs)), key=lambda position: hashlib.sha256(f"{seed}|{refs[position]}".encode()).hexdigest()
    )
    sample: list[int] = []
    band_numbers = sorted(set(bands.tolist()))
    for position, band in enumerate(band_numbers):
        quota = (size - len(sample)) // (len(band_numbers) - position)
        sample += [row for row in hash_order if bands[row] == band][:quota]
    sample = [row for row in hash_order if row in set(sample)]  # in an order that does not show the band
    rows = linkable.take(pa.array(sample, pa.int64())).drop_columns(["probability", "apart"])
    rows = rows.add_column(0, "pair_ref", pa.array([refs[row] for row in sample], pa.string()))
    return rows.append_column("verdict", pa.array([""] * len(sample), pa.string()))


def review_results_by_band(
    pairs: pa.Table, thresholds: Mapping[str, float], verdicts: Mapping[str, str]
) -> list[ProbabilityBand]:
    """Return the review results of each band of match probability; 'cannot tell' counts as unreviewed."""
    linkable = pairs.filter(pc.invert(pairs["apart"]))
    edges = band_edges(thresholds)
    band_numbers = _band_numbers(linkable, edges)
    verdict_codes = np.array(
        [{SAME_PERSON: 1, DIFFERENT_PERSONS: 0}.get(verdicts.get(ref, ""), -1) for ref in pair_refs(linkable)]
    )
    return [
        ProbabilityBand(
            edges[number],
            edges[number + 1],
            int((band_numbers == number).sum()),
            int(((band_numbers == number) & (verdict_codes >= 0)).sum()),
            int(((band_numbers == number) & (verdict_codes == 1)).sum()),
        )
        for number in range(len(edges) - 1)
    ]


def precision_and_recall(bands: Sequence[ProbabilityBand]) -> list[ThresholdAccuracy]:
    """Estimate precision and recall at each band edge (stratified ratio estimates; Cochran 1977, 5.6 and 6.4).

    The variance adds half a match and half a non-match to each band, so that a share of none or all with few verdicts
    does not give an interval of zero width. Precision or recall is None if a band that it needs has pairs and no
    verdict.
    """
    return [
        ThresholdAccuracy(band.low, _precision(bands[position:]), _recall(bands, position))
        for position, band in enumerate(bands)
    ]


def _band_numbers(pairs: pa.Table, edges: Sequence[float]) -> np.ndarray[Any, np.dtype[np.int64]]:
    numbers: np.ndarray[Any, np.dtype[np.int64]] = np.searchsorted(
        np.array(edges[1:-1]), pairs["probability"].to_numpy(), side="right"
    ).astype(np.int64)
    return numbers


def _precision(bands: Sequence[ProbabilityBand]) -> tuple[float, float, float] | None:
    pairs = sum(band.pairs for band in bands)
    if not pairs or any(band.pairs and not band.reviewed for band in bands):
        return None
    share = sum(_estimated_matches(band) for band in bands) / pairs
    variance = sum(_variance(band) for band in bands) / pairs**2
    return _interval(share, variance)


def _recall(bands: Sequence[ProbabilityBand], first: int) -> tuple[float, float, float] | None:
    if any(band.pairs and not band.reviewed for band in bands):
        return None
    matches = sum(_estimated_matches(band) for band in bands)
    if not matches:
        return None
    share = sum(_estimated_matches(band) for band in bands[first:]) / matches
    variance = (
        sum(_variance(band) * ((position >= first) - share) ** 2 for position, band in enumerate(bands)) / matches**2
    )
    return _interval(share, variance)


def _estimated_matches(band: ProbabilityBand) -> float:
    """Return the estimated number of pairs of the band that are one person."""
    return band.pairs * band.matches / band.reviewed if band.reviewed else 0.0


def _variance(band: ProbabilityBand) -> float:
    if not band.pairs or band.reviewed >= band.pairs:
        return 0.0
    share = (band.matches + 0.5) / (band.reviewed + 1)
    return band.pairs**2 * share * (1 - share) / band.reviewed * (1 - band.reviewed / band.pairs)


def _interval(share: float, variance: float) -> tuple[float, float, float]:
    half_width = float(ndtri((1 + LEVEL) / 2)) * float(np.sqrt(variance))
    return share, max(0.0, share - half_width), min(1.0, share + half_width)
