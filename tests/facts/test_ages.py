"""How old was each person when it happened, and how old when it was reported?"""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_rows import crime, suspect, victim
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine
from assay.engine.portable_expressions import age_on, birthday_number, day_number

DAYS = st.dates(dt.date(1930, 1, 1), dt.date(2030, 12, 31))


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


def ages(engine, pairs):
    table = engine.table("pairs", pa.table({"birth": [pair[0] for pair in pairs], "day": [pair[1] for pair in pairs]},
                                           schema=pa.schema([("birth", pa.date32()), ("day", pa.date32())])))  # fmt: skip
    offence_ages = engine.run(
        table.mutate(age=age_on(table.birth, table.day), number=day_number(table.day))
    ).to_pylist()
    return {(row["birth"], row["day"]): (row["age"], row["number"]) for row in offence_ages}


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2008-06-15", "2026-06-14", 17),
        ("2008-06-15", "2026-06-15", 18),
        ("2008-02-29", "2026-02-28", 17),  # the birthday falls on 1 March
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-29", 20),
        ("2026-06-15", "2026-06-14", None),  # before birth
    ],
)
def test_age_in_whole_years(engine, born, day, age):
    pair = dt.date.fromisoformat(born), dt.date.fromisoformat(day)
    assert ages(engine, [pair])[pair][0] == age


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(born=DAYS, day=DAYS)
def test_age_is_the_number_of_birthdays_kept(engine, born, day):
    def birthday(year):
        try:
            return born.replace(year=year)
        except ValueError:
            return dt.date(year, 3, 1)

    birthdays = sum(birthday(year) <= day for year in range(born.year + 1, day.year + 1))
    assert ages(engine, [(born, day)])[born, day] == (
        birthdays if born <= day else None,
        (day - dt.date(1970, 1, 1)).days,
    )


PEOPLE = {
    "adult now": ("1990-05-01", {"occurred_from": "2004-01-01", "occurred_to": "2005-01-01"}),
    "straddles": ("1990-05-01", {"occurred_from": "2007-01-01", "occurred_to": "2009-01-01"}),
    "one day": ("2010-04-10", {"occurred_from": "2026-04-09"}),
    "no birth": (None, {"occurred_from": "2026-04-09"}),
    "no dates": ("2010-04-10", {"occurred_from": None}),
    "adult, no dates": ("1990-05-01", {"occurred_from": None}),
    "disorder": ("1990-05-01", {"occurred_from": "2005-01-01", "occurred_to": "2004-01-01"}),
    "grown": ("1990-05-01", {"occurred_from": "2020-01-01"}),
}


def test_a_person_is_18_from_the_day_of_the_birthday_on(engine):
    born = [
        dt.date(2008, 6, 15),
        dt.date(2008, 2, 29),
        dt.date(2007, 1, 31),
        dt.date(2010, 2, 28),
        dt.date(1999, 12, 31),
    ]
    table = engine.table("births", pa.table({"birth": pa.array(born, pa.date32())}))
    offence_ages = engine.run(table.mutate(number=birthday_number(table.birth, 18))).to_pylist()
    found = {row["birth"]: dt.date(1970, 1, 1) + dt.timedelta(row["number"]) for row in offence_ages}
    assert [found[day] for day in born] == [
        dt.date(2026, 6, 15), dt.date(2026, 3, 1), dt.date(2025, 1, 31), dt.date(2028, 2, 28), dt.date(2017, 12, 31),
    ]  # fmt: skip
    both_ages = ages(engine, [(birth, day + dt.timedelta(step)) for birth, day in found.items() for step in (-1, 0)])
    assert [both_ages[birth, day + dt.timedelta(step)][0] for birth, day in found.items() for step in (-1, 0)] == [
        17,
        18,
    ] * 5


@pytest.fixture(scope="module")
def found(engine):
    data = Return(
        crimes=[crime(case, **dates) for case, (_, dates) in PEOPLE.items()]
        + [crime("mixed", occurred_from="2006-01-01")],
        involvements=[victim(case, case, born=born) for case, (born, _) in PEOPLE.items()]
        + [victim("m1", "mixed", "1990-05-01"), victim("m2", "mixed", "2012-05-01"), suspect("s", "mixed")],
    )
    return facts_of(engine, data, "victim", "crime", "person", "suspect")


@pytest.mark.parametrize(
    ("case", "low", "high", "age", "child", "expected"),
    [
        ("adult now", 13, 14, 13, True, "adult when reported"),
        ("straddles", 16, 18, None, None, "adult when reported"),
        ("one day", 15, 15, 15, True, "child when reported"),
        ("no birth", None, None, None, None, None),
        # Reported at 16: whenever it happened, it was before that.
        ("no dates", None, 16, 16, True, "child when reported"),
        ("adult, no dates", None, 35, None, None, "adult when reported"),
        ("disorder", None, None, None, None, "adult when reported"),
        ("grown", 29, 29, 29, False, "adult when reported"),
    ],
)
def test_both_ages_of_a_victim(found, case, low, high, age, child, expected):
    row = only_row(found["victim"], record_ref=case)
    offence_ages = tuple(row[name] for name in ("age_at_offence_low", "age_at_offence_high", "age_at_offence",
                                        "child_at_offence", "when_reported"))  # fmt: skip
    assert offence_ages == (low, high, age, child, expected)


def test_an_adult_who_reports_childhood_abuse_is_a_child_of_the_crime(found):
    row = only_row(found["crime"], crime_ref="adult now")
    assert (row["child_at_offence"], row["when_reported"]) == (True, "adult when reported")


def test_a_crime_with_a_child_among_its_victims_was_reported_when_one_was_a_child(found):
    """m1 was 15 when it happened and is 35; m2 was not born then, and is 13."""
    row = only_row(found["crime"], crime_ref="mixed")
    assert (row["child_at_offence"], row["when_reported"]) == (True, "child when reported")


def test_a_suspect_is_shown_by_the_age_of_the_victims_not_their_own(found):
    assert only_row(found["suspect"], record_ref="s")["when_reported"] == "child when reported"
