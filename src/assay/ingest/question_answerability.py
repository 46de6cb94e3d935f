"""Which question can be asked of which body, whole, in part or not at all, with what it sent?

Worked out from covers and files alone, before any result: it speaks of the request and what came, not of how good a
force is. "Cannot be asked here" is neither "not known" nor zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from assay.contract.contract_words import named
from assay.contract.question_needs import Reads, questions_read
from assay.ingest.supplied_columns import Arrival, arrivals

WHOLE, PART, NONE = "whole", "part", "none"
ANSWERS = (WHOLE, PART, NONE)
MARKS = "marks"
ANSWERABILITY = pa.schema([(name, pa.string()) for name in ("force_code", "question", "answer", "modes", "why")])
OF_RETURNS = ("returns", "covers", "kinds", "columns", "counted", "scanned")
"""What a received return says of itself that is read here."""
NOTHING_CAME = "Cannot be asked here: no return of this body was taken in."
NOTHING_NEEDED = "It needs nothing from a force: it reads the receipts and the ledger of the inspection."
EVERYTHING_CAME = "All that it reads of a return came."
TO_BE_READ = "Its case files are still to be read: the answers are marks that inspectors make, and no return has them."
OWN_AUDIT = "The marks of the force's own audit came; those of inspectors are still to be made."


@dataclass(frozen=True)
class _Part:
    """One side of a question, the return or the case files: how far it can be asked, and why so."""

    of: str
    answer: str
    why: str


def answerability(returned: Mapping[str, pa.Table], bodies: Iterable[str]) -> pa.Table:
    """One row a body that was asked and question, Q1 to Q50: `ANSWERABILITY`.

    `returned`: the tables `OF_RETURNS` of every return that counts, together. `answer` is whole, part or none; `modes`
    says it for the return and for the case files apart; `why` is a sentence or two. A body of which no return was
    taken in has a row of none for every question.
    """
    came = arrivals(returned)
    rows = [_row(body, reads, came.get(body)) for body in bodies for reads in questions_read().values()]
    return pa.Table.from_pylist(rows, schema=ANSWERABILITY)


def _row(body: str, reads: Reads, came: Arrival | None) -> dict[str, str]:
    key = {"force_code": body, "question": reads.question}
    if came is None:
        return key | {"answer": NONE, "modes": "", "why": NOTHING_CAME}
    parts = _parts(reads, came)
    if not parts:
        return key | {"answer": WHOLE, "modes": "", "why": NOTHING_NEEDED}
    answers = {part.answer for part in parts}
    return key | {
        "answer": answers.pop() if len(answers) == 1 else PART,
        "modes": "; ".join(f"{part.of}: {part.answer}" for part in parts),
        "why": " ".join(part.why for part in parts),
    }


def _parts(reads: Reads, came: Arrival) -> Sequence[_Part]:
    of_return = [_of_return(reads, came)] if reads.needs else []
    return [*of_return, _of_case_files(came)] if reads.audited else of_return


def _of_return(reads: Reads, came: Arrival) -> _Part:
    lacking = not_sent(reads.needs, came)
    if lacking:
        return _Part("return", NONE, f"Cannot be asked here, because this did not come: {lacking_in_words(lacking)}.")
    beside = lacking_in_words(not_sent(reads.also, came))
    gaps = [f"this did not come: {beside}"] if beside else []
    gaps += [said for table in reads.tables if (said := came.in_part(table))]
    if gaps:
        return _Part("return", PART, f"Asked in part: {'; '.join(gaps)}.")
    return _Part("return", WHOLE, EVERYTHING_CAME)


def _of_case_files(came: Arrival) -> _Part:
    """A return holds at most the marks of a force's own audit, so case files are never asked whole from it."""
    if came.why_not(MARKS):
        return _Part("case files", NONE, TO_BE_READ)
    return _Part("case files", PART, OWN_AUDIT)


def not_sent(needs: Iterable[str], came: Arrival) -> dict[str, list[str]]:
    """The needs that did not come, by reason; a table that did not come stands for its columns and kinds."""
    found: dict[str, list[str]] = {}
    for need in needs:
        if why := came.why_not(need):
            whole = "|" not in need and came.why_not(need.partition(".")[0])
            said = need.partition(".")[0] if whole else need
            if said not in found.setdefault(why, []):
                found[why].append(said)
    return found


def lacking_in_words(lacking: Mapping[str, Sequence[str]]) -> str:
    """What `not_sent` gives, in words."""
    return "; ".join(f"{', '.join(named(needs))} ({why})" for why, needs in lacking.items())
