"""The data return contract: the tables and columns that a force may send.

One TOML file a table, in the order of the return contract (sections 5 to 7). From these follow the checks, the
Frictionless Table Schema, the empty workbook and the reference page, so that none of them can differ.
"""

from assay.contract.table_spec import (
    FORCE_CODE,
    SPEC_VERSION,
    Column,
    Table,
    event_kinds,
    list_meanings,
    list_values,
    out_of_scope_topics,
    requested_tables,
    table,
    tables,
    typed_schema,
)

__all__ = [
    "FORCE_CODE",
    "SPEC_VERSION",
    "Column",
    "Table",
    "event_kinds",
    "list_meanings",
    "list_values",
    "out_of_scope_topics",
    "requested_tables",
    "table",
    "tables",
    "typed_schema",
]
