"""Cache of the secondary suppressions of each group of linked tables, so that no group is solved twice.

The key of a group is a hash of everything that affects the result: every count as released, every additivity
constraint, the thresholds of the policy (together the `content` that the caller passes to `group_key`) and the declared
tables. A cached result therefore equals what would be computed, and the cache can be deleted at any time.
`cached_suppressions` and `restore_suppressions` carry it from one run to the next.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import Cell

SUPPRESSIONS = pa.schema(
    [("group", pa.string()), ("number", pa.int64())]
    + [(f"{part}_{name}", pa.string()) for part in ("suppressed", "protected") for name in ("table", "row", "column")]
)
"""One row per suppression; `number` is its position within the group. A group that needed none has one row in which the
six columns of cells are null, so that it counts as solved."""
MAX_GROUPS = 100_000
"""When this many groups are cached, the whole cache is emptied."""


@dataclass(frozen=True)
class Suppression:
    """A cell with secondary suppression (`cell`), and the first cell that could be derived without it (`protects`)."""

    cell: Cell
    protects: Cell


_CACHE: dict[str, tuple[Suppression, ...]] = {}
_USED: dict[str, None] = {}
"""Keys looked up since `start_recording`."""
_TABLES: dict[int, tuple[Table, str]] = {}


def group_key(content: Hashable, tables: Sequence[Table]) -> str:
    """Return the key of a group: a hash of its content (`LinkedGroup.content`) and of its declared tables."""
    table_texts = [_table_text(table) for table in tables]
    return hashlib.sha256(repr((content, table_texts)).encode()).hexdigest()


def look_up(key: str) -> tuple[Suppression, ...] | None:
    """Return the cached suppressions of a group, or None if it was not solved yet; record the lookup."""
    _USED[key] = None
    return _CACHE.get(key)


def store(key: str, suppressions: Iterable[Suppression]) -> None:
    """Store the suppressions of a group."""
    if len(_CACHE) >= MAX_GROUPS:
        _CACHE.clear()
    _CACHE[key] = tuple(suppressions)


def start_recording() -> None:
    """Start a new record of the groups that are looked up."""
    _USED.clear()


def cached_suppressions() -> pa.Table:
    """Return the suppressions of every cached group that was looked up since `start_recording`."""
    rows: list[dict[str, str | int | None]] = []
    for key in sorted(_USED.keys() & _CACHE.keys()):
        suppressions = _CACHE[key] or (None,)
        rows += [
            {"group": key, "number": number, **_row(suppression)} for number, suppression in enumerate(suppressions)
        ]
    return pa.Table.from_pylist(rows, SUPPRESSIONS)


def restore_suppressions(table: pa.Table) -> None:
    """Store suppressions that an earlier run computed; see `cached_suppressions`."""
    groups: dict[str, list[Suppression]] = {}
    for row in table.sort_by([("group", "ascending"), ("number", "ascending")]).to_pylist():
        group = groups.setdefault(row["group"], [])
        cell, protects = _cell("suppressed", row), _cell("protected", row)
        if cell is not None and protects is not None:
            group.append(Suppression(cell, protects))
    for key, suppressions in groups.items():
        store(key, suppressions)


def _table_text(table: Table) -> str:
    """Return the `repr` of a declared table, memoised by its `id`; the table is kept so that the `id` is not reused."""
    if id(table) not in _TABLES:
        _TABLES[id(table)] = table, repr(table)
    return _TABLES[id(table)][1]


def _row(suppression: Suppression | None) -> dict[str, str | None]:
    if suppression is None:
        return _columns("suppressed", None) | _columns("protected", None)
    return _columns("suppressed", suppression.cell) | _columns("protected", suppression.protects)


def _columns(part: str, cell: Cell | None) -> dict[str, str | None]:
    table, key, column = cell or (None, None, None)
    row = None if key is None else json.dumps(key, ensure_ascii=False)
    return {f"{part}_table": table, f"{part}_row": row, f"{part}_column": column}


def _cell(part: str, row: dict[str, str | None]) -> Cell | None:
    table, key, column = (row[f"{part}_{name}"] for name in ("table", "row", "column"))
    return None if table is None or key is None or column is None else (table, tuple(json.loads(key)), column)
