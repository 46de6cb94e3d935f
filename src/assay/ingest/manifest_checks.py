"""Rows that describe a return: manifest, kinds of event, columns and printed forms.

They hold the edition and days of the return, the manifest entry of each table as it was read, the kinds of event and
columns that it has, and the lines that its forms print. Facts and answers use them to distinguish what did not happen
from what was not sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from assay import contract
from assay.ingest.return_manifest import NOT_ASKED, ReturnManifest, TableManifest

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class ReturnReading:
    """The data found in a return: columns by table, supplied tables, incomplete tables and kinds of event."""

    manifest: ReturnManifest
    columns: Mapping[str, Collection[str]]
    supplied: Collection[str]
    not_complete: Collection[str] = ()
    kinds: Collection[str] = field(default=())


def return_rows(manifest: ReturnManifest) -> Rows:
    """Return the single row that describes the return itself."""
    names = ("request", "edition", "period_from", "period_to", "history_from", "extracted_at", "spec_version")
    return [{name: getattr(manifest, name) for name in names}]


def form_rows(manifest: ReturnManifest) -> Rows:
    """Return each line that a form of the sender prints."""
    return [
        {"title": form.title, "place": position, "printed": line}
        for form in manifest.forms
        for position, line in enumerate(form.lines, start=1)
    ]


def manifest_rows(reading: ReturnReading, requested: Collection[str]) -> Rows:
    """Return one row for each contract table with the manifest entry as it is read."""
    return [_manifest_row(reading, name, is_requested=name in requested) for name in contract.tables()]


def _manifest_row(reading: ReturnReading, table: str, *, is_requested: bool) -> dict[str, Any]:
    """Return the manifest entry of a table as it is read: without a file it was not supplied (R06).

    A table that was not requested counts as not supplied for that reason alone, whatever its sender states.
    """
    table_manifest = reading.manifest.table(table)
    if not is_requested:
        table_manifest = TableManifest(table, reason=NOT_ASKED, extracted_at=table_manifest.extracted_at)
    elif table_manifest.supplied != "none" and table not in reading.columns:
        table_manifest = TableManifest(table, extracted_at=table_manifest.extracted_at)
    names = ("supplied", "reason", "covers_from", "covers_to", "extracted_at", "midnight", "searchable", "system")
    return {
        "table_name": table,
        **{name: getattr(table_manifest, name) for name in names},
        "complete": None
        if table_manifest.complete is None
        else table_manifest.complete and table not in reading.not_complete,
        "hours_spent": table_manifest.hours_spent,
        "rows_stated": table_manifest.rows,
        "used": table in reading.supplied,
    }


def kind_rows(reading: ReturnReading) -> Rows:
    """Return a row for each kind of event: whether it was supplied and is complete."""
    rows = []
    for kind in contract.event_kinds().values():
        if not kind.table:
            continue
        supplied = kind.table in reading.supplied and kind.column in reading.columns.get(kind.table, ())
        complete = bool(reading.manifest.table(kind.table).complete)
        if kind.sent_in_events:
            supplied = supplied and (kind.key in reading.manifest.kinds or kind.key in reading.kinds)
            complete = reading.manifest.kinds.get(kind.key, False)
        complete = complete and kind.table not in reading.not_complete
        rows.append({"kind": kind.key, "supplied": supplied, "complete": supplied and complete})
    return rows


def column_rows(reading: ReturnReading) -> Rows:
    """Return a row for each contract column: whether it is in the file, and the stated reason if not."""
    return [
        {
            "table_name": name,
            "column_name": column,
            "in_file": name in reading.supplied and column in reading.columns[name],
            "reason": reading.manifest.table(name).columns_not_sent.get(column, ""),
        }
        for name, table in contract.tables().items()
        for column in table.column_names
    ]
