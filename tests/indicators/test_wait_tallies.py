"""Is every record of a wait counted on its day, under its ending, or passed out by name?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured_forms import visits, wait_to_charge

from assay.engine import ExpressionEngine
from assay.errors import DefinitionError
from assay.indicators import plain_wait, wait_counts, wait_groups

FOLLOWED = {"in_base": True, "cancelled": False, "ends_known": True, "days_seen": 100}


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


def counts(engine, rows, wait=None):
    table = engine.table("visit", rows)
    found = engine.run(wait_counts(wait or wait_to_charge(), table)).to_pylist()
    return {(r["answer"], r["reason"], r["days"], r["ending"] or ""): r["records"] for r in found}


def only_wait(engine, **changes):
    row = visits({**FOLLOWED, **changes})
    found = counts(engine, row)
    assert list(found.values()) == [1]
    assert list(found) == [plain_wait(wait_to_charge(), row.to_pylist()[0])]
    return next(iter(found))


def test_a_record_that_has_not_ended_waits_until_it_was_last_seen(engine):
    assert only_wait(engine) == ("counted", "", 100, "still waiting")


def test_the_earliest_ending_counts(engine):
    assert only_wait(engine, days_to_charged=40, days_to_closed=30) == ("counted", "", 30, "closed")
    assert only_wait(engine, days_to_charged=20, days_to_closed=30) == ("counted", "", 20, "charged")


def test_of_two_endings_on_one_day_the_first_named_counts(engine):
    assert only_wait(engine, days_to_charged=30, days_to_closed=30) == ("counted", "", 30, "charged")


def test_an_ending_on_the_last_day_seen_is_an_ending(engine):
    assert only_wait(engine, days_to_closed=100) == ("counted", "", 100, "closed")


def test_an_ending_on_the_day_of_the_start_is_a_wait_of_no_days(engine):
    assert only_wait(engine, days_to_charged=0, days_seen=0) == ("counted", "", 0, "charged")


def test_what_cannot_be_placed_is_passed_out_by_name(engine):
    assert only_wait(engine, days_to_charged=-1)[:2] == ("not known", "an ending before the start")
    assert only_wait(engine, days_to_charged=101)[:2] == ("not known", "an ending after the last day seen")
    assert only_wait(engine, days_seen=None)[:2] == ("not known", "the day of its start is not known")
    assert only_wait(engine, ends_known=False)[:2] == ("not known", "it is not known which endings happened")
    assert only_wait(engine, ends_known=None)[:2] == ("not known", "it is not known which endings happened")


def test_a_wait_has_the_upper_rungs_of_a_ladder(engine):
    assert only_wait(engine, in_base=False)[0] == "outside"
    assert only_wait(engine, cancelled=True)[:2] == ("left out", "cancelled")
    assert only_wait(engine, in_base=None)[0] == "not known if counted"


def test_like_records_are_counted_together(engine):
    rows = visits(FOLLOWED, FOLLOWED, {**FOLLOWED, "days_to_closed": 3})
    assert counts(engine, rows) == {("counted", "", 100, "still waiting"): 2, ("counted", "", 3, "closed"): 1}


def test_a_wait_without_competing_endings_counts_too(engine):
    found = counts(engine, visits({**FOLLOWED, "days_to_charged": 5}), wait_to_charge(competing=()))
    assert found == {("counted", "", 5, "charged"): 1}


def test_parts_of_a_day_are_refused():
    with pytest.raises(DefinitionError, match="whole days"):
        plain_wait(wait_to_charge(), {**FOLLOWED, "days_to_charged": 1.5, "days_to_closed": None})


def test_the_counts_of_a_place_and_split_are_pooled_for_its_curve(engine):
    child = {**FOLLOWED, "when_reported": "child when reported", "days_to_charged": 4}
    rows = visits(child, {**child, "force_code": "X2"}, {**FOLLOWED, "force_code": "X2"}, {**child, "cancelled": True})
    wait = wait_to_charge(split="when_reported")
    tally = engine.run(wait_counts(wait, engine.table("visit", rows)))

    def groups(*where):
        return sorted(zip(*map(list, wait_groups(tally, *where)), strict=True))

    assert groups() == [(4, "charged", 2), (100, "still waiting", 1)]
    assert groups("X2") == [(4, "charged", 1), (100, "still waiting", 1)]
    assert groups("X2", "not known") == [(100, "still waiting", 1)]
    assert groups("X9") == []


DAYS = st.none() | st.integers(-2, 6)
TRUTH = st.sampled_from([True, True, False, None])
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "in_base": TRUTH,
            "cancelled": st.sampled_from([False, False, True, None]),
            "ends_known": TRUTH,
            "days_to_charged": DAYS,
            "days_to_closed": DAYS,
            "days_seen": DAYS,
        }
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(RECORDS)
def test_engine_and_plain_python_count_every_record_alike(engine, records):
    rows = visits(*records)
    by_hand = {}
    for row in rows.to_pylist():
        place = plain_wait(wait_to_charge(), row)
        by_hand[place] = by_hand.get(place, 0) + 1
    assert counts(engine, rows) == by_hand
    assert sum(by_hand.values()) == len(records)
