"""Load the starting models of both questions: does the text blame the child, and does it report exploitation?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit, logit

from assay.errors import UsageError
from assay.text.classifier import Model, Vectors
from assay.text.classifier.classifier_ensemble import NOTHING_LEFT, EnsembleWeights
from assay.text.classifier.classifier_features import quick_rows

BLAMING = ("assay.indicators.catalogue.attitudes.data", "blaming.npz")
UNFLAGGED = ("assay.indicators.catalogue.scale.data", "unflagged.npz")
NAMES = ("blaming", "unflagged")
HOLDOUT = "set_apart"
"""Key of a model card with the performance on held-out texts, and whether the model is used."""
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Models:
    """The models for blame and exploitation, with sentence vectors if installed; the score threshold is 0.5."""

    blaming_model: Model
    unflagged_model: Model
    vectors: Vectors | None = None

    @property
    def look(self) -> str:
        """Return which features the models use: "full" for words, "deep" for sentence vectors too."""
        return "deep" if self.vectors else "full"

    @property
    def description(self) -> str:
        """Return which models gave an answer; results are comparable only for the same models and features."""
        return f"{self.blaming_model.fingerprint} {self.unflagged_model.fingerprint} {self.look}"

    def blaming(
        self,
        whole: Sequence[str],
        remaining_texts: Sequence[str],
        rule_scores: Sequence[float],
        removed_shares: Sequence[float],
    ) -> Floats:
        """Return scores of whole texts, from the text left by the rules, the rule score and the removed share."""
        combined_weights = EnsembleWeights(**self.blaming_model.ensemble_weights[self.look])
        whole_odds = self.blaming_model.odds(whole, self.vectors)
        remaining_odds = np.full(len(remaining_texts), NOTHING_LEFT)
        unchanged = [position for position, text in enumerate(remaining_texts) if text == whole[position]]
        changed = [position for position, text in enumerate(remaining_texts) if text and text != whole[position]]
        remaining_odds[unchanged] = whole_odds[unchanged]
        remaining_odds[changed] = self.blaming_model.odds(
            [remaining_texts[position] for position in changed], self.vectors
        )
        return np.asarray(
            expit(
                combined_weights.odds(whole_odds, remaining_odds, np.asarray(rule_scores), np.asarray(removed_shares))
            )
        )

    def quick(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Return two quick scores of each text, by single words and word pairs alone: blame, and exploitation."""
        rows = quick_rows(texts)
        return self.blaming_model.quick_scores(texts, rows), self.unflagged_model.quick_scores(texts, rows)

    @property
    def quick_lines(self) -> tuple[float, float]:
        """Return the quick scores above which almost all positive texts lie, measured on held-out writers."""
        return self.blaming_model.thresholds["quick"], self.unflagged_model.thresholds["quick"]

    def sentences(self, texts: Sequence[str]) -> Floats:
        """Return scores of single sentences, to show the relevant passages of a text."""
        return self.blaming_model.scores(texts, self.vectors)

    def unflagged(self, texts: Sequence[str]) -> Floats:
        """Score how likely each whole text is to describe exploitation that is not flagged; 0.5 is the threshold."""
        threshold = float(logit(self.unflagged_model.thresholds[self.look]))
        return np.asarray(expit(self.unflagged_model.odds(texts, self.vectors) - threshold))


def load_starting_models(*, by_meaning: bool | None = None) -> Models:
    """Load the bundled models, with sentence vectors if they are installed and not declined."""
    vectors = Vectors.load() if (Vectors.installed() if by_meaning is None else by_meaning) else None
    return Models(load_starting_model(*BLAMING), load_starting_model(*UNFLAGGED), vectors)


def load_models(taught: Path | None) -> Models:
    """Return the starting models, each replaced by a trained model that does at least as well."""
    if taught is None:
        return load_starting_models()
    if not any(path.is_file() for name in NAMES for path in (used_path(taught, name), unused_path(taught, name))):
        raise UsageError(f"{taught} holds no model yet. Train one first: assay text train")
    starting = load_starting_models(by_meaning=False)
    blaming, unflagged = (load_trained_model(taught, name) for name in NAMES)
    return Models(blaming or starting.blaming_model, unflagged or starting.unflagged_model)


def used_path(folder: Path, question: str) -> Path:
    """Return the path of a trained model that replaces the starting model."""
    return folder / f"{question}.npz"


def unused_path(folder: Path, question: str) -> Path:
    """Return the path of a trained model that is not used."""
    return folder / f"{question}-not-used.npz"


def stop_using(folder: Path, question: str) -> None:
    """Use the starting model again, and keep the trained model beside it."""
    if used_path(folder, question).is_file():
        used_path(folder, question).replace(unused_path(folder, question))


def load_trained_model(folder: Path, question: str) -> Model | None:
    """Return the trained model of a folder if its card says that it does at least as well as the starting model."""
    path = used_path(folder, question)
    model = Model.load(path) if path.is_file() else None
    return model if model and model.card.get(HOLDOUT, {}).get("used") else None


def rejection_reasons(folder: Path) -> list[str]:
    """Return a sentence for each question whose trained model is not used."""
    sentences = []
    for name in NAMES:
        path = next(
            (model_path for model_path in (used_path(folder, name), unused_path(folder, name)) if model_path.is_file()),
            None,
        )
        if path and load_trained_model(folder, name) is None:
            comparison = Model.load(path).card.get(HOLDOUT, {})
            why = comparison.get("why") or "labels were taken back since then, or it was never compared"
            sentences.append(f"The starting model of {name} is used, not the trained model: {why}.")
    return sentences


def load_starting_model(package: str, name: str) -> Model:
    """Load one bundled model, by the name `BLAMING` or `UNFLAGGED`."""
    with as_file(files(package) / name) as path:
        return Model.load(path)
