"""Is a share on a small base suppressed, and everything that would reveal it?"""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.sdc import declared_tables, policy
from assay.sdc.sum_ranges import cell_range
from sdc.test_record_level import protected, released_ladder, standing_row

POLICY = policy("record level")
SIDES = ("met", "not_met")


def possible(row):
    """The lowest and the highest share of met that the row leaves possible, to whoever knows the policy."""
    ranges = [cell_range(row, name, POLICY) for name in SIDES]
    ends = [met / (met + not_met) for met, not_met in product(*ranges)]
    return min(ends), max(ends)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 19), st.integers(1, 19))
def test_a_share_on_fewer_than_twenty_is_not_shown_and_cannot_be_told_to_within_twenty_in_a_hundred(met, not_met):
    row = released_ladder(met=met, not_met=not_met)
    shown_counts = [row[name] for name in SIDES]
    if None in shown_counts:  # otherwise both sides are 8 or more, and are shown as 20 or more together
        low, high = possible(row)
        assert row["share"] is None
        assert high - low >= 0.2
    else:
        assert sum(shown_counts) >= POLICY.minimum_base


def test_where_a_side_is_nobody_everyone_can_tell_and_the_policy_says_so():
    row = released_ladder(met=0, not_met=10)
    assert (row["share"], row["met"]) == (None, 0)
    assert "must be able to say 'none was told'" in POLICY.reason


def test_what_is_shrunk_towards_the_other_forces_goes_with_its_base_too():
    (row,) = protected([standing_row(met=9, not_met=4)], "force_estimates")
    assert [row[name] for name in ("share", "share_low", "share_high", "rank", "expected", "q_value")] == [None] * 6


BASES = {name for form in declared_tables().values() if form.protects for name in (form.name,)}


@pytest.mark.parametrize("name", sorted(BASES))
def test_every_protected_share_says_what_it_rests_on(name):
    """A share that names no counts would be shown on any base."""
    form = declared_tables()[name]
    shares = [column for column in form.columns if column.protect and column.kind in ("share", "number")]
    assert [
        column.name
        for column in shares
        if not (column.base_counts or form.curve_source or column.name in form.largest_contributions)
    ] == []
