"""Can an attacker who knows the method and everything released derive a count by trying all values?

Small countries, made by hand or drawn. What is shown of them is looked at as a function of what was counted: if every
count that a reader holds possible leaves the same estimates, then the estimates reveal nothing of the counts. That is
stronger than any one search for them.
"""

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.compare.alert_disclosure import RoundingPolicy
from assay.compare.indicator_comparison import compare_indicators
from assay.sdc import apply_policy, declared_tables, policy, release
from assay.sdc.cell_status import is_primary_suppressed, is_secondary_suppressed
from compare.test_compare_indicators import ARREST, NAMES, ORGANISATIONS, ladder

RECORD_LEVEL = policy("record level")
POLICY = RoundingPolicy(RECORD_LEVEL.suppression_threshold, RECORD_LEVEL.rounding_base)
SIX = list(NAMES)[:6]
STATISTICS = ("overall", "between_force_sd", "naive_outside_3_sigma")
ESTIMATES = ("share", "share_low", "share_high", "rank", "rank_low", "rank_high", "expected", "expected_low",
             "expected_high")  # fmt: skip
LARGE = [(31, 9), (44, 16), (52, 13), (38, 22), (61, 24)]
"""Met and not met of the other five forces."""


def let_out(counts):
    """What leaves of a comparison of forces, by (met, not met) of each."""
    rows = [ladder(code, ARREST, met=met, not_met=other) for code, (met, other) in zip(SIX, counts, strict=True)]
    compared = compare_indicators((ARREST,), rows, ORGANISATIONS, policy=POLICY)
    tables = {name: compared[name] for name in ("force_estimates", "indicator_spread", "indicator_funnel")}
    return release({name: _declared(name, table) for name, table in tables.items()},
                   policy=RECORD_LEVEL, ledger_head="", edition="")  # fmt: skip


def _declared(name, table):
    form = declared_tables()[name]
    column_names = (*form.schema.names, *form.internal_columns)
    return table.select([column_name for column_name in table.column_names if column_name in column_names])


def seen(counts):
    """Everything of it that is made of counts, save the counts themselves; which forces are called is decision 0154."""
    left = let_out(counts)
    spread = [{name: row[name] for name in STATISTICS} for row in left.rows("indicator_spread")]
    estimates = [{name: row[name] for name in ESTIMATES} for row in left.rows("force_estimates")]
    return spread, estimates, left.rows("indicator_funnel")


@pytest.mark.parametrize("hidden_one", [1, 2, 5, 7])
def test_of_six_forces_a_hidden_count_moves_no_statistic_of_all_of_them(hidden_one):
    """Mean, spread, naive outliers and the lines of the funnel of 4 not met are those of 1, 2, 5 and 7 not met."""
    assert seen([(36, hidden_one), *LARGE]) == seen([(36, 4), *LARGE])


@pytest.mark.parametrize("met", range(34, 38))
def test_nor_does_a_count_that_is_rounded(met):
    assert seen([(met, 20), *LARGE]) == seen([(33, 20), *LARGE])


def test_whoever_tries_all_that_the_others_may_be_finds_every_hidden_count_as_good_as_every_other():
    """Meet in the middle: the attacker tries all pairs of two hidden counts against the mean, the spread, and the
    number of forces that a naive funnel names. All 49 fit."""
    released = seen([(36, 3), (57, 6), *LARGE[1:]])
    assert {(a, b) for a in range(1, 8) for b in range(1, 8) if seen([(36, a), (57, b), *LARGE[1:]]) == released} == {
        (a, b) for a in range(1, 8) for b in range(1, 8)
    }


def test_a_force_whose_count_was_suppressed_is_in_no_mean():
    """Of it a reader knows nothing: a mean with it would tell its count, and so the one that it was suppressed for.

    12 not met in all, 3 of them in one force and 9 in another: 9 is suppressed, since else 3 would be 4 at most.
    """
    counts = [(36, 3), (41, 9), (50, 0), (60, 0), (70, 0), (80, 0)]
    rows = [ladder(code, ARREST, met=met, not_met=other) for code, (met, other) in zip(SIX, counts, strict=True)]
    rows.append(ladder("ALL", ARREST, met=sum(met for met, _ in counts), not_met=sum(other for _, other in counts)))
    compared = compare_indicators((ARREST,), rows, ORGANISATIONS, policy=POLICY)
    ladders = pa.Table.from_pylist(rows, schema=declared_tables()["ladders"].schema)
    left = apply_policy({"ladders": ladders, **{n: _declared(n, compared[n]) for n in ("force_estimates", "indicator_spread")}},
                        RECORD_LEVEL)  # fmt: skip
    estimates = left["force_estimates"].to_pylist()
    suppressed = [row for row in estimates if is_secondary_suppressed(row, "not_met")]
    assert suppressed
    assert all(row[name] is None for row in suppressed for name in ("rank", "expected"))
    hidden = [row for row in estimates if is_primary_suppressed(row, "not_met")]
    assert all(row["share"] is None for row in hidden)


def test_a_force_that_is_compared_without_a_shown_share_has_a_suppressed_rank():
    """An empty rank without a status would read as "not ranked"."""
    first, *other_rows = let_out([(36, 3), *LARGE]).rows("force_estimates")
    assert all(is_primary_suppressed(first, name) for name in ("rank", "rank_low", "rank_high"))
    assert not any(is_primary_suppressed(row, "rank") for row in other_rows)


def test_the_limits_of_a_funnel_begin_at_the_minimum_base_of_a_shown_share():
    assert seen([(36, 3), *LARGE])[2][0]["base"] == RECORD_LEVEL.minimum_base == 20


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_estimates_are_those_of_any_country_that_looks_alike(seed):
    """Every count is moved to another that is shown alike: hidden ones from 1 to 7, others within their rounding."""
    rng = random.Random(seed)
    first = [(_count(rng), _count(rng)) for _ in SIX]
    other = [tuple(_similar_count(rng, count) for count in pair) for pair in first]
    left, right = let_out(first), let_out(other)
    why = [
        [row["not_comparable"] for row in release_result.rows("force_estimates")] for release_result in (left, right)
    ]
    released_counts = [[(row["met"], row["not_met"]) for row in item.rows("force_estimates")] for item in (left, right)]
    if why[0] == why[1] and released_counts[0] == released_counts[1]:
        assert seen(first) == seen(other)


def _count(rng):
    return rng.randint(1, 7) if rng.random() < 0.3 else rng.randint(23, 90)


def _similar_count(rng, count):
    if count <= RECORD_LEVEL.suppression_threshold:
        return rng.randint(1, RECORD_LEVEL.suppression_threshold)
    return (count + 2) // 5 * 5 + rng.randint(-2, 2)
