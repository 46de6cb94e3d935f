"""Up to when is a clock seen? Up to the minute at which its own table was read, and never up to today."""

import ast
from pathlib import Path

import pytest
from record_rows import arrest, crime, suspect, victim
from tiny import Return, facts_of, minute, only_row

import assay
from assay.engine import ExpressionEngine

SRC = Path(assay.__file__).parent
KINDS = {"suspect_arrested": True, "victim_informed": True}
CLOCKS = {("date", "today"), ("datetime", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("time", "time")}
SQL_CLOCKS = {"now", "today"}
FIGURE_PACKAGES = (
    "reference", "engine", "stats", "contract", "text", "privacy", "sdc", "ingest", "feedback", "linkage", "facts",
    "indicators", "compare", "report",
)  # fmt: skip
"""The packages that a figure may rest on."""
MAY_READ_A_CLOCK = {"engine/provenance/folder_lock.py", "engine/provenance/ledger.py"}
"""The ledger says when something was done, and whoever holds a folder looks whether the clock went back. No figure reads
it."""


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as open_engine:
        yield open_engine


def told_of_arrest(engine, events_read_at):
    """An arrest on Monday 20 April 2026 that nobody is on record as told of; crimes were read on 3 August."""
    data = Return(
        crimes=[crime("C")],
        involvements=[victim("V", "C"), suspect("S", "C")],
        events=[arrest("A", "2026-04-20T10:00", "C")],
        kinds=KINDS,
        manifest_rows={"events": {"extracted_at": minute(events_read_at)}},
    )
    rows = facts_of(engine, data, "duty")["duty"]
    return only_row(rows, standard="vc6_arrest_enh")["state"]


@pytest.mark.parametrize(
    ("events_read_at", "state"),
    [
        ("2026-04-21T10:00", "not yet due"),  # the limit is the end of Tuesday 21 April
        ("2026-04-22T10:00", "did not happen"),
        ("2026-08-03T06:00", "did not happen"),
    ],
)
def test_a_notice_is_missed_only_if_its_limit_had_passed_when_events_were_read(engine, events_read_at, state):
    assert told_of_arrest(engine, events_read_at) == state


def test_an_open_wait_is_seen_up_to_the_day_events_were_read_and_not_up_to_the_day_crimes_were(engine):
    # Reported 20 April. Crimes were read on 3 August (105 days on), events on 30 April (10 days on).
    own_moment = Return(
        crimes=[crime("C")], events=[], manifest_rows={"events": {"extracted_at": minute("2026-04-30T06:00")}}
    )
    without_events = Return(crimes=[crime("C")])
    assert only_row(facts_of(engine, own_moment, "crime")["crime"], crime_ref="C")["days_seen"] == 10
    assert only_row(facts_of(engine, without_events, "crime")["crime"], crime_ref="C")["days_seen"] == 105


def test_a_child_back_from_missing_is_waited_for_until_events_were_read(engine):
    # Back on 1 May at 10:00; the return interview is due by 4 May, 10:00. The episodes were read in August.
    def state(read_at):
        data = Return(
            missing=[{"missing_ref": "M", "person_ref": "N", "started_at": "2026-04-30T10:00",
                      "ended_at": "2026-05-01T10:00", "local_authority_code": "E06000001"}],
            events=[], kinds={"return_interview_completed": True, "return_interview_declined": True},
            manifest_rows={"events": {"extracted_at": minute(read_at)}},
        )  # fmt: skip
        return only_row(facts_of(engine, data, "duty")["duty"], standard="rhi72")["state"]

    assert (state("2026-05-04T09:59"), state("2026-05-04T10:01")) == ("not yet due", "did not happen")


def clocks_read(source):
    """Where a module asks what time it is: calls of a clock in Python, and of one in SQL through an expression."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        receiver = node.func.value
        name = (
            receiver.attr
            if isinstance(receiver, ast.Attribute)
            else receiver.id
            if isinstance(receiver, ast.Name)
            else ""
        )
        if (name, node.func.attr) in CLOCKS or (name == "ibis" and node.func.attr in SQL_CLOCKS):
            found.append(node.lineno)
    return found


def test_no_room_that_a_figure_rests_on_asks_what_day_it_is():
    sources = {path.relative_to(SRC).as_posix(): path.read_text(encoding="utf-8") for path in SRC.rglob("*.py")}
    package_sources = {name: text for name, text in sources.items() if name.partition("/")[0] in FIGURE_PACKAGES}
    assert {name for name, text in package_sources.items() if clocks_read(text)} == MAY_READ_A_CLOCK
    sql_clocks = ("current_date", "current_timestamp", "current_localtimestamp")
    assert [name for name, text in package_sources.items() if any(word in text.lower() for word in sql_clocks)] == []


@pytest.mark.parametrize(
    "source",
    ["date.today()", "dt.date.today()", "datetime.now(UTC)", "dt.datetime.utcnow()", "time.time()", "ibis.now()"],
)
def test_the_reader_of_clocks_sees_each_of_them(source):
    assert clocks_read(source) == [1]
    assert clocks_read("covers.extracted_at.max()") == []
