"""Documents of one sender that are rated with a checklist, with the sender's own checks for comparison.

A register is what one sender sent (`assay inspect receive-evidence`), and its key is that sender. Each kind of document
has its checklist. The selection of documents is purposive, so answers are counted and no rate is estimated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypedDict

from assay.casefiles.case_timeline import Step
from assay.casefiles.document_register import CHECKLIST_OF
from assay.casefiles.fieldwork_plan import NOT_RANDOM, is_planned
from assay.casefiles.file_assignment import File
from assay.casefiles.file_sampling import SAMPLES
from assay.contract.question_sets import QuestionSet
from assay.indicators.document_checklists import SUBJECT
from assay.ingest import other_senders
from assay.ingest.other_sender_tables import accepted_rows
from assay.ingest.other_senders.sender_rows import DocumentChecksRow, DocumentsRow

NOT_RANDOM_DOCUMENTS = (
    "The documents were not randomly sampled, so no rate of a force can be estimated: answers "
    "are counted, and represent only those documents."
)


class CheckAnswer(TypedDict):
    """The answer to one item of a checklist on one document, by a rater or by the sender of the document."""

    sender: str
    document_ref: str
    checklist: str
    item: str
    answer: str


def is_registered(folder: Path, key: str) -> bool:
    """Return True if this key names a sender's register of documents, not a sample or a plan."""
    is_other_key = (folder / SAMPLES / key).is_dir() or is_planned(folder, key)
    return not is_other_key and any(row["sender"] == key for row in accepted_rows(folder)["documents"])


def is_purposive(folder: Path, key: str) -> bool:
    """Return True if this key names a plan or a register, whose contents were not randomly sampled."""
    return is_planned(folder, key) or is_registered(folder, key)


def reason_for_counts(instrument: QuestionSet) -> str:
    """Return the reason why there is no share for a purposive selection."""
    return NOT_RANDOM_DOCUMENTS if instrument.subject == SUBJECT else NOT_RANDOM


def documents_of(folder: Path, key: str, questions: str) -> list[DocumentsRow]:
    """Return the documents of a register that one checklist applies to."""
    documents = accepted_rows(folder)["documents"]
    return [row for row in documents if row["sender"] == key and CHECKLIST_OF.get(row["document_kind"]) == questions]


def as_file(row: DocumentsRow) -> File:
    """Return a document as a file for allocation, with the hash of its copy as stratum, to detect a changed copy."""
    return File(row["body_code"], row["document_ref"], row["sha256"].casefold())


def as_step(row: DocumentsRow) -> Step:
    """Return the entry for a document on a rating sheet: its kind, its date, and the copy to read."""
    kind, day = other_senders.meaning("document_kind", row["document_kind"]), row["dated_on"]
    copy = f"kept as {row['kept_as']}, SHA-256 {row['sha256'].casefold()}"
    owner = (row["owner_role"] or "").replace("_", " ")
    return Step(*as_file(row).pair, f"{day or 'not dated'}", kind, copy, owner, row["body_code"])


def combine_checks(
    check_rows: Iterable[DocumentChecksRow],
    documents: Iterable[DocumentsRow],
    ratings: Mapping[tuple[str, str], Mapping[tuple[str, str, str], str]],
) -> list[CheckAnswer]:
    """Return one answer for each document and checklist item: the rating if there is one, otherwise the sender's check.

    `ratings` are by sender and checklist, (force, document, item) -> answer.
    """
    sealed = {
        (row["sender"], row["document_ref"], checklist, item): answer
        for row in documents
        for (sender, checklist), answers in ratings.items()
        for (organisation, ref, item), answer in answers.items()
        if (sender, organisation, ref) == (row["sender"], row["body_code"], row["document_ref"])
    }
    checked = [
        ((row["sender"], row["document_ref"], row["checklist"], row["item"]), row["answer"]) for row in check_rows
    ]
    unsealed = [(item, answer) for item, answer in checked if item not in sealed]
    return [
        CheckAnswer(sender=sender, document_ref=ref, checklist=checklist, item=item, answer=answer)
        for (sender, ref, checklist, item), answer in (*unsealed, *sealed.items())
    ]
