"""Release the tables with disclosure control, and write the report from them.

Every stage here is looked up by its key before anything is prepared for it (decision 0184).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import report, sdc
from assay.engine import provenance
from assay.engine.provenance import EventKind, Receipt, read_receipt, read_stage
from assay.engine.provenance.content_hashes import file_hash
from assay.engine.provenance.stage_folders import TABLE_SUFFIX
from assay.engine.stage_runner import Setting, StageOutput, stage_key_fields
from assay.errors import EvidenceError
from assay.facts.inspection_run import InspectionRun
from assay.grading.coherence import contradictions
from assay.grading.grading_rules import rules
from assay.ingest.stage_names import DECISION_STAGES as SETTLED
from assay.ingest.stage_names import JUDGEMENT
from assay.report.closing_page import ClosingPage
from assay.report.pdf import Pdfs, copy_with_pdfs
from assay.sdc import (
    Policy,
    PriorRelease,
    apply_policy_with_suppressions,
    cells_changed,
    changes,
    declared_tables,
    policy,
    release,
    restore_released,
)
from assay.wording import count_phrase
from assay.workflows.judge.grading_stage import grading_tables
from assay.workflows.judge.proposed_grades import run_grading_stage
from assay.workflows.release import release_editions
from assay.workflows.release.assurance_log import assumptions_table
from assay.workflows.release.prepared_tables import PreparedTables
from assay.workflows.release.release_clearance import read_clearances
from assay.workflows.release.release_inputs import (
    POLICY,
    RELEASE_PACKAGES,
    StageInputs,
    exact_table_inputs,
    folder_tables,
    hashes_as_settings,
    select_declared,
)
from assay.workflows.release.suppression_stage import cache_suppressions, keep_cached_suppressions
from assay.workflows.run.lessons_stage import STAGE as LESSONS
from assay.workflows.run.lessons_stage import run_lessons_stage

RELEASED_STAGE = "disclosure"
CHANGE_LOG_STAGE = "changed"
"""The stage with the log of changes by disclosure control; it is never released."""
MAX_CONTRADICTIONS = 3
"""Largest number of contradictions in the message."""
CLOSING_PAGE = "closing page"
LESSON_TABLES = ("lessons_register", "lessons_applied", "claim_tests", "practice_change_points")


class Release:
    """The release of one run: ledger head hash, provenance record of its stage, and tables, read when first needed."""

    def __init__(self, run: InspectionRun, seal: str, released: sdc.Released | None) -> None:
        self.seal = seal
        self.receipt: Receipt = run.stage_runner.receipts[RELEASED_STAGE]
        self._run, self._released = run, released

    @property
    def edition(self) -> str:
        """Return the edition of the figures."""
        return _edition(self._run)

    @cached_property
    def released(self) -> sdc.Released:
        """Return the released tables; restored from the stage if this run did not make them."""
        if self._released is not None:
            return self._released
        return restore_released(
            self._run.folder, RELEASED_STAGE, policy=policy(POLICY), ledger_head=self.seal, edition=self.edition
        )


def release_tables(run: InspectionRun) -> Release:
    """Release tables with disclosure control; they are computed again only if an input changed."""
    release_policy, prepared = policy(POLICY), PreparedTables(run)
    seal, sealed = run.stage_runner.seal, provenance.list_stages(run.stage_runner.receipts)
    counts = exact_table_inputs(run)
    counts_key = Receipt(stage=release_editions.EXACT_STAGE, taken=0, passed_on=0, **_receipt_fields(counts)).key
    control = counts.extended(_prior_edition_outputs(run, prepared, counts_key))
    run_lessons_stage(run, prepared, control)
    run_grading_stage(run, prepared, control)
    small_tables = folder_tables(run)
    stage_inputs = _released_inputs(run, control, small_tables)

    @cache
    def tables() -> dict[str, pa.Table]:
        return _to_release(run, prepared) | small_tables

    released_now: list[sdc.Released] = []

    def make() -> StageOutput:
        run.progress("Releasing the tables", 0, 0)
        released = _release_prepared(run, prepared, tables(), seal)
        released_now.append(released)
        run.stage_runner.record_release(release_policy.name, len(tables()), seal, sealed)
        return _released_output(tables(), released)

    receipt = run.stage_runner.run_stage(
        RELEASED_STAGE,
        make,
        packages=RELEASE_PACKAGES,
        inputs=stage_inputs.inputs,
        settings=stage_inputs.settings,
        in_ledger=True,
    )
    number = sum(name.endswith(TABLE_SUFFIX) for name in receipt.outputs)
    # The ledger head hash may change although no released table does, so each run records its release.
    run.stage_runner.record_release(release_policy.name, number, seal, sealed)
    _run_unreleased_stages(run, prepared, tables, stage_inputs, counts_key)
    if prepared.suppressions_used:
        cache_suppressions(run)
    else:
        keep_cached_suppressions(run)
    return Release(run, seal, released_now[0] if released_now else None)


def _prior_edition_outputs(run: InspectionRun, prepared: PreparedTables, counts_key: str) -> dict[str, str]:
    """Return the content hashes of the prior editions that the suppressions depend on."""
    # Decide from provenance records alone where possible: preparing the exact tables takes most of a release.
    editions = release_editions.prior_editions_by_receipts(run.folder, counts_key)
    if editions is None:
        editions = prepared.editions[0]
    for stage in editions:
        run.stage_runner.load_receipts(stage)
    return run.stage_runner.outputs_of(*editions)


def _released_inputs(run: InspectionRun, control: StageInputs, small_tables: Mapping[str, pa.Table]) -> StageInputs:
    """Return the inputs and settings of the released tables, with those of lessons, grades and settled stages."""
    settled = (stage for folder_name in SETTLED for stage in run.stage_runner.load_receipts(folder_name))
    return control.extended(
        run.stage_runner.outputs_of(LESSONS, JUDGEMENT, *settled), **hashes_as_settings(small_tables)
    )


def _release_prepared(
    run: InspectionRun, prepared: PreparedTables, tables: dict[str, pa.Table], seal: str
) -> sdc.Released:
    """Apply disclosure control to the tables, unless they contradict each other."""
    refuse_contradictions(
        tables | {name: prepared.safe[name] for name in ("ladders", "force_estimates", "combined_tests")}
    )
    return release(
        tables,
        policy=policy(POLICY),
        ledger_head=seal,
        edition=_edition(run),
        prior_releases=prepared.prior_releases,
    )


def _released_output(tables: Mapping[str, pa.Table], released: sdc.Released) -> StageOutput:
    """Return the released tables as the output of their stage, with the rows that were suppressed."""
    row_count = sum(table.num_rows for table in tables.values())
    passed_on = sum(table.num_rows for table in released.tables.values())
    suppressed_rows = {"rows that would give a hidden count away": row_count - passed_on}
    return StageOutput(dict(released.tables), row_count, passed_on, suppressed_rows)


def _run_unreleased_stages(
    run: InspectionRun,
    prepared: PreparedTables,
    tables: Callable[[], dict[str, pa.Table]],
    stage_inputs: StageInputs,
    counts_key: str,
) -> None:
    """Run the stages with the change log and with the exact tables of this edition, which are never released."""

    def log() -> StageOutput:
        run.progress("Writing the log of suppressions", 0, 0)
        return _change_log_output(tables(), policy(POLICY), prepared.prior_releases)

    inputs, settings = stage_inputs.inputs, stage_inputs.settings
    run.stage_runner.run_stage(CHANGE_LOG_STAGE, log, packages=RELEASE_PACKAGES, inputs=inputs, settings=settings)
    run.stage_runner.run_stage(
        release_editions.EXACT_STAGE,
        lambda: _exact_output(tables()),
        packages=RELEASE_PACKAGES,
        inputs=inputs,
        settings={**settings, release_editions.COUNTS_KEY: counts_key},
    )


def refuse_contradictions(tables: Mapping[str, pa.Table]) -> None:
    """Raise EvidenceError if grades, concerns and alerts that are about to be released contradict each other."""
    found = contradictions(tables, rules())
    if found:
        raise EvidenceError(
            f"The release is stopped, because {count_phrase(len(found), 'contradiction')} would be printed. The first: "
            f"{' '.join(found[:MAX_CONTRADICTIONS])} Nothing was released. Report this to the makers of assay, with "
            "the grade rules in use."
        )


def _receipt_fields(stage_inputs: StageInputs) -> dict[str, Any]:
    return stage_key_fields(RELEASE_PACKAGES, stage_inputs.inputs, stage_inputs.settings)


def _edition(run: InspectionRun) -> str:
    return f"returns to request {run.inspection.request.key}"


def _to_release(run: InspectionRun, prepared: PreparedTables) -> dict[str, pa.Table]:
    """Return the tables of a release, without those of `release_inputs.folder_tables`."""
    grading_rows = grading_tables(run.folder) | {"assumptions": assumptions_table()}
    lesson_rows = {name: read_stage(run.folder, LESSONS, name) for name in LESSON_TABLES}
    grading_rows |= {name: select_declared(name, table) for name, table in lesson_rows.items()}
    return prepared.exact | {"findings": prepared.findings, "source_verdicts": prepared.evidence} | grading_rows


def _exact_output(tables: dict[str, pa.Table]) -> StageOutput:
    """Return the exact counts, for internal use: a later edition must not reveal them."""
    exact = release_editions.record_tables(tables)
    rows = sum(table.num_rows for table in exact.values())
    return StageOutput(exact, rows, rows)


def _change_log_output(
    tables: dict[str, pa.Table], release_policy: Policy, prior_releases: Sequence[PriorRelease]
) -> StageOutput:
    """Return what was done to the figures and why, for internal use, stored apart from the release.

    Its provenance record counts cells by cell status.
    """
    safe, cell_changes = apply_policy_with_suppressions(tables, release_policy, prior_releases=prior_releases)
    log = changes(safe, cell_changes, release_policy, tables)
    forms = declared_tables()
    protected = {name: sum(column.protect for column in forms[name].columns) for name in tables}
    cell_count = sum(columns * safe[name].num_rows for name, columns in protected.items())
    suppressed_cells = cells_changed(log)
    return StageOutput({"changes": log}, cell_count, cell_count - sum(suppressed_cells.values()), suppressed_cells)


def write_report(
    run: InspectionRun,
    release: Release,
    reissue: report.Reissue | None = None,
    pdfs: Pdfs = Pdfs.NONE,
    closing_page: ClosingPage | None = None,
) -> Receipt:
    """Write the report of the released tables, then its PDFs; a reissued report lists what changed since the prior
    one."""
    rows, clearances = release.receipt.passed_on, read_clearances(run.inspection, release.seal)

    def fill(folder: Path) -> object:
        return report.write_report(
            release.released,
            folder,
            progress=run.progress,
            approvals=clearances,
            reissue=reissue,
            closing_page=closing_page,
        )

    inputs = run.stage_runner.outputs_of("disclosure")
    settings = {"seal": release.seal, "policy": POLICY, "wording": str(clearances.wording or "not reviewed")}
    if reissue:
        prior_hash = file_hash(reissue.prior_figures)
        settings |= {"earlier": prior_hash, "reason": reissue.reason}
        run.inspection.ledger.append(EventKind.REISSUED, reason=reissue.reason, earlier=prior_hash)
    settings |= {f"page of {force_code}": str(yes) for force_code, yes in sorted(clearances.pages.items())}

    def fill_with_pdfs(folder: Path) -> None:
        copy_with_pdfs(run.folder / "report", folder, pdfs, run.progress)

    def all_settings(pdfs_set: Pdfs, closing_key: Setting) -> dict[str, Setting]:
        pdf_value = None if pdfs_set is Pdfs.NONE else pdfs_set.value
        return settings | _optional_setting("pdf", pdf_value) | _optional_setting(CLOSING_PAGE, closing_key)

    def run_report(content: Callable[[Path], object], report_settings: dict[str, Setting]) -> Receipt:
        return run.stage_runner.run_stage(
            "report",
            lambda: StageOutput({}, rows, rows, fill=content),
            packages=(report,),
            inputs=inputs,
            settings=report_settings,
        )

    closing_key = closing_page.key if closing_page else None
    # A report that has these PDFs and this closing page, or more than was asked for, is not written again.
    for pdfs_set in list(Pdfs)[list(Pdfs).index(pdfs) :]:
        settings_tried = all_settings(pdfs_set, closing_key or _written_closing_key(run))
        if run.stage_runner.is_current("report", packages=(report,), inputs=inputs, settings=settings_tried):
            return run_report(fill, settings_tried)
    receipt = run_report(fill, all_settings(Pdfs.NONE, closing_key))
    if pdfs is Pdfs.NONE:
        return receipt
    run.progress(f"The report is written, and can be read: {run.folder / 'report' / 'index.html'}", 0, 0)
    return run_report(fill_with_pdfs, all_settings(pdfs, closing_key))


def _optional_setting(name: str, value: Setting) -> dict[str, Setting]:
    """Return a setting of the stage "report" that names a part of it; none for a report without that part."""
    return {name: value} if value else {}


def _written_closing_key(run: InspectionRun) -> Setting:
    """Return the key of the closing page of the report as it was last written; None if it has none."""
    receipt = read_receipt(run.folder, "report")
    return receipt.settings.get(CLOSING_PAGE) if receipt else None
