"""Which assessments say something in words, and whose words stand under another child too?

Texts are read here for that alone, where the inspection declares it, and nothing of them is kept: what is left is a
yes, a no, or not known for each assessment. Facts read no text.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from assay import text
from assay.contract.separated_columns import TEXTS
from assay.engine.stage_runner import Made
from assay.facts.inspection_run import Run
from assay.ingest.accepted_returns import part_of
from assay.text.near_duplicates import copied

PURPOSE = "texts"
STAGE = "narratives"
OWN, WHOSE = "assessments.parquet", ["assessment_ref", "person_ref"]
FORM = pa.schema([("force_code", pa.string()), ("assessment_ref", pa.string()), ("narrative_given", pa.bool_()),
                  ("narrative_copied", pa.bool_())])  # fmt: skip


def read_narratives(run: Run) -> None:
    """One row an assessment whose words may be read."""
    paths = [(one, run.folder / part_of(TEXTS, one.stage) / OWN) for one in run.held]
    there = [(one, path) for one, path in paths if path.is_file() and _may_be_read(run)]

    def make() -> Made:
        parts = [FORM.empty_table()]
        for one, path in there:
            run.permission.ask(TEXTS, PURPOSE, [path], STAGE)
            parts.append(narratives_of(pq.read_table(path), pq.read_table(run.folder / one.stage / OWN, columns=WHOSE)))
        made = pa.concat_tables(parts)
        return Made({STAGE: made}, made.num_rows, made.num_rows)

    parts = [part_of(TEXTS, one.stage) for one, _ in there]
    inputs = run.book.outputs_of(*(part for part in parts if part in run.book.receipts))
    inputs = {name: value for name, value in inputs.items() if name.endswith("/assessments.parquet")}
    inputs |= run.from_returns(("assessments",))
    run.book.stage(STAGE, make, rooms=(text,), inputs=inputs, settings={"may be read": bool(there)})


def _may_be_read(run: Run) -> bool:
    declared = run.inspection.declared.get(TEXTS)
    return declared is not None and PURPOSE in declared.purposes and not declared.passed(run.permission.today)


def narratives_of(texts: pa.Table, assessments: pa.Table) -> pa.Table:
    """Of one return, with the columns of `FORM`: an assessment without a text has none; whose words are whose is told
    by the force's number. `texts`: the assessments' texts; `assessments`: the columns of `WHOSE`.

    A bundle holds the texts of drawn records alone. Words may stand under a child whose text was not drawn, and what is
    the print of a form is seen from all texts: so without every text, copied is not known of any.
    """
    children = dict(zip(*(assessments[name].to_pylist() for name in WHOSE), strict=True))
    rows = texts.to_pylist()
    whole = set(children) <= {row["assessment_ref"] for row in rows}
    said = [row for row in rows if (row["narrative"] or "").strip()]
    owners = [children.get(row["assessment_ref"]) or row["assessment_ref"] for row in said]
    copies = copied([row["narrative"] for row in said], owners) if whole else [None] * len(said)
    found = dict(zip((row["assessment_ref"] for row in said), copies, strict=True))
    told = [
        {"force_code": row["force_code"], "assessment_ref": row["assessment_ref"],
         "narrative_given": row["assessment_ref"] in found, "narrative_copied": found.get(row["assessment_ref"])}
        for row in rows
    ]  # fmt: skip
    return pa.Table.from_pylist(told, schema=FORM)
