"""Train a classifier, and evaluate it by leaving out one writer at a time.

Each text has a writer. Each writer is left out in turn and a model is trained on the others; thresholds, calibration
and the model card use only the scores of the writer left out, because within one writer a model partly learns a style.
The final model is trained on all texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from assay.errors import UsageError
from assay.text.classifier import classifier_features
from assay.text.classifier.classifier_features import Features
from assay.text.classifier.classifier_quality import ScoredTexts, quality
from assay.text.classifier.concept_features import Concepts
from assay.text.classifier.linear_classifier import Floats, Linear, Model
from assay.text.classifier.sentence_vectors import Vectors

INVERSE_REGULARISATION = 10.0
"""Inverse strength of the ridge penalty."""
QUICK_RECALL = 0.98
"""Target recall of the quick score, among writers left out."""
MIN_PRECISION = 0.80
"""Target precision of the threshold, among writers left out."""
MIN_TEXTS, MIN_WRITERS = 40, 2


@dataclass(frozen=True)
class LabelledText:
    """A text with its label, kind and writer; `left` is the text without the passages that the rules cover, if they
    cover any."""

    text: str
    label: bool
    kind: str = ""
    writer: str = ""
    left: str | None = None


@dataclass(frozen=True)
class TrainedModel:
    """A trained model, and the leave-one-writer-out log odds of its training texts, by kind of features.

    `unseen`: log odds of each text; `unseen_left`: of the part that the rules left.
    """

    model: Model
    unseen: Mapping[str, Floats]
    unseen_left: Mapping[str, Floats]


def train(
    key: str,
    ideas: Concepts,
    texts: Sequence[LabelledText],
    vectors: Vectors | None = None,
    start: Model | None = None,
) -> TrainedModel:
    """Train a model on these texts, with its model card; without `vectors` it has no features from sentence vectors.

    `start`: a model with the same concepts from which training continues. Its score is one more feature, so that a few
    texts add to it without replacing it.
    UsageError for fewer than 40 texts, one writer, or texts of one label only, also if any writer is left out.
    """
    _check_enough_texts(texts)
    labels = np.array([example.label for example in texts])
    writers = np.array([example.writer for example in texts])
    looks = _looks(ideas, [example.text for example in texts], vectors)
    left = _looks(ideas, [example.left if example.left is not None else example.text for example in texts], vectors)
    linear, thresholds, quality_of, unseen_of, left_of = {}, {}, {}, {}, {}
    for name, plain_rows in looks.items():
        before = _starting_weights(start, name, bool(vectors))
        rows, rows_left = _append_start_scores(plain_rows, before), _append_start_scores(left[name], before)
        unseen, unseen_left = _leave_one_writer_out(rows, rows_left, labels, writers)
        slope, shift = _calibration(unseen, labels)
        unseen_of[name], left_of[name] = slope * unseen + shift, slope * unseen_left + shift
        linear[name] = _fit(rows, labels, slope, shift, before)
        scored = ScoredTexts(expit(unseen_of[name]), labels, tuple(example.kind for example in texts))
        thresholds[name] = (
            scored.threshold_for_recall(QUICK_RECALL)
            if name == "quick"
            else scored.threshold_for_precision(MIN_PRECISION)
        )
        quality_of[name] = quality(scored, thresholds[name])
    if not vectors:
        zeros = np.zeros(Vectors.SIZE, np.float32)
        linear["deep"] = Linear(np.append(linear["full"].weights, zeros), linear["full"].added)
    model = Model(
        key, ideas, linear["quick"], linear["full"], linear["deep"], thresholds, _card(texts, quality_of, bool(vectors))
    )
    return TrainedModel(model, unseen_of, left_of)


def _looks(ideas: Concepts, texts: Sequence[str], vectors: Vectors | None) -> dict[str, sparse.csr_matrix]:
    full = Features(ideas).full(texts)
    deep = classifier_features.append_vectors(full, vectors.encode(texts)) if vectors else full
    return {"quick": classifier_features.quick_rows(texts), "full": full, "deep": deep}


def _check_enough_texts(texts: Sequence[LabelledText]) -> None:
    if len(texts) < MIN_TEXTS or len({example.label for example in texts}) < 2:
        raise UsageError(f"Training needs at least {MIN_TEXTS} texts, some labelled yes and some no. Label more texts.")
    if len({example.writer for example in texts}) < MIN_WRITERS:
        raise UsageError(
            "All texts are by one writer, so a model would learn the style. Label texts by at least two writers."
        )
    for writer in {example.writer for example in texts}:
        if len({example.label for example in texts if example.writer != writer}) < 2:
            raise UsageError(
                "Validation leaves out each writer's texts in turn, but one writer wrote all texts labelled yes, "
                "or all labelled no. Label texts by more writers."
            )


def _logistic_regression(rows: sparse.csr_matrix, labels: np.ndarray[Any, Any]) -> LogisticRegression:
    return LogisticRegression(C=INVERSE_REGULARISATION, class_weight="balanced", max_iter=3000).fit(rows, labels)


def _leave_one_writer_out(
    rows: sparse.csr_matrix, left: sparse.csr_matrix, labels: np.ndarray[Any, Any], writers: np.ndarray[Any, Any]
) -> tuple[Floats, Floats]:
    """Return the log odds of each text by a model that was not trained on its writer (leave-one-writer-out)."""
    odds, left_odds = np.zeros(len(labels)), np.zeros(len(labels))
    for writer in sorted(set(writers)):
        writer_rows = writers == writer
        model = _logistic_regression(rows[~writer_rows], labels[~writer_rows])
        odds[writer_rows], left_odds[writer_rows] = (
            model.decision_function(rows[writer_rows]),
            model.decision_function(left[writer_rows]),
        )
    return odds, left_odds


def _calibration(odds: Floats, labels: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Return slope and intercept of Platt scaling."""
    platt = LogisticRegression(C=1e6).fit(odds[:, None], labels)
    return float(platt.coef_[0, 0]), float(platt.intercept_[0])


