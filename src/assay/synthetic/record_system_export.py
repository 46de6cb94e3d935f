"""Export of a force's own record system, before it is mapped to the contract.

It has no manifest, no mapping and no force column, its own file names and headings, dates such as 09/04/2026,
semicolons, and words for some codes. A data officer starts from such an export.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from assay import contract
from assay.synthetic.legacy_exports import DATED, ENCODING, legacy_date
from assay.synthetic.return_sheets import Sheet


def write_export(folder: Path, sheets: Mapping[str, Sheet]) -> None:
    """Write the export into `folder`, which is created."""
    folder.mkdir(parents=True)
    for table, name in _system()["files"].items():
        if table in sheets:
            (folder / f"{name}.csv").write_bytes(_export(sheets[table]))


def headings(table: str) -> Mapping[str, str]:
    """Return contract column -> heading of the system, for the exported columns."""
    return dict(_system()["headings"][table])


def _export(sheet: Sheet) -> bytes:
    exported_headings = {
        column: heading for column, heading in headings(sheet.table).items() if column in sheet.columns
    }
    words = {column: _exported_words(sheet.table, column) for column in exported_headings}
    out = io.StringIO()
    lines = csv.writer(out, delimiter=";", lineterminator="\r\n")
    lines.writerow(exported_headings.values())
    for row in sheet.rows:
        lines.writerow(
            [
                _exported_cell(row[sheet.column_index(column)], sheet, column, words[column])
                for column in exported_headings
            ]
        )
    return out.getvalue().encode(ENCODING)


def _exported_cell(cell: str, sheet: Sheet, column: str, words: Mapping[str, str]) -> str:
    dated = sheet.kinds[sheet.column_index(column)] in DATED
    return legacy_date(cell) if dated else words.get(cell, cell)


def _exported_words(table: str, column: str) -> Mapping[str, str]:
    """Return contract value -> system value: spaces replace the underscores."""
    contract_column = contract.table(table).column(column)
    name = "yesno" if contract_column.kind == "yesno" else contract_column.values
    listed = contract.list_values(contract_column.values) if contract_column.values else ()
    spelled = {value: value.replace("_", " ").capitalize() for value in listed if "_" in value}
    return spelled | {code: system_word for system_word, code in _system()["words"].get(name, {}).items()}


@lru_cache
def _system() -> dict[str, Any]:
    return tomllib.loads(files("assay.synthetic").joinpath("own_system.toml").read_text(encoding="utf-8"))
