"""Which documents were seen, on which questions do they bear, and are the copies that are kept still the same?"""

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
from assay.ingest.other_sender_tables import held_rows
from assay.wording import counted

CHECKLIST_OF = {
    "policy": "policy_document",
    "problem_profile": "problem_profile_document",
    "minutes": "minutes_document",
    "training_record": "training_document",
}
"""By which checklist each kind of document is read; the others have none."""
SAME, DIFFERS, MISSING, NOT_LOOKED = "the same", "differs", "missing", "not looked at"


@dataclass(frozen=True)
class Document:
    """One document of the register: who sent it, its kind, questions, answers to its checklist, and its kept copy."""

    sender: str
    ref: str
    body: str
    kind: str
    dated: str
    questions: tuple[str, ...]
    checks: int
    kept_as: str
    copy: str


@dataclass(frozen=True)
class LookedAt:
    """The register, and what became of the copies."""

    documents: tuple[Document, ...]
    written: Path | None = None

    @property
    def whole(self) -> bool:
        """Whether no copy that was looked for differs or is missing."""
        return not any(one.copy in (DIFFERS, MISSING) for one in self.documents)

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {"documents": [vars(one) for one in self.documents], "whole": self.whole}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        wrong = [one for one in self.documents if one.copy in (DIFFERS, MISSING)]
        said = [f"{counted(len(self.documents), 'document')} in the register."]
        said += [
            f"  {one.body}  {one.ref}: {one.kind}, {one.dated}; {', '.join(one.questions) or 'no question'}; "
            f"{counted(one.checks, 'answer')}; kept copy {one.copy}"
            for one in self.documents
        ]
        if wrong:
            said.append(f"{counted(len(wrong), 'copy', 'copies')} not as the register says:")
            said += [f"  {one.kept_as} ({one.sender}, {one.ref}): {one.copy}" for one in wrong]
        if self.written:
            said.append(f"An empty table of checks: {self.written}")
        return said


def looked_at(folder: Path, copies: Path | None = None, checklist: Path | None = None) -> LookedAt:
    """The register of every sender; with `copies`, each kept copy held against its hash. `checklist`: where an empty
    table of checks is written. UsageError where no document was sent, or `copies` is no folder."""
    open_inspection(folder)
    rows = held_rows(folder)
    if not rows["documents"]:
        raise UsageError(f"{folder} holds no document. Take in a register first: assay hear {folder} FOLDER")
    if copies is not None and not copies.is_dir():
        raise UsageError(f"{copies} is not a folder. Name the one where the copies are kept.")
    questions = _by_document(rows["document_questions"])
    checks = _by_document(rows["document_checks"])
    found = [_document(row, questions, checks, copies) for row in rows["documents"]]
    if checklist is not None:
        _write_checklist(checklist, rows["documents"])
    return LookedAt(tuple(sorted(found, key=lambda one: (one.body, one.ref, one.sender))), checklist)


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
        body=row["body_code"],
        kind=other_senders.meaning("document_kind", row["document_kind"]),
        dated=row["dated_on"].isoformat() if row["dated_on"] else "not dated",
        questions=tuple(sorted(one["question"] for one in questions.get(key, ()))),
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
    return SAME if file_hash(path) == row["sha256"].casefold() else DIFFERS


def _write_checklist(path: Path, documents: Sequence[Mapping[str, Any]]) -> None:
    """One row a document and item of its checklist, without answer, in the form in which it is sent."""
    names = [column.name for column in other_senders.tables()["document_checks"].columns]
    told = (item for row in documents for item in _items(row))
    write_csv(path, names, ([item.get(name, "") for name in names] for item in told))


def _items(document: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    asked = checklists().get(CHECKLIST_OF.get(document["document_kind"], ""))
    if asked is not None:
        known = {"checklist": asked.key, "checklist_version": asked.version, "checksum": asked.checksum}
        yield from ({"document_ref": document["document_ref"], **known, "item": one.key} for one in asked.questions)
