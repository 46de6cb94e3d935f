"""Read a Parquet file and refuse column types that a return may not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from assay.engine.safe_files.parquet_limits import MAXIMUM_ROWS
from assay.errors import EvidenceError
from assay.ingest.column_headings import clean_heading
from assay.ingest.file_readers.file_source import MARKED_CELLS, TableRefused, UnreadRecord, header_error
from assay.ingest.sql_literals import sql_string
from assay.ingest.staging_store import StagingStore

FIRST_LINE = 2  # a header would have been line 1


@dataclass(frozen=True)
class ParquetSource:
    """A Parquet file; its record count comes from its own footer."""

    path: Path
    schema: pa.Schema
    records: int

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the column names of the file."""
        return tuple(clean_heading(name) for name in self.schema.names)

    @property
    def unread_records(self) -> tuple[UnreadRecord, ...]:
        """Return an empty list: every row of a Parquet file has every cell."""
        return ()

    @property
    def marked_cells(self) -> pa.Table:
        """Return an empty table: a Parquet file has no formulas."""
        return MARKED_CELLS.empty_table()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return no remarks: a Parquet file declares its own types and encoding."""
        return ()

    def load_columns(self, store: StagingStore, name: str, columns: Mapping[str, int]) -> None:
        """Load the rows as text in the formats of the contract; a DATE is always a date without a time.

        Columns are read by position, because the reader treats names that differ in case as one name, and uses some
        names itself.
        """
        texts = {
            column: text_sql(f"c{position}", self.schema.field(position).type) for column, position in columns.items()
        }
        select_list = ", ".join(f"{text} as {column}" for column, text in texts.items())
        names = ", ".join(f"c{position}" for position in range(len(self.schema)))
        rows = f"(select * from read_parquet({sql_string(str(self.path))}, hive_partitioning = false)) as t({names})"
        lines = pa.table({"line": pa.array(range(FIRST_LINE, FIRST_LINE + self.records), pa.int64())})
        try:
            with store.registered_rows(lines) as lines_view:
                # Either side of the join may be longer. `was_read` and `line` are NULL on the side that is shorter.
                records_sql = f"(select *, true as was_read from {rows})"
                store.store_query(
                    name, f"select line, was_read, {select_list} from {lines_view} positional join {records_sql}"
                )
        except duckdb.Error:  # its text may hold what a cell holds
            raise _damaged_file(self.path, self.records) from None
        counts = store.query_row(f"select count(was_read) as rows_read, count(line) as lines from {name}")
        store.drop_column(name, "was_read")
        if counts["rows_read"] != self.records or counts["lines"] != self.records:
            raise EvidenceError(
                f"{self.path.name}: its footer counts {self.records} rows, and {counts['rows_read']} were read."
            )


def open_parquet(path: Path) -> ParquetSource:
    """Open a file; refuse a damaged file and column types that are not allowed (R04)."""
    try:
        with pq.ParquetFile(path) as file:
            schema, records = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError):
        raise _damaged_file(path) from None
    if records > MAXIMUM_ROWS:
        sentence = (
            f"{path.name}: it says that it holds more than {MAXIMUM_ROWS:,} rows. Send only the rows that "
            "were requested."
        )
        raise TableRefused("R04", sentence)
    problem = header_error(tuple(clean_heading(name) for name in schema.names))
    if problem:
        raise TableRefused("R04", f"{path.name}: {problem}")
    unusable_count = sum(not _is_allowed_type(field.type) for field in schema)
    if unusable_count:
        raise TableRefused(
            "R04",
            (
                f"{path.name}: {unusable_count} columns are neither text, number, DATE nor TIMESTAMP. "
                "Send one value a cell."
            ),
        )
    return ParquetSource(path, schema, records)


def _damaged_file(path: Path, records: int | None = None) -> TableRefused:
    sentence = f"{path.name}: the file is damaged or cut short, or is not Parquet. Export it again."
    return TableRefused("R04", sentence, records=records)


def _is_allowed_type(kind: pa.DataType) -> bool:
    if types.is_dictionary(kind):
        kind = kind.value_type
    tests = (
        types.is_string, types.is_large_string, types.is_integer, types.is_floating, types.is_decimal, types.is_date,
        types.is_timestamp, types.is_boolean, types.is_null,
    )  # fmt: skip
    return any(test(kind) for test in tests)


def text_sql(name: str, kind: pa.DataType) -> str:
    """Return SQL for a column as text in the formats of the contract (section 3.1)."""
    if types.is_boolean(kind):
        return f"case {name} when true then 'yes' when false then 'no' end"
    if types.is_timestamp(kind):
        zone = " || 'Z'" if kind.tz else ""  # the session is on universal time
        return f"strftime({name}::timestamp, '%Y-%m-%dT%H:%M:%S'){zone}"
    if types.is_date(kind):
        return f"strftime({name}::date, '%Y-%m-%d')"
    if types.is_floating(kind):
        whole = f"{name} = trunc({name}) and abs({name}) < 1e15"
        return f"case when isnan({name}) then null when {whole} then {name}::bigint::varchar else {name}::varchar end"
    return f"{name}::varchar"
