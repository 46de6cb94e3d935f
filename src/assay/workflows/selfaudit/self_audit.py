"""How does a force run the inspection's own stages on one return, offline, from one folder?

Receiving, persons, records and enquiries are the stages of every inspection, with their receipts and ledger; comparison
and the release to the public are left out. The same edition may be mended and run again: what stood before is told as
'last time'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

import assay.workflows.selfaudit
from assay import compare, contract, facts, feedback, indicators, ingest, privacy, reference, report, sdc
from assay.contract import question_sets
from assay.contract.declared_purposes import declare
from assay.engine.provenance import alone, read_stage
from assay.engine.provenance.content_hashes import content_hash
from assay.engine.stage_runner import Made
from assay.errors import ReturnRefused, UsageError
from assay.facts.inspection_run import Run
from assay.ingest.accepted_returns import all_held
from assay.ingest.inspection_folder import Inspection, declared_in, make_inspection
from assay.ingest.return_manifest import Cover
from assay.ingest.return_validation import cover_of
from assay.progress import Progress, silent
from assay.reference import Declarations
from assay.reference.data_requests import Request
from assay.sdc import ToSender
from assay.wording import counted, number
from assay.workflows.receive.return_intake import Taken, take_in
from assay.workflows.run.inspection_pipeline import begin_run
from assay.workflows.selfaudit import record_answers, self_audit_page
from assay.workflows.selfaudit.assumed_request import request_of
from assay.workflows.selfaudit.sender_rows import for_sender

STAGE = "self-audit"
NOW, LAST_TIME = "counts", "last_time"


@dataclass(frozen=True)
class Audited:
    """What came of it: the page to open, the letter, and how much there is to look at."""

    folder: Path
    index: Path
    letter: Path
    force_code: str
    accepted: int
    set_aside: int
    tables_refused: tuple[str, ...]
    asked: int
    cannot_be_asked: int
    urgent: int
    to_mend: int
    changed: int

    @property
    def usable(self) -> bool:
        """Whether at least one row of the return could be used."""
        return self.accepted > 0

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        refused = [f"Tables refused: {', '.join(self.tables_refused)}."] if self.tables_refused else []
        changed = [f"{counted(self.changed, 'indicator answers', 'indicators answer')} otherwise than last time."]
        return [
            f"{self.force_code}: {counted(self.accepted, 'row')} can be used, {number(self.set_aside)} set aside.",
            *refused,
            f"{counted(self.asked, 'indicator')} could be asked, {number(self.cannot_be_asked)} could not.",
            f"To look at first: {number(self.urgent)}. In the lists of records: {counted(self.to_mend, 'line')}.",
            *(changed if self.changed else []),
            "For this force only. Open this page first:",
            f"  {self.index}",
            f"The letter about the return: {self.letter}",
            f"To check every figure: assay verify {self.folder}",
        ]


KEPT_DAYS = 365


def audit(given: Path, out: Path | None = None, request: Path | None = None, *, progress: Progress = silent) -> Audited:
    """Run the stages on the return in `given`, and leave page and lists in `out` (beside it, if not named).

    Raises ReturnRefused where the return as a whole cannot be taken in, UsageError where `out` will not do.
    """
    asked = request_of(_there(given), request)
    cover = cover_of(given, asked)  # what is wrong with it is said before anything is written
    place = _beside(given) if out is None else out
    inspection = _inspection(place, given, asked, request)
    _of_one_body(inspection, cover)
    with alone(place):
        taken = _taken(inspection, given, progress)
        run = begin_run(place, compared=False, progress=progress)
        made = _tell(run, for_sender(run, asked.body(taken.body)))
        run.book.close()
    return _audited(made, place, taken)


def _there(given: Path) -> Path:
    if not given.is_dir():
        raise UsageError(f"{given} is not a folder. Name the folder of one return, with its return.toml and tables.")
    return given


def _beside(given: Path) -> Path:
    whole = given.resolve()
    return whole.with_name(f"{whole.name}-{STAGE}")


def _inspection(place: Path, given: Path, asked: Request, request: Path | None) -> Inspection:
    """The folder of the self-audit: never inside what is sent, and of one body only."""
    if place.resolve() == given.resolve() or given.resolve() in place.resolve().parents:
        raise UsageError(f"{place} lies inside the return: what is sent holds nothing else. Name another --out.")
    try:
        inspection = make_inspection(place, asked, _declared(date.today(), request))
    except PermissionError:
        raise UsageError(f"{place} cannot be written. Name a folder that can be with --out.") from None
    return inspection


def _declared(today: date, request: Path | None) -> Declarations:
    """The force's own audit of its own records, on a copy that is to go within a year: of the tables that a request
    declares, or without one of every table."""
    every = declare(
        legal_basis="The force's own audit of its own records.",
        holder="The force itself.",
        destroy_by=today + timedelta(days=KEPT_DAYS),
        also=tuple(contract.tables()),
    )
    asked = declared_in(request) if request else {}
    return {name: one for name, one in every.items() if name in asked} if asked else every


def _of_one_body(inspection: Inspection, cover: Cover) -> None:
    """Refuses a folder that holds another body's return, or a later edition than this one."""
    for held in all_held(inspection):
        if held.body != cover.force_code or held.accepted.edition > cover.edition:
            raise UsageError(
                f"{inspection.folder} holds edition {held.accepted.edition} of {held.body}. A self-audit is of one "
                "body, and of its latest edition: name another folder with --out."
            )


