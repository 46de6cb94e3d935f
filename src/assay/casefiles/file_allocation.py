"""Allocate the files of a sample to raters, and write a rating sheet for each rater.

Files are assigned once. `rating_intake` accepts the ratings that come back.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import casefiles, indicators
from assay.casefiles.case_assembly import CaseAssembly, assemble_cases
from assay.casefiles.case_timeline import Chronologies, Step, build_timelines
from assay.casefiles.fieldwork_plan import NOT_RANDOM, PLANNED, is_planned, planned_of
from assay.casefiles.file_assignment import (
    ADJUDICATED,
    AUDITOR,
    FIRST,
    INSPECTOR,
    SECOND,
    Assignment,
    File,
    Rater,
    assign,
    assign_adjudicators,
    assign_auditors,
    read_raters,
    replace_missing_readings,
)
from assay.casefiles.file_parties import other_suspects, parties
from assay.casefiles.file_sampling import DESIGN, SAMPLES, STAGE_FOLDER, files_of, replace_missing
from assay.casefiles.file_texts import WITHHELD_NOTES
from assay.casefiles.inclusion_probabilities import random_number
from assay.casefiles.rating_sheets import Sheet, write_sheet
from assay.casefiles.ratings import HASH, SCHEMA, Rating, check_chain, inspector_ratings
from assay.casefiles.registered_documents import NOT_RANDOM_DOCUMENTS, as_file, as_step, documents_of, is_registered
from assay.casefiles.sample_designs import PERSONS, Design, read_design
from assay.casefiles.sample_drawing import SAMPLED, SampledFile
from assay.casefiles.text_entries import entries
from assay.contract import question_sets
from assay.contract.question_sets import QuestionSet
from assay.engine.provenance import RECEIVED_PREFIX, content_hash, read_receipt, read_stage, with_folder_lock
from assay.engine.provenance.stage_folders import write_table_hashes
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import EvidenceError, UsageError
from assay.indicators.question_set_catalogue import question_set
from assay.ingest.other_sender_tables import current_stages
from assay.progress import Progress, no_progress
from assay.wording import count_phrase

ASSIGNED = pa.schema(
    [(name, pa.string()) for name in ("force_code", "subject_ref", "stratum", "also", "marker", "round", "kind")]
)

LISTED = pa.schema([(name, pa.string()) for name in ("force_code", "subject_ref", "ref", "held_by")])
"""For the files of persons: the other suspects that a list may name, and the force that holds each."""
SuspectRefs = Mapping[tuple[str, str], Mapping[str, str]]


@dataclass(frozen=True)
class IssuedSheets:
    """The sheets that were written, with the number of files of each rater.

    Parameters
    ----------
    elsewhere
        Number of files with steps of other forces.
    unconfirmed
        Number of files for which unconfirmed records may be of the same person.
    audited
        Number of files that forces' own auditors read.
    adjudicated
        Number of files on which two inspectors differ and that an adjudicator reads.
    texts_shown, not_shown
        Number of steps with a text, and of steps whose text is withheld.
    refusals
        The reasons why texts are on no sheet.
    """

    folder: Path
    sheets: Mapping[str, Path]
    loads: Mapping[str, int]
    double_read: int
    elsewhere: int
    unconfirmed: int
    audited: int = 0
    adjudicated: int = 0
    texts_shown: int = 0
    not_shown: int = 0
    refusals: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values."""
        sheets = {code: str(path) for code, path in self.sheets.items()}
        files = {"read_twice": self.double_read, "with_other_forces": self.elsewhere, "unconfirmed": self.unconfirmed}
        files |= {"audited": self.audited, "adjudicated": self.adjudicated}
        files |= {"texts": self.texts_shown, "texts_not_shown": self.not_shown}
        return {"folder": str(self.folder), "sheets": sheets, "loads": dict(self.loads), **files}

    def summary_lines(self) -> list[str]:
        """Return the result as lines for a terminal."""
        lines = [
            f"{count_phrase(len(self.sheets), 'sheet')}; {count_phrase(self.double_read, 'file')} read twice, blind."
        ]
        if self.elsewhere:
            files = count_phrase(self.elsewhere, "file has", "files have")
            lines.append(f"{files} with steps of other forces, by confirmed links.")
        if self.unconfirmed:
            files = count_phrase(self.unconfirmed, "file has records", "files have records")
            lines.append(
                f"{files} elsewhere that may be of the same person. No reviewer has confirmed it, so none of their"
            )
            lines.append("steps is on a sheet. To review them: assay linkage sample-pairs --sample")
        if self.audited:
            lines.append(f"{count_phrase(self.audited, 'file')} read by forces' own auditors, to be compared.")
        if self.adjudicated:
            lines.append(
                f"{count_phrase(self.adjudicated, 'file')} on which two inspectors differ: given to an adjudicator."
            )
        if self.texts_shown:
            lines.append(
                f"{count_phrase(self.texts_shown, 'text')} of entries, without the names of the case's people."
            )
        if self.not_shown:
            lines.append(f"{count_phrase(self.not_shown, 'text')} not shown, because a name may still be in them.")
        lines += [f"No texts are on the sheets: {why}" for why in self.refusals]
        sheets = (f"  {code}: {count_phrase(self.loads[code], 'file')}, {path}" for code, path in self.sheets.items())
        return [*lines, "", *sheets]


