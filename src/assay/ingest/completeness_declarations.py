"""May the absence of a row or value be read as 'it did not happen'?

It may where the manifest declares a table or a kind of event complete, unless rule R59 withdrew the declaration.
"""

from __future__ import annotations

from assay.ingest.sql_literals import sql_list
from assay.ingest.staging_store import StagingStore


def is_complete(store: StagingStore, table: str) -> bool:
    """Return True if the table is supplied and its sender declares it complete."""
    is_declared = store.manifest.table(table).complete is True
    return is_declared and store.is_supplied(table) and table not in store.not_complete


def is_kind_complete(store: StagingStore, kind: str) -> bool:
    """Return True if this kind of event is supplied and declared complete in the manifest."""
    return store.is_supplied("events") and store.manifest.kinds.get(kind) is True


def has_column(store: StagingStore, table: str, column: str) -> bool:
    """Return True if the file of the table has the column, under its own or a mapped name."""
    return column in raw_columns(store, table)


def raw_columns(store: StagingStore, table: str) -> frozenset[str]:
    """Return the columns in the file of a table, under their names after mapping."""
    return store.columns(f"raw_{table}")


def harmless_rules(store: StagingStore) -> tuple[str, ...]:
    """Return the rules that set a row aside without making its table incomplete, such as duplicates (R12).

    A repeated row is not lost if one copy stays (R12). Nor is a crime out of scope (R50), with the rows that
    belong to it, where the sender exported all its crimes and left the selection to assay.
    """
    return ("R12",) if has_column(store, "crimes", "scope_reason") else ("R12", "R50")


def lost_rows_sql(store: StagingStore, table: str, *columns: str) -> str:
    """Return SQL for the rows whose setting aside makes a table incomplete: their line and the named columns, as text.

    A column that the file lacks, or a cell that cannot be a reference, is NULL.
    """
    file_columns = raw_columns(store, table)
    select_list = [_reference_sql(name) if name in file_columns else f"null::varchar as {name}" for name in columns]
    return (
        f"select {', '.join(['r.line', *select_list])} from raw_{table} as r where r.line in "
        f"(select line from aside where table_name = '{table}' and rule not in {sql_list(harmless_rules(store))})"
        if file_columns
        else f"select {', '.join(['null::bigint as line', *select_list])} where false"
    )


def _reference_sql(name: str) -> str:
    text = f"trim(regexp_replace(cast(r.{name} as varchar), '\\p{{Cf}}', '', 'g'))"
    return f"case when length({text}) between 1 and 64 then {text} end as {name}"
