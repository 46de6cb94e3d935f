"""Read tables that were accepted or bundled under an earlier version of the contract.

A later version only adds columns. A table of an earlier version is read as if its sender had left them empty.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import pyarrow as pa

from assay.contract.table_spec import RECEIVED_VERSIONS, tables, typed_schema


@lru_cache
def added_fields(name: str) -> tuple[pa.Field, ...]:
    """Return the typed fields that later versions added to a table of the contract; none for any other table."""
    if name not in tables():
        return ()
    columns = (column for column in tables()[name].columns if column.since != RECEIVED_VERSIONS[0])
    return tuple(field for column in columns for field in column.fields)


def missing_fields(name: str, columns: Collection[str]) -> tuple[pa.Field, ...]:
    """Return the added fields that are not among these columns of a table."""
    return tuple(field for field in added_fields(name) if field.name not in columns)


def add_missing_columns(name: str, rows: pa.Table) -> pa.Table:
    """Return the table with an empty column for each field added in later versions, in the order of the contract."""
    missing = {field.name: field.type for field in missing_fields(name, rows.column_names)}
    if not missing:
        return rows
    order = [field.name for field in typed_schema(name) if field.name in missing or field.name in rows.column_names]
    columns = {
        field_name: pa.nulls(rows.num_rows, missing[field_name]) if field_name in missing else rows[field_name]
        for field_name in order
    }
    further_columns = {field_name: rows[field_name] for field_name in rows.column_names if field_name not in columns}
    return pa.table(columns | further_columns)