def _taken(inspection: Inspection, given: Path, progress: Progress) -> Taken:
    taken = take_in(inspection.folder, [given], in_draft=True, progress=progress).returns[0]
    if taken.refusal:
        raise ReturnRefused(f"{given.name}: the return as a whole cannot be used. {taken.refusal}")
    return taken


def _tell(run: Run, sent: ToSender) -> self_audit_page.Made:
    """Write page and lists as a stage of their own; kept as it stands where nothing changed."""
    run.progress("Making the lists", 0, 0)
    now = record_answers.counts_now(sent)
    before = _last_time(run.folder, now)
    made = self_audit_page.make(sent, before)
    seal = run.book.seal
    stage = run.held[0].stage

    def make() -> Made:
        tables = {NOW: now} | ({LAST_TIME: before} if before is not None else {})
        rows = sum(table.num_rows for table in sent.tables.values())
        letter = f"../{stage}/letter.html"
        return Made(
            tables, rows, rows,
            fill=lambda room: self_audit_page.write(made, room, letter=letter, seal=seal, progress=run.progress),
        )  # fmt: skip

    inputs = run.book.outputs_of(stage, "records", "enquiries")
    settings = run.asked | {"last time": content_hash(before) if before is not None else None}
    rooms = (
        reference,
        ingest,
        contract,
        feedback,
        privacy,
        facts,
        indicators,
        question_sets,
        compare,
        sdc,
        report,
        assay.workflows.selfaudit,
    )
    run.book.stage(STAGE, make, rooms=rooms, inputs=inputs, settings=settings)
    return made


def _last_time(folder: Path, now: pa.Table) -> pa.Table | None:
    """The counts before these: those that stood here, or, where these stood here already, those before them."""
    stood = _stood(folder, NOW)
    same = stood is not None and content_hash(stood) == content_hash(now)
    return _stood(folder, LAST_TIME) if same else stood


def _stood(folder: Path, name: str) -> pa.Table | None:
    return read_stage(folder, STAGE, name) if (folder / STAGE / f"{name}.parquet").is_file() else None


def _audited(made: self_audit_page.Made, place: Path, taken: Taken) -> Audited:
    assert taken.letter is not None
    cannot = sum(bool(one.cannot) for one in made.answered)
    return Audited(
        folder=place,
        index=place / STAGE / "index.html",
        letter=taken.letter,
        force_code=taken.body,
        accepted=taken.accepted,
        set_aside=taken.set_aside,
        tables_refused=taken.tables_refused,
        asked=len(made.answered) - cannot,
        cannot_be_asked=cannot,
        urgent=sum(len(one.lines) for one in made.urgent),
        to_mend=made.to_mend,
        changed=sum(one.before is not None for one in made.answered),
    )
