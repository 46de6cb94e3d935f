"""Metadata of the released tables for Datasette: title, description, licence, source and columns of each table."""

from __future__ import annotations

import json
from typing import Any

from assay.report.place_names import with_name_columns
from assay.report.table_descriptions import (
    OPEN_LICENCE_URL,
    column_description,
    disclosure_note,
    is_inspection,
    licence,
    source,
)
from assay.sdc import Released, Table, declared_tables

DATABASE = "figures"
"""The name of the database in Datasette, which is the name of its file without the ending."""


def datasette_metadata(released: Released, title: str) -> str:
    """Return the metadata file of Datasette for a database `figures.sqlite` of the released tables."""
    tables = {name: _table(with_name_columns(declared_tables()[name]), released) for name in released.tables}
    metadata = {
        "title": title,
        "description": f"Edition {released.edition}. Rule of release: {released.policy.name}.",
        **_origin(released),
        "databases": {DATABASE: {"tables": tables}},
    }
    return json.dumps(metadata, ensure_ascii=False, indent=1) + "\n"


def _table(form: Table, released: Released) -> dict[str, Any]:
    return {
        "title": form.title,
        "description": f"One row is {form.row}. {disclosure_note(form, released)}",
        **_origin(released),
        "columns": {column.name: column_description(column) for column in form.columns},
    }


def _origin(released: Released) -> dict[str, str]:
    """Return source and licence; a report on returns of forces states no licence, so none is given."""
    if is_inspection(released):
        return {"source": source(released)}
    return {"source": source(released), "license": licence(released), "license_url": OPEN_LICENCE_URL}
