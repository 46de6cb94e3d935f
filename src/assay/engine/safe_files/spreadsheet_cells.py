"""Guard spreadsheet cells against formula injection, and write CSV.

A sender may send `=HYPERLINK(...)` as a reference. In every CSV that people open, a cell that a spreadsheet would
interpret as a formula gets a leading apostrophe, which is removed when the file is read back. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Characters with which a formula begins, including the full-width forms."""
GUARD = "'"
_FORMULA_PATTERN = f"^{GUARD}*[{''.join(FORMULA_STARTS).replace('-', '')}-]"


def guard_cell(cell: str) -> str:
    """Return the cell, changed so that a spreadsheet cannot read it as a formula; `unguard_cell` is the inverse."""
    return f"{GUARD}{cell}" if cell.lstrip(GUARD).startswith(FORMULA_STARTS) else cell


def unguard_cell(cell: str) -> str:
    """Return the original content of a cell that was written with `guard_cell`."""
    return cell[1:] if cell.startswith(GUARD) and guard_cell(cell) != cell else cell


def guard_table(rows: pa.Table) -> pa.Table:
    """Return the table with `guard_cell` applied to every text."""
    for position, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            cells = rows[field.name]
            guarded_cells = pc.if_else(
                pc.match_substring_regex(cells, _FORMULA_PATTERN), pc.binary_join_element_wise(GUARD, cells, ""), cells
            )
            rows = rows.set_column(position, field, guarded_cells)
    return rows


def csv_text(names: Sequence[str], rows: Iterable[Sequence[Any]], *, line_end: str = "\n") -> str:
    """Return rows as CSV with a header; truth values are yes or no, missing values empty, formulas guarded."""
    sheet = io.StringIO()
    _write_rows(sheet, names, rows, line_end)
    return sheet.getvalue()


def write_csv(
    path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]], *, line_end: str = "\n", encoding: str = "utf-8"
) -> None:
    """Write rows to a file as in `csv_text`; the encoding `utf-8-sig` adds a byte order mark for spreadsheets."""
    with path.open("w", encoding=encoding, newline="") as file:
        _write_rows(file, names, rows, line_end)


def _write_rows(file: Any, names: Sequence[str], rows: Iterable[Sequence[Any]], line_end: str) -> None:
    lines = csv.writer(file, lineterminator=line_end)
    lines.writerow(names)
    lines.writerows([_cell_text(value) for value in row] for row in rows)


def _cell_text(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return guard_cell(value) if isinstance(value, str) else value
