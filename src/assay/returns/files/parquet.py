"""What does a Parquet file hold, and are its columns of a kind that a return may have?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from assay.errors import EvidenceError
from assay.interchange.tables import MOST_ROWS
from assay.returns.desk import Desk
from assay.returns.files.source import MARKED, TableRefused, Unread, header_fault
from assay.returns.sql import quoted

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
        return tuple(self.schema.names)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Nothing: every row has every cell."""
        return ()

    @property
    def marked(self) -> pa.Table:
        """Nothing: there are no formulas."""
        return MARKED.empty_table()

    def lay(self, desk: Desk, name: str, columns: Mapping[str, int]) -> None:
        """Read the rows as text in the forms of the contract: a DATE is always a day alone."""
        fields = {column: self.schema.field(place) for column, place in columns.items()}
        chosen = ", ".join(f"{as_text(field)} as {column}" for column, field in fields.items())
        path = str(self.path).replace("'", "''")
        rows = f"read_parquet({quoted(str(path))}, file_row_number = true)"
        try:
            desk.keep(name, f"select file_row_number + {FIRST_LINE} as line, {chosen} from {rows}")
        except duckdb.Error:  # its text may hold what a cell holds
            raise _damaged(self.path, self.records) from None
        read = desk.number(f"select count(*) from {name}")
        if read != self.records:
            raise EvidenceError(f"{self.path.name}: its footer counts {self.records} rows, and {read} were read.")


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
    fault = header_fault(tuple(schema.names))
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


def as_text(field: pa.Field) -> str:
    """SQL for a column as text in the forms of the contract, section 3.1."""
    name = '"' + field.name.replace('"', '""') + '"'
    kind = field.type
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
