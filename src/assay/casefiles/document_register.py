"""Check the register of documents: which questions they answer, and whether the stored copies are unchanged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.engine.provenance import file_hash
from assay.engine.safe_files.spreadsheet_cells import write_csv
from assay.errors import UsageError
from assay.indicators.document_checklists import checklists
from assay.ingest import other_senders
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.other_sender_tables import accepted_rows
from assay.wording import count_phrase

CHECKLIST_OF = {
    "policy": "policy_document",
    "problem_profile": "problem_profile_document",
    "minutes": "minutes_document",
    "training_record": "training_document",
}
"""The checklist of each kind of document; other kinds have none."""
IDENTICAL, DIFFERS, MISSING, NOT_LOOKED = "the same", "differs", "missing", "not looked at"


@dataclass(frozen=True)
class Document:
    """One document of the register: sender, kind, questions, checklist answers, and whether its copy is unchanged."""

    sender: str
    ref: str
    organisation: str
    kind: str
    dated: str
    questions: tuple[str, ...]
    checks: int
    kept_as: str
    copy: str


@dataclass(frozen=True)
class RegisterCheck:
    """The documents of the register, and for each whether its stored copy is present and unchanged."""

    documents: tuple[Document, ...]
    checklist_path: Path | None = None

    @property
    def whole(self) -> bool:
        """True if every checked copy is present and unchanged."""
        return not any(document.copy in (DIFFERS, MISSING) for document in self.documents)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        return {"documents": [vars(document) for document in self.documents], "whole": self.whole}

    def summary_lines(self) -> list[str]:
        """Return the result as lines for a terminal."""
        wrong = [document for document in self.documents if document.copy in (DIFFERS, MISSING)]
        lines = [f"{count_phrase(len(self.documents), 'document')} in the register."]
        lines += [
            (
                f"  {document.organisation}  {document.ref}: {document.kind}, {document.dated}; "
                f"{', '.join(document.questions) or 'no question'}; "
                f"{count_phrase(document.checks, 'answer')}; kept copy {document.copy}"
            )
            for document in self.documents
        ]
        if wrong:
            lines.append(f"{count_phrase(len(wrong), 'copy', 'copies')} that differ from the register:")
            lines += [
                f"  {document.kept_as} ({document.sender}, {document.ref}): {document.copy}" for document in wrong
            ]
        if self.checklist_path:
            lines.append(f"An empty table of checks: {self.checklist_path}")
        return lines


def check_register(folder: Path, copies: Path | None = None, checklist: Path | None = None) -> RegisterCheck:
    """Return the registers of all senders, with the state of each document's copy.

    Parameters
    ----------
    copies
        Folder of the copies, whose hashes are compared with the register.
    checklist
        Path for an empty table of checks.

    Raises
    ------
    UsageError
        If no document was sent, or `copies` is not a folder.
    """
    open_inspection(folder)
    rows = accepted_rows(folder)
    if not rows["documents"]:
        raise UsageError(
            f"{folder} holds no documents. Receive a register first: assay inspect receive-evidence {folder} FOLDER"
        )
    if copies is not None and not copies.is_dir():
        raise UsageError(f"{copies} is not a folder. Name the folder of the copies.")
    questions = _by_document(rows["document_questions"])
    checks = _by_document(rows["document_checks"])
    found = [_document(row, questions, checks, copies) for row in rows["documents"]]
    if checklist is not None:
        _write_checklist(checklist, rows["documents"])
    return RegisterCheck(
        tuple(sorted(found, key=lambda document: (document.organisation, document.ref, document.sender))), checklist
    )


def _by_document(rows: Sequence[Mapping[str, Any]]) -> Mapping[tuple[str, str], list[Mapping[str, Any]]]:
    found = defaultdict(list)
    for row in rows:
        found[row["sender"], row["document_ref"]].append(row)
    return found


def _document(
    row: Mapping[str, Any], questions: Mapping[Any, Any], checks: Mapping[Any, Any], copies: Path | None
) -> Document:
    key = (row["sender"], row["document_ref"])
    return Document(
        sender=row["sender"],
        ref=row["document_ref"],
        organisation=row["body_code"],
        kind=other_senders.meaning("document_kind", row["document_kind"]),
        dated=row["dated_on"].isoformat() if row["dated_on"] else "not dated",
        questions=tuple(sorted(question_row["question"] for question_row in questions.get(key, ()))),
        checks=len(checks.get(key, ())),
        kept_as=row["kept_as"],
        copy=_copy(row, copies),
    )


def _copy(row: Mapping[str, Any], copies: Path | None) -> str:
    if copies is None:
        return NOT_LOOKED
    path = copies / row["kept_as"]  # as its sender wrote it, so it may lead anywhere
    if not path.is_file() or not path.resolve().is_relative_to(copies.resolve()):
        return MISSING
    return IDENTICAL if file_hash(path) == row["sha256"].casefold() else DIFFERS


def _write_checklist(path: Path, documents: Sequence[Mapping[str, Any]]) -> None:
    """Write one row per document and checklist item, without answers, in the format of a return."""
    names = [column.name for column in other_senders.tables()["document_checks"].columns]
    items = (item for row in documents for item in _items(row))
    write_csv(path, names, ([item.get(name, "") for name in names] for item in items))


def _items(document: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    checklist = checklists().get(CHECKLIST_OF.get(document["document_kind"], ""))
    if checklist is not None:
        known = {"checklist": checklist.key, "checklist_version": checklist.version, "checksum": checklist.checksum}
        yield from (
            {"document_ref": document["document_ref"], **known, "item": question.key}
            for question in checklist.questions
        )
