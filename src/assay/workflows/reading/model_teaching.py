"""What do labelled texts teach a model, beside what rules make of them, and how well does it do?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import expit

from assay.text.classifier import Ideas, Labelled, Model, Vectors, train
from assay.text.classifier.classifier_ensemble import NOTHING_LEFT, fitted
from assay.text.classifier.classifier_quality import quality
from assay.text.classifier.classifier_training import Taught
from assay.workflows.reading.text_readers import reader

QUICK = "quick"
BESIDE = ", beside rules"


def taught_by(
    question: str,
    ideas: Ideas,
    texts: Sequence[Labelled],
    vectors: Vectors | None = None,
    start: Model | None = None,
) -> tuple[Model, Taught]:
    """A model of a question, of blame with what it counts beside rules; and how it did on writers left out. `start`:
    the model that it goes on from."""
    if question != "blaming":
        taught = train(question, ideas, texts, vectors, start)
        return taught.model, taught
    told, parts = by_rules(texts)
    taught = train(question, ideas, told, vectors, start)
    model, unseen = beside_rules(taught, told, parts)
    return model, replace(taught, unseen={**taught.unseen, **unseen})


def by_rules(texts: Sequence[Labelled]) -> tuple[list[Labelled], list[np.ndarray[Any, Any]]]:
    """The texts with what rules leave of each; and what rules make of each, and the share of it that they take out."""
    parts = reader().parts([one.text for one in texts])
    left = [replace(one, left=part.left) for one, part in zip(texts, parts, strict=True)]
    return left, [np.array([part.rules for part in parts]), np.array([part.taken_out for part in parts])]


def beside_rules(
    taught: Taught, texts: list[Labelled], told: list[np.ndarray[Any, Any]]
) -> tuple[Model, dict[str, np.ndarray[Any, Any]]]:
    """The model with what it counts beside rules, by look, and how well both together do; and the logarithm of the odds
    of each text by weights that its writer had no part in, 0 where it is called."""
    says, writers = np.array([one.says for one in texts]), np.array([one.writer for one in texts])
    nothing = np.array([not one.left for one in texts])
    together, card, unseen = {}, dict(taught.model.card), {}
    for look in (name for name in taught.unseen if name != QUICK):
        left = np.where(nothing, NOTHING_LEFT, taught.unseen_left[look])
        weights, scores = fitted([taught.unseen[look], left, *told], says, writers)
        together[look] = weights.as_dict()
        unseen[f"{look}{BESIDE}"] = scores.scores
        found = replace(scores, scores=expit(scores.scores), kinds=[one.kind for one in texts])
        card["unseen_writers"] = card["unseen_writers"] | {f"{look}{BESIDE}": quality(found, 0.5)}
    return replace(taught.model, together=together, card=card), unseen
