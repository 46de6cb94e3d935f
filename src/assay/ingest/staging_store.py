"""Where does a return lie while it is read, and what has been laid aside from it so far?

One DuckDB store a return. Each of the 28 tables stands there with its typed columns and the rows accepted so far
(empty where it was not supplied or was refused). Beside them `faults` (table_name, line, column_name, rule) and
`aside` (the same columns, one row for each row laid aside: the first rule wins), and `raw_NAME`, what the file held.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from assay import contract
from assay.contract.validation_rules import rules
from assay.engine.table_store import SETTINGS
from assay.errors import DefinitionError
from assay.ingest.return_manifest import Cover

_FILE = re.compile(r"(read_(?:csv|parquet)\()'(?:[^'\n]|'')*?(\.\w+)?'")

NOTED = pa.schema(
    [("table_name", pa.string()), ("line", pa.int64()), ("column_name", pa.string()), ("rule", pa.string())]
)
INCOMPLETE = pa.schema(
    [(name, pa.string()) for name in ("table_name", "kind", "crime_ref", "person_ref", "missing_ref", "column_name",
                                     "record_ref")]
)  # fmt: skip
SQL_TYPES = {pa.string(): "varchar", pa.bool_(): "boolean", pa.int64(): "bigint", pa.float64(): "double",
             pa.date32(): "date", pa.timestamp("us"): "timestamp"}  # fmt: skip
"""What the typed columns of the contract, and of what lies beside them, are called in SQL."""


class Desk:
    """The store of one return. Nothing that leaves it by `fault`, `faults` or an error holds a cell's content.

    `on_disk` keeps the store in a temporary file, for returns too large for memory; `memory` is the most that
    the store may take before it writes to disk; `as_written` runs every statement without looking for a quicker plan.
    """

    def __init__(
        self, cover: Cover, *, on_disk: bool = False, threads: int = 2, memory: str = "1GB", as_written: bool = False
    ) -> None:
        self.cover = cover
        self._on_disk = on_disk
        self._folder = Path(tempfile.mkdtemp(prefix="assay-return-"))
        # It holds records, so it also goes when nobody closes the desk.
        self._remove_folder = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        place = str(self._folder / "desk.duckdb") if on_disk else ":memory:"
        settings = SETTINGS | {"temp_directory": str(self._folder), "threads": threads, "memory_limit": memory}
        self._connection = duckdb.connect(place, config=settings)
        self._do("set TimeZone = 'UTC'")
        if as_written:
            self._do("pragma disable_optimizer")
        self._statements: list[str] = []
        self._refused: dict[str, str] = {}
        self._given: set[str] = set()
        self._held: set[str] = set()
        self._not_complete: set[str] = set()
        self._do(_empty_tables())

    @property
    def folder(self) -> Path:
        """A folder for what is needed while the return is read; it goes with the desk."""
        return self._folder

    @property
    def statements(self) -> tuple[str, ...]:
        """Every statement that was asked or kept, in order."""
        return tuple(self._statements)

    @property
    def refused(self) -> dict[str, str]:
        """The tables that were refused, with the rule that refused them."""
        return dict(self._refused)

    @property
    def not_complete(self) -> frozenset[str]:
        """The tables whose complete is read as no, whatever the cover says (R59)."""
        return frozenset(self._not_complete)

    def supplied(self, table: str) -> bool:
        """True if the table came and was not refused: it may be empty."""
        return table in self._given and table not in self._refused

    def run(self, sql: str) -> pa.Table:
        """The rows that answer a question, in the order that it asks for."""
        self._note(sql)
        return self._connection.sql(sql).to_arrow_table()

    def number(self, sql: str) -> int:
        """The one number that answers a question."""
        return int(self._connection.execute(sql).fetchall()[0][0])

    def look(self, sql: str) -> dict[str, Any]:
        """The one row that answers a question, by column."""
        self._note(sql)
        (row,) = self._connection.sql(sql).to_arrow_table().to_pylist()
        return dict(row)

    def columns(self, name: str) -> frozenset[str]:
        """The columns of a table of the desk; none, if no such table lies there."""
        try:
            return frozenset(self._connection.table(name).columns)
        except duckdb.CatalogException:
            return frozenset()

    def keep(self, name: str, sql: str) -> int:
        """Keep the answer to a question as a table of the desk; how many rows it has."""
        self._note(sql)
        return self._do(f"create or replace table {name} as {sql}")

    def worked_out(self, name: str, sql: str) -> str:
        """A question that several others ask first: of a large return as it stands, of any other answered once here
        and then read, since to plan it takes longer than to answer it."""
        if self._on_disk:
            return sql
        self.keep(name, sql)
        return f"select * from {name}"

    def insert(self, name: str, sql: str) -> None:
        """Add the answer to a question to a table of the desk, by the names of its columns."""
        self._note(sql)
        self._do(f"insert into {name} by name {sql}")

    def drop_columns(self, table: str, columns: list[str]) -> None:
        """Take columns from a table of the desk."""
        if columns:
            self._do(f"create or replace table {table} as select * exclude ({', '.join(columns)}) from {table}")

    def hold(self, name: str, rows: pa.Table) -> None:
        """Lay Arrow rows on the desk under a name."""
        with self.lent(rows) as lent:
            self._do(f"create or replace table {name} as from {lent}")

    def hold_once(self, name: str, rows: pa.Table) -> None:
        """Lay rows on the desk that no other rows ever take the place of."""
        if name not in self._held:
            self.hold(name, rows)
            self._held.add(name)

    @contextmanager
    def lent(self, rows: pa.Table) -> Iterator[str]:
        """Lend Arrow rows to the statements of a block, without copying them."""
        self._connection.register("lent_rows", rows)
        try:
            yield "lent_rows"
        finally:
            self._connection.unregister("lent_rows")

    def accept(self, table: str, sql: str) -> None:
        """Lay the typed rows of a supplied table on the desk."""
        self.keep(table, sql)
        self._given.add(table)

    def fault(self, rule: str, table: str, column: str, lines_sql: str) -> int:
        """Keep the rows and count them: `lines_sql` selects their `line`. How many there were."""
        self._known(rule, table)
        return self._do(
            f"insert into faults select {_text(table)}, line, {_text(column)}, {_text(rule)} "
            f"from (select distinct line from ({lines_sql}) where line is not null)"
        )

    def set_aside(self, rule: str, table: str, column: str, lines_sql: str) -> int:
        """Lay rows aside: they leave the table, and the first rule that does so is their reason. How many left."""
        self._known(rule, table)
        count = self._do(
            "create or replace temp table leaving as "
            f"select line from {table} where line in (select line from ({lines_sql}))"
        )
        if count:
            self._note_aside(rule, table, column)
            self._do(f"delete from {table} where line in (select line from leaving)")
        return count

    def _note_aside(self, rule: str, table: str, column: str) -> None:
        same = f"table_name = {_text(table)} and column_name = {_text(column)} and rule = {_text(rule)}"
        for home in ("aside", "faults"):
            self._do(
                f"insert into {home} select {_text(table)}, line, {_text(column)}, {_text(rule)} "
                f"from leaving anti join (select line from {home} where {same}) as told using (line)"
            )

    def never_read(self, rule: str, table: str, lines_sql: str) -> None:
        """Tell and count records that could not be read as rows at all."""
        self._known(rule, table)
        self._do(f"create or replace temp table leaving as {lines_sql}")
        self._note_aside(rule, table, "")

    def empty_value(self, rule: str, table: str, column: str, lines_sql: str) -> int:
        """Lay a value aside: the row stays, the value is read as empty (all three columns of a `when`)."""
        self._known(rule, table)
        self._do(
            "create or replace temp table leaving as "
            f"select line from {table} where line in (select line from ({lines_sql}))"
        )
        names = contract.table(table).column(column).names
        nulls = ", ".join(f"{name} = null" for name in names)
        self._do(f"update {table} set {nulls} where line in (select line from leaving)")
        return self.fault(rule, table, column, "select line from leaving")

    def refuse(self, rule: str, table: str, column: str = "") -> None:
        """Refuse a table as a whole: no row of it is used, and nothing but it."""
        self._known(rule, table)
        self._refused.setdefault(table, rule)
        self._do(f"insert into faults values ({_text(table)}, null, {_text(column)}, {_text(rule)})")
        self._do(_empty_table(table, contract.typed_schema(table)))

    def note(self, rule: str, table: str, column: str = "") -> None:
        """Count a fault of a table as a whole, which belongs to no line of it."""
        self._known(rule, table)
        self._do(f"insert into faults values ({_text(table)}, null, {_text(column)}, {_text(rule)})")

    def read_as_not_complete(self, table: str) -> None:
        """Read `complete` of a table as no (R59)."""
        self._not_complete.add(table)

    def write_parquet(self, sql: str, path: Path) -> None:
        """Write the answer to a question to a Parquet file, without holding it in memory."""
        self._do(f"copy ({sql}) to {_text(str(path))} (format parquet)")

    def forget_rejects(self) -> None:
        """Forget what the CSV reader rejected, before the next file is read."""
        self._do("truncate reject_errors")
        self._do("truncate reject_scans")

    def close(self) -> None:
        """Clear the desk."""
        self._connection.close()
        self._remove_folder()

    def _note(self, sql: str) -> None:
        """Remember a statement, without the names of files and the places on this machine where they lay."""
        self._statements.append(_FILE.sub(r"\1'file\2'", sql))

    def _do(self, sql: str) -> int:
        """Run a statement; how many rows it wrote or took away."""
        told = self._connection.execute(sql).fetchall()
        return int(told[0][0]) if told else 0

    def _known(self, rule: str, table: str) -> None:
        if rule not in rules():
            raise DefinitionError(f"The return contract has no rule {rule}.")
        contract.table(table)


@cache
def _empty_tables() -> str:
    """SQL for every table of the desk before anything is laid on it, in one go: a desk is made for each return."""
    schemas = {name: contract.typed_schema(name) for name in contract.tables()}
    schemas |= {"faults": NOTED, "aside": NOTED, "incomplete": INCOMPLETE}
    return "; ".join(_empty_table(name, schema) for name, schema in schemas.items())


def _empty_table(name: str, schema: pa.Schema) -> str:
    columns = ", ".join(f'"{field.name}" {SQL_TYPES[field.type]}' for field in schema)
    return f"create or replace table {name} ({columns})"


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
