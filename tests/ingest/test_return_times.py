"""Which times of a return cannot both be right? (R41 to R49)"""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pencil_store import Row, broken, lines, store_of

from assay import contract
from assay.ingest import time_order_checks
from assay.ingest.staging_store import StagingStore
from assay.ingest.time_order_checks import COLUMN_PAIRS, STEP_PAIRS


def checked(*, complete: tuple[str, ...] = (), **tables: list[Row]) -> StagingStore:
    store = store_of(complete=complete, **tables)
    time_order_checks.check(store)
    return store


def event(number: int, kind: str, happened_at: str, **fields: object) -> Row:
    return {"event_ref": f"E{number}", "kind": kind, "happened_at": happened_at} | fields


# R41

IN_ROW: dict[str, Row] = {
    "crimes": {"crime_ref": "C1", "recorded_at": None}, "reports": {"report_ref": "R1", "received_at": None},
    "flags": {"flag_ref": "F1"}, "missing": {"missing_ref": "M1", "started_at": None},
    "orders": {"order_ref": "O1", "made_at": None}, "registers": {"register_ref": "G1", "started_on": None},
    "agencies": {"entry_ref": "A1", "started_on": None}, "groups": {"group_ref": "G1"},
    "approaches": {"approach_ref": "A1"}, "referrals": {"referral_ref": "R1", "made_at": None},
    "profiles": {"profile_ref": "P1"}, "claims": {"claim_ref": "C1"}, "overlap_counts": {"overlap_ref": "O1"},
}  # fmt: skip


@pytest.mark.parametrize("pair", COLUMN_PAIRS, ids=lambda pair: f"{pair.table}-{pair.end_column}")
def test_in_one_row_what_comes_later_does_not_lie_before(pair):
    row = IN_ROW[pair.table]
    wrong = row | {pair.start_column: "2026-05-02", pair.end_column: "2026-05-01"}
    right = row | {pair.start_column: "2026-05-01", pair.end_column: "2026-05-02"}
    store = checked(**{pair.table: [wrong, right]})
    assert broken(store, "R41") == [(pair.table, pair.end_column, 2)]
    assert lines(store, pair.table) == [2, 3]


def test_every_pair_names_columns_of_the_contract_in_their_own_kind():
    for pair in COLUMN_PAIRS:
        kinds = {contract.table(pair.table).column(name).kind for name in (pair.start_column, pair.end_column)}
        assert kinds == {"date" if pair.are_days else "when"}, pair


@pytest.mark.parametrize(
    ("sentence", "reported_at", "recorded_at", "clash"),
    [
        ("one minute before", "2026-05-12T10:00", "2026-05-12T09:59", True),
        ("the same minute", "2026-05-12T10:00", "2026-05-12T10:00", False),
        ("both on a day alone, the same", "2026-05-12", "2026-05-12", False),
        ("reported on a day alone, recorded in its first hour", "2026-05-12", "2026-05-12T00:30", False),
        ("reported on a day alone, recorded the evening before", "2026-05-12", "2026-05-11T23:59", True),
        ("recorded on a day alone, reported in its last minute", "2026-05-12T23:59", "2026-05-12", False),
        ("no time of report", None, "2026-05-12", False),
    ],
)
def test_a_day_alone_clashes_with_a_time_only_where_no_minute_of_it_fits(sentence, reported_at, recorded_at, clash):
    store = checked(crimes=[{"crime_ref": "C1", "reported_at": reported_at, "recorded_at": recorded_at}])
    assert bool(broken(store, "R41")) == clash, sentence


minutes = st.datetimes(datetime(2026, 3, 1), datetime(2026, 4, 30)).map(lambda t: t.isoformat()[:16])


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(minutes, minutes), min_size=5, max_size=40))
def test_knowing_only_the_days_never_finds_a_clash_that_the_minutes_do_not_have(pairs):
    """What is certain of two days is certain of any minutes of them."""
    exact = [{"crime_ref": str(n), "reported_at": a, "recorded_at": b} for n, (a, b) in enumerate(pairs)]
    coarse = [row | {"reported_at": row["reported_at"][:10], "recorded_at": row["recorded_at"][:10]} for row in exact]
    assert set(broken(checked(crimes=coarse), "R41")) <= set(broken(checked(crimes=exact), "R41"))


# R42, R43


@pytest.mark.parametrize(
    ("sentence", "life", "is_counted"),
    [
        ("born before, alive", {"date_of_birth": "2011-02-03"}, False),
        ("born the day after", {"date_of_birth": "2026-04-21"}, True),
        ("died the day before", {"died_on": "2026-04-19"}, True),
        ("died that day", {"died_on": "2026-04-20"}, False),
        ("nothing known", {}, False),
    ],
)
@pytest.mark.parametrize("expected_lines", [{"person_ref": "N1"}, {"involvement_ref": "V1"}])
def test_an_event_lies_within_the_life_of_its_person(sentence, life, is_counted, expected_lines):
    person = {"involvement_ref": "V1", "crime_ref": "C1", "person_ref": "N1"} | life
    store = checked(involvements=[person], events=[event(1, "victim_contacted", "2026-04-20T10:00", **expected_lines)])
    assert bool(broken(store, "R42")) == is_counted, sentence


