"""What is released on waits with few endings, and can the days of one child be derived from the total?"""

import random

import pyarrow as pa
import pytest

from assay.compare.disparities import DIFFERENCE_SHOWN as DIFFERENCE_SHOWN
from assay.compare.disparities import NO_DIFFERENCE_SHOWN, TOO_FEW_RECORDS
from assay.sdc import apply_policy, declared_tables, policy
from assay.stats.cumulative_incidence import restricted_mean

RECORD_LEVEL = policy("record level")
DAYS = ("median_days", "median_low", "median_high", "p90_days", "p90_low", "p90_high", "mean_days", "mean_low",
        "mean_high", "mean_until", "not_reached", "p90_not_reached")  # fmt: skip
OPEN = tuple(f"open_{day}{end}" for day in (180, 365) for end in ("", "_low", "_high"))
MEDIAN_FIELDS = {"median_days": 40.0, "median_low": 30.0, "median_high": 60.0, "p90_days": 101.0, "p90_low": 90.0,
        "p90_high": 120.0, "mean_days": 55.4, "mean_low": 45.0, "mean_high": 66.0, "mean_until": 364,
        "not_reached": False, "p90_not_reached": False, **dict.fromkeys(OPEN, 0.123)}  # fmt: skip
KEYS = {"wait_medians": {"wait": "w", "place_code": "A"},
        "wait_medians_by_report": {"wait": "w", "place_code": "A", "when_reported": "child when reported"},
        "wait_disparities": {"wait": "w", "side": "victim", "characteristic": "sex", "people": "female"}}  # fmt: skip


def table(name, rows):
    schema = declared_tables()[name].schema
    return pa.Table.from_pylist([{n: row.get(n) for n in schema.names} for row in rows], schema=schema)


def wait_row(ended, other=40, waiting=100, **more):
    counts = {"records": ended + other + waiting, "ended": ended, "ended_otherwise": other, "still_waiting": waiting,
              "excluded": 0, "not_known": 0}  # fmt: skip
    return counts | MEDIAN_FIELDS | more


def let_out(name, *rows, **further_tables):
    keyed = [KEYS[name] | row for row in rows]
    return apply_policy({name: table(name, keyed), **further_tables}, RECORD_LEVEL)[name].to_pylist()


@pytest.mark.parametrize("name", ["wait_medians", "wait_medians_by_report"])
@pytest.mark.parametrize("ended", [1, 2, 7, 8, 12, 17])
def test_where_one_to_nineteen_ended_nothing_of_their_days_leaves(name, ended):
    (row,) = let_out(name, wait_row(ended))
    assert [row[day] for day in (*DAYS, *OPEN)] == [None] * (len(DAYS) + len(OPEN))
    assert {"mean_days", "not_reached", "open_180"} <= set(row["suppressed_cells"].split())


@pytest.mark.parametrize("ended", [0, 20, 60])
def test_where_nobody_or_enough_ended_days_leave_and_limits_from_four_weeks_on_in_whole_weeks(ended):
    (row,) = let_out("wait_medians", wait_row(ended))
    assert [row[day] for day in DAYS] == [40, 28, 63, 98, 84, 126, 55, 35, 77, 364, False, False]


def test_limits_are_not_widened_again_when_the_policy_is_applied_again():
    once = apply_policy({"wait_medians": table("wait_medians", [KEYS["wait_medians"] | wait_row(60)])}, RECORD_LEVEL)
    assert apply_policy(once, RECORD_LEVEL)["wait_medians"].equals(once["wait_medians"])


def test_no_mean_of_a_year_is_longer_than_the_year():
    (row,) = let_out("wait_medians", wait_row(60) | {"mean_days": 350.0, "mean_high": 362.0})
    assert row["mean_high"] == row["mean_until"] == 364


def test_a_median_of_a_group_in_which_few_ended_does_not_leave_either():
    row = wait_row(3, verdict=NO_DIFFERENCE_SHOWN, sooner=True, q_value=0.4)
    (left,) = let_out("wait_disparities", row)
    assert [left[name] for name in ("median_days", "median_low", "median_high")] == [None] * 3


@pytest.mark.parametrize("verdict", [DIFFERENCE_SHOWN, NO_DIFFERENCE_SHOWN])
@pytest.mark.parametrize("ended", [1, 4, 7])
def test_of_a_group_in_which_a_count_is_hidden_no_difference_is_said_in_any_word(ended, verdict):
    left = [let_out("wait_disparities", wait_row(ended, verdict=verdict, sooner=sooner, q_value=q))[0]
            for sooner, q in ((True, 0.01), (False, 0.6), (None, None))]  # fmt: skip
    assert left[0] == left[1] == left[2]
    assert (left[0]["q_value"], left[0]["sooner"], left[0]["verdict"]) == (None, None, TOO_FEW_RECORDS)
    assert {"q_value", "sooner"} <= set(left[0]["suppressed_cells"].split())


