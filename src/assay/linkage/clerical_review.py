"""Which pairs should a person look at, and what do their verdicts say of how well linkage does?

Pairs are drawn by chance within bands of their probability, so that few verdicts say much about where it is uncertain,
and every figure can be weighted back to all pairs. Precision: of the pairs at or above a threshold, how many are one
person. Recall: of the pairs that are one person, how many stand at or above it; pairs that exact keys tied are not in
it, nor any that was never likely, so it is an upper bound of what is found among all.
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

from assay.ingest.reviewed_pairs import DIFFERENT, SAME

LEVEL = 0.95


@dataclass(frozen=True)
class Band:
    """Pairs of a band of probability: how many there are, how many have a verdict, and of those how many are one."""

    low: float
    high: float
    pairs: int
    reviewed: int
    same: int


@dataclass(frozen=True)
class Judged:
    """Precision and recall at a threshold, each with its interval; None where no verdict says anything of it."""

    threshold: float
    precision: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None


def edges_of(thresholds: Mapping[str, float]) -> tuple[float, ...]:
    """Where the bands begin and end."""
    return (*(thresholds[name] for name in ("floor", "low", "main", "high")), 1.0)


def pair_refs(pairs: pa.Table) -> list[str]:
    """A reference for each pair that tells nothing of it: the beginning of a hash of its two knots."""
    both = zip(pairs["knot"].to_pylist(), pairs["other_knot"].to_pylist(), strict=True)
    return [hashlib.sha256(f"{one}|{other}".encode()).hexdigest()[:16] for one, other in both]


def to_review(pairs: pa.Table, thresholds: Mapping[str, float], number: int, seed: str) -> pa.Table:
    """As many pairs as that, as many from each band (pair_ref, knot, other_knot, what fits, verdict).

    In each band those first in order of the hash of the seed and their reference: anybody who holds the seed draws the
    same. Pairs that their names keep apart are in none: no verdict is asked of them.
    """
    open_ = pairs.filter(pc.invert(pairs["apart"]))
    refs = pair_refs(open_)
    bands = _bands_of(open_, edges_of(thresholds))
    turn = sorted(range(len(refs)), key=lambda place: hashlib.sha256(f"{seed}|{refs[place]}".encode()).hexdigest())
    chosen: list[int] = []
    kinds = sorted(set(bands.tolist()))
    for place, band in enumerate(kinds):
        share = (number - len(chosen)) // (len(kinds) - place)
        chosen += [one for one in turn if bands[one] == band][:share]
    chosen = [one for one in turn if one in set(chosen)]  # in an order that does not show the band
    rows = open_.take(pa.array(chosen, pa.int64())).drop_columns(["probability", "apart"])
    rows = rows.add_column(0, "pair_ref", pa.array([refs[one] for one in chosen], pa.string()))
    return rows.append_column("verdict", pa.array([""] * len(chosen), pa.string()))


def bands(pairs: pa.Table, thresholds: Mapping[str, float], verdicts: Mapping[str, str]) -> list[Band]:
    """What was found in each band; "cannot tell" is no verdict."""
    open_ = pairs.filter(pc.invert(pairs["apart"]))
    edges = edges_of(thresholds)
    band = _bands_of(open_, edges)
    said = np.array([{SAME: 1, DIFFERENT: 0}.get(verdicts.get(ref, ""), -1) for ref in pair_refs(open_)])
    return [
        Band(edges[at], edges[at + 1], int((band == at).sum()), int(((band == at) & (said >= 0)).sum()),
             int(((band == at) & (said == 1)).sum()))
        for at in range(len(edges) - 1)
    ]  # fmt: skip


def judged(found: Sequence[Band]) -> list[Judged]:
    """Precision and recall at the lower edge of each band (stratified ratio estimates; Cochran 1977, 5.6 and 6.4).

    A share of none or all is drawn in by half a verdict for its variance, so that no interval is shorter than what few
    verdicts can say. Refuses to say anything where a band with pairs has no verdict.
    """
    return [Judged(band.low, _precision(found[at:]), _recall(found, at)) for at, band in enumerate(found)]


def _bands_of(pairs: pa.Table, edges: Sequence[float]) -> np.ndarray[Any, np.dtype[np.int64]]:
    found: np.ndarray[Any, np.dtype[np.int64]] = np.searchsorted(
        np.array(edges[1:-1]), pairs["probability"].to_numpy(), side="right"
    ).astype(np.int64)
    return found


def _precision(above: Sequence[Band]) -> tuple[float, float, float] | None:
    whole = sum(band.pairs for band in above)
    if not whole or any(band.pairs and not band.reviewed for band in above):
        return None
    share = sum(_same(band) for band in above) / whole
    spread = sum(_variance(band) for band in above) / whole**2
    return _interval(share, spread)


def _recall(found: Sequence[Band], at: int) -> tuple[float, float, float] | None:
    if any(band.pairs and not band.reviewed for band in found):
        return None
    whole = sum(_same(band) for band in found)
    if not whole:
        return None
    share = sum(_same(band) for band in found[at:]) / whole
    spread = sum(_variance(band) * ((place >= at) - share) ** 2 for place, band in enumerate(found)) / whole**2
    return _interval(share, spread)


def _same(band: Band) -> float:
    """How many pairs of the band are one person, as the verdicts say."""
    return band.pairs * band.same / band.reviewed if band.reviewed else 0.0


def _variance(band: Band) -> float:
    if not band.pairs or band.reviewed >= band.pairs:
        return 0.0
    share = (band.same + 0.5) / (band.reviewed + 1)
    return band.pairs**2 * share * (1 - share) / band.reviewed * (1 - band.reviewed / band.pairs)


def _interval(share: float, variance: float) -> tuple[float, float, float]:
    half = float(ndtri((1 + LEVEL) / 2)) * float(np.sqrt(variance))
    return share, max(0.0, share - half), min(1.0, share + half)
