"""Which columns must a person confirm, what may each column mean, and which line of mapping.toml confirms it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.ingest.extracts.extract_model import ColumnMeaning
from assay.wording import percent
from assay.workflows.check.check_mapping import meaning_lines
from assay.workflows.check.checked_extract import CheckedExtract
from assay.workflows.check.extract_contents import PERSONS
from assay.workflows.check.extract_letter import period_fallback, period_problem
from assay.workflows.check.extract_questions import (
    MAX_COLUMNS,
    ColumnGain,
    best_columns,
    count_answerable,
    questions_of_columns,
    with_columns,
)
from assay.workflows.check.key_figures import unanswered
from assay.workflows.check.named_headings import heading_places
from assay.workflows.check.plain_needs import plain_need
from assay.workflows.check.possible_columns import PossibleColumn

MAPPING = "mapping.toml"
HOW_TO_CONFIRM = (
    "To confirm a column, move its line, and the lines of its values or forms below it, into the [[split]] section of "
    "its table, without the mark # at the beginning. If several columns may be the same, choose one of them."
)


NONE_ALONE = "none by itself"


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
        The file, or file and sheet, of which the [[split]] section is; several are joined by '; '.
    other_places
        Where the same heading waits in several sheets: ' (sheets Q1, Q2, Q3)'; '' if it waits in one.
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
    other_places: str = ""

    @property
    def sentence(self) -> str:
        """Return what the column may be, and what to do."""
        return (
            f"\u2018{self.heading}\u2019{self.other_places} may be {self.phrase}, with probability "
            f"{percent(self.probability, 0)}: confirm it in {MAPPING}, by the line {self.line}"
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
    may describe another role. A heading that waits in several sheets for the same meaning stands once.
    """
    groups: dict[tuple[str, str], list[tuple[str, str, ColumnMeaning]]] = {}
    for file, sheet, meaning in extract.plan.waiting:
        need = f"{meaning.table}.{meaning.column}"
        if meaning.table == PERSONS or need not in extract.supplied:
            groups.setdefault((meaning.heading, need), []).append((file, sheet, meaning))
    found = [_to_confirm(extract, need, guesses) for (_, need), guesses in groups.items()]
    return tuple(sorted(found, key=lambda column: (-len(column.questions), -column.probability)))


def _to_confirm(
    extract: CheckedExtract, need: str, guesses: Sequence[tuple[str, str, ColumnMeaning]]
) -> ColumnToConfirm:
    """Return the column to confirm of one heading, from its guesses in one or several sheets."""
    file, sheet, likeliest = max(guesses, key=lambda guess: guess[2].probability)
    where = heading_places((file, sheet, likeliest.heading) for file, sheet, _ in guesses)
    return ColumnToConfirm(
        likeliest.heading,
        need,
        plain_need(need),
        likeliest.probability,
        "; ".join(f"{file}, sheet {sheet}" if sheet else file for file, sheet, _ in guesses),
        meaning_lines(file, sheet, likeliest)[0],
        questions_of_columns(extract.supplied, [need]),
        where[likeliest.heading],
    )


def columns_to_add(extract: CheckedExtract) -> tuple[ColumnGain, ...]:
    """Return the columns that would answer most further questions, up to three together with those to use first.

    All columns to confirm count as confirmed, and all columns to use first as used.
    """
    waiting = [f"{meaning.table}.{meaning.column}" for *_, meaning in extract.plan.waiting]
    unread = [column.need for column in extract.possible_columns]
    gains = best_columns(with_columns(extract.supplied, [*waiting, *unread]))
    return gains[: MAX_COLUMNS - len(columns_to_use(extract))]


def answerable_in_order(extract: CheckedExtract, needs: Sequence[str]) -> list[int]:
    """Return the number of answerable questions after each of these columns, with those before it and to confirm."""
    supplied = with_columns(
        extract.supplied, [f"{meaning.table}.{meaning.column}" for *_, meaning in extract.plan.waiting]
    )
    return [count_answerable(with_columns(supplied, needs[: number + 1])) for number in range(len(needs))]


def order_word(number: int) -> str:
    """Return where a column stands in an order that begins with 0: 'first', and 'then' for each that follows."""
    return "then" if number else "first"


def columns_to_use(extract: CheckedExtract) -> tuple[PossibleColumn, ...]:
    """Return the columns of the extract that were not read and would answer most further questions: at most three."""
    return tuple(column for column in extract.possible_columns if column.questions)[:MAX_COLUMNS]


def results_for_programs(extract: CheckedExtract) -> dict[str, object]:
    """Return counts and measures, why one cannot be answered or what limits it, and the columns to confirm."""
    reasons = dict(extract.records.reservations)
    reasons |= {figure.key: figure.sentence for figure in unanswered(extract.counts, extract.records)}
    if problem := period_problem(extract) or period_fallback(extract):
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
    confirm += [
        {
            "heading": found.heading,
            "may_be": f"{found.table}.{found.column}",
            "unread_words": dict(found.cells),
            "line": found.line,
            "reason": found.sentence,
        }
        for found in extract.unread_words
    ]
    confirm += [column.as_dict() for column in extract.possible_columns]
    next_command = {"check_again": extract.command} if confirm else {}
    return extract.counts.as_dict() | {"reasons": reasons, "to_confirm": confirm} | next_command
