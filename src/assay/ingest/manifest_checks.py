"""Describe what a return contains: its manifest, tables, columns, kinds of event and printed forms.

The rows hold the edition and dates of the return, the manifest entry of each table as it was read, its columns and
kinds of event, and the lines that its forms print. Facts and answers use them to distinguish what did not happen from
what was not sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from assay import contract
from assay.ingest.return_manifest import NOT_ASKED, ReturnManifest, TableManifest


@dataclass(frozen=True)
class ReturnReading:
    """The data found in a return: columns by table, supplied tables, incomplete tables and kinds of event."""

    manifest: ReturnManifest
    columns: Mapping[str, Collection[str]]
    supplied: Collection[str]
    not_complete: Collection[str] = ()
    kinds: Collection[str] = field(default=())


class ReturnRow(NamedTuple):
    """The fields of the manifest that describe the return as a whole."""

    request: str
    edition: int
    period_from: date
    period_to: date
    history_from: date
    extracted_at: datetime
    spec_version: str


class FormRow(NamedTuple):
    """One line of text that is printed on a form; `place` is its position, from 1."""

    title: str
    place: int
    printed: str


class ManifestRow(NamedTuple):
    """The manifest entry of one table.

    `complete` is None if the table was not supplied; `used` is True if it was supplied and not refused.
    """

    table_name: str
    supplied: str
    reason: str
    covers_from: date | None
    covers_to: date | None
    extracted_at: datetime
    midnight: str
    searchable: str
    system: str
    complete: bool | None
    hours_spent: float | None
    rows_stated: int | None
    used: bool


class KindRow(NamedTuple):
    """One kind of event: whether it was supplied, and whether it is complete."""

    kind: str
    supplied: bool
    complete: bool


class ColumnRow(NamedTuple):
    """One column of a table: whether the file has it, and the stated reason if it does not."""

    table_name: str
    column_name: str
    in_file: bool
    reason: str


def return_rows(manifest: ReturnManifest) -> list[ReturnRow]:
    """Return the single row that describes the return itself."""
    return [ReturnRow(**{name: getattr(manifest, name) for name in ReturnRow._fields})]


def form_rows(manifest: ReturnManifest) -> list[FormRow]:
    """Return the lines that are printed on the sender's forms, such as headings, one row for each line."""
    return [
        FormRow(form.title, position, line)
        for form in manifest.forms
        for position, line in enumerate(form.lines, start=1)
    ]


def manifest_rows(reading: ReturnReading, requested: Collection[str]) -> list[ManifestRow]:
    """Return one row for each contract table, with its entry in the manifest."""
    return [_manifest_row(reading, name, is_requested=name in requested) for name in contract.tables()]


def _manifest_row(reading: ReturnReading, table: str, *, is_requested: bool) -> ManifestRow:
    """Return the manifest entry of a table as it is read: without a file it was not supplied (R06).

    A table that was not requested counts as not supplied for that reason alone, whatever its sender states.
    """
    table_manifest = reading.manifest.table(table)
    if not is_requested:
        table_manifest = TableManifest(table, reason=NOT_ASKED, extracted_at=table_manifest.extracted_at)
    elif table_manifest.supplied != "none" and table not in reading.columns:
        table_manifest = TableManifest(table, extracted_at=table_manifest.extracted_at)
    complete = table_manifest.complete
    return ManifestRow(
        table_name=table,
        supplied=table_manifest.supplied,
        reason=table_manifest.reason,
        covers_from=table_manifest.covers_from,
        covers_to=table_manifest.covers_to,
        extracted_at=table_manifest.extracted_at,
        midnight=table_manifest.midnight,
        searchable=table_manifest.searchable,
        system=table_manifest.system,
        complete=None if complete is None else complete and table not in reading.not_complete,
        hours_spent=table_manifest.hours_spent,
        rows_stated=table_manifest.rows,
        used=table in reading.supplied,
    )


def kind_rows(reading: ReturnReading) -> list[KindRow]:
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
        rows.append(KindRow(kind.key, supplied, supplied and complete))
    return rows


def column_rows(reading: ReturnReading) -> list[ColumnRow]:
    """Return a row for each contract column: whether it is in the file, and the stated reason if not."""
    return [
        ColumnRow(
            name,
            column,
            in_file=name in reading.supplied and column in reading.columns[name],
            reason=reading.manifest.table(name).columns_not_sent.get(column, ""),
        )
        for name, table in contract.tables().items()
        for column in table.column_names
    ]
