"""Quality of a classifier on texts that were not used to train it: AUC, Brier score, calibration, precision, recall."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from assay.stats.binomial_intervals import wilson
from assay.text.classifier.linear_classifier import Floats

BANDS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
"""Score bands of the reliability table."""


@dataclass(frozen=True)
class ScoredTexts:
    """Texts with their scores (0 to 1), labels and kinds."""

    scores: Floats
    labels: np.ndarray[Any, np.dtype[np.bool_]]
    kinds: Sequence[str] = ()

    def threshold_for_recall(self, share: float) -> float:
        """Return the highest threshold with at least this recall."""
        return float(np.quantile(self.scores[self.labels], 1 - share, method="lower"))

    def threshold_for_precision(self, precision: float) -> float:
        """Return the lowest threshold with at least this precision; the highest score if there is none."""
        order = np.argsort(-self.scores, kind="stable")
        right = np.cumsum(self.labels[order]) / np.arange(1, len(order) + 1)
        reached = np.flatnonzero(right >= precision)
        return float(self.scores[order][reached[-1] if len(reached) else 0])

    def threshold_for_calls(self, kinds: Collection[str], share: float) -> float:
        """Return the lowest threshold at which at most this share of the texts of these kinds is classified
        positive; minus infinity if there are no such texts."""
        scores = np.sort(self.scores[np.isin(self.kinds, list(kinds))])[::-1] if len(self.kinds) else np.zeros(0)
        allowed = int(share * len(scores))
        return float(np.nextafter(scores[allowed], np.inf)) if allowed < len(scores) else float("-inf")


def area_under_curve(scores: Floats, labels: np.ndarray[Any, Any]) -> float:
    """Area under the ROC curve (ties count half); NaN without both labels."""
    from scipy.stats import rankdata

    yes, no = int(labels.sum()), int((~labels).sum())
    if not yes or not no:
        return float("nan")
    return float((rankdata(scores)[labels].sum() - yes * (yes + 1) / 2) / (yes * no))


def brier(scores: Floats, labels: np.ndarray[Any, Any]) -> float:
    """Brier score: mean squared difference of score and label; 0 is perfect."""
    return float(np.mean((scores - labels) ** 2))


def reliability(scores: Floats, labels: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    """Reliability table by score band: texts, mean score, share labelled positive, and its Wilson interval."""
    found = []
    for low, high in pairwise(BANDS):
        in_band = (scores >= low) & ((scores < high) | (high == 1.0))
        if in_band.any():
            share = labels[in_band].mean()
            mean, limits = float(scores[in_band].mean()), wilson(int(labels[in_band].sum()), int(in_band.sum()))
            row = {"from": low, "to": high, "texts": int(in_band.sum()), "mean_score": round(mean, 3)}
            found.append(row | {"share": round(float(share), 3), "interval": _rounded(limits)})
    return found


def quality(scored: ScoredTexts, threshold: float) -> dict[str, Any]:
    """Return the figures of a model card: AUC, Brier score, precision, recall, calibration, and shares by kind."""
    positive = scored.scores >= threshold
    true_positive = positive & scored.labels
    kinds = np.array(scored.kinds)
    return {
        "at": round(threshold, 4),
        "area": round(area_under_curve(scored.scores, scored.labels), 3),
        "brier": round(brier(scored.scores, scored.labels), 3),
        "precision": _share(int(true_positive.sum()), int(positive.sum())),
        "recall": _share(int(true_positive.sum()), int(scored.labels.sum())),
        "called_by_kind": {str(kind): _share_of(positive[kinds == kind]) for kind in sorted(set(kinds))},
        "reliability": reliability(scored.scores, scored.labels),
    }


def _share_of(positive: np.ndarray[Any, Any]) -> dict[str, Any]:
    return _share(int(positive.sum()), len(positive))


def _share(count: int, base: int) -> dict[str, Any]:
    return {"share": round(count / base, 3) if base else None, "of": base, "interval": _rounded(wilson(count, base))}


def _rounded(limits: tuple[float, float]) -> list[float]:
    return [round(limit, 3) for limit in limits]
