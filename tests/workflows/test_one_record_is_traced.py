"""Does `assay grade trace --record` follow the record of one force, if others use the same reference?"""

from datetime import date

import pyarrow as pa
import pytest

from assay import indicators
from assay.contract import question_sets
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import UsageError
from assay.grading.concerns import TABLE as CONCERNS
from assay.grading.force_proposals import GRADE_PROBABILITIES, GRADES, LEVELS
from assay.grading.proposal_sensitivity import TABLE as MOVED
from assay.indicators.indicator_answers import ANSWERS
from assay.ingest.inspection_folder import create_inspection, open_inspection
from assay.reference import real_organisations
from assay.reference.data_requests import DataRequest
from assay.workflows.judge import grade_provenance as tracing
from assay.workflows.judge.grade_provenance import trace_record
from assay.workflows.judge.grading_stage import SEALED_SCHEMA

KENT, ESSEX, REF, INDICATOR = "E23000032", "E23000028", "4711", "told_of_arrest"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Kent and Essex both sent a record 4711, and only Kent a record 12; one indicator was asked of each."""
    organisations = {organisation.code: organisation for organisation in real_organisations()}
    days = (date(2025, 4, 1), date(2026, 4, 1), date(2023, 4, 1))
    inspection_folder = create_inspection(
        tmp_path / "trial", DataRequest("TRIAL-2026", "A trial", *days, False, "real", organisations), {}
    ).folder
    answers = [(KENT, REF, "not met"), (ESSEX, REF, "met"), (KENT, "12", "met")]
    rows = [dict.fromkeys(ANSWERS.names, "") | {"indicator": INDICATOR, "force_code": code, "record_ref": ref, "answer": answer}
            for code, ref, answer in answers]  # fmt: skip
    stage(inspection_folder, "enquiries", {"answers": pa.Table.from_pylist(rows, ANSWERS)})
    characteristic_rows = [dict.fromkeys(LEVELS.names) | {"place_code": code, "characteristic": "kept_informed", "state": "shown",
                                           "evidence_keys": INDICATOR} for code in (KENT, ESSEX)]  # fmt: skip
    grades = [dict.fromkeys(GRADES.names) | {"place_code": code, "line": line, "proposed": "adequate", "why_none": ""}
              for code in (KENT, ESSEX) for line in ("responses", "attitudes", "assessments")]  # fmt: skip
    tables_by_stage = {
        "grade_chances": GRADE_PROBABILITIES,
        "concerns": CONCERNS,
        "grade_sensitivity": MOVED,
        "sealed_grades": SEALED_SCHEMA,
    }
    tables = {
        "grades": pa.Table.from_pylist(grades, GRADES),
        "characteristic_states": pa.Table.from_pylist(characteristic_rows, LEVELS),
    }
    stage(
        inspection_folder,
        "judgement",
        {**tables, **{name: form.empty_table() for name, form in tables_by_stage.items()}},
    )
    monkeypatch.setattr(tracing, "open_run_inspection", open_inspection)
    return inspection_folder


def stage(folder, name, tables):
    StageRunner(folder).run_stage(
        name, lambda: StageOutput(tables, 0, 0), packages=(indicators, question_sets), inputs={}
    )


@pytest.mark.parametrize(("force", "code", "answer"), [("Kent", KENT, "not met"), (ESSEX, ESSEX, "met")])
def test_of_a_reference_that_two_forces_use_only_the_record_of_the_named_force_is_traced(folder, force, code, answer):
    traced = trace_record(folder, REF, force)
    assert [(row["force_code"], row["answer"]) for row in traced.data["bears_on"]] == [(code, answer)]
    other = ({KENT, ESSEX} - {code}).pop()
    assert other not in " ".join(traced.lines)


def test_a_reference_that_two_forces_use_is_not_traced_until_a_force_is_named(folder):
    with pytest.raises(UsageError, match=rf"2 forces \({ESSEX}, {KENT}\).*Name the force") as refused:
        trace_record(folder, REF)
    assert REF not in str(refused.value)


def test_a_reference_that_one_force_uses_needs_no_force(folder):
    assert [row["force_code"] for row in trace_record(folder, "12").data["bears_on"]] == [KENT]


def test_each_line_says_of_which_kind_of_record_it_is(folder):
    traced = trace_record(folder, "12")
    assert [row["record"] for row in traced.data["bears_on"]] == ["duty"]
    assert "(duty)" in traced.lines[1]


@pytest.mark.parametrize(("record", "force"), [("12", "Essex"), ("none such", ""), ("none such", "Kent")])
def test_a_record_of_which_nothing_was_asked_is_said_to_be_one(folder, record, force):
    with pytest.raises(UsageError, match="No indicator was asked of a record with this reference"):
        trace_record(folder, record, force)
