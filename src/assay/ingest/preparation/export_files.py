"""Which files did a system export, how are they written, and what does each column look like?"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.ingest.file_readers import SUFFIXES, TableRefused, open_source, sheet_names
from assay.ingest.preparation.cell_shapes import Shape
from assay.ingest.preparation.header_detection import is_record
from assay.ingest.preparation.person_columns import Slot, find_slots
from assay.ingest.staging_store import Desk

TEXTS = (".csv", ".txt", ".tsv", ".dat")
DELIMITERS = (",", ";", "\t", "|")
HEAD = 1 << 16
MOST_VALUES = 5000
"""The commonest values of a column that are looked at."""
OURS = ("return.toml", "mapping.toml", "return.draft.toml", "mapping.draft.toml", "request.toml")


@dataclass(frozen=True)
class Export:
    """One file of the export. `refusal` says why it cannot be read, or is ''; then it has no columns. `unread_sheets`
    are the sheets of a workbook after its first, by name; `slots` the columns for a person each."""

    file: str
    delimiter: str = ","
    encoding: str = "utf-8"
    columns: tuple[str, ...] = ()
    records: int = 0
    shapes: Mapping[str, Shape] | None = None
    refusal: str = ""
    unread_sheets: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()

    def shape(self, column: str) -> Shape:
        """What the cells of a column look like."""
        return (self.shapes or {}).get(column, Shape(0, 0, {}))


def read_export(folder: Path, desk: Desk) -> tuple[list[Export], list[str]]:
    """The files of a folder that may be tables, and the names of those that are of no such kind."""
    found = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    mine = [path for path in found if path.name not in OURS]
    tables = [path for path in mine if path.suffix.casefold() in (*SUFFIXES, *TEXTS)]
    return [read_file(path, desk) for path in tables], [path.name for path in mine if path not in tables]


def read_file(path: Path, desk: Desk) -> Export:
    """One file, told by what its columns look like; its cells lie on the desk as `export`, in the order of columns."""
    delimiter, encoding = _written(path)
    sheets = sheet_names(path)[1:] if path.suffix.casefold() == ".xlsx" else ()
    try:
        source = open_source(path, delimiter, encoding)
        named = {name: place for place, name in enumerate(source.columns) if name}
        source.lay(desk, "export", {f"c{place}": place for place in named.values()})
        shapes = {name: _shape(desk, f"c{place}") for name, place in named.items()}
        slots = find_slots(desk, named)
        if is_record(shapes):
            sentence = f"{path.name}: the first line looks like a record. Export it with the names of its columns."
            raise TableRefused("R04", sentence)
    except TableRefused as refused:
        return Export(path.name, delimiter, encoding, refusal=refused.sentence, unread_sheets=sheets)
    return Export(path.name, delimiter, encoding, tuple(named), source.records, shapes, "", sheets, slots)


def _shape(desk: Desk, column: str) -> Shape:
    cells = f"(select trim({column}) as cell from export where trim({column}) <> '')"
    filled = desk.number(f"select count(*) from {cells}")
    distinct = desk.number(f"select count(distinct cell) from {cells}")
    common = desk.run(
        f"select cell, count(*) as n from {cells} group by cell order by n desc, cell limit {MOST_VALUES}"
    )
    return Shape(filled, distinct, dict(zip(common["cell"].to_pylist(), common["n"].to_pylist(), strict=True)))


def _written(path: Path) -> tuple[str, str]:
    """Delimiter and encoding of a text; those of a plain CSV for any other file."""
    if path.suffix.casefold() in (".parquet", ".xlsx"):
        return ",", "utf-8"
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    encoding = _encoding(path, head)
    lines = head.decode(encoding, "replace").removeprefix("\ufeff").splitlines()[:50]
    return _delimiter(lines if len(head) < HEAD else lines[:-1]), encoding


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(1 << 22):
            yield block


def _delimiter(lines: list[str]) -> str:
    """The mark under which most lines have as many cells as the header, and the header more than one."""

    def fit(mark: str) -> tuple[int, int]:
        rows = list(csv.reader(lines, delimiter=mark))
        width = len(rows[0]) if rows else 0
        return (sum(len(row) == width for row in rows), width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=fit) if lines else ","
