"""Metadata of the released CSV files in the W3C format CSV on the Web (CSVW)."""

from __future__ import annotations

import json
from typing import Any

from assay.report.place_names import with_name_columns
from assay.sdc import Column, Released, Table, declared_tables

CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
TYPES: dict[str, Any] = {
    "code": "string", "name": "string", "sentence": "string", "count": "integer", "whole": "integer",
    "number": "number", "share": {"base": "number", "minimum": 0, "maximum": 1},
    "flag": {"base": "boolean", "format": "yes|no"},
}  # fmt: skip


def csvw_metadata(released: Released) -> str:
    """Return the metadata of every CSV file of released figures, as one group of tables."""
    tables = [_table(with_name_columns(declared_tables()[name])) for name in released.tables]
    metadata = {
        "@context": CONTEXT,
        "dc:title": "Released figures",
        "dc:description": f"Edition {released.edition}. Rule of release: {released.policy.name}.",
        "tables": tables,
    }
    return json.dumps(metadata, ensure_ascii=False, indent=1) + "\n"


def _table(form: Table) -> dict[str, Any]:
    columns = [_column(form, column) for column in form.columns]
    schema = {"columns": columns, "aboutUrl": f"#{form.name}-{{_row}}"}
    key = [name for name in form.key if not next(c for c in form.columns if c.name == name).empty]
    if key == list(form.key):
        schema["primaryKey"] = list(form.key)
    return {"url": f"{form.name}.csv", "dc:title": form.title, "dc:description": f"One row is {form.row}.",
            "tableSchema": schema}  # fmt: skip


def _column(form: Table, column: Column) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "name": column.name, "titles": column.name, "dc:description": column.meaning, "datatype": TYPES[column.kind],
    }  # fmt: skip
    if column.unit:
        metadata["schema:unitText"] = column.unit
    if column.name in form.key and not column.empty:
        metadata["required"] = True
    return metadata
