"""Columns of an extract: heading, meaning and cell, in one place; and the files of a finished extract."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

Cell = str | int | date | datetime | None
Record = TypeVar("Record")
Meanings = dict[str, dict[str, str]]

NO_COUNTERPART = "none"


@dataclass(frozen=True)
class Column(Generic[Record]):
    """A column of an extract."""

    heading: str
    meaning: str
    """`table.column` of the contract, or `none`."""
    cell: Callable[[Record], Cell]
    role: str = ""
    """Whose details the column holds: `victim`, `suspect`, or `by row` where another column gives the role."""
    note: str = ""


@dataclass(frozen=True)
class Extract:
    """The files of an extract, with its truth and the meaning of its headings."""

    name: str
    files: Mapping[str, bytes]
    truth: dict[str, Any]
    meanings: Mapping[str, Meanings]
    """By file name, or by `file#sheet` for a workbook, then by heading."""
    remarks: str
    """What the person who exported it would say of it."""

    def write(self, out: Path) -> None:
        """Write all files of the extract to a folder."""
        for name, content in self.files.items():
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _write_json(out / f"{self.name}.truth.json", self.truth)
        _write_json(out / f"{self.name}.columns.json", dict(self.meanings))
        (out / f"{self.name}.md").write_text(self.remarks.strip() + "\n", encoding="utf-8")


def headings(columns: Sequence[Column[Record]]) -> list[str]:
    """The headings of columns, in order."""
    return [column.heading for column in columns]


def cells(columns: Sequence[Column[Record]], record: Record) -> list[Cell]:
    """The cells of a record, in the order of the columns."""
    return [column.cell(record) for column in columns]


def meanings(columns: Iterable[Column[Any]]) -> Meanings:
    """The meaning of every heading: `means`, with `role` and `note` where they apply."""
    described: Meanings = {}
    for column in columns:
        parts = {"means": column.meaning, "role": column.role, "note": column.note}
        described[column.heading] = {name: text for name, text in parts.items() if text}
    return described


def delimited(rows: Iterable[Sequence[Cell]], delimiter: str, line_end: str = "\r\n") -> str:
    """Rows as delimited text, with quotes where a cell needs them."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return buffer.getvalue()


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
