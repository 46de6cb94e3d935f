"""Compare a trained model with the starting model on held-out texts.

There are two kinds of held-out text: labelled texts that were drawn at random, each scored by a model that was trained
without its force (leave-one-force-out); and plain sentences bundled with the program, whose label is beyond doubt. A
trained model is used only if it does at least as well on both, and there are enough labelled texts to decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy.special import logit

from assay.text.classifier import LabelledText, Model
from assay.text.classifier.classifier_quality import area_under_curve
from assay.text.classifier.classifier_training import TrainedModel
from assay.text.data import read_data
from assay.workflows.reading.model_teaching import RULES_SUFFIX
from assay.workflows.reading.starting_models import Models, load_starting_models
from assay.workflows.reading.text_readers import build_reader

LOOK = "full"
MIN_TEXTS = 20
"""Minimum number of held-out labelled texts with a positive answer, and with a negative answer."""
Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Performance:
    """The performance of a model on texts: area under the ROC curve, sensitivity and specificity."""

    area: float
    found: float
    passed: float

    @property
    def balanced(self) -> float:
        """Return the balanced accuracy: the mean of sensitivity and specificity."""
        return (self.found + self.passed) / 2

    def summary(self) -> str:
        """Return the performance in one phrase."""
        return f"area {self.area:.2f}, finds {self.found:.0%}, rightly passes over {self.passed:.0%}"


@dataclass(frozen=True)
class Comparison:
    """The performance of both models on held-out labelled texts and on plain sentences."""

    positives: int
    negatives: int
    trained: Performance | None
    starting: Performance | None
    plain_trained: int
    plain_starting: int
    plain: int

    @property
    def rejection_reason(self) -> str:
        """Return why the trained model is not used; '' if it is used."""
        if self.trained is None or self.starting is None:
            return (
                f"{self.positives} randomly drawn texts are labelled yes and {self.negatives} no, and a "
                f"comparison needs {MIN_TEXTS} of each"
            )
        if self.trained.area < self.starting.area or self.trained.balanced < self.starting.balanced:
            return (
                f"on {self.positives + self.negatives} labelled texts of held-out forces it is worse "
                f"({self._performance_text()})"
            )
        if self.plain_trained < self.plain_starting:
            return (f"of {self.plain} plain sentences it gets {self.plain_trained} right, "
                    f"the starting model {self.plain_starting}")  # fmt: skip
        return ""

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison for the card of the model."""
        result = {
            "used": not self.rejection_reason,
            "why": self.rejection_reason,
            "saying": self.positives,
            "others": self.negatives,
        }
        result |= {name: vars(performance) if performance else None for name, performance in self._models().items()}
        return result | {"plain": {"of": self.plain, "taught": self.plain_trained, "starting": self.plain_starting}}

    def summary(self) -> str:
        """Return which model is used and why, for a person."""
        if self.rejection_reason:
            return f"Not used: {self.rejection_reason}. The starting model stays."
        texts = f"{self.positives + self.negatives} labelled texts of forces left out"
        return f"Used: on {texts} it does at least as well ({self._performance_text()})."

    def _performance_text(self) -> str:
        phrases = [
            f"{name} model: {performance.summary()}" for name, performance in self._models().items() if performance
        ]
        return "; ".join(phrases)

    def _models(self) -> dict[str, Performance | None]:
        return {"taught": self.trained, "starting": self.starting}


def compare_models(
    question: str, model: Model, trained: TrainedModel, texts: Sequence[LabelledText], random_mask: Flags
) -> Comparison:
    """Compare a trained model with the starting model on held-out texts (leave-one-force-out)."""
    starting = load_starting_models(by_meaning=False)
    labels = np.array([item.label for item in texts], bool)
    positives, negatives = int((labels & random_mask).sum()), int((~labels & random_mask).sum())
    trained_performance = starting_performance = None
    if min(positives, negatives) >= MIN_TEXTS:
        trained_performance = _measure_performance(
            _leave_one_force_out_odds(question, model, trained)[random_mask], labels[random_mask]
        )
        starting_performance = _measure_performance(
            _log_odds(question, starting, [item.text for item in texts])[random_mask], labels[random_mask]
        )
    sentences, sentence_labels = plain_sentences(question)
    trained_models = (
        Models(model, starting.unflagged_model) if question == "blaming" else Models(starting.blaming_model, model)
    )
    correct_counts = [
        int(((_log_odds(question, item, sentences) >= 0) == sentence_labels).sum())
        for item in (trained_models, starting)
    ]
    return Comparison(
        positives,
        negatives,
        trained_performance,
        starting_performance,
        correct_counts[0],
        correct_counts[1],
        len(sentences),
    )


@cache
def plain_sentences(question: str) -> tuple[tuple[str, ...], Flags]:
    """Return the plain sentences of a question, and the label of each."""
    data = read_data("plain_sentences.toml", "assay.workflows.reading")[question]
    labelled = [
        (text, is_positive) for is_positive, key in ((True, "says_it"), (False, "does_not")) for text in data[key]
    ]
    return tuple(text for text, _ in labelled), np.array([is_positive for _, is_positive in labelled], bool)


def _leave_one_force_out_odds(question: str, model: Model, taught: TrainedModel) -> Floats:
    """Return the log odds of each labelled text by a model trained without its force, for thresholds at 0."""
    if question == "blaming":
        return taught.unseen[f"{LOOK}{RULES_SUFFIX}"]
    return np.asarray(taught.unseen[LOOK] - float(logit(model.thresholds[LOOK])))


def _log_odds(question: str, models: Models, texts: Sequence[str]) -> Floats:
    """Return the log odds as a reader computes them."""
    if question != "blaming":
        return np.asarray(logit(np.clip(models.unflagged(texts), 1e-9, 1 - 1e-9)))
    parts = build_reader().parts(texts)
    columns = zip(
        *((text_parts.whole, text_parts.left, text_parts.rules, text_parts.taken_out) for text_parts in parts),
        strict=True,
    )
    return np.asarray(logit(np.clip(models.blaming(*columns), 1e-9, 1 - 1e-9)))


def _measure_performance(odds: Floats, labels: Flags) -> Performance:
    predicted = odds >= 0
    return Performance(
        round(area_under_curve(odds, labels), 4),
        round(float(predicted[labels].mean()), 4),
        round(float((~predicted[~labels]).mean()), 4),
    )
