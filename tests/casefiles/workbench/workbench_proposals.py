"""Three proposals and two findings, written into an inspection as a run would leave them."""

import pyarrow as pa

from assay import indicators
from assay.contract import question_sets
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.grading.concerns import TABLE as CONCERNS
from assay.grading.force_proposals import GRADE_PROBABILITIES, GRADES, LEVELS
from assay.grading.panel_reasons import STRONGEST_REASONS
from assay.grading.proposal_sensitivity import TABLE as MOVED
from assay.workflows.judge.grading_stage import SEALED_SCHEMA

SURE = "Under these rules: good 18 in 100, adequate 82 in 100."
REASON_FOR, REASON_AGAINST = "What the child says is recorded.", "Support is not kept up."


def proposal(force, line, grade, **more):
    row = dict.fromkeys(GRADES.names, "") | {
        "probability": None,
        "known": 2,
        "characteristics": 3,
        "expected_share": 0.5,
    }
    return row | {"place_code": force, "line": line, "proposed": grade} | more


ROWS = [
    proposal("INV01", "attitudes", "adequate", certainty=SURE, speaks_for=REASON_FOR, speaks_against=REASON_AGAINST,
             would_change="It would be good if this were shown: support is kept up.", not_known="No record describes words."),
    proposal("INV01", "overall", "requires improvement", certainty="Under these rules: requires improvement 91 in 100."),
    proposal("INV02", "attitudes", "not enough evidence", why_none="Only 1 of 3 characteristics can be told."),
]  # fmt: skip
CHANCES_OF_GRADES = [{"place_code": "INV01", "line": "attitudes", "grade": grade, "place": place, "probability": probability}
          for place, (grade, probability) in enumerate((("good", 0.18), ("adequate", 0.82)), start=1)]  # fmt: skip
STATES = [{"place_code": "INV01", "characteristic": "heard", "state": "shown", "probability": 1.0,
           "probability_lowest": 0.9, "probability_highest": 1.0}]  # fmt: skip
CONCERN_ROWS = [{"place_code": "INV01", "characteristic": "heard", "kind": "area for improvement", "statement": "This is not shown.",
          "recommendation": "Keep up support."}]  # fmt: skip
OTHERWISE = [{"place_code": "INV01", "line": "attitudes", "alternative": "low", "statement": "The line at 65 in 100",
              "proposed": "adequate", "otherwise": "good", "steps": 1}]  # fmt: skip
UNDER_SEALED = [{"place_code": "INV01", "line": "attitudes", "sealed": "good", "proposed": "adequate"}]
STRONGEST = [
    {
        "place_code": "INV01",
        "line": "attitudes",
        "side": side,
        "rank": rank,
        "figure": f"{figure}: {share}% of 60 crimes.",
    }
    for side, rank, figure, share in (("for", 1, "Wishes recorded", 91), ("against", 1, "Support kept up", 22))
]
FOUND = [{"place_code": force, "key": f"f{number}", "sentence": f"Of {number}0 crimes of {force}, 9 were recorded in 24 hours."}
         for force in ("INV01", "INV02") for number in (1, 2)]  # fmt: skip


def propose(inspection, rows=ROWS):
    """The stage of proposals, with `rows` as its grades, and the stage of what is released."""
    tables_with_schemas = {"grades": (rows, GRADES), "grade_chances": (CHANCES_OF_GRADES, GRADE_PROBABILITIES), "characteristic_states": (STATES, LEVELS), "strongest": (STRONGEST, STRONGEST_REASONS),
            "concerns": (CONCERN_ROWS, CONCERNS), "grade_sensitivity": (OTHERWISE, MOVED), "sealed_grades": (UNDER_SEALED, SEALED_SCHEMA)}  # fmt: skip
    tables = {
        name: pa.Table.from_pylist(table_rows, schema) for name, (table_rows, schema) in tables_with_schemas.items()
    }
    released = {"findings": pa.Table.from_pylist(FOUND)}
    StageRunner(inspection).run_stage(
        "disclosure", lambda: StageOutput(released, 0, 0), packages=(indicators, question_sets), inputs={}
    )
    StageRunner(inspection).run_stage(
        "judgement",
        lambda: StageOutput(tables, 0, 0),
        packages=(indicators, question_sets),
        inputs={},
        settings={"n": len(rows)},
    )
