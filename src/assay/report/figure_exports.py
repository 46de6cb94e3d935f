"""Write released tables as CSV, JSON and spreadsheets, with a data dictionary.

Each released table becomes a CSV file, with the names of places beside their codes, and a JSON file, whose columns are
those that its receipt covers. A text cell that a spreadsheet would run as a formula gets an
apostrophe; numbers stay numbers.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay import reference
from assay.engine.safe_files.spreadsheet_cells import csv_text
from assay.report.analysis_scripts import notebook, r_script
from assay.report.csvw_metadata import csvw_metadata
from assay.report.datasette_metadata import datasette_metadata
from assay.report.place_names import place_names, with_name_cells, with_name_columns
from assay.report.report_tables import Row
from assay.report.spreadsheets import as_ods, as_xlsx, sheets
from assay.sdc import Released, Table, declared_tables


def as_json(form: Table, rows: Iterable[Sequence[Any]], edition: str) -> str:
    """Return a table as JSON: what one row is, each column with its unit and meaning, then rows as lists."""
    metadata = {
        "table": form.name,
        "title": form.title,
        "one_row_is": form.row,
        "edition": edition,
        "notice": f"Counts are offences recorded by police. {reference.NO_FLAG}",
        "columns": [{"name": c.name, "kind": c.kind, "unit": c.unit, "meaning": c.meaning} for c in form.columns],
    }
    head = json.dumps(metadata, ensure_ascii=False, indent=1).removesuffix("\n}")
    row_lines = ",\n".join(json.dumps(list(row), ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f'{head},\n "rows": [\n{row_lines}\n]\n}}\n'


def data_dictionary() -> str:
    """Return the data dictionary as CSV: every column of every table that may be released, as the CSV files have it."""
    rows = [
        (form.name, form.row, c.name, c.kind, c.unit, "yes" if c.empty else "no", " ".join(c.values), c.meaning)
        for form in map(with_name_columns, declared_tables().values())
        for c in form.columns
    ]
    heads = ("table", "one_row_is", "column", "kind", "unit", "may_be_empty", "closed_list", "meaning")
    return csv_text(heads, rows)


def write_figures(released: Released, folder: Path, title: str) -> list[Path]:
    """Write every table into `folder`, as files and as spreadsheets; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [_write(folder / "dictionary.csv", data_dictionary()), *write_code_lists(folder / "code-lists")]
    names = place_names(released)
    for name, table in released.tables.items():
        form = declared_tables()[name]
        paths.append(_write(folder / f"{name}.csv", _named_csv(form, released.rows(name), names)))
        rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
        paths.append(_write(folder / f"{name}.json", as_json(form, rows, released.edition)))
    receipt = json.dumps(dict(released.public_receipt), sort_keys=True, ensure_ascii=False, indent=1) + "\n"
    paths.append(_write(folder / "public-receipt.json", receipt))
    paths.append(_write(folder / "csv-metadata.json", csvw_metadata(released)))
    paths.append(_write(folder / "datasette.json", datasette_metadata(released, title)))
    paths.append(_write(folder / "read-figures.R", r_script(released)))
    paths.append(_write(folder / "read-figures.ipynb", notebook(released)))
    return [*paths, *write_spreadsheets(released, folder, title)]


def _named_csv(form: Table, rows: list[Row], names: Mapping[str, str]) -> str:
    """Return a table as CSV, with the names of places beside their codes."""
    heads = [column.name for column in with_name_columns(form).columns]
    return csv_text(heads, ([row[head] for head in heads] for row in with_name_cells(form, rows, names)))


def write_spreadsheets(released: Released, folder: Path, title: str) -> list[Path]:
    """Write the statistical tables as .xlsx and as .ods."""
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


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
