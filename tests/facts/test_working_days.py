"""Which days are working days in England and Wales, and when does a local day begin?"""

import datetime as dt

import pytest

from assay.facts.fact_inputs import calendar

DAYS = {row["day"]: row for row in calendar().to_pylist()}


def day(text):
    return DAYS[dt.date.fromisoformat(text)]


@pytest.mark.parametrize(
    ("date", "name"),
    [
        ("2026-04-03", "Good Friday"),
        ("2026-04-06", "Easter Monday"),
        ("2026-05-04", "early May, the first Monday"),
        ("2020-05-08", "early May, moved to a Friday"),
        ("2022-06-02", "spring, moved to a Thursday"),
        ("2022-06-03", "the jubilee"),
        ("2022-09-19", "the state funeral"),
        ("2023-05-08", "the coronation"),
        ("2026-12-28", "Boxing Day of a Saturday, kept on Monday"),
        ("2021-12-27", "Christmas Day of a Saturday, kept on Monday"),
        ("2021-12-28", "Boxing Day of a Sunday, kept on Tuesday"),
        ("2026-04-04", "a Saturday"),
        ("2026-04-05", "a Sunday"),
    ],
)
def test_no_working_day(date, name):
    assert not day(date)["is_working"]


@pytest.mark.parametrize("date", ["2026-04-02", "2026-04-07", "2022-05-30", "2026-03-17", "2026-11-30"])
def test_a_working_day(date):
    """The spring holiday of 2022 was moved away from 30 May; those of Ireland and Scotland are not kept here."""
    assert day(date)["is_working"]


def test_from_maundy_thursday_to_the_tuesday_after_easter_is_one_working_day():
    assert day("2026-04-07")["working_day_index"] - day("2026-04-02")["working_day_index"] == 1


def test_a_weekend_adds_no_working_day():
    assert day("2026-04-11")["working_day_index"] == day("2026-04-10")["working_day_index"]


def test_a_year_without_moved_holidays_has_253_working_days():
    """2025: 261 Mondays to Fridays, less eight bank holidays, each on a weekday."""
    working = [row for date, row in DAYS.items() if date.year == 2025 and row["is_working"]]
    assert len(working) == 261 - 8


def test_a_summer_day_begins_at_eleven_at_night_in_utc():
    assert day("2026-06-30")["next_begins"] == dt.datetime(2026, 6, 30, 23)
    assert day("2026-12-30")["next_begins"] == dt.datetime(2026, 12, 31)


def test_days_months_and_their_lengths_run_on():
    assert day("2000-01-01")["day_number"] == 10957
    assert day("2028-02-29")["days_in_month"] == 29
    assert day("2027-02-10")["days_in_month"] == 28
    assert day("2026-01-31")["month_number"] - day("2025-12-31")["month_number"] == 1
    numbers = [row["day_number"] for row in DAYS.values()]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
