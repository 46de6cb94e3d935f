"""What does a cell that was set aside, a day that is not covered, or an early extraction leave unknown?"""

import pytest
from record_rows import crime, event, suspect, victim
from tiny import Return, facts_of, minute, only_row

from assay.engine import ExpressionEngine

EVERY_CHARGE = {"suspect_charged": True, "charge_decision": True, "transfer_accepted": True, "victim_contacted": True,
                "victim_informed": True}  # fmt: skip


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


def crimes_of(engine, *crimes, kinds=None, **more):
    """The facts of crimes, by their reference."""
    data = Return(crimes=crimes, kinds=EVERY_CHARGE if kinds is None else kinds, **{"events": []} | more)
    return {row["crime_ref"]: row for row in facts_of(engine, data, "crime")["crime"]}


def cell(table, column, ref):
    """A value that was set aside on receipt."""
    return {"table_name": table, "kind": "", "column_name": column, "record_ref": ref}


@pytest.mark.parametrize(
    ("column", "fact"),
    [
        ("cancelled_at", "cancelled"),
        ("transferred_to_force", "transferred"),
        ("closed_at", "closed"),
        ("outcome_code", "closed"),
        ("outcome_code", "charged"),
    ],
)
def test_a_value_set_aside_is_not_an_empty_cell(engine, column, fact):
    """Two crimes with nothing in the cell; in one of them something stood there that could not be read."""
    found = crimes_of(engine, crime("empty"), crime("lost"), incomplete=[cell("crimes", column, "lost")])
    assert (found["empty"][fact], found["lost"][fact]) == (False, None)


def test_a_lost_outcome_may_have_named_a_suspect(engine):
    lost = [cell("crimes", "outcome_code", "lost")]
    found = crimes_of(engine, crime("empty"), crime("lost"), incomplete=lost, involvements=[])
    assert (found["empty"]["suspect_identified"], found["lost"]["suspect_identified"]) == (False, None)


@pytest.mark.parametrize("column", ["ethnicity_self", "ethnicity_officer"])
def test_an_ethnicity_set_aside_is_not_unrecorded(engine, column):
    people = [suspect("empty", "C"), suspect("lost", "C")]
    data = Return(crimes=[crime("C")], involvements=people, incomplete=[cell("involvements", column, "lost")])
    rows = facts_of(engine, data, "suspect")["suspect"]
    recorded = {row["record_ref"]: row[f"{column}_recorded"] for row in rows}
    assert recorded == {"empty": False, "lost": None}


def test_a_child_whose_return_was_set_aside_may_be_back(engine):
    episodes = [{"missing_ref": ref, "started_at": "2026-06-01T20:00"} for ref in ("empty", "lost")]
    data = Return(missing=episodes, incomplete=[cell("missing", "ended_at", "lost")])
    rows = facts_of(engine, data, "missing_episode")["missing_episode"]
    assert {row["record_ref"]: row["returned"] for row in rows} == {"empty": False, "lost": None}


def test_a_value_set_aside_takes_no_promise_from_other_lists(engine):
    found = crimes_of(engine, crime("C"), incomplete=[cell("crimes", "source_of_report", "C")])
    assert (found["C"]["charged"], found["C"]["cancelled"]) == (False, False)


def test_a_lost_last_day_of_the_offence_may_be_as_late_as_the_report(engine):
    """Born 10 April 2008: 17 on 1 April 2026, 18 on the day of the report, the 20th."""
    crimes, people = (
        [crime("empty"), crime("lost")],
        [victim(f"v {ref}", ref, "2008-04-10") for ref in ("empty", "lost")],
    )
    data = Return(crimes=crimes, involvements=people, incomplete=[cell("crimes", "occurred_to", "lost")])
    rows = facts_of(engine, data, "victim")["victim"]
    assert {row["crime_ref"]: row["child_at_offence"] for row in rows} == {"empty": True, "lost": None}


def test_outside_the_days_that_a_list_covers_its_silence_says_nothing(engine):
    """Events cover April, flags and persons from May on; one crime is recorded on the last day of April."""
    import datetime as dt

    cut_off = dt.date(2026, 5, 1)
    covered_periods = {
        "events": {"covers_to": cut_off},
        "flags": {"covers_from": cut_off},
        "involvements": {"covers_from": cut_off},
    }
    crimes = crime("april", recorded="2026-04-30T12:00"), crime("may", recorded="2026-05-01T12:00")
    found = crimes_of(engine, *crimes, flags=[], involvements=[], manifest_rows=covered_periods)
    facts = ("charged", "cse_flagged", "suspect_identified")
    assert [found["april"][fact] for fact in facts] == [False, None, None]
    assert [found["may"][fact] for fact in facts] == [None, False, False]


def test_a_wait_is_seen_up_to_the_earlier_of_two_extractions(engine):
    """Reported on 20 April; events were read on 10 May, crimes on 3 August. An outcome of 20 May is not seen yet."""
    crimes = (
        crime("later", outcome_code="16", outcome_at="2026-05-20"),
        crime("by then", outcome_code="16", outcome_at="2026-05-10"),
    )
    found = crimes_of(engine, *crimes, manifest_rows={"events": {"extracted_at": minute("2026-05-10T06:00")}})
    assert {ref: (row["days_to_closed"], row["days_seen"], row["ends_known"]) for ref, row in found.items()} == {
        "later": (None, 20, True), "by then": (20, 20, True),
    }  # fmt: skip


def test_events_that_were_not_sent_do_not_shorten_the_wait(engine):
    data = Return(crimes=[crime("C")], manifest_rows={"events": {"extracted_at": minute("2026-05-10T06:00")}})
    assert only_row(facts_of(engine, data, "crime")["crime"], crime_ref="C")["days_seen"] == 105  # 20 April to 3 August


@pytest.mark.parametrize(("kinds", "charged"), [(EVERY_CHARGE, False), ({}, None), ({"suspect_charged": False}, None)])
def test_without_an_outcome_yet_only_complete_events_say_that_nobody_was_charged(engine, kinds, charged):
    assert crimes_of(engine, crime("C", outcome_code="NOA"), kinds=kinds)["C"]["charged"] is charged


def test_an_outcome_that_closes_says_so_without_any_event(engine):
    assert crimes_of(engine, crime("C", outcome_code="18"), kinds={})["C"]["charged"] is False


def test_a_suspect_charged_on_a_crime_closed_otherwise_is_not_known(engine):
    people = [suspect("s", "C", suspect_outcome_code="1"), suspect("t", "D", suspect_outcome_code="16")]
    found = crimes_of(engine, *(crime(ref, outcome_code="16") for ref in "CD"), involvements=people)
    assert (found["C"]["charged"], found["D"]["charged"]) == (None, False)


def test_a_decision_that_does_not_say_what_was_decided_may_be_a_charge(engine):
    found = crimes_of(engine, crime("C"), events=[event("charge_decision", "2026-05-02T10:00", "C")])
    assert found["C"]["charged"] is None


def test_no_outcome_yet_and_a_day_of_closing_contradict_each_other(engine):
    found = crimes_of(engine, crime("C", outcome_code="NOA", closed_at="2026-05-21"))
    assert (found["C"]["pending"], found["C"]["closed"]) == (None, None)
