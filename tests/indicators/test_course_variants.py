"""Are the ways that cases go counted to their ends, with open cases as far as they were seen?"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "facts"))

import pytest
from tiny import Return, facts_on, tables_held

from assay.engine.expressions import ExpressionEngine
from assay.indicators.catalogue.responses.course_tables import _variant_rows, case_step_sequences
from assay.indicators.indicator_answers import evaluate_indicators
from assay.indicators.indicator_catalogue import find_form
from assay.indicators.stratified_outcomes import MULTIPLE_SUSPECTS, SPECIALIST, compare_strata

CRIME = {
    "scope_reason": "core_offence", "offence_code": "71", "reported_at": "2026-04-08T08:30",
    "recorded_at": "2026-04-08T11:10", "occurred_from": "2026-04-07",
}  # fmt: skip
CLOSED = {"outcome_code": "15", "outcome_at": "2026-05-08", "closed_at": "2026-05-08"}
ARREST = {"kind": "suspect_arrested", "happened_at": "2026-04-20T10:00"}
KINDS = dict.fromkeys(
    ("suspect_arrested", "suspect_interviewed_under_caution", "suspect_charged", "charge_decision"), True
)


def crimes():
    """12 closed unasked, 10 closed after an arrest, 3 arrested after the closing, 5 open."""
    rows, events = [], []
    for number in range(30):
        closed = number < 25
        team = {"investigating_team": "exploitation" if number % 2 else "response"} if number < 28 else {}
        rows.append({**CRIME, **(CLOSED if closed else {}), **team, "crime_ref": str(number)})
        if 12 <= number < 25:
            day = "2026-04-20" if number < 22 else "2026-06-20"
            events.append({**ARREST, "event_ref": f"E{number}", "crime_ref": str(number), "person_ref": f"P{number}",
                           "happened_at": f"{day}T10:00"})  # fmt: skip
    return rows, events


@pytest.fixture(scope="module")
def course_results():
    rows, events = crimes()
    people = [
        {"involvement_ref": f"S{n}{twin}", "crime_ref": str(n), "person_ref": f"P{n}{twin}", "role": "suspect",
         "suspect_known_as": "named", "date_of_birth": "1990-01-01"}
        for n in range(30) for twin in (("", "b") if n < 4 else ("",))
    ]  # fmt: skip
    data = Return(crimes=rows, events=events, involvements=people, flags=[], kinds=KINDS)
    forms_asked = [find_form("named_suspect_met"), find_form("suspect_identified")]
    with ExpressionEngine() as engine:
        tables = data.tables()
        known = {name: engine.create_table(f"fact_{name}", fact)
                 for name, fact in facts_on(engine, tables_held(engine, tables)).items()}  # fmt: skip
        evaluated = evaluate_indicators(forms_asked, known, engine, tables, {})
        yield (
            case_step_sequences(known, engine).to_pylist(),
            compare_strata(forms_asked, known, engine, evaluated["answers"]).to_pylist(),
        )


def test_each_way_is_counted_and_the_ways_add_up_to_the_cases(course_results):
    ways = {row["steps"]: row["records"] for row in course_results[0]}
    assert ways["Reported > Recorded > Closed"] == 12
    assert sum(ways.values()) == 30
    assert ways["not closed when the data were read"] == 5


def test_ways_of_few_cases_are_never_left_so_few_that_they_can_be_told_apart(course_results):
    # 10 cases went by an arrest, and 3 were arrested after the closing: 3 alone would be too few, so all 13 are one row.
    assert {row["way"]: row["records"] for row in course_results[0]} == {
        "01": 12,
        "other": 13,
        "open": 5,
        "not known": 0,
    }


def test_of_all_cases_the_share_that_ended_so_counts_the_open_ones():
    closed = [{"way": "reported > closed", "days": 30, "closed": True, "cases": 20}]
    waiting = [{"way": None, "days": 400, "closed": False, "cases": 20}]
    [first, *_] = _variant_rows([*closed, *waiting], 0)
    assert (first["half_year"], first["year"]) == (0.5, 0.5)  # 20 of 40, though every closed case ended on day 30


def test_a_share_is_not_said_of_days_that_nobody_was_followed():
    rows = [{"way": "reported > closed", "days": 30, "closed": True, "cases": 20},
            {"way": None, "days": 200, "closed": False, "cases": 20}]  # fmt: skip
    [first, *_] = _variant_rows(rows, 0)
    assert (first["half_year"], first.get("year")) == (0.5, None)


def test_records_are_sorted_by_the_team_of_their_crime_and_suspects_by_whether_there_are_several(course_results):
    def bases(sorted_by, indicator):
        rows = [row for row in course_results[1] if (row["sorted_by"], row["indicator"]) == (sorted_by, indicator)]
        return {sort: sum(row["base"] for row in rows if row["sort"] == sort) for sort in {row["sort"] for row in rows}}

    assert bases(SPECIALIST, "suspect_identified") == {"yes": 14, "no": 14, "not known": 2}
    assert bases(MULTIPLE_SUSPECTS, "suspect_identified") == {}  # a crime is no suspect
    assert bases(MULTIPLE_SUSPECTS, "named_suspect_met")["yes"] == 8  # four crimes with two suspects each
