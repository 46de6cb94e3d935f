"""What stands in a file of answers as ODK or Kobo export it: who may be counted, and which rows cannot, by which rule?

A column may bear the groups it stands in before its name (`about/trained`, `about-trained`), and an answer may be the
option's value or its words. Who did not agree is counted, and nothing of what they answered is kept.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.errors import SourceError
from assay.surveys.asked import FORCE, Asked, Questionnaire
from assay.surveys.forms import YES_NO

IDS = ("KEY", "instanceID", "_uuid", "_id")
"""By which column an answer is known, the first that is there: ODK, ODK in a group, Kobo."""
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
    lines = _lines(path)
    columns = _columns(path, list(lines[0]) if lines else [], asked)
    found = _Reading(asked, forces)
    for number, line in enumerate(lines, start=2):
        found.take(number, {name: line[place].strip() for name, place in columns.items()})
    return found.told(len(lines))


def _lines(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [
                {key: value or "" for key, value in row.items() if isinstance(key, str) and not isinstance(value, list)}
                for row in csv.DictReader(file, delimiter=_delimiter(path), restval="", strict=True)
            ]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise SourceError(f"{path.name} cannot be read as CSV in UTF-8. Export it again from ODK or Kobo.") from None


def _delimiter(path: Path) -> str:
    """Kobo exports with semicolons, ODK with commas."""
    head = path.open(encoding="utf-8-sig").readline()
    return ";" if head.count(";") > head.count(",") else ","


def _columns(path: Path, head: list[str], asked: Questionnaire) -> dict[str, str]:
    """Each name that is read, and the column that bears it."""
    plain: dict[str, str] = {}
    for name in head:
        plain.setdefault(re.split(r"[/-]", name.strip())[-1] if name not in IDS else name, name)
    number = next((name for name in IDS if name in plain), "")
    wanted = ("checksum", "consent", *asked.cell_names, *(one.key for one in asked.questions))
    lacking = [name for name in wanted if name not in plain] + ([] if number else [f"one of {', '.join(IDS)}"])
    if lacking:
        raise SourceError(f"{path.name} has no column {', '.join(lacking)}. Export all columns, with values or labels.")
    return {"number": plain[number], **{name: plain[name] for name in wanted}}


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
        if _value(YES_NO, told["consent"]) != "yes":
            return self._aside(line, "consent", "S03")
        row = {FORCE: next((code for code in self.forces if code.casefold() == told[FORCE].casefold()), "")}
        row |= {one.key: _value(one.options, told[one.key]) for one in self.asked.cells}
        wrong = next((name for name in self.asked.cell_names if not row[name]), "")
        if wrong:
            return self._aside(line, wrong, "S04")
        row |= {one.key: self._answer(line, one, told[one.key]) for one in self.asked.questions}
        self.rows.setdefault(told["number"], []).append((line, row))
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
        value = _value(one.options, text)
        if text and not value:
            self.faults.append(Fault(line, one.key, "S05"))
        return value

    def _aside(self, line: int, column: str, rule: str) -> None:
        self.faults.append(Fault(line, column, rule))
        self.aside[rule] += 1


def _value(options: Mapping[str, str], text: str) -> str:
    """The option that a text names by its value or its words; '' for none."""
    wanted = text.casefold()
    return next((value for value, words in options.items() if wanted in (value.casefold(), words.casefold())), "")
