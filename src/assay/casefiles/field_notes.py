"""Exchange fieldwork notes with a coding tool (REFI-QDA), and count the notes of each code.

    export_project(folder, path)   every note as a source, its question as a code, with all codings imported before
    import_codings(folder, path)   the codings and codes that a tool added, stored separately from the notes

A coder is a code (M01) or a role of the closed list. Any other name of a coder is replaced by a number and not stored.
A code whose name or description names a person is set aside with its codings. Texts stay in the notes: of a coding only
the positions in the text are stored.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import casefiles, indicators, reference
from assay.casefiles.refi_qda import Code, Coding, Ends, Project, Source, read_project, write_project
from assay.casefiles.refi_qda.coding_project import GUID
from assay.casefiles.refi_qda.coding_project import Path as CodePath
from assay.contract import question_sets
from assay.engine.provenance import file_hash, read_stage, with_folder_lock
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import UsageError
from assay.indicators.fieldwork_question_sets import fieldwork_sets
from assay.indicators.voice_counts import RespondentCount
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.other_sender_tables import accepted_rows, current_stages
from assay.ingest.other_senders.other_row_checks import names_somebody
from assay.ingest.stage_names import OTHER_SENDERS
from assay.reference.return_code_lists import list_values
from assay.wording import count_phrase

CODINGS, NOTES, QUESTIONS = "casefiles/codings", "fieldwork_notes", "Questions"
ASSAY_CODER = "assay"
"""The coder of the question of each note."""
CODER = re.compile(r"[A-Z]{1,4}[0-9]{1,4}|coder-[0-9a-f]{8}")
VALUES = ("fieldwork_ref", "subject_kind", "place_code", "held_on", "role_of_person", "question")
SEPARATOR = "\x1f"
"""Separates the names of the parent codes of a code; no name contains it."""
CODES_SCHEMA = pa.schema([("code", pa.string()), ("description", pa.string())])
CODINGS_SCHEMA = pa.schema(
    [
        ("note", pa.string()),
        ("words", pa.string()),
        ("code", pa.string()),
        ("coder", pa.string()),
        ("first", pa.int64()),
        ("after", pa.int64()),
    ]
)
"""`words` is the SHA-256 of the coded text: in another text the positions are invalid."""


@dataclass(frozen=True)
class Exported:
    """The exported file and its counts; `stale` counts codings that refer to an earlier text of a note."""

    path: Path
    notes: int
    codes: int
    codings: int
    stale: int

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {**vars(self), "path": str(self.path)}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        totals = (
            f"{count_phrase(self.notes, 'note')}, {count_phrase(self.codes, 'code')}, "
            f"{count_phrase(self.codings, 'coding')}"
        )
        lines = [f"{totals}: {self.path}", "The file contains texts of notes. Keep it inside the inspection."]
        if self.stale:
            lines.append(f"{count_phrase(self.stale, 'coding')} left out: a new version of the note has another text.")
        return lines


@dataclass(frozen=True)
class Imported:
    """The result of an import: new codings and codes, renamed coders, unread memos, and what could not be used."""

    codings: int
    codes: int
    renamed: int
    memos: int
    errors: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        counts = {name: value for name, value in vars(self).items() if name != "errors"}
        return {**counts, "errors": list(self.errors)}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        lines = [f"{count_phrase(self.codings, 'new coding')}, {count_phrase(self.codes, 'new code')}."]
        if self.renamed:
            lines.append(f"{count_phrase(self.renamed, 'coder')} had a name and now has a number.")
        if self.memos:
            lines.append(f"{count_phrase(self.memos, 'memo')} not read: write comments about a note as a note.")
        if self.errors:
            lines += ["", f"{count_phrase(len(self.errors), 'error')}; everything else was accepted:"]
        return [*lines, *(f"  {message}" for message in self.errors)]


@dataclass(frozen=True)
class CodeCounts:
    """The numbers of notes and of visits with each code; they are counts and never become shares."""

    rows: tuple[tuple[CodePath, RespondentCount, RespondentCount], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {"codes": [{"code": list(path), "notes": n.value, "heard": h.value} for path, n, h in self.rows]}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        lines = [
            f"  {' / '.join(path)}: {count_phrase(n.value or 0, 'note')}, of {h.value}" for path, n, h in self.rows
        ]
        return [
            "Notes with each code, and the number of interviews, groups and observations that they come from:",
            *lines,
        ]


def project_of(folder: Path) -> Project:
    """Return a coding project of every note, with its question and codings; raise UsageError if there is no note."""
    inspection, notes = open_inspection(folder), _notes(folder)
    codes, codings = _stored_codings(folder)
    sources = tuple(
        Source(
            name,
            row["text"],
            tuple((key, str(row[key])) for key in VALUES),
            frozenset(
                {Coding(_question_code(row["question"]), ASSAY_CODER), *_note_codings(name, row["text"], codings)}
            ),
        )
        for name, row in notes.items()
    )
    used_questions = {row["question"] for row in notes.values()}
    question_codes = [Code((QUESTIONS,), "The questions of the commission, and of the question sets of fieldwork.")]
    question_codes += [Code(_question_code(key), text) for key, text in _questions().items() if key in used_questions]
    known = {code.path for code in question_codes}
    return Project(
        inspection.request.key, (*question_codes, *(code for code in codes if code.path not in known)), sources
    )


def export_project(folder: Path, path: Path) -> Exported:
    """Write every note as a REFI-QDA project (.qdpx), with its codes and codings."""
    project = project_of(folder)
    write_project(path, project)
    codings, notes = sum(len(source.codings) for source in project.sources), len(project.sources)
    return Exported(path, notes, len(project.codes), codings, len(_stored_codings(folder)[1]) - (codings - notes))


@with_folder_lock
def import_codings(folder: Path, path: Path, ends: Ends = Ends.LAST) -> Imported:
    """Import codings that a coding tool added; codings that are missing from its file are kept.

    Raises SourceError if the file as a whole cannot be used.
    """
    imported, before = read_project(path, ends), project_of(folder)
    refused_codes = [
        item.path for item in imported.project.codes if any(map(names_somebody, (*item.path, item.description)))
    ]
    coders = {name: _coder(name, imported.coders.get(name, "")) for name in imported.project.coders}
    texts = {item.name: item for item in before.sources}
    errors = [*imported.errors]
    errors += [
        f"{path.name}, code {place}: its text contains a name or a personal detail, so it is set aside with its "
        "codings. Write it without."
        for place, item in enumerate(imported.project.codes, start=1)
        if item.path in refused_codes
    ]
    fresh: dict[str, set[Coding]] = {}
    for place, source in enumerate(imported.project.sources, start=1):
        note = texts.get(source.name)
        if note is None or note.text != source.text.removeprefix("\ufeff"):
            problem = (
                "no note has its name" if note is None else "its text differs from the note, so positions do not match"
            )
            errors.append(f"{path.name}, source {place}: {problem}. Its codings are set aside.")
            continue
        usable = (item for item in source.codings if not _is_inside(item.code, refused_codes))
        fresh[source.name] = {replace(item, coder=coders[item.coder]) for item in usable} - note.codings
    codes = {item.path for item in before.codes}
    added = [
        item for item in imported.project.codes if item.path not in codes and not _is_inside(item.path, refused_codes)
    ]
    if added or any(fresh.values()):
        _store_codings(folder, path, added, [row for name in fresh for row in _rows(texts[name], fresh[name])])
    return Imported(
        codings=sum(len(item) for item in fresh.values()),
        codes=len(added),
        renamed=sum(name != code for name, code in coders.items()),
        memos=imported.memos,
        errors=tuple(errors),
    )


def code_counts(folder: Path) -> CodeCounts:
    """Count the notes with each code that occurs; raise UsageError if there is no note."""
    project = project_of(folder)
    rows = []
    for code in project.codes:
        code_sources = [
            source for source in project.sources if any(coding.code == code.path for coding in source.codings)
        ]
        if code_sources:
            interviews = {dict(source.values)["fieldwork_ref"] for source in code_sources}
            rows.append((code.path, RespondentCount(len(code_sources)), RespondentCount(len(interviews))))
    return CodeCounts(tuple(rows))


def _notes(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Return the notes by sender and reference."""
    rows = accepted_rows(folder)["fieldwork_notes"]
    if not rows:
        raise UsageError(
            f"{folder} holds no fieldwork notes. Receive them first: assay inspect receive-evidence {folder} FOLDER"
        )
    return {f"{row['sender']} {row['note_ref']}": row for row in rows}


