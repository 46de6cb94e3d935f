"""A staging store with a few typed rows, as it is after files and cells were read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from assay import contract
from assay.ingest.return_manifest import ReturnManifest, TableManifest
from assay.ingest.staging_store import StagingStore

LONDON = ZoneInfo("Europe/London")
Row = dict[str, Any]

DEFAULT_FIELDS: dict[str, Row] = {
    "crimes": {"scope_reason": "core_offence", "offence_code": "19D", "recorded_at": "2026-04-10T09:00"},
    "reports": {"received_at": "2026-04-10T08:00"},
    "involvements": {"role": "victim"},
    "flags": {"flag": "cse"},
    "events": {"happened_at": "2026-04-20T10:00", "kind": "victim_contacted"},
    "missing": {"started_at": "2026-04-15T20:00"},
    "assessments": {"person_ref": "N1", "assessed_at": "2026-04-15", "tool": "SERAF"},
    "orders": {"order_code": "CAWN", "served_on": "suspect", "made_at": "2026-04-15"},
    "referrals": {"direction": "in", "agency_kind": "education", "made_at": "2026-04-15"},
    "notes": {"entry_at": "2026-04-15", "form": "text"},
    "registers": {"register_kind": "police", "person_ref": "N1", "started_on": "2026-04-01"},
    "agencies": {"list_kind": "health", "started_on": "2026-04-01"},
}


def manifest(*, kinds: dict[str, bool] | None = None, **tables: bool | None) -> ReturnManifest:
    """The cover of INV01 for April to June 2026; a table by name says whether it is complete."""
    tables_by_name = {name: TableManifest(name) for name in contract.tables()}
    tables_by_name |= {
        name: TableManifest(name, supplied="whole", reason="", complete=yes) for name, yes in tables.items()
    }
    return ReturnManifest(
        spec_version="1.0", request="TRIAL-2026", force_code="INV01",
        period_from=date(2026, 4, 1), period_to=date(2026, 7, 1), history_from=date(2025, 4, 1),
        extracted_at=datetime(2026, 8, 3, 5), edition=1, contact_post="Data officer", tables=tables_by_name, kinds=kinds or {},
    )  # fmt: skip


def store_of(
    *, complete: tuple[str, ...] = (), kinds: dict[str, bool] | None = None, **tables: list[Row]
) -> StagingStore:
    """A staging store with these tables supplied. A row may leave out whatever `GIVEN` fills or may be empty; lines run from 2."""
    completeness: dict[str, bool | None] = {name: name in complete for name in tables}
    store = StagingStore(manifest(kinds=kinds, **completeness), threads=1, unoptimised=True)
    for name, rows in tables.items():
        filled = [DEFAULT_FIELDS.get(name, {}) | row for row in rows]
        store.store_rows(f"raw_{name}", raw(name, filled))
        store.accept_rows(name, [typed(name, filled)])
    return store


def raw(table: str, rows: list[Row]) -> pa.Table:
    """What the file held: text, and the line."""
    names = contract.table(table).column_names
    cells = {name: pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in names}
    return pa.table({"line": pa.array(range(2, 2 + len(rows)), pa.int64()), **cells})


def typed(table: str, rows: list[Row]) -> pa.Table:
    """The same after cells were read."""
    rows_held: list[Row] = []
    for line, row in enumerate(rows, start=2):
        full: Row = {"force_code": "INV01", "line": line}
        for column in contract.table(table).columns:
            full |= _cell(column.name, column.kind, row.get(column.name))
        rows_held.append(full)
    return pa.Table.from_pylist(rows_held, schema=contract.typed_schema(table))


def _cell(name: str, kind: str, value: Any) -> Row:
    if kind == "when":
        first, last, day = when(value) if value else (None, None, None)
        return {name: first, f"{name}_last": last, f"{name}_day": day}
    if value is None:
        return {name: None}
    if kind == "date":
        return {name: date.fromisoformat(value)}
    if kind == "time":
        return {name: when(value)[0]}
    return {name: value}


def when(text: str) -> tuple[datetime, datetime, date]:
    """First minute, last minute (UTC) and local day."""
    if "T" in text:
        minute = datetime.fromisoformat(text)
        return _utc(minute), _utc(minute), minute.date()
    day = date.fromisoformat(text)
    start = datetime(day.year, day.month, day.day)
    return _utc(start), _utc(start + timedelta(days=1)) - timedelta(minutes=1), day


def _utc(minute: datetime) -> datetime:
    return minute.replace(tzinfo=LONDON).astimezone(UTC).replace(tzinfo=None)


def _text(value: Any) -> str | None:
    return (
        None
        if value is None
        else {True: "yes", False: "no"}.get(value, str(value))
        if isinstance(value, bool)
        else str(value)
    )


def broken(store: StagingStore, rule: str) -> list[tuple[str, str, int]]:
    """(table, column, line) of every error under a rule."""
    rows = store.query(
        f"select table_name, column_name, line from faults where rule = '{rule}' order by table_name, column_name, line"
    )
    return [tuple(row.values()) for row in rows.to_pylist()]


def lines(store: StagingStore, table: str) -> list[int]:
    """The lines that are still accepted."""
    return store.query(f"select line from {table} order by line")["line"].to_pylist()


def cells(store: StagingStore, table: str, column: str) -> list[Any]:
    """A column of what is still accepted, in the order of lines."""
    return store.query(f"select {column} from {table} order by line")[column].to_pylist()
