"""Which questions of the inspection can be answered with an extract, and which columns would answer most more?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from assay import contract, reference
from assay.contract.need_descriptions import need_phrases
from assay.contract.question_needs import ALTERNATIVE_SEPARATOR, QuestionNeeds, is_event_kind, needs_by_question
from assay.ingest.extracts.extract_model import ExtractTable, SplitPlan
from assay.ingest.question_answerability import NONE, PART, WHOLE, missing_needs
from assay.ingest.supplied_columns import SuppliedReturn
from assay.workflows.check.extract_contents import CRIMES, FLAGS, PERSONS, ExtractContents, distinct_values

EVENTS = "events"
FLAT_TABLES = (CRIMES, PERSONS, FLAGS, EVENTS, "reports")
"""The tables that columns of a flat extract can fill."""
DERIVED_NEEDS = {"crimes.scope_reason": "crimes.offence_code"}
"""Columns that assay derives (rule R50), and the column that it derives them from."""
MAX_COLUMNS = 3
ANY_PERIOD = (date.min, date.max)
RANK = {NONE: 0, PART: 1, WHOLE: 2}


@dataclass(frozen=True)
class QuestionAnswer:
    """How far one question can be answered: whole, part or none; `missing` says in phrases what is absent."""

    question: str
    text: str
    answer: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class ColumnGain:
    """One column, as a phrase, what it holds, and the questions that it answers further than before."""

    column: str
    meaning: str
    questions: tuple[str, ...]


def supplied_needs(plan: SplitPlan, tables: Mapping[str, ExtractTable], contents: ExtractContents) -> frozenset[str]:
    """Return the tables, columns ("table.column") and kinds of event ("events.kind") that an extract carries."""
    columns = {f"{table}.{name}" for table, names in contents.columns.items() for name in names}
    kinds = {part.fixed["kind"] for part in plan.parts if part.table == EVENTS and "kind" in part.fixed}
    kinds |= set(distinct_values(tables[EVENTS].rows, "kind")) if EVENTS in tables else set()
    return frozenset(columns | set(contents.columns) | {f"{EVENTS}.{kind}" for kind in kinds})


def question_answers(supplied: frozenset[str]) -> tuple[QuestionAnswer, ...]:
    """Return how far each question can be answered that is asked of records, Q1 to Q50, in order."""
    supplied_return = _supplied_return(supplied)
    return tuple(_question_answer(needs, supplied_return) for needs in _record_questions())


def best_columns(supplied: frozenset[str]) -> tuple[ColumnGain, ...]:
    """Return the three columns that together answer most more questions: the best first, then the best beside it.

    A column is better if it makes more questions answerable at all; then if it makes more answerable in full; then if
    more questions read it.
    """
    gains: list[ColumnGain] = []
    for _ in range(MAX_COLUMNS):
        candidates = sorted(_candidates(supplied))
        if not candidates:
            break
        before = _answers(supplied)
        best = max(candidates, key=lambda need: (*_score(_with(supplied, need)), _reader_count(need)))
        after = _answers(_with(supplied, best))
        moved = tuple(question for question in before if RANK[after[question]] > RANK[before[question]])
        gains.append(ColumnGain(need_phrases([best])[0], _meaning(best), moved))
        supplied = _with(supplied, best)
    return tuple(gains)


def questions_gained(supplied: frozenset[str], tables: Iterable[str]) -> tuple[str, ...]:
    """Return the questions that whole tables, sent beside the extract, would answer further than now."""
    added = frozenset(need for table in tables for need in _needs_of_table(table))
    before, after = _answers(supplied), _answers(supplied | added)
    return tuple(question for question in before if RANK[after[question]] > RANK[before[question]])


def _record_questions() -> tuple[QuestionNeeds, ...]:
    return tuple(needs for needs in needs_by_question().values() if needs.needs)


def _supplied_return(supplied: frozenset[str]) -> SuppliedReturn:
    """Describe the extract as a return, for the assessment of answerability."""
    tables = {name: {"supplied": "whole" if name in supplied else "none", "reason": "", "used": True,
                     "covers_from": None, "covers_to": None} for name in contract.tables()}  # fmt: skip
    columns = {f"{name}.{column}" for name, spec in contract.tables().items() for column in spec.column_names}
    derived = {need for need, source in DERIVED_NEEDS.items() if source in supplied}
    return SuppliedReturn(
        manifest_rows=tables,
        kinds=frozenset(need.partition(".")[2] for need in supplied if is_event_kind(need)),
        absent_columns=dict.fromkeys(sorted(columns - supplied - derived), "not_held"),
        refused={},
        period=ANY_PERIOD,
    )


def _question_answer(needs: QuestionNeeds, supplied_return: SuppliedReturn) -> QuestionAnswer:
    missing = _missing(needs.needs, supplied_return)
    optional = _missing(needs.optional_needs, supplied_return)
    answer = NONE if missing else PART if optional else WHOLE
    text = reference.questions().get(needs.question).text
    return QuestionAnswer(needs.question, text, answer, need_phrases(missing or optional))


def _missing(needs: Iterable[str], supplied_return: SuppliedReturn) -> list[str]:
    return [need for names in missing_needs(needs, supplied_return).values() for need in names]


def _answers(supplied: frozenset[str]) -> dict[str, str]:
    return {answer.question: answer.answer for answer in question_answers(supplied)}


def _with(supplied: frozenset[str], need: str) -> frozenset[str]:
    """Return what is supplied with one column more; a column brings its table."""
    return supplied | {need, need.partition(".")[0]}


def _score(supplied: frozenset[str]) -> tuple[int, int]:
    """Return the number of questions that can be asked at all, and in full."""
    answers = list(_answers(supplied).values())
    return sum(answer != NONE for answer in answers), answers.count(WHOLE)


def _reader_count(need: str) -> int:
    """Return the number of questions that read a column."""
    return sum(need in _atoms(needs) for needs in _record_questions())


def _atoms(needs: QuestionNeeds) -> set[str]:
    return {
        _first_column(atom)
        for need in (*needs.needs, *needs.optional_needs)
        for atom in need.split(ALTERNATIVE_SEPARATOR)
    }


def _meaning(need: str) -> str:
    """Return what a column or a kind of event holds, as the contract says it."""
    table, _, name = need.partition(".")
    if is_event_kind(need):
        return "the date and time of the step, in a column of its own"
    return contract.table(table).column(name).rule


def _candidates(supplied: frozenset[str]) -> set[str]:
    """Return the columns and kinds of event that some question needs and a flat extract could carry."""
    atoms = {atom for needs in _record_questions() for atom in _atoms(needs)}
    flat = {atom for atom in atoms if "." in atom and atom.partition(".")[0] in FLAT_TABLES}
    return {need for need in flat if need not in supplied and need not in DERIVED_NEEDS}


def _first_column(need: str) -> str:
    """Return the column that stands for a table which is needed as a whole: what its rows say."""
    return {FLAGS: "flags.flag", PERSONS: "involvements.role", CRIMES: "crimes.crime_ref"}.get(need, need)


def _needs_of_table(table: str) -> set[str]:
    columns = {f"{table}.{name}" for name in contract.table(table).column_names}
    kinds = {f"{EVENTS}.{key}" for key, kind in contract.event_kinds().items() if kind.sent_in_events}
    return {table, *columns, *(kinds if table == EVENTS else ())}
