"""Which event does a notice answer that names only a kind (return contract, section 11.4)?"""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.engine import ExpressionEngine
from assay.facts.victim_notices import match_notices

START = dt.datetime(2026, 4, 20)
TEXT, TIME = pa.string(), pa.timestamp("us")
NOTICES = pa.schema(
    [("force_code", TEXT), ("crime_ref", TEXT), ("victim_ref", TEXT), ("detail", TEXT), ("about", TEXT),
     ("notice_ref", TEXT), ("informed", TIME), ("informed_last", TIME), ("informed_day", pa.date32())]
)  # fmt: skip
STEPS = pa.schema([("force_code", TEXT), ("crime_ref", TEXT), ("kind", TEXT), ("step_ref", TEXT), ("starts", TIME),
                   ("starts_last", TIME)])  # fmt: skip


def by_hand(marks):
    """The rule as it is written: each notice in turn takes the latest event that nobody has answered."""
    open_events, pairs = [], {}
    for number, is_notice in enumerate(marks):
        if not is_notice:
            open_events.append(number)
        elif open_events:
            pairs[f"M{open_events.pop()}"] = number
    return pairs


def minute(number):
    return START + dt.timedelta(minutes=number)


def rows(schema, notice_rows):
    return pa.Table.from_pylist(
        [{"force_code": "INV01", "crime_ref": "1", **row} for row in notice_rows], schema=schema
    )


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


def worked_out(engine, marks):
    """The same by the facts: which event each notice of a list of marks (True: a notice) answers."""
    notices = [
        {"victim_ref": "V", "detail": "suspect_arrested", "notice_ref": f"M{number}", "informed": minute(number),
         "informed_last": minute(number), "informed_day": START.date()}
        for number, is_notice in enumerate(marks) if is_notice
    ]  # fmt: skip
    events = [
        {"kind": "suspect_arrested", "step_ref": f"M{number}", "starts": minute(number), "starts_last": minute(number)}
        for number, is_notice in enumerate(marks) if not is_notice
    ]  # fmt: skip
    tables = (engine.table("notices", rows(NOTICES, notices)), engine.table("steps", rows(STEPS, events)))
    found = match_notices(*tables, engine.create_table)
    rows_found = engine.run(found).to_pylist()
    assert all(row["inferred"] for row in rows_found)
    return {row["event_ref"]: (row["informed"] - START) // dt.timedelta(minutes=1) for row in rows_found}


@pytest.mark.parametrize(
    ("marks", "pairs"),
    [
        ([0, 1], {"M0": 1}),
        ([0, 0, 1], {"M1": 2}),  # the latest
        ([0, 0, 1, 1], {"M1": 2, "M0": 3}),  # then the one before it
        ([1, 0, 1], {"M1": 2}),  # a notice with nothing before it answers nothing
        ([1, 1, 0, 0, 1, 0, 1, 1, 1], {"M3": 4, "M5": 6, "M2": 7}),
        ([0], {}),
    ],
)
def test_a_notice_answers_the_latest_event_that_none_has_answered(engine, marks, pairs):
    assert by_hand(marks) == pairs
    assert worked_out(engine, marks) == pairs


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=st.lists(st.booleans(), min_size=1, max_size=14))
def test_whatever_the_order_brackets_and_the_written_rule_agree(engine, marks):
    assert worked_out(engine, marks) == by_hand(marks)


def in_turn(marks):
    """The written rule with names: "E" an event, "N" a notice of the kind, a number a notice that names that event."""
    notified, silent = set(), {}
    for number, mark in enumerate(marks):
        if mark == "N":
            waiting = [
                mark_number
                for mark_number in range(number)
                if marks[mark_number] == "E" and mark_number not in notified
            ]
            if waiting:
                notified.add(waiting[-1])
                silent[f"M{waiting[-1]}"] = number
        elif mark != "E":
            notified.add(mark)
    return silent


def with_names(engine, marks):
    """The same by the facts: which event each notice without a name answers."""
    notices = [
        {"victim_ref": "V", "detail": "suspect_arrested", "about": None if mark == "N" else f"M{mark}",
         "notice_ref": f"M{number}", "informed": minute(number), "informed_last": minute(number), "informed_day": START.date()}
        for number, mark in enumerate(marks) if mark != "E"
    ]  # fmt: skip
    events = [
        {"kind": "suspect_arrested", "step_ref": f"M{number}", "starts": minute(number), "starts_last": minute(number)}
        for number, mark in enumerate(marks) if mark == "E"
    ]  # fmt: skip
    tables = (engine.table("notices", rows(NOTICES, notices)), engine.table("steps", rows(STEPS, events)))
    found = match_notices(*tables, engine.create_table)
    rows_found = engine.run(found.filter(found.inferred)).to_pylist()
    return {row["event_ref"]: (row["informed"] - START) // dt.timedelta(minutes=1) for row in rows_found}


@pytest.mark.parametrize(
    ("marks", "pairs"),
    [
        (["E", "E", 1, "N"], {"M0": 3}),  # the second was named before: the notice is of the first
        (["E", "E", "E", "N", 1, "N"], {"M2": 3, "M0": 5}),  # the second was named between the two
        (["E", "E", "N", 1, "N"], {"M1": 2, "M0": 4}),  # named when it had been answered: nothing more is taken
        (["E", "E", "E", "N", 1, 0, "N"], {"M2": 3}),
    ],
)
def test_an_event_that_was_named_is_answered_and_is_left_to_its_notice(engine, marks, pairs):
    assert in_turn(marks) == pairs
    assert with_names(engine, marks) == pairs


@st.composite
def marks_with_names(draw):
    """Up to 12 marks, of which at most three name an event that has happened."""
    marks, names = ["E"], 0
    for _ in range(draw(st.integers(1, 11))):
        mark = draw(st.sampled_from(["E", "N", "name"]))
        if mark == "name":
            names += 1
            mark = draw(st.sampled_from([n for n, mark in enumerate(marks) if mark == "E"])) if names <= 3 else "N"
        marks.append(mark)
    return marks


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=marks_with_names())
def test_whatever_is_named_and_when_the_facts_and_the_written_rule_agree(engine, marks):
    assert with_names(engine, marks) == in_turn(marks)
