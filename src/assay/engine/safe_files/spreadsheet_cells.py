"""Would a spreadsheet run what stands in a cell, and how is CSV written for people so that it does not?

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

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with, in full width too."""
MARK = "'"
_FORMULA = f"^{MARK}*[{''.join(FORMULA).replace('-', '')}-]"


def guarded(cell: str) -> str:
    """The cell as a spreadsheet will show it: never as a formula. `bare` gives it back."""
    return f"{MARK}{cell}" if cell.lstrip(MARK).startswith(FORMULA) else cell


def bare(cell: str) -> str:
    """A cell of a file that was written with `guarded`, as it was before."""
    return cell[1:] if cell.startswith(MARK) and guarded(cell) != cell else cell


def guarded_table(rows: pa.Table) -> pa.Table:
    """The same of every text of a table."""
    for place, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            cells = rows[field.name]
            kept = pc.if_else(
                pc.match_substring_regex(cells, _FORMULA), pc.binary_join_element_wise(MARK, cells, ""), cells
            )
            rows = rows.set_column(place, field, kept)
    return rows


def as_csv(names: Sequence[str], rows: Iterable[Sequence[Any]], *, ends: str = "\n") -> str:
    """Rows as CSV text: a header, yes or no for a truth, an empty cell for a missing value, no formula."""
    sheet = io.StringIO()
    _write(sheet, names, rows, ends)
    return sheet.getvalue()


def write_csv(
    path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]], *, ends: str = "\n", encoding: str = "utf-8"
) -> None:
    """The same into a file; `utf-8-sig` puts its mark before it, for spreadsheets that ask for one."""
    with path.open("w", encoding=encoding, newline="") as file:
        _write(file, names, rows, ends)


def _write(file: Any, names: Sequence[str], rows: Iterable[Sequence[Any]], ends: str) -> None:
    lines = csv.writer(file, lineterminator=ends)
    lines.writerow(names)
    lines.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return guarded(value) if isinstance(value, str) else value
