"""Calibrate scores by force, with shifts that are shrunken towards the shared one.

Platt's line once more, by the texts that people labelled in each force, drawn at random; with few labels it stays near
the line that all forces share, by as much as the labels can say (a ridge towards it). The order of texts within a
force does not change: this makes scores honest, not better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from assay.text.classifier.linear_classifier import Floats

SHRINKAGE = 4.0
"""How strongly a force's shift is held to the shared one: as a normal belief with standard deviation 0.5."""
EDGE = 1e-6


@dataclass(frozen=True)
class ForceCalibration:
    """`slope` for all, `shift` by force; a force without labels has the shared shift, under ''."""

    slope: float
    shift: Mapping[str, float]

    def calibrate(self, scores: Floats, force_code: str) -> Floats:
        """Scores (0 to 1) as they are to be read in this force."""
        odds = logit(np.clip(scores, EDGE, 1 - EDGE))
        return np.asarray(expit(self.slope * odds + self.shift.get(force_code, self.shift[""])))


def fit_by_force(scores: Floats, labels: np.ndarray[Any, Any], forces: np.ndarray[Any, Any]) -> ForceCalibration:
    """Fit the calibration from a random sample of labelled texts: scores, labels and forces, each of shape (n,)."""
    names = sorted(set(forces))
    odds, place = logit(np.clip(scores, EDGE, 1 - EDGE)), np.searchsorted(names, forces)
    sign = np.where(labels, 1.0, -1.0)

    def worse(parameters: Floats) -> tuple[float, Floats]:
        line = parameters[0] * odds + parameters[1] + parameters[2:][place]
        pull = SHRINKAGE * parameters[2:] @ parameters[2:] / 2 + (parameters[0] - 1) ** 2 / 2
        slack = -sign * expit(-sign * line)
        by_place = np.bincount(place, slack, len(names)) + SHRINKAGE * parameters[2:]
        slope = np.array([slack @ odds + parameters[0] - 1, slack.sum()])
        return float(np.logaddexp(0, -sign * line).sum() + pull), np.concatenate([slope, by_place])

    best = minimize(worse, np.concatenate([[1.0, 0.0], np.zeros(len(names))]), jac=True, method="L-BFGS-B").x
    shifts = {str(name): float(best[1] + force_shift) for name, force_shift in zip(names, best[2:], strict=True)}
    return ForceCalibration(float(best[0]), {"": float(best[1])} | shifts)
