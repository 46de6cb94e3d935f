"""Content hashes of tables and files, independent of row order and file format.

The hash of a table does not depend on the order of its rows, on their division into chunks, on the file format, or on
the width of its integers (32 or 64 bits). It depends on the names and the order of the columns, on the kind of value of
each, and on every value.
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
"""Number of rows processed at once."""
PARALLEL_ROWS = 20_000
"""Number of rows from which columns are processed in parallel threads."""
SIGNIFICANT_FIGURES = 6  # of a fraction; further digits differ between processors


def content_hash(table: pa.Table) -> str:
    """Return the SHA-256 (hexadecimal) of a table's content: column names, kinds, and the multiset of rows.

    Rows are sorted by all columns; fractions are rounded to six significant figures; a missing value differs from empty
    text, zero and NaN. EvidenceError if a column has nested values.
    """
    return _hash(
        table.schema, table.num_rows, (table.slice(start, BATCH_ROWS) for start in range(0, table.num_rows, BATCH_ROWS))
    )


def parquet_content_hash(path: Path) -> str:
    """Return the content hash of the table in a Parquet file."""
    # Opened here, because PyArrow takes longer to find out which file system a path belongs to.
    with pa.OSFile(str(path)) as source, pq.ParquetFile(source) as file:
        rows = file.metadata.num_rows
        if rows <= BATCH_ROWS:  # allocating a large batch takes longer than reading a few rows
            return _hash(file.schema_arrow, rows, [file.read(use_threads=rows >= PARALLEL_ROWS)])
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
    """Yield the sorted texts of all pieces in batches, because memory holds only one copy of the largest table."""
    if len(pieces) == 1 and len(pieces[0]) <= BATCH_ROWS:
        yield pieces[0].take(pc.sort_indices(pieces[0]))
        return
    order = pc.sort_indices(pa.chunked_array(pieces)).to_numpy().astype(np.int64)
    piece_starts = np.cumsum([0, *map(len, pieces)])
    for start in range(0, len(order), BATCH_ROWS):
        batch = order[start : start + BATCH_ROWS]
        piece = np.searchsorted(piece_starts, batch, side="right") - 1
        parts = [
            texts.take(pa.array(batch[piece == number] - piece_starts[number])) for number, texts in enumerate(pieces)
        ]
        batch_texts = pa.concat_arrays(parts)  # by piece; now into sorted order
        positions = np.empty(len(batch), np.int64)
        positions[np.argsort(piece, kind="stable")] = np.arange(len(batch))
        yield batch_texts.take(pa.array(positions))


def file_hash(path: Path) -> str:
    """Return the SHA-256 (hexadecimal) of the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sources_hash(packages: Iterable[ModuleType]) -> str:
    """Return the SHA-256 hash of every source and data file of these packages."""
    text = "".join(_package_sources(package) for package in sorted(packages, key=lambda module: module.__name__))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _package_sources(package: ModuleType) -> str:
    """Return a line for each file of a package, cached because the code cannot change within a process."""
    return "".join(f"{package.__name__} {path.name} {file_hash(path)}\n" for path in _package_files(package))


def _package_files(package: ModuleType) -> list[Path]:
    if not package.__file__:
        raise EvidenceError(f"The sources of {package.__name__} cannot be found, so they cannot be hashed.")
    home = Path(package.__file__)
    if home.name != "__init__.py":
        return [home]
    return sorted(p for p in home.parent.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def _value_kind(field: pa.Field) -> str:
    """Return the kind of value of a column in one word, whatever its storage width."""
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
    """Return one text for each row, with the length before each cell, so that different rows have different texts."""
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
        # The unit of storage (seconds or nanoseconds) must not change the hash.
        values = values.cast(pa.timestamp("ns", tz=values.type.tz)).cast(pa.int64())
    return values.cast(pa.large_string())


def _fraction_texts(values: pa.Array) -> pa.Array:
    """Return fractions with six significant figures, formatted once for each distinct value."""
    encoded = values.cast(pa.float64()).dictionary_encode()
    # Adding 0.0 turns minus zero into zero.
    distinct = [f"{value + 0.0:.{SIGNIFICANT_FIGURES - 1}e}" for value in encoded.dictionary.to_pylist()]
    return pa.array(distinct, pa.large_string()).take(encoded.indices)


def _bytes_of(texts: pa.Array) -> memoryview:
    """Return the concatenated texts without copying; each includes its length, so no separator is needed."""
    _, offsets, data = texts.buffers()
    ends = memoryview(offsets).cast("q")[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(data)[ends[0] : ends[-1]]


def _netstring(text: str) -> str:
    return f"{len(text.encode())}:{text}"