@pytest.mark.parametrize(
    ("sentence", "happened_at", "is_counted"),
    [
        ("before the report", "2026-04-09T07:59", True),
        ("after the report", "2026-04-09T08:01", False),
        ("on the day of the report, no hour", "2026-04-09", False),
        ("on the day before it, no hour", "2026-04-08", True),
    ],
)
def test_a_step_comes_after_the_report_of_its_crime(sentence, happened_at, is_counted):
    crime = {"crime_ref": "C1", "occurred_from": "2026-04-01", "reported_at": "2026-04-09T08:00"}
    store = checked(crimes=[crime], events=[event(1, "investigation_opened", happened_at, crime_ref="C1")])
    assert bool(broken(store, "R43")) == is_counted, sentence


def test_a_step_comes_after_the_offence_and_a_return_interview_after_the_child_was_missed():
    store = checked(
        crimes=[{"crime_ref": "C1", "occurred_from": "2026-04-12"}],
        missing=[{"missing_ref": "M1", "started_at": "2026-04-15T20:00"}],
        events=[
            event(1, "investigation_opened", "2026-04-11", crime_ref="C1"),
            event(2, "return_interview_completed", "2026-04-15T19:00", missing_ref="M1"),
            event(3, "return_interview_completed", "2026-04-16T19:00", missing_ref="M1"),
        ],
    )
    assert broken(store, "R43") == [("events", "happened_at", 2), ("events", "happened_at", 3)]


# R44


@pytest.mark.parametrize(
    ("notice_at", "is_counted"), [("2026-04-19T09:59", True), ("2026-04-19T10:00", False), ("2026-04-19", False)]
)
def test_a_notice_comes_after_what_it_reports(notice_at, is_counted):
    arrest = event(1, "suspect_arrested", "2026-04-19T10:00", crime_ref="C1")
    notice = event(2, "victim_informed", notice_at, crime_ref="C1", about_event_ref="E1")
    assert broken(checked(events=[arrest, notice]), "R44") == ([("events", "happened_at", 3)] if is_counted else [])


@pytest.mark.parametrize(("later", "earlier_step", "thing"), STEP_PAIRS)
def test_a_step_comes_after_the_step_before_it(later, earlier_step, thing):
    def lines_of(moment: str) -> list[int]:
        steps = [event(1, earlier_step, "2026-05-02", **{thing: "X"}), event(2, later, moment, **{thing: "X"})]
        return [line for _, _, line in broken(checked(events=steps), "R44")]

    assert lines_of("2026-05-01") == [3]
    assert lines_of("2026-05-02") == lines_of("2026-05-03") == []


def test_a_device_examined_after_one_of_two_submissions_is_in_order():
    steps = [("device_submitted", "2026-05-01"), ("device_submitted", "2026-05-09"), ("device_examined", "2026-05-05")]
    store = checked(events=[event(n, kind, moment, exhibit_ref="X1") for n, (kind, moment) in enumerate(steps)])
    assert broken(store, "R44") == []


def test_the_request_of_one_victim_does_not_date_the_decision_of_another():
    request_event = event(1, "vrr_requested", "2026-05-09", crime_ref="C1", person_ref="N1")
    decided = event(2, "vrr_decided", "2026-05-01", crime_ref="C1", person_ref="N2")
    assert broken(checked(events=[request_event, decided]), "R44") == []


# R45 to R49


def timed(crime: Row, *received_at: str) -> StagingStore:
    reports = [{"report_ref": f"R{n}", "received_at": report_time} for n, report_time in enumerate(received_at)]
    ties = [{"report_ref": report["report_ref"], "crime_ref": "C1"} for report in reports]
    return checked(crimes=[{"crime_ref": "C1"} | crime], reports=reports, report_crimes=ties)


@pytest.mark.parametrize(
    ("received", "is_counted"),
    [
        (["2026-04-11T09:00"], False),  # 24 hours after it was recorded
        (["2026-04-11T09:01"], True),
        (["2026-04-11T09:01", "2026-04-10T08:00"], False),
        (["2026-04-11"], False),
        (["2026-04-12"], True),
    ],
)
def test_a_crime_recorded_a_day_before_every_report_of_it_is_counted(received, is_counted):
    assert bool(broken(timed({"recorded_at": "2026-04-10T09:00"}, *received), "R45")) == is_counted