def design_of(folder: Path, key: str) -> Design:
    """Return the design of a sample; raise UsageError if it was not drawn."""
    if is_planned(folder, key):
        raise UsageError(f"{key} is a list that was written. {NOT_RANDOM}")
    if is_registered(folder, key):
        raise UsageError(f"{key} is a register of documents. {NOT_RANDOM_DOCUMENTS}")
    files_of(folder, key)
    return read_design(folder / SAMPLES / key / DESIGN)


def sample_ratings(folder: Path, key: str, questions: str) -> list[Rating]:
    """Return all ratings of a question set in order; raise EvidenceError if the hash chain is broken."""
    stage = stage_of(key, questions, "marks")
    if not (folder / stage / "marks.parquet").is_file():
        return []
    found: list[Rating] = read_stage(folder, stage, "marks").to_pylist()
    check_chain(found, stage)
    receipt = read_receipt(folder, stage)
    if receipt and str(receipt.settings.get("last")) != str(found[-1][HASH] if found else ""):
        raise EvidenceError(
            f"{stage}: the last rating is not the rating that was sealed last. Ratings are added, never changed: "
            "restore the file from the backup."
        )
    return found


@with_folder_lock
def issue_sheets(
    folder: Path,
    key: str,
    questions: str,
    raters: Path,
    out: Path,
    *,
    form: str = "xlsx",
    double: float = 0,
    missing: Sequence[tuple[str, str]] = (),
    now: Callable[[], datetime] = datetime.now,
    progress: Progress = no_progress,
) -> IssuedSheets:
    """Allocate the files of a sample, once, and write every rater's sheet; missing files are replaced.

    `double` is the share of documents of a register that is read twice. Raises UsageError if that is not possible.
    """
    instrument = question_set(questions)
    allocation = allocate_files(folder, key, questions, read_raters(raters), double=double, missing=missing, now=now)
    assignments, seed = allocation.assignments, allocation.seed
    codes = sorted({item.marker for item in assignments})
    out.mkdir(parents=True, exist_ok=True)
    sheets = {}
    for place, code in enumerate(codes, start=1):
        rater_files = sorted(
            {item.file.pair for item in assignments if item.marker == code},
            key=lambda file: random_number(seed, code, *file),
        )
        sheets[code] = out / f"{key}_{questions}_{code}.{form}"
        _back_up_sheet(sheets[code])
        write_sheet(sheets[code], Sheet(key, instrument, code, tuple(rater_files), tuple(allocation.steps)))
        progress("Writing sheets", place, len(codes))
    loads = {code: sum(item.marker == code for item in assignments) for code in codes}
    return IssuedSheets(
        folder=out,
        sheets=sheets,
        loads=loads,
        double_read=sum(item.round == SECOND for item in assignments),
        audited=sum(item.kind == AUDITOR for item in assignments),
        adjudicated=sum(item.round == ADJUDICATED for item in assignments),
        elsewhere=len({item.file for item in assignments if item.file.also}),
        unconfirmed=len({item.file.pair for item in assignments} & allocation.unconfirmed),
        texts_shown=sum(bool(item.text) and item.text not in WITHHELD_NOTES for item in allocation.steps),
        not_shown=sum(item.text in WITHHELD_NOTES for item in allocation.steps),
        refusals=allocation.refusals,
    )


