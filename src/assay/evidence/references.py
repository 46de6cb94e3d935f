"""Does a reference to a record still stand anywhere in what is left of a folder?

References are collected from tables before these are destroyed, and looked for in every file afterwards: cells of
Parquet and SQLite tables, values of JSON (also JSON written inside a value), members of zip archives (spreadsheets
among them), the text of all else, and the names of files. What is found is told by place and number, never by the
reference. The text of a PDF is drawn, not written, and is not read: a report's is set from its pages, which are.

A reference such as `12` or `20260401` also occurs as an ordinary number. Such a one counts only where it is a whole
value under a name for references (`crime_ref`); a distinctive one counts as a whole word, wherever it stands.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import lzma
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.evidence.stages import names_in
from assay.wording import counted

NAMES_REFERENCE = re.compile(r"(?:^|_)refs?$|^entry$")
"""Names of columns and keys whose values are references."""
WORD = re.compile(r"[^\W_]+")
FEWEST_CHARACTERS = 5
"""A shorter reference may be any word or number."""
FEWEST_DIGITS = 9
"""Of digits alone: dates have eight, and counts fewer."""
FEWEST_LETTERS = 12
"""Of letters alone: a shorter one may be a word."""
DEEPEST = 4
"""How many archives inside one another, or JSON inside a value, are opened."""
SQLITE = b"SQLite format 3\x00"
ZIP = b"PK\x03\x04"
GZIP = b"\x1f\x8b\x08"
PARQUET = b"PAR1"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
ROWS_AT_ONCE = 100_000
NOT_WHOLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)
"""What unpacking raises on an archive that is damaged or encrypted."""


@dataclass(frozen=True, order=True)
class Found:
    """A place in which references still stand, and how many different ones; 0 where the file cannot be read."""

    place: str
    references: int

    @property
    def sentence(self) -> str:
        """Where, and how many, for a person."""
        return f"{self.place}: {counted(self.references, 'reference') if self.references else 'cannot be read'}"


class CannotBeRead(Exception):
    """A file, or a part of it, cannot be opened, so that nothing shows that it holds no reference."""


class References:
    """References to look for; `known` are words that are no reference although a column for references holds them."""

    def __init__(self, references: Iterable[str], known: Collection[str] = ()) -> None:
        without = {word.casefold() for word in known}
        self._all = {one for one in (text.strip().casefold() for text in references) if one} - without
        # Of each first word, the lengths of the references that begin with it, as bits: there may be millions.
        self._lengths: dict[str, int] = {}
        self._by_word: set[str] = set()
        for one in self._all:
            first = WORD.search(one)
            if first and is_distinctive(one):
                self._by_word.add(one[first.start() :])
                self._lengths[first[0]] = self._lengths.get(first[0], 0) | 1 << (len(one) - first.start())

    def __len__(self) -> int:
        return len(self._all)

    def in_value(self, text: str, name: str) -> set[str]:
        """References in one value of a table or of JSON; `name` is that of its column or key."""
        whole = text.strip().casefold()
        if whole in self._all and NAMES_REFERENCE.search(name):
            return {whole}
        return self.in_text(text)

    def in_text(self, text: str) -> set[str]:
        """Distinctive references that stand in a text as whole words."""
        found: set[str] = set()
        folded = text.casefold()
        for word in WORD.finditer(folded):
            for length in _bits(self._lengths.get(word[0], 0)):
                end = word.start() + length
                held = folded[word.start() : end]
                goes_on = held[-1:].isalnum() and WORD.match(folded, end)
                if held in self._by_word and not goes_on:
                    found.add(held)
        return found


def is_distinctive(reference: str) -> bool:
    """Return True for a reference that no ordinary number or word is likely to be."""
    bare = "".join(WORD.findall(reference))
    if bare.isdigit():
        return len(bare) >= FEWEST_DIGITS
    if not any(map(str.isdigit, bare)):
        return len(bare) >= FEWEST_LETTERS
    return len(bare) >= FEWEST_CHARACTERS


def _bits(lengths: int) -> Iterator[int]:
    return (length for length in range(lengths.bit_length()) if lengths >> length & 1)


def references_in(paths: Iterable[Path]) -> set[str]:
    """Every value of the columns for references in some Parquet tables; a table that cannot be read holds none."""
    found: set[str] = set()
    for path in paths:
        try:
            with pq.ParquetFile(path) as held:
                names = [field.name for field in held.schema_arrow if _holds_references(field)]
                for batch in held.iter_batches(ROWS_AT_ONCE, columns=names) if names else ():
                    for column in batch.columns:
                        found.update(one for one in column.unique().to_pylist() if one)
        except (pa.ArrowException, OSError):
            continue
    return found


def search(folder: Path, wanted: References) -> list[Found]:
    """The files below a folder in which a wanted reference still stands, or which cannot be read, by place; of a file
    in place of a folder, the same of it."""
    found = []
    for name in names_in(folder) if folder.is_dir() else [""]:
        try:
            here = _in_bytes(folder / name, wanted) | wanted.in_text(name)
        except (CannotBeRead, OSError):
            found.append(Found(name, 0))
            continue
        if here:
            found.append(Found(name, len(here)))
    return sorted(found)


def _holds_references(field: pa.Field) -> bool:
    of = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    return bool(NAMES_REFERENCE.search(field.name)) and _is_text(of)


def _is_text(of: pa.DataType) -> bool:
    return bool(pa.types.is_string(of) or pa.types.is_large_string(of) or pa.types.is_string_view(of))


def _in_bytes(path: Path, wanted: References) -> set[str]:
    if not wanted:
        return set()
    with path.open("rb") as file:
        begins = file.read(len(SQLITE))
    if begins.startswith(PARQUET):
        return _in_parquet(path, wanted)
    if begins == SQLITE:
        return _in_sqlite(path, wanted)
    return _in_content(path.name, path.read_bytes(), wanted, 0)


def _in_content(name: str, content: bytes, wanted: References, depth: int) -> set[str]:
    if content.startswith(PARQUET):
        return _in_parquet(io.BytesIO(content), wanted)
    if content.startswith(ZIP) and depth < DEEPEST:
        return _in_archive(content, wanted, depth)
    if content.startswith(GZIP) and depth < DEEPEST:
        return _in_content(name.removesuffix(".gz"), _unpacked(content), wanted, depth + 1)
    text = content.decode("utf-16" if content.startswith(UTF_16) else "utf-8", "replace")
    if name.endswith((".json", ".jsonl")):
        return _in_lines(text, wanted)
    return wanted.in_text(html.unescape(text) if name.endswith((".html", ".htm", ".xml", ".svg")) else text)


def _in_archive(content: bytes, wanted: References, depth: int) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            found = [
                _in_content(name, held.read(name), wanted, depth + 1) | wanted.in_text(name) for name in held.namelist()
            ]
    except NOT_WHOLE:
        # What stands in it unpacked is found all the same.
        if here := wanted.in_text(content.decode("utf-8", "replace")):
            return here
        raise CannotBeRead from None
    return set().union(*found)


def _unpacked(content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except NOT_WHOLE:
        raise CannotBeRead from None


def _in_parquet(place: Path | io.BytesIO, wanted: References) -> set[str]:
    found: set[str] = set()
    try:
        with pq.ParquetFile(place) as held:
            for batch in held.iter_batches(ROWS_AT_ONCE):
                for name, column in zip(batch.schema.names, batch.columns, strict=True):
                    for one in _values(column):
                        found |= _in_json(one, name, wanted, 0)
    except (pa.ArrowException, OSError):
        raise CannotBeRead from None
    return found


def _values(column: pa.Array) -> list[Any]:
    """The different values of a column that may hold text; of nested ones all values."""
    if pa.types.is_nested(column.type):
        return list(column.to_pylist())
    of = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    return list(column.unique().to_pylist()) if _is_text(of) else []


def _in_sqlite(path: Path, wanted: References) -> set[str]:
    found: set[str] = set()
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as held:
            held.text_factory = lambda content: content.decode("utf-8", "replace")
            for (table,) in held.execute("select name from sqlite_master where type = 'table'").fetchall():
                rows = held.execute(f'select * from "{table.replace(chr(34), chr(34) * 2)}"')
                names = [column[0] for column in rows.description]
                for row in rows:
                    for name, value in zip(names, row, strict=True):
                        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
                        found |= _in_json(text, name, wanted, 0)
    except sqlite3.Error:
        return wanted.in_text(path.read_bytes().decode("utf-8", "replace"))
    return found


def _in_lines(text: str, wanted: References) -> set[str]:
    """JSON as a whole, or an object a line; what is neither is read as text."""
    for parts in ([text], text.splitlines()):
        try:
            values = [json.loads(part) for part in parts if part.strip()]
            return set().union(*(_in_json(value, "", wanted, 0) for value in values))
        except (ValueError, RecursionError):
            continue
    return wanted.in_text(text)


def _in_json(value: Any, name: str, wanted: References, depth: int) -> set[str]:
    if isinstance(value, str):
        return _in_value(value, name, wanted, depth)
    parts: Iterator[tuple[str, Any]] = iter(())
    if isinstance(value, dict):
        parts = iter(value.items())
    elif isinstance(value, list):
        parts = ((name, one) for one in value)
    found: set[str] = set()
    for key, one in parts:
        found |= _in_json(one, key, wanted, depth) | wanted.in_text(key)
    return found


def _in_value(text: str, name: str, wanted: References, depth: int) -> set[str]:
    """A value may itself be JSON, as the settings of a receipt are."""
    if depth < DEEPEST and text[:1] in "[{" and text[-1:] in "]}":
        try:
            return _in_json(json.loads(text), name, wanted, depth + 1)
        except (ValueError, RecursionError):
            pass
    return wanted.in_value(text, name)
