"""A linear classifier: calibrated score of a text from hashed features and, if installed, sentence vectors.

A model has weights on features, calibrated so that about eight in ten of the test texts with score 0.8 are positive.
Its card states the training data and the quality on writers left out of training. It ranks texts for people to read and
decides nothing about a person. At another base rate its scores are not calibrated: see `force_calibration`.
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
from assay.text.classifier.concept_features import Concepts
from assay.text.classifier.feature_hashing import BITS
from assay.text.classifier.sentence_vectors import Vectors

Floats = np.ndarray[Any, np.dtype[np.float64]]
FORMAT = 1
BATCH_SIZE = 2_000
"""Number of texts scored at once."""


@dataclass(frozen=True)
class Linear:
    """Weights of shape (features,) and intercept (`added`), calibrated so that their sum is the log odds."""

    weights: np.ndarray[Any, np.dtype[np.float32]]
    added: float

    def odds(self, rows: sparse.csr_matrix) -> Floats:
        """Return the log odds of each row."""
        return np.asarray(rows @ self.weights, dtype=float) + self.added


@dataclass(frozen=True)
class Model:
    """A text classifier with a fast, a full and an extended set of features, each with its own weights.

    `quick` is for every record, `full` for candidates, `deep` for candidates if sentence vectors are installed.
    `thresholds`: score from which a text is positive, for `quick` (low, for high recall), `full` and `deep`.
    """

    key: str
    ideas: Concepts
    quick: Linear
    full: Linear
    deep: Linear
    thresholds: Mapping[str, float]
    card: Mapping[str, Any] = field(default_factory=dict)
    ensemble_weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Weights of the model and the rules by kind of features (`classifier_ensemble.EnsembleWeights`), if there are."""

    @cached_property
    def _features(self) -> Features:
        return Features(self.ideas)

    def quick_scores(self, texts: Sequence[str], rows: sparse.csr_matrix | None = None) -> Floats:
        """Return quick scores (0 to 1) of texts; `rows`: their `quick_rows`, if computed already."""
        return np.asarray(expit(self.quick.odds(classifier_features.quick_rows(texts) if rows is None else rows)))

    def scores(self, texts: Sequence[str], vectors: Vectors | None = None) -> Floats:
        """Return scores (0 to 1) of texts by the full features, and by sentence vectors if given."""
        return np.asarray(expit(self.odds(texts, vectors)))

    def odds(self, texts: Sequence[str], vectors: Vectors | None = None) -> Floats:
        """Return the log odds of texts (see `scores`)."""
        parts = [
            self._detailed_odds(texts[start : start + BATCH_SIZE], vectors)
            for start in range(0, len(texts), BATCH_SIZE)
        ]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _detailed_odds(self, texts: Sequence[str], vectors: Vectors | None) -> Floats:
        rows = self._features.full(texts)
        if vectors is None or not self.uses_vectors:
            return self.full.odds(rows)
        return self.deep.odds(classifier_features.append_vectors(rows, vectors.encode(texts)))

    def why(self, text: str, limit: int = 8) -> list[tuple[str, float]]:
        """Return the words and concepts of a text with the largest positive contributions to the log odds."""
        row = self._features.full([text])
        contributions = dict(zip(row.indices, row.data * self.full.weights[row.indices], strict=True))
        weights = {name: float(contributions.get(place, 0.0)) for place, name in self._features.feature_names(text)}
        ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
        return [(name, weight) for name, weight in ordered[:limit] if weight > 0]

    def save(self, path: Path) -> None:
        """Save the model as one file; the same model gives the same bytes."""
        arrays: dict[str, Any] = {}
        for name in ("quick", "full", "deep"):
            weights = getattr(self, name).weights
            places = np.flatnonzero(weights)
            arrays |= {f"{name}_places": places.astype(np.int32), f"{name}_weights": weights[places].astype(np.float16)}
        metadata = {"format": FORMAT, "key": self.key, "at": dict(self.thresholds), "card": dict(self.card)}
        metadata["together"] = {name: dict(weights) for name, weights in self.ensemble_weights.items()}
        metadata["added"] = {name: getattr(self, name).added for name in ("quick", "full", "deep")}
        metadata["ideas"] = {name: list(words) for name, words in self.ideas.words.items()}
        metadata["same"] = dict(self.ideas.synonyms)
        encoded = json.dumps(metadata, ensure_ascii=False, sort_keys=True).encode()
        np.savez_compressed(path, about=np.frombuffer(encoded, np.uint8), **arrays)

    @classmethod
    def load(cls, path: Path) -> Model:
        """Load a saved model; DefinitionError if the file is not a model or has another format."""
        try:
            with np.load(path, allow_pickle=False) as archive:
                metadata = json.loads(archive["about"].tobytes())
                arrays = {name: archive[name] for name in archive.files if name != "about"}
        except (OSError, ValueError, KeyError) as error:
            raise DefinitionError(f"{path.name} is not a readable model. Train it again: assay text train") from error
        if metadata.get("format") != FORMAT:
            raise DefinitionError(f"{path.name} is of format {metadata.get('format')}; this program reads {FORMAT}.")
        ideas = Concepts({name: tuple(words) for name, words in metadata["ideas"].items()}, metadata["same"])
        linear = {name: _linear(arrays, name, metadata["added"][name]) for name in ("quick", "full", "deep")}
        return cls(
            metadata["key"],
            ideas,
            **linear,
            thresholds=metadata["at"],
            card=metadata["card"],
            ensemble_weights=metadata["together"],
        )

    @cached_property
    def uses_vectors(self) -> bool:
        """True if the model was trained with sentence vectors; if not, encoding texts would change no score."""
        return bool(self.deep.weights[-Vectors.SIZE :].any())

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits of a hash of the weights, which identify the model in results."""
        digest = hashlib.sha256()
        for name in ("quick", "full", "deep"):
            digest.update(getattr(self, name).weights.astype(np.float16).tobytes())
        return digest.hexdigest()[:12]


SIZES = {"quick": 1 << BITS, "full": 3 << BITS, "deep": (3 << BITS) + Vectors.SIZE}


def _linear(arrays: Mapping[str, np.ndarray[Any, Any]], name: str, added: float) -> Linear:
    weights = np.zeros(SIZES[name], np.float32)
    weights[arrays[f"{name}_places"]] = arrays[f"{name}_weights"]
    return Linear(weights, added)
