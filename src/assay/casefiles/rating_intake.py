"""From what came back to sealed marks: which sheets and exports of tablets were read, and what did they add?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import casefiles, indicators
from assay.casefiles.file_allocation import assigned_of, listed_of, marks_of, stage_of
from assay.casefiles.file_assignment import Assigned
from assay.casefiles.file_sampling import ROOM
from assay.casefiles.rating_sheet_reader import about_of, read_sheet
from assay.casefiles.rating_validation import Answered, Fault, File, Read
from assay.casefiles.ratings import HASH, SCHEMA, Mark, Sealing, sealed
from assay.casefiles.tablet_exports import Given, is_export, read_export
from assay.contract import question_sets
from assay.contract.question_sets import QuestionSet
from assay.engine.provenance import file_hash, one_at_a_time
from assay.engine.provenance.stage_folders import keep_bytes, stages_in
from assay.engine.stage_runner import Book, Made
from assay.errors import SourceError, UsageError
from assay.indicators.question_set_catalogue import question_set
from assay.wording import counted

Source = tuple[str, str]
"""What brought marks: its name, and the SHA-256 of it."""


@dataclass(frozen=True)
class TakenIn:
    """What came of the files: marks sealed anew, marks that supersede another, questions still open, and faults by
    file and cell."""

    new: int
    changed: int
    open: int
    faults: tuple[tuple[str, Fault], ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        told = [{"sheet": name, "cell": one.cell, "says": one.says} for name, one in self.faults]
        return {"sealed": self.new, "superseding": self.changed, "open": self.open, "faults": told}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        said = [f"{counted(self.new, 'mark')} sealed, {self.changed} superseding another; {self.open} not marked yet."]
        if self.faults:
            said += ["", f"{counted(len(self.faults), 'fault')}; every other row counts:"]
        return [*said, *(f"  {name}, {one.cell}: {one.says}" for name, one in self.faults)]


@one_at_a_time
def take_in(
    folder: Path,
    came: Sequence[Path],
    *,
    of: str = "",
    now: Callable[[], datetime] = datetime.now,
) -> TakenIn:
    """Read sheets, and exports of tablets (.csv), and seal their marks. What cannot be used as a whole is one fault;
    all else counts. `of`: to which sample or list exports belong, where a file stands on several."""
    taken: list[_Taken] = []
    faults: list[tuple[str, Fault]] = []
    for path in came:
        try:
            if is_export(path):
                more, nobodys = _taken_export(folder, path, of, now())
            else:
                more, nobodys = [_taken_sheet(folder, path, now())], ()
        except (SourceError, UsageError) as error:
            more, nobodys = [], (Fault(f"the whole {'file' if is_export(path) else 'sheet'}", str(error)),)
        taken += more
        faults += [(path.name, fault) for fault in (*nobodys, *(fault for one in more for fault in one.read.faults))]
    return TakenIn(
        new=sum(mark["supersedes_mark_ref"] is None for one in taken for mark in one.marks),
        changed=sum(mark["supersedes_mark_ref"] is not None for one in taken for mark in one.marks),
        open=sum(one.open for one in taken),
        faults=tuple(faults),
    )


@dataclass(frozen=True)
class _Taken:
    """What one marker sent back, the marks it added, and how many questions are not marked yet."""

    read: Read
    marks: Sequence[Mark]
    open: int


def _taken_sheet(folder: Path, path: Path, now: datetime) -> _Taken:
    about = about_of(path)
    key, marker = about.get("sample", ""), about.get("marker_code", "")
    asked = question_set(about.get("question_set", ""))
    mine = _given_to(folder, key, asked, marker)
    if not mine:
        raise UsageError(f"no file of {key or 'that sample'} was given to {marker or 'that marker'}. Ask for a sheet.")
    read = read_sheet(path, asked, [one.file.pair for one in mine], listed_of(folder, key, asked.key))
    return _Taken(read, _sealed(folder, key, asked, read, now), read.open)


def _taken_export(folder: Path, path: Path, of: str, now: datetime) -> tuple[list[_Taken], tuple[Fault, ...]]:
    """What each marker answered on tablets; of files that were not sent yet the questions are open."""
    found = read_export(
        path, lambda asked: _given(folder, asked, of), lambda key, asked: listed_of(folder, key, asked.key)
    )
    taken = []
    for key, reads in found.reads.items():
        for read in reads:
            mine = _given_to(folder, key, found.asked, read.marker)
            marks = _sealed(folder, key, found.asked, read, now)
            taken.append(_Taken(read, marks, _open(folder, key, found.asked, mine, read)))
    return taken, found.faults


def _open(folder: Path, key: str, asked: QuestionSet, mine: Sequence[Assigned], read: Read) -> int:
    """How many questions of a marker's files have no mark, and are no fault either."""
    marks = {(one["force_code"], one["subject_ref"]) for one in marks_of(folder, key, asked.key)
             if one["marker_code"] == read.marker}  # fmt: skip
    unread = [one for one in mine if one.file.pair not in marks | read.files]
    return read.open + len(unread) * len(asked.questions)


