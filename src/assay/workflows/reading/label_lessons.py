"""What did a folder of labels teach, how far do its readers agree, and may labelling stop?

A model is taught by the texts on which nobody disagrees, and each force in turn is left out, as if it were a writer.
Only texts that were drawn at random say how often it is right, and what a score means in each force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit

from assay.stats.agreement.agreement_coefficients import Agreement, agreement
from assay.stats.agreement.rating_table import Marks
from assay.text.classifier import Labelled, Model
from assay.text.classifier.active_learning import may_stop
from assay.text.classifier.force_calibration import by_force
from assay.text.classifier.model_cards import card
from assay.workflows.reading.holdout_test import Comparison, compared
from assay.workflows.reading.label_sampling import (
    LABELS,
    OF_LABELS,
    OF_ROUNDS,
    QUESTIONS,
    ROUNDS,
    SAYS,
    Text,
    decided,
    rows_of,
)
from assay.workflows.reading.model_teaching import taught_by
from assay.workflows.reading.starting_models import SET_APART, aside_path, starting_model, used_path

LOOK = "full"
RECALL = 0.7


@dataclass(frozen=True)
class Lesson:
    """A model that was taught, and what is known of it."""

    model: Path
    card: Path
    texts: int
    disagreed: int
    agreement: Agreement
    set_apart: Comparison
    found: int
    missed: int

    @property
    def used(self) -> bool:
        """Whether the model takes the place of the starting model."""
        return not self.set_apart.why_not

    @property
    def may_stop(self) -> bool:
        """Whether the texts drawn at random show that enough is found."""
        return may_stop(self.found, self.missed, RECALL)

    def as_dict(self) -> dict[str, Any]:
        """For another program."""
        told = {"model": str(self.model), "card": str(self.card), "texts": self.texts, "disagreed": self.disagreed}
        told |= {"used": self.used, "set_apart": self.set_apart.as_dict()}
        told |= {"agreement": self.agreement.value, "low": self.agreement.low, "high": self.agreement.high}
        return told | {"found": self.found, "missed": self.missed, "may_stop": self.may_stop}

    def in_words(self) -> list[str]:
        """For a person."""
        one = self.agreement
        agreed = one.words if one.value is None else f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f}, Gwet's AC1)"
        left = f"; {self.disagreed} left out, since their readers disagree" if self.disagreed else ""
        stop = "Labelling may stop" if self.may_stop else "Label another round"
        return [
            f"Taught by {self.texts} texts{left}: {self.model}",
            self.set_apart.in_words(),
            f"Agreement of two readers: {agreed}",
            f"Of those drawn at random that say it, {self.found} were found and {self.missed} missed.",
            f"{stop}: the aim is that at least {RECALL:.0%} are found for certain.",
            f"What it is and how well it does: {self.card}",
        ]


def teach(folder: Path, question: str, pool: Sequence[Text]) -> Lesson:
    """Teach a model by the labels of a folder, and use it if it does at least as well as the starting model on texts
    set apart; UsageError where there are too few labels, or all of one force."""
    by_id = {one.id: one for one in pool}
    labels, rounds = rows_of(folder / LABELS, OF_LABELS), rows_of(folder / ROUNDS, OF_ROUNDS)
    told = [(by_id[key], says) for key, says in decided(labels) if key in by_id]
    before = starting_model(*QUESTIONS[question][1])
    texts = [Labelled(one.text, says, "", one.force_code) for one, says in told]
    model, taught = taught_by(question, before.ideas, texts, start=before)
    at_random = {row["id"] for row in rounds if row["chance"]}
    drawn = np.array([one.id in at_random for one, _ in told], bool)
    scores, says = expit(taught.unseen[LOOK]), np.array([says for _, says in told])
    local = by_force(scores[drawn], says[drawn], np.array([one.force_code for one, _ in told])[drawn])
    found = compared(question, model, taught, texts, drawn)
    of_forces = {"slope": local.slope, "shift": dict(local.shift)}
    model = replace(model, card={**model.card, "by_force": of_forces, SET_APART: found.as_dict()})
    path, told_in = _save(folder, question, model, used=not found.why_not), folder / f"{question}.md"
    lines = [*card(model), found.in_words(), "", *_by_force(local.shift)]
    told_in.write_text("\n".join(lines) + "\n", encoding="utf-8")
    called = scores >= model.at[LOOK]
    return Lesson(
        path, told_in, len(told), _disagreed(labels), agreement(_marks(labels)), found,
        int((called & says & drawn).sum()), int((~called & says & drawn).sum()),
    )  # fmt: skip


def _save(folder: Path, question: str, model: Model, *, used: bool) -> Path:
    """Write the model where it is used, or where it is not, and nothing of it in the other place."""
    path, other = used_path(folder, question), aside_path(folder, question)
    if not used:
        path, other = other, path
    model.save(path)
    other.unlink(missing_ok=True)
    return path


def _by_force(shift: Mapping[str, float]) -> list[str]:
    lines = ["What a score means in each force: what is added to the logarithm of its odds.", "", "| force | added |",
             "|---|---|"]  # fmt: skip
    return [*lines, *(f"| {name or 'any other'} | {added:+.2f} |" for name, added in sorted(shift.items()))]


def _marks(labels: Sequence[Mapping[str, str]]) -> Marks:
    units = sorted({row["id"] for row in labels})
    markers = sorted({row["marker_code"] for row in labels})
    places = np.full((len(units), max(1, len(markers))), -1)
    for row in labels:
        if (says := SAYS[row["says"]]) is not None:
            places[units.index(row["id"]), markers.index(row["marker_code"])] = int(says)
    return Marks(places, (False, True), np.array([0.0, 1.0]))


def _disagreed(labels: Sequence[Mapping[str, str]]) -> int:
    said: dict[str, set[str]] = {}
    for row in labels:
        if row["says"]:
            said.setdefault(row["id"], set()).add(row["says"])
    return sum(len(one) > 1 for one in said.values())
