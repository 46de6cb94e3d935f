"""From a sample to sheets: who was given what? Files are assigned once, and every marker gets a sheet (`give_out`).

What comes back is taken in by `taking`.
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
from assay.casefiles.case_assembly import Tied, tied_to
from assay.casefiles.case_timeline import Chronologies, Step, timelines
from assay.casefiles.fieldwork_plan import NOT_DRAWN, PLANNED, is_planned, planned_of
from assay.casefiles.file_assignment import (
    ADJUDICATED,
    AUDITOR,
    FIRST,
    INSPECTOR,
    SECOND,
    Assigned,
    File,
    Marker,
    adjudicated,
    assign,
    audited,
    read_markers,
    replaced,
)
from assay.casefiles.file_parties import parties, suspects_of
from assay.casefiles.file_sampling import DESIGN, ROOM, SAMPLES, files_of, replace_missing
from assay.casefiles.file_texts import HELD_BACK
from assay.casefiles.inclusion_probabilities import number
from assay.casefiles.rating_sheets import Sheet, write_sheet
from assay.casefiles.ratings import HASH, SCHEMA, Mark, check_chain, of_inspectors
from assay.casefiles.registered_documents import SEEN, as_file, as_step, documents_of, is_registered
from assay.casefiles.sample_designs import PERSONS, Design, read_design
from assay.casefiles.sample_drawing import DRAWN, Chosen
from assay.casefiles.text_entries import entries
from assay.contract import question_sets
from assay.contract.question_sets import QuestionSet
from assay.engine.provenance import SENT, content_hash, one_at_a_time, read_receipt, read_stage
from assay.engine.provenance.stage_folders import keep_bytes
from assay.engine.stage_runner import Book, Made
from assay.errors import EvidenceError, UsageError
from assay.indicators.question_set_catalogue import question_set
from assay.ingest.other_sender_tables import holding
from assay.progress import Progress, silent
from assay.wording import counted

ASSIGNED = pa.schema(
    [(name, pa.string()) for name in ("force_code", "subject_ref", "stratum", "also", "marker", "round", "kind")]
)

LISTED = pa.schema([(name, pa.string()) for name in ("force_code", "subject_ref", "ref", "held_by")])
"""Of the files of persons, the suspects beside them whom a list may name, and the force that holds each."""
Beside = Mapping[tuple[str, str], Mapping[str, str]]


@dataclass(frozen=True)
class GivenOut:
    """The sheets that were written, and how many files each marker reads; of how many files there are steps of other
    forces, and of how many there are records that may be of the same person, which nobody has confirmed. `audited`:
    files that forces' own auditors read; `adjudicated`: files on which two inspectors differ, read anew. `written`: the
    steps with a text; `not_shown`: those whose text is held back; `untold`: why texts stand on no sheet."""

    folder: Path
    sheets: Mapping[str, Path]
    loads: Mapping[str, int]
    twice: int
    elsewhere: int
    unconfirmed: int
    audited: int = 0
    adjudicated: int = 0
    written: int = 0
    not_shown: int = 0
    untold: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        sheets = {code: str(path) for code, path in self.sheets.items()}
        files = {"read_twice": self.twice, "with_other_forces": self.elsewhere, "unconfirmed": self.unconfirmed}
        files |= {"audited": self.audited, "adjudicated": self.adjudicated}
        files |= {"texts": self.written, "texts_not_shown": self.not_shown}
        return {"folder": str(self.folder), "sheets": sheets, "loads": dict(self.loads), **files}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        said = [f"{counted(len(self.sheets), 'sheet')}; {counted(self.twice, 'file')} read twice, blind."]
        if self.elsewhere:
            files = counted(self.elsewhere, "file has", "files have")
            said.append(f"{files} steps of other forces, by confirmed links.")
        if self.unconfirmed:
            files = counted(self.unconfirmed, "file has records", "files have records")
            said.append(f"{files} elsewhere that may be of the same person. Nobody has confirmed it, so none of their")
            said.append("steps stands on a sheet. To have them looked at: assay link review --sample")
        if self.audited:
            said.append(f"{counted(self.audited, 'file')} read by forces' own auditors, to be compared.")
        if self.adjudicated:
            said.append(f"{counted(self.adjudicated, 'file')} on which two inspectors differ: an adjudicator reads on.")
        if self.written:
            said.append(f"{counted(self.written, 'text')} of entries, without the names of the case's people.")
        if self.not_shown:
            said.append(f"{counted(self.not_shown, 'text')} not shown, since a name may still be left in them.")
        said += [f"What was written stands on no sheet: {why}" for why in self.untold]
        sheets = (f"  {code}: {counted(self.loads[code], 'file')}, {path}" for code, path in self.sheets.items())
        return [*said, "", *sheets]


def design_of(folder: Path, key: str) -> Design:
    """The design by which a sample was drawn; UsageError if it was not drawn."""
    if is_planned(folder, key):
        raise UsageError(f"{key} is a list that was written. {NOT_DRAWN}")
    if is_registered(folder, key):
        raise UsageError(f"{key} is a register of documents. {SEEN}")
    files_of(folder, key)
    return read_design(folder / SAMPLES / key / DESIGN)


def marks_of(folder: Path, key: str, questions: str) -> list[Mark]:
    """Every mark of a question set of a sample, in the order of sealing; EvidenceError where the chain is broken."""
    stage = stage_of(key, questions, "marks")
    if not (folder / stage / "marks.parquet").is_file():
        return []
    found: list[Mark] = read_stage(folder, stage, "marks").to_pylist()
    check_chain(found, stage)
    receipt = read_receipt(folder, stage)
    if receipt and str(receipt.settings.get("last")) != str(found[-1][HASH] if found else ""):
        raise EvidenceError(
            f"{stage}: the last mark is not the one that was sealed last. Marks are added, never changed: put the file "
            "back as it was."
        )
    return found


@one_at_a_time
def give_out(
    folder: Path,
    key: str,
    questions: str,
    markers: Path,
    out: Path,
    *,
    form: str = "xlsx",
    double: float = 0,
    missing: Sequence[tuple[str, str]] = (),
    now: Callable[[], datetime] = datetime.now,
    progress: Progress = silent,
) -> GivenOut:
    """Assign the files of a sample, once, and write every marker's sheet into `out`; files that are missing are
    replaced by the next of their stratum, for the same markers. A sheet that lies there is kept beside the new one.
    `double`: which share of the documents of a register is read twice. UsageError where it cannot be done."""
    asked = question_set(questions)
    given = hand_out(folder, key, questions, read_markers(markers), double=double, missing=missing, now=now)
    held, seed = given.held, given.seed
    codes = sorted({one.marker for one in held})
    out.mkdir(parents=True, exist_ok=True)
    sheets = {}
    for place, code in enumerate(codes, start=1):
        mine = sorted({one.file.pair for one in held if one.marker == code}, key=lambda file: number(seed, code, *file))
        sheets[code] = out / f"{key}_{questions}_{code}.{form}"
        _keep_aside(sheets[code])
        write_sheet(sheets[code], Sheet(key, asked, code, tuple(mine), tuple(given.steps)))
        progress("writing sheets", place, len(codes))
    loads = {code: sum(one.marker == code for one in held) for code in codes}
    return GivenOut(
        folder=out,
        sheets=sheets,
        loads=loads,
        twice=sum(one.round == SECOND for one in held),
        audited=sum(one.kind == AUDITOR for one in held),
        adjudicated=sum(one.round == ADJUDICATED for one in held),
        elsewhere=len({one.file for one in held if one.file.also}),
        unconfirmed=len({one.file.pair for one in held} & given.unconfirmed),
        written=sum(bool(one.written) and one.written not in HELD_BACK for one in given.steps),
        not_shown=sum(one.written in HELD_BACK for one in given.steps),
        untold=given.untold,
    )


@one_at_a_time
def hand_out(
    folder: Path,
    key: str,
    questions: str,
    staff: Sequence[Marker],
    *,
    double: float = 0,
    missing: Sequence[tuple[str, str]] = (),
    hard_from_words: int = 0,
    now: Callable[[], datetime] = datetime.now,
) -> Given:
    """Assign the files of a sample, once, and keep who reads what; no sheet is written. As `give_out`.
    `hard_from_words`: from how many written words on a file of a sample is hard reading, shared out evenly."""
    asked, gone = question_set(questions), {*missing_of(folder, key, questions), *missing}
    given = _given(folder, key, asked, staff, gone, now().date(), double, hard_from_words)
    _keep(folder, key, questions, given.held, gone, given.beside)
    return given


@one_at_a_time
def hand_more(folder: Path, key: str, questions: str, more: Sequence[Assigned]) -> None:
    """Keep further readings of a sample that was given out, such as an adjudicator's; one that is kept adds nothing. A
    reading that was given to somebody else takes the place of the same reading by whoever had it."""
    held, gone = assigned_of(folder, key, questions), missing_of(folder, key, questions)
    fresh = [one for one in more if one not in held]
    if fresh:
        instead = {(one.file, one.round, one.kind) for one in fresh}
        stay = [one for one in held if (one.file, one.round, one.kind) not in instead]
        _keep(folder, key, questions, [*stay, *fresh], gone, listed_of(folder, key, questions))


def _keep_aside(path: Path) -> None:
    """A sheet that lies there may hold answers: it stays, under a name of its own."""
    if path.exists():
        names = (path.with_name(f"{path.stem}_before_{place}{path.suffix}") for place in count(1))
        path.rename(next(name for name in names if not name.exists()))


@dataclass(frozen=True)
class Given:
    """Who reads what, the steps of each file, by which seed sheets are ordered, files with records elsewhere that
    nobody has confirmed, why texts stand on no sheet, and whom a list may name."""

    held: Sequence[Assigned]
    steps: Sequence[Step]
    seed: str
    unconfirmed: frozenset[tuple[str, str]] = frozenset()
    untold: tuple[str, ...] = ()
    beside: Beside = field(default_factory=dict)


def _given(
    folder: Path,
    key: str,
    asked: QuestionSet,
    staff: Sequence[Marker],
    gone: Collection[tuple[str, str]],
    today: date,
    double: float,
    hard_from_words: int = 0,
) -> Given:
    """Who reads what of a sample, of a list or of a register."""
    if is_registered(folder, key):
        return _of_register(folder, key, asked, staff, gone, double)
    if double:
        raise UsageError(f"{key} is no register. What is read twice of a sample stands in its design, as double.")
    if is_planned(folder, key):
        return _of_list(folder, key, asked, staff, gone, today)
    return _of_sample(folder, key, asked, staff, gone, today, hard_from_words)


def _of_sample(
    folder: Path,
    key: str,
    asked: QuestionSet,
    staff: Sequence[Marker],
    gone: Collection[tuple[str, str]],
    today: date,
    hard_from_words: int = 0,
) -> Given:
    """The files of a sample: assigned once, a missing one replaced by the next of its stratum."""
    design, held = design_of(folder, key), assigned_of(folder, key, asked.key)
    if asked.subject != design.subject:
        raise UsageError(f"{asked.key} is asked of a {asked.subject}, and {key} is a sample of {design.subject}s.")
    first, now_read = (replace_missing(folder, key, without).files for without in ((), sorted(gone)))
    tied = _tied(folder, design, [*first, *now_read])
    others = tied.others() if tied else {}
    files = {(one.force_code, one.subject_ref) for one in (*first, *now_read)} | {one.file.pair for one in held}
    told = (
        Chronologies(tuple(entries(folder, design.of, files)), ())
        if design.of_texts
        else timelines(folder, design.subject, files, tied, today=today)
    )
    if not held:
        hard = hard_files(told.steps, hard_from_words) if hard_from_words else ()
        held = assign(_as_files(first, others), staff, double=design.double, seed=design.seed, hard=hard)
    read = _as_files(now_read, others)
    held = replaced(held, read, gone, staff, design.seed)
    held += audited(held, read, staff, design.seed)
    held += adjudicated(held, _differing(folder, key, asked.key, held), staff, design.seed)
    given = {one.file.pair for one in held}
    steps = tuple(one for one in told.steps if (one.force_code, one.subject_ref) in given)
    beside = suspects_of(parties(folder, tied)) if tied and asked.lists else {}
    return Given(held, steps, design.seed, tied.unconfirmed if tied else frozenset(), told.untold, beside)


def hard_files(steps: Sequence[Step], from_words: int) -> frozenset[tuple[str, str]]:
    """The files, (force_code, subject_ref), in which so many words or more are written."""
    words = Counter[tuple[str, str]]()
    for one in steps:
        words[(one.force_code, one.subject_ref)] += len(one.written.split())
    return frozenset(file for file, number_of in words.items() if number_of >= from_words)


def _differing(folder: Path, key: str, questions: str, held: Sequence[Assigned]) -> list[File]:
    """The files on which two inspectors, each blind to the other, answered a question differently."""
    marks = of_inspectors(marks_of(folder, key, questions))
    rounds = [
        {(one["force_code"], one["subject_ref"], one["question"]): one["answer"] for one in marks
         if one["marking_round"] == turn}
        for turn in (FIRST, SECOND)
    ]  # fmt: skip
    first, second = rounds
    apart = {one[:2] for one in first if one in second and first[one] != second[one]}
    return sorted({one.file for one in held if one.file.pair in apart}, key=lambda one: one.pair)


def _of_list(
    folder: Path, key: str, asked: QuestionSet, staff: Sequence[Marker], gone: Collection[tuple[str, str]], today: date
) -> Given:
    """What stands on a list: each assigned once, what came later too; nothing replaces what did not happen."""
    planned = planned_of(folder, key, asked.subject)
    if not planned:
        raise UsageError(f"{asked.key} is asked of a {asked.subject.replace('_', ' ')}, and {key} holds none.")
    before = assigned_of(folder, key, asked.key)
    there = {one.file.pair for one in before}
    fresh = [File(*one.pair, one.subject_kind) for one in planned if one.pair not in there]
    held = [one for one in [*before, *assign(fresh, staff, double=0, seed=key)] if one.file.pair not in gone]
    steps = [
        Step(*one.pair, f"{one.held_on or 'no day set'}", asked.subject.replace("_", " "), "",
             one.role.replace("_", " "), one.force_code)
        for one in planned
    ]  # fmt: skip
    return Given(held, steps, key)


def _of_register(
    folder: Path,
    key: str,
    asked: QuestionSet,
    staff: Sequence[Marker],
    gone: Collection[tuple[str, str]],
    double: float,
) -> Given:
    """The documents of a register: each assigned once, a share twice; two that differ go to an adjudicator."""
    held = {as_file(row).pair: row for row in documents_of(folder, key, asked.key)}
    if not held:
        raise UsageError(f"{key} is a register of documents, and holds none that is read by {asked.key}.")
    before = assigned_of(folder, key, asked.key)
    for one in before:
        if one.file.pair in held and one.file != as_file(held[one.file.pair]):
            said = f"{one.file.subject_ref} was given out as another copy. Give the new one a reference of its own."
            raise UsageError(said)
    there = {one.file.pair for one in before}
    fresh = [as_file(row) for pair, row in held.items() if pair not in there]
    all_ = [*before, *assign(fresh, staff, double=double, seed=key)]
    now_read = [one for one in all_ if one.file.pair in held and one.file.pair not in gone]
    now_read += adjudicated(now_read, _differing(folder, key, asked.key, now_read), staff, key)
    return Given(now_read, [as_step(row) for row in held.values()], key)


def _source(folder: Path, key: str) -> str:
    """The stage from which files are given out."""
    if is_registered(folder, key):
        return holding(folder)[key]
    return f"{PLANNED if is_planned(folder, key) else SAMPLES}/{key}"


def knots_of(folder: Path, key: str) -> frozenset[str]:
    """The knots of the persons whose files a sample drew: of these, pairs can be looked at. UsageError for a sample of
    anything else than persons."""
    tied = _tied(folder, design_of(folder, key), [one for one in files_of(folder, key) if one.status == DRAWN])
    if tied is None:
        raise UsageError(f"{key} is a sample of {design_of(folder, key).subject}s: only persons can be the same.")
    return tied.knots


def _tied(folder: Path, design: Design, files: Sequence[Chosen]) -> Tied | None:
    """What is tied to the files of persons; None where files are of anything else."""
    return tied_to(folder, [(one.force_code, one.subject_ref) for one in files]) if design.subject in PERSONS else None


def _as_files(files: Sequence[Chosen], others: Mapping[tuple[str, str], tuple[str, ...]]) -> list[File]:
    pairs = ((one, (one.force_code, one.subject_ref)) for one in files)
    return [File(*pair, one.stratum, others.get(pair, ())) for one, pair in pairs]


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


def assigned_of(folder: Path, key: str, questions: str) -> list[Assigned]:
    """Who was given which file of a sample; empty before it was given out."""
    rows = _kept(folder, key, questions, "assigned")
    return [
        Assigned(
            File(row["force_code"], row["subject_ref"], row["stratum"], tuple(row["also"].split())),
            row["marker"],
            row["round"],
            row.get("kind", INSPECTOR),  # sheets given out before auditors were told apart
        )
        for row in rows
    ]


def missing_of(folder: Path, key: str, questions: str) -> list[tuple[str, str]]:
    """The files, (force_code, subject_ref), that were looked for in vain."""
    return [(row["force_code"], row["subject_ref"]) for row in _kept(folder, key, questions, "missing")]


def listed_of(folder: Path, key: str, questions: str) -> Beside:
    """Of each file of a sample, whom a list may name: their references, and the force that holds each."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in _kept(folder, key, questions, "listed"):
        found.setdefault((row["force_code"], row["subject_ref"]), {})[row["ref"]] = row["held_by"]
    return found


