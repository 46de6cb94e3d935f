"""Is what hangs on a column that a force did not send not known, and never no?"""

import pytest
from test_group_facts import CHILD, CHILDREN, ORDER, TABLES, TWO_OFFENDERS, A, B, crime, crimes_against, listed
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine

WITHOUT_KIND = listed(*TWO_OFFENDERS, kind=None)
WITHOUT_PARTS = listed(("P1", None), ("P2", None))


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


def facts(engine, tables, *names):
    rows = {name: [] for name in TABLES} | {"crimes": [crime()], "involvements": [A, B, CHILD]} | tables
    kinds = {"suspect_arrested": True, "suspect_charged": True}
    return facts_of(engine, Return(**rows, kinds=kinds), *names)


def test_an_order_on_nobody_named_is_neither_on_a_child_nor_on_another(engine):
    """Of O1 it is not known on whom it was served; O2 is on a child and O3 on a place."""
    orders = [
        {**ORDER, "order_ref": ref, "served_on": subject}
        for ref, subject in (("O1", None), ("O2", "child"), ("O3", "place"))
    ]
    found = facts(engine, {"orders": orders}, "order_on_child", "disruption")
    assert {row["record_ref"]: row["in_base"] for row in found["order_on_child"]} == {"O1": None, "O2": True}
    assert {row["record_ref"]: row["disrupts"] for row in found["disruption"]} == {"O1": None, "O2": False, "O3": True}


@pytest.mark.parametrize(("served_on", "under_order"), [("suspect", True), (None, None), ("child", False)])
def test_a_person_named_by_an_order_is_under_it_as_a_suspect_only_where_that_is_known(engine, served_on, under_order):
    found = facts(
        engine, crimes_against(*CHILDREN, orders=[{**ORDER, "served_on": served_on}]), "suspected_person", "pursuit"
    )
    assert only_row(found["suspected_person"])["under_order"] is under_order
    assert {row["under_order"] for row in found["pursuit"]} == {under_order}


def test_an_order_of_which_it_is_not_known_leaves_another_persons_order_as_it_is(engine):
    orders = [{**ORDER, "served_on": None}, {**ORDER, "order_ref": "O2"}]
    found = facts(engine, crimes_against(*CHILDREN, orders=orders), "suspected_person")
    assert only_row(found["suspected_person"])["under_order"] is True


def by_crimes(found):
    return only_row([row for row in found["found_group"] if row["tied_by"] == "crimes"])


def test_a_group_of_unknown_kind_is_listed_and_may_be_organised_crime(engine):
    found = facts(engine, WITHOUT_KIND, "found_group", "group")
    assert (by_crimes(found)["held"], by_crimes(found)["held_as_organised"]) == (True, None)
    assert only_row(found["group"])["group_kind"] is None


def test_members_without_their_part_leave_open_who_offends_and_whether_the_group_is_listed(engine):
    found = facts(engine, WITHOUT_PARTS, "found_group", "group")
    assert by_crimes(found)["held"] is None
    group = only_row(found["group"])
    assert (group["offenders"], group["facilitators"], group["victims"], group["found"]) == (None, None, None, None)


REPORTS = {"report_crimes": [{"report_ref": ref, "crime_ref": "1"} for ref in ("R1", "R2")], "involvements": [A, CHILD]}


def report(ref, received):
    return {"report_ref": ref, "received_at": received}


def test_a_report_without_its_time_is_not_known_to_be_of_the_period(engine):
    rows = {"reports": [report("R1", None), report("R2", "2026-04-07T10:00"), report("R3", "2025-04-07T10:00")]}
    found = facts(engine, REPORTS | rows, "report")
    assert {row["report_ref"]: row["in_base"] for row in found["report"]} == {"R1": None, "R2": True, "R3": False}


@pytest.mark.parametrize(
    ("first", "stated", "reported"),
    [
        ("2026-04-01T10:00", "2026-04-08T08:30", "2026-04-01"),
        (None, "2026-04-08T08:30", "2026-04-08"),  # the earliest report may be the one without a time
        (None, None, None),
    ],
)
def test_a_crime_is_as_old_as_its_first_report_or_as_its_record_says_where_that_is_not_known(
    engine, first, stated, reported
):
    rows = {"reports": [report("R1", first), report("R2", "2026-04-20T10:00")], "crimes": [crime(reported_at=stated)]}
    found = facts(engine, REPORTS | rows, "crime")
    day = only_row(found["crime"])["report_day"]
    assert (None if day is None else str(day)) == reported


def test_an_item_whose_crime_is_not_sent_is_of_no_known_period(engine):
    found = facts(engine, {"exhibits": [{"exhibit_ref": "X1"}, {"exhibit_ref": "X2", "crime_ref": "1"}]}, "device")
    assert {row["exhibit_ref"]: row["in_base"] for row in found["device"]} == {"X1": None, "X2": True}


@pytest.mark.parametrize(
    ("extent", "area", "place"),
    [("whole_force", None, "the whole force"), (None, None, None), (None, "North", "North")],
)
def test_a_way_of_working_is_of_the_whole_force_only_where_that_is_said(engine, extent, area, place):
    row = {"approach_ref": "W1", "approach_kind": "other", "covers": extent, "area": area, "began_on": "2025-04-01"}
    assert only_row(facts(engine, {"approaches": [row]}, "approach")["approach"])["place"] == place
