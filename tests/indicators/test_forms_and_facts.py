"""Do the forms fit the facts of the records: every column is there, of the right kind, and a small return is answered?"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "facts"))

from form_examples import only, rows_where
from tiny import FORCE, ORGANISATIONS, Return, facts_on, tables_held

from assay.engine.expressions import ExpressionEngine
from assay.indicators import check_form
from assay.indicators.conditions import column_types
from assay.indicators.indicator_answers import evaluate_indicators
from assay.indicators.indicator_catalogue import forms

CRIME = {"scope_reason": "core_offence", "offence_code": "71", "occurred_from": "2026-04-07"}
DATA = Return(
    crimes=[
        {**CRIME, "crime_ref": "1", "reported_at": "2026-04-08T08:30", "recorded_at": "2026-04-08T11:10"},
        {**CRIME, "crime_ref": "2", "reported_at": "2026-04-08T08:30", "recorded_at": "2026-04-10T11:10"},
    ],
    involvements=[
        {"involvement_ref": "V1", "crime_ref": "1", "role": "victim", "date_of_birth": "2011-02-03"},
        {"involvement_ref": "V2", "crime_ref": "2", "role": "victim", "date_of_birth": "2012-02-03"},
        {"involvement_ref": "S1", "crime_ref": "1", "role": "suspect", "suspect_known_as": "named"},
    ],
    flags=[{"flag_ref": "F1", "crime_ref": "1", "flag": "cse"}],
    events=[
        {"event_ref": "E1", "kind": "suspect_arrested", "happened_at": "2026-04-09T07:15", "crime_ref": "1"},
        {
            "event_ref": "E2", "kind": "victim_informed", "happened_at": "2026-04-10T09:00", "crime_ref": "1",
            "about_event_ref": "E1",
        },
    ],
    kinds={"suspect_arrested": True, "victim_informed": True},
    forces=(FORCE,),
)  # fmt: skip


@pytest.fixture(scope="module")
def found():
    """The kinds of every column of the facts, and the answers of every form."""
    with ExpressionEngine() as engine:
        rows = DATA.tables()
        tables = tables_held(engine, rows)
        facts = {name: engine.create_table(f"fact_{name}", fact) for name, fact in facts_on(engine, tables).items()}
        kinds = {name: column_types(table) for name, table in facts.items()}
        yield (
            kinds,
            evaluate_indicators(
                forms(), facts, engine, rows, {organisation.code: organisation for organisation in ORGANISATIONS}
            ),
        )


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.key)
def test_every_form_fits_its_table_of_facts(form, found):
    check_form(form, found[0][form.record])


def all_of(found, key):
    return only(found[1]["ladders"], indicator=key, place_code=FORCE, when_reported="all")


def test_one_crime_was_recorded_in_time_and_one_was_not(found):
    row = all_of(found, "recorded_in_24_hours")
    assert (row["met"], row["not_met"]) == (1, 1)


def test_the_victim_was_told_of_the_arrest_on_the_next_working_day(found):
    row = all_of(found, "told_of_arrest")
    assert (row["met"], row["not_met"], row["not_known"]) == (1, 0, 0)


def test_one_of_two_crimes_titled_exploitation_bears_the_flag(found):
    row = all_of(found, "cse_flag_on_cse_offence")
    assert (row["met"], row["not_met"]) == (1, 1)


def test_what_was_not_sent_cannot_be_asked(found):
    for key in ("needs_assessment_recorded", "return_interview_in_72_hours", "problem_profile_current"):
        assert all_of(found, key)["not_askable"], key


def test_the_crimes_are_counted_under_each_definition(found):
    rows = rows_where(found[1]["counts_by_definition"], count="cse_crimes", place_code=FORCE)
    assert {row["definition"]: row["records"] for row in rows} == {
        "flagged_cse": 1, "titled_cse": 2, "flagged_or_titled_cse": 2, "flagged_csa": 1, "child_sexual_offence": 2,
        "child_by_code": 2,
    }  # fmt: skip
