"""What would a force's own record system export, before anyone has thought of the contract?

No cover, no mapping, no column for the force: files and headings of its own, days such as 09/04/2026, semicolons, and
words of its own for some codes. Such an export is what a data officer begins with.
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
from assay.synthetic.legacy_exports import DATED, ENCODING, own_day
from assay.synthetic.return_sheets import Sheet


def write_export(folder: Path, sheets: Mapping[str, Sheet]) -> None:
    """Write the files that the system exports into `folder`, which is made."""
    folder.mkdir(parents=True)
    for table, name in _told()["files"].items():
        if table in sheets:
            (folder / f"{name}.csv").write_bytes(_export(sheets[table]))


def headings(table: str) -> Mapping[str, str]:
    """Our column -> the heading of the system, for the columns that it exports."""
    return dict(_told()["headings"][table])


def _export(sheet: Sheet) -> bytes:
    named = {column: heading for column, heading in headings(sheet.table).items() if column in sheet.columns}
    words = {column: _own_words(sheet.table, column) for column in named}
    out = io.StringIO()
    lines = csv.writer(out, delimiter=";", lineterminator="\r\n")
    lines.writerow(named.values())
    for row in sheet.rows:
        lines.writerow([_own_cell(row[sheet.at(column)], sheet, column, words[column]) for column in named])
    return out.getvalue().encode(ENCODING)


def _own_cell(cell: str, sheet: Sheet, column: str, words: Mapping[str, str]) -> str:
    dated = sheet.kinds[sheet.at(column)] in DATED
    return own_day(cell) if dated else words.get(cell, cell)


def _own_words(table: str, column: str) -> Mapping[str, str]:
    """Ours -> theirs; what the contract spells with underscores, the system spells with spaces."""
    of = contract.table(table).column(column)
    name = "yesno" if of.kind == "yesno" else of.values
    listed = contract.list_values(of.values) if of.values else ()
    spelled = {value: value.replace("_", " ").capitalize() for value in listed if "_" in value}
    return spelled | {ours: theirs for theirs, ours in _told()["words"].get(name, {}).items()}


@lru_cache
def _told() -> dict[str, Any]:
    return tomllib.loads(files("assay.synthetic").joinpath("own_system.toml").read_text(encoding="utf-8"))
