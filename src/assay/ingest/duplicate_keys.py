"""Merge rows with duplicate keys (R12), and set aside the values in which they differ (R13).

A join repeats a row for every person or flag of a crime. Rows with one key that do not contradict each other are one
row: a cell that is empty in one of them is filled from another. Where they contradict each other in a column, nothing
shows which value is right, so the value is set aside; in a required column, all of the rows are set aside.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assay.contract import Column, Table
from assay.ingest.staging_store import StagingStore

SEALED_TABLES = ("marks",)
"""Tables whose rows are sealed, each with a hash of its content: no row is put together from several."""


def merge_duplicate_keys(store: StagingStore, table: Table, required: Collection[str], broken: str) -> None:
    """Merge duplicate keys among the accepted rows of a table (R12), and set aside contradictions (R13).

    Parameters
    ----------
    store
        The staging store that holds the typed rows.
    table
        The specification of the table.
    required
        The columns without which a row cannot be used. The key is not among them.
    broken
        Name of the table of cells that break a rule; '' if none does.
    """
    key = ", ".join(table.key)
    # A hash of the key first: a list of ten million keys would not fit where ten million numbers do.
    duplicate_count = store.store_query(
        "duplicate_hashes",
        f"select h from (select hash({key}) as h from {table.name}) group by h having count(*) > 1",
    )
    if not duplicate_count:
        return
    hashed_rows = f"select * from {table.name} where hash({key}) in (select h from duplicate_hashes)"
    store.store_query(
        "duplicates",
        "select * from (select *, min(line) over one_key as first_line, count(*) over one_key as together "
        f"from ({hashed_rows}) window one_key as (partition by {key})) where together > 1",
    )
    columns = [column for column in table.columns if column.name not in table.key]
    store.store_query("merged", _merged_sql(columns))
    contradicted = _contradicted_columns(store, columns)
    unusable = contradicted if table.name in SEALED_TABLES else [name for name in contradicted if name in required]
    for name in unusable:
        _set_groups_aside(store, table, name)
    store.set_rows_aside("R12", table.name, table.key[0], "select line from duplicates where line > first_line")
    _store_merged_rows(store, table, columns)
    if broken:
        _merge_broken_cells(store, broken, columns)
    for name in contradicted:
        if name not in unusable:
            lines = f"select line from merged where {_count_name(name)} > 1"
            store.record_errors("R13", table.name, name, lines)


def _count_name(column: str) -> str:
    return f"{column}_values"


def _merged_sql(columns: Sequence[Column]) -> str:
    """Return SQL with one row for each key: the line, and each field with its number of values."""
    parts = ["first_line as line"]
    for column in columns:
        name, fields = column.name, ", ".join(column.field_names)
        number = f"count(distinct case when {name} is not null then row({fields}) end)"
        parts.append(f"{number} as {_count_name(name)}")
        parts += [f"case when {number} = 1 then any_value({field}) end as {field}" for field in column.field_names]
    return f"select {', '.join(parts)} from duplicates group by first_line"


def _contradicted_columns(store: StagingStore, columns: Sequence[Column]) -> list[str]:
    counts = ", ".join(f"max({_count_name(column.name)}) as {column.name}" for column in columns)
    numbers = store.query_row(f"select {counts} from merged") if columns else {}
    return [name for name, number in numbers.items() if (number or 0) > 1]


def _set_groups_aside(store: StagingStore, table: Table, column: str) -> None:
    groups = f"select line from merged where {_count_name(column)} > 1"
    lines = f"select line from duplicates where first_line in ({groups})"
    store.set_rows_aside("R13", table.name, column, lines)


def _store_merged_rows(store: StagingStore, table: Table, columns: Sequence[Column]) -> None:
    """Put what the rows of a key say together into the first of them."""
    names = [name for column in columns for name in column.field_names]
    if names:
        values = ", ".join(f"{name} = merged.{name}" for name in names)
        store.update_rows(table.name, f"{values} from merged where {table.name}.line = merged.line")


def _merge_broken_cells(store: StagingStore, broken: str, columns: Sequence[Column]) -> None:
    """Count a broken cell of any row of a key as one of the first row, unless the rows have one value there."""
    names = ", ".join(f"'{column.name}'" for column in columns) or "''"
    count = store.store_query(
        "broken_together",
        f"select first_line as line, column_name, max(rule) as rule from {broken} join duplicates using (line) "
        f"where column_name in ({names}) group by all",
    )
    if not count:
        return
    for name in store.query("select distinct column_name from broken_together")["column_name"].to_pylist():
        one_value = f"select line from merged where {_count_name(name)} = 1"
        store.delete_rows("broken_together", f"column_name = '{name}' and line in ({one_value})")
    store.delete_rows(broken, f"column_name in ({names}) and line in (select first_line from duplicates)")
    store.insert_query(broken, "select * from broken_together")
