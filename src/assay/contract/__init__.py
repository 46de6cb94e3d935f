"""What may a force send, table by table and column by column?

One TOML file a table, in the order of the return contract (sections 5 to 7). From these follow the checks, the
Frictionless Table Schema, the empty workbook and the reference page, so that none of them can differ.
"""

from assay.contract.table_spec import (
    FORCE_CODE,
    SPEC_VERSION,
    Column,
    Table,
    asked_tables,
    event_kinds,
    list_values,
    meanings,
    not_asked,
    table,
    tables,
    typed_schema,
)

__all__ = [
    "FORCE_CODE",
    "SPEC_VERSION",
    "Column",
    "Table",
    "asked_tables",
    "event_kinds",
    "list_values",
    "meanings",
    "not_asked",
    "table",
    "tables",
    "typed_schema",
]
