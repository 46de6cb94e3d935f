"""Are forces ordered over all failings together by how many are expected, worst first?"""

import pytest
from test_compare_indicators import ARREST
from test_taken_together import MODE

from assay.compare.expected_failings import expected_failings
from assay.indicators import EVERYWHERE
from assay.indicators.indicator_catalogue import find_form

CONTACT = find_form("contact_agreed")
"""A standard in law that is no measure of a failure mode here."""


def mode_row(place, p_value, mode="F8"):
    return {"failure_mode": mode, "place_code": place, "p_value": p_value}


def standard_row(place, met, p_value, form=CONTACT):
    return {"indicator": form.key, "place_code": place, "met": met, "base": 100, "expected": 0.8, "p_value": p_value}


def found(tests=(), estimates=(), forms=(CONTACT,)):
    return expected_failings(tests, estimates, forms, MODE)


def test_the_number_is_the_sum_of_the_largest_probabilities_of_all_failings():
    """A p-value of 0.05 makes at most 0.114 and one of 0.001 at most 0.737."""
    first, second = found([mode_row("INV01", 0.05), mode_row("INV02", 0.05), mode_row("INV02", 0.001, "F9")])
    assert (first.place_code, first.rank, first.compared) == ("INV02", 1, 2)
    assert first.expected == pytest.approx(0.851, abs=0.001)
    assert second.expected == pytest.approx(0.114, abs=0.001)


def test_a_standard_counts_against_a_force_only_where_its_share_lies_lower():
    """Two-sided 0.002 is one-sided 0.001 for 60 of 100 where 80 are expected, and 0.999 for 95 of 100."""
    worse, better = found((), [standard_row("INV01", 60, 0.002), standard_row("INV02", 95, 0.002)])
    assert (worse.place_code, better.place_code) == ("INV01", "INV02")
    assert worse.expected == pytest.approx(0.737, abs=0.001)
    assert better.expected == pytest.approx(0.05, abs=0.001)


def test_a_measure_of_a_failure_mode_is_not_counted_a_second_time_as_a_standard():
    assert ARREST.key in MODE["F8"]
    [force] = found([mode_row("INV01", 0.05)], [standard_row("INV01", 10, 1e-9, ARREST)], (ARREST,))
    assert force.compared == 1


def test_a_force_that_is_compared_on_nothing_and_the_sum_of_all_have_no_place():
    rows = [standard_row("INV01", 80, None), standard_row(EVERYWHERE, 60, 0.002)]
    assert found([mode_row("INV01", None)], rows) == []
