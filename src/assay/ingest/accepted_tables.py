"""The tables of an accepted return: typed rows, rows set aside, validation errors and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from assay import contract
from assay.ingest.return_manifest import ReturnManifest
from assay.ingest.staging_store import StagingStore
from assay.ingest.table_reader import TableReading
from assay.privacy.separated_identifiers import LazyTables

TEXT, NUMBER, DAY, MINUTE, YES_NO = pa.string(), pa.int64(), pa.date32(), pa.timestamp("us"), pa.bool_()


def _schema(text: str) -> pa.Schema:
    kinds = {"": TEXT, "int": NUMBER, "date": DAY, "time": MINUTE, "yes": YES_NO, "num": pa.float64()}
    fields = (word.partition(":") for word in ("force_code " + text).split())
    return pa.schema([(name, kinds[kind]) for name, _, kind in fields])


RETURN_TABLE_SCHEMAS = {
    "returns": _schema(
        "request edition:int period_from:date period_to:date history_from:date extracted_at:time spec_version"
    ),
    "covers": _schema(
        "table_name supplied reason complete:yes covers_from:date covers_to:date extracted_at:time midnight searchable "
        "system hours_spent:num rows_stated:int used:yes"
    ),
    "kinds": _schema("kind supplied:yes complete:yes"),
    "columns": _schema("table_name column_name in_file:yes reason"),
    "incomplete": _schema("table_name kind crime_ref person_ref missing_ref column_name record_ref"),
    "faults": _schema("table_name file line:int column_name rule"),
    "aside": _schema("table_name file line:int column_name rule record"),
    "counted": _schema("table_name file records:int rows_stated:int accepted:int set_aside:int refused_rule"),
    "unmapped": _schema("table_name column_name word rows:int words:int nearest"),
    "completeness": _schema(
        "table_name column_name month rows:int filled:int missing:int value_set_aside:int with_reason:int"
    ),
    "scanned": _schema(
        "crime_ref offence_code recorded_at:time recorded_at_last:time recorded_at_day:date state reason signs:int "
        "list_version scanner_version"
    ),
    "signs": _schema("crime_ref sign phrases:int"),
    "forms": _schema("title place:int printed"),
}
"""The additional tables of a received return, with their columns."""


class ReturnTables(LazyTables):
    """The tables of a return by name, each read from the staging store when it is used."""

    def __init__(
        self,
        store: StagingStore,
        makers: Mapping[str, Callable[[], pa.Table]],
        table_readings: Mapping[str, TableReading],
    ) -> None:
        super().__init__(makers)
        self._store = store
        self._table_readings = table_readings

    def write_parquet(self, name: str, path: Path) -> None:
        """Write one of the 28 tables to a Parquet file, without holding it in memory."""
        self._store.write_parquet(_typed_rows_sql(self._store, self._table_readings[name]), path)


def order_by_line_sql(store: StagingStore, name: str) -> str:
    """Return SQL that orders a table by line, or '' if it is already in order (sorting millions of rows is slow)."""
    unordered_count = store.query_number(
        f"select count(*) from (select line < lag(line) over () as back from {name}) where back"
    )
    return " order by line" if unordered_count else ""


@dataclass(frozen=True)
class ReceivedReturn:
    """A return after validation, with its tables and remarks to the sender.

    `edition_status` says whether it is the first of its period or supersedes another. `remarks` are sentences to the
    sender about the manifest, the mapping, refused tables and unknown names. `statements` is the SQL that was run.
    `close` deletes the staging store that holds the tables.
    """

    manifest: ReturnManifest
    tables: ReturnTables
    edition_status: str
    remarks: tuple[str, ...]
    statements: tuple[str, ...]
    close: Callable[[], None]

    @property
    def error_counts(self) -> Mapping[tuple[str, str], int]:
        """Return the number of validation errors by rule and table."""
        errors = self.tables["faults"].select(["rule", "table_name"])
        return Counter(zip(errors["rule"].to_pylist(), errors["table_name"].to_pylist(), strict=True))


class TableRow(Protocol):
    """A NamedTuple whose fields are columns of a table."""

    def _asdict(self) -> dict[str, Any]:
        """Return the values by column."""


def return_table(force_code: str, name: str, rows: Iterable[TableRow]) -> pa.Table:
    """Return rows as one of the additional tables of a return (`RETURN_TABLE_SCHEMAS`)."""
    return pa.Table.from_pylist(
        [{"force_code": force_code, **row._asdict()} for row in rows], schema=RETURN_TABLE_SCHEMAS[name]
    )


def incomplete_table(store: StagingStore) -> pa.Table:
    """Return the records and values that were set aside, so that their tables no longer count as complete."""
    rows = store.query("from incomplete order by all")
    force_codes = pa.array([store.manifest.force_code] * rows.num_rows, TEXT)
    return rows.add_column(0, "force_code", force_codes).cast(RETURN_TABLE_SCHEMAS["incomplete"])


def validation_error_table(store: StagingStore, table_readings: Mapping[str, TableReading]) -> pa.Table:
    """Return the validation errors by table, line, column and rule, without cell contents."""
    rows = (
        f"select '{store.manifest.force_code}' as force_code, table_name, {_file_name_sql(table_readings)} as "
        f"file, {_line_sql(table_readings)} as line, column_name, rule from faults"
    )
    return store.query(
        f"{_with_origins(rows, table_readings)} order by table_name, line nulls first, column_name, rule, file"
    ).cast(RETURN_TABLE_SCHEMAS["faults"])


def set_aside_table(store: StagingStore, table_readings: Mapping[str, TableReading]) -> pa.Table:
    """Return the rows set aside with each record as JSON, for the inspection folder only."""
    unread_rows = [
        {"table_name": name, "line": line, "text": text}
        for name, reading in table_readings.items()
        for line, text in reading.unread_records.items()
    ]
    schema = pa.schema([("table_name", TEXT), ("line", NUMBER), ("text", TEXT)])
    store.store_rows("unread", pa.Table.from_pylist(unread_rows, schema=schema))
    texts = ["select table_name, line, to_json({'record': text})::varchar as record from unread"]
    texts += [
        f"select '{name}' as table_name, r.line, to_json(r)::varchar as record from (select * from raw_{name} where "
        f"line in (select line from aside where table_name = '{name}')) as r"
        for name in store.query("select distinct table_name from aside order by 1")["table_name"].to_pylist()
        if store.is_supplied(name)
    ]
    rows = (
        f"select '{store.manifest.force_code}' as force_code, a.table_name, "
        f"{_file_name_sql(table_readings, 'a.')} as file, "
        f"{_line_sql(table_readings, 'a.')} as line, a.column_name, a.rule, t.record from aside as a "
        f"left join ({' union all '.join(texts)}) as t on a.table_name = t.table_name and a.line = t.line"
    )
    return store.query(f"{_with_origins(rows, table_readings)} order by table_name, line, file").cast(
        RETURN_TABLE_SCHEMAS["aside"]
    )


def _file_name_sql(table_readings: Mapping[str, TableReading], prefix: str = "") -> str:
    branches = " ".join(
        f"when '{name}' then '{reading.file.replace(chr(39), chr(39) * 2)}'" for name, reading in table_readings.items()
    )
    return f"case {prefix}table_name {branches} end"


def _line_sql(table_readings: Mapping[str, TableReading], prefix: str = "") -> str:
    branches = [
        f"when '{name}' then {prefix}line // {reading.rows_per_line}"
        for name, reading in table_readings.items()
        if reading.rows_per_line > 1
    ]
    return f"case {prefix}table_name {' '.join(branches)} else {prefix}line end" if branches else f"{prefix}line"


def _typed_rows_sql(store: StagingStore, reading: TableReading) -> str:
    """Return SQL for one of the 28 contract tables, ordered by line; the lines are those of the sender's file."""
    name = reading.table
    file_line = f"line // {reading.rows_per_line}" if reading.rows_per_line > 1 else "line"
    if reading.is_split:
        return (
            f"select t.* replace (o.origin_line as line) from {name} as t "
            f"left join {origin_name(name)} as o on t.{file_line} = o.line order by t.line"
        )
    replaced = f" replace ({file_line} as line)" if file_line != "line" else ""
    return f"select *{replaced} from {name}{order_by_line_sql(store, name)}"


