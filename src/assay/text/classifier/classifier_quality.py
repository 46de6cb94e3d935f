"""How good are scores, on texts that were not used to make them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from assay.stats.binomial_intervals import wilson
from assay.text.classifier.linear_classifier import Floats

BANDS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
"""Score bands of the reliability table."""


@dataclass(frozen=True)
class Told:
    """Scores (0 to 1), whether each text says it, and of which kind each is."""

    scores: Floats
    says: np.ndarray[Any, np.dtype[np.bool_]]
    kinds: Sequence[str] = ()

    def keeping(self, share: float) -> float:
        """The highest score from which at least this share of those that say it are called."""
        return float(np.quantile(self.scores[self.says], 1 - share, method="lower"))

    def precise(self, precision: float) -> float:
        """The lowest score from which at least this share of those called say it; the highest score if none is."""
        order = np.argsort(-self.scores, kind="stable")
        right = np.cumsum(self.says[order]) / np.arange(1, len(order) + 1)
        reached = np.flatnonzero(right >= precision)
        return float(self.scores[order][reached[-1] if len(reached) else 0])


def area(scores: Floats, says: np.ndarray[Any, Any]) -> float:
    """The chance that a text that says it scores above one that does not (ties count half); NaN without both."""
    from scipy.stats import rankdata

    yes, no = int(says.sum()), int((~says).sum())
    if not yes or not no:
        return float("nan")
    return float((rankdata(scores)[says].sum() - yes * (yes + 1) / 2) / (yes * no))


def brier(scores: Floats, says: np.ndarray[Any, Any]) -> float:
    """The mean squared distance of score and truth: 0 is perfect, 0.25 is a coin."""
    return float(np.mean((scores - says) ** 2))


def reliability(scores: Floats, says: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    """By score band: how many texts, their mean score, the share that say it, and its 95% interval."""
    found = []
    for low, high in pairwise(BANDS):
        held = (scores >= low) & ((scores < high) | (high == 1.0))
        if held.any():
            share = says[held].mean()
            mean, limits = float(scores[held].mean()), wilson(int(says[held].sum()), int(held.sum()))
            told = {"from": low, "to": high, "texts": int(held.sum()), "mean_score": round(mean, 3)}
            found.append(told | {"share": round(float(share), 3), "interval": _rounded(limits)})
    return found


def quality(told: Told, at: float) -> dict[str, Any]:
    """What is said on a card: ranking, calibration, and what happens at one threshold, by kind of text too."""
    called = told.scores >= at
    right = called & told.says
    kinds = np.array(told.kinds)
    return {
        "at": round(at, 4),
        "area": round(area(told.scores, told.says), 3),
        "brier": round(brier(told.scores, told.says), 3),
        "precision": _share(int(right.sum()), int(called.sum())),
        "recall": _share(int(right.sum()), int(told.says.sum())),
        "called_by_kind": {str(kind): _share_of(called[kinds == kind]) for kind in sorted(set(kinds))},
        "reliability": reliability(told.scores, told.says),
    }


def _share_of(called: np.ndarray[Any, Any]) -> dict[str, Any]:
    return _share(int(called.sum()), len(called))


def _share(count: int, base: int) -> dict[str, Any]:
    return {"share": round(count / base, 3) if base else None, "of": base, "interval": _rounded(wilson(count, base))}


def _rounded(limits: tuple[float, float]) -> list[float]:
    return [round(limit, 3) for limit in limits]