@with_folder_lock
def allocate_files(
    folder: Path,
    key: str,
    questions: str,
    staff: Sequence[Rater],
    *,
    double: float = 0,
    missing: Sequence[tuple[str, str]] = (),
    hard_from_words: int = 0,
    now: Callable[[], datetime] = datetime.now,
) -> Allocation:
    """Allocate the files of a sample, once, and store the assignments; no sheet is written.

    The parameters are those of `issue_sheets`. From `hard_from_words` words on, a file is hard to read; such files are
    shared evenly.
    """
    instrument, missing_files = question_set(questions), {*missing_of(folder, key, questions), *missing}
    allocation = _allocate(folder, key, instrument, staff, missing_files, now().date(), double, hard_from_words)
    _store_allocation(folder, key, questions, allocation.assignments, missing_files, allocation.suspects)
    return allocation


@with_folder_lock
def add_assignments(folder: Path, key: str, questions: str, more: Sequence[Assignment]) -> None:
    """Store additional assignments for an allocated sample, such as an adjudicator's; others do not change."""
    assignments, missing_files = assigned_of(folder, key, questions), missing_of(folder, key, questions)
    fresh = [item for item in more if item not in assignments]
    if fresh:
        replaced_readings = {(item.file, item.round, item.kind) for item in fresh}
        unchanged = [item for item in assignments if (item.file, item.round, item.kind) not in replaced_readings]
        _store_allocation(
            folder, key, questions, [*unchanged, *fresh], missing_files, listed_of(folder, key, questions)
        )


def _back_up_sheet(path: Path) -> None:
    """Rename an existing sheet, because it may contain answers."""
    if path.exists():
        names = (path.with_name(f"{path.stem}_before_{place}{path.suffix}") for place in count(1))
        path.rename(next(name for name in names if not name.exists()))


@dataclass(frozen=True)
class Allocation:
    """The allocation of case files to raters: the assignments, and the steps of each file that its sheet shows.

    Parameters
    ----------
    seed
        The seed of the order of files on a sheet.
    unconfirmed
        Files with unconfirmed records that may be of the same person.
    refusals
        The reasons why texts are on no sheet.
    suspects
        The people that a list may name, by file.
    """

    assignments: Sequence[Assignment]
    steps: Sequence[Step]
    seed: str
    unconfirmed: frozenset[tuple[str, str]] = frozenset()
    refusals: tuple[str, ...] = ()
    suspects: SuspectRefs = field(default_factory=dict)


def _allocate(
    folder: Path,
    key: str,
    instrument: QuestionSet,
    staff: Sequence[Rater],
    missing_files: Collection[tuple[str, str]],
    today: date,
    double: float,
    hard_from_words: int = 0,
) -> Allocation:
    """Allocate the files of a sample, a plan or a register."""
    if is_registered(folder, key):
        return _allocate_register(folder, key, instrument, staff, missing_files, double)
    if double:
        raise UsageError(
            f"{key} is not a register. For a sample, give the share that is read twice in its design, as double."
        )
    if is_planned(folder, key):
        return _allocate_plan(folder, key, instrument, staff, missing_files, today)
    return _allocate_sample(folder, key, instrument, staff, missing_files, today, hard_from_words)


