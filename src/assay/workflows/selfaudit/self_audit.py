"""Run the stages of an inspection on one return of a force, and write its pages and lists.

Intake, record linkage, records and indicators are the stages of every inspection, with their provenance records and
ledger; comparison and release are left out. The same edition may be corrected and run again: the previous results are
shown as 'last time'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import assay.workflows.selfaudit
from assay import compare, contract, facts, feedback, indicators, ingest, privacy, reference, report, sdc
from assay.contract import question_sets
from assay.contract.declared_purposes import declare_tables
from assay.engine.provenance import lock_folder, read_stage
from assay.engine.provenance.content_hashes import content_hash
from assay.engine.stage_runner import StageOutput
from assay.errors import DefinitionError, ReturnRefused, UsageError
from assay.facts.inspection_run import InspectionRun
from assay.indicators import EVERYWHERE, indicator_catalogue
from assay.ingest.accepted_returns import all_accepted_returns
from assay.ingest.inspection_folder import Inspection, create_inspection, read_table_declarations
from assay.ingest.return_manifest import MANIFEST_FILE, ReturnManifest, read_return_section
from assay.ingest.return_validation import read_force_manifest
from assay.progress import Progress, no_progress
from assay.reference import Declarations, Organisation, real_organisations
from assay.reference.data_requests import REAL, SYNTHETIC, DataRequest
from assay.sdc import ToSender
from assay.wording import count_phrase, format_number
from assay.workflows.receive.request_contract import parse_request
from assay.workflows.receive.return_intake import ReturnResult, receive_returns
from assay.workflows.run.inspection_pipeline import run_stages
from assay.workflows.selfaudit import record_answers, self_audit_page

# Collect the force's own rows from the stages as a `ToSender`.
#
# A row of any other force is an error: `ToSender` refuses it.

ANSWER_TABLES = ("answers", "ladders", "excluded_records", "wait_medians", "counts_by_definition")
URGENT_FACTS = ("duty", "crime", "missing_episode")
"""Fact tables that the urgent section and the pages read, whatever the indicators need."""
RETURN_TABLES = ("returns", "covers", "kinds", "counted", "incomplete", "columns")


def for_sender(run: InspectionRun, force: Organisation) -> ToSender:
    """Return the rows of a self-audit for `force` alone; DisclosureError if a row of another force is among them."""
    tables = {name: _without_total(read_stage(run.folder, "enquiries", name)) for name in ANSWER_TABLES}
    fact_names = {*URGENT_FACTS, *(form.record for form in indicator_catalogue.indicators())}
    tables |= {name: read_stage(run.folder, "records", name) for name in sorted(fact_names)}
    tables |= {name: run.concatenate_returns(name) for name in RETURN_TABLES}
    return ToSender(force, tables)


def _without_total(table: pa.Table) -> pa.Table:
    """Drop the total of all forces: with one force it repeats the same row."""
    if "place_code" not in table.column_names:
        return table
    return table.filter(pc.not_equal(table["place_code"], EVERYWHERE))


# Build the request that a return answers from its own manifest, if no request was sent.
#
# The manifest states enough: key, period and history. A real force is in the register; a synthetic one is made from its
# code. If the request's file is given, the return must match it.

SYNTHETIC_CODE = re.compile(r"INV\d\d")


def infer_request(folder: Path, request_path: Path | None = None) -> DataRequest:
    """Return the request of the return in `folder`: from a request file, or else from the return's manifest.

    Raises
    ------
    ReturnRefused
        If the manifest does not state enough (R01).
    UnknownForce
        For a code of no force.
    """
    section = read_return_section(folder)
    if request_path is not None:
        return parse_request(request_path, key="", title="", period=("", ""), history_from="")
    try:
        return _request(section)
    except DefinitionError as error:
        raise ReturnRefused(f"{MANIFEST_FILE}, [return] (R01): {error} Correct it and run again.") from None


def _request(section: Mapping[str, Any]) -> DataRequest:
    forces = _force_register(_text(section, "force_code").upper())
    first = _day(section, "period_from")
    return DataRequest(
        key=_text(section, "request"),
        title=f"Self-audit: {_text(section, 'request')}",
        period_from=first,
        period_to=_day(section, "period_to"),
        history_from=_day(section, "history_from") if section.get("history_from") else first,
        # The manifest does not say whether group history was requested: if it was sent, assume that it was.
        group_history=True,
        register=SYNTHETIC if SYNTHETIC_CODE.fullmatch(next(iter(forces))) else REAL,
        organisations=forces,
    )


def _force_register(code: str) -> Mapping[str, Organisation]:
    """Return the register of real forces, or the one synthetic force of that code, as a force in England."""
    if SYNTHETIC_CODE.fullmatch(code):
        return {code: Organisation(code, f"{code} (synthetic)", code.lower(), "territorial", "England")}
    register = real_organisations()
    register.get(code)
    return {force.code: force for force in register}


def _text(section: Mapping[str, Any], key: str) -> str:
    value = section.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DefinitionError(f"{key} is missing, or is not text.")
    return value.strip()


def _day(section: Mapping[str, Any], key: str) -> date:
    value = section.get(key)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise DefinitionError(f"{key} is missing, or is not a day such as 2025-04-01.") from None


STAGE = "self-audit"
NOW, LAST_TIME = "counts", "last_time"
FORMER_COLUMNS = {"left_out": "excluded"}
"""By the name in a self-audit of an earlier version: the present name of a column."""


@dataclass(frozen=True)
class SelfAuditResult:
    """The result of a self-audit: the page to open, the letter, and the counts of records to look at."""

    folder: Path
    index: Path
    letter: Path
    force_code: str
    accepted: int
    set_aside: int
    tables_refused: tuple[str, ...]
    answerable: int
    not_answerable: int
    urgent: int
    lines_to_correct: int
    changed: int

    @property
    def usable(self) -> bool:
        """Return True if at least one row of the return can be used."""
        return self.accepted > 0

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in vars(self).items()}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        refused = [f"Tables refused: {', '.join(self.tables_refused)}."] if self.tables_refused else []
        changed = [f"{count_phrase(self.changed, 'indicator answers', 'indicators answer')} otherwise than last time."]
        return [
            (
                f"{self.force_code}: {count_phrase(self.accepted, 'row')} can be used, "
                f"{format_number(self.set_aside)} set aside."
            ),
            *refused,
            (
                f"{count_phrase(self.answerable, 'indicator')} could be asked, "
                f"{format_number(self.not_answerable)} could not."
            ),
            (
                f"To look at first: {format_number(self.urgent)}. In the lists of records: "
                f"{count_phrase(self.lines_to_correct, 'line')}."
            ),
            *(changed if self.changed else []),
            "For this force only. Open this page first:",
            f"  {self.index}",
            f"The letter about the return: {self.letter}",
            f"To check every figure: assay inspect verify {self.folder}",
        ]


RETENTION_DAYS = 365


def audit_return(
    return_folder: Path, out: Path | None = None, request: Path | None = None, *, progress: Progress = no_progress
) -> SelfAuditResult:
    """Run the stages on the return in a folder, and write pages and lists to `out`.

    Raises
    ------
    ReturnRefused
        If the return as a whole cannot be accepted.
    UsageError
        If `out` cannot be used.
    """
    answered_request = infer_request(_require_folder(return_folder), request)
    manifest = read_force_manifest(
        return_folder, answered_request
    )  # what is wrong with it is said before anything is written
    folder = _default_folder(return_folder) if out is None else out
    inspection = _inspection(folder, return_folder, answered_request, request)
    _require_same_force(inspection, manifest)
    with lock_folder(folder):
        return_result = _take_in_return(inspection, return_folder, progress)
        run = run_stages(folder, compare_forces=False, progress=progress)
        content = _write_page_stage(run, for_sender(run, answered_request.organisation(return_result.force_code)))
        run.stage_runner.end_run()
    return _audit_result(content, folder, return_result)


def _require_folder(return_folder: Path) -> Path:
    if not return_folder.is_dir():
        raise UsageError(
            f"{return_folder} is not a folder. Name the folder of one return, with its return.toml and tables."
        )
    return return_folder


def _default_folder(return_folder: Path) -> Path:
    resolved = return_folder.resolve()
    return resolved.with_name(f"{resolved.name}-{STAGE}")


def _inspection(folder: Path, return_folder: Path, answered_request: DataRequest, request: Path | None) -> Inspection:
    """Return the folder of the self-audit: never inside the return, and of one force only."""
    if folder.resolve() == return_folder.resolve() or return_folder.resolve() in folder.resolve().parents:
        raise UsageError(f"{folder} lies inside the return: what is sent holds nothing else. Name another --out.")
    try:
        inspection = create_inspection(folder, answered_request, _audit_declarations(date.today(), request))
    except PermissionError:
        raise UsageError(f"{folder} cannot be written. Name a folder that can be with --out.") from None
    return inspection


def _audit_declarations(today: date, request: Path | None) -> Declarations:
    """Return declarations for a force's audit of its own records, on a copy to be destroyed within a year.

    They cover the tables that a request declares, or without a request every table.
    """
    all_declarations = declare_tables(
        legal_basis="The force's own audit of its own records.",
        holder="The force itself.",
        destroy_by=today + timedelta(days=RETENTION_DAYS),
        also=tuple(contract.tables()),
    )
    requested = read_table_declarations(request) if request else {}
    return (
        {name: declaration for name, declaration in all_declarations.items() if name in requested}
        if requested
        else all_declarations
    )


def _require_same_force(inspection: Inspection, manifest: ReturnManifest) -> None:
    """Refuse a folder that holds another force's return, or a later edition than this one."""
    for accepted_return in all_accepted_returns(inspection):
        if (
            accepted_return.force_code != manifest.force_code
            or accepted_return.return_edition.edition > manifest.edition
        ):
            raise UsageError(
                f"{inspection.folder} holds edition {accepted_return.return_edition.edition} of "
                f"{accepted_return.force_code}. A self-audit is of one "
                "body, and of its latest edition: name another folder with --out."
            )


