"""Report which questions are answerable for each force, as soon as its return is accepted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.errors import UsageError
from assay.ingest.accepted_returns import current_returns
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.ingest.question_answerability import ANSWERS, RETURN_TABLES, assess_answerability
from assay.workflows.judge.answer_cards import CommandResult, find_force_code

NOTE = (
    "None: it cannot be asked here, which is neither not known nor zero. It speaks of what was asked for and what "
    "came, not of how good a force is."
)


def show_answerability(folder: Path, *, force: str = "") -> CommandResult:
    """Return the number of answerable questions by force; for one force, each question with its reason.

    It uses the current returns and needs no run; UsageError if there is none.
    """
    inspection = open_inspection(folder)
    code = find_force_code(inspection.request, force)
    rows = _answerability_rows(inspection)
    return _one_force(inspection, rows, code) if code else _all_forces(inspection, rows)


def _answerability_rows(inspection: Inspection) -> list[dict[str, Any]]:
    accepted = current_returns(inspection)
    if not accepted:
        raise UsageError(
            f"{inspection.folder} holds no return. Take some in first: assay inspect receive "
            f"{inspection.folder} RETURNS"
        )
    folders = [inspection.folder / accepted_return.stage for accepted_return in accepted]
    tables = {
        name: pa.concat_tables([pq.read_table(path / f"{name}.parquet") for path in folders]) for name in RETURN_TABLES
    }
    rows: list[dict[str, Any]] = assess_answerability(tables, inspection.request.organisations).to_pylist()
    return rows


def _all_forces(inspection: Inspection, rows: list[dict[str, Any]]) -> CommandResult:
    names = {code: f"{code} {force_code.name}" for code, force_code in inspection.request.organisations.items()}
    counts_by_force = {code: Counter(row["answer"] for row in rows if row["force_code"] == code) for code in names}
    width = max(len(name) for name in names.values())
    header = f"{'':<{width}}" + "".join(f"  {answer:>5}" for answer in ANSWERS)
    lines = [
        f"{names[code]:<{width}}" + "".join(f"  {counts[answer_name]:>5}" for answer_name in ANSWERS)
        for code, counts in counts_by_force.items()
    ]
    data = {code: {answer: counts[answer] for answer in ANSWERS} for code, counts in counts_by_force.items()}
    advice = f"Each question with its reason: assay inspect answerable {inspection.folder} --force {next(iter(names))}"
    return CommandResult((header, *lines, NOTE, advice), {"answerability": data})


def _one_force(inspection: Inspection, rows: list[dict[str, Any]], code: str) -> CommandResult:
    columns = ("question", "answer", "modes", "why")
    force_rows = [{name: row[name] for name in columns} for row in rows if row["force_code"] == code]
    lines = [f"{row['question']:<4} {row['answer']:<6} {row['why']}" for row in force_rows]
    name = inspection.request.organisations[code].name
    return CommandResult((f"{code} {name}", *lines, NOTE), {"force": code, "answerability": force_rows})
