"""Are there few alerts where nothing is wrong, and is an extreme force found?"""

import numpy as np
import pyarrow as pa
import pytest
from compared import by_place, rate_row, share_row
from scipy import special

from assay.compare import compare_rates, compare_shares, control_false_discovery_rate
from assay.stats.binomial_intervals import naive_funnel_z
from assay.stats.false_discovery import q_values
from assay.stats.share_posteriors import share_posterior

WORLDS = 24
BASES = np.random.default_rng(0).integers(80, 3000, 44)


def nothing_wrong(seed):
    """Forces differ, as forces do (standard deviation 0.3 on the logit scale), and none of them is out of line."""
    random = np.random.default_rng([21, seed])
    for middle in np.linspace(0.05, 0.6, 12):
        truth = special.expit(special.logit(middle) + 0.3 * random.standard_normal(44))
        yield random.binomial(BASES, truth)


def test_at_most_one_world_in_ten_raises_an_alarm_where_nothing_is_wrong():
    alarms = 0
    for seed in range(WORLDS):
        p = np.concatenate([share_posterior(counts, BASES).p_values() for counts in nothing_wrong(seed)])
        alarms += bool((q_values(p) <= 0.05).any())
    assert alarms <= WORLDS / 10


def test_a_naive_funnel_raises_an_alarm_in_every_such_world():
    for seed in range(3):
        z = np.concatenate([naive_funnel_z(counts, BASES) for counts in nothing_wrong(seed)])
        assert (q_values(2 * special.ndtr(-np.abs(z))) <= 0.05).any()


def rows_with_one_extreme():
    random = np.random.default_rng(5)
    shares = random.binomial(1000, random.beta(40, 360, 40))
    rows = [share_row(f"E230001{n:02}", int(y), 1000) for n, y in enumerate(shares)]
    return [*rows, share_row("E23000199", 380, 1000), share_row("E23000198", 5, 1000)]


def test_forces_extreme_are_named_with_their_direction():
    (shares,) = control_false_discovery_rate([compare_shares(rows_with_one_extreme())[0]])
    directions = {code: row["direction"] for code, row in by_place(shares).items() if row["outlier_alert"]}
    assert directions == {"E23000199": "higher", "E23000198": "lower"}


def test_everything_compared_counts_whichever_table_it_stands_in():
    shares = compare_shares(rows_with_one_extreme())[0]
    rates = compare_rates([rate_row(f"E230001{n:02}", 300 + n) for n in range(30)])[0]
    single_q_values = control_false_discovery_rate([shares])[0]["q_value"].to_pylist()
    held_shares, held_rates = control_false_discovery_rate([shares, rates])
    joint_q_values = held_shares["q_value"].to_pylist()
    p = [*shares["p_value"].to_pylist(), *rates["p_value"].to_pylist()]
    assert [*joint_q_values, *held_rates["q_value"].to_pylist()] == pytest.approx(list(q_values(p)))
    assert joint_q_values != single_q_values


def test_what_was_not_compared_has_no_q_value():
    rows = [*rows_with_one_extreme(), share_row("BTP", 900, 1000)]
    row = by_place(control_false_discovery_rate([compare_shares(rows)[0]])[0])["BTP"]
    assert row["q_value"] is None
    assert row["outlier_alert"] is False
    assert row["direction"] == ""


def compared_already(p_values, lower):
    """Rows as they stand after comparing: those at the places `lower` lie below what is expected, others above."""
    size = len(p_values)
    return pa.table({
        "measure": ["told"] * size,
        "p_value": pa.array(p_values, pa.float64()),
        "raw_share": [0.4 if place in lower else 0.6 for place in range(size)],
        "expected": [0.5] * size,
        "q_value": pa.nulls(size, pa.float64()),
        "outlier_alert": [False] * size,
        "direction": [""] * size,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("better", "alerted_place"),
    [({}, []), ({"told": "higher"}, ["lower"]), ({"told": "lower"}, ["higher"])],
)
def test_of_two_as_extreme_the_worse_one_is_named_first(better, alerted_place):
    # Of ten, 0.0033 x 10 = 0.033 is not named; on the worse side 0.0033 / 1.8 x 10 = 0.018 is.
    alerts = compared_already([0.0033, *[0.9] * 9], lower={0})
    (found,) = control_false_discovery_rate([alerts], better)
    lower = [direction for direction in found["direction"].to_pylist() if direction]
    assert lower == (["lower"] if better.get("told") == "higher" else [])
    (found,) = control_false_discovery_rate([compared_already([*[0.9] * 9, 0.0033], lower=set())], better)
    higher = [direction for direction in found["direction"].to_pylist() if direction]
    assert [*lower, *higher] == alerted_place


def test_with_a_worse_side_few_worlds_raise_an_alarm_where_nothing_is_wrong():
    random, alarms = np.random.default_rng(8), 0
    for _ in range(200):
        rows = compared_already(random.random(600), lower=set(np.flatnonzero(random.random(600) < 0.5)))
        (found,) = control_false_discovery_rate([rows], {"told": "higher"})
        alarms += any(found["outlier_alert"].to_pylist())
    assert alarms <= 20  # 10 expected of 200 at 5%