def _allocate_sample(
    folder: Path,
    key: str,
    instrument: QuestionSet,
    staff: Sequence[Rater],
    missing_files: Collection[tuple[str, str]],
    today: date,
    hard_from_words: int = 0,
) -> Allocation:
    """Allocate the files of a sample, once; a missing file is replaced by the next of its stratum."""
    design, assignments = design_of(folder, key), assigned_of(folder, key, instrument.key)
    if instrument.subject != design.subject:
        raise UsageError(
            f"{instrument.key} is asked of a {instrument.subject}, and {key} is a sample of {design.subject}s."
        )
    first, now_read = (
        replace_missing(folder, key, replaced_files).files for replaced_files in ((), sorted(missing_files))
    )
    assembly = _assemble(folder, design, [*first, *now_read])
    other_forces = assembly.other_forces() if assembly else {}
    files = {(item.force_code, item.subject_ref) for item in (*first, *now_read)} | {
        item.file.pair for item in assignments
    }
    chronologies = (
        Chronologies(tuple(entries(folder, design.frame_source, files)), ())
        if design.reads_texts
        else build_timelines(folder, design.subject, files, assembly, today=today)
    )
    if not assignments:
        hard = hard_files(chronologies.steps, hard_from_words) if hard_from_words else ()
        assignments = assign(_as_files(first, other_forces), staff, double=design.double, seed=design.seed, hard=hard)
    read = _as_files(now_read, other_forces)
    assignments = replace_missing_readings(assignments, read, missing_files, staff, design.seed)
    assignments += assign_auditors(assignments, read, staff, design.seed)
    assignments += assign_adjudicators(
        assignments, _files_in_dispute(folder, key, instrument.key, assignments), staff, design.seed
    )
    assigned_files = {item.file.pair for item in assignments}
    steps = tuple(item for item in chronologies.steps if (item.force_code, item.subject_ref) in assigned_files)
    suspects = other_suspects(parties(folder, assembly)) if assembly and instrument.list_questions else {}
    return Allocation(
        assignments,
        steps,
        design.seed,
        assembly.unconfirmed if assembly else frozenset(),
        chronologies.refusals,
        suspects,
    )


def hard_files(steps: Sequence[Step], from_words: int) -> frozenset[tuple[str, str]]:
    """Return the long files, as (force_code, subject_ref): those whose texts have `from_words` words or more."""
    words = Counter[tuple[str, str]]()
    for step in steps:
        words[(step.force_code, step.subject_ref)] += len(step.text.split())
    return frozenset(file for file, number_of in words.items() if number_of >= from_words)


def _files_in_dispute(folder: Path, key: str, questions: str, assignments: Sequence[Assignment]) -> list[File]:
    """Return the files on which two inspectors gave different answers in blind double reading."""
    ratings = inspector_ratings(sample_ratings(folder, key, questions))
    rounds = [
        {(item["force_code"], item["subject_ref"], item["question"]): item["answer"] for item in ratings
         if item["marking_round"] == reading_round}
        for reading_round in (FIRST, SECOND)
    ]  # fmt: skip
    first, second = rounds
    disputed = {item[:2] for item in first if item in second and first[item] != second[item]}
    return sorted({item.file for item in assignments if item.file.pair in disputed}, key=lambda item: item.pair)


def _allocate_plan(
    folder: Path,
    key: str,
    instrument: QuestionSet,
    staff: Sequence[Rater],
    missing_files: Collection[tuple[str, str]],
    today: date,
) -> Allocation:
    """Allocate the visits of a plan, each once, also those added later; a missing visit is not replaced."""
    planned = planned_of(folder, key, instrument.subject)
    if not planned:
        raise UsageError(
            f"{instrument.key} is asked of a {instrument.subject.replace('_', ' ')}, and {key} holds none."
        )
    before = assigned_of(folder, key, instrument.key)
    assigned_pairs = {item.file.pair for item in before}
    fresh = [File(*item.pair, item.subject_kind) for item in planned if item.pair not in assigned_pairs]
    assignments = [
        item for item in [*before, *assign(fresh, staff, double=0, seed=key)] if item.file.pair not in missing_files
    ]
    steps = [
        Step(*item.pair, f"{item.held_on or 'no day set'}", instrument.subject.replace("_", " "), "",
             item.role.replace("_", " "), item.force_code)
        for item in planned
    ]  # fmt: skip
    return Allocation(assignments, steps, key)


