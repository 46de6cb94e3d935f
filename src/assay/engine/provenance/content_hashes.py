"""Do two tables, or two files, say the same thing?

The hash of a table is a hash of what it says. It does not depend on the order of its rows, on how they are
divided into chunks, on the file format, or on whether a whole number takes 32 bits or 64. It does depend on
the names and the order of the columns, on what kind of value each holds, and on every value.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.errors import EvidenceError

AT_ONCE = 500_000
"""Rows that are written out at once."""
MANY = 20_000
"""So many rows are written out column beside column, by as many threads as there are processors."""
FIGURES = 6  # significant figures of a fraction that count; what follows them differs between processors


def content_hash(table: pa.Table) -> str:
    """SHA-256 (hexadecimal) of what the table says: column names, kinds, and the set of its rows.

    Rows are put in the order of all their columns; fractions count to six significant figures; a missing
    value differs from empty text, from zero and from "not a number". Refuses a cell that holds a list
    (EvidenceError).
    """
    return _hash(table.schema, table.num_rows, (table.slice(at, AT_ONCE) for at in range(0, table.num_rows, AT_ONCE)))


def content_hash_of(path: Path) -> str:
    """The same of the table in a Parquet file, of which only some rows are held at once."""
    with pq.ParquetFile(path) as held:
        rows = held.metadata.num_rows
        if rows <= AT_ONCE:  # room for half a million rows takes longer to make than a few take to read
            return _hash(held.schema_arrow, rows, [held.read()])
        parts = (pa.Table.from_batches([one]) for one in held.iter_batches(AT_ONCE))
        return _hash(held.schema_arrow, rows, parts)


def _hash(schema: pa.Schema, rows: int, parts: Iterable[pa.Table]) -> str:
    heads = [_netstring(f"{field.name} {_kind(field)}") for field in schema]
    digest = hashlib.sha256(f"rows {rows}\n{''.join(heads)}\n".encode())
    if schema.names and rows:
        for texts in _in_order([_row_texts(part) for part in parts]):
            digest.update(_bytes_of(texts))
    return digest.hexdigest()


def _in_order(pieces: Sequence[pa.Array]) -> Iterator[pa.Array]:
    """The texts of all pieces in their order, some at a time: of a nation's largest table one copy fits into memory."""
    order = pc.sort_indices(pa.chunked_array(pieces)).to_numpy().astype(np.int64)
    begins = np.cumsum([0, *map(len, pieces)])
    for at in range(0, len(order), AT_ONCE):
        wanted = order[at : at + AT_ONCE]
        piece = np.searchsorted(begins, wanted, side="right") - 1
        parts = [one.take(pa.array(wanted[piece == number] - begins[number])) for number, one in enumerate(pieces)]
        together = pa.concat_arrays(parts)  # piece by piece; now each to its place
        place = np.empty(len(wanted), np.int64)
        place[np.argsort(piece, kind="stable")] = np.arange(len(wanted))
        yield together.take(pa.array(place))


def file_hash(path: Path) -> str:
    """SHA-256 (hexadecimal) of the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sources_hash(rooms: Iterable[ModuleType]) -> str:
    """SHA-256 of every source and data file of the rooms named: what a stage rests on besides its inputs."""
    told = "".join(_sources_of(room) for room in sorted(rooms, key=lambda module: module.__name__))
    return hashlib.sha256(told.encode()).hexdigest()


@cache
def _sources_of(room: ModuleType) -> str:
    """A line for each file of a room; read once, since a process runs the code that it began with."""
    return "".join(f"{room.__name__} {path.name} {file_hash(path)}\n" for path in _files_of(room))


def _files_of(room: ModuleType) -> list[Path]:
    if not room.__file__:
        raise EvidenceError(f"The sources of {room.__name__} cannot be found, so they cannot be hashed.")
    home = Path(room.__file__)
    if home.name != "__init__.py":
        return [home]
    return sorted(p for p in home.parent.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def _kind(field: pa.Field) -> str:
    """The kind of value a column holds, in one word; the width in which it is stored does not matter."""
    of = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_integer(of):
        return "whole"
    if pa.types.is_floating(of):
        return "fraction"
    if pa.types.is_string(of) or pa.types.is_large_string(of) or pa.types.is_string_view(of):
        return "text"
    if pa.types.is_boolean(of):
        return "yes-no"
    if pa.types.is_date(of):
        return "date"
    if pa.types.is_timestamp(of):
        return "instant" if of.tz else "time"
    if pa.types.is_null(of):
        return "nothing"
    raise EvidenceError(f"The column {field.name} holds {of}: a table holds one plain value a cell.")


def _row_texts(table: pa.Table) -> pa.Array:
    """One text a row: each cell as its length and its text, so that no two different rows look alike."""
    kinds = [_kind(field) for field in table.schema]
    if table.num_rows < MANY:
        cells = list(map(_cells, table.columns, kinds))
    else:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            cells = list(pool.map(_cells, table.columns, kinds))
    return pc.binary_join_element_wise(*cells, pa.scalar("", pa.large_string()))


def _cells(column: pa.ChunkedArray, kind: str) -> pa.Array:
    texts = _texts(column, kind)
    length = pc.cast(pc.binary_length(texts), pa.large_string())
    told = pc.binary_join_element_wise(length, texts, pa.scalar(":", pa.large_string()))
    return pc.fill_null(told, "-")


def _texts(column: pa.ChunkedArray, kind: str) -> pa.Array:
    values = column.combine_chunks()
    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], column.type)
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if kind == "fraction":
        return _fraction_texts(values)
    if kind == "date":
        values = values.cast(pa.date32()).cast(pa.int32())
    if kind in ("time", "instant"):
        # Stored in seconds or in nanoseconds, midnight is the same midnight.
        values = values.cast(pa.timestamp("ns", tz=values.type.tz)).cast(pa.int64())
    return values.cast(pa.large_string())


def _fraction_texts(values: pa.Array) -> pa.Array:
    """Six significant figures; done once for each distinct value, since measures repeat themselves."""
    told = values.cast(pa.float64()).dictionary_encode()
    # Adding 0.0 turns minus zero into zero: they are one number.
    distinct = [f"{value + 0.0:.{FIGURES - 1}e}" for value in told.dictionary.to_pylist()]
    return pa.array(distinct, pa.large_string()).take(told.indices)


def _bytes_of(texts: pa.Array) -> memoryview:
    """The texts one after another, without a copy; each tells its own length, so nothing divides them."""
    _, offsets, data = texts.buffers()
    ends = memoryview(offsets).cast("q")[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(data)[ends[0] : ends[-1]]


def _netstring(text: str) -> str:
    return f"{len(text.encode())}:{text}"
