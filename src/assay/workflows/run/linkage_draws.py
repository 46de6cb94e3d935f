"""What would every record answer if other entries were one person?

At the thresholds beside the chosen one and in draws of what is likely, groups, facts and answers are worked out anew.
Each time takes as long as working them out did; so it is done when somebody asks for it, and kept for the next run.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import engine, indicators, linkage, reference
from assay import facts as records
from assay.contract import question_sets, separated_columns
from assay.engine.expressions import Expressions
from assay.engine.provenance import one_at_a_time
from assay.engine.stage_runner import Made
from assay.errors import UsageError
from assay.facts.inspection_run import Run
from assay.indicators import ALL
from assay.indicators.definition_sensitivity import TRIED
from assay.linkage import groups
from assay.progress import Progress, silent
from assay.wording import counted
from assay.workflows.judge.answer_cards import Told
from assay.workflows.run import pipeline_stages
from assay.workflows.run.definition_trials import LINKAGE, rests_on

THRESHOLDS = {
    "low": "Linkage: entries are one person sooner, at the low threshold",
    "high": "Linkage: entries are one person later, at the high threshold",
}


@one_at_a_time
def try_linkage(folder: Path, draws: int, *, progress: Progress = silent, today: date | None = None) -> Told:
    """Work the answers out anew at both other thresholds and in so many draws, and keep them for the next run;
    UsageError where nothing was linked."""
    if not (folder / "persons" / "tied.parquet").is_file():
        raise UsageError(f"{folder} holds no linkage of persons. Run it first: assay run {folder}")
    run = Run(folder, progress, today or date.today())
    run.permission.ask_for_facts(run.held)
    for part in ("returns", *separated_columns.PARTS, "persons", "groups", "narratives", "records", "enquiries"):
        run.book.know(part)
    asked = THRESHOLDS | {f"draw {number}": f"Linkage: draw {number}" for number in range(1, draws + 1)}

    def make() -> Made:
        rows: list[dict[str, Any]] = []
        for number, (choice, says) in enumerate(asked.items()):
            progress("Working the records out with other persons", number, len(asked))
            found = _ladders(Run(folder, silent, today or date.today(), choice))
            rows += [row | {"choice": f"linkage {choice}", "says": says} for row in found]
        made = pa.Table.from_pylist(rows, TRIED)
        return Made({"ladders": made}, made.num_rows, made.num_rows)

    rooms = (reference, linkage, groups, records, indicators, question_sets, engine)
    run.book.stage(LINKAGE, make, rooms=rooms, inputs=rests_on(run), settings=run.asked | {"draws": draws})
    words = (f"Answers were worked out anew in {counted(len(asked), 'other way')} to say who is one person.",
             f"To see how grades move: assay run {folder}")  # fmt: skip
    return Told(words, {"choices": list(asked)})


def _ladders(run: Run) -> list[dict[str, Any]]:
    """The answers of everyone together, of one choice of persons, by the way that the stages go."""
    for part in ("returns", *separated_columns.PARTS):
        run.book.know(part)
    facts = pipeline_stages.facts_found(run, pipeline_stages.groups_found(run).tables).tables
    with Expressions() as at_work:
        known = {name: at_work.table(name, rows) for name, rows in facts.items()}
        ladders = pipeline_stages.answers_found(run, at_work, known)["ladders"]
    return [row for row in ladders.to_pylist() if row["when_reported"] == ALL]
