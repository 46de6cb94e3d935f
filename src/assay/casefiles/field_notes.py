"""Which notes of fieldwork are there, how do they go to a coding tool, and what does it bring back?

    export(folder, path)      every note as a source, its question as a code, with every coding that came back before
    take_back_in(folder, path)   what a tool added: codings and new codes, kept beside the notes

A coder is a code (M01) or a role of the closed list; any other name that a tool writes gives way to a number, and is
kept nowhere. A code whose words name somebody is set aside with its codings. Texts stay with the notes: of a coding
only the places in the text are kept.
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
from assay.casefiles.refi import Code, Coding, Ends, Project, Source, read_project, write_project
from assay.casefiles.refi.coding_project import GUID
from assay.casefiles.refi.coding_project import Path as CodePath
from assay.contract import question_sets
from assay.engine.provenance import file_hash, one_at_a_time, read_stage
from assay.engine.stage_runner import Book, Made
from assay.errors import UsageError
from assay.indicators.fieldwork_question_sets import fieldwork_sets
from assay.indicators.voice_counts import Heard
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.other_sender_tables import held_rows, holding
from assay.ingest.other_senders.other_row_checks import names_somebody
from assay.ingest.stage_names import OTHERS
from assay.reference.return_code_lists import list_values
from assay.wording import counted

CODINGS, NOTES, QUESTIONS = "casefiles/codings", "fieldwork_notes", "Questions"
OURS = "assay"
"""Who coded each note to its question: whoever took the note."""
CODER = re.compile(r"[A-Z]{1,4}[0-9]{1,4}|coder-[0-9a-f]{8}")
VALUES = ("fieldwork_ref", "subject_kind", "place_code", "held_on", "role_of_person", "question")
BETWEEN = "\x1f"
"""Between the names of the codes that a code lies in; it stands in no name."""
CODES = pa.schema([("code", pa.string()), ("description", pa.string())])
CODED = pa.schema([("note", pa.string()), ("words", pa.string()), ("code", pa.string()), ("coder", pa.string()),
                   ("first", pa.int64()), ("after", pa.int64())])  # fmt: skip
"""`words`: SHA-256 of the text that was coded; in another text the places mean nothing."""


@dataclass(frozen=True)
class Exported:
    """The file that was written, and what it holds; `stale`: codings of notes whose text has changed since."""

    path: Path
    notes: int
    codes: int
    codings: int
    stale: int

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {**vars(self), "path": str(self.path)}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        said = f"{counted(self.notes, 'note')}, {counted(self.codes, 'code')}, {counted(self.codings, 'coding')}"
        lines = [f"{said}: {self.path}", "It holds the texts of notes. Keep it inside the inspection."]
        if self.stale:
            lines.append(f"{counted(self.stale, 'coding')} left out: the note was sent anew with other words.")
        return lines


@dataclass(frozen=True)
class Imported:
    """What a tool brought back: codings and codes that were not there before, coders whose names gave way to a number,
    memos that were not read, and what could not be used."""

    codings: int
    codes: int
    renamed: int
    memos: int
    faults: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {**vars(self), "faults": list(self.faults)}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        said = [f"{counted(self.codings, 'new coding')}, {counted(self.codes, 'new code')}."]
        if self.renamed:
            said.append(f"{counted(self.renamed, 'coder')} stood there by name, and stands as a number now.")
        if self.memos:
            said.append(f"{counted(self.memos, 'memo')} not read: what is written about a note belongs in a note.")
        if self.faults:
            said += ["", f"{counted(len(self.faults), 'fault')}; everything else counts:"]
        return [*said, *(f"  {one}" for one in self.faults)]


@dataclass(frozen=True)
class CodeCounts:
    """How many notes, and of how many interviews, groups and observations, bear each code: counts, never shares."""

    rows: tuple[tuple[CodePath, Heard, Heard], ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {"codes": [{"code": list(path), "notes": n.told, "heard": h.told} for path, n, h in self.rows]}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        lines = [f"  {' / '.join(path)}: {counted(n.told or 0, 'note')}, of {h.told}" for path, n, h in self.rows]
        return ["Notes that bear each code, and of how many interviews, groups and observations they are:", *lines]


def project_of(folder: Path) -> Project:
    """Every note with its question and with what tools brought back. UsageError where there is no note."""
    inspection, notes = open_inspection(folder), _notes(folder)
    codes, held = _kept(folder)
    sources = tuple(
        Source(
            name,
            row["text"],
            tuple((key, str(row[key])) for key in VALUES),
            frozenset({Coding(_question_code(row["question"]), OURS), *_coded(name, row["text"], held)}),
        )
        for name, row in notes.items()
    )
    asked = {row["question"] for row in notes.values()}
    own = [Code((QUESTIONS,), "The questions of the commission, and of the question sets of fieldwork.")]
    own += [Code(_question_code(key), says) for key, says in _questions().items() if key in asked]
    known = {one.path for one in own}
    return Project(inspection.request.key, (*own, *(one for one in codes if one.path not in known)), sources)


def export(folder: Path, path: Path) -> Exported:
    """Write every note as a REFI-QDA project (.qdpx), with its codes and codings."""
    project = project_of(folder)
    write_project(path, project)
    codings, notes = sum(len(one.codings) for one in project.sources), len(project.sources)
    return Exported(path, notes, len(project.codes), codings, len(_kept(folder)[1]) - (codings - notes))


@one_at_a_time
def take_back_in(folder: Path, path: Path, ends: Ends = Ends.LAST) -> Imported:
    """Take in what a coding tool added. What is there already adds nothing; what a tool left out is not taken away.
    SourceError where the file cannot be used as a whole."""
    came, before = read_project(path, ends), project_of(folder)
    unfit = [one.path for one in came.project.codes if any(map(names_somebody, (*one.path, one.description)))]
    coders = {name: _coder(name, came.coders.get(name, "")) for name in came.project.coders}
    texts = {one.name: one for one in before.sources}
    faults = [*came.faults]
    faults += [
        f"{path.name}, code {place}: its words name somebody or hold a detail. Its codings are set aside with it."
        for place, one in enumerate(came.project.codes, start=1)
        if one.path in unfit
    ]
    fresh: dict[str, set[Coding]] = {}
    for place, source in enumerate(came.project.sources, start=1):
        note = texts.get(source.name)
        if note is None or note.text != source.text.removeprefix("\ufeff"):
            says = "no note has its name" if note is None else "its text is not that of the note, so no place holds"
            faults.append(f"{path.name}, source {place}: {says}. Its codings are set aside.")
            continue
        fit = (one for one in source.codings if not _within(one.code, unfit))
        fresh[source.name] = {replace(one, coder=coders[one.coder]) for one in fit} - note.codings
    codes = {one.path for one in before.codes}
    added = [one for one in came.project.codes if one.path not in codes and not _within(one.path, unfit)]
    if added or any(fresh.values()):
        _keep(folder, path, added, [row for name in fresh for row in _rows(texts[name], fresh[name])])
    return Imported(
        codings=sum(len(one) for one in fresh.values()),
        codes=len(added),
        renamed=sum(name != code for name, code in coders.items()),
        memos=came.memos,
        faults=tuple(faults),
    )


def code_counts(folder: Path) -> CodeCounts:
    """How many notes bear each code, those that no note bears left out. UsageError where there is no note."""
    project = project_of(folder)
    rows = []
    for code in project.codes:
        mine = [one for one in project.sources if any(coding.code == code.path for coding in one.codings)]
        if mine:
            heard = {dict(one.values)["fieldwork_ref"] for one in mine}
            rows.append((code.path, Heard(len(mine)), Heard(len(heard))))
    return CodeCounts(tuple(rows))


def _notes(folder: Path) -> dict[str, Mapping[str, Any]]:
    """The notes by name: who sent them, and their reference."""
    rows = held_rows(folder)[NOTES]
    if not rows:
        raise UsageError(f"{folder} holds no note of fieldwork. Take notes in first: assay hear {folder} FOLDER")
    return {f"{row['sender']} {row['note_ref']}": row for row in rows}


def _questions() -> dict[str, str]:
    """Every question that a note can be to, and what it asks."""
    told = {one.number: one.text for one in reference.questions()}
    return told | {one.key: one.text for held in fieldwork_sets().values() for one in held.questions}


def _question_code(question: str) -> CodePath:
    return QUESTIONS, question


def _coder(name: str, number: str) -> str:
    """A coder by code or role; whoever stands there by name, by their number in the file, which tells nothing of it."""
    if name == OURS or CODER.fullmatch(name) or name in list_values("role"):
        return name
    return f"coder-{number[:8] if GUID.fullmatch(number) else '0' * 8}"


def _within(path: CodePath, unfit: Iterable[CodePath]) -> bool:
    return any(path[: len(one)] == one for one in unfit)


def _kept(folder: Path) -> tuple[list[Code], list[dict[str, Any]]]:
    """The codes that tools brought back, and every coding as it is kept."""
    if not (folder / CODINGS / "codings.parquet").is_file():
        return [], []
    codes = read_stage(folder, CODINGS, "codes").to_pylist()
    told = [Code(tuple(row["code"].split(BETWEEN)), row["description"]) for row in codes]
    return told, read_stage(folder, CODINGS, "codings").to_pylist()


def _coded(name: str, text: str, held: Iterable[Mapping[str, Any]]) -> set[Coding]:
    """The codings of a note, as far as its words are those that were coded."""
    return {
        Coding(tuple(row["code"].split(BETWEEN)), row["coder"], row["first"], row["after"])
        for row in held
        if (row["note"], row["words"]) == (name, _words(text))
    }


def _keep(folder: Path, path: Path, added: Iterable[Code], fresh: Sequence[Mapping[str, Any]]) -> None:
    """Write the codings: those that stood there, and the new ones; the file that brought them stands in the receipt."""
    codes, before = _kept(folder)
    told = [{"code": BETWEEN.join(one.path), "description": one.description} for one in (*codes, *added)]
    rows = [*before, *fresh]
    tables = {"codes": pa.Table.from_pylist(told, CODES), "codings": pa.Table.from_pylist(rows, CODED)}
    book = Book(folder)
    book.know(OTHERS)
    sent = dict([book.sent(path.name, file_hash(path))])
    book.stage(
        CODINGS,
        lambda: Made(tables, len(rows), len(rows)),
        rooms=(casefiles, indicators, question_sets),
        inputs={**book.outputs_of(*holding(folder).values()), **sent},
        settings={"codings": len(rows), "codes": len(told)},
    )


def _rows(note: Source, codings: Iterable[Coding]) -> list[dict[str, Any]]:
    words = _words(note.text)
    return [
        {"note": note.name, "words": words, "code": BETWEEN.join(one.code), "coder": one.coder, "first": one.first,
         "after": one.after}
        for one in sorted(codings)
    ]  # fmt: skip


def _words(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
