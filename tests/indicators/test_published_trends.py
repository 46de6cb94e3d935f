"""Counts are followed over time, with breaks as steps, and are never made to say what they cannot."""

import re

import pyarrow as pa
import pytest

from assay import reference
from assay.facts.financial_quarters import make_quarter
from assay.indicators.catalogue.scale import published_trend_findings, published_trends, series_tables
from assay.indicators.catalogue.scale.published_trends import (
    break_positions,
    breaks_between,
    estimate_level,
    offence_series,
    trend_rows,
)

FIRST = make_quarter("2012/13", 1)


def series(counts, key="22B", place="EW", parts=None):
    return offence_series(
        {FIRST + i: count for i, count in enumerate(counts)}, "Offences under a code", place, key, parts
    )


def row_over(rows, years):
    return next(row for row in rows if row["years_apart"] == years)


def test_a_level_that_halved_almost_certainly_fell():
    halved = series([1000] * 36 + [500] * 16)
    row = row_over(trend_rows(halved, estimate_level(halved)), 5)
    assert row["probability_fell"] > 0.99
    assert row["change"] == pytest.approx(-0.5, abs=0.1)


def test_a_flat_level_leaves_it_open():
    flat = series([1000, 1010, 990, 1000] * 13)
    assert 0.1 < row_over(trend_rows(flat, estimate_level(flat)), 3)["probability_fell"] < 0.9


def test_the_periods_compared_are_the_latest_four_quarters_and_the_same_three_years_before():
    to_2025_q3 = series([1000] * 55)
    row = row_over(trend_rows(to_2025_q3, estimate_level(to_2025_q3)), 3)
    assert (row["latest_from"], row["latest_to"]) == ("2024/25 Q4", "2025/26 Q3")
    assert (row["earlier_from"], row["earlier_to"]) == ("2021/22 Q4", "2022/23 Q3")


def test_a_quarter_without_a_row_is_missing_and_not_zero():
    gap = offence_series({FIRST: 5, FIRST + 2: 7}, "Offences under a code", "EW", "22B")
    assert gap.counts == (5, None, 7)


def test_a_force_too_small_to_say_gets_the_reason_and_no_figure():
    small = series([1, 0, 2, 1] * 13, place="E23000034")
    row = row_over(trend_rows(small, estimate_level(small)), 3)
    assert "probability_fell" not in row
    assert "too few" in row["refusal"]


def test_the_new_law_of_april_2017_is_a_step_in_grooming():
    grooming = series([100] * 20 + [400] * 32, key="88A")
    assert grooming.times[20] == make_quarter("2017/18", 1)
    assert 20 in break_positions(grooming)


def test_a_break_in_a_code_that_hardly_counts_makes_no_step_in_the_set():
    parts = {
        code: {FIRST + i: 1 if code == "71" else 1000 for i in range(52)} for code in reference.offence_codes("csa11")
    }
    parts["88A"] = {FIRST + i: 1 for i in range(52)}
    hardly = series([9002] * 52, key="csa11", parts=parts)
    much = series([9002] * 52, key="csa11", parts=parts | {"88A": {FIRST + i: 3000 for i in range(52)}})
    assert 20 not in break_positions(hardly)
    assert 20 in break_positions(much)


def test_a_recalled_break_is_shown_and_never_a_step():
    recalled = [b for b in reference.breaks() if not b.is_usable]
    assert recalled, "the register has recalled rows"
    counts = series([1000] * 52)
    breaks = breaks_between(counts, FIRST, FIRST + 51)
    assert set(recalled) & set(breaks)
    assert make_quarter(recalled[0].starts[:7], int(recalled[0].starts[-1])).index - FIRST.index not in break_positions(
        counts
    )


def trend_text(counts, **more):
    national = series(counts, **more)
    return published_trend_findings.trend_sentence(
        list(trend_rows(national, estimate_level(national))), "England and Wales"
    )


def test_the_first_sentence_says_one_three_and_five_years_together_with_the_count_as_its_subject():
    fell_then_rose = [1000] * 32 + [500] * 12 + [800] * 8
    first, *spans = re.split(r"(?<=[.]) (?=Over )", trend_text(fell_then_rose))
    assert first.startswith("The count of offences under a code (England and Wales) ")
    assert re.search(
        r" over one year\. It .+ rose over three years and .+ fell over five years, all to March 2025\.$", first
    )
    assert [span.split(",")[0] for span in spans] == ["Over one year", "Over three years", "Over five years"]
    assert all(re.search(r"its level was .+95% interval .+\. The probability of a fall is .+%", span) for span in spans)


def test_a_change_that_crosses_the_counting_rules_of_2023_names_them_and_one_that_does_not_does_not():
    _, over_one_year, three, five = re.split(r"(?<=[.]) (?=Over )", trend_text([1000] * 52))
    assert "counting rules 2023 (from April 2023)" not in over_one_year
    assert "Breaks lie between: counting rules 2023 (from April 2023) and recording rules 2024" in three
    assert "Breaks lie between: pandemic 2020 (from April 2020), counting rules 2023" in five