def _given(folder: Path, asked: QuestionSet, of: str) -> Given:
    """Who was given which files of this set, from which samples and lists."""
    found: dict[str, dict[File, tuple[str, ...]]] = {}
    for key in _keys(folder, asked):
        for one in assigned_of(folder, key, asked.key) if of in ("", key) else ():
            mine = found.setdefault(one.marker, {})
            mine[one.file.pair] = (*mine.get(one.file.pair, ()), key)
    return found


def _keys(folder: Path, asked: QuestionSet) -> Iterator[str]:
    """Of which samples and lists files were given out by this set."""
    for stage in stages_in(folder / ROOM / "given"):
        key, _, questions = stage.partition("/")
        if questions == asked.key:
            yield key


def _given_to(folder: Path, key: str, asked: QuestionSet, marker: str) -> list[Assigned]:
    return [one for one in assigned_of(folder, key, asked.key) if one.marker == marker]


@one_at_a_time
def seal_answers(
    folder: Path,
    key: str,
    asked: QuestionSet,
    marker: str,
    answers: Sequence[Answered],
    source: Source,
    now: datetime,
) -> list[Mark]:
    """Seal the answers of one marker that count, and say which marks that added; UsageError where the marker was given
    none of the files of this sample."""
    mine = _given_to(folder, key, asked, marker)
    if not mine:
        raise UsageError(f"no file of {key} was given to {marker}.")
    rounds = {one.file.pair: one.round for one in mine}
    before = marks_of(folder, key, asked.key)
    added = sealed(before, asked, answers, rounds, Sealing(marker, mine[0].kind, now))
    if added:
        _seal(folder, key, asked.key, source, [*before, *added])
    return added


def _sealed(folder: Path, key: str, asked: QuestionSet, read: Read, now: datetime) -> list[Mark]:
    """Seal what was read of a file, and say which marks that added."""
    return seal_answers(folder, key, asked, read.marker, read.answers, (read.path.name, file_hash(read.path)), now)


def _seal(folder: Path, key: str, questions: str, source: Source, marks: Sequence[Mark]) -> None:
    """Write the marks: those that stood there, then the new ones; what brought them stands in the receipt."""
    book = Book(folder)
    book.know(ROOM)
    sent = dict([book.sent(*source)])
    table = pa.Table.from_pylist(list(marks), SCHEMA)
    book.stage(
        stage_of(key, questions, "marks"),
        lambda: Made({"marks": table}, len(marks), len(marks), fill=keep_bytes),
        rooms=(casefiles, indicators, question_sets),
        inputs={**book.outputs_of(stage_of(key, questions, "given")), **sent},
        settings={"last": str(marks[-1][HASH])},
    )
