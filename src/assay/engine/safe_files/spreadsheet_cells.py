"""Guard spreadsheet cells against formula injection, and write CSV.

Whoever sends a reference can send `=HYPERLINK(...)` as one. A cell that a spreadsheet would take for a formula gets an
apostrophe before it, in every CSV that people open; what comes back from them is read without it. Numbers stay numbers.
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
"""What a formula begins with, in full width too."""
GUARD = "'"
_FORMULA_PATTERN = f"^{GUARD}*[{''.join(FORMULA_STARTS).replace('-', '')}-]"


def guard_cell(cell: str) -> str:
    """The cell as a spreadsheet will show it: never as a formula. `unguard_cell` gives it back."""
    return f"{GUARD}{cell}" if cell.lstrip(GUARD).startswith(FORMULA_STARTS) else cell


def unguard_cell(cell: str) -> str:
    """A cell of a file that was written with `guard_cell`, as it was before."""
    return cell[1:] if cell.startswith(GUARD) and guard_cell(cell) != cell else cell


def guard_table(rows: pa.Table) -> pa.Table:
    """The same of every text of a table."""
    for position, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            cells = rows[field.name]
            guarded_cells = pc.if_else(
                pc.match_substring_regex(cells, _FORMULA_PATTERN), pc.binary_join_element_wise(GUARD, cells, ""), cells
            )
            rows = rows.set_column(position, field, guarded_cells)
    return rows


def csv_text(names: Sequence[str], rows: Iterable[Sequence[Any]], *, line_end: str = "\n") -> str:
    """Rows as CSV text: a header, yes or no for a truth, an empty cell for a missing value, no formula."""
    sheet = io.StringIO()
    _write_rows(sheet, names, rows, line_end)
    return sheet.getvalue()


def write_csv(
    path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]], *, line_end: str = "\n", encoding: str = "utf-8"
) -> None:
    """The same into a file; `utf-8-sig` puts its mark before it, for spreadsheets that ask for one."""
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