@pytest.mark.parametrize("verdict", [DIFFERENCE_SHOWN, NO_DIFFERENCE_SHOWN])
def test_nor_of_an_indicator_of_which_few_of_a_group_met_it(verdict):
    row = {"indicator": "i", "side": "victim", "characteristic": "sex", "people": "female", "met": 3, "not_met": 57,
           "base": 60, "not_known": 0, "q_value": 0.01, "verdict": verdict}  # fmt: skip
    (left,) = apply_policy({"disparities": table("disparities", [row])}, RECORD_LEVEL)["disparities"].to_pylist()
    assert (left["q_value"], left["verdict"]) == (None, TOO_FEW_RECORDS)


def test_a_difference_is_said_where_every_count_is_shown():
    (left,) = let_out("wait_disparities", wait_row(60, verdict=DIFFERENCE_SHOWN, sooner=True, q_value=0.013))
    assert (left["q_value"], left["sooner"], left["verdict"]) == (0.02, True, DIFFERENCE_SHOWN)


def places(**ended):
    rows = [wait_row(count, place_code=place) for place, count in ended.items()]
    whole = {name: sum(row[name] for row in rows) for name in ("records", "ended", "ended_otherwise", "still_waiting")}
    rows.append(wait_row(0, place_code="ALL") | whole)
    return {row["place_code"]: row["mean_days"] for row in let_out("wait_medians", *rows)}


def test_the_mean_of_all_less_those_of_the_others_is_not_that_of_the_few():
    """3 ended in one force. Were the means of the other three shown, so would be the mean of these 3."""
    released = places(A=3, B=30, C=60, D=90)
    assert {place for place, mean in released.items() if mean is None} == {"A", "B"}


def test_those_without_data_is_shown_are_enough_together():
    released = places(A=8, B=7, C=12, D=60, E=90)
    assert {place for place, mean in released.items() if mean is None} == {"A", "B", "C"}


def test_a_force_in_which_nobody_ended_hides_no_other():
    assert {place for place, mean in places(A=0, B=30, C=60).items() if mean is None} == set()


def test_the_mean_of_both_ages_less_that_of_one_is_not_that_of_the_other():
    wait_rows = [wait_row(count, when_reported=f"{age} when reported") for count, age in ((30, "child"), (4, "adult"))]
    whole = table("wait_medians", [KEYS["wait_medians"] | wait_row(34, other=80, waiting=200)])
    rows = let_out("wait_medians_by_report", *wait_rows, wait_medians=whole)
    assert [row["mean_days"] for row in rows] == [None, None]


def test_a_force_whose_mean_is_hidden_for_another_has_no_curve_either():
    rows = [wait_row(count, place_code=place) for place, count in (("A", 3), ("B", 30), ("C", 60))]
    whole = wait_row(93, other=120, waiting=300, place_code="ALL")
    medians = table("wait_medians", [KEYS["wait_medians"] | row for row in (*rows, whole)])
    curves = [{"wait": "w", "place_code": place, "ending": "charged", "days": 28, "share": 0.2} for place in "ABC"]
    waits = table("waits", [{"wait": "w", "ends": "charged"}])
    result = apply_policy({"wait_curves": table("wait_curves", curves), "wait_medians": medians, "waits": waits},
                        RECORD_LEVEL)  # fmt: skip
    assert result["wait_curves"]["place_code"].to_pylist() == ["C"]


@pytest.mark.parametrize("seed", range(40))
def test_the_width_of_an_interval_tells_how_many_ended_no_closer_than_the_rounding_does(seed):
    """Of 300 waits few end: the mean is near the end of the year, and the width of its interval falls with the root of
    how many did. Nobody can tell from it which of the five numbers that are shown alike it was."""
    rng = random.Random(seed)
    count = rng.choice([20, 25, 30])
    ended = count + rng.randint(-2, 2)
    day = rng.randint(20, 200)
    days = [day + rng.randint(0, 90) for _ in range(ended)] + [364]
    counts = [1] * ended + [300 - ended]
    mean = restricted_mean(days, ["ended"] * ended + ["waiting"], counts, waiting="waiting", ending="ended", until=364)
    estimates = {f"mean_{name}": float(round(value)) for name, value in vars(mean).items()}
    (row,) = let_out("wait_medians", wait_row(ended, other=0, waiting=300 - ended) | estimates)
    fewest, most_ended = _ended_by_width(row)
    assert fewest <= count - 2
    assert most_ended >= count + 2


def _ended_by_width(row):
    """The fewest and the most that may have ended: (z area / half)^2, less the part of all that ended, which is the
    number itself where all ended on one day."""
    narrowest = (row["mean_high"] - 13 - (row["mean_low"] + 13)) / 2
    widest = (row["mean_high"] - row["mean_low"]) / 2
    area = 364 - row["mean_days"]
    upper_bound = float("inf") if narrowest <= 0 else (1.96 * (area + 0.5) / narrowest) ** 2
    return (1.96 * (area - 0.5) / widest) ** 2 * (1 - row["ended"] / row["records"]), upper_bound
