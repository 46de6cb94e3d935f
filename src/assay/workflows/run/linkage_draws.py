"""Recompute every answer under other linkage thresholds and random draws of the linkage.

At the thresholds beside the chosen one, and in random draws from the match probabilities, groups, facts and answers are
derived again. Each trial takes as long as deriving them once. So trials run only on request, and are kept for the next
run.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import engine, indicators, linkage, reference
from assay import facts as records
from assay.contract import question_sets, separated_columns
from assay.engine.expressions import ExpressionEngine
from assay.engine.provenance import with_folder_lock
from assay.engine.stage_runner import StageOutput
from assay.errors import UsageError
from assay.facts.inspection_run import InspectionRun
from assay.indicators import ALL
from assay.indicators.definition_sensitivity import SENSITIVITY
from assay.linkage import groups
from assay.progress import Progress, no_progress
from assay.wording import count_phrase
from assay.workflows.judge.answer_cards import CommandResult
from assay.workflows.run import pipeline_stages
from assay.workflows.run.definition_trials import LINKAGE_STAGE, linkage_inputs

THRESHOLDS = {
    "low": "Linkage: entries are one person sooner, at the low threshold",
    "high": "Linkage: entries are one person later, at the high threshold",
}


@with_folder_lock
def run_linkage_trials(
    folder: Path, draws: int, *, progress: Progress = no_progress, today: date | None = None
) -> CommandResult:
    """Recompute the answers at both other thresholds and in `draws` random draws, for the next run."""
    if not (folder / "persons" / "tied.parquet").is_file():
        raise UsageError(f"{folder} holds no linkage of persons. Run it first: assay inspect run {folder}")
    run = InspectionRun(folder, progress, today or date.today())
    run.permission.require_for_facts(run.accepted_returns)
    for part in ("returns", *separated_columns.PARTS, "persons", "groups", "narratives", "records", "enquiries"):
        run.stage_runner.load_receipts(part)
    choices = THRESHOLDS | {f"draw {number}": f"Linkage: draw {number}" for number in range(1, draws + 1)}

    def make() -> StageOutput:
        rows: list[dict[str, Any]] = []
        for number, (choice, description) in enumerate(choices.items()):
            progress("Deriving records under other linkage", number, len(choices))
            ladders = _national_ladders(InspectionRun(folder, no_progress, today or date.today(), choice))
            rows += [row | {"choice": f"linkage {choice}", "says": description} for row in ladders]
        trial_table = pa.Table.from_pylist(rows, SENSITIVITY)
        return StageOutput({"ladders": trial_table}, trial_table.num_rows, trial_table.num_rows)

    packages = (reference, linkage, groups, records, indicators, question_sets, engine)
    run.stage_runner.run_stage(
        LINKAGE_STAGE,
        make,
        packages=packages,
        inputs=linkage_inputs(run),
        settings=run.request_settings | {"draws": draws},
    )
    text_lines = (
        f"Answers were worked out anew in {count_phrase(len(choices), 'other way')} to say who is one person.",
        f"To see how grades move: assay inspect run {folder}",
    )
    return CommandResult(text_lines, {"choices": list(choices)})


def _national_ladders(run: InspectionRun) -> list[dict[str, Any]]:
    """Return the national answers under one linkage choice, with the same stages as a run."""
    for part in ("returns", *separated_columns.PARTS):
        run.stage_runner.load_receipts(part)
    facts = pipeline_stages.derive_facts(run, pipeline_stages.derive_groups(run).tables).tables
    with ExpressionEngine() as at_work:
        expression_tables = {name: at_work.table(name, rows) for name, rows in facts.items()}
        ladders = pipeline_stages.evaluate_forms(run, at_work, expression_tables)["ladders"]
    return [row for row in ladders.to_pylist() if row["when_reported"] == ALL]
