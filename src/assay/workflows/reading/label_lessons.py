"""Train a model on labels, measure how far labellers agree (Gwet's AC1), and decide whether labelling may stop.

A model is trained on the texts on which raters agree, and validated by leaving out each force in turn, as if it were a
writer. Only texts drawn at random show how often it is right, and what a score means in each force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit

from assay.stats.agreement.agreement_coefficients import Agreement, agreement
from assay.stats.agreement.rating_table import Ratings
from assay.text.classifier import LabelledText, Model
from assay.text.classifier.active_learning import recall_is_reached
from assay.text.classifier.force_calibration import fit_by_force
from assay.text.classifier.model_cards import card
from assay.workflows.reading.holdout_test import Comparison, compare_models
from assay.workflows.reading.label_sampling import (
    LABEL_COLUMNS,
    LABEL_VALUES,
    LABELS,
    QUESTIONS,
    ROUND_COLUMNS,
    ROUNDS,
    Text,
    agreed_labels,
    read_rows,
)
from assay.workflows.reading.model_teaching import train_with_rules
from assay.workflows.reading.starting_models import HOLDOUT, load_starting_model, unused_path, used_path

LOOK = "full"
TARGET_RECALL = 0.7


@dataclass(frozen=True)
class TrainingResult:
    """A trained model with the labellers' agreement, and its performance and recall on held-out texts."""

    model: Path
    card: Path
    texts: int
    disagreed: int
    agreement: Agreement
    holdout: Comparison
    true_positives: int
    false_negatives: int

    @property
    def used(self) -> bool:
        """Return True if the model replaces the starting model."""
        return not self.holdout.rejection_reason

    @property
    def may_stop(self) -> bool:
        """Return True if the random sample shows that recall is high enough."""
        return recall_is_reached(self.true_positives, self.false_negatives, TARGET_RECALL)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        result = {"model": str(self.model), "card": str(self.card), "texts": self.texts, "disagreed": self.disagreed}
        result |= {"used": self.used, "set_apart": self.holdout.as_dict()}
        result |= {"agreement": self.agreement.value, "low": self.agreement.low, "high": self.agreement.high}
        return result | {"found": self.true_positives, "missed": self.false_negatives, "may_stop": self.may_stop}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        agreement = self.agreement
        agreement_text = (
            agreement.words
            if agreement.value is None
            else f"{agreement.value:.2f} ({agreement.low:.2f} to {agreement.high:.2f}, Gwet's AC1)"
        )
        left_out_text = f"; {self.disagreed} left out, because their readers disagree" if self.disagreed else ""
        advice = "Labelling may stop" if self.may_stop else "Label another round"
        return [
            f"Trained on {self.texts} texts{left_out_text}: {self.model}",
            self.holdout.summary(),
            f"Agreement of two readers: {agreement_text}",
            (
                f"Of the randomly drawn texts labelled yes, {self.true_positives} were found and "
                f"{self.false_negatives} missed."
            ),
            f"{advice}: the aim is that at least {TARGET_RECALL:.0%} are found for certain.",
            f"The model card, with its accuracy: {self.card}",
        ]


def train_model(folder: Path, question: str, pool: Sequence[Text]) -> TrainingResult:
    """Train a model on the labels of a folder, and use it if it does at least as well as the starting model."""
    by_id = {text_row.id: text_row for text_row in pool}
    labels, rounds = read_rows(folder / LABELS, LABEL_COLUMNS), read_rows(folder / ROUNDS, ROUND_COLUMNS)
    labelled_texts = [(by_id[key], label) for key, label in agreed_labels(labels) if key in by_id]
    starting = load_starting_model(*QUESTIONS[question][1])
    texts = [LabelledText(text_row.text, label, "", text_row.force_code) for text_row, label in labelled_texts]
    model, taught = train_with_rules(question, starting.ideas, texts, starting=starting)
    random_ids = {row["id"] for row in rounds if row["chance"]}
    random_mask = np.array([text_row.id in random_ids for text_row, _ in labelled_texts], bool)
    scores, label = expit(taught.unseen[LOOK]), np.array([label for _, label in labelled_texts])
    force_calibration = fit_by_force(
        scores[random_mask],
        label[random_mask],
        np.array([text_row.force_code for text_row, _ in labelled_texts])[random_mask],
    )
    comparison = compare_models(question, model, taught, texts, random_mask)
    force_scale = {"slope": force_calibration.slope, "shift": dict(force_calibration.shift)}
    model = replace(model, card={**model.card, "by_force": force_scale, HOLDOUT: comparison.as_dict()})
    path, card_path = _save(folder, question, model, used=not comparison.rejection_reason), folder / f"{question}.md"
    lines = [*card(model), comparison.summary(), "", *_shift_table(force_calibration.shift)]
    card_path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    predicted = scores >= model.thresholds[LOOK]
    return TrainingResult(
        path, card_path, len(labelled_texts), _count_disagreements(labels), agreement(_ratings(labels)), comparison,
        int((predicted & label & random_mask).sum()), int((~predicted & label & random_mask).sum()),
    )  # fmt: skip


def _save(folder: Path, question: str, model: Model, *, used: bool) -> Path:
    """Write the model to the path of used or of unused models, and remove it from the other."""
    path, other_path = used_path(folder, question), unused_path(folder, question)
    if not used:
        path, other_path = other_path, path
    model.save(path)
    other_path.unlink(missing_ok=True)
    return path


def _shift_table(shift: Mapping[str, float]) -> list[str]:
    lines = ["Adjustment of the score in each force, added to its log odds.", "", "| force | added |",
             "|---|---|"]  # fmt: skip
    return [*lines, *(f"| {name or 'any other'} | {added:+.2f} |" for name, added in sorted(shift.items()))]


def _ratings(labels: Sequence[Mapping[str, str]]) -> Ratings:
    units = sorted({row["id"] for row in labels})
    raters = sorted({row["marker_code"] for row in labels})
    codes = np.full((len(units), max(1, len(raters))), -1)
    for row in labels:
        if (label := LABEL_VALUES[row["says"]]) is not None:
            codes[units.index(row["id"]), raters.index(row["marker_code"])] = int(label)
    return Ratings(codes, (False, True), np.array([0.0, 1.0]))


def _count_disagreements(labels: Sequence[Mapping[str, str]]) -> int:
    answers_by_text: dict[str, set[str]] = {}
    for row in labels:
        if row["says"]:
            answers_by_text.setdefault(row["id"], set()).add(row["says"])
    return sum(len(answers) > 1 for answers in answers_by_text.values())
