"""The data return contract: the tables and columns that a force may send.

There is one TOML file for each table, in the order of the return contract (sections 5 to 7). The checks, the
Frictionless Table Schema, the empty workbook and the reference page are all derived from these files, so that they
cannot differ.
"""

from assay.contract.table_spec import (
    FORCE_CODE,
    ORIGINS,
    RECEIVED_VERSIONS,
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
    "ORIGINS",
    "RECEIVED_VERSIONS",
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
