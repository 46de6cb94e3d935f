"""What does the request cost a force, and how do reports correct a guess?"""

import math

import pyarrow as pa
import pytest
from scipy import stats

from assay import contract, reference
from assay.contract.request_burden import BURDEN, HOURS, burden_markdown, reported_hours, request_burden_table
from assay.ingest.accepted_tables import RETURN_TABLE_SCHEMAS
from assay.stats.amount_estimates import MINIMUM_AMOUNT, update_estimate

GUESS = (8.0, 20.0, 50.0)


def manifest_rows(*rows):
    return pa.Table.from_pylist(
        [{"force_code": force, "table_name": table, "supplied": supplied, "hours_spent": hours}
         for force, table, supplied, hours in rows], schema=RETURN_TABLE_SCHEMAS["covers"]
    )  # fmt: skip


def test_without_a_report_the_guess_stands():
    estimate = update_estimate(GUESS, [])
    assert (estimate.low, estimate.likely, estimate.high, estimate.reports) == (*GUESS, 0)


def test_the_guess_counts_as_much_as_three_reports():
    # Three reports of 5: halfway between log 20 and log 5 lies log 10.
    assert update_estimate(GUESS, [5, 5, 5]).likely == pytest.approx(10)
    # One report of 5 beside a guess worth three: 20^(3/4) * 5^(1/4).
    assert update_estimate(GUESS, [5]).likely == pytest.approx(20**0.75 * 5**0.25)


def test_many_reports_that_agree_outweigh_the_guess_and_narrow_the_interval():
    estimate = update_estimate(GUESS, [5] * 200)
    assert 5 < estimate.likely < 5.2
    assert estimate.high / estimate.low < 2


def test_reports_that_disagree_with_one_another_widen_it():
    agree, differ = update_estimate(GUESS, [20, 20, 20]), update_estimate(GUESS, [2, 20, 200])
    assert differ.likely == pytest.approx(agree.likely)
    assert differ.high / differ.low > 2 * agree.high / agree.low


def test_two_reports_by_hand():
    # Normal with inverse gamma, worked out from the textbook: 3 pseudo-reports at log 20, spread from the ends.
    t3, t5 = stats.t.ppf(0.9, 3), stats.t.ppf(0.9, 5)
    prior = math.log(50 / 8) / 2 / t3 / math.sqrt(4 / 3)
    logs = [math.log(10), math.log(40)]
    mean = sum(logs) / 2
    middle = (3 * math.log(20) + 2 * mean) / 5
    squares = 3 * prior**2 + sum((x - mean) ** 2 for x in logs) + 3 * 2 / 5 * (mean - math.log(20)) ** 2
    half = t5 * math.sqrt(squares / 5 * (1 + 1 / 5))
    estimate = update_estimate(GUESS, [10, 40])
    assert (estimate.low, estimate.likely, estimate.high) == pytest.approx(
        tuple(math.exp(middle + s * half) for s in (-1, 0, 1))
    )


def test_an_amount_of_nothing_is_taken_as_the_least_and_not_refused():
    assert update_estimate(GUESS, [0]) == update_estimate(GUESS, [MINIMUM_AMOUNT])


def test_eight_in_ten_of_further_forces_lie_between_the_ends():
    # Worlds drawn from the guess itself: the interval after four reports holds the fifth in 8 of 10.
    draw = stats.norm(loc=0, scale=1)
    inside, worlds = 0, 4000
    spread = math.log(50 / 8) / 2 / stats.t.ppf(0.9, 3) / math.sqrt(4 / 3)
    sigmas = spread * (3 / stats.chi2(3).rvs(worlds, random_state=1)) ** 0.5
    noise = draw.rvs((worlds, 6), random_state=2)
    for sigma, row in zip(sigmas, noise, strict=True):
        centre = math.log(20) + sigma / math.sqrt(3) * row[5]
        hours = [math.exp(centre + sigma * z) for z in row[:5]]
        estimate = update_estimate(GUESS, [max(h, MINIMUM_AMOUNT) for h in hours[:4]])
        inside += estimate.low <= hours[4] <= estimate.high
    assert inside / worlds == pytest.approx(0.8, abs=0.02)


def test_every_table_of_the_contract_has_its_hours_and_the_guess_is_even():
    assert reference.burdens().keys == tuple(contract.tables())
    for burden in reference.burdens():
        assert burden.low * burden.high == pytest.approx(burden.likely**2, rel=0.05), burden.table


def test_a_tier_is_the_sum_of_its_tables():
    rows = request_burden_table().to_pylist()
    for tier in (1, 2, 3):
        tables = [row for row in rows if row["tier"] == tier and row["table_name"] != "all"]
        (tier_row,) = [row for row in rows if row["tier"] == tier and row["table_name"] == "all"]
        for name in HOURS:
            assert tier_row[name] == pytest.approx(sum(row[name] for row in tables))
    assert [row["table_name"] for row in rows if row["tier"] == 1][1:] == [
        "crimes", "reports", "report_crimes", "involvements", "flags",
    ]  # fmt: skip


def test_what_a_force_reports_corrects_its_table_and_no_other():
    hours = reported_hours(manifest_rows(("INV01", "crimes", "whole", 5), ("INV02", "crimes", "part", 5.0)))
    found = {row["table_name"]: row for row in request_burden_table(hours).to_pylist() if row["table_name"] != "all"}
    assert (found["crimes"]["reported"], found["flags"]["reported"]) == (2, 0)
    assert found["crimes"]["likely"] == pytest.approx(20**0.6 * 5**0.4)
    assert found["crimes"]["prior_likely"] == 20
    assert found["flags"]["likely"] == 6
    (tier, *_) = request_burden_table(hours).to_pylist()
    assert tier["reported"] == 2


def test_hours_that_were_not_told_or_cannot_be_are_no_report_and_no_zero():
    manifest_table = manifest_rows(("INV01", "crimes", "whole", None), ("INV02", "crimes", "none", 4), ("INV03", "crimes", "whole", -1),
                  ("INV04", "crimes", "whole", float("nan")), ("INV05", "crimes", "whole", float("inf")))  # fmt: skip
    assert reported_hours(manifest_table) == {}
    assert request_burden_table(reported_hours(manifest_table)) == request_burden_table()


def test_it_can_be_told_with_a_request_before_any_return():
    markdown = burden_markdown(request_burden_table())
    assert "| 1 | recorded scale, outcomes, recording, completeness and flags | 58 | 24 to 141 | 0 |" in markdown
    assert markdown.count("\n| ") > 30
    assert request_burden_table().schema == BURDEN