def _take_in_return(inspection: Inspection, return_folder: Path, progress: Progress) -> ReturnResult:
    return_result = receive_returns(inspection.folder, [return_folder], in_draft=True, progress=progress).returns[0]
    if return_result.refusal:
        raise ReturnRefused(f"{return_folder.name}: the return as a whole cannot be used. {return_result.refusal}")
    return return_result


def _write_page_stage(run: InspectionRun, sender_tables: ToSender) -> self_audit_page.PageContent:
    """Write page and lists as a stage of their own; cached if nothing changed."""
    run.progress("Making the lists", 0, 0)
    current = record_answers.current_counts(sender_tables)
    previous = _previous_counts(run.folder, current)
    content = self_audit_page.page_content(sender_tables, previous)
    seal = run.stage_runner.seal
    stage = run.accepted_returns[0].stage

    def make() -> StageOutput:
        tables = {NOW: current} | ({LAST_TIME: previous} if previous is not None else {})
        rows = sum(table.num_rows for table in sender_tables.tables.values())
        letter = f"../{stage}/letter.html"
        return StageOutput(
            tables,
            rows,
            rows,
            fill=lambda stage_folder: self_audit_page.write_page(
                content, stage_folder, letter=letter, seal=seal, progress=run.progress
            ),
        )

    inputs = run.stage_runner.outputs_of(stage, "records", "enquiries")
    settings = run.request_settings | {"last time": content_hash(previous) if previous is not None else None}
    packages = (
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
    run.stage_runner.run_stage(STAGE, make, packages=packages, inputs=inputs, settings=settings)
    return content


def _previous_counts(folder: Path, current: pa.Table) -> pa.Table | None:
    """Return the previous counts: those stored here, or, if they are of this run, those before them."""
    previous = _read_counts(folder, NOW)
    is_unchanged = previous is not None and content_hash(previous) == content_hash(current)
    return _read_counts(folder, LAST_TIME) if is_unchanged else previous


def _read_counts(folder: Path, name: str) -> pa.Table | None:
    if not (folder / STAGE / f"{name}.parquet").is_file():
        return None
    counts = read_stage(folder, STAGE, name)
    return counts.rename_columns([FORMER_COLUMNS.get(column, column) for column in counts.column_names])


def _audit_result(content: self_audit_page.PageContent, folder: Path, return_result: ReturnResult) -> SelfAuditResult:
    assert return_result.letter is not None
    not_askable_count = sum(bool(item.not_askable) for item in content.answers)
    return SelfAuditResult(
        folder=folder,
        index=folder / STAGE / "index.html",
        letter=return_result.letter,
        force_code=return_result.force_code,
        accepted=return_result.accepted,
        set_aside=return_result.set_aside,
        tables_refused=return_result.tables_refused,
        answerable=len(content.answers) - not_askable_count,
        not_answerable=not_askable_count,
        urgent=sum(len(item.lines) for item in content.urgent),
        lines_to_correct=content.line_count,
        changed=sum(item.previous_counts is not None for item in content.answers),
    )
