"""A flat extract of a force's own record system: one file, one row for each person of a crime.

It is what an analyst exports before anybody asks for a data return: the crime is repeated on the row of each person,
its flags stand in one cell, and a line above the headings says what it is.
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

from assay.synthetic.legacy_exports import DATED, ENCODING, legacy_date
from assay.synthetic.return_sheets import Sheet

CRIMES, PERSONS, FLAGS = "crimes", "involvements", "flags"
ROLES = ("victim", "suspect")
ROLE = f"{PERSONS}.role"
FLAG_SEPARATOR = "; "
Record = dict[str, str]


def write_flat_extract(path: Path, sheets: Mapping[str, Sheet]) -> None:
    """Write the extract; its folder is created."""
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
