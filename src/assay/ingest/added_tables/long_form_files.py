"""Describe the long format for other programs: Table Schema, data package, CSVW, a mapping template and an example."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from assay.engine.safe_files.spreadsheet_cells import csv_text
from assay.ingest.added_tables.added_table import AddedTable, read_added_table
from assay.ingest.added_tables.long_form import LongColumn, LongForm, long_form

LONG_FILE = "long-form.csv"
CSVW_CONTEXT = "http://www.w3.org/ns/csvw"
EXAMPLE_FILES = {"example-table.csv": "example_table.csv", "example-mapping.toml": "mapping_template.toml"}
"""Name of each file in the folder, and of the file of this package from which it is copied."""


def table_schema(form: LongForm) -> dict[str, Any]:
    """Return the long form as a Frictionless Table Schema."""
    return {
        "title": form.title,
        "description": form.description,
        "fields": [_field(column) for column in form.columns],
        "primaryKey": list(form.key),
        "missingValues": [""],
    }


def _field(column: LongColumn) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": column.required}
    constraints |= {"pattern": column.pattern} if column.pattern else {}
    return {
        "name": column.name, "type": column.type, "description": column.meaning, "constraints": constraints,
    }  # fmt: skip


def data_package(form: LongForm) -> dict[str, Any]:
    """Return the data package of one file in the long form."""
    resource = {
        "name": "long-form", "path": LONG_FILE, "title": form.title, "format": "csv", "mediatype": "text/csv",
        "encoding": "utf-8", "schema": table_schema(form),
    }  # fmt: skip
    return {"name": "long-form", "title": form.title, "description": form.description, "resources": [resource]}


def csvw_metadata(form: LongForm) -> dict[str, Any]:
    """Return the long form as CSVW metadata of one file."""
    return {
        "@context": [CSVW_CONTEXT, {"@language": "en"}],
        "url": LONG_FILE,
        "dc:title": form.title,
        "dc:description": form.description,
        "tableSchema": {
            "columns": [_csvw_column(column) for column in form.columns],
            "primaryKey": list(form.key),
        },
    }


def _csvw_column(column: LongColumn) -> dict[str, Any]:
    datatype: Any = column.type if not column.pattern else {"base": column.type, "format": column.pattern}
    return {
        "name": column.name, "titles": column.name, "dc:description": column.meaning, "datatype": datatype,
        "required": column.required,
    }  # fmt: skip


def write_long_form(folder: Path) -> list[Path]:
    """Write the schemas of the long form, and a valid example; return the paths."""
    form = long_form()
    folder.mkdir(parents=True, exist_ok=True)
    described = {
        "long-form-schema.json": table_schema(form),
        "datapackage.json": data_package(form),
        f"{LONG_FILE}-metadata.json": csvw_metadata(form),
    }
    paths = [_write_text(folder / name, _json(content)) for name, content in described.items()]
    for name, template in EXAMPLE_FILES.items():
        paths.append(_write_text(folder / name, (files(__package__) / template).read_text("utf-8")))
    example = read_added_table(folder / "example-mapping.toml")
    return [*paths, _write_text(folder / LONG_FILE, long_text(example))]


def write_long_table(table: AddedTable, folder: Path) -> Path:
    """Write an added table in the long form, as KEY.csv; return the path."""
    folder.mkdir(parents=True, exist_ok=True)
    return _write_text(folder / f"{table.mapping.key}.csv", long_text(table))


def long_text(table: AddedTable) -> str:
    """Return an added table as CSV in the long form; a whole number has no decimal point."""
    names = long_form().names
    rows = [{**vars(row), "value": _whole_or_float(row.value)} for row in table.converted.rows]
    return csv_text(names, [[row[name] for name in names] for row in rows])


def _whole_or_float(value: float | None) -> float | None:
    """Return 420 for 420.0: a count is written without a decimal point."""
    return int(value) if value is not None and value.is_integer() else value


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _write_text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path
