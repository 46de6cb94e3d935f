"""Train a model on labelled texts for use together with the rules, and report its performance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import expit

from assay.text.classifier import Concepts, LabelledText, Model, Vectors, train
from assay.text.classifier.classifier_ensemble import NOTHING_LEFT, fit_ensemble
from assay.text.classifier.classifier_quality import quality
from assay.text.classifier.classifier_training import TrainedModel
from assay.workflows.reading.text_readers import build_reader

QUICK = "quick"
RULES_SUFFIX = ", beside rules"


def train_with_rules(
    question: str,
    ideas: Concepts,
    texts: Sequence[LabelledText],
    vectors: Vectors | None = None,
    starting: Model | None = None,
) -> tuple[Model, TrainedModel]:
    """Train a model of a question; for blame, also the weights that combine it with the rules."""
    if question != "blaming":
        taught = train(question, ideas, texts, vectors, starting)
        return taught.model, taught
    remaining_texts, parts = rule_features(texts)
    taught = train(question, ideas, remaining_texts, vectors, starting)
    model, unseen = fit_with_rules(taught, remaining_texts, parts)
    return model, replace(taught, unseen={**taught.unseen, **unseen})


def rule_features(texts: Sequence[LabelledText]) -> tuple[list[LabelledText], list[np.ndarray[Any, Any]]]:
    """Return each text without the passages that the rules cover, its rule score, and the share of the text removed."""
    parts = build_reader().parts([labelled.text for labelled in texts])
    remaining_texts = [replace(labelled, left=part.left) for labelled, part in zip(texts, parts, strict=True)]
    return remaining_texts, [np.array([part.rules for part in parts]), np.array([part.taken_out for part in parts])]


def fit_with_rules(
    taught: TrainedModel, texts: list[LabelledText], rule_values: list[np.ndarray[Any, Any]]
) -> tuple[Model, dict[str, np.ndarray[Any, Any]]]:
    """Return the model with the weights that combine it with the rules, and log odds on unseen writers."""
    labels = np.array([labelled.label for labelled in texts])
    writers = np.array([labelled.writer for labelled in texts])
    kinds = [labelled.kind for labelled in texts]
    is_empty = np.array([not labelled.left for labelled in texts])
    combined_weights, card, unseen = {}, dict(taught.model.card), {}
    for look in (name for name in taught.unseen if name != QUICK):
        remaining_odds = np.where(is_empty, NOTHING_LEFT, taught.unseen_left[look])
        weights, scores = fit_ensemble([taught.unseen[look], remaining_odds, *rule_values], labels, writers, kinds)
        combined_weights[look] = weights.as_dict()
        unseen[f"{look}{RULES_SUFFIX}"] = scores.scores
        performance = replace(scores, scores=expit(scores.scores))
        card["unseen_writers"] = card["unseen_writers"] | {f"{look}{RULES_SUFFIX}": quality(performance, 0.5)}
    return replace(taught.model, ensemble_weights=combined_weights, card=card), unseen
