"""Ensemble of the rules and two model scores (whole text, and text without quoted or denied sentences).

Rules know the voice of a listed term; a model knows unlisted words, but reads a quotation as the officer's own words.
So a model scores a text twice: whole, and without the sentences that the rules identify as somebody else's words, a
denial, a challenge or guidance. The weights are fitted on scores of writers left out of training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from assay.text.classifier.classifier_quality import ScoredTexts
from assay.text.classifier.linear_classifier import Floats

NOTHING_LEFT = -3.0
"""Log odds of a text of which the rules left nothing."""
PRECISE = 0.85
"""Target precision of the threshold, among writers left out; some of them wrote to mislead."""
OTHER_VOICES = ("challenge", "policy", "negated")
MAX_OTHER_VOICES = 0.10
"""Maximum share of challenges, guidance and denials that the threshold lets through, among writers left out."""


@dataclass(frozen=True)
class EnsembleWeights:
    """Weights of the rule score and the two model scores in the log odds, shifted so that 0 is the threshold."""

    whole: float
    left: float
    rules: float
    taken_out: float
    added: float

    def odds(self, whole: Floats, left: Floats, rules: Floats, taken_out: Floats) -> Floats:
        """Return the log odds of each text, given its scores.

        `whole` and `left`: the model's log odds of the whole text and of the part that the rules left; `rules`: rule
        score (0 to 1); `taken_out`: share of sentences that the rules removed.
        """
        weighted_sum = self.whole * whole + self.left * left + self.rules * rules + self.taken_out * taken_out
        return np.asarray(weighted_sum + self.added)

    def as_dict(self) -> dict[str, float]:
        """Return the weights by name."""
        return asdict(self)


def fit_ensemble(
    parts: Sequence[Floats], labels: np.ndarray[Any, Any], writers: np.ndarray[Any, Any], kinds: Sequence[str] = ()
) -> tuple[EnsembleWeights, ScoredTexts]:
    """Return the fitted ensemble weights, and leave-one-writer-out scores.

    The threshold is the lowest with the target precision that calls few challenges, guidance and denials. Precision
    alone would not limit them: where most texts are ordinary summaries, it is reached with many of them called.
    """
    columns = np.column_stack(parts)
    unseen = np.zeros(len(labels))
    for writer in sorted(set(writers)):
        writer_rows = writers == writer
        unseen[writer_rows] = _fit(columns[~writer_rows], labels[~writer_rows]).decision_function(columns[writer_rows])
    model = _fit(columns, labels)
    scored = ScoredTexts(unseen, labels, kinds)
    line = max(scored.threshold_for_precision(PRECISE), scored.threshold_for_calls(OTHER_VOICES, MAX_OTHER_VOICES))
    whole, left, rules, taken_out = (round(float(weight), 4) for weight in model.coef_[0])
    added = round(float(model.intercept_[0]) - line, 4)
    return EnsembleWeights(whole, left, rules, taken_out, added), ScoredTexts(unseen - line, labels, kinds)


def _fit(columns: Floats, labels: np.ndarray[Any, Any]) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=1000).fit(columns, labels)
