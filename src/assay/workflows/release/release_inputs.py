"""Which inputs, settings and code do the released tables rest on?

Before any table is prepared, a run decides by these whether the stages `lessons`, `judgement`, `disclosure`, `changed`
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
from assay.casefiles.surveys.survey_intake import ROOM as SURVEYS
from assay.contract import request_burden
from assay.engine.provenance import EventKind, content_hash, read_receipt
from assay.engine.provenance.stage_folders import hash_of, names_in, stages_in
from assay.engine.stage_runner import Setting
from assay.errors import EvidenceError
from assay.facts.inspection_run import Run
from assay.ingest.stage_names import EARLIER, OTHERS, TRIANGULATION
from assay.workflows.judge.inspection_plan import plan_tables
from assay.workflows.judge.recommendation_follow_up import revisited_table
from assay.workflows.release import case_file_summaries, inspection_summaries
from assay.workflows.release.accuracy_points import accuracy_table
from assay.workflows.release.assurance_log import log_table
from assay.workflows.run.confirmed_texts import CASEFILES
from assay.workflows.run.scale_stage import STAGE as SCALE

POLICY = "record level"
ROOMS: Sequence[ModuleType] = (
    casefiles, compare, contract, engine, errors, facts, feedback, grading, indicators,
    ingest, linkage, privacy, reference, sdc, stats, text, wording, workflows,
)  # fmt: skip
"""Every package that the modules which prepare and release tables import, directly or through others. The report is
not among them: it is written from released tables alone."""
EVIDENCE = (CASEFILES, OTHERS, SURVEYS, EARLIER)
"""Stage folders that no run writes, from which tables are prepared: ratings, documents, surveys, prior alerts."""


@dataclass(frozen=True)
class RestsOn:
    """Inputs (by name, with hash) and settings of a stage."""

    inputs: Mapping[str, str]
    settings: Mapping[str, Setting]

    def also(self, inputs: Mapping[str, str], **settings: Setting) -> RestsOn:
        """The same with further inputs and settings."""
        return replace(self, inputs={**self.inputs, **inputs}, settings={**self.settings, **settings})


def counts_rest_on(run: Run) -> RestsOn:
    """What the tables made from records rest on, as they were counted."""
    stages = run.book.outputs_of(
        "answerability", "enquiries", "readings", "confirmed", "comparison", "people", "hidden", SCALE, "voices",
        TRIANGULATION,
    )  # fmt: skip
    marked = [one for one in run.book.know(CASEFILES) if one.split("/")[1] in case_file_summaries.READ]
    inputs = stages | run.book.outputs_of(*marked) | run.from_returns(("covers", "counted"))
    return RestsOn(inputs, run.asked | {"policy": POLICY, "evidence": _hash_of_evidence(run.folder)})


def _hash_of_evidence(folder: Path) -> str:
    """One hash of the stages in `EVIDENCE`: of their receipts, and of their files as they lie there now."""
    digest = hashlib.sha256()
    for stage in stages_in(folder):
        if stage.split("/")[0] in EVIDENCE:
            receipt = read_receipt(folder, stage)
            digest.update(f"{stage} {receipt.of_what if receipt else ''}\n".encode())
            for name in names_in(folder / stage):
                digest.update(f"{name} {_hash_now(folder / stage / name)}\n".encode())
    return digest.hexdigest()


def _hash_now(path: Path) -> str:
    """Return the hash of a file, or "unreadable": the code that reads it next raises the error."""
    try:
        return hash_of(path)
    except (pa.ArrowException, OSError, EvidenceError):
        return "unreadable"


def tables_of_the_folder(run: Run) -> dict[str, pa.Table]:
    """The small tables that are made from the ledger, the declarations, and what people decided and answered.

    They are made at every run, after the grades are proposed, and their contents are settings of the release.
    """
    hours = request_burden.reported_hours(run.together("covers"))
    return {
        "inspected": inspection_summaries.inspected(run.inspection, len({one.body for one in run.held}), _refused(run)),
        "burden": declared_only("burden", request_burden.burden(hours, run.inspection.declared)),
        "accuracy": accuracy_table(run.folder),
        "revisited": revisited_table(run.folder),
        "quality_log": log_table(run.inspection),
    } | plan_tables(run.inspection)


def declared_only(name: str, table: pa.Table) -> pa.Table:
    """Select the columns that are declared or that disclosure control needs, as far as they are there."""
    form = sdc.declared_tables()[name]
    wanted = (*(one.name for one in form.columns), *form.inside)
    return table.select([one for one in wanted if one in table.column_names])


def hashes_as_settings(tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """The content hash of each table, as a setting on which a stage rests."""
    return {f"content of {name}": content_hash(table) for name, table in tables.items()}


def _refused(run: Run) -> int:
    """Return the number of senders whose returns were all refused."""
    taken = {one.body for one in run.held}
    entries = run.inspection.ledger.entries()
    names = {str(e.about["name"]) for e in entries if e.kind == EventKind.RETURN_REFUSED.key}
    return len(names - taken)