def _questions() -> dict[str, str]:
    """Return the text of every question that a note can answer, by key."""
    texts = {question.number: question.text for question in reference.questions()}
    return texts | {
        question.key: question.text
        for question_set_item in fieldwork_sets().values()
        for question in question_set_item.questions
    }


def _question_code(question: str) -> CodePath:
    return QUESTIONS, question


def _coder(name: str, number: str) -> str:
    """Return a coder's code or role; any other name is replaced by a number that reveals nothing about it."""
    if name == ASSAY_CODER or CODER.fullmatch(name) or name in list_values("role"):
        return name
    return f"coder-{number[:8] if GUID.fullmatch(number) else '0' * 8}"


def _is_inside(path: CodePath, unfit: Iterable[CodePath]) -> bool:
    return any(path[: len(parent)] == parent for parent in unfit)


def _stored_codings(folder: Path) -> tuple[list[Code], list[dict[str, Any]]]:
    """Return the imported codes, and every coding as stored."""
    if not (folder / CODINGS / "codings.parquet").is_file():
        return [], []
    codes = read_stage(folder, CODINGS, "codes").to_pylist()
    code_list = [Code(tuple(row["code"].split(SEPARATOR)), row["description"]) for row in codes]
    return code_list, read_stage(folder, CODINGS, "codings").to_pylist()


