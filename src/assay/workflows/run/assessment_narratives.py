"""Find assessments with a narrative, and narratives that were copied from another child's assessment.

Texts are read here for that alone, if the inspection declares it, and none is stored: the result is yes, no, or not
known for each assessment. Facts read no text.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from assay import text
from assay.contract.separated_columns import TEXTS
from assay.engine.stage_runner import StageOutput
from assay.facts.inspection_run import InspectionRun
from assay.ingest.accepted_returns import part_stage
from assay.text.near_duplicates import find_copies

PURPOSE = "texts"
STAGE = "narratives"
ASSESSMENTS_FILE, CHILD_COLUMNS = "assessments.parquet", ["assessment_ref", "person_ref"]
NARRATIVE_SCHEMA = pa.schema(
    [
        ("force_code", pa.string()),
        ("assessment_ref", pa.string()),
        ("narrative_given", pa.bool_()),
        ("narrative_copied", pa.bool_()),
    ]
)


def read_narratives(run: InspectionRun) -> None:
    """Stage: one row for each assessment whose narrative may be read."""
    paths = [
        (accepted_return, run.folder / part_stage(TEXTS, accepted_return.stage) / ASSESSMENTS_FILE)
        for accepted_return in run.accepted_returns
    ]
    readable_returns = [
        (accepted_return, path) for accepted_return, path in paths if path.is_file() and _may_be_read(run)
    ]

    def make() -> StageOutput:
        parts = [NARRATIVE_SCHEMA.empty_table()]
        for accepted_return, path in readable_returns:
            run.permission.require(TEXTS, PURPOSE, [path], STAGE)
            parts.append(
                detect_copied_narratives(
                    pq.read_table(path),
                    pq.read_table(run.folder / accepted_return.stage / ASSESSMENTS_FILE, columns=CHILD_COLUMNS),
                )
            )
        narratives = pa.concat_tables(parts)
        return StageOutput({STAGE: narratives}, narratives.num_rows, narratives.num_rows)

    parts = [part_stage(TEXTS, accepted_return.stage) for accepted_return, _ in readable_returns]
    inputs = run.stage_runner.outputs_of(*(part for part in parts if part in run.stage_runner.receipts))
    inputs = {name: value for name, value in inputs.items() if name.endswith("/assessments.parquet")}
    inputs |= run.return_inputs(("assessments",))
    run.stage_runner.run_stage(
        STAGE, make, packages=(text,), inputs=inputs, settings={"may be read": bool(readable_returns)}
    )


def _may_be_read(run: InspectionRun) -> bool:
    declared = run.inspection.declarations.get(TEXTS)
    return declared is not None and PURPOSE in declared.purposes and not declared.expiry_sentence(run.permission.today)


def detect_copied_narratives(texts: pa.Table, assessments: pa.Table) -> pa.Table:
    """Return whether each assessment of one return has a narrative, and whether it is copied.

    A bundle holds the texts of sampled records only. The same words may be under a child whose text was not sampled,
    and printed form text is recognised from all texts. So without every text, copied is not known for any.

    Parameters
    ----------
    texts
        The texts of the assessments.
    assessments
        The columns that identify the child of each assessment.
    """
    children = dict(zip(*(assessments[name].to_pylist() for name in CHILD_COLUMNS), strict=True))
    rows = texts.to_pylist()
    has_every_text = set(children) <= {row["assessment_ref"] for row in rows}
    given_rows = [row for row in rows if (row["narrative"] or "").strip()]
    child_refs = [children.get(row["assessment_ref"]) or row["assessment_ref"] for row in given_rows]
    copies = (
        find_copies([row["narrative"] for row in given_rows], child_refs)
        if has_every_text
        else [None] * len(given_rows)
    )
    copied_by_ref = dict(zip((row["assessment_ref"] for row in given_rows), copies, strict=True))
    result_rows = [
        {
            "force_code": row["force_code"],
            "assessment_ref": row["assessment_ref"],
            "narrative_given": row["assessment_ref"] in copied_by_ref,
            "narrative_copied": copied_by_ref.get(row["assessment_ref"]),
        }
        for row in rows
    ]
    return pa.Table.from_pylist(result_rows, schema=NARRATIVE_SCHEMA)
