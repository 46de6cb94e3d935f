"""Content hashes of tables and files, independent of row order and file format.

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

BATCH_ROWS = 500_000
"""Rows that are written out at once."""
PARALLEL_ROWS = 20_000
"""So many rows are written out column beside column, by as many threads as there are processors."""
SIGNIFICANT_FIGURES = 6  # significant figures of a fraction that count; what follows them differs between processors


def content_hash(table: pa.Table) -> str:
    """SHA-256 (hexadecimal) of what the table says: column names, kinds, and the set of its rows.

    Rows are put in the order of all their columns; fractions count to six significant figures; a missing
    value differs from empty text, from zero and from "not a number". Refuses a cell that holds a list
    (EvidenceError).
    """
    return _hash(
        table.schema, table.num_rows, (table.slice(start, BATCH_ROWS) for start in range(0, table.num_rows, BATCH_ROWS))
    )


def parquet_content_hash(path: Path) -> str:
    """Return the content hash of the table in a Parquet file."""
    with pq.ParquetFile(path) as file:
        rows = file.metadata.num_rows
        if rows <= BATCH_ROWS:  # room for half a million rows takes longer to make than a few take to read
            return _hash(file.schema_arrow, rows, [file.read()])
        parts = (pa.Table.from_batches([batch]) for batch in file.iter_batches(BATCH_ROWS))
        return _hash(file.schema_arrow, rows, parts)


def _hash(schema: pa.Schema, rows: int, parts: Iterable[pa.Table]) -> str:
    heads = [_netstring(f"{field.name} {_value_kind(field)}") for field in schema]
    digest = hashlib.sha256(f"rows {rows}\n{''.join(heads)}\n".encode())
    if schema.names and rows:
        for texts in _sorted_texts([_row_texts(part) for part in parts]):
            digest.update(_bytes_of(texts))
    return digest.hexdigest()


def _sorted_texts(pieces: Sequence[pa.Array]) -> Iterator[pa.Array]:
    """The texts of all pieces in their order, some at a time: of a nation's largest table one copy fits into memory."""
    order = pc.sort_indices(pa.chunked_array(pieces)).to_numpy().astype(np.int64)
    piece_starts = np.cumsum([0, *map(len, pieces)])
    for start in range(0, len(order), BATCH_ROWS):
        batch = order[start : start + BATCH_ROWS]
        piece = np.searchsorted(piece_starts, batch, side="right") - 1
        parts = [
            texts.take(pa.array(batch[piece == number] - piece_starts[number])) for number, texts in enumerate(pieces)
        ]
        batch_texts = pa.concat_arrays(parts)  # piece by piece; now each to its place
        positions = np.empty(len(batch), np.int64)
        positions[np.argsort(piece, kind="stable")] = np.arange(len(batch))
        yield batch_texts.take(pa.array(positions))


def file_hash(path: Path) -> str:
    """SHA-256 (hexadecimal) of the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sources_hash(packages: Iterable[ModuleType]) -> str:
    """Return the SHA-256 hash of every source and data file of these packages."""
    text = "".join(_package_sources(package) for package in sorted(packages, key=lambda module: module.__name__))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _package_sources(package: ModuleType) -> str:
    """A line for each file of a room; read once, since a process runs the code that it began with."""
    return "".join(f"{package.__name__} {path.name} {file_hash(path)}\n" for path in _package_files(package))


def _package_files(package: ModuleType) -> list[Path]:
    if not package.__file__:
        raise EvidenceError(f"The sources of {package.__name__} cannot be found, so they cannot be hashed.")
    home = Path(package.__file__)
    if home.name != "__init__.py":
        return [home]
    return sorted(p for p in home.parent.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def _value_kind(field: pa.Field) -> str:
    """The kind of value a column holds, in one word; the width in which it is stored does not matter."""
    value_type = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_integer(value_type):
        return "whole"
    if pa.types.is_floating(value_type):
        return "fraction"
    if pa.types.is_string(value_type) or pa.types.is_large_string(value_type) or pa.types.is_string_view(value_type):
        return "text"
    if pa.types.is_boolean(value_type):
        return "yes-no"
    if pa.types.is_date(value_type):
        return "date"
    if pa.types.is_timestamp(value_type):
        return "instant" if value_type.tz else "time"
    if pa.types.is_null(value_type):
        return "nothing"
    raise EvidenceError(f"The column {field.name} holds {value_type}: a table holds one plain value a cell.")


def _row_texts(table: pa.Table) -> pa.Array:
    """One text a row: each cell as its length and its text, so that no two different rows look alike."""
    kinds = [_value_kind(field) for field in table.schema]
    if table.num_rows < PARALLEL_ROWS:
        cells = list(map(_cell_texts, table.columns, kinds))
    else:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            cells = list(pool.map(_cell_texts, table.columns, kinds))
    return pc.binary_join_element_wise(*cells, pa.scalar("", pa.large_string()))


def _cell_texts(column: pa.ChunkedArray, kind: str) -> pa.Array:
    texts = _value_texts(column, kind)
    length = pc.cast(pc.binary_length(texts), pa.large_string())
    cells = pc.binary_join_element_wise(length, texts, pa.scalar(":", pa.large_string()))
    return pc.fill_null(cells, "-")


def _value_texts(column: pa.ChunkedArray, kind: str) -> pa.Array:
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
    encoded = values.cast(pa.float64()).dictionary_encode()
    # Adding 0.0 turns minus zero into zero: they are one number.
    distinct = [f"{value + 0.0:.{SIGNIFICANT_FIGURES - 1}e}" for value in encoded.dictionary.to_pylist()]
    return pa.array(distinct, pa.large_string()).take(encoded.indices)


def _bytes_of(texts: pa.Array) -> memoryview:
    """The texts one after another, without a copy; each tells its own length, so nothing divides them."""
    _, offsets, data = texts.buffers()
    ends = memoryview(offsets).cast("q")[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(data)[ends[0] : ends[-1]]


def _netstring(text: str) -> str:
    return f"{len(text.encode())}:{text}"