@pytest.mark.parametrize(
    ("recorded", "received", "is_counted"),
    [
        ("2026-03-28T12:00", "2026-03-29T12:30", False),  # 23 hours 30 minutes: the clocks went forward between
        ("2025-10-25T12:00", "2025-10-26T11:30", True),  # 24 hours 30 minutes: the clocks went back
    ],
)
def test_a_day_is_24_hours_also_where_the_clocks_change(recorded, received, is_counted):
    assert bool(broken(timed({"recorded_at": recorded}, received), "R45")) == is_counted


@pytest.mark.parametrize(
    ("reported", "received", "is_counted"),
    [
        ("2026-04-10T08:00", ["2026-04-10T09:00"], False),
        ("2026-04-08T08:00", ["2026-04-10T09:00", "2026-04-20"], True),
        ("2026-04-10T08:00", ["2026-04-08T08:00"], True),
        ("2026-04-10", ["2026-04-11T23:00"], False),
        (None, ["2026-04-11T23:00"], False),
    ],
)
def test_a_report_and_its_crime_that_are_a_day_apart_are_counted(reported, received, is_counted):
    store = timed({"reported_at": reported, "recorded_at": "2026-04-30"}, *received)
    assert bool(broken(store, "R49")) == is_counted


def test_one_step_entered_twice_is_counted_once():
    person_fields = {"crime_ref": "C1", "person_ref": "N1"}
    steps = [
        event(1, "victim_contacted", "2026-05-02T10:00", entered_at="2026-05-02", **person_fields),
        event(2, "victim_contacted", "2026-05-02T10:00", entered_at="2026-05-03", **person_fields),
        event(3, "victim_contacted", "2026-05-02T10:01", **person_fields),
    ]
    store = checked(events=steps)
    assert broken(store, "R46") == [("events", "event_ref", 3)]
    assert lines(store, "events") == [2, 3, 4]


@pytest.mark.parametrize(
    ("entered_at", "is_counted"),
    [
        ("2026-05-02T09:59", True),
        ("2026-05-02", False),
        ("2026-05-30T10:00", False),  # 28 days
        ("2026-05-30T10:01", True),
        (None, False),
    ],
)
def test_a_step_entered_before_it_happened_or_long_after_is_counted(entered_at, is_counted):
    store = checked(events=[event(1, "victim_contacted", "2026-05-02T10:00", crime_ref="C1", entered_at=entered_at)])
    assert bool(broken(store, "R47")) == is_counted


def flag(number: int, added: str, removed: str | None, **fields: object) -> Row:
    return {"flag_ref": f"F{number}", "crime_ref": "C1", "added_at": added, "removed_at": removed} | fields


@pytest.mark.parametrize(
    ("sentence", "first_spell", "other", "is_counted"),
    [
        ("one after the other", ("2026-04-01", "2026-04-05"), ("2026-04-07", "2026-04-09"), False),
        ("ended and begun on one day", ("2026-04-01", "2026-04-05"), ("2026-04-05", "2026-04-09"), False),
        ("sharing days", ("2026-04-01", "2026-04-06"), ("2026-04-04", "2026-04-09"), True),
        ("the first is still running", ("2026-04-01", None), ("2026-04-04", "2026-04-09"), True),
        ("the second is still running", ("2026-04-01", "2026-04-06"), ("2026-04-04", None), True),
    ],
)
def test_two_spells_of_one_flag_on_one_crime_do_not_share_a_minute(sentence, first_spell, other, is_counted):
    store = checked(complete=("flags",), flags=[flag(1, *first_spell), flag(2, *other)])
    assert broken(store, "R48") == ([("flags", "added_at", 3)] if is_counted else []), sentence


def test_a_spell_without_an_end_runs_on_only_where_the_table_is_complete():
    spells = [flag(1, "2026-04-01", None), flag(2, "2026-04-04", "2026-04-09")]
    assert broken(checked(flags=spells), "R48") == []


def test_two_flags_or_two_crimes_may_share_days():
    spells = [flag(1, "2026-04-01", "2026-04-09"), flag(2, "2026-04-02", "2026-04-08", flag="csa")]
    spells += [flag(3, "2026-04-02", "2026-04-08", crime_ref="C2")]
    assert broken(checked(complete=("flags",), flags=spells), "R48") == []


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("registers", {"register_ref": "G"}),
        ("missing", {"missing_ref": "M", "person_ref": "N1"}),
        ("agencies", {"entry_ref": "A", "surname": "Example", "date_of_birth": "2011-02-03"}),
    ],
)
def test_one_child_is_on_one_list_or_missing_once_at_a_time(table, row):
    start, ends = ("started_at", "ended_at") if table == "missing" else ("started_on", "ended_on")
    rows = [row | {start: "2026-04-01", ends: "2026-04-06"}, row | {start: "2026-04-04", ends: "2026-04-09"}]
    assert broken(checked(**{table: rows}), "R48") == [(table, start, 3)]
