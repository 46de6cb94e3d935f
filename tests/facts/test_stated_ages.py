"""How old was a person of whom the force sent an age and no date of birth?"""

import pytest
from record_rows import crime, suspect, victim
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine

ONE_DAY = {"occurred_from": "2026-04-09", "reported": "2026-04-09T12:00"}
ONE_YEAR = {"occurred_from": "2025-01-01", "occurred_to": "2026-01-01"}
SOME_DAYS = {"occurred_from": "2025-01-01", "occurred_to": "2025-01-05"}
NO_DAY = {"occurred_from": None}
PEOPLE = {
    "age": (ONE_DAY, {"age_at_offence": 15}),
    "17, then a year": (ONE_YEAR, {"age_at_offence": 17}),
    "17, then some days": (SOME_DAYS, {"age_at_offence": 17}),
    "15, then some days": (SOME_DAYS, {"age_at_offence": 15}),
    "age without a day": (NO_DAY, {"age_at_offence": 15}),
    "band": (ONE_DAY, {"age_band": "13-15"}),
    "wide band of children": (ONE_DAY, {"age_band": "10-17"}),
    "band across 18": (ONE_DAY, {"age_band": "16-24"}),
    "adult band": (ONE_DAY, {"age_band": "18+"}),
    "at report": (ONE_DAY, {"age_at_report": 14}),
    "30 at report": (ONE_YEAR, {"age_at_report": 30}),
    "16 at report, no day": (NO_DAY, {"age_at_report": 16}),
    "date counts": (ONE_DAY, {"born": "2010-04-10", "age_at_offence": 30, "age_at_report": 31, "age_band": "18+"}),
    "nothing": (ONE_DAY, {}),
}


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


@pytest.fixture(scope="module")
def found(engine):
    people = [victim(name, name, **({"born": None} | person)) for name, (_, person) in PEOPLE.items()]
    crimes = [crime(name, **dates) for name, (dates, _) in PEOPLE.items()]
    return facts_of(engine, Return(crimes=crimes, involvements=people), "victim", "crime")


@pytest.mark.parametrize(
    ("name", "low", "high", "age", "is_child", "age_at_report"),
    [
        ("age", 15, 15, 15, True, 15),
        ("17, then a year", 17, 18, None, None, None),
        ("17, then some days", 17, 18, None, None, None),
        ("15, then some days", 15, 16, None, True, None),  # 13 to 15, or 16 and 17
        ("age without a day", 15, 15, 15, True, None),
        ("band", 13, 15, 13, True, None),
        ("wide band of children", 10, 17, None, True, None),
        ("band across 18", 16, 24, None, None, None),
        ("adult band", 18, None, 18, False, None),
        ("at report", 14, 14, 14, True, 14),
        # From 1 January 2025 to the report on 20 April 2026 a person has one birthday or two.
        ("30 at report", 28, 30, 28, False, 30),
        ("16 at report, no day", None, 16, 16, True, 16),
        ("date counts", 15, 15, 15, True, 15),
        ("nothing", None, None, None, None, None),
    ],
)
def test_an_age_without_a_date_of_birth(found, name, low, high, age, is_child, age_at_report):
    row = only_row(found["victim"], record_ref=name)
    ages = tuple(row[key] for key in ("age_at_offence_low", "age_at_offence_high", "age_at_offence",
                                      "child_at_offence", "age_at_report"))  # fmt: skip
    assert ages == (low, high, age, is_child, age_at_report)


def test_a_crime_against_a_child_of_a_stated_age_is_one_against_a_child(found):
    assert only_row(found["crime"], crime_ref="band")["child_at_offence"] is True
    assert only_row(found["crime"], crime_ref="band across 18")["child_at_offence"] is None


RECORDED = [
    crime("counts", suspect_count=2, victim_count=3, suspect_identified=True),
    crime("none", suspect_count=0, suspect_identified=False),
    crime("rows", suspect_count=5, victim_count=5, suspect_identified=False),
    crime("outcome", suspect_identified=False, outcome_code="15", outcome_at="2026-05-20"),
    crime("silent"),
]


@pytest.mark.parametrize("tables", [{}, {"involvements": [suspect("s", "rows"), victim("v", "rows")]}])
def test_the_crime_record_counts_where_no_person_of_the_crime_was_sent(engine, tables):
    """With a named suspect and a victim on the crime, its own numbers say nothing more."""
    facts = facts_of(engine, Return(crimes=RECORDED, not_complete=("involvements",), **tables), "crime")["crime"]
    counts = {row["crime_ref"]: (row["suspect_count"], row["victims"], row["suspect_identified"]) for row in facts}
    absent = 0 if tables else None
    assert counts["counts"] == (2, 3, True)
    assert counts["none"] == (0, absent, False)
    assert counts["rows"] == ((1, 1, True) if tables else (5, 5, False))
    assert counts["silent"] == (absent, absent, None)
    assert counts["outcome"][2] is None  # the outcome says that a suspect was identified
