"""Does asking the same forms again make no expression, find the same, and follow a form that changed?"""

from dataclasses import replace

import pyarrow as pa
import pytest
from form_examples import as_facts, as_rows, ask, organisation, types_of

from assay.engine.expressions import ExpressionEngine
from assay.indicators.catalogue.responses.crime_outcomes import charged_of_all
from assay.indicators.catalogue.responses.response_waits import report_to_charge
from assay.indicators.subgroup_breakdown import break_down

TEXT = pa.string()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path))


def refuse_expressions(monkeypatch):
    monkeypatch.setattr(ExpressionEngine, "_run_recorded", lambda *_: pytest.fail("an expression was made"))


def answers_to(*forms):
    examples = [row for form in forms for row, _ in form.examples]
    facts = {"crime": as_facts(types_of(forms)["crime"], as_rows(examples))}
    return ask(forms, facts, [organisation("INV01")])


def test_the_same_forms_are_answered_again_without_an_expression(monkeypatch):
    first = answers_to(charged_of_all, report_to_charge)
    refuse_expressions(monkeypatch)
    assert answers_to(charged_of_all, report_to_charge) == first
    assert first["answers"].num_rows > 0


def test_a_form_with_another_condition_is_answered_by_its_own_statement():
    first = answers_to(charged_of_all)["ladders"].to_pylist()[0]
    empty_population = answers_to(replace(charged_of_all, population="charged and not charged"))["ladders"].to_pylist()[
        0
    ]
    assert (first["records"], first["outside"]) != (empty_population["records"], empty_population["outside"])


def broken_down():
    person = {"sex_group": "female", "age_band": "13 to 15", "role": "victim", "in_base": True}
    names = ("involvement_ref", "crime_ref", "person_id", "known_as", *(f"{name}_group" for name in FIELDS))
    described = dict.fromkeys(names) | person | {"force_code": "INV01", "record_ref": "V1", "crime_ref": "1"}
    schema = pa.schema([(name, pa.bool_() if name == "in_base" else TEXT) for name in described])
    crimes = as_facts(types_of([charged_of_all, report_to_charge])["crime"] | {"crime_ref": TEXT, "offence_family": TEXT},
                      [{"force_code": "INV01", "record_ref": "1", "crime_ref": "1"}])  # fmt: skip
    answers = pa.table({name: [value] for name, value in ANSWER.items()})
    with ExpressionEngine() as engine:
        facts = {
            "described": engine.table("described", pa.Table.from_pylist([described], schema=schema)),
            "crime": engine.table("crime", crimes),
        }
        return break_down([charged_of_all, report_to_charge], facts, engine, answers)


FIELDS = ("sex", "ethnicity_self", "ethnicity_officer", "disability", "care_status", "nationality")
ANSWER = {"indicator": "charged_of_all", "force_code": "INV01", "record_ref": "1", "answer": "met", "reason": ""}


def test_answers_are_broken_down_again_without_an_expression(monkeypatch):
    first = broken_down()
    refuse_expressions(monkeypatch)
    assert broken_down() == first
    assert {row["met"] for row in first["parted"].to_pylist() if row["side"] == "victim"} == {1}
