"""Accept rating sheets and tablet exports, and store their ratings in a hash chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import casefiles, indicators
from assay.casefiles.file_allocation import assigned_of, listed_of, sample_ratings, stage_of
from assay.casefiles.file_assignment import Assignment
from assay.casefiles.file_sampling import STAGE_FOLDER
from assay.casefiles.rating_sheet_reader import read_properties, read_sheet
from assay.casefiles.rating_validation import File, RatedAnswer, RatingError, ValidatedSheet
from assay.casefiles.ratings import HASH, SCHEMA, Rating, Sealing, seal_ratings
from assay.casefiles.tablet_exports import AssignedFiles, is_export, read_export
from assay.contract import question_sets
from assay.contract.question_sets import QuestionSet
from assay.engine.provenance import file_hash, with_folder_lock
from assay.engine.provenance.stage_folders import list_stages, write_table_hashes
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import SourceError, UsageError
from assay.indicators.question_set_catalogue import question_set
from assay.wording import count_phrase

Source = tuple[str, str]
"""The origin of ratings: the name of the file and its SHA-256."""


@dataclass(frozen=True)
class IntakeResult:
    """The result of an intake: new and superseding ratings, open questions, and validation errors by file and cell."""

    new: int
    changed: int
    open: int
    errors: tuple[tuple[str, RatingError], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        errors = [{"sheet": name, "cell": error.cell, "message": error.message} for name, error in self.errors]
        return {"sealed": self.new, "superseding": self.changed, "open": self.open, "errors": errors}

    def summary_lines(self) -> list[str]:
        """Return the result as lines for a terminal."""
        lines = [
            f"{count_phrase(self.new, 'mark')} sealed, {self.changed} replacing another; {self.open} not rated yet."
        ]
        if self.errors:
            lines += ["", f"{count_phrase(len(self.errors), 'error')}; every other row was accepted:"]
        return [*lines, *(f"  {name}, {error.cell}: {error.message}" for name, error in self.errors)]


@with_folder_lock
def accept_ratings(
    folder: Path,
    paths: Sequence[Path],
    *,
    sample_key: str = "",
    now: Callable[[], datetime] = datetime.now,
) -> IntakeResult:
    """Accept sheets and tablet exports (.csv), and store their ratings.

    A file that cannot be read is one validation error; all others count. `of` is the sample or plan that the exports
    belong to, if a file is in several.
    """
    readings: list[_RaterIntake] = []
    errors: list[tuple[str, RatingError]] = []
    for path in paths:
        try:
            if is_export(path):
                new_readings, unassigned_errors = _accept_export(folder, path, sample_key, now())
            else:
                new_readings, unassigned_errors = [_accept_sheet(folder, path, now())], ()
        except (SourceError, UsageError) as error:
            new_readings, unassigned_errors = (
                [],
                (RatingError(f"the whole {'file' if is_export(path) else 'sheet'}", str(error)),),
            )
        readings += new_readings
        errors += [
            (path.name, error)
            for error in (*unassigned_errors, *(error for reading in new_readings for error in reading.read.errors))
        ]
    return IntakeResult(
        new=sum(rating["supersedes_mark_ref"] is None for reading in readings for rating in reading.marks),
        changed=sum(rating["supersedes_mark_ref"] is not None for reading in readings for rating in reading.marks),
        open=sum(reading.open for reading in readings),
        errors=tuple(errors),
    )


@dataclass(frozen=True)
class _RaterIntake:
    """The answers of one rater, the ratings that they added, and the number of open questions."""

    read: ValidatedSheet
    marks: Sequence[Rating]
    open: int


def _accept_sheet(folder: Path, path: Path, now: datetime) -> _RaterIntake:
    properties = read_properties(path)
    key, rater = properties.get("sample", ""), properties.get("marker_code", "")
    instrument = question_set(properties.get("question_set", ""))
    assignments = _assignments_of(folder, key, instrument, rater)
    if not assignments:
        raise UsageError(f"no file of {key or 'that sample'} was given to {rater or 'that rater'}. Ask for a sheet.")
    read = read_sheet(
        path, instrument, [assignment.file.pair for assignment in assignments], listed_of(folder, key, instrument.key)
    )
    return _RaterIntake(read, _seal_reading(folder, key, instrument, read, now), read.open)


def _accept_export(
    folder: Path, path: Path, sample_key: str, now: datetime
) -> tuple[list[_RaterIntake], tuple[RatingError, ...]]:
    """Read the tablet answers of each rater; the questions of files that were not sent are open."""
    found = read_export(
        path,
        lambda instrument: _assigned_files(folder, instrument, sample_key),
        lambda key, instrument: listed_of(folder, key, instrument.key),
    )
    readings = []
    for key, reads in found.reads.items():
        for read in reads:
            assignments = _assignments_of(folder, key, found.instrument, read.marker)
            ratings = _seal_reading(folder, key, found.instrument, read, now)
            readings.append(_RaterIntake(read, ratings, _open(folder, key, found.instrument, assignments, read)))
    return readings, found.errors


def _open(
    folder: Path, key: str, instrument: QuestionSet, assignments: Sequence[Assignment], read: ValidatedSheet
) -> int:
    """Return the number of questions without a rating and without a validation error."""
    ratings = {(item["force_code"], item["subject_ref"]) for item in sample_ratings(folder, key, instrument.key)
             if item["marker_code"] == read.marker}  # fmt: skip
    unread = [item for item in assignments if item.file.pair not in ratings | read.files]
    return read.open + len(unread) * len(instrument.questions)


def _assigned_files(folder: Path, instrument: QuestionSet, sample_key: str) -> AssignedFiles:
    """Return the files of this question set that each rater was assigned, with their samples and plans."""
    found: dict[str, dict[File, tuple[str, ...]]] = {}
    for key in _keys(folder, instrument):
        for assignment in assigned_of(folder, key, instrument.key) if sample_key in ("", key) else ():
            rater_files = found.setdefault(assignment.marker, {})
            rater_files[assignment.file.pair] = (*rater_files.get(assignment.file.pair, ()), key)
    return found


def _keys(folder: Path, instrument: QuestionSet) -> Iterator[str]:
    """Return the samples and plans with assigned files of this question set."""
    for stage in list_stages(folder / STAGE_FOLDER / "given"):
        key, _, questions = stage.partition("/")
        if questions == instrument.key:
            yield key


def _assignments_of(folder: Path, key: str, instrument: QuestionSet, rater: str) -> list[Assignment]:
    return [assignment for assignment in assigned_of(folder, key, instrument.key) if assignment.marker == rater]


@with_folder_lock
def seal_answers(
    folder: Path,
    key: str,
    instrument: QuestionSet,
    rater: str,
    answers: Sequence[RatedAnswer],
    source: Source,
    now: datetime,
) -> list[Rating]:
    """Store the valid answers of one rater, and return the ratings that this added.

    Raises UsageError if the rater was assigned no file of this sample.
    """
    assignments = _assignments_of(folder, key, instrument, rater)
    if not assignments:
        raise UsageError(f"no file of {key} was given to {rater}.")
    rounds = {assignment.file.pair: assignment.round for assignment in assignments}
    before = sample_ratings(folder, key, instrument.key)
    added = seal_ratings(before, instrument, answers, rounds, Sealing(rater, assignments[0].kind, now))
    if added:
        _seal(folder, key, instrument.key, source, [*before, *added])
    return added


def _seal_reading(folder: Path, key: str, instrument: QuestionSet, read: ValidatedSheet, now: datetime) -> list[Rating]:
    """Store the answers of one reading, and return the ratings that this added."""
    return seal_answers(folder, key, instrument, read.marker, read.answers, (read.path.name, file_hash(read.path)), now)


def _seal(folder: Path, key: str, questions: str, source: Source, ratings: Sequence[Rating]) -> None:
    """Write the existing and the new ratings; their sources are in the provenance record."""
    runner = StageRunner(folder)
    runner.load_receipts(STAGE_FOLDER)
    sent_inputs = dict([runner.record_received_file(*source)])
    table = pa.Table.from_pylist(list(ratings), SCHEMA)
    runner.run_stage(
        stage_of(key, questions, "marks"),
        lambda: StageOutput({"marks": table}, len(ratings), len(ratings), fill=write_table_hashes),
        packages=(casefiles, indicators, question_sets),
        inputs={**runner.outputs_of(stage_of(key, questions, "given")), **sent_inputs},
        settings={"last": str(ratings[-1][HASH])},
    )
