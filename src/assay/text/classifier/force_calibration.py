"""What does a score mean in one force, where what is looked for is more common, or written otherwise?

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

PULL = 4.0
"""How strongly a force's shift is held to the shared one: as a normal belief with standard deviation 0.5."""
EDGE = 1e-6


@dataclass(frozen=True)
class Local:
    """`slope` for all, `shift` by force; a force without labels has the shared shift, under ''."""

    slope: float
    shift: Mapping[str, float]

    def of(self, scores: Floats, force_code: str) -> Floats:
        """Scores (0 to 1) as they are to be read in this force."""
        odds = logit(np.clip(scores, EDGE, 1 - EDGE))
        return np.asarray(expit(self.slope * odds + self.shift.get(force_code, self.shift[""])))


def by_force(scores: Floats, says: np.ndarray[Any, Any], forces: np.ndarray[Any, Any]) -> Local:
    """From labelled texts of a random draw: scores (n,), whether each says it (n,), its force (n,)."""
    names = sorted(set(forces))
    odds, place = logit(np.clip(scores, EDGE, 1 - EDGE)), np.searchsorted(names, forces)
    sign = np.where(says, 1.0, -1.0)

    def worse(about: Floats) -> tuple[float, Floats]:
        line = about[0] * odds + about[1] + about[2:][place]
        pull = PULL * about[2:] @ about[2:] / 2 + (about[0] - 1) ** 2 / 2
        slack = -sign * expit(-sign * line)
        by_place = np.bincount(place, slack, len(names)) + PULL * about[2:]
        slope = np.array([slack @ odds + about[0] - 1, slack.sum()])
        return float(np.logaddexp(0, -sign * line).sum() + pull), np.concatenate([slope, by_place])

    best = minimize(worse, np.concatenate([[1.0, 0.0], np.zeros(len(names))]), jac=True, method="L-BFGS-B").x
    shifts = {str(name): float(best[1] + own) for name, own in zip(names, best[2:], strict=True)}
    return Local(float(best[0]), {"": float(best[1])} | shifts)
