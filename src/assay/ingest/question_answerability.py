"""Assess which questions can be answered for each force from what it supplied.

Only manifests and files are used, before any result: answerability describes the request and the supply, not the
performance of a force. "Cannot be asked here" is neither "not known" nor zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from assay.contract.need_descriptions import need_phrases
from assay.contract.question_needs import QuestionNeeds, needs_by_question
from assay.ingest.supplied_columns import SuppliedReturn, supplied_returns

WHOLE, PART, NONE = "whole", "part", "none"
ANSWERS = (WHOLE, PART, NONE)
MARKS_TABLE = "marks"
ANSWERABILITY = pa.schema([(name, pa.string()) for name in ("force_code", "question", "answer", "modes", "why")])
RETURN_TABLES = ("returns", "covers", "kinds", "columns", "counted", "scanned")
"""The tables that describe a received return and are read here."""
NO_RETURN = "Not answerable here: no return of this force was accepted."
NOTHING_NEEDED = "It needs no data from a force: it uses the provenance records and the ledger of the inspection."
ALL_SUPPLIED = "The return holds everything that it needs."
FILES_UNREAD = "Its case files must still be read: inspectors answer its questions, and no return holds their answers."
OWN_AUDIT = "The answers of the force's own audit came. Inspectors have not read the files yet."


@dataclass(frozen=True)
class _PartAnswerability:
    """The answerability of one side of a question, return or case files, with its reason."""

    source: str
    answer: str
    reason: str


def assess_answerability(return_tables: Mapping[str, pa.Table], force_codes: Iterable[str]) -> pa.Table:
    """Return one row for each force and question, Q1 to Q50, with the schema `ANSWERABILITY`.

    A force without an accepted return has a row with answer `none` for every question.

    Parameters
    ----------
    return_tables
        The tables `RETURN_TABLES` of every current return, together.

    Returns
    -------
    pa.Table
        `answer` is whole, part or none; `modes` gives it separately for the return and for the case files; `why` is a
        sentence or two.
    """
    returns_by_force = supplied_returns(return_tables)
    rows = [
        _answerability_row(force_code, needs, returns_by_force.get(force_code))
        for force_code in force_codes
        for needs in needs_by_question().values()
    ]
    return pa.Table.from_pylist(rows, schema=ANSWERABILITY)


def _answerability_row(force_code: str, needs: QuestionNeeds, supplied_return: SuppliedReturn | None) -> dict[str, str]:
    key = {"force_code": force_code, "question": needs.question}
    if supplied_return is None:
        return key | {"answer": NONE, "modes": "", "why": NO_RETURN}
    parts = _assess_parts(needs, supplied_return)
    if not parts:
        return key | {"answer": WHOLE, "modes": "", "why": NOTHING_NEEDED}
    answers = {part.answer for part in parts}
    return key | {
        "answer": answers.pop() if len(answers) == 1 else PART,
        "modes": "; ".join(f"{part.source}: {part.answer}" for part in parts),
        "why": " ".join(part.reason for part in parts),
    }


def _assess_parts(needs: QuestionNeeds, supplied_return: SuppliedReturn) -> Sequence[_PartAnswerability]:
    return_parts = [_assess_return(needs, supplied_return)] if needs.needs else []
    return [*return_parts, _assess_case_files(supplied_return)] if needs.is_audited else return_parts


def _assess_return(needs: QuestionNeeds, supplied_return: SuppliedReturn) -> _PartAnswerability:
    missing = missing_needs(needs.needs, supplied_return)
    if missing:
        return _PartAnswerability(
            "return", NONE, f"Not answerable here, because this was not sent: {missing_needs_text(missing)}."
        )
    optional_text = missing_needs_text(missing_needs(needs.optional_needs, supplied_return))
    gaps = [f"this was not sent: {optional_text}"] if optional_text else []
    gaps += [limitation for table in needs.tables if (limitation := supplied_return.limitation(table))]
    if gaps:
        return _PartAnswerability("return", PART, f"Answerable in part: {'; '.join(gaps)}.")
    return _PartAnswerability("return", WHOLE, ALL_SUPPLIED)


def _assess_case_files(supplied_return: SuppliedReturn) -> _PartAnswerability:
    """Assess the case files; a return holds only the ratings of a force's own audit, so they are never whole."""
    if supplied_return.absence_reason(MARKS_TABLE):
        return _PartAnswerability("case files", NONE, FILES_UNREAD)
    return _PartAnswerability("case files", PART, OWN_AUDIT)


def missing_needs(needs: Iterable[str], supplied_return: SuppliedReturn) -> dict[str, list[str]]:
    """Return the data needs that were not supplied, by reason."""
    found: dict[str, list[str]] = {}
    for need in needs:
        if reason := supplied_return.absence_reason(need):
            is_table_absent = "|" not in need and supplied_return.absence_reason(need.partition(".")[0])
            name = need.partition(".")[0] if is_table_absent else need
            if name not in found.setdefault(reason, []):
                found[reason].append(name)
    return found


def missing_needs_text(missing: Mapping[str, Sequence[str]]) -> str:
    """Return the missing data needs as text."""
    return "; ".join(f"{', '.join(need_phrases(needs))} ({reason})" for reason, needs in missing.items())
