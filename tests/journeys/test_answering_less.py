"""Does a force gain by sending the first tier only? Pairs of synthetic forces with equal truth.

There is no room that grades yet. What stands in for a grade: on every indicator that may be compared, the share shrunk
towards the others, and whether the force is named as unlike them. Receiving is left out: what forces hold goes straight
into the facts, as twenty synthetic countries side by side, so that all are compared in one list, as a real run does.
"""

from collections import defaultdict

import numpy as np
import pytest

from assay.compare.indicator_comparison import compare_indicators
from assay.indicators.indicator_catalogue import indicators
from journeys.pairs import FIRST, FULL, ladders_of, pair_and_others

SEEDS = range(1, 21)
CRIMES, OTHER_FORCES = 110, 1


@pytest.fixture(scope="module")
def pairs_by_indicator():
    """By indicator and pair (its seed): how the one that sends all stands, and how the other."""
    sent_returns = [sent_return for seed in SEEDS for sent_return in pair_and_others(seed, CRIMES, OTHER_FORCES)]
    organisations = {sent_return.organisation.code: sent_return.organisation for sent_return in sent_returns}
    rows = compare_indicators(indicators(), ladders_of(sent_returns), organisations)["force_estimates"].to_pylist()
    found = defaultdict(dict)
    for row in rows:
        seed, _, name = row["place_code"].partition("-")
        if name in (FULL, FIRST):
            found[row["indicator"], seed][name] = row
    return found


def compared(row):
    return row["q_value"] is not None


def both_compared(pairs_by_indicator):
    """Indicator -> the pairs of which both were compared on it."""
    found = defaultdict(list)
    for (indicator, _), pair in pairs_by_indicator.items():
        if compared(pair[FULL]) and compared(pair[FIRST]):
            found[indicator].append((pair[FULL], pair[FIRST]))
    return found


def test_there_is_a_pair_of_each_seed_and_the_one_that_sends_all_is_asked_more(pairs_by_indicator):
    assert len({seed for _, seed in pairs_by_indicator}) == len(SEEDS)
    compared_counts = {
        name: sum(compared(pair[name]) for pair in pairs_by_indicator.values()) for name in (FULL, FIRST)
    }
    assert compared_counts[FULL] > 1.5 * compared_counts[FIRST] > 100


def test_of_what_is_compared_the_one_that_sends_all_is_not_named_more_often(pairs_by_indicator):
    rows = {
        name: [pair[name] for pair in pairs_by_indicator.values() if compared(pair[name])] for name in (FULL, FIRST)
    }
    outlier_shares = {
        name: sum(row["outlier_alert"] for row in rows_of_kind) / len(rows_of_kind)
        for name, rows_of_kind in rows.items()
    }
    assert outlier_shares[FULL] <= outlier_shares[FIRST]


def test_on_what_both_were_asked_neither_is_drawn_lower(pairs_by_indicator):
    # Equal truth: the mean difference of 20 pairs lies within 3 standard errors of nothing, on every indicator.
    pairs = both_compared(pairs_by_indicator)
    assert {"recorded_in_24_hours", "charged_of_closed", "still_pending", "suspect_identified"} <= set(pairs)
    for indicator, pairs_found in pairs.items():
        share_differences = np.array([full["share"] - first["share"] for full, first in pairs_found])
        assert len(share_differences) >= 10, indicator
        assert abs(share_differences.mean()) < 3 * share_differences.std(ddof=1) / len(share_differences) ** 0.5, (
            indicator
        )


def test_on_what_both_were_asked_the_one_that_sends_all_is_the_worse_of_the_two_about_half_the_time(pairs_by_indicator):
    better = {form.key: form.better for form in indicators()}
    worse = [
        (full["share"] < first["share"]) == (better[indicator] == "higher")
        for indicator, pairs_found in both_compared(pairs_by_indicator).items()
        if better[indicator] != "neither"
        for full, first in pairs_found
    ]
    # Of n even chances, 3 standard errors are 1.5 / sqrt(n).
    assert abs(np.mean(worse) - 0.5) < 1.5 / len(worse) ** 0.5


def test_a_pair_is_asked_the_same_records_of_what_both_can_be_asked(pairs_by_indicator):
    # Sending more does not make more of the shared records unknown.
    for pairs_found in both_compared(pairs_by_indicator).values():
        unknown = [np.mean([pair[place]["not_known_share"] for pair in pairs_found]) for place in (0, 1)]
        assert unknown[0] <= unknown[1] + 0.02


def test_what_the_one_did_not_send_says_so_and_is_no_clean_bill(pairs_by_indicator):
    silent = [pair[FIRST] for pair in pairs_by_indicator.values() if "did not send" in pair[FIRST]["not_comparable"]]
    assert len({row["indicator"] for row in silent}) >= 8
    assert {(row["outlier_alert"], row["share"], row["base"], row["q_value"]) for row in silent} == {(None,) * 4}
