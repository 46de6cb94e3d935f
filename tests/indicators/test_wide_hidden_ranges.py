"""Does a range of hidden children say when it is too wide to be of use, and which list would narrow it most?"""

from dataclasses import replace

import pytest
from test_hidden_children import FIRST, H, L, M, P, independent, list_set

from assay.indicators.catalogue.scale.hidden.hidden_sentences import sentences
from assay.indicators.catalogue.scale.hidden.hidden_tables import build_hidden_tables
from assay.indicators.catalogue.scale.hidden.narrowing_lists import (
    TOO_WIDE_RATIO,
    is_too_wide,
    narrowing_order,
    narrowing_sentence,
    recapture_shares,
)
from assay.indicators.catalogue.scale.scale_parts import read_hidden
from assay.stats.multiple_systems.ensemble import MAXIMUM_RANGE_RATIO

E, V, R = "education", "voluntary", "referral_mechanism"
LISTS = list_set(independent(2000, 0.25, 0.2, 0.15))


def with_list(kind, overlap, rest=100, place="INV02"):
    """A force with police crimes of 100 children, so many of whom are on the list of a partner too."""
    return list_set({P: 100 - overlap, f"{P}*{kind}": overlap, kind: rest - overlap}, place=place)


@pytest.mark.parametrize(("low", "high", "wide"), [(100, 300, False), (100, 301, True), (960, 4600, True)])
def test_a_range_is_too_wide_where_its_upper_end_is_more_than_three_times_its_lower(low, high, wide):
    assert TOO_WIDE_RATIO == MAXIMUM_RANGE_RATIO == 3
    assert is_too_wide(low, high) is wide


def test_the_list_that_holds_most_children_of_other_lists_elsewhere_narrows_most():
    police_lists = list_set({P: 50, M: 40, f"{P}*{M}": 20})
    shares = recapture_shares([with_list(H, 10), with_list(V, 40, place="INV03")], FIRST)
    assert (shares[H], shares[V]) == (0.1, 0.4)
    assert narrowing_order(police_lists, shares)[:2] == [V, H]
    assert narrowing_order(police_lists, {H: 0.4, V: 0.1})[:2] == [H, V]


def test_a_list_that_nobody_sent_comes_after_those_of_which_something_is_known_and_is_no_zero():
    order = narrowing_order(LISTS, {V: 0.01})
    assert order[0] == V
    assert set(order) >= {E, "referral_mechanism"}


def test_a_list_that_feeds_or_is_fed_by_one_that_came_follows_one_that_does_not():
    """Health and education came: the local authority's list takes from both, so that it would widen the range."""
    lists = list_set({H: 50, E: 40, f"{H}*{E}": 20})
    assert narrowing_order(lists, {L: 0.9, V: 0.2})[0] == V


def test_a_wide_range_says_so_with_the_rule_and_the_list_to_ask_for():
    tables = build_hidden_tables([LISTS, with_list(V, 40)], ["INV01"], [FIRST])
    row = next(row for row in tables["hidden_victims"].to_pylist() if row["place_code"] == "INV01")
    assert row["high"] / row["low"] > 3
    text = sentences(row)[2]
    assert "too wide to be of use" in text
    assert "more than 3 times" in text
    assert "voluntary" in text.casefold() or "charit" in text.casefold()


def test_the_part_of_the_scale_says_it_too():
    tables = build_hidden_tables([LISTS, with_list(V, 40)], ["INV01"], [FIRST])
    assert "too wide to be of use" in read_hidden(tables["hidden_victims"])["INV01"].methods


def test_the_lists_of_all_forces_together_are_no_place_from_which_a_list_is_judged():
    """In the one other force the list of education holds more of the children than the referral mechanism."""
    lists = list_set(independent(2000, 0.25, 0.2, 0.15))
    other = list_set({P: 60, f"{P}*{E}": 40, f"{P}*{R}": 10})
    place = replace(other, place="INV02")
    all_forces = replace(list_set({P: 10, f"{P}*{R}": 90}), place="ALL")
    tables = build_hidden_tables([lists, place, all_forces], ["INV01"], [FIRST])
    row = next(row for row in tables["hidden_victims"].to_pylist() if row["place_code"] == "INV01")
    assert row["ask_for"] == narrowing_sentence(lists, recapture_shares([place], FIRST))
    assert row["ask_for"] != narrowing_sentence(lists, recapture_shares([place, all_forces], FIRST))


def test_where_every_list_came_no_further_one_is_asked_for():
    lists = list_set({"*".join((L, H, "referral_mechanism", E, V, P)): 10})
    assert narrowing_sentence(lists, {}).startswith("No further list")
