"""How is a model taught, and how well does it do on writers that it has not read?

Texts come with who wrote them. Each writer is left out in turn, a model is taught by the others, and what it says of
the one left out is the only thing that thresholds, calibration and the card are made from: within one writer a model
partly learns a style. The model that is kept is taught by all.
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
from assay.text.classifier.classifier_quality import Told, quality
from assay.text.classifier.concept_features import Ideas
from assay.text.classifier.linear_classifier import Floats, Linear, Model
from assay.text.classifier.sentence_vectors import Vectors

LOOSE = 10.0
"""Inverse strength of the ridge penalty."""
KEEP = 0.98
"""Share of what is to be found that the quick look may not lose among writers left out."""
PRECISE = 0.80
"""The precision that the calling threshold aims at, among writers left out."""
FEWEST_TEXTS, FEWEST_WRITERS = 40, 2


@dataclass(frozen=True)
class Labelled:
    """One text, whether it says what is looked for, of which kind it is (for the card), and who wrote it; `left`: what
    rules leave of it, where rules were asked."""

    text: str
    says: bool
    kind: str = ""
    writer: str = ""
    left: str | None = None


@dataclass(frozen=True)
class Taught:
    """A model; and by look the logarithm of the odds of each text, and of what is `left` of it, by a model that its
    writer had no part in."""

    model: Model
    unseen: Mapping[str, Floats]
    unseen_left: Mapping[str, Floats]


def train(
    key: str,
    ideas: Ideas,
    texts: Sequence[Labelled],
    vectors: Vectors | None = None,
    start: Model | None = None,
) -> Taught:
    """A model taught by these texts, with its card; without `vectors` its deep look is the full one.

    `start`: a model of the same ideas that the new one goes on from. What it says of a text is one more feature, so
    that few texts teach what they add and do not make it forget the rest.
    UsageError for fewer than 40 texts, one writer, or texts that are all of one label, also once a writer is left out.
    """
    _enough(texts)
    says = np.array([one.says for one in texts])
    writers = np.array([one.writer for one in texts])
    looks = _looks(ideas, [one.text for one in texts], vectors)
    left = _looks(ideas, [one.left if one.left is not None else one.text for one in texts], vectors)
    linear, at, quality_of, unseen_of, left_of = {}, {}, {}, {}, {}
    for name, plain_rows in looks.items():
        before = _before(start, name, bool(vectors))
        rows, rows_left = _with_before(plain_rows, before), _with_before(left[name], before)
        unseen, unseen_left = _left_out(rows, rows_left, says, writers)
        slope, shift = _calibration(unseen, says)
        unseen_of[name], left_of[name] = slope * unseen + shift, slope * unseen_left + shift
        linear[name] = _fit(rows, says, slope, shift, before)
        told = Told(expit(unseen_of[name]), says, tuple(one.kind for one in texts))
        at[name] = told.keeping(KEEP) if name == "quick" else told.precise(PRECISE)
        quality_of[name] = quality(told, at[name])
    if not vectors:
        nothing = np.zeros(Vectors.SIZE, np.float32)
        linear["deep"] = Linear(np.append(linear["full"].weights, nothing), linear["full"].added)
    model = Model(
        key, ideas, linear["quick"], linear["full"], linear["deep"], at, _card(texts, quality_of, bool(vectors))
    )
    return Taught(model, unseen_of, left_of)


def _looks(ideas: Ideas, written: Sequence[str], vectors: Vectors | None) -> dict[str, sparse.csr_matrix]:
    full = Features(ideas).full(written)
    deep = classifier_features.beside(full, vectors.of(written)) if vectors else full
    return {"quick": classifier_features.quick(written), "full": full, "deep": deep}


def _enough(texts: Sequence[Labelled]) -> None:
    if len(texts) < FEWEST_TEXTS or len({one.says for one in texts}) < 2:
        raise UsageError(f"A model is taught by at least {FEWEST_TEXTS} texts, some that say it and some that do not.")
    if len({one.writer for one in texts}) < FEWEST_WRITERS:
        raise UsageError("Texts by one writer teach a style. Label texts by at least two.")
    for writer in {one.writer for one in texts}:
        if len({one.says for one in texts if one.writer != writer}) < 2:
            raise UsageError(
                "Each writer's texts are left out in turn, and one writer alone wrote all that say it, or all that do "
                "not. Label texts by more writers."
            )


def _fitted(rows: sparse.csr_matrix, says: np.ndarray[Any, Any]) -> LogisticRegression:
    return LogisticRegression(C=LOOSE, class_weight="balanced", max_iter=3000).fit(rows, says)


def _left_out(
    rows: sparse.csr_matrix, left: sparse.csr_matrix, says: np.ndarray[Any, Any], writers: np.ndarray[Any, Any]
) -> tuple[Floats, Floats]:
    """For each text, and for what is left of it, the logarithm of the odds by a model not taught by its writer."""
    odds, of_left = np.zeros(len(says)), np.zeros(len(says))
    for writer in sorted(set(writers)):
        own = writers == writer
        model = _fitted(rows[~own], says[~own])
        odds[own], of_left[own] = model.decision_function(rows[own]), model.decision_function(left[own])
    return odds, of_left


def _calibration(odds: Floats, says: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Platt's slope and shift."""
    platt = LogisticRegression(C=1e6).fit(odds[:, None], says)
    return float(platt.coef_[0, 0]), float(platt.intercept_[0])


def _before(start: Model | None, look: str, by_meaning: bool) -> Linear | None:
    """The part of the starting model that takes the same look."""
    if start is None:
        return None
    return {"quick": start.quick, "full": start.full, "deep": start.deep if by_meaning else start.full}[look]


def _with_before(rows: sparse.csr_matrix, before: Linear | None) -> sparse.csr_matrix:
    """Rows with one more column: what the starting model says of each, as the logarithm of the odds."""
    if before is None:
        return rows
    return sparse.hstack([rows, sparse.csr_matrix(before.odds(rows)[:, None])], format="csr")


def _fit(
    rows: sparse.csr_matrix, says: np.ndarray[Any, Any], slope: float, shift: float, before: Linear | None
) -> Linear:
    kept = _fitted(rows, says)
    weights, added = slope * kept.coef_[0], slope * kept.intercept_[0] + shift
    if before is not None:
        # The last column is itself a sum of weights, so that the two sums are one again.
        weights, counts = weights[:-1], weights[-1]
        weights, added = weights + counts * before.weights, added + counts * before.added
    return Linear(weights.astype(np.float16).astype(np.float32) + 0.0, float(added))  # no minus nothing


def _card(texts: Sequence[Labelled], quality_of: Mapping[str, Any], deep: bool) -> dict[str, Any]:
    by_kind: dict[str, int] = {}
    for one in texts:
        by_kind[one.kind] = by_kind.get(one.kind, 0) + 1
    return {
        "texts": len(texts),
        "saying": sum(one.says for one in texts),
        "writers": len({one.writer for one in texts}),
        "kinds": dict(sorted(by_kind.items())),
        "unseen_writers": quality_of if deep else {name: quality_of[name] for name in ("quick", "full")},
    }
