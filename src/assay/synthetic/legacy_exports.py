"""Exports of a legacy record system with its own columns and codes, and the mapping to the contract.

Its exports have semicolons, other column names and date formats, and words where the contract has codes; `mapping.toml`
translates them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from assay.synthetic.return_sheets import Sheet

DATED = ("date", "when", "time")
ENCODING = "windows-1252"
WORDS = {
    "sex": {"Female": "F", "Male": "M", "Other": "O"},
    "outcome_code": {"Under investigation": "NOA"},
    "direction": {"Received": "in", "Sent": "out"},
}
YES_NO = {"Y": "yes", "N": "no"}


def file_name(table: str) -> str:
    """Return the file name of a table in the legacy system."""
    return f"export_{table}.csv"


def legacy_export(sheet: Sheet) -> bytes:
    """Return the table as exported by the legacy system."""
    out = io.StringIO()
    lines = csv.writer(out, delimiter=";", lineterminator="\r\n")
    lines.writerow([_legacy_name(column) for column in sheet.columns])
    words = [_legacy_words(column, kind) for column, kind in zip(sheet.columns, sheet.kinds, strict=True)]
    dated = [kind in DATED for kind in sheet.kinds]
    for row in sheet.rows:
        cells = zip(row, words, dated, strict=True)
        lines.writerow(
            [legacy_date(cell) if is_day else legacy_values.get(cell, cell) for cell, legacy_values, is_day in cells]
        )
    return out.getvalue().encode(ENCODING)


def mapping_toml(sheets: Mapping[str, Sheet]) -> str:
    """Return `mapping.toml`: contract = legacy for columns, legacy = contract for values (return contract, 2.6)."""
    return "\n".join(line for name, sheet in sheets.items() for line in _section(name, sheet))


def _section(name: str, sheet: Sheet) -> list[str]:
    lines = [f"[tables.{name}]", f'file = "{file_name(name)}"', 'delimiter = ";"', f'encoding = "{ENCODING}"']
    lines += ['date_form = "DD/MM/YYYY"', 'time_form = "DD/MM/YYYY HH:MM"', "", f"[tables.{name}.columns]"]
    lines += [f'{column} = "{_legacy_name(column)}"' for column in sheet.columns]
    for column, kind in zip(sheet.columns, sheet.kinds, strict=True):
        if legacy_words := _legacy_words(column, kind):
            lines += ["", f"[tables.{name}.values.{column}]"]
            lines += [f'"{legacy_value}" = "{value}"' for value, legacy_value in legacy_words.items()]
    return [*lines, ""]


def _legacy_name(column: str) -> str:
    """Return the column name in the legacy system: CRIME REF for crime_ref."""
    return column.upper().replace("_", " ")


def _legacy_words(column: str, kind: str) -> dict[str, str]:
    """Return contract code -> legacy word, for the columns in which the legacy system has words."""
    codes = YES_NO if kind == "yesno" else WORDS.get(column, {})
    return {code: legacy_value for legacy_value, code in codes.items()}


def legacy_date(cell: str) -> str:
    """Format a time as in the legacy system: 2026-04-09T07:15 becomes 09/04/2026 07:15."""
    day, _, clock = cell.partition("T")
    return "/".join(reversed(day.split("-"))) + (f" {clock}" if clock else "")
