"""Is a force compared on its results for each offence code, and not on its mix of offences?"""

import pytest
from compared import YEAR

from assay.compare import CodeOutcomes, standardise


def row(place, code, numerator, base, pending=0.1, measure="charged-of-closed"):
    return CodeOutcomes(measure, place, code, YEAR, numerator, base, pending)


def country():
    """Five forces: in all of them 1 in 10 of 'A' and 4 in 10 of 'B' are charged, but their mixes differ."""
    mixes = {"E23000001": (900, 100), "E23000002": (500, 500), "E23000003": (100, 900)}
    mixes |= {"E23000004": (300, 700), "E23000005": (800, 200)}
    return [
        row(place, code, base * part // 10, base)
        for place, bases in mixes.items()
        for code, base, part in zip("AB", bases, (1, 4), strict=True)
    ]


def test_forces_that_differ_only_in_their_offences_do_as_expected():
    for found in standardise(country()).to_pylist():
        assert found["observed"] == found["expected"]
        assert found["ratio"] == pytest.approx(1.0, abs=0.02)
        assert found["ratio_low"] < 1 < found["ratio_high"]


def test_the_expected_count_by_hand():
    rows = [*country(), row("E23000006", "A", 50, 100), row("E23000006", "B", 10, 100)]
    found = standardise(rows).to_pylist()[-1]
    # A: (260 + 50) of (2600 + 100); B: (960 + 10) of (2400 + 100)
    assert found["expected"] == pytest.approx(100 * 310 / 2700 + 100 * 970 / 2500)
    assert (found["observed"], found["base"]) == (60, 200)
    assert found["ratio"] > 1


def test_the_ratio_is_drawn_in():
    rows = [*country(), row("E23000006", "A", 6, 20)]
    found = standardise(rows).to_pylist()[-1]
    assert 1 < found["ratio"] < found["observed"] / found["expected"]


def test_a_force_that_waits_for_outcomes_has_no_ratio_and_does_not_move_the_others():
    rows = [*country(), row("E23000006", "A", 0, 5000, pending=0.4)]
    found = standardise(rows).to_pylist()
    assert found[-1]["ratio"] is found[-1]["expected"] is None
    assert found[-1]["base"] == 5000
    assert found[0]["expected"] == standardise(country()).to_pylist()[0]["expected"]


def test_a_count_that_is_not_known_leaves_the_force_without_a_ratio():
    rows = [*country(), row("E23000006", "A", None, 100), row("E23000006", "B", 5, 10)]
    found = standardise(rows).to_pylist()[-1]
    assert found["observed"] is found["ratio"] is None


def test_totals_are_not_standardised():
    places = standardise([*country(), row("EW", "A", 100, 1000)])["place_code"].to_pylist()
    assert "EW" not in places
    assert len(places) == 5


def test_common_outcomes_have_narrower_intervals_than_poisson_counts():
    """900 of 1,000 varies by 9.5, not by 30: a third of the width that a Poisson count would have."""
    rows = [row(f"E230000{n:02}", "A", 900 + n, 1000) for n in range(8)]
    found = standardise(rows).to_pylist()[0]
    assert found["ratio_high"] - found["ratio_low"] < 0.03
