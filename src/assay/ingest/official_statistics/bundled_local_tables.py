"""Write and read the bundled tables about areas: one row for each area and year, one column for each measure.

A cell holds a number, the publisher's letter, a judgement or the code of a neighbour. A blank is a figure that was not
published. Regions are left out: the report shows England, forces and authorities.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import pyarrow as pa

from assay.ingest.official_statistics.local_tables import LOCAL_TABLES
from assay.ingest.official_statistics.statistics_intake import StatisticsFile

NO_FIGURE = "a figure that was not published"
NATIONAL_CODES = ("E", "W", "EW", "EW44")


@dataclass(frozen=True)
class _Form:
    """How a table is carried: its key columns, the column that becomes the header, and the column of the cells."""

    keys: tuple[str, ...]
    header: str
    cell: str


_COUNTS = _Form(("year", "area_code"), "measure", "number")
_FORMS = {
    "inspections": _Form(("year", "area_code", "inspected_on", "published_on"), "judgement", "grade"),
    "neighbours": _Form(("year", "area_code"), "nearness", "neighbour_code"),
}


def local_table_rows(kind: str, table: pa.Table) -> tuple[list[str], list[dict[str, object]]]:
    """Return the columns and rows of a bundled table; counts with the same key are added up."""
    form = _FORMS.get(kind, _COUNTS)
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    headers: dict[str, None] = {}
    for source_row in table.to_pylist():
        if source_row.get("level") == "regional":
            continue
        key = tuple(source_row[name] for name in form.keys)
        row = rows.setdefault(key, dict(zip(form.keys, key, strict=True)))
        header = str(source_row[form.header])
        headers[header] = None
        row[header] = _added(row.get(header), source_row[form.cell], source_row.get("marker", ""))
    columns = sorted(headers, key=lambda name: (len(name), name) if name.isdecimal() else (0, name))
    return [*form.keys, *columns], [rows[key] for key in sorted(rows, key=lambda key: tuple(map(str, key)))]


def _added(before: object, cell: object, marker: str) -> object:
    if isinstance(before, int) and isinstance(cell, int):
        return before + cell
    return marker if cell is None else cell


def read_local_table(folder: Traversable, source: dict[str, str], title: str) -> tuple[pa.Table, StatisticsFile]:
    """Return one bundled table in the columns of its original file, with the file's record and number of cells."""
    kind = source["table"]
    form = _FORMS.get(kind, _COUNTS)
    data = (folder / f"{kind}.csv").read_bytes()
    carried = list(csv.DictReader(data.decode("utf-8").splitlines()))
    constants = {"source": title, "edition": source["edition"]}
    rows = [
        {**constants, **_row(row, form, header)}
        for row in carried
        for header in row
        if header not in form.keys and row[header]
    ]
    cells = sum(len(row) - len(form.keys) for row in carried)
    set_aside = {NO_FIGURE: cells - len(rows)} if cells != len(rows) else {}
    note = f"carried with the project; {source['mark']}"
    sha256 = hashlib.sha256(data).hexdigest()
    file = StatisticsFile(
        title, sha256, len(data), "text", kind, source["edition"], (), cells, len(rows), set_aside, note
    )
    return pa.Table.from_pylist(rows, LOCAL_TABLES[kind]), file


def _row(row: dict[str, str], form: _Form, header: str) -> dict[str, object]:
    keys: dict[str, object] = {name: int(row[name]) if name == "year" else row[name] for name in form.keys}
    cell = row[header]
    if form is not _COUNTS:
        return {**keys, form.header: int(header) if header.isdecimal() else header, form.cell: cell}
    is_number = cell.removeprefix("-").isdecimal()
    return {
        **keys,
        "level": _level(row["area_code"]),
        "measure": header,
        "number": int(cell) if is_number else None,
        "marker": "" if is_number else cell,
    }


def _level(area_code: str) -> str:
    if area_code in NATIONAL_CODES:
        return "national"
    return "authority" if area_code.startswith(("E0", "E1")) else "force"
