"""Search the remaining files of a retired inspection for references to the records that were destroyed.

The references are collected from the tables before these are destroyed. Afterwards every file is searched for them:
cells of Parquet and SQLite tables, JSON values (also JSON text inside a value), members of ZIP archives (spreadsheets
among them), the text of all other files, and file names. The result names files and counts, never a reference. PDF
files are not searched, because their text is compressed drawing instructions. The HTML pages that the PDF of a report
is made from are searched.

A reference such as `12` or `20260401` may also be an ordinary number. It counts only where it is the whole value of a
column or key for references (`crime_ref`). A distinctive reference counts anywhere, as a whole word.
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

from assay.engine.provenance.stage_folders import list_files
from assay.wording import count_phrase

REFERENCE_NAME = re.compile(r"(?:^|_)refs?$|^entry$")
"""Names of columns and JSON keys whose values are references."""
WORD = re.compile(r"[^\W_]+")
MIN_CHARACTERS = 5
"""Shortest distinctive reference of letters and digits; a shorter one may be any word or number."""
MIN_DIGITS = 9
"""Shortest distinctive reference of digits only: dates have eight, and counts fewer."""
MIN_LETTERS = 12
"""Shortest distinctive reference of letters only; a shorter one may be a word."""
MAX_DEPTH = 4
"""How many levels of nested archives, or of JSON inside a value, are opened."""
SQLITE = b"SQLite format 3\x00"
ZIP = b"PK\x03\x04"
GZIP = b"\x1f\x8b\x08"
PARQUET = b"PAR1"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
BATCH_ROWS = 100_000
UNPACKING_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)
"""Errors of the standard library on an archive that is damaged or encrypted."""


@dataclass(frozen=True, order=True)
class RemainingReferences:
    """A file that contains destroyed references.

    Parameters
    ----------
    path
        Path of the file, relative to the folder that was searched.
    count
        Number of different references in it; 0 if the file cannot be read.
    """

    path: str
    count: int

    @property
    def sentence(self) -> str:
        """The sentence for the user: the file, and how many references it contains or that it cannot be read."""
        return f"{self.path}: {count_phrase(self.count, 'reference') if self.count else 'cannot be read'}"


class CannotBeRead(Exception):
    """Raised if a file, or a part of it, cannot be opened, so that it may still contain references."""


class References:
    """References of destroyed records, to search for in the remaining files.

    Parameters
    ----------
    references
        Values of columns for references; case and outer spaces are ignored.
    exclude
        Words that are not references although such a column may contain them, such as codes of forces.
    """

    def __init__(self, references: Iterable[str], exclude: Collection[str] = ()) -> None:
        excluded = {word.casefold() for word in exclude}
        self._references = {text for text in (raw.strip().casefold() for raw in references) if text} - excluded
        # By first word, the lengths of the references that begin with it, as a bit set: there may be millions.
        self._lengths: dict[str, int] = {}
        self._distinctive: set[str] = set()
        for reference in self._references:
            first = WORD.search(reference)
            if first and is_distinctive(reference):
                self._distinctive.add(reference[first.start() :])
                self._lengths[first[0]] = self._lengths.get(first[0], 0) | 1 << (len(reference) - first.start())

    def __len__(self) -> int:
        return len(self._references)

    def find_in_value(self, text: str, name: str) -> set[str]:
        """Return the destroyed references in a table or JSON value; `name` is the name of its column or key."""
        whole = text.strip().casefold()
        if whole in self._references and REFERENCE_NAME.search(name):
            return {whole}
        return self.find_in_text(text)

    def find_in_text(self, text: str) -> set[str]:
        """Return the distinctive destroyed references that a text contains as whole words."""
        found: set[str] = set()
        folded = text.casefold()
        for word in WORD.finditer(folded):
            for length in _set_bits(self._lengths.get(word[0], 0)):
                end = word.start() + length
                candidate = folded[word.start() : end]
                is_part_of_word = candidate[-1:].isalnum() and WORD.match(folded, end)
                if candidate in self._distinctive and not is_part_of_word:
                    found.add(candidate)
        return found


def is_distinctive(reference: str) -> bool:
    """Return True if a reference is unlikely to be an ordinary number or word."""
    characters = "".join(WORD.findall(reference))
    if characters.isdigit():
        return len(characters) >= MIN_DIGITS
    if not any(map(str.isdigit, characters)):
        return len(characters) >= MIN_LETTERS
    return len(characters) >= MIN_CHARACTERS


def _set_bits(bits: int) -> Iterator[int]:
    return (position for position in range(bits.bit_length()) if bits >> position & 1)


def collect_references(paths: Iterable[Path]) -> set[str]:
    """Return the distinct values of all reference columns in these Parquet files; unreadable files are skipped."""
    references: set[str] = set()
    for path in paths:
        try:
            with pq.ParquetFile(path) as file:
                names = [field.name for field in file.schema_arrow if _holds_references(field)]
                for batch in file.iter_batches(BATCH_ROWS, columns=names) if names else ():
                    for column in batch.columns:
                        references.update(value for value in column.unique().to_pylist() if value)
        except (pa.ArrowException, OSError):
            continue
    return references


def search_files(folder: Path, references: References) -> list[RemainingReferences]:
    """Search all files below a folder, or one file; return those that contain references or cannot be read.

    Returns
    -------
    list
        Sorted by path. The path is empty if `folder` is itself a file.
    """
    remaining = []
    for name in list_files(folder) if folder.is_dir() else [""]:
        try:
            found = _search_file(folder / name, references) | references.find_in_text(name)
        except (CannotBeRead, OSError):
            remaining.append(RemainingReferences(name, 0))
            continue
        if found:
            remaining.append(RemainingReferences(name, len(found)))
    return sorted(remaining)


def _holds_references(field: pa.Field) -> bool:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    return bool(REFERENCE_NAME.search(field.name)) and _is_text(kind)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _search_file(path: Path, references: References) -> set[str]:
    if not references:
        return set()
    with path.open("rb") as file:
        first_bytes = file.read(len(SQLITE))
    if first_bytes.startswith(PARQUET):
        return _search_parquet(path, references)
    if first_bytes == SQLITE:
        return _search_sqlite(path, references)
    return _search_content(path.name, path.read_bytes(), references, 0)


def _search_content(name: str, content: bytes, references: References, depth: int) -> set[str]:
    if content.startswith(PARQUET):
        return _search_parquet(io.BytesIO(content), references)
    if content.startswith(ZIP) and depth < MAX_DEPTH:
        return _search_archive(content, references, depth)
    if content.startswith(GZIP) and depth < MAX_DEPTH:
        return _search_content(name.removesuffix(".gz"), _decompress(content), references, depth + 1)
    text = content.decode("utf-16" if content.startswith(UTF_16) else "utf-8", "replace")
    if name.endswith((".json", ".jsonl")):
        return _search_json_text(text, references)
    is_markup = name.endswith((".html", ".htm", ".xml", ".svg"))
    return references.find_in_text(html.unescape(text) if is_markup else text)


def _search_archive(content: bytes, references: References, depth: int) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [
                _search_content(name, archive.read(name), references, depth + 1) | references.find_in_text(name)
                for name in archive.namelist()
            ]
    except UNPACKING_ERRORS:
        # A damaged archive may contain readable text, in which references are found all the same.
        if readable := references.find_in_text(content.decode("utf-8", "replace")):
            return readable
        raise CannotBeRead from None
    return set().union(*found)


def _decompress(content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except UNPACKING_ERRORS:
        raise CannotBeRead from None


def _search_parquet(source: Path | io.BytesIO, references: References) -> set[str]:
    found: set[str] = set()
    try:
        with pq.ParquetFile(source) as file:
            for batch in file.iter_batches(BATCH_ROWS):
                for name, column in zip(batch.schema.names, batch.columns, strict=True):
                    for value in _distinct_values(column):
                        found |= _search_json(value, name, references, 0)
    except (pa.ArrowException, OSError):
        raise CannotBeRead from None
    return found


def _distinct_values(column: pa.Array) -> list[Any]:
    """Return the distinct values of a column that may contain text; all values if it is nested."""
    if pa.types.is_nested(column.type):
        return list(column.to_pylist())
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    return list(column.unique().to_pylist()) if _is_text(kind) else []


def _search_sqlite(path: Path, references: References) -> set[str]:
    found: set[str] = set()
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.text_factory = lambda content: content.decode("utf-8", "replace")
            for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
                rows = database.execute(f'select * from "{table.replace(chr(34), chr(34) * 2)}"')
                names = [column[0] for column in rows.description]
                for row in rows:
                    for name, value in zip(names, row, strict=True):
                        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
                        found |= _search_json(text, name, references, 0)
    except sqlite3.Error:
        return references.find_in_text(path.read_bytes().decode("utf-8", "replace"))
    return found


def _search_json_text(text: str, references: References) -> set[str]:
    """Parse the text as one JSON value, else as JSON lines; search it as plain text if neither can be parsed."""
    for parts in ([text], text.splitlines()):
        try:
            values = [json.loads(part) for part in parts if part.strip()]
            return set().union(*(_search_json(value, "", references, 0) for value in values))
        except (ValueError, RecursionError):
            continue
    return references.find_in_text(text)


def _search_json(value: Any, name: str, references: References, depth: int) -> set[str]:
    """Search a value of JSON or of a table, with all its parts; `name` is that of its key or column."""
    if isinstance(value, str):
        return _search_string(value, name, references, depth)
    parts: Iterator[tuple[str, Any]] = iter(())
    if isinstance(value, dict):
        parts = iter(value.items())
    elif isinstance(value, list):
        parts = ((name, part) for part in value)
    found: set[str] = set()
    for key, part in parts:
        found |= _search_json(part, key, references, depth) | references.find_in_text(key)
    return found


def _search_string(text: str, name: str, references: References, depth: int) -> set[str]:
    # A string may itself be JSON: the settings of a receipt are.
    if depth < MAX_DEPTH and text[:1] in "[{" and text[-1:] in "]}":
        try:
            return _search_json(json.loads(text), name, references, depth + 1)
        except (ValueError, RecursionError):
            pass
    return references.find_in_value(text, name)
