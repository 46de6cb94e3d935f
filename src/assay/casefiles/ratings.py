"""How are marks kept so that none can be changed unseen?

Marks stand in the columns of the return contract (section 7.17), in the order of sealing, each with the hash of itself,
of its force and of the mark before. A mark is never changed: another answer to the same question by the same marker is
a new mark that supersedes the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from assay.casefiles.file_assignment import INSPECTOR
from assay.casefiles.rating_validation import Answered
from assay.contract.question_sets import QuestionSet
from assay.errors import EvidenceError
from assay.ingest.rating_chain_checks import CHAINED, chain_hash

FORCE, HASH = "force_code", "chain_hash"
Mark = Mapping[str, str | None]
SCHEMA = pa.schema([(name, pa.string()) for name in (FORCE, *CHAINED, HASH)])


@dataclass(frozen=True)
class Sealing:
    """Under what marks are sealed: whose they are, of which kind of marker, and when."""

    marker: str
    marker_kind: str
    sealed_at: datetime


def check_chain(marks: Iterable[Mark], where: str) -> None:
    """Raise EvidenceError where a mark does not follow from the one before."""
    before = ""
    for place, mark in enumerate(marks, start=1):
        if mark.get(HASH) != _hash(before, mark):
            raise EvidenceError(
                f"{where}, mark {place}: it does not follow from the one before. Marks are added, never changed: put "
                "the file back as it was."
            )
        before = str(mark[HASH])


def standing(marks: Iterable[Mark]) -> list[Mark]:
    """The marks that hold: those that no later mark supersedes."""
    held = list(marks)
    gone = {mark["supersedes_mark_ref"] for mark in held if mark["supersedes_mark_ref"]}
    return [mark for mark in held if mark["mark_ref"] not in gone]


def of_inspectors(marks: Iterable[Mark]) -> list[Mark]:
    """The marks that hold and count: inspectors'. What a force's own auditor found is compared, never counted."""
    return [mark for mark in standing(marks) if mark["marker_kind"] == INSPECTOR]


def sealed(
    before: Sequence[Mark],
    asked: QuestionSet,
    answers: Iterable[Answered],
    rounds: Mapping[tuple[str, str], str],
    sealing: Sealing,
) -> list[Mark]:
    """The marks that these answers of one marker add to those `before`, each in the round of its file ("first",
    "second", "adjudicated"). An answer that already stands, with its reason, adds nothing."""
    mine = {
        (mark[FORCE], mark["subject_ref"], mark["question"]): mark
        for mark in standing(before)
        if mark["marker_code"] == sealing.marker and mark["question_set"] == asked.key
    }
    found: list[Mark] = []
    last = str(before[-1][HASH]) if before else ""
    for one in answers:
        old = mine.get((*one.file, one.question))
        if old and (old["answer"], old["reason"] or "") == (one.answer, one.reason):
            continue
        mark = _mark(asked, one, rounds[one.file], sealing, f"M{len(before) + len(found) + 1:06d}", old)
        last = _hash(last, mark)
        found.append({**mark, HASH: last})
    return found


def _hash(before: str, mark: Mark) -> str:
    """As in a force's own return, and with the force: here one chain holds the marks of many."""
    return chain_hash(f"{before}{mark.get(FORCE)}", mark)


def _mark(
    asked: QuestionSet, one: Answered, marking_round: str, sealing: Sealing, ref: str, old: Mark | None
) -> dict[str, str | None]:
    told = {
        "mark_ref": ref,
        "subject_kind": asked.subject,
        "subject_ref": one.file[1],
        "question_set": asked.key,
        "question_set_version": asked.version,
        "question": one.question,
        "answer": one.answer,
        "reason": one.reason or None,
        "marker_code": sealing.marker,
        "marker_kind": sealing.marker_kind,
        "marking_round": marking_round,
        "sealed_at": f"{sealing.sealed_at:%Y-%m-%d %H:%M}",
        "supersedes_mark_ref": str(old["mark_ref"]) if old else None,
    }
    return {FORCE: one.file[0], **{name: told[name] for name in CHAINED}}
