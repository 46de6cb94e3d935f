"""Check the order of times within and between rows (rules R41 to R49).

No value is set aside: both times stay, and facts derived from the pair are "not known". "Before" means certainly
before: the last possible minute of the one is before the first possible minute of the other, so that two days alone, or
a day and an hour of it, never conflict.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.ingest.completeness_declarations import is_complete
from assay.ingest.sql_literals import sql_string
from assay.ingest.staging_store import StagingStore


@dataclass(frozen=True)
class ColumnPair:
    """Two columns of a row: the time in the second may not be before the first."""

    table: str
    start_column: str
    end_column: str
    are_days: bool = False
    must_differ: bool = False  # equal is wrong too

    def violation_sql(self) -> str:
        """Return SQL that is true where the two times are in the wrong order."""
        sign = "<=" if self.must_differ else "<"
        return f"{self.end_column if self.are_days else self.end_column + '_last'} {sign} {self.start_column}"


COLUMN_PAIRS = (
    ColumnPair("crimes", "occurred_from", "occurred_to"),
    ColumnPair("crimes", "reported_at", "recorded_at"),
    ColumnPair("crimes", "recorded_at", "outcome_at"),
    ColumnPair("crimes", "recorded_at", "closed_at"),
    ColumnPair("crimes", "recorded_at", "cancelled_at"),
    ColumnPair("reports", "received_at", "n100_at"),
    ColumnPair("reports", "received_at", "result_at"),
    ColumnPair("reports", "received_at", "feedback_at"),
    ColumnPair("flags", "added_at", "removed_at"),
    ColumnPair("missing", "started_at", "ended_at"),
    ColumnPair("orders", "made_at", "ended_at"),
    ColumnPair("orders", "made_at", "breached_at"),
    ColumnPair("registers", "started_on", "ended_on"),
    ColumnPair("agencies", "started_on", "ended_on"),
    ColumnPair("groups", "mapped_on", "ended_on", are_days=True),
    ColumnPair("approaches", "began_on", "ended_on", are_days=True),
    ColumnPair("referrals", "made_at", "answered_at"),
    ColumnPair("referrals", "made_at", "feedback_at"),
    ColumnPair("profiles", "data_from", "data_to", are_days=True, must_differ=True),
    ColumnPair("claims", "data_from", "data_to", are_days=True, must_differ=True),
    ColumnPair("overlap_counts", "data_from", "data_to", are_days=True, must_differ=True),
)
"""R41."""

STEP_PAIRS = (
    ("device_examined", "device_submitted", "exhibit_ref"),
    ("device_examined", "device_seized", "exhibit_ref"),
    ("device_submitted", "device_seized", "exhibit_ref"),
    ("abe_summary_shared", "abe_interview_done", "crime_ref"),
    ("vrr_decided", "vrr_requested", "crime_ref"),
)
"""R44: a later step, an earlier one, and what both name. Different named persons of one crime are not compared."""

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
"""R48: table, start, end, the columns that identify one record on one list, and the rows that have them."""

DAY_SQL = "interval 24 hour"
LATE_ENTRY_SQL = "interval 672 hour"  # 28 days


def check(store: StagingStore) -> None:
    """Apply the rules R41 to R49 on the order of times."""
    for pair in COLUMN_PAIRS:
        if store.is_supplied(pair.table):
            store.record_errors(
                "R41", pair.table, pair.end_column, f"select line from {pair.table} where {pair.violation_sql()}"
            )
    if store.is_supplied("events"):
        _check_events_in_lifetime(store)
        _check_events_after_case(store)
        _check_steps(store)
        _check_repeated_events(store)
        _check_entry_times(store)
    _check_reports_and_crimes(store)
    for spell in SPELLS:
        if store.is_supplied(spell[0]):
            store.record_errors("R48", spell[0], spell[1], _overlapping_spells_sql(store, *spell))


def _check_events_in_lifetime(store: StagingStore) -> None:
    """Apply R42; a person with several dates of birth was certainly not born before the earliest of them."""
    if not store.is_supplied("involvements"):
        return
    condition = "where e.happened_at_day < l.born or e.happened_at_day > l.died"
    store.record_errors(
        "R42", "events", "happened_at",
        "with lives as (select person_ref, min(date_of_birth) as born, max(died_on) as died from involvements "
        "where person_ref is not null group by person_ref), "
        "parts as (select involvement_ref, date_of_birth as born, died_on as died from involvements) "
        f"select e.line from events as e join lives as l using (person_ref) {condition} union "
        f"select e.line from events as e join parts as l using (involvement_ref) {condition}",
    )  # fmt: skip


def _check_events_after_case(store: StagingStore) -> None:
    """Apply R43."""
    query = "select e.line from events as e join {0} as t on e.{1} = t.{1} where e.happened_at_last < {2}"
    cases = []
    if store.is_supplied("crimes"):
        cases.append(query.format("crimes", "crime_ref", "greatest(t.occurred_from, t.reported_at)"))
    if store.is_supplied("missing"):
        cases.append(query.format("missing", "missing_ref", "t.started_at"))
    if cases:
        store.record_errors("R43", "events", "happened_at", " union ".join(cases))


def _check_steps(store: StagingStore) -> None:
    """Apply R44: a notice and what it reports, an end and what it ends, a step and the step before it."""
    reported_sql = (
        "select e.line from events as e join events as a on e.about_event_ref = a.event_ref "
        "where e.happened_at_last < a.happened_at"
    )
    store.record_errors(
        "R44",
        "events",
        "happened_at",
        " union ".join([reported_sql, *(_step_before_start_sql(*step) for step in STEP_PAIRS)]),
    )


def _step_before_start_sql(end_kind: str, start_kind: str, shared_column: str) -> str:
    return (
        f"select e.line from events as e join events as a on e.{shared_column} = a.{shared_column} "
        f"where e.kind = {sql_string(end_kind)} and a.kind = {sql_string(start_kind)} "
        "and coalesce(e.person_ref = a.person_ref, true) "
        "group by e.line having max(e.happened_at_last) < min(a.happened_at)"
    )


def _check_repeated_events(store: StagingStore) -> None:
    """Apply R46 to every event after the first."""
    ignored_columns = "line, event_ref, entered_at, entered_at_last, entered_at_day"
    columns = [
        name
        for name in store.query("select * from events limit 0").column_names
        if name not in ignored_columns.split(", ")
    ]
    store.record_errors(
        "R46", "events", "event_ref",
        f"select line from events qualify row_number() over (partition by {', '.join(columns)} order by line) > 1",
    )  # fmt: skip


def _check_entry_times(store: StagingStore) -> None:
    store.record_errors(
        "R47", "events", "entered_at",
        "select line from events "
        f"where entered_at_last < happened_at or entered_at > happened_at_last + {LATE_ENTRY_SQL}",
    )  # fmt: skip


def _check_reports_and_crimes(store: StagingStore) -> None:
    """Apply R45 and R49; a crime can precede all its reports only if all of them were accepted."""
    if not all(store.is_supplied(table) for table in ("crimes", "reports", "report_crimes")):
        return
    received_sql = (
        "with tied as (select crime_ref, min(r.received_at) as first_from, min(r.received_at_last) as first_to "
        "from report_crimes join reports as r using (report_ref) group by crime_ref) "
        "select c.line from crimes as c join tied as t on c.crime_ref = t.crime_ref where "
    )
    store.record_errors("R45", "crimes", "recorded_at", f"{received_sql} c.recorded_at_last + {DAY_SQL} < t.first_from")
    store.record_errors(
        "R49", "crimes", "reported_at",
        f"{received_sql} c.reported_at_last + {DAY_SQL} < t.first_from or t.first_to + {DAY_SQL} < c.reported_at",
    )  # fmt: skip


def _overlapping_spells_sql(
    store: StagingStore, table: str, start: str, end: str, key_columns: str, condition: str
) -> str:
    """Return a query for R48: the later of two spells that certainly share a minute.

    A spell without an end runs on only if the column is there and the table is complete ("empty: still running"; return
    contract, section 3.3).
    """
    open_end = "timestamp '9999-12-31'" if is_complete(store, table) else f"{start}_last"
    same_key = " and ".join(f"a.{column} is not distinct from b.{column}" for column in key_columns.split(", "))
    columns = (
        f"line, {key_columns}, {start} as begins, {start}_last as begins_last, coalesce({end}, {open_end}) as ends"
    )
    return (
        f"with spells as (select {columns} from {table} where {condition} and {start} is not null) "
        f"select distinct b.line from spells as a join spells as b on {same_key} "
        "where (a.begins, a.line) < (b.begins, b.line) "
        "and greatest(a.begins_last, b.begins_last) < least(a.ends, b.ends)"
    )
