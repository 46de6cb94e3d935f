"""Calibrate classifier scores by force, with force shifts that are shrunken towards the shift shared by all forces.

Platt scaling with a shared slope and a shift for each force, from randomly sampled labelled texts of each force. With
few labels the shift of a force stays near the shared one (ridge penalty). The order of texts within a force does not
change: calibration corrects the level of scores, not their ranking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from scipy.special import expit, logit

from assay.text.classifier.linear_classifier import Floats

SHRINKAGE = 4.0
"""Ridge penalty of a force's shift: a normal prior with standard deviation 0.5."""
EDGE = 1e-6


@dataclass(frozen=True)
class ForceCalibration:
    """Calibration of scores: a shared slope, and a shift for each force (key '': for forces without labels)."""

    slope: float
    shift: Mapping[str, float]

    def calibrate(self, scores: Floats, force_code: str) -> Floats:
        """Return calibrated scores (0 to 1) for a force."""
        odds = logit(np.clip(scores, EDGE, 1 - EDGE))
        return np.asarray(expit(self.slope * odds + self.shift.get(force_code, self.shift[""])))


def fit_by_force(scores: Floats, labels: np.ndarray[Any, Any], forces: np.ndarray[Any, Any]) -> ForceCalibration:
    """Fit the calibration from a random sample of labelled texts: scores, labels and forces, each of shape (n,)."""
    names = sorted(set(forces))
    odds, place = logit(np.clip(scores, EDGE, 1 - EDGE)), np.searchsorted(names, forces)
    sign = np.where(labels, 1.0, -1.0)

    def penalised_loss(parameters: Floats) -> tuple[float, Floats]:
        line = parameters[0] * odds + parameters[1] + parameters[2:][place]
        pull = SHRINKAGE * parameters[2:] @ parameters[2:] / 2 + (parameters[0] - 1) ** 2 / 2
        slack = -sign * expit(-sign * line)
        by_place = np.bincount(place, slack, len(names)) + SHRINKAGE * parameters[2:]
        slope = np.array([slack @ odds + parameters[0] - 1, slack.sum()])
        return float(np.logaddexp(0, -sign * line).sum() + pull), np.concatenate([slope, by_place])

    best = scipy.optimize.minimize(
        penalised_loss, np.concatenate([[1.0, 0.0], np.zeros(len(names))]), jac=True, method="L-BFGS-B"
    ).x
    shifts = {str(name): float(best[1] + force_shift) for name, force_shift in zip(names, best[2:], strict=True)}
    return ForceCalibration(float(best[0]), {"": float(best[1])} | shifts)
