"""Two forces of equal quality, one that sends the first tier and one that sends all: does either gain by it?

There is no room that grades yet. What stands in for a grade: on every indicator that may be compared, the share drawn
towards the others, and whether the force is named as unlike them. Receiving is left out: what forces hold goes straight
into the facts, as twenty invented countries side by side, so that all are compared in one list, as a real run does.
"""

from collections import defaultdict

import numpy as np
import pytest

from assay.compare.indicator_comparison import compare_indicators
from assay.indicators.indicator_catalogue import indicators
from journeys.pairs import FIRST, FULL, ladders_of, pair_and_others

SEEDS = range(1, 21)
CRIMES, OTHERS = 110, 1


@pytest.fixture(scope="module")
def standing():
    """By indicator and pair (its seed): how the one that sends all stands, and how the other."""
    sent = [one for seed in SEEDS for one in pair_and_others(seed, CRIMES, OTHERS)]
    bodies = {one.body.code: one.body for one in sent}
    rows = compare_indicators(indicators(), ladders_of(sent)["ladders"], bodies)["standing"].to_pylist()
    found = defaultdict(dict)
    for row in rows:
        seed, _, name = row["place_code"].partition("-")
        if name in (FULL, FIRST):
            found[row["indicator"], seed][name] = row
    return found


def compared(row):
    return row["q_value"] is not None


def both_compared(standing):
    """Indicator -> the pairs of which both were compared on it."""
    found = defaultdict(list)
    for (indicator, _), pair in standing.items():
        if compared(pair[FULL]) and compared(pair[FIRST]):
            found[indicator].append((pair[FULL], pair[FIRST]))
    return found


def test_there_is_a_pair_of_each_seed_and_the_one_that_sends_all_is_asked_more(standing):
    assert len({seed for _, seed in standing}) == len(SEEDS)
    asked = {name: sum(compared(pair[name]) for pair in standing.values()) for name in (FULL, FIRST)}
    assert asked[FULL] > 1.5 * asked[FIRST] > 100


def test_of_what_is_compared_the_one_that_sends_all_is_not_named_more_often(standing):
    rows = {name: [pair[name] for pair in standing.values() if compared(pair[name])] for name in (FULL, FIRST)}
    named = {name: sum(row["unusual"] for row in held) / len(held) for name, held in rows.items()}
    assert named[FULL] <= named[FIRST]


def test_on_what_both_were_asked_neither_is_drawn_lower(standing):
    # Equal truth: the mean difference of 20 pairs lies within 3 standard errors of nothing, on every indicator.
    pairs = both_compared(standing)
    assert {"recorded_in_24_hours", "charged_of_closed", "still_pending", "suspect_identified"} <= set(pairs)
    for indicator, held in pairs.items():
        apart = np.array([full["share"] - first["share"] for full, first in held])
        assert len(apart) >= 10, indicator
        assert abs(apart.mean()) < 3 * apart.std(ddof=1) / len(apart) ** 0.5, indicator


def test_on_what_both_were_asked_the_one_that_sends_all_is_the_worse_of_the_two_about_half_the_time(standing):
    better = {form.key: form.better for form in indicators()}
    worse = [
        (full["share"] < first["share"]) == (better[indicator] == "higher")
        for indicator, held in both_compared(standing).items()
        if better[indicator] != "neither"
        for full, first in held
    ]
    # Of n even chances, 3 standard errors are 1.5 / sqrt(n).
    assert abs(np.mean(worse) - 0.5) < 1.5 / len(worse) ** 0.5


def test_a_pair_is_asked_the_same_records_of_what_both_can_be_asked(standing):
    # Sending more does not make more of the shared records unknown.
    for held in both_compared(standing).values():
        unknown = [np.mean([pair[place]["not_known_share"] for pair in held]) for place in (0, 1)]
        assert unknown[0] <= unknown[1] + 0.02


def test_what_the_one_did_not_send_says_so_and_is_no_clean_bill(standing):
    silent = [pair[FIRST] for pair in standing.values() if "did not send" in pair[FIRST]["not_comparable"]]
    assert len({row["indicator"] for row in silent}) >= 8
    assert {(row["unusual"], row["share"], row["base"], row["q_value"]) for row in silent} == {(None,) * 4}
