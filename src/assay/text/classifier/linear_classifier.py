"""How likely is it that a text says what a model was taught to look for?

A model is weights on features, calibrated so that of the texts scored 0.8 about eight in ten of those it was tried on
do say it; what it was taught by and how well it did on writers it had not seen stand on its card. It ranks texts for
people to read. It decides nothing about a person, and at another base rate its scores mean less: see `local`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import expit

from assay.errors import DefinitionError
from assay.text.classifier import classifier_features
from assay.text.classifier.classifier_features import Features
from assay.text.classifier.concept_features import Ideas
from assay.text.classifier.feature_hashing import BITS
from assay.text.classifier.sentence_vectors import Vectors

Floats = np.ndarray[Any, np.dtype[np.float64]]
FORMAT = 1
AT_ONCE = 2_000
"""Texts that are scored at once."""


@dataclass(frozen=True)
class Linear:
    """Weights (features,) and what is added; calibrated, so that their sum is the logarithm of the odds."""

    weights: np.ndarray[Any, np.dtype[np.float32]]
    added: float

    def odds(self, rows: sparse.csr_matrix) -> Floats:
        """The logarithm of the odds of each row."""
        return np.asarray(rows @ self.weights, dtype=float) + self.added


@dataclass(frozen=True)
class Model:
    """`quick` for every record, `full` for candidates, `deep` for candidates where sentence vectors are installed.

    `at`: the score from which a text is called, of `quick` (so low that few are lost), `full` and `deep`.
    """

    key: str
    ideas: Ideas
    quick: Linear
    full: Linear
    deep: Linear
    at: Mapping[str, float]
    card: Mapping[str, Any] = field(default_factory=dict)
    together: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By look: how much the model counts beside rules (`together.Together`); empty where there are none."""

    @cached_property
    def _features(self) -> Features:
        return Features(self.ideas)

    def quick_scores(self, texts: Sequence[str], rows: sparse.csr_matrix | None = None) -> Floats:
        """A score (0 to 1) of each text by its words alone; `rows` if `features.quick` has been worked out already."""
        return np.asarray(expit(self.quick.odds(classifier_features.quick(texts) if rows is None else rows)))

    def scores(self, texts: Sequence[str], vectors: Vectors | None = None) -> Floats:
        """A score (0 to 1) of each text by the full look, and by its meaning where `vectors` are given."""
        return np.asarray(expit(self.odds(texts, vectors)))

    def odds(self, texts: Sequence[str], vectors: Vectors | None = None) -> Floats:
        """The same as the logarithm of the odds."""
        parts = [self._some(texts[start : start + AT_ONCE], vectors) for start in range(0, len(texts), AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _some(self, texts: Sequence[str], vectors: Vectors | None) -> Floats:
        rows = self._features.full(texts)
        if vectors is None:
            return self.full.odds(rows)
        return self.deep.odds(classifier_features.beside(rows, vectors.of(texts)))

    def why(self, text: str, most: int = 8) -> list[tuple[str, float]]:
        """The words and ideas of a text that weigh most for it, by how much each adds to the logarithm of the odds."""
        row = self._features.full([text])
        held = dict(zip(row.indices, row.data * self.full.weights[row.indices], strict=True))
        named = {name: float(held.get(place, 0.0)) for place, name in self._features.named(text)}
        most_first = sorted(named.items(), key=lambda one: (-one[1], one[0]))
        return [(name, weight) for name, weight in most_first[:most] if weight > 0]

    def save(self, path: Path) -> None:
        """As one file: the same model is the same bytes."""
        arrays: dict[str, Any] = {}
        for name in ("quick", "full", "deep"):
            weights = getattr(self, name).weights
            places = np.flatnonzero(weights)
            arrays |= {f"{name}_places": places.astype(np.int32), f"{name}_weights": weights[places].astype(np.float16)}
        about = {"format": FORMAT, "key": self.key, "at": dict(self.at), "card": dict(self.card)}
        about["together"] = {name: dict(weights) for name, weights in self.together.items()}
        about["added"] = {name: getattr(self, name).added for name in ("quick", "full", "deep")}
        about["ideas"] = {name: list(words) for name, words in self.ideas.words.items()}
        about["same"] = dict(self.ideas.same)
        told = json.dumps(about, ensure_ascii=False, sort_keys=True).encode()
        np.savez_compressed(path, about=np.frombuffer(told, np.uint8), **arrays)

    @classmethod
    def load(cls, path: Path) -> Model:
        """A model as it was saved; DefinitionError if the file is none, or of another format."""
        try:
            with np.load(path, allow_pickle=False) as held:
                about = json.loads(held["about"].tobytes())
                arrays = {name: held[name] for name in held.files if name != "about"}
        except (OSError, ValueError, KeyError) as why:
            raise DefinitionError(f"{path.name} is not a model that can be read. Write it again.") from why
        if about.get("format") != FORMAT:
            raise DefinitionError(f"{path.name} is of format {about.get('format')}; this program reads {FORMAT}.")
        ideas = Ideas({name: tuple(words) for name, words in about["ideas"].items()}, about["same"])
        linear = {name: _linear(arrays, name, about["added"][name]) for name in ("quick", "full", "deep")}
        return cls(about["key"], ideas, **linear, at=about["at"], card=about["card"], together=about["together"])

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits by which a result says which model it came from."""
        told = hashlib.sha256()
        for name in ("quick", "full", "deep"):
            told.update(getattr(self, name).weights.astype(np.float16).tobytes())
        return told.hexdigest()[:12]


SIZES = {"quick": 1 << BITS, "full": 3 << BITS, "deep": (3 << BITS) + Vectors.SIZE}


def _linear(arrays: Mapping[str, np.ndarray[Any, Any]], name: str, added: float) -> Linear:
    weights = np.zeros(SIZES[name], np.float32)
    weights[arrays[f"{name}_places"]] = arrays[f"{name}_weights"]
    return Linear(weights, added)
