"""Counts are followed over time, with breaks as steps, and are never made to say what they cannot."""

import pytest

from assay import commission
from assay.enquiries.scale import process, tables, wane
from assay.enquiries.scale.trend import breaks_between, level_of, series_of, steps_of, trend_rows
from assay.records.quarters import quarter

FIRST = quarter("2012/13", 1)


def series(counts, key="22B", place="EW", parts=None):
    return series_of({FIRST + i: count for i, count in enumerate(counts)}, "Offences under a code", place, key, parts)


def row_over(rows, years):
    return next(row for row in rows if row["years_apart"] == years)


def test_a_level_that_halved_almost_certainly_fell():
    halved = series([1000] * 36 + [500] * 16)
    row = row_over(trend_rows(halved, level_of(halved)), 5)
    assert row["probability_fell"] > 0.99
    assert row["change"] == pytest.approx(-0.5, abs=0.1)


def test_a_flat_level_leaves_it_open():
    flat = series([1000, 1010, 990, 1000] * 13)
    assert 0.1 < row_over(trend_rows(flat, level_of(flat)), 3)["probability_fell"] < 0.9


def test_the_periods_compared_are_the_latest_four_quarters_and_the_same_three_years_before():
    to_2025_q3 = series([1000] * 55)
    row = row_over(trend_rows(to_2025_q3, level_of(to_2025_q3)), 3)
    assert (row["latest_from"], row["latest_to"]) == ("2024/25 Q4", "2025/26 Q3")
    assert (row["earlier_from"], row["earlier_to"]) == ("2021/22 Q4", "2022/23 Q3")


def test_a_quarter_without_a_row_is_missing_and_not_zero():
    gap = series_of({FIRST: 5, FIRST + 2: 7}, "Offences under a code", "EW", "22B")
    assert gap.counts == (5, None, 7)


def test_a_force_too_small_to_say_gets_the_reason_and_no_figure():
    small = series([1, 0, 2, 1] * 13, place="E23000034")
    row = row_over(trend_rows(small, level_of(small)), 3)
    assert "probability_fell" not in row
    assert "too few" in row["refusal"]


def test_the_new_law_of_april_2017_is_a_step_in_grooming():
    grooming = series([100] * 20 + [400] * 32, key="88A")
    assert grooming.times[20] == quarter("2017/18", 1)
    assert 20 in steps_of(grooming)


def test_a_break_in_a_code_that_hardly_counts_makes_no_step_in_the_set():
    parts = {code: {FIRST + i: 1 if code == "71" else 1000 for i in range(52)} for code in commission.codes_of("csa11")}
    parts["88A"] = {FIRST + i: 1 for i in range(52)}
    hardly = series([9002] * 52, key="csa11", parts=parts)
    much = series([9002] * 52, key="csa11", parts=parts | {"88A": {FIRST + i: 3000 for i in range(52)}})
    assert 20 not in steps_of(hardly)
    assert 20 in steps_of(much)


def test_a_recalled_break_is_shown_and_never_a_step():
    recalled = [b for b in commission.breaks() if not b.usable]
    assert recalled, "the register has recalled rows"
    counts = series([1000] * 52)
    shown = breaks_between(counts, FIRST, FIRST + 51)
    assert set(recalled) & set(shown)
    assert quarter(recalled[0].starts[:7], int(recalled[0].starts[-1])).index - FIRST.index not in steps_of(counts)


def test_the_sentence_has_the_count_as_its_subject_and_says_how_sure():
    halved = series([1000] * 36 + [500] * 16)
    row = row_over(trend_rows(halved, level_of(halved)), 5)
    said = wane.trend_sentence({**row, "years_apart": 3}, "England and Wales")
    assert said.startswith("The count of offences under a code (England and Wales) almost certainly fell")
    assert "more than 99 in 100" in said


def test_the_sentence_over_all_series_never_makes_a_verdict():
    rows = [
        {"place_code": "EW", "years_apart": 3, "offence_key": "71", "refusal": "", "probability_fell": 0.95},
        {"place_code": "EW", "years_apart": 3, "offence_key": "21", "refusal": "", "probability_fell": 0.02},
        {"place_code": "EW", "years_apart": 3, "offence_key": "73", "refusal": "too few", "probability_fell": None},
        {"place_code": "EW", "years_apart": 3, "offence_key": "", "refusal": "", "probability_fell": 0.5},
    ]
    said = wane.together(rows, ("71", "21", "73"), "3 years to 2025/26 Q3")
    assert (
        "of 3 offence codes that name a child, the counts of 1 very probably fell (9 in 10 or more), 1 very probably rose, 0 are not clear, and 1 cannot be said"
        in said
    )
    assert said.endswith("whether it is on the wane cannot be said from published tables.")


def test_assessments_are_a_yearly_series_with_withheld_years_missing():
    rows = [
        {"year": year, "area_code": "E", "factor": "Gangs", "episodes": n}
        for year, n in ((2022, 10), (2023, None), (2024, 30))
    ]
    yearly = wane.assessed_series(rows, "Gangs")
    assert (yearly.counts, yearly.period) == ((10, None, 30), 1)
    assert [str(time) for time in yearly.times] == ["2021/22 Q4", "2022/23 Q4", "2023/24 Q4"]


def test_every_quarter_of_a_followed_count_stands_on_its_process_chart():
    points, words = process.charts([series([10, 11, 9, 10] * 13)])
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
    followed = tables.followed(rows, [], default="csa11", title=str)
    assert [(one.place_code, one.offence_key) for one in followed] == [
        ("E23000032", "csa11"),
        ("EW", "71"),
        ("EW", "csa11"),
    ]
