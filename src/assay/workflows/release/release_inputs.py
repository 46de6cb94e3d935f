"""List the inputs, settings and code that the released tables depend on.

By these a run decides, before any table is prepared, whether the stages `lessons`, `judgement`, `disclosure`, `changed`
and `counted` must be made again. They name everything that the preparing code reads: outputs of earlier stages, what
people and senders put into the folder, the ledger, the declarations, and every package whose code runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import pyarrow as pa

from assay import (
    casefiles,
    compare,
    contract,
    engine,
    errors,
    facts,
    feedback,
    grading,
    indicators,
    ingest,
    linkage,
    privacy,
    reference,
    sdc,
    stats,
    text,
    wording,
    workflows,
)
from assay.casefiles.surveys.survey_intake import STAGE_FOLDER as SURVEYS
from assay.contract import request_burden
from assay.engine.provenance import EventKind, content_hash, read_receipt
from assay.engine.provenance.stage_folders import list_files, list_stages, output_hash
from assay.engine.stage_runner import Setting
from assay.errors import EvidenceError
from assay.facts.inspection_run import InspectionRun
from assay.ingest.stage_names import OTHER_SENDERS, PREVIOUS_ALERTS, TRIANGULATION
from assay.workflows.judge.inspection_plan import plan_tables
from assay.workflows.judge.recommendation_follow_up import revisited_table
from assay.workflows.release import report_summaries
from assay.workflows.release.accuracy_points import accuracy_table
from assay.workflows.release.assurance_log import log_table
from assay.workflows.run.confirmed_texts import CASEFILES
from assay.workflows.run.scale_stage import STAGE as SCALE

POLICY = "record level"
RELEASE_PACKAGES: Sequence[ModuleType] = (
    casefiles, compare, contract, engine, errors, facts, feedback, grading, indicators,
    ingest, linkage, privacy, reference, sdc, stats, text, wording, workflows,
)  # fmt: skip
"""Every package that the modules which prepare and release tables import, directly or through others. The report is
not among them: it is written from released tables alone."""
EVIDENCE_FOLDERS = (CASEFILES, OTHER_SENDERS, SURVEYS, PREVIOUS_ALERTS)
"""Stage folders that no run writes, from which tables are prepared: ratings, documents, surveys, prior alerts."""


@dataclass(frozen=True)
class StageInputs:
    """Inputs (by name, with hash) and settings of a stage."""

    inputs: Mapping[str, str]
    settings: Mapping[str, Setting]

    def extended(self, inputs: Mapping[str, str], **settings: Setting) -> StageInputs:
        """Return these inputs and settings together with further ones."""
        return replace(self, inputs={**self.inputs, **inputs}, settings={**self.settings, **settings})


def exact_table_inputs(run: InspectionRun) -> StageInputs:
    """Return the inputs of the exact tables that are made from records."""
    stages = run.stage_runner.outputs_of(
        "answerability", "enquiries", "readings", "confirmed", "comparison", "people", "hidden", SCALE, "voices",
        TRIANGULATION,
    )  # fmt: skip
    rating_stages = [
        stage_name
        for stage_name in run.stage_runner.load_receipts(CASEFILES)
        if stage_name.split("/")[1] in report_summaries.STAGES_READ
    ]
    inputs = stages | run.stage_runner.outputs_of(*rating_stages) | run.return_inputs(("covers", "counted"))
    return StageInputs(inputs, run.request_settings | {"policy": POLICY, "evidence": _hash_of_evidence(run.folder)})


def _hash_of_evidence(folder: Path) -> str:
    """Return one hash of the stages in `EVIDENCE_FOLDERS`: of their provenance records and current files."""
    digest = hashlib.sha256()
    for stage in list_stages(folder):
        if stage.split("/")[0] in EVIDENCE_FOLDERS:
            receipt = read_receipt(folder, stage)
            digest.update(f"{stage} {receipt.hash_without_sql if receipt else ''}\n".encode())
            for name in list_files(folder / stage):
                digest.update(f"{name} {_hash_now(folder / stage / name)}\n".encode())
    return digest.hexdigest()


def _hash_now(path: Path) -> str:
    """Return the hash of a file, or "unreadable": the code that reads it next raises the error."""
    try:
        return output_hash(path)
    except (pa.ArrowException, OSError, EvidenceError):
        return "unreadable"


def folder_tables(run: InspectionRun) -> dict[str, pa.Table]:
    """Return the small tables from the ledger, the declarations, and people's decisions and answers.

    They are made in every run, after the grades are proposed, and their contents are settings of the release.
    """
    hours = request_burden.reported_hours(run.concatenate_returns("covers"))
    return {
        "inspection_summary": report_summaries.inspection_table(
            run.inspection,
            len({accepted_return.force_code for accepted_return in run.accepted_returns}),
            _count_refused(run),
        ),
        "burden": select_declared("burden", request_burden.request_burden_table(hours, run.inspection.declarations)),
        "accuracy": accuracy_table(run.folder),
        "revisits": revisited_table(run.folder),
        "quality_log": log_table(run.inspection),
    } | plan_tables(run.inspection)


def select_declared(name: str, table: pa.Table) -> pa.Table:
    """Select those columns of a table that are declared for release or that disclosure control needs."""
    declaration = sdc.declared_tables()[name]
    column_names = (*(column.name for column in declaration.columns), *declaration.internal_columns)
    return table.select([column_name for column_name in column_names if column_name in table.column_names])


def hashes_as_settings(tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """Return the content hash of each table, as a setting of a stage."""
    return {f"content of {name}": content_hash(table) for name, table in tables.items()}


def _count_refused(run: InspectionRun) -> int:
    """Return the number of senders whose returns were all refused."""
    accepted_forces = {accepted_return.force_code for accepted_return in run.accepted_returns}
    entries = run.inspection.ledger.entries()
    names = {str(entry.about["name"]) for entry in entries if entry.kind == EventKind.RETURN_REFUSED.key}
    return len(names - accepted_forces)