def _allocate_register(
    folder: Path,
    key: str,
    instrument: QuestionSet,
    staff: Sequence[Rater],
    missing_files: Collection[tuple[str, str]],
    double: float,
) -> Allocation:
    """Allocate the documents of a register, each once and a share twice; disputed ones to an adjudicator."""
    documents = {as_file(row).pair: row for row in documents_of(folder, key, instrument.key)}
    if not documents:
        raise UsageError(f"{key} is a register of documents, and holds none that is read by {instrument.key}.")
    before = assigned_of(folder, key, instrument.key)
    for item in before:
        if item.file.pair in documents and item.file != as_file(documents[item.file.pair]):
            problem = f"{item.file.subject_ref} was given out as another copy. Give the new copy its own reference."
            raise UsageError(problem)
    assigned_pairs = {item.file.pair for item in before}
    fresh = [as_file(row) for pair, row in documents.items() if pair not in assigned_pairs]
    all_readings = [*before, *assign(fresh, staff, double=double, seed=key)]
    now_read = [item for item in all_readings if item.file.pair in documents and item.file.pair not in missing_files]
    now_read += assign_adjudicators(now_read, _files_in_dispute(folder, key, instrument.key, now_read), staff, key)
    return Allocation(now_read, [as_step(row) for row in documents.values()], key)


def _source(folder: Path, key: str) -> str:
    """Return the stage from which the files are allocated."""
    if is_registered(folder, key):
        return current_stages(folder)[key]
    return f"{PLANNED if is_planned(folder, key) else SAMPLES}/{key}"


def clusters_of_sample(folder: Path, key: str) -> frozenset[str]:
    """Return the exact-match clusters of the persons in a sample, for the clerical review of record pairs."""
    assembly = _assemble(
        folder,
        design_of(folder, key),
        [sampled_file for sampled_file in files_of(folder, key) if sampled_file.status == SAMPLED],
    )
    if assembly is None:
        raise UsageError(
            f"{key} is a sample of {design_of(folder, key).subject}s. Only samples of children or suspects can "
            "be used to review linkage."
        )
    return assembly.clusters


def _assemble(folder: Path, design: Design, files: Sequence[SampledFile]) -> CaseAssembly | None:
    """Return the linked records of the files of persons; None for other files."""
    return (
        assemble_cases(folder, [(sampled_file.force_code, sampled_file.subject_ref) for sampled_file in files])
        if design.subject in PERSONS
        else None
    )


def _as_files(files: Sequence[SampledFile], other_forces: Mapping[tuple[str, str], tuple[str, ...]]) -> list[File]:
    pairs = ((sampled_file, (sampled_file.force_code, sampled_file.subject_ref)) for sampled_file in files)
    return [File(*pair, sampled_file.stratum, other_forces.get(pair, ())) for sampled_file, pair in pairs]


