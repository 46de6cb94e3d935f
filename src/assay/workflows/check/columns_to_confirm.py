"""Which columns must a person confirm, what may each column mean, and which line of mapping.toml confirms it?"""

from __future__ import annotations

from dataclasses import dataclass

from assay.wording import percent
from assay.workflows.check.check_mapping import meaning_lines
from assay.workflows.check.checked_extract import CheckedExtract
from assay.workflows.check.extract_contents import PERSONS
from assay.workflows.check.extract_letter import period_problem
from assay.workflows.check.extract_questions import (
    ColumnGain,
    best_columns,
    column_phrase,
    questions_of_columns,
    with_columns,
)
from assay.workflows.check.key_figures import unanswered

MAPPING = "mapping.toml"
HOW_TO_CONFIRM = (
    "To confirm a column, move its line, and the lines of its values or forms below it, into the [[split]] section of "
    "its table, without the mark # at the beginning. If several columns may be the same, choose one of them."
)


@dataclass(frozen=True)
class ColumnToConfirm:
    """One column that is not used until a person confirms it.

    Parameters
    ----------
    column
        The column of the contract that it may be: 'crimes.offence_code'.
    phrase
        The same in plain words.
    place
        The file, or file and sheet, of which the [[split]] section is.
    line
        The line of mapping.toml, without the mark # at its beginning.
    questions
        The questions that it would help to answer.
    """

    heading: str
    column: str
    phrase: str
    probability: float
    place: str
    line: str
    questions: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Return what the column may be, and what to do."""
        return (
            f"\u2018{self.heading}\u2019 may be {self.phrase}, with probability {percent(self.probability, 0)}: "
            f"confirm it in {MAPPING}, by the line {self.line}"
        )

    def as_dict(self) -> dict[str, object]:
        """Return the column as a dictionary for JSON output."""
        return {
            "heading": self.heading,
            "may_be": self.column,
            "probability": round(self.probability, 2),
            "reason": self.sentence,
        }


def columns_to_confirm(extract: CheckedExtract) -> tuple[ColumnToConfirm, ...]:
    """Return the columns to confirm: first those that help to answer most questions, then the most probable.

    A column that may be what another column of the extract already gives is left out; one of persons stays, because it
    may describe another role.
    """
    found = [
        ColumnToConfirm(
            meaning.heading,
            need := f"{meaning.table}.{meaning.column}",
            column_phrase(need),
            meaning.probability,
            f"{file}, sheet {sheet}" if sheet else file,
            meaning_lines(file, sheet, meaning)[0],
            questions_of_columns(extract.supplied, [need]),
        )
        for file, sheet, meaning in extract.plan.waiting
        if meaning.table == PERSONS or f"{meaning.table}.{meaning.column}" not in extract.supplied
    ]
    return tuple(sorted(found, key=lambda column: (-len(column.questions), -column.probability)))


def columns_to_add(extract: CheckedExtract) -> tuple[ColumnGain, ...]:
    """Return the three columns that would answer most further questions, after all columns to confirm are confirmed."""
    waiting = [f"{meaning.table}.{meaning.column}" for *_, meaning in extract.plan.waiting]
    return best_columns(with_columns(extract.supplied, waiting))


def results_for_programs(extract: CheckedExtract) -> dict[str, object]:
    """Return counts and measures, why one cannot be answered or what limits it, and the columns to confirm."""
    reasons = dict(extract.records.reservations)
    reasons |= {figure.key: figure.sentence for figure in unanswered(extract.counts, extract.records)}
    if problem := period_problem(extract):
        reasons["period"] = problem
    confirm = [column.as_dict() for column in columns_to_confirm(extract)]
    confirm += [
        {
            "heading": code.heading,
            "may_be": f"{code.table}.{code.column}",
            "text": code.text,
            "could_be": list(code.codes),
            "cells": code.cells,
            "reason": code.sentence,
        }
        for code in extract.open_codes
    ]
    next_command = {"check_again": extract.command} if confirm else {}
    return extract.counts.as_dict() | {"reasons": reasons, "to_confirm": confirm} | next_command
