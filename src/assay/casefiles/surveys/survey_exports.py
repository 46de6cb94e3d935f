"""What stands in a file of answers as ODK or Kobo export it: who may be counted, and which rows cannot, by which rule?

Columns and options are read as those of marks from a tablet (`casefiles.form_exports`). Who did not agree is counted,
and nothing of what they answered is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.casefiles.form_exports import NUMBER, option, read_csv
from assay.casefiles.surveys.questionnaire_forms import FORCE, Asked, Questionnaire
from assay.casefiles.surveys.survey_forms import YES_NO

RULES = {
    "S01": "It was answered with other words: the checksum is not that of the questionnaire. Row set aside.",
    "S02": "Several rows bear one number and differ. Every one is set aside.",
    "S03": "The person did not agree, or did not say. Row set aside, and nothing of it kept.",
    "S04": "The force or another cell is empty, or none of its options. Row set aside.",
    "S05": "An answer that is none of the options. It counts as not answered.",
}


@dataclass(frozen=True)
class Fault:
    """A rule that was broken in a line, and in which column or ''; never what stands there."""

    line: int
    column: str
    rule: str


@dataclass(frozen=True)
class Answers:
    """The rows that count, each as question or cell -> value ('' where not answered); how many came; the faults."""

    rows: tuple[Mapping[str, str], ...]
    came: int
    faults: tuple[Fault, ...]
    aside: Mapping[str, int]


def read_answers(path: Path, asked: Questionnaire, forces: Collection[str]) -> Answers:
    """Read a file of answers; SourceError where it cannot be used as a whole."""
    export, found = read_csv(path), _Reading(asked, forces)
    wanted = ("checksum", "consent", *asked.cell_names, *(one.key for one in asked.questions))
    for line, told in export.told(wanted):
        found.take(line, told)
    return found.told(len(export.lines))


class _Reading:
    """The rows of one file, one after another."""

    def __init__(self, asked: Questionnaire, forces: Collection[str]) -> None:
        self.asked, self.forces = asked, forces
        self.rows: dict[str, list[tuple[int, dict[str, str]]]] = {}
        self.faults: list[Fault] = []
        self.aside: Counter[str] = Counter()

    def take(self, line: int, told: Mapping[str, str]) -> None:
        """One row: an answer that may count, or one that is set aside."""
        if told["checksum"] != self.asked.checksum:
            return self._aside(line, "checksum", "S01")
        if option(YES_NO, told["consent"]) != "yes":
            return self._aside(line, "consent", "S03")
        row = {FORCE: next((code for code in self.forces if code.casefold() == told[FORCE].casefold()), "")}
        row |= {one.key: option(one.options, told[one.key]) for one in self.asked.cells}
        wrong = next((name for name in self.asked.cell_names if not row[name]), "")
        if wrong:
            return self._aside(line, wrong, "S04")
        row |= {one.key: self._answer(line, one, told[one.key]) for one in self.asked.questions}
        self.rows.setdefault(told[NUMBER], []).append((line, row))
        return None

    def told(self, came: int) -> Answers:
        """What is left once rows of one number were set beside one another: equal ones count once."""
        kept = []
        for held in self.rows.values():
            if all(row == held[0][1] for _, row in held):
                kept.append(held[0][1])
                self.aside["the same answer sent again"] += len(held) - 1
            else:
                for line, _ in held:
                    self._aside(line, "", "S02")
        aside = {reason: number for reason, number in self.aside.items() if number}
        return Answers(tuple(kept), came, tuple(sorted(self.faults, key=lambda one: one.line)), aside)

    def _answer(self, line: int, one: Asked, text: str) -> str:
        value = option(one.options, text)
        if text and not value:
            self.faults.append(Fault(line, one.key, "S05"))
        return value

    def _aside(self, line: int, column: str, rule: str) -> None:
        self.faults.append(Fault(line, column, rule))
        self.aside[rule] += 1
