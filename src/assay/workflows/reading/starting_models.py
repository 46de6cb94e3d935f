"""The starting models as what a reader asks: does this text blame the child, and does it tell of exploitation?"""

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
from assay.text.classifier.classifier_ensemble import NOTHING_LEFT, Together
from assay.text.classifier.classifier_features import quick

BLAMING = ("assay.indicators.catalogue.attitudes.data", "blaming.npz")
UNFLAGGED = ("assay.indicators.catalogue.scale.data", "unflagged.npz")
NAMES = ("blaming", "unflagged")
SET_APART = "set_apart"
"""Where the card of a taught model says how it does on texts set apart, and whether it is used."""
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Models:
    """Two models, and sentence vectors where they are installed. Scores are moved so that 0.5 is where it is called."""

    blaming_model: Model
    unflagged_model: Model
    vectors: Vectors | None = None

    @property
    def look(self) -> str:
        """Which look the models take: "full" by words, "deep" by meaning too."""
        return "deep" if self.vectors else "full"

    @property
    def told(self) -> str:
        """Which models gave an answer: a result is the same only with the same models and look."""
        return f"{self.blaming_model.fingerprint} {self.unflagged_model.fingerprint} {self.look}"

    def blaming(
        self, whole: Sequence[str], left: Sequence[str], rules: Sequence[float], taken_out: Sequence[float]
    ) -> Floats:
        """Scores of whole texts, given what rules left of each, made of it, and which share of it they took out."""
        together = Together(**self.blaming_model.together[self.look])
        of_whole = self.blaming_model.odds(whole, self.vectors)
        of_left = np.full(len(left), NOTHING_LEFT)
        same = [place for place, one in enumerate(left) if one == whole[place]]
        changed = [place for place, one in enumerate(left) if one and one != whole[place]]
        of_left[same] = of_whole[same]
        of_left[changed] = self.blaming_model.odds([left[place] for place in changed], self.vectors)
        return np.asarray(expit(together.odds(of_whole, of_left, np.asarray(rules), np.asarray(taken_out))))

    def quick(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Scores of texts by single words and pairs of words alone: of blame, and of exploitation."""
        rows = quick(texts)
        return self.blaming_model.quick_scores(texts, rows), self.unflagged_model.quick_scores(texts, rows)

    @property
    def quick_lines(self) -> tuple[float, float]:
        """From which quick scores on few of those that say it were lost, among writers left out."""
        return self.blaming_model.at["quick"], self.unflagged_model.at["quick"]

    def sentences(self, texts: Sequence[str]) -> Floats:
        """Scores of single sentences, to show where in a text it stands."""
        return self.blaming_model.scores(texts, self.vectors)

    def unflagged(self, texts: Sequence[str]) -> Floats:
        """Scores of whole texts."""
        line = float(logit(self.unflagged_model.at[self.look]))
        return np.asarray(expit(self.unflagged_model.odds(texts, self.vectors) - line))


def starting_models(*, by_meaning: bool | None = None) -> Models:
    """The models that travel with the program; by meaning too if sentence vectors are installed, unless it is said."""
    vectors = Vectors.load() if (Vectors.installed() if by_meaning is None else by_meaning) else None
    return Models(starting_model(*BLAMING), starting_model(*UNFLAGGED), vectors)


def models_of(taught: Path | None) -> Models:
    """The starting models, and in their place what a folder of labels taught and does at least as well, by words alone;
    UsageError where nothing was taught."""
    if taught is None:
        return starting_models()
    if not any(path.is_file() for name in NAMES for path in (used_path(taught, name), aside_path(taught, name))):
        raise UsageError(f"{taught} holds no model yet. Teach one first: assay label teach.")
    start = starting_models(by_meaning=False)
    blaming, unflagged = (taught_model(taught, name) for name in NAMES)
    return Models(blaming or start.blaming_model, unflagged or start.unflagged_model)


def used_path(folder: Path, question: str) -> Path:
    """Where a taught model lies that is used in the place of the starting model."""
    return folder / f"{question}.npz"


def aside_path(folder: Path, question: str) -> Path:
    """Where a taught model lies that is not used."""
    return folder / f"{question}-not-used.npz"


def put_aside(folder: Path, question: str) -> None:
    """Use the starting model, and keep what was taught beside it."""
    if used_path(folder, question).is_file():
        used_path(folder, question).replace(aside_path(folder, question))


def taught_model(folder: Path, question: str) -> Model | None:
    """What the labels of a folder taught, if its card says that it does at least as well as the starting model."""
    path = used_path(folder, question)
    model = Model.load(path) if path.is_file() else None
    return model if model and model.card.get(SET_APART, {}).get("used") else None


def why_starting(folder: Path) -> list[str]:
    """One sentence for each question of which something was taught and the starting model is used all the same."""
    said = []
    for name in NAMES:
        path = next((one for one in (used_path(folder, name), aside_path(folder, name)) if one.is_file()), None)
        if path and taught_model(folder, name) is None:
            told = Model.load(path).card.get(SET_APART, {})
            why = told.get("why") or "labels were taken back since, or it was never compared"
            said.append(f"The starting model of {name} is used, not the taught one: {why}.")
    return said


def starting_model(package: str, name: str) -> Model:
    """One model that travels with the program, as `BLAMING` or `UNFLAGGED` names it."""
    with as_file(files(package) / name) as path:
        return Model.load(path)
