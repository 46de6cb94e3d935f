"""Read an ODK or Kobo export of survey answers: the rows that count, and the rule that excludes each other row.

Columns and options are read as in tablet exports of ratings (`casefiles.form_exports`). People who did not consent are
counted, and their answers are not kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.casefiles.form_exports import NUMBER, find_option, read_csv
from assay.casefiles.surveys.questionnaire_forms import FORCE, Questionnaire, SurveyQuestion
from assay.casefiles.surveys.survey_forms import YES_NO
from assay.ingest.validation_errors import ValidationError

RULES = {
    "S01": "Answered with another version of the questionnaire (other checksum). Row set aside.",
    "S02": "Several different rows have the same number. All of them are set aside.",
    "S03": "The person did not consent, or gave no answer on consent. Row set aside; nothing of it is stored.",
    "S04": "The force or another cell is empty, or is not one of its options. Row set aside.",
    "S05": "An answer is not one of the options. It counts as not answered.",
}


@dataclass(frozen=True)
class Answers:
    """The accepted survey answers, one row per respondent; the number of rows received; and the validation errors."""

    rows: tuple[Mapping[str, str], ...]
    received: int
    errors: tuple[ValidationError, ...]
    set_aside: Mapping[str, int]


def read_answers(path: Path, questionnaire: Questionnaire, forces: Collection[str]) -> Answers:
    """Read the answers to a survey from a file; raise SourceError if the file as a whole cannot be used."""
    export, found = read_csv(path), _AnswerReader(questionnaire, forces)
    column_names = (
        "checksum",
        "consent",
        *questionnaire.cell_names,
        *(question.key for question in questionnaire.questions),
    )
    for line, values in export.answer_lines(column_names):
        found.take(line, values)
    return found.result(len(export.lines))


class _AnswerReader:
    """Reads the rows of one file, one after another."""

    def __init__(self, questionnaire: Questionnaire, forces: Collection[str]) -> None:
        self.questionnaire, self.forces = questionnaire, forces
        self.rows: dict[str, list[tuple[int, dict[str, str]]]] = {}
        self.errors: list[ValidationError] = []
        self.set_aside: Counter[str] = Counter()

    def take(self, line: int, values: Mapping[str, str]) -> None:
        """Read one row, which counts or is set aside."""
        if values["checksum"] != self.questionnaire.checksum:
            return self._set_aside_row(line, "checksum", "S01")
        if find_option(YES_NO, values["consent"]) != "yes":
            return self._set_aside_row(line, "consent", "S03")
        row = {FORCE: next((code for code in self.forces if code.casefold() == values[FORCE].casefold()), "")}
        row |= {
            question.key: find_option(question.options, values[question.key]) for question in self.questionnaire.cells
        }
        wrong = next((name for name in self.questionnaire.cell_names if not row[name]), "")
        if wrong:
            return self._set_aside_row(line, wrong, "S04")
        row |= {
            question.key: self._answer(line, question, values[question.key])
            for question in self.questionnaire.questions
        }
        self.rows.setdefault(values[NUMBER], []).append((line, row))
        return None

    def result(self, received: int) -> Answers:
        """Return the result without duplicates: equal rows with one number count once."""
        unique_rows = []
        for same_number in self.rows.values():
            if all(row == same_number[0][1] for _, row in same_number):
                unique_rows.append(same_number[0][1])
                self.set_aside["the same answer sent again"] += len(same_number) - 1
            else:
                for line, _ in same_number:
                    self._set_aside_row(line, "", "S02")
        set_aside = {reason: number for reason, number in self.set_aside.items() if number}
        return Answers(
            tuple(unique_rows), received, tuple(sorted(self.errors, key=lambda error: error.line)), set_aside
        )

    def _answer(self, line: int, question: SurveyQuestion, text: str) -> str:
        value = find_option(question.options, text)
        if text and not value:
            self.errors.append(ValidationError("S05", line=line, column=question.key))
        return value

    def _set_aside_row(self, line: int, column: str, rule: str) -> None:
        self.errors.append(ValidationError(rule, line=line, column=column))
        self.set_aside[rule] += 1
