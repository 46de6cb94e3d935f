"""Exports of record systems with their own columns and codes, before they are mapped to the contract.

A legacy system's exports have semicolons, other column names and date formats, and words where the contract has codes;
`mapping.toml` translates them.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from assay import contract
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
    """Return the text of `mapping.toml`, which maps the legacy system's columns and values to the contract (section
    2.6)."""
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


# Export of a force's own record system, before it is mapped to the contract.
#
# It has no manifest, no mapping and no force column, its own file names and headings, dates such as 09/04/2026,
# semicolons, and words for some codes. A data officer starts from such an export.


def write_export(folder: Path, sheets: Mapping[str, Sheet]) -> None:
    """Write the export into `folder`, which is created."""
    folder.mkdir(parents=True)
    for table, name in _system()["files"].items():
        if table in sheets:
            (folder / f"{name}.csv").write_bytes(_export(sheets[table]))


def headings(table: str) -> Mapping[str, str]:
    """Return the heading that the system exports for each contract column."""
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


# A flat extract of a force's own record system: one file, one row for each person of a crime.
#
# It is what an analyst exports before anybody asks for a data return: the crime is repeated on the row of each person,
# its flags stand in one cell, and a line above the headings says what it is.

CRIMES, PERSONS, FLAGS = "crimes", "involvements", "flags"
ROLES = ("victim", "suspect")
ROLE = f"{PERSONS}.role"
FLAG_SEPARATOR = "; "
Record = dict[str, str]


def write_flat_extract(path: Path, sheets: Mapping[str, Sheet]) -> None:
    """Write a flat extract into a folder, which is created."""
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([_settings()["title"]])
    lines.writerow([*(heading for _, heading in _columns()), _settings()["flags_heading"]])
    lines.writerows(_lines(sheets))
    path.write_bytes(out.getvalue().encode(ENCODING))


def _lines(sheets: Mapping[str, Sheet]) -> Iterator[list[str]]:
    """Yield a line for each person of a crime; a crime without persons has one line."""
    persons = _by_crime(person for person in _records(sheets, PERSONS) if person["role"] in ROLES)
    flags = _by_crime(_records(sheets, FLAGS))
    for crime in _records(sheets, CRIMES):
        reference = crime["crime_ref"]
        markers = dict.fromkeys(_word("flag", flag["flag"]) for flag in flags.get(reference, ()))
        for person in persons.get(reference, [{}]):
            cells = {f"{CRIMES}.{name}": cell for name, cell in crime.items()}
            cells |= {f"{PERSONS}.{name}": cell for name, cell in person.items()}
            cells[ROLE] = _word("role", cells.get(ROLE, ""))
            yield [*(cells.get(name, "") for name, _ in _columns()), FLAG_SEPARATOR.join(markers)]


def _records(sheets: Mapping[str, Sheet], table: str) -> Iterator[Record]:
    """Yield the records of a table in the words of the system; none if the force does not hold it."""
    if table not in sheets:
        return
    sheet = sheets[table]
    for row in sheet.rows:
        cells = zip(sheet.columns, sheet.kinds, row, strict=True)
        yield {name: legacy_date(cell) if kind in DATED else _exported(name, cell) for name, kind, cell in cells}


def _exported(name: str, cell: str) -> str:
    """Return a cell in the words of the system; roles and flags stay codes until they are written."""
    return cell if name in ("role", "flag") else _word(name, cell)


def _word(column: str, code: str) -> str:
    words: Mapping[str, str] = _settings()["words"].get(column, {})
    return words.get(code, code)


def _by_crime(records: Iterator[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record["crime_ref"], []).append(record)
    return found


def _columns() -> tuple[tuple[str, str], ...]:
    """Return (table.column, heading) in the order of the extract."""
    return tuple(_settings()["headings"].items())


@lru_cache
def _settings() -> dict[str, Any]:
    return tomllib.loads(files("assay.synthetic").joinpath("flat_extract.toml").read_text(encoding="utf-8"))