def read_missing(path: Path) -> list[tuple[str, str]]:
    """Files that could not be found, from a CSV with the columns force_code and subject_ref."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from None
    wrong = [line for line, row in enumerate(rows, 2) if not (row.get("force_code") and row.get("subject_ref"))]
    if wrong:
        raise UsageError(f"{path}, line {wrong[0]}: force_code and subject_ref are needed.")
    return [(row["force_code"], row["subject_ref"]) for row in rows]


def assigned_of(folder: Path, key: str, questions: str) -> list[Assignment]:
    """Return the assignments of a sample; an empty list before allocation."""
    rows = _stored_rows(folder, key, questions, "assigned")
    return [
        Assignment(
            File(row["force_code"], row["subject_ref"], row["stratum"], tuple(row["also"].split())),
            row["marker"],
            row["round"],
            row.get("kind", INSPECTOR),  # sheets given out before auditors were told apart
        )
        for row in rows
    ]


def missing_of(folder: Path, key: str, questions: str) -> list[tuple[str, str]]:
    """Return the files, (force_code, subject_ref), that could not be found."""
    return [(row["force_code"], row["subject_ref"]) for row in _stored_rows(folder, key, questions, "missing")]


def listed_of(folder: Path, key: str, questions: str) -> SuspectRefs:
    """Return, for each file, the person references that may answer a list question, with the force that holds each."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in _stored_rows(folder, key, questions, "listed"):
        found.setdefault((row["force_code"], row["subject_ref"]), {})[row["ref"]] = row["held_by"]
    return found


def _stored_rows(folder: Path, key: str, questions: str, table: str) -> list[dict[str, Any]]:
    stage = stage_of(key, questions, "given")
    return read_stage(folder, stage, table).to_pylist() if (folder / stage / f"{table}.parquet").is_file() else []


def stage_of(key: str, questions: str, part: str) -> str:
    """Return the name of the stage that stores one part (such as assignments or ratings) of a sample's allocation."""
    return f"{STAGE_FOLDER}/{part}/{key}/{questions}"


def _store_allocation(
    folder: Path,
    key: str,
    questions: str,
    assignments: Sequence[Assignment],
    missing_files: Collection[tuple[str, str]],
    suspects: SuspectRefs,
) -> None:
    runner, source = StageRunner(folder), _source(folder, key)
    runner.load_receipts(STAGE_FOLDER)
    runner.load_receipts(source)
    rows = [
        {
            **vars(assignment.file),
            "also": " ".join(assignment.file.also),
            **{name: getattr(assignment, name) for name in ASSIGNED.names[4:]},
        }
        for assignment in assignments
    ]
    missing = [{"force_code": code, "subject_ref": ref} for code, ref in sorted(missing_files)]
    listed = [
        dict(zip(LISTED.names, (*file, ref, code), strict=True))
        for file, refs in sorted(suspects.items())
        for ref, code in sorted(refs.items())
    ]
    tables = {
        "assigned": pa.Table.from_pylist(rows, ASSIGNED),
        "missing": pa.Table.from_pylist(missing, pa.schema(list(ASSIGNED)[:2])),
        **({"listed": pa.Table.from_pylist(listed, LISTED)} if question_set(questions).list_questions else {}),
    }
    runner.run_stage(
        stage_of(key, questions, "given"),
        lambda: StageOutput(tables, len(rows), len(rows)),
        packages=(casefiles, indicators, question_sets),
        inputs=runner.outputs_of(source),
        settings={"assigned": content_hash(tables["assigned"]), "missing": content_hash(tables["missing"]),
                  "listed": content_hash(pa.Table.from_pylist(listed, LISTED))},
    )  # fmt: skip
    _update_ratings_receipt(runner, key, questions)


def _update_ratings_receipt(runner: StageRunner, key: str, questions: str) -> None:
    """Write the provenance record of existing ratings again, with the current allocation as their input."""
    place, allocation_inputs = stage_of(key, questions, "marks"), runner.outputs_of(stage_of(key, questions, "given"))
    before = runner.receipts.get(place)
    if before is None or not (runner.folder / place / "marks.parquet").is_file():
        return
    ratings = pa.Table.from_pylist(sample_ratings(runner.folder, key, questions), SCHEMA)
    sent_inputs = {name: value for name, value in before.inputs.items() if name.startswith(RECEIVED_PREFIX)}
    runner.run_stage(
        place,
        lambda: StageOutput({"marks": ratings}, ratings.num_rows, ratings.num_rows, fill=write_table_hashes),
        packages=(casefiles, indicators, question_sets),
        inputs={**allocation_inputs, **sent_inputs},
        settings={"last": str(before.settings["last"])},
    )
