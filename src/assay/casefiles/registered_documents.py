"""Which documents of a register are given out to be read, and how do their marks stand beside checks that were sent?

A register is what one sender sent (`assay hear`); its key is that sender's. Each kind of document has its checklist.
Which documents were seen was not left to chance: what their marks say is counted, and no rate is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assay.casefiles.case_timeline import Step
from assay.casefiles.document_register import CHECKLIST_OF
from assay.casefiles.fieldwork_plan import NOT_DRAWN, is_planned
from assay.casefiles.file_assignment import File
from assay.casefiles.file_sampling import SAMPLES
from assay.contract.question_sets import QuestionSet
from assay.indicators.document_checklists import SUBJECT
from assay.ingest import other_senders
from assay.ingest.other_sender_tables import held_rows

Row = Mapping[str, Any]
SEEN = (
    "Which documents were seen was not left to chance, so no rate of a force can be given: the answers are counted, "
    "and stand for those documents."
)


def is_registered(folder: Path, key: str) -> bool:
    """Whether this key names a sender's register of documents, and no sample and no list."""
    taken = (folder / SAMPLES / key).is_dir() or is_planned(folder, key)
    return not taken and any(row["sender"] == key for row in held_rows(folder)["documents"])


def is_chosen(folder: Path, key: str) -> bool:
    """Whether this key names what was chosen, a list or a register, and not drawn."""
    return is_planned(folder, key) or is_registered(folder, key)


def why_counted(asked: QuestionSet) -> str:
    """Why there is no share of what was chosen."""
    return SEEN if asked.subject == SUBJECT else NOT_DRAWN


def documents_of(folder: Path, key: str, questions: str) -> list[Row]:
    """The documents of a register that are read by one checklist."""
    held = held_rows(folder)["documents"]
    return [row for row in held if row["sender"] == key and CHECKLIST_OF.get(row["document_kind"]) == questions]


def as_file(row: Row) -> File:
    """A document as it is given out: the copy that is kept is its stratum, so that another copy is known."""
    return File(row["body_code"], row["document_ref"], row["sha256"].casefold())


def as_step(row: Row) -> Step:
    """What the sheet says of a document beside its questions: its kind, its day, and which copy is to be read."""
    kind, day = other_senders.meaning("document_kind", row["document_kind"]), row["dated_on"]
    copy = f"kept as {row['kept_as']}, SHA-256 {row['sha256'].casefold()}"
    owner = (row["owner_role"] or "").replace("_", " ")
    return Step(*as_file(row).pair, f"{day or 'not dated'}", kind, copy, owner, row["body_code"])


def read_checks(
    sent: Iterable[Row], documents: Iterable[Row], marks: Mapping[tuple[str, str], Mapping[tuple[str, str, str], str]]
) -> list[Row]:
    """What every document answers, once an item: as it was sealed, else as it was sent in a table of checks.

    `marks`: by sender and checklist, (body, document, item) -> answer.
    """
    sealed = {
        (row["sender"], row["document_ref"], checklist, item): answer
        for row in documents
        for (sender, checklist), answers in marks.items()
        for (body, ref, item), answer in answers.items()
        if (sender, body, ref) == (row["sender"], row["body_code"], row["document_ref"])
    }
    names = ("sender", "document_ref", "checklist", "item")
    kept = [row for row in sent if tuple(row[name] for name in names) not in sealed]
    return [*kept, *(dict(zip(names, place, strict=True)) | {"answer": answer} for place, answer in sealed.items())]