def test_a_span_for_which_the_file_is_too_short_is_said_to_be_so_and_claims_nothing():
    first, part, three, five = re.split(r"(?<=[.]) (?=Over )", trend_text([1000] * 16))
    assert part.startswith("Over one year, ")
    assert "over one year." in first
    assert "three" not in first
    assert three == (
        "Over three years nothing can be said of its level, since 5 full years are needed to compare over 3 years, and "
        "the series has 4."
    )
    assert "7 full years are needed" in five


@pytest.mark.parametrize("quarters", [1, 3, 4, 8])
def test_a_file_of_one_or_two_years_speaks_of_no_change(quarters):
    sentence = trend_text([1000] * quarters)
    assert "nothing can be said of its level over one, three or five years, since " in sentence
    assert not re.search(r"fell|rose", sentence)


def trend_row(years, key, fall_probability, refusal=""):
    return {
        "place_code": "EW" if key else "E", "years_apart": years, "offence_key": key, "refusal": refusal,
        "probability_fell": None if refusal else fall_probability, "latest_to": "2025/26 Q3", "breaks_between": "",
    }  # fmt: skip


NAMES = {"EW": "England and Wales", "E": "England"}


def test_the_sentence_over_all_series_says_each_span_and_never_makes_a_verdict():
    rows = [
        trend_row(1, "71", 0.5), trend_row(1, "21", 0.95), trend_row(1, "73", 0.5),
        trend_row(3, "71", 0.95), trend_row(3, "21", 0.02), trend_row(3, "73", None, "Too few."),
        trend_row(5, "71", 0.03), trend_row(5, "21", 0.04), trend_row(5, "73", 0.01),
        trend_row(1, "", 0.5), trend_row(3, "", 0.99), trend_row(5, "", 0.99),
    ]  # fmt: skip
    statement = published_trend_findings.national_statement(rows, ("71", "21", "73"), NAMES)
    assert statement.startswith(
        "The counts are of 3 offence codes that name a child (England and Wales), to December 2025. Over one year, 1 very "
        "probably fell and 2 are not clear. Over three years, 1 very probably fell, 1 very probably rose and 1 cannot be "
        "said. Over five years, 3 very probably rose. "
    )
    factors = "are of 1 factors that social workers name (England), to the year ending March 2026. Over one year"
    assert factors in statement
    assert "Very probably means 90% or more." in statement
    assert statement.endswith("So published tables cannot say whether it is on the wane.")


def test_the_sentence_over_all_series_of_one_year_counts_no_fall():
    short = "3 full years are needed to compare over 1 year, and the series has 1."
    national_statement = published_trend_findings.national_statement(
        [trend_row(years, "71", None, short) for years in (1, 3, 5)], ("71",), NAMES
    )
    assert (
        "Over one, three or five years nothing can be said of their level, since 3 full years are needed"
        in national_statement
    )
    assert "very probably" not in national_statement


def test_a_set_with_offences_against_adults_is_not_called_one_of_codes_that_name_a_child():
    national_statement = published_trend_findings.national_statement(
        [trend_row(years, "19C", 0.5) for years in (1, 3, 5)], ("19C",), NAMES
    )
    assert national_statement.startswith("The counts are of 1 offence codes (England and Wales)")


def test_assessments_are_a_yearly_series_with_withheld_years_missing():
    rows = [
        {"year": year, "area_code": "E", "factor": "Gangs", "episodes": n}
        for year, n in ((2022, 10), (2023, None), (2024, 30))
    ]
    yearly = published_trend_findings.assessed_series(rows, "Gangs")
    assert (yearly.counts, yearly.period) == ((10, None, 30), 1)
    assert [str(time) for time in yearly.times] == ["2021/22 Q4", "2022/23 Q4", "2023/24 Q4"]


def test_every_quarter_of_a_followed_count_stands_on_its_process_chart():
    points, words = published_trends.charts([series([10, 11, 9, 10] * 13)])
    assert points.num_rows == 52
    assert words["words"].to_pylist()[0].startswith("Stable")


def test_followed_counts_are_the_nation_by_every_key_and_each_place_by_the_default_set():
    def row(place, key):
        return {"place_code": place, "offence_key": key, "financial_year": "2024/25", "quarter": 1, "offences": 5}

    rows = [
        row("EW", "csa11"),
        row("EW", "71"),
        row("E23000032", "csa11"),
        row("E23000032", "71"),
        row("EW44", "csa11"),
    ]
    followed = series_tables.select_series(pa.Table.from_pylist(rows), [], default="csa11", title=str)
    assert [(series_found.place_code, series_found.offence_key) for series_found in followed] == [
        ("E23000032", "csa11"),
        ("EW", "71"),
        ("EW", "csa11"),
    ]
