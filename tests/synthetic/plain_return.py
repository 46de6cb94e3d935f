"""What does a synthetic return say, read in plain Python and checked against the contract by hand?

This reader knows the files and the contract's columns, and nothing of how returns are received.
"""

import csv
import datetime as dt
import functools
import tomllib
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq

from assay import contract

Row = dict[str, str]


class Country:
    """A generated country: its folder, its truth, and its returns as rows of text."""

    def __init__(self, country):
        self.generated = country
        self.truth = tomllib.loads((country.truth / "truth.toml").read_text(encoding="utf-8"))
        self._read: dict[str, dict[str, list[Row]]] = {}

    def manifest(self, code: str) -> dict:
        return tomllib.loads((self.generated.returns[code] / "return.toml").read_text(encoding="utf-8"))

    def tables(self, code: str) -> dict[str, list[Row]]:
        """Every table that can be read; the damaged one is left out."""
        if code not in self._read:
            self._read[code] = self._files(code)
        return self._read[code]

    def _files(self, code: str) -> dict[str, list[Row]]:
        folder, damaged = self.generated.returns[code], self.truth["forces"][code]["damaged"]
        found = {name: _file(folder, name) for name in contract.tables() if name != damaged}
        return {name: rows for name, rows in found.items() if rows is not None}

    def known(self, table: str) -> list[Row]:
        """A table of the truth."""
        return _csv(self.generated.truth / f"{table}.csv")

    def errors(self, code: str) -> list[Row]:
        return [row for row in self.known("errors") if row["force_code"] == code]

    def all(self, table: str) -> list[Row]:
        """The rows of a table over every return."""
        return [row for code in self.generated.returns for row in self.tables(code).get(table, [])]


def _file(folder: Path, name: str) -> list[Row] | None:
    if (folder / f"{name}.csv").exists():
        return _csv(folder / f"{name}.csv")
    if (folder / f"{name}.parquet").exists():
        rows = pq.read_table(folder / f"{name}.parquet").to_pylist()
        return [{column: _text(cell) for column, cell in row.items()} for row in rows]
    if (folder / f"{name}.xlsx").exists():
        return _spreadsheet(folder / f"{name}.xlsx")
    if (folder / "mapping.toml").exists():
        return _mapped(folder, name)
    return None


def _csv(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> list[Row]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%dT%H:%M")
    return cell.isoformat() if isinstance(cell, dt.date) else f"{cell:g}" if isinstance(cell, float) else str(cell)


def _spreadsheet(path: Path) -> list[Row]:
    header, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows()
    names = [cell.value for cell in header]
    return [{name: _cell(cell) for name, cell in zip(names, row, strict=True)} for row in rows]


def _cell(cell) -> str:
    if isinstance(cell.value, dt.datetime) and "h" not in cell.number_format:
        return cell.value.date().isoformat()
    return _text(cell.value)


def _mapped(folder: Path, name: str) -> list[Row] | None:
    mapping = tomllib.loads((folder / "mapping.toml").read_text(encoding="utf-8"))["tables"].get(name)
    if mapping is None:
        return None
    kinds = {column.name: column.kind for column in contract.table(name).columns}
    exported = _csv(folder / mapping["file"], mapping["delimiter"], mapping["encoding"])
    rows = [{column: row[reference] for column, reference in mapping["columns"].items()} for row in exported]
    values = mapping.get("values", {})
    return [
        {
            column: _day(cell)
            if kinds.get(column) in ("date", "when", "time")
            else values.get(column, {}).get(cell, cell)
            for column, cell in row.items()
        }
        for row in rows
    ]


def _day(cell: str) -> str:
    day, _, clock = cell.partition(" ")
    return "-".join(reversed(day.split("/"))) + (f"T{clock}" if clock else "")


def breaches(tables: dict[str, list[Row]], manifest: dict) -> list[tuple[str, str, str]]:
    """(table, column, what) of everything that is not as the contract says."""
    found = []
    for name, rows in tables.items():
        spec = contract.table(name)
        found += _keys(name, spec, rows)
        for row in rows:
            found += [(name, "", "cells")] if None in row or None in row.values() else []
            found += (
                [(name, "force_code", "other body")] if row["force_code"] != manifest["return"]["force_code"] else []
            )
            for column in spec.columns:
                found += _cell_breaches(name, column, row, tables)
    return found + _events(tables.get("events", []), manifest)


def _keys(name: str, spec, rows: list[Row]) -> list[tuple[str, str, str]]:
    keys = [tuple(row.get(column, "") for column in spec.key) for row in rows]
    return [(name, "", "key twice")] * (len(keys) - len(set(keys)))


def _cell_breaches(name: str, column, row: Row, tables: dict[str, list[Row]]):
    cell = row.get(column.name) or ""
    if not cell:
        return [(name, column.name, "empty")] if column.required == "yes" else []
    if not _is_a(column.kind, cell):
        return [(name, column.name, "form")]
    if column.values and (name, column.name) != ("events", "kind") and cell not in _values(column.values):
        return [(name, column.name, "value")]
    # A summary is of any crime: it need not stand in crimes (return contract, 7.2).
    if column.refers in tables and name != "summaries" and cell not in _refs(tables, column.refers):
        return [(name, column.name, "dangling")]
    return []


@functools.lru_cache(maxsize=200)
def _values(name: str) -> frozenset[str]:
    return frozenset(contract.list_values(name))


_seen: dict[int, frozenset[str]] = {}


def _refs(tables: dict[str, list[Row]], name: str) -> frozenset[str]:
    rows = tables[name]
    if id(rows) not in _seen:
        key = contract.table(name).key[0]
        _seen[id(rows)] = frozenset(row[key] for row in rows)
    return _seen[id(rows)]


def _is_a(kind: str, cell: str) -> bool:
    if kind == "ref":
        return len(cell) <= 64
    try:
        if kind in ("int", "num"):
            float(cell)
        elif kind == "date":
            dt.date.fromisoformat(cell)
        elif kind in ("when", "time"):
            dt.datetime.strptime(cell, "%Y-%m-%dT%H:%M") if "T" in cell else dt.date.fromisoformat(cell)
        return kind != "yesno" or cell in ("yes", "no")
    except ValueError:
        return False


NEEDS = {
    "crime": ("crime_ref",),
    "victim": ("crime_ref",),
    "suspect": ("crime_ref",),
    "child": ("person_ref", "involvement_ref"),
    "missing": ("missing_ref",),
    "exhibit": ("exhibit_ref",),
    "any": ("crime_ref", "person_ref", "missing_ref"),
}


def _events(rows: list[Row], manifest: dict) -> list[tuple[str, str, str]]:
    kinds, listed = contract.event_kinds(), manifest["tables"]["events"]["kinds"]
    found = []
    for row in rows:
        kind = kinds[row["kind"]]
        if kind.home != "events" or kind.key not in listed:
            found.append(("events", "kind", "kind not supplied"))
        elif not any(row[column] for column in NEEDS[kind.subject]):
            found.append(("events", "", "names nothing"))
        elif kind.detail_list and row["detail"] and row["detail"] not in _values(_list_of_detail(kind)):
            found.append(("events", "detail", "value"))
        elif row["detail"] and not kind.detail_list:
            found.append(("events", "detail", "not for this kind"))
    return found


def _list_of_detail(kind) -> str:
    """The other force of a transfer may be a body that is not in the list of forces (return contract, 9.2)."""
    return "other_force" if kind.detail_list == "force_code" else kind.detail_list
