"""Which times cannot both be right?

Rules R41 to R49 of the return contract. Nothing is lost here: both values stay, and whatever is worked out from the
pair answers "not known". "Before" means certainly before: the last possible minute of the one lies before the first
possible minute of the other, so that two days alone, or a day and an hour of it, never clash.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.ingest.completeness_declarations import complete
from assay.ingest.sql_literals import quoted
from assay.ingest.staging_store import Desk


@dataclass(frozen=True)
class Pair:
    """Two columns of one row of which `later` may not lie before `earlier`; `days` where both are days, not times."""

    table: str
    earlier: str
    later: str
    days: bool = False
    apart: bool = False  # equal is wrong too

    def wrong(self) -> str:
        """The condition under which the pair cannot be right."""
        sign = "<=" if self.apart else "<"
        return f"{self.later if self.days else self.later + '_last'} {sign} {self.earlier}"


PAIRS = (
    Pair("crimes", "occurred_from", "occurred_to"),
    Pair("crimes", "reported_at", "recorded_at"),
    Pair("crimes", "recorded_at", "outcome_at"),
    Pair("crimes", "recorded_at", "closed_at"),
    Pair("crimes", "recorded_at", "cancelled_at"),
    Pair("reports", "received_at", "n100_at"),
    Pair("reports", "received_at", "result_at"),
    Pair("reports", "received_at", "feedback_at"),
    Pair("flags", "added_at", "removed_at"),
    Pair("missing", "started_at", "ended_at"),
    Pair("orders", "made_at", "ended_at"),
    Pair("orders", "made_at", "breached_at"),
    Pair("registers", "started_on", "ended_on"),
    Pair("agencies", "started_on", "ended_on"),
    Pair("groups", "mapped_on", "ended_on", days=True),
    Pair("approaches", "began_on", "ended_on", days=True),
    Pair("referrals", "made_at", "answered_at"),
    Pair("referrals", "made_at", "feedback_at"),
    Pair("profiles", "data_from", "data_to", days=True, apart=True),
    Pair("claims", "data_from", "data_to", days=True, apart=True),
    Pair("overlap_counts", "data_from", "data_to", days=True, apart=True),
)
"""R41."""

STEPS = (
    ("device_examined", "device_submitted", "exhibit_ref"),
    ("device_examined", "device_seized", "exhibit_ref"),
    ("device_submitted", "device_seized", "exhibit_ref"),
    ("abe_summary_shared", "abe_interview_done", "crime_ref"),
    ("vrr_decided", "vrr_requested", "crime_ref"),
)
"""R44: a later step, an earlier one, and what both name. On one crime, two persons who are named are kept apart."""

SPELLS = (
    ("flags", "added_at", "removed_at", "flag, crime_ref, person_ref, missing_ref", "flag is not null"),
    ("registers", "started_on", "ended_on", "person_ref, register_kind", "person_ref is not null"),
    ("missing", "started_at", "ended_at", "person_ref", "person_ref is not null"),
    (
        "agencies", "started_on", "ended_on",
        "list_kind, local_authority_code, forenames, surname, date_of_birth, sex, postcode",
        "surname is not null and date_of_birth is not null",
    ),
)  # fmt: skip
"""R48: table, start, end, what is one thing on one list, and which rows tell it."""

DAY = "interval 24 hour"
LONG_AFTER = "interval 672 hour"  # 28 days


def check(desk: Desk) -> None:
    """Apply R41 to R49."""
    for pair in PAIRS:
        if desk.supplied(pair.table):
            desk.fault("R41", pair.table, pair.later, f"select line from {pair.table} where {pair.wrong()}")
    if desk.supplied("events"):
        _events_and_lives(desk)
        _events_and_their_case(desk)
        _steps(desk)
        _events_twice(desk)
        _entered(desk)
    _reports_and_crimes(desk)
    for spell in SPELLS:
        if desk.supplied(spell[0]):
            desk.fault("R48", spell[0], spell[1], _overlapping(desk, *spell))


def _events_and_lives(desk: Desk) -> None:
    """R42; a person with several dates of birth was certainly not born before the earliest of them."""
    if not desk.supplied("involvements"):
        return
    at_odds = "where e.happened_at_day < l.born or e.happened_at_day > l.died"
    desk.fault(
        "R42", "events", "happened_at",
        "with lives as (select person_ref, min(date_of_birth) as born, max(died_on) as died from involvements "
        "where person_ref is not null group by person_ref), "
        "parts as (select involvement_ref, date_of_birth as born, died_on as died from involvements) "
        f"select e.line from events as e join lives as l using (person_ref) {at_odds} union "
        f"select e.line from events as e join parts as l using (involvement_ref) {at_odds}",
    )  # fmt: skip


def _events_and_their_case(desk: Desk) -> None:
    """R43."""
    before = "select e.line from events as e join {0} as t on e.{1} = t.{1} where e.happened_at_last < {2}"
    cases = []
    if desk.supplied("crimes"):
        cases.append(before.format("crimes", "crime_ref", "greatest(t.occurred_from, t.reported_at)"))
    if desk.supplied("missing"):
        cases.append(before.format("missing", "missing_ref", "t.started_at"))
    if cases:
        desk.fault("R43", "events", "happened_at", " union ".join(cases))


def _steps(desk: Desk) -> None:
    """R44: a notice and what it reports, an end and what it ends, a step and the step before it."""
    reported = (
        "select e.line from events as e join events as a on e.about_event_ref = a.event_ref "
        "where e.happened_at_last < a.happened_at"
    )
    desk.fault("R44", "events", "happened_at", " union ".join([reported, *(_before_every(*step) for step in STEPS)]))


def _before_every(later: str, earlier: str, thing: str) -> str:
    return (
        f"select e.line from events as e join events as a on e.{thing} = a.{thing} "
        f"where e.kind = {quoted(later)} and a.kind = {quoted(earlier)} "
        "and coalesce(e.person_ref = a.person_ref, true) "
        "group by e.line having max(e.happened_at_last) < min(a.happened_at)"
    )


def _events_twice(desk: Desk) -> None:
    """R46: every one after the first."""
    apart = "line, event_ref, entered_at, entered_at_last, entered_at_day"
    columns = [name for name in desk.run("select * from events limit 0").column_names if name not in apart.split(", ")]
    desk.fault(
        "R46", "events", "event_ref",
        f"select line from events qualify row_number() over (partition by {', '.join(columns)} order by line) > 1",
    )  # fmt: skip


def _entered(desk: Desk) -> None:
    desk.fault(
        "R47", "events", "entered_at",
        "select line from events "
        f"where entered_at_last < happened_at or entered_at > happened_at_last + {LONG_AFTER}",
    )  # fmt: skip


def _reports_and_crimes(desk: Desk) -> None:
    """R45 and R49; only a crime all of whose tied reports were accepted can be told to precede every one."""
    if not all(desk.supplied(table) for table in ("crimes", "reports", "report_crimes")):
        return
    received = (
        "with tied as (select crime_ref, min(r.received_at) as first_from, min(r.received_at_last) as first_to "
        "from report_crimes join reports as r using (report_ref) group by crime_ref) "
        "select c.line from crimes as c join tied as t on c.crime_ref = t.crime_ref where "
    )
    desk.fault("R45", "crimes", "recorded_at", f"{received} c.recorded_at_last + {DAY} < t.first_from")
    desk.fault(
        "R49", "crimes", "reported_at",
        f"{received} c.reported_at_last + {DAY} < t.first_from or t.first_to + {DAY} < c.reported_at",
    )  # fmt: skip


def _overlapping(desk: Desk, table: str, start: str, ends: str, thing: str, told: str) -> str:
    """R48: the later spell of two that certainly share a minute; a spell without an end runs on only if that is told.

    "Empty: still running" holds where the column is there and the table is complete (return contract, 3.3).
    """
    running = "timestamp '9999-12-31'" if complete(desk, table) else f"{start}_last"
    same = " and ".join(f"a.{column} is not distinct from b.{column}" for column in thing.split(", "))
    columns = f"line, {thing}, {start} as begins, {start}_last as begins_last, coalesce({ends}, {running}) as ends"
    return (
        f"with spells as (select {columns} from {table} where {told} and {start} is not null) "
        f"select distinct b.line from spells as a join spells as b on {same} "
        "where (a.begins, a.line) < (b.begins, b.line) "
        "and greatest(a.begins_last, b.begins_last) < least(a.ends, b.ends)"
    )