def _note_codings(name: str, text: str, stored_codings: Iterable[Mapping[str, Any]]) -> set[Coding]:
    """Return the codings of a note whose coded text is the current one."""
    return {
        Coding(tuple(row["code"].split(SEPARATOR)), row["coder"], row["first"], row["after"])
        for row in stored_codings
        if (row["note"], row["words"]) == (name, _words(text))
    }


def _store_codings(folder: Path, path: Path, added: Iterable[Code], fresh: Sequence[Mapping[str, Any]]) -> None:
    """Store the existing and the new codings; the imported file is named in the provenance record."""
    codes, before = _stored_codings(folder)
    code_rows = [{"code": SEPARATOR.join(code.path), "description": code.description} for code in (*codes, *added)]
    rows = [*before, *fresh]
    tables = {
        "codes": pa.Table.from_pylist(code_rows, CODES_SCHEMA),
        "codings": pa.Table.from_pylist(rows, CODINGS_SCHEMA),
    }
    runner = StageRunner(folder)
    runner.load_receipts(OTHER_SENDERS)
    sent_inputs = dict([runner.record_received_file(path.name, file_hash(path))])
    runner.run_stage(
        CODINGS,
        lambda: StageOutput(tables, len(rows), len(rows)),
        packages=(casefiles, indicators, question_sets),
        inputs={**runner.outputs_of(*current_stages(folder).values()), **sent_inputs},
        settings={"codings": len(rows), "codes": len(code_rows)},
    )


def _rows(note: Source, codings: Iterable[Coding]) -> list[dict[str, Any]]:
    words = _words(note.text)
    return [
        {
            "note": note.name,
            "words": words,
            "code": SEPARATOR.join(coding.code),
            "coder": coding.coder,
            "first": coding.first,
            "after": coding.after,
        }
        for coding in sorted(codings)
    ]


def _words(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
