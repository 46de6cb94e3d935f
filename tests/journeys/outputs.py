"""Read the text of every released file: tables, spreadsheets, archives and PDFs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

PACKED = (b"PK\x03\x04",)
CELL = re.compile(r'\s(?:r|ref|spans|s)="[A-Z0-9:$]+"')
"""Where a cell of a spreadsheet stands: 'K1301' is a place there, and could be somebody's code."""
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
XREF = re.compile(r"^\d{10} \d{5} [fn]\s*$", re.M)


def text_of(path: Path, seen: set[bytes] | None = None) -> str:
    """All that can be read in a file, and its name; nothing of what was `seen` before, in whatever it was packed."""
    return "\n".join((path.name, *_texts(path.read_bytes(), set() if seen is None else seen)))


def _texts(content: bytes, seen: set[bytes]) -> Iterator[str]:
    mark = hashlib.sha256(content).digest()
    if mark in seen:
        return
    seen.add(mark)
    if content.startswith(PACKED):
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            for name in opened.namelist():
                yield name
                yield from (CELL.sub("", text) for text in _texts(opened.read(name), seen))
    elif content.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(content))
        yield json.dumps([table.column_names, table.to_pylist()], default=str, ensure_ascii=False)
    elif content.startswith(b"%PDF"):
        yield XREF.sub("", STREAM.sub(b"", content).decode("latin-1"))
        yield from (_inflated(found[1]).decode("latin-1") for found in STREAM.finditer(content))
    else:
        yield content.decode("utf-8", errors="replace")


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def words_of(text: str) -> set[str]:
    """Every word, with and without what ties it to the next."""
    words_joined = set(re.findall(r"[\w/-]+", text))
    return words_joined | {word for joined in words_joined for word in re.split("[/-]", joined)}


class Known:
    """What the rows of returns reveal who somebody is, which record one is, or what was written. Of what has a space in
    it (`names`: names of persons, postcodes) the rest stands under its first word."""

    TELLING = ("phone", "postcode", "author_key", "link_value")

    def __init__(self) -> None:
        self.marks: set[str] = set()
        self.names: dict[str, set[str]] = {}
        self.narratives: list[str] = []

    def learn(self, path: Path) -> None:
        """Take up what a file of a return holds; one that is spoilt holds nothing."""
        for row in _rows(path):
            cells = {name: str(value) for name, value in row.items() if name and value}
            telling = [value for name, value in cells.items() if name.endswith("_ref") or name in self.TELLING]
            if "forenames" in cells and "surname" in cells:
                telling.append(f"{cells['forenames']} {cells['surname']}")
            for first, space, rest in (line.partition(" ") for line in telling):
                if space:
                    self.names.setdefault(first, set()).add(rest)
                else:
                    self.marks.add(first)
            self.narratives += [cells[name] for name in ("text", "narrative") if len(cells.get(name, "")) > 40]

    def found_in(self, text: str) -> set[str]:
        """Marks, names of persons and openings of what was written that stand in a text."""
        words = words_of(text)
        marks_found = {item for item in self.marks if item in words and re.search(r"[1-9]", item)}
        whole = {f"{item} {other}" for item in self.names.keys() & words for other in self.names[item]}
        marks_found |= {item for item in whole if item in text}
        return marks_found | {item[:40] for item in self.narratives[::20] if item[:40] in text}


def _rows(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    return pq.read_table(path).to_pylist() if path.read_bytes().endswith(b"PAR1") else []
