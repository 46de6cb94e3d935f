"""Which questions can be asked of which body, as soon as its return was taken in?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.errors import UsageError
from assay.ingest.accepted_returns import holding
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.ingest.question_answerability import ANSWERS, OF_RETURNS, answerability
from assay.workflows.judge.answer_cards import Told, code_of

NOTE = (
    "None: it cannot be asked here, which is neither not known nor zero. It speaks of what was asked for and what "
    "came, not of how good a force is."
)


def shown_answerability(folder: Path, *, force: str = "") -> Told:
    """Whole, part and none by body; of one body (`force`) its fifty answers, each with its reason.

    Worked out from the returns that count, so it needs no run; UsageError if there is none.
    """
    inspection = open_inspection(folder)
    code = code_of(inspection.request, force)
    rows = _rows(inspection)
    return _of_one(inspection, rows, code) if code else _of_all(inspection, rows)


def _rows(inspection: Inspection) -> list[dict[str, Any]]:
    held = holding(inspection)
    if not held:
        raise UsageError(
            f"{inspection.folder} holds no return. Take some in first: assay receive {inspection.folder} RETURNS"
        )
    places = [inspection.folder / one.stage for one in held]
    told = {name: pa.concat_tables([pq.read_table(at / f"{name}.parquet") for at in places]) for name in OF_RETURNS}
    rows: list[dict[str, Any]] = answerability(told, inspection.request.bodies).to_pylist()
    return rows


def _of_all(inspection: Inspection, rows: list[dict[str, Any]]) -> Told:
    names = {code: f"{code} {body.name}" for code, body in inspection.request.bodies.items()}
    found = {code: Counter(row["answer"] for row in rows if row["force_code"] == code) for code in names}
    wide = max(len(name) for name in names.values())
    head = f"{'':<{wide}}" + "".join(f"  {answer:>5}" for answer in ANSWERS)
    lines = [f"{names[code]:<{wide}}" + "".join(f"  {many[one]:>5}" for one in ANSWERS) for code, many in found.items()]
    data = {code: {answer: many[answer] for answer in ANSWERS} for code, many in found.items()}
    how = f"Each question with its reason: assay answerable {inspection.folder} --force {next(iter(names))}"
    return Told((head, *lines, NOTE, how), {"answerability": data})


def _of_one(inspection: Inspection, rows: list[dict[str, Any]], code: str) -> Told:
    shown = ("question", "answer", "modes", "why")
    mine = [{name: row[name] for name in shown} for row in rows if row["force_code"] == code]
    lines = [f"{row['question']:<4} {row['answer']:<6} {row['why']}" for row in mine]
    name = inspection.request.bodies[code].name
    return Told((f"{code} {name}", *lines, NOTE), {"force": code, "answerability": mine})
