"""Ratings in a hash chain, so that every later change is detected.

Ratings have the columns of the return contract (section 7.17), in the order in which they were stored, each with the
hash of itself, of its force and of the rating before. A rating is never changed: another answer to the same question by
the same rater is a new rating that supersedes the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from assay.casefiles.file_assignment import INSPECTOR
from assay.casefiles.rating_validation import RatedAnswer
from assay.contract.question_sets import QuestionSet
from assay.errors import EvidenceError
from assay.ingest.rating_chain_checks import HASHED_COLUMNS, chain_hash

FORCE, HASH = "force_code", "chain_hash"
Rating = Mapping[str, str | None]
SCHEMA = pa.schema([(name, pa.string()) for name in (FORCE, *HASHED_COLUMNS, HASH)])


@dataclass(frozen=True)
class Sealing:
    """What is recorded with every new rating: the rater, the kind of rater, and the time of sealing."""

    rater: str
    marker_kind: str
    sealed_at: datetime


def check_chain(ratings: Iterable[Rating], where: str) -> None:
    """Raise EvidenceError if the hash of a rating does not follow from that of the rating before it."""
    before = ""
    for place, rating in enumerate(ratings, start=1):
        if rating.get(HASH) != _hash(before, rating):
            raise EvidenceError(
                f"{where}, rating {place}: it does not follow the rating before. Ratings are added, never "
                "changed: restore the file from the backup."
            )
        before = str(rating[HASH])


def current_ratings(ratings: Iterable[Rating]) -> list[Rating]:
    """Return the current ratings: those that no later rating supersedes."""
    all_ratings = list(ratings)
    superseded = {rating["supersedes_mark_ref"] for rating in all_ratings if rating["supersedes_mark_ref"]}
    return [rating for rating in all_ratings if rating["mark_ref"] not in superseded]


def inspector_ratings(ratings: Iterable[Rating]) -> list[Rating]:
    """Return the current ratings of inspectors; those of forces' own auditors are for comparison only."""
    return [rating for rating in current_ratings(ratings) if rating["marker_kind"] == INSPECTOR]


def seal_ratings(
    before: Sequence[Rating],
    instrument: QuestionSet,
    answers: Iterable[RatedAnswer],
    rounds: Mapping[tuple[str, str], str],
    sealing: Sealing,
) -> list[Rating]:
    """Return the ratings that the answers of one rater add to the chain."""
    rater_ratings = {
        (rating[FORCE], rating["subject_ref"], rating["question"]): rating
        for rating in current_ratings(before)
        if rating["marker_code"] == sealing.rater and rating["question_set"] == instrument.key
    }
    found: list[Rating] = []
    last = str(before[-1][HASH]) if before else ""
    for answer in answers:
        old = rater_ratings.get((*answer.file, answer.question))
        if old and (old["answer"], old["reason"] or "") == (answer.answer, answer.reason):
            continue
        rating = _new_rating(
            instrument, answer, rounds[answer.file], sealing, f"M{len(before) + len(found) + 1:06d}", old
        )
        last = _hash(last, rating)
        found.append({**rating, HASH: last})
    return found


def _hash(before: str, rating: Rating) -> str:
    """Return the hash as in a force's own return, and of the force: one chain has the ratings of many forces."""
    return chain_hash(f"{before}{rating.get(FORCE)}", rating)


def _new_rating(
    instrument: QuestionSet, answer: RatedAnswer, marking_round: str, sealing: Sealing, ref: str, old: Rating | None
) -> dict[str, str | None]:
    values = {
        "mark_ref": ref,
        "subject_kind": instrument.subject,
        "subject_ref": answer.file[1],
        "question_set": instrument.key,
        "question_set_version": instrument.version,
        "question": answer.question,
        "answer": answer.answer,
        "reason": answer.reason or None,
        "marker_code": sealing.rater,
        "marker_kind": sealing.marker_kind,
        "marking_round": marking_round,
        "sealed_at": f"{sealing.sealed_at:%Y-%m-%d %H:%M}",
        "supersedes_mark_ref": str(old["mark_ref"]) if old else None,
    }
    return {FORCE: answer.file[0], **{name: values[name] for name in HASHED_COLUMNS}}