def typed_rows(store: StagingStore, reading: TableReading) -> pa.Table:
    """Return one of the 28 contract tables with its typed columns, ordered by line."""
    return store.query(_typed_rows_sql(store, reading)).cast(contract.typed_schema(reading.table))


def origin_name(table: str) -> str:
    """Return the name, in the staging store, of the table that maps each row of a table to its line in the extract."""
    return f"origin_{table}"


def _origins_sql(table_readings: Mapping[str, TableReading]) -> str:
    """Return SQL for table_name, line, origin_file and origin_line of all tables that were made from an extract."""
    origin_queries = [
        f"select '{name}' as table_name, * from {origin_name(name)}"
        for name, reading in table_readings.items()
        if reading.is_split
    ]
    empty_query = "select '' as table_name, 0 as line, '' as origin_file, 0 as origin_line where false"
    return " union all ".join([empty_query, *origin_queries])


def _with_origins(rows: str, table_readings: Mapping[str, TableReading]) -> str:
    """Return SQL for rows with table_name, file and line, in which file and line are those of the sender's extract."""
    return (
        "select r.* replace (coalesce(o.origin_file, r.file) as file, coalesce(o.origin_line, r.line) as line) "
        f"from ({rows}) as r left join ({_origins_sql(table_readings)}) as o "
        "on r.table_name = o.table_name and r.line = o.line"
    )
