"""What does a Parquet file hold, and are its columns of a kind that a return may have?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from assay.engine.safe_files.parquet_limits import MOST_ROWS
from assay.errors import EvidenceError
from assay.ingest.column_headings import cleaned
from assay.ingest.file_readers.file_source import MARKED, TableRefused, Unread, header_fault
from assay.ingest.sql_literals import quoted
from assay.ingest.staging_store import Desk

FIRST_LINE = 2  # a header would have been line 1


@dataclass(frozen=True)
class Parquet:
    """A Parquet file; its records are counted from its own footer."""

    path: Path
    schema: pa.Schema
    records: int

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(cleaned(name) for name in self.schema.names)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Nothing: every row has every cell."""
        return ()

    @property
    def marked(self) -> pa.Table:
        """Nothing: there are no formulas."""
        return MARKED.empty_table()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return no remarks: a Parquet file declares its own types and encoding."""
        return ()

    def lay(self, desk: Desk, name: str, columns: Mapping[str, int]) -> None:
        """Read the rows as text in the forms of the contract: a DATE is always a day alone.

        Columns are read by position, because the reader treats names that differ in case as one name, and uses some
        names itself.
        """
        texts = {column: as_text(f"c{place}", self.schema.field(place).type) for column, place in columns.items()}
        chosen = ", ".join(f"{text} as {column}" for column, text in texts.items())
        names = ", ".join(f"c{place}" for place in range(len(self.schema)))
        rows = f"(select * from read_parquet({quoted(str(self.path))}, hive_partitioning = false)) as t({names})"
        lines = pa.table({"line": pa.array(range(FIRST_LINE, FIRST_LINE + self.records), pa.int64())})
        try:
            with desk.lent(lines) as lent:
                # Either side of the join may be longer. `was_read` and `line` are NULL on the side that is shorter.
                read = f"(select *, true as was_read from {rows})"
                desk.keep(name, f"select line, was_read, {chosen} from {lent} positional join {read}")
        except duckdb.Error:  # its text may hold what a cell holds
            raise _damaged(self.path, self.records) from None
        counts = desk.look(f"select count(was_read) as rows_read, count(line) as lines from {name}")
        desk.drop_columns(name, ["was_read"])
        if counts["rows_read"] != self.records or counts["lines"] != self.records:
            raise EvidenceError(
                f"{self.path.name}: its footer counts {self.records} rows, and {counts['rows_read']} were read."
            )


def open_parquet(path: Path) -> Parquet:
    """Open a file; refuses a damaged one, and columns that a return may not have (R04)."""
    try:
        with pq.ParquetFile(path) as file:
            schema, records = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError):
        raise _damaged(path) from None
    if records > MOST_ROWS:
        said = f"{path.name}: it says that it holds more than {MOST_ROWS:,} rows. Send what was asked for, and no more."
        raise TableRefused("R04", said)
    fault = header_fault(tuple(cleaned(name) for name in schema.names))
    if fault:
        raise TableRefused("R04", f"{path.name}: {fault}")
    wrong = sum(not _may_be_sent(field.type) for field in schema)
    if wrong:
        raise TableRefused(
            "R04",
            f"{path.name}: {wrong} columns are neither text, number, DATE nor TIMESTAMP without zone. Send a time as "
            "the wall time in Europe/London without a zone, and one value a cell.",
        )
    return Parquet(path, schema, records)


def _damaged(path: Path, records: int | None = None) -> TableRefused:
    said = f"{path.name}: the file is damaged or cut short, or is not Parquet. Export it again."
    return TableRefused("R04", said, records=records)


def _may_be_sent(kind: pa.DataType) -> bool:
    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_timestamp(kind):
        return kind.tz is None
    tests = (
        types.is_string, types.is_large_string, types.is_integer, types.is_floating, types.is_decimal, types.is_date,
        types.is_boolean, types.is_null,
    )  # fmt: skip
    return any(test(kind) for test in tests)


def as_text(name: str, kind: pa.DataType) -> str:
    """SQL for a column as text in the forms of the contract, section 3.1."""
    if types.is_boolean(kind):
        return f"case {name} when true then 'yes' when false then 'no' end"
    if types.is_timestamp(kind):
        return f"strftime({name}::timestamp, '%Y-%m-%dT%H:%M:%S')"
    if types.is_date(kind):
        return f"strftime({name}::date, '%Y-%m-%d')"
    if types.is_floating(kind):
        whole = f"{name} = trunc({name}) and abs({name}) < 1e15"
        return f"case when isnan({name}) then null when {whole} then {name}::bigint::varchar else {name}::varchar end"
    return f"{name}::varchar"
