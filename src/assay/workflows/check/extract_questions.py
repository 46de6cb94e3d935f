"""Which inspection questions can an extract answer, and which three additional columns would answer the most further
questions?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assay import contract, reference
from assay.contract.question_needs import ALTERNATIVE_SEPARATOR, QuestionNeeds, is_event_kind, needs_by_question
from assay.contract.separated_columns import unread_fields
from assay.ingest.extracts.extract_model import ExtractTable, SplitPlan
from assay.ingest.extracts.unread_words import value_choices
from assay.workflows.check.extract_contents import (
    CRIMES,
    FLAGS,
    PERSONS,
    ExtractContents,
    distinct_values,
)
from assay.workflows.check.plain_needs import plain_need, plain_needs

EVENTS = "events"
FLAT_TABLES = (CRIMES, PERSONS, FLAGS, EVENTS, "reports")
"""The tables that columns of a flat extract can fill."""
DERIVED_NEEDS = {"crimes.scope_reason": "crimes.offence_code"}
"""Columns that assay derives (rule R50), and the column that it derives them from."""
NAME_OF_LIST = "list "
"""Beginning of a description that only names the list of values."""
MAX_COLUMNS = 3
WHOLE, PART, NONE = "whole", "part", "none"
RANK = {NONE: 0, PART: 1, WHOLE: 2}


@dataclass(frozen=True)
class QuestionAnswer:
    """A question and how far an extract answers it (in full, in part or not); `missing` names absent columns."""

    question: str
    text: str
    answer: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class ColumnGain:
    """A column that an extract lacks: `table.column`, its content, and the questions that it would help to answer."""

    need: str
    meaning: str
    questions: tuple[str, ...]

    @property
    def column(self) -> str:
        """Return the column in plain words."""
        return plain_need(self.need)


def supplied_needs(plan: SplitPlan, tables: Mapping[str, ExtractTable], contents: ExtractContents) -> frozenset[str]:
    """Return the tables, columns ("table.column") and kinds of event ("events.kind") that an extract contains."""
    columns = {f"{table}.{name}" for table, names in contents.columns.items() for name in names}
    kinds = {part.fixed["kind"] for part in plan.parts if part.table == EVENTS and "kind" in part.fixed}
    kinds |= set(distinct_values(tables[EVENTS].rows, "kind")) if EVENTS in tables else set()
    return frozenset(columns | set(contents.columns) | {f"{EVENTS}.{kind}" for kind in kinds})


def question_answers(supplied: frozenset[str]) -> tuple[QuestionAnswer, ...]:
    """Return, for each of Q1 to Q50 that needs records, how far the extract can answer it, in order."""
    return tuple(
        QuestionAnswer(
            needs.question,
            reference.questions().get(needs.question).text,
            _answer(needs, supplied),
            plain_needs(_missing(needs.needs, supplied) or _missing(needs.optional_needs, supplied)),
        )
        for needs in _record_questions()
    )


@lru_cache
def best_columns(supplied: frozenset[str]) -> tuple[ColumnGain, ...]:
    """Return the three columns that together would answer the most additional questions, chosen one at a time.

    A column is better if it makes more questions answerable at all; then if it makes more answerable in full; then if
    more questions read it.
    """
    gains: list[ColumnGain] = []
    for _ in range(MAX_COLUMNS):
        candidates = sorted(_candidates(supplied))
        if not candidates:
            break
        before = _answers(supplied)
        best = max(candidates, key=lambda need: (*_score(with_columns(supplied, [need])), _reader_count(need)))
        after = _answers(with_columns(supplied, [best]))
        moved = tuple(question for question in before if RANK[after[question]] > RANK[before[question]])
        gains.append(ColumnGain(best, _meaning(best), moved))
        supplied = with_columns(supplied, [best])
    return tuple(gains)


def question_texts(questions: Iterable[str]) -> str:
    """Return questions with their texts, in one line."""
    return "; ".join(f"{question} {reference.questions().get(question).text}" for question in questions)


def questions_of_columns(supplied: frozenset[str], needs: Iterable[str]) -> tuple[str, ...]:
    """Return the questions that columns ("table.column"), added to the extract, would help to answer."""
    before, after = _answers(supplied), _answers(with_columns(supplied, needs))
    return tuple(question for question in before if RANK[after[question]] > RANK[before[question]])


def with_columns(supplied: frozenset[str], needs: Iterable[str]) -> frozenset[str]:
    """Return what an extract supplies if these columns, and the tables that contain them, are added."""
    return supplied.union(*({need, need.partition(".")[0]} for need in needs))


def questions_gained(supplied: frozenset[str], tables: Iterable[str]) -> tuple[str, ...]:
    """Return the questions that whole tables, sent beside the extract, would help to answer."""
    added = frozenset(need for table in tables for need in _needs_of_table(table))
    before, after = _answers(supplied), _answers(supplied | added)
    return tuple(question for question in before if RANK[after[question]] > RANK[before[question]])


@lru_cache
def _record_questions() -> tuple[QuestionNeeds, ...]:
    return tuple(needs for needs in needs_by_question().values() if needs.needs)


def _answer(needs: QuestionNeeds, supplied: frozenset[str]) -> str:
    """Return whether a question can be answered: whole, part or none."""
    if not all(_is_supplied(need, supplied) for need in needs.needs):
        return NONE
    return WHOLE if all(_is_supplied(need, supplied) for need in needs.optional_needs) else PART


def _is_supplied(need: str, supplied: frozenset[str]) -> bool:
    atoms = (atom for atom in need.split(ALTERNATIVE_SEPARATOR) if atom not in _unread_columns())
    return any(atom in supplied or DERIVED_NEEDS.get(atom) in supplied for atom in atoms)


@lru_cache
def _unread_columns() -> frozenset[str]:
    """Return the columns that no indicator reads yet: they answer nothing, even if they are sent."""
    return frozenset(f"{table}.{name}" for table in contract.tables() for name in unread_fields(table))


def _missing(needs: Iterable[str], supplied: frozenset[str]) -> tuple[str, ...]:
    """Return what is not supplied; of a table that is absent the table alone."""
    missing = [need for need in needs if not _is_supplied(need, supplied)]
    names = (need if _is_part_of_supplied_table(need, supplied) else need.partition(".")[0] for need in missing)
    return tuple(dict.fromkeys(names))


def _is_part_of_supplied_table(need: str, supplied: frozenset[str]) -> bool:
    return ALTERNATIVE_SEPARATOR in need or need.partition(".")[0] in supplied


def _answers(supplied: frozenset[str]) -> dict[str, str]:
    return {needs.question: _answer(needs, supplied) for needs in _record_questions()}


def count_answerable(supplied: frozenset[str]) -> int:
    """Return the number of questions that can be answered in full or in part."""
    return _score(supplied)[0]


def _score(supplied: frozenset[str]) -> tuple[int, int]:
    """Return the number of questions that can be asked at all, and in full."""
    answers = list(_answers(supplied).values())
    return sum(answer != NONE for answer in answers), answers.count(WHOLE)


def _reader_count(need: str) -> int:
    """Return the number of questions that read a column."""
    return sum(need in _atoms(needs) for needs in _record_questions())


@lru_cache
def _atoms(needs: QuestionNeeds) -> frozenset[str]:
    return frozenset(
        _first_column(atom)
        for need in (*needs.needs, *needs.optional_needs)
        for atom in need.split(ALTERNATIVE_SEPARATOR)
    )


def _meaning(need: str) -> str:
    """Return what a column or a kind of event holds, as the contract says it."""
    table, _, name = need.partition(".")
    if is_event_kind(need):
        return "a column with the date and time of this step, empty where it was not taken"
    rule = str(contract.table(table).column(name).rule)
    return value_choices(table, name) if rule.startswith(NAME_OF_LIST) else rule


def _candidates(supplied: frozenset[str]) -> set[str]:
    """Return the columns and kinds of event that some question needs and a flat extract could carry."""
    atoms = {atom for needs in _record_questions() for atom in _atoms(needs)}
    flat = {atom for atom in atoms if "." in atom and atom.partition(".")[0] in FLAT_TABLES}
    return {need for need in flat if need not in supplied | _unread_columns() and _is_exported(need)}


def _is_exported(need: str) -> bool:
    """Return True for a kind of event, and for a column that a record system can export: nobody has to be asked."""
    table, _, name = need.partition(".")
    return is_event_kind(need) or contract.table(table).column(name).origin == "system"


def _first_column(need: str) -> str:
    """Return the column that stands for a table which is needed as a whole: what its rows say."""
    return {FLAGS: "flags.flag", PERSONS: "involvements.role", CRIMES: "crimes.crime_ref"}.get(need, need)


def _needs_of_table(table: str) -> set[str]:
    columns = {f"{table}.{name}" for name in contract.table(table).column_names}
    kinds = {f"{EVENTS}.{key}" for key, kind in contract.event_kinds().items() if kind.sent_in_events}
    return {table, *columns, *(kinds if table == EVENTS else ())}