def _starting_weights(start: Model | None, look: str, by_meaning: bool) -> Linear | None:
    """Return the weights of the starting model for the same features."""
    if start is None:
        return None
    return {"quick": start.quick, "full": start.full, "deep": start.deep if by_meaning else start.full}[look]


def _append_start_scores(rows: sparse.csr_matrix, before: Linear | None) -> sparse.csr_matrix:
    """Append the log odds of the starting model as one more column."""
    if before is None:
        return rows
    return sparse.hstack([rows, sparse.csr_matrix(before.odds(rows)[:, None])], format="csr")


def _fit(
    rows: sparse.csr_matrix, labels: np.ndarray[Any, Any], slope: float, shift: float, before: Linear | None
) -> Linear:
    fitted = _logistic_regression(rows, labels)
    weights, added = slope * fitted.coef_[0], slope * fitted.intercept_[0] + shift
    if before is not None:
        # The last column is itself a linear score, so both linear models merge into one.
        weights, counts = weights[:-1], weights[-1]
        weights, added = weights + counts * before.weights, added + counts * before.added
    return Linear(weights.astype(np.float16).astype(np.float32) + 0.0, float(added))  # avoids -0.0


def _card(texts: Sequence[LabelledText], quality_of: Mapping[str, Any], deep: bool) -> dict[str, Any]:
    by_kind: dict[str, int] = {}
    for example in texts:
        by_kind[example.kind] = by_kind.get(example.kind, 0) + 1
    return {
        "texts": len(texts),
        "saying": sum(example.label for example in texts),
        "writers": len({example.writer for example in texts}),
        "kinds": dict(sorted(by_kind.items())),
        "unseen_writers": quality_of if deep else {name: quality_of[name] for name in ("quick", "full")},
    }
