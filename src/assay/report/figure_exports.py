"""Write released tables as CSV, JSON and spreadsheets, with a data dictionary and metadata (CSVW, Datasette).

Each released table becomes a CSV file, with the names of places beside their codes, and a JSON file, whose columns are
those that its receipt covers. A text cell that a spreadsheet would run as a formula gets an
apostrophe; numbers stay numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import reference
from assay.engine.safe_files.spreadsheet_cells import csv_text
from assay.engine.worker_processes import release_memory
from assay.progress import Progress, no_progress
from assay.report.analysis_scripts import notebook, r_script
from assay.report.place_names import named_rows, place_names, with_name_columns
from assay.report.report_tables import table_rows
from assay.report.spreadsheets import as_ods, as_xlsx, sheets
from assay.report.table_descriptions import (
    OPEN_LICENCE_URL,
    column_description,
    disclosure_note,
    is_inspection,
    licence,
    source,
)
from assay.sdc import Column, Released, Table, declared_tables

# Metadata of the released tables for Datasette: title, description, licence, source and columns of each table.

DATABASE = "figures"
"""The name of the database in Datasette, which is the name of its file without the ending."""


def datasette_metadata(released: Released, title: str) -> str:
    """Return the metadata file of Datasette for a database `figures.sqlite` of the released tables."""
    tables = {name: _datasette_table(with_name_columns(declared_tables()[name]), released) for name in released.tables}
    metadata = {
        "title": title,
        "description": f"Edition {released.edition}. Rule of release: {released.policy.name}.",
        **_origin(released),
        "databases": {DATABASE: {"tables": tables}},
    }
    return json.dumps(metadata, ensure_ascii=False, indent=1) + "\n"


def _datasette_table(form: Table, released: Released) -> dict[str, Any]:
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


# Metadata of the released CSV files in the W3C format CSV on the Web (CSVW).

CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
TYPES: dict[str, Any] = {
    "code": "string", "name": "string", "sentence": "string", "count": "integer", "whole": "integer",
    "number": "number", "share": {"base": "number", "minimum": 0, "maximum": 1},
    "flag": {"base": "boolean", "format": "yes|no"},
}  # fmt: skip


def csvw_metadata(released: Released) -> str:
    """Return the metadata of every CSV file of released figures, as one group of tables."""
    tables = [_csvw_table(with_name_columns(declared_tables()[name])) for name in released.tables]
    metadata = {
        "@context": CONTEXT,
        "dc:title": "Released figures",
        "dc:description": f"Edition {released.edition}. Rule of release: {released.policy.name}.",
        "tables": tables,
    }
    return json.dumps(metadata, ensure_ascii=False, indent=1) + "\n"


def _csvw_table(form: Table) -> dict[str, Any]:
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


def json_parts(form: Table, rows: Iterable[Sequence[Any]], edition: str) -> Iterator[str]:
    """Yield a table as JSON in pieces: what one row is, each column with its unit and meaning, then rows as lists."""
    metadata = {
        "table": form.name,
        "title": form.title,
        "one_row_is": form.row,
        "edition": edition,
        "notice": f"Counts are offences recorded by police. {reference.NO_FLAG}",
        "columns": [{"name": c.name, "kind": c.kind, "unit": c.unit, "meaning": c.meaning} for c in form.columns],
    }
    yield json.dumps(metadata, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "rows": [\n'
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    separator = ""
    for row in rows:
        yield f"{separator}{encode(row)}"
        separator = ",\n"
    yield "\n]\n}\n"


def data_dictionary() -> str:
    """Return the data dictionary as CSV: every column of every table that may be released, as the CSV files have it."""
    rows = [
        (form.name, form.row, c.name, c.kind, c.unit, "yes" if c.empty else "no", " ".join(c.values), c.meaning)
        for form in map(with_name_columns, declared_tables().values())
        for c in form.columns
    ]
    heads = ("table", "one_row_is", "column", "kind", "unit", "may_be_empty", "closed_list", "meaning")
    return csv_text(heads, rows)


def write_figures(released: Released, folder: Path, title: str, progress: Progress = no_progress) -> list[Path]:
    """Write every table into `folder`, as files and as spreadsheets; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [_write(folder / "dictionary.csv", data_dictionary()), *write_code_lists(folder / "code-lists")]
    names = place_names(released)
    for done, name in enumerate(released.tables):
        progress("Writing the tables of the report", done, len(released.tables))
        form = declared_tables()[name]
        paths.append(_write(folder / f"{name}.csv", _named_csv(form, released.tables[name], names)))
        rows = table_rows(released.tables[name], [column.name for column in form.columns])
        paths.append(_write_parts(folder / f"{name}.json", json_parts(form, rows, released.edition)))
    receipt = json.dumps(dict(released.public_receipt), sort_keys=True, ensure_ascii=False, indent=1) + "\n"
    paths.append(_write(folder / "public-receipt.json", receipt))
    paths.append(_write(folder / "csv-metadata.json", csvw_metadata(released)))
    paths.append(_write(folder / "datasette.json", datasette_metadata(released, title)))
    paths.append(_write(folder / "read-figures.R", r_script(released)))
    paths.append(_write(folder / "read-figures.ipynb", notebook(released)))
    progress("Writing the spreadsheets of the report", 0, 0)
    return [*paths, *write_spreadsheets(released, folder, title)]


def _named_csv(form: Table, table: pa.Table, names: Mapping[str, str]) -> str:
    """Return a table as CSV, with the names of places beside their codes."""
    return csv_text([column.name for column in with_name_columns(form).columns], named_rows(form, table, names))


def write_spreadsheets(released: Released, folder: Path, title: str) -> list[Path]:
    """Write the statistical tables as .xlsx and as .ods."""
    release_memory()  # a workbook has all its cells in memory until it is written
    tables = sheets(released, title)
    paths = []
    for name, to_bytes in (("tables.xlsx", as_xlsx), ("tables.ods", as_ods)):
        (folder / name).write_bytes(to_bytes(tables, title))
        paths.append(folder / name)
    return paths


def code_lists() -> dict[str, list[dict[str, Any]]]:
    """Return the commission's registers (codes, forces, breaks, questions ...) and their dictionary, by name."""
    lists = {**reference.code_lists(), "dictionary": reference.data_dictionary()}
    return {name: rows for name, rows in sorted(lists.items()) if rows}


def write_code_lists(folder: Path) -> list[Path]:
    """Write each register into `folder` as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write(folder / f"{name}.csv", csv_text(list(rows[0]), [list(row.values()) for row in rows]))
        for name, rows in code_lists().items()
    ]


def _write_parts(path: Path, parts: Iterable[str]) -> Path:
    """Write a file part by part; it is never in memory as a whole."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(parts)
    return path


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