def _kept(folder: Path, key: str, questions: str, table: str) -> list[dict[str, Any]]:
    stage = stage_of(key, questions, "given")
    return read_stage(folder, stage, table).to_pylist() if (folder / stage / f"{table}.parquet").is_file() else []


def stage_of(key: str, questions: str, part: str) -> str:
    """Where what was given out of a sample, or its marks, stand."""
    return f"{ROOM}/{part}/{key}/{questions}"


def _keep(
    folder: Path,
    key: str,
    questions: str,
    held: Sequence[Assigned],
    gone: Collection[tuple[str, str]],
    beside: Beside,
) -> None:
    book, source = Book(folder), _source(folder, key)
    book.know(ROOM)
    book.know(source)
    rows = [
        {**vars(one.file), "also": " ".join(one.file.also), **{name: getattr(one, name) for name in ASSIGNED.names[4:]}}
        for one in held
    ]
    missing = [{"force_code": code, "subject_ref": ref} for code, ref in sorted(gone)]
    listed = [
        dict(zip(LISTED.names, (*file, ref, code), strict=True))
        for file, refs in sorted(beside.items())
        for ref, code in sorted(refs.items())
    ]
    tables = {
        "assigned": pa.Table.from_pylist(rows, ASSIGNED),
        "missing": pa.Table.from_pylist(missing, pa.schema(list(ASSIGNED)[:2])),
        **({"listed": pa.Table.from_pylist(listed, LISTED)} if question_set(questions).lists else {}),
    }
    book.stage(
        stage_of(key, questions, "given"),
        lambda: Made(tables, len(rows), len(rows)),
        rooms=(casefiles, indicators, question_sets),
        inputs=book.outputs_of(source),
        settings={"assigned": content_hash(tables["assigned"]), "missing": content_hash(tables["missing"]),
                  "listed": content_hash(pa.Table.from_pylist(listed, LISTED))},
    )  # fmt: skip
    _rest_marks_on(book, key, questions)


def _rest_marks_on(book: Book, key: str, questions: str) -> None:
    """Marks that were sealed before more was given out stay as they are; their receipt names what is given now."""
    place, given = stage_of(key, questions, "marks"), book.outputs_of(stage_of(key, questions, "given"))
    before = book.receipts.get(place)
    if before is None or not (book.folder / place / "marks.parquet").is_file():
        return
    marks = pa.Table.from_pylist(marks_of(book.folder, key, questions), SCHEMA)
    sent = {name: value for name, value in before.inputs.items() if name.startswith(SENT)}
    book.stage(
        place,
        lambda: Made({"marks": marks}, marks.num_rows, marks.num_rows, fill=keep_bytes),
        rooms=(casefiles, indicators, question_sets),
        inputs={**given, **sent},
        settings={"last": str(before.settings["last"])},
    )
