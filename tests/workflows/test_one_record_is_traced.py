"""`assay trace --record` follows the record of one force, though other forces use the same reference."""

from datetime import date

import pyarrow as pa
import pytest

from assay import indicators
from assay.contract import question_sets
from assay.engine.stage_runner import Book, Made
from assay.errors import UsageError
from assay.grading.concerns import TABLE as CONCERNS
from assay.grading.force_proposals import CHANCES, GRADES, SHOWN
from assay.grading.proposal_sensitivity import TABLE as MOVED
from assay.indicators.indicator_answers import ANSWERS
from assay.ingest.inspection_folder import make_inspection, open_inspection
from assay.reference import bodies
from assay.reference.data_requests import Request
from assay.workflows.judge import grade_provenance as tracing
from assay.workflows.judge.grade_provenance import traced_back
from assay.workflows.judge.grading_stage import SEALED

KENT, ESSEX, REF, TOLD = "E23000032", "E23000028", "4711", "told_of_arrest"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Kent and Essex both sent a record 4711, and only Kent a record 12; one indicator was asked of each."""
    held = {body.code: body for body in bodies()}
    days = (date(2025, 4, 1), date(2026, 4, 1), date(2023, 4, 1))
    made = make_inspection(tmp_path / "trial", Request("TRIAL-2026", "A trial", *days, False, "real", held), {}).folder
    answers = [(KENT, REF, "not met"), (ESSEX, REF, "met"), (KENT, "12", "met")]
    rows = [dict.fromkeys(ANSWERS.names, "") | {"indicator": TOLD, "force_code": code, "record_ref": ref, "answer": answer}
            for code, ref, answer in answers]  # fmt: skip
    stage(made, "enquiries", {"answers": pa.Table.from_pylist(rows, ANSWERS)})
    shown = [dict.fromkeys(SHOWN.names) | {"place_code": code, "characteristic": "kept_informed", "state": "shown",
                                           "rests_on": TOLD} for code in (KENT, ESSEX)]  # fmt: skip
    grades = [dict.fromkeys(GRADES.names) | {"place_code": code, "line": line, "proposed": "adequate", "why_none": ""}
              for code in (KENT, ESSEX) for line in ("responses", "attitudes", "assessments")]  # fmt: skip
    others = {"grade_chances": CHANCES, "concerns": CONCERNS, "moved": MOVED, "grades_sealed": SEALED}
    tables = {"grades": pa.Table.from_pylist(grades, GRADES), "shown": pa.Table.from_pylist(shown, SHOWN)}
    stage(made, "judgement", {**tables, **{name: form.empty_table() for name, form in others.items()}})
    monkeypatch.setattr(tracing, "run_inspection", open_inspection)
    return made


def stage(folder, name, tables):
    Book(folder).stage(name, lambda: Made(tables, 0, 0), rooms=(indicators, question_sets), inputs={})


@pytest.mark.parametrize(("force", "code", "answer"), [("Kent", KENT, "not met"), (ESSEX, ESSEX, "met")])
def test_of_a_reference_that_two_forces_use_only_the_record_of_the_named_force_is_traced(folder, force, code, answer):
    told = traced_back(folder, REF, force)
    assert [(row["force_code"], row["answer"]) for row in told.data["bears_on"]] == [(code, answer)]
    other = ({KENT, ESSEX} - {code}).pop()
    assert other not in " ".join(told.words)


def test_a_reference_that_two_forces_use_is_not_traced_until_a_force_is_named(folder):
    with pytest.raises(UsageError, match=rf"2 forces \({ESSEX}, {KENT}\).*Name the force") as refused:
        traced_back(folder, REF)
    assert REF not in str(refused.value)


def test_a_reference_that_one_force_uses_needs_no_force(folder):
    assert [row["force_code"] for row in traced_back(folder, "12").data["bears_on"]] == [KENT]


def test_each_line_says_of_which_kind_of_record_it_is(folder):
    told = traced_back(folder, "12")
    assert [row["record"] for row in told.data["bears_on"]] == ["duty"]
    assert "(duty)" in told.words[1]


@pytest.mark.parametrize(("record", "force"), [("12", "Essex"), ("none such", ""), ("none such", "Kent")])
def test_a_record_of_which_nothing_was_asked_is_said_to_be_one(folder, record, force):
    with pytest.raises(UsageError, match="No indicator was asked of a record with this reference"):
        traced_back(folder, record, force)
