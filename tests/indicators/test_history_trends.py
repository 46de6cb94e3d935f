"""Is the year of history that a force sends used, for what it can show and for no more?"""

import datetime as dt

import pytest

from assay import reference
from assay.indicators.catalogue.scale.published_trends import Series, break_positions
from assay.indicators.catalogue.scale.record_series import (
    HISTORY_SHOWS_NO_FALL,
    LEAST_COUNT,
    PARTNERS,
    RECORDED,
    TITLES,
    WHOLE_YEARS,
    Period,
    headline,
    history_trend_rows,
    quarterly,
    trend_table_rows,
)

HISTORY, FIRST, AFTER = dt.date(2023, 4, 1), dt.date(2024, 4, 1), dt.date(2026, 4, 1)


def series(counts):
    """A series that ends with the first quarter of 2026; partners' lists have no registered break."""
    first = Period(HISTORY if len(counts) == 12 else FIRST, AFTER).quarters[0]
    return Series(TITLES[PARTNERS], "INV01", PARTNERS, (), first, tuple(counts))


def one_year_change(history, period):
    """The headline of a series of two years, with a year of history before it."""
    return headline(history_trend_rows(trend_table_rows(series(period)), series((*history, *period))))


def test_two_years_alone_are_refused():
    assert headline(trend_table_rows(series([200] * 4 + [100] * 4)))["refusal"]


def test_a_fall_that_even_the_least_count_of_the_history_shows_is_said():
    row = one_year_change([210, 190, 205, 195], [200, 198, 203, 199, 101, 99, 102, 98])
    assert row["refusal"] == ""
    assert row["probability_fell"] > 0.9
    assert LEAST_COUNT in row["explanation"]


@pytest.mark.parametrize("period", [[100, 99, 101, 100, 200, 198, 203, 199], [150, 149, 151, 150, 151, 149, 150, 150]])
def test_a_rise_is_never_said_from_a_history_of_some_of_the_children(period):
    """Children who were known only before the period are not in it, so every force would seem to rise."""
    row = one_year_change([60, 58, 61, 59], period)
    assert (row["probability_fell"], row["refusal"]) == (None, HISTORY_SHOWS_NO_FALL)


SMALL_YEARS = [4, 3, 5, 4, 5, 4, 3, 4]
"""Sixteen children in each of two years: fewer than five a quarter."""


def test_of_small_quarters_whole_years_are_compared_with_the_year_of_history():
    row = one_year_change(SMALL_YEARS[:4], [*SMALL_YEARS[4:], 1, 0, 1, 0])
    assert row["refusal"] == ""
    assert row["probability_fell"] > 0.9
    assert WHOLE_YEARS in row["explanation"]
    assert LEAST_COUNT in row["explanation"]


def test_small_quarters_that_stay_as_they_are_show_no_fall():
    assert one_year_change(SMALL_YEARS[:4], SMALL_YEARS)["refusal"] == HISTORY_SHOWS_NO_FALL


def test_where_the_history_is_no_help_the_reason_is_that_of_all_years_and_not_that_there_are_too_few():
    """Nine children in three years are too few; asking for more years of history would not help."""
    row = one_year_change([1, 1, 0, 1], [1, 1, 1, 0, 1, 0, 1, 1])
    assert row["probability_fell"] is None
    assert "too few" in row["refusal"]
    assert "full years are needed" not in row["refusal"]


def test_whole_years_of_small_quarters_are_three_and_no_fewer():
    assert headline(trend_table_rows(series(SMALL_YEARS)))["refusal"]
    assert headline(trend_table_rows(series([*SMALL_YEARS, 1, 0, 1, 0])))["refusal"] == ""


def test_across_a_registered_break_no_whole_years_are_compared():
    """A step within a year can be told from the quarters alone, so small counts stay refused."""
    first = Period(dt.date(2016, 4, 1), dt.date(2019, 4, 1)).quarters[0]
    codes = reference.offence_codes("csa11")
    counts = (*SMALL_YEARS, 1, 0, 1, 0)
    broken = Series(TITLES[RECORDED], "INV01", RECORDED, codes, first, counts)
    assert break_positions(broken)
    assert headline(trend_table_rows(broken))["refusal"]


def test_three_full_years_of_the_period_need_no_history():
    rows = list(trend_table_rows(series([200] * 8 + [100] * 4)))
    assert list(history_trend_rows(rows, series([200] * 8 + [100] * 4))) == rows


def test_the_history_begins_on_its_first_day_and_the_quarters_of_the_period_stay():
    months = {("INV01", PARTNERS): {"2023-05": 7, "2025-01": 9}}
    longer, shorter = (quarterly(months, Period(first, AFTER), ["INV01"])[0] for first in (HISTORY, FIRST))
    assert (len(longer.counts), len(shorter.counts), longer.counts[0]) == (12, 8, 7)
    assert longer.times[-1] == shorter.times[-1]


def test_of_a_large_series_with_quarters_of_none_no_whole_years_are_compared():
    """Two quarters that were not sent are zero too: 800 and then 400 would be a certain fall."""
    row = headline(trend_table_rows(series([200] * 8 + [200, 200, 0, 0])))
    assert row["probability_fell"] is None
    assert row["refusal"]


def test_with_a_negative_count_no_whole_years_are_compared():
    """A year of 4, 4, 4 and -13 has -1 records, from which no rate follows."""
    row = headline(trend_table_rows(series([*SMALL_YEARS, 4, 4, 4, -13])))
    assert row["probability_fell"] is None
    assert row["refusal"]
