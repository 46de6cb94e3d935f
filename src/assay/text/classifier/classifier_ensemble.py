"""What do rules, the whole text, and what the rules left of it say together?

Rules know in whose voice a listed term stands; a model knows words that no list holds, and reads a quotation as if
the officer spoke. So a model reads a text twice: whole, and without the sentences that rules have seen to be somebody
else's words, a denial, a challenge or guidance. How much each counts was fitted on texts by writers left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from assay.text.classifier.classifier_quality import Told
from assay.text.classifier.linear_classifier import Floats

NOTHING_LEFT = -3.0
"""The logarithm of the odds of a text of which rules left nothing."""
PRECISE = 0.85
"""Share of those called that say it, among writers left out: some of them wrote to mislead."""


@dataclass(frozen=True)
class Together:
    """How much each counts towards the logarithm of the odds, moved so that 0 is where a text is called."""

    whole: float
    left: float
    rules: float
    taken_out: float
    added: float

    def odds(self, whole: Floats, left: Floats, rules: Floats, taken_out: Floats) -> Floats:
        """Of texts: the model's odds of the whole and of what was left, what rules make of it (0 to 1), and the share
        of its sentences that rules took out."""
        told = self.whole * whole + self.left * left + self.rules * rules + self.taken_out * taken_out
        return np.asarray(told + self.added)

    def as_dict(self) -> dict[str, float]:
        """By name."""
        return asdict(self)


def fitted(parts: Sequence[Floats], says: np.ndarray[Any, Any], writers: np.ndarray[Any, Any]) -> tuple[Together, Told]:
    """The weights of whole, left, rules and taken_out (each a column of one value a text), and the scores that each
    text got by weights that its writer had no part in."""
    columns = np.column_stack(parts)
    unseen = np.zeros(len(says))
    for writer in sorted(set(writers)):
        own = writers == writer
        unseen[own] = _fit(columns[~own], says[~own]).decision_function(columns[own])
    kept = _fit(columns, says)
    line = Told(unseen, says).precise(PRECISE)
    whole, left, rules, taken_out = (round(float(weight), 4) for weight in kept.coef_[0])
    added = round(float(kept.intercept_[0]) - line, 4)
    return Together(whole, left, rules, taken_out, added), Told(unseen - line, says)


def _fit(columns: Floats, says: np.ndarray[Any, Any]) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=1000).fit(columns, says)
