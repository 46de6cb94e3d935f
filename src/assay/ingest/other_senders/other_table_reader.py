"""Read a folder of another sender: accepted rows, rows set aside and validation errors.

A bad row never affects other rows, and a bad table never another table. What is set aside is counted by table, line and
rule; its content is not stored, so a refused quotation is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from assay.contract.question_sets import QuestionSet
from assay.contract.table_spec import Column
from assay.ingest.file_readers import TableRefused
from assay.ingest.file_readers.delimited_files import open_delimited
from assay.ingest.file_readers.file_source import header_error
from assay.ingest.other_senders.other_cells import InvalidValueError, Value, parse_value, says_none
from assay.ingest.other_senders.other_row_checks import check
from assay.ingest.other_senders.other_table_spec import Table, tables
from assay.ingest.other_senders.sender_manifest import (
    MANIFEST_FILE,
    SenderManifest,
    manifest_refusal,
    read_sender_manifest,
)
from assay.ingest.staging_store import NO_RETURN, StagingStore
from assay.ingest.validation_errors import ValidationError
from assay.reference import DataRequest

Row = dict[str, Value]
RAW_TABLE = "raw_sent"
MAX_BYTES, MAX_RECORDS = 20_000_000, 100_000
"""Maximum bytes and records of a table: ten times what all voices and documents of a country need."""
_TOO_LARGE_ADVICE = "Send only the rows that the request asks for, each once."


@dataclass(frozen=True)
class SenderSubmission:
    """The result of reading a folder: manifest, accepted rows, record counts, validation errors, unknown files."""

    manifest: SenderManifest
    rows: Mapping[str, list[Row]]
    records: Mapping[str, int]
    errors: tuple[ValidationError, ...]
    unknown_files: tuple[str, ...]
    set_aside_lines: Mapping[str, Mapping[int, str]]
    table_specs: Mapping[str, Table]

    @cached_property
    def tables(self) -> Mapping[str, pa.Table]:
        """Return the accepted rows as typed tables, one for each permitted table, empty if no rows came."""
        rows_by_table = {
            name: [{"sender": self.manifest.sender, **row} for row in self.rows.get(name, ())]
            for name in self.table_specs
        }
        return {
            name: pa.Table.from_pylist(rows_by_table[name], schema=table_spec.schema)
            for name, table_spec in self.table_specs.items()
        }

    @property
    def set_aside_counts(self) -> Mapping[str, int]:
        """Return the number of rows set aside, by rule."""
        return Counter(rule for lines in self.set_aside_lines.values() for rule in lines.values())


def read_submission(
    folder: Path,
    request: DataRequest,
    question_sets: Mapping[str, QuestionSet],
    plugin_tables: Mapping[str, Table] | None = None,
) -> SenderSubmission:
    """Read a folder; raise ReturnRefused (V01) if its manifest is invalid.

    `question_sets`: the question sets for documents and for fieldwork, by key. `plugin_tables`: tables that plug-ins
    add."""
    table_specs = {**tables(), **(plugin_tables or {})}
    manifest = read_sender_manifest(folder, request)
    known = {f"{name}.csv": name for name in table_specs}
    paths_by_table: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.casefold() in known or (path.is_file() and path.name != MANIFEST_FILE):
            paths_by_table.setdefault(known.get(path.name.casefold(), ""), []).append(path)
    unknown_files = [path.name for path in paths_by_table.pop("", ())]
    store = StagingStore(NO_RETURN, threads=1, unoptimised=True)
    try:
        staging = StagingTables(manifest, tuple(request.organisations), store)
        for name, paths in paths_by_table.items():
            staging.read_table(paths, table_specs[name])
    finally:
        store.close()
    _check_declared_none(manifest, plugin_tables or {}, staging.records)
    check(staging, question_sets)
    errors = sorted(
        set(staging.errors),
        key=lambda error: (list(table_specs).index(error.table), error.line, error.rule, error.column),
    )
    return SenderSubmission(
        manifest,
        staging.rows,
        staging.records,
        tuple(errors),
        tuple(unknown_files),
        staging.set_aside_lines,
        table_specs,
    )


class StagingTables:
    """The tables of one folder while they are read: rows, validation errors and lines set aside."""

    def __init__(self, manifest: SenderManifest, places: Collection[str], store: StagingStore) -> None:
        self.manifest, self.places, self.store = manifest, places, store
        self.rows: dict[str, list[Row]] = {}
        self.records: dict[str, int] = {}
        self.errors: list[ValidationError] = []
        self.set_aside_lines: dict[str, dict[int, str]] = {}

    def record_error(self, rule: str, table: str, line: int = 0, column: str = "", correction: str = "") -> None:
        """Record a validation error."""
        self.errors.append(ValidationError(rule, table, line, column, correction=correction))

    def set_aside(self, rule: str, table: str, column: str, lines: Collection[object]) -> bool:
        """Set the accepted rows of these lines aside under a rule; return True if there were any."""
        removed_rows = [row for row in self.rows.get(table, ()) if row["file_line"] in lines]
        for row in removed_rows:
            self.record_error(rule, table, int(str(row["file_line"])), column)
            self.set_aside_lines.setdefault(table, {})[int(str(row["file_line"]))] = rule
        if removed_rows:
            self.rows[table] = [row for row in self.rows[table] if row["file_line"] not in lines]
        return bool(removed_rows)

    def read_table(self, paths: Sequence[Path], table: Table) -> None:
        """Read the only file of a table: its cells, required columns and keys."""
        if self.manifest.sender_kind not in table.senders:
            return self.record_error("V03", table.name)
        try:
            file = _read_records(paths, self.store)
        except TableRefused as refused:
            return self.record_error("V04", table.name, correction=refused.sentence)
        except OSError:
            sentence = f"{paths[0].name}: it cannot be opened. Send the table as one CSV file."
            return self.record_error("V04", table.name, correction=sentence)
        missing_columns = [column.name for column in table.columns if column.name not in file.head]
        for name in missing_columns:
            self.record_error("V05", table.name, column=name)
        if missing_columns:
            return None
        self._read_records(table, file)
        self._check_keys(table)
        return None

    def _read_records(self, table: Table, file: _CsvRecords) -> None:
        self.records[table.name] = len(file.records) + len(file.broken_lines)
        self.rows[table.name] = []
        for line in file.broken_lines:
            self.record_error("V06", table.name, line)
            self.set_aside_lines.setdefault(table.name, {})[line] = "V06"
        for line, cells in file.records:
            row: Row = dict.fromkeys((column.name for column in table.columns), None) | {"file_line": line}
            if self._read_row(table, row, dict(zip(file.head, cells, strict=True))):
                self.rows[table.name].append(row)

    def _read_row(self, table: Table, row: Row, cells: Mapping[str, str]) -> bool:
        """Type every cell and report every error; return True if the row can be used.

        The first error in a required column sets the row aside.
        """
        line, rule = int(str(row["file_line"])), ""
        for column in table.columns:
            broken_rule = ""
            try:
                row[column.name] = parse_value(column, cells[column.name], self.places)
                if column.none:
                    row[column.none_name] = _none_declared(column, cells[column.name], row[column.name])
                broken_rule = "V08" if column.required == "yes" and row[column.name] is None else ""
            except InvalidValueError:
                broken_rule = "V09"
            if broken_rule:
                self.record_error(broken_rule, table.name, line, column.name)
                rule = rule or (broken_rule if column.required == "yes" else "")
        if rule:
            self.set_aside_lines.setdefault(table.name, {})[line] = rule
        return not rule

    def _check_keys(self, table: Table) -> None:
        keys = Counter(tuple(row[name] for name in table.key) for row in self.rows[table.name])
        duplicate_lines = {
            row["file_line"] for row in self.rows[table.name] if keys[tuple(row[name] for name in table.key)] > 1
        }
        self.set_aside("V07", table.name, table.key[0], duplicate_lines)


def _none_declared(column: Column, text: str, value: Value) -> bool | None:
    """Return True if the sender declares that there is none; None if the cell holds neither that nor a value."""
    return says_none(column, text) or (None if value is None else False)


def _check_declared_none(manifest: SenderManifest, plugin_tables: Collection[str], records: Mapping[str, int]) -> None:
    """Raise ReturnRefused if the manifest declares none of a table that no plug-in adds, or that has rows."""
    if unknown_tables := sorted(set(manifest.empty_tables) - set(plugin_tables)):
        raise manifest_refusal(f"none names {', '.join(unknown_tables)}, which no plug-in adds")
    if filled_tables := sorted(name for name in manifest.empty_tables if records.get(name)):
        raise manifest_refusal(f"none names {', '.join(filled_tables)}, and rows of it came")


@dataclass(frozen=True)
class _CsvRecords:
    """The header of a CSV file, its filled records by line, and the lines of records that could not be split."""

    head: list[str]
    records: list[tuple[int, list[str]]]
    broken_lines: tuple[int, ...]


def _read_records(paths: Sequence[Path], store: StagingStore) -> _CsvRecords:
    """Read the one file of a table with the reader of returns, which counts the records in the bytes as well.

    Raises
    ------
    TableRefused
        For two files, for a link (it may lead anywhere), for more data than a sender has reason to send, and for a file
        that is not CSV in UTF-8.
    EvidenceError
        If the reader finds more or fewer records than were counted.
    """
    name = paths[0].name
    if len(paths) > 1:
        raise TableRefused("V04", f"{name}: there are {len(paths)} files for one table. Send one.")
    if paths[0].is_symlink():
        raise TableRefused("V04", f"{name}: it is a link to another file. Copy the file itself into the folder.")
    if paths[0].stat().st_size > MAX_BYTES:
        raise TableRefused("V04", f"{name}: it is larger than {MAX_BYTES:,} bytes. {_TOO_LARGE_ADVICE}")
    try:
        paths[0].read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise TableRefused("V04", f"{name}: this is not text in UTF-8. Export it again as CSV in UTF-8.") from None
    source = open_delimited(paths[0])
    head = [heading.strip().casefold() for heading in source.columns]
    if problem := header_error(tuple(head)):
        raise TableRefused("V04", f"{name}: {problem}")
    source.load_columns(store, RAW_TABLE, {f"c{position}": position for position in range(len(head))})
    rows = [list(row.values()) for row in store.query(f"select * from {RAW_TABLE} order by line").to_pylist()]
    records = [(line, [cell or "" for cell in cells]) for line, *cells in rows if any(cells)]
    if len(records) > MAX_RECORDS:
        limit = f"at most {MAX_RECORDS:,} {'is' if MAX_RECORDS == 1 else 'are'} read"
        raise TableRefused("V04", f"{name}: it holds {len(records):,} records, and {limit}. {_TOO_LARGE_ADVICE}")
    return _CsvRecords(head, records, tuple(broken.line for broken in source.unread_records))
