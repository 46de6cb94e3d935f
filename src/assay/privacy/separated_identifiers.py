"""What of a return tells who a person is, or is written in free words, and must be kept apart from all the rest?

A return is kept in three parts, each with its own purpose and its own day of destruction: what the questions are
answered from, the identities (return contract, section 1: "identity"), and the texts that people wrote.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from assay import contract
from assay.contract.separated_columns import IDENTITIES, PARTS, TEXT_COLUMNS, TEXTS, columns_apart, not_asked

ASIDE, RECORD = "aside", "record"
NOT_KEPT = "R62"
TIES = MappingProxyType({"aliases": ("involvement_ref",)})
"""Columns that go with the key, so that a part can be read without the rest."""


def without_content(rows: pa.Table, columns: Collection[str]) -> pa.Table:
    """A table with nothing in these columns, as far as it has them; the columns stay."""
    for place, field in enumerate(rows.schema):
        if field.name in columns:
            rows = rows.set_column(place, field, pa.nulls(rows.num_rows, field.type))
    return rows


def emptied(name: str, rows: pa.Table) -> pa.Table:
    """A table without the content of what is not asked."""
    return without_content(rows, not_asked(name))


def apart_from(name: str, rows: pa.Table) -> pa.Table:
    """A table of a return without what is kept apart from it."""
    gone = {column for part in PARTS for column in columns_apart(part).get(name, ())}
    return rows.drop_columns([column for column in rows.column_names if column in gone])


def apart_of(part: str, name: str, rows: pa.Table) -> pa.Table:
    """The part of a table that is kept apart: force_code, its key, and the columns of the part."""
    table = contract.table(name)
    ties = TIES.get(name, ()) if part == IDENTITIES else ()
    return rows.select(list(dict.fromkeys((contract.FORCE_CODE, *table.key, *ties, *columns_apart(part)[name]))))


class Lazily(Mapping[str, pa.Table]):
    """Tables by name, each made when it is asked for and not held in memory."""

    def __init__(self, makers: Mapping[str, Callable[[], pa.Table]]) -> None:
        self._makers = makers

    def __getitem__(self, name: str) -> pa.Table:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def kept(tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """All tables of a received return without identities, without texts, and without the text of rows laid aside."""
    found = {name: partial(_kept, tables, name) for name in tables}
    return Lazily(found)


def _kept(tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    if name == ASIDE:
        return tables[name].drop_columns([RECORD])
    return emptied(name, apart_from(name, tables[name])) if name in contract.tables() else tables[name]


def no_rows(tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """The same tables without a row: of a part that is not declared nothing is kept."""
    return Lazily({name: partial(_no_rows, tables, name) for name in tables})


def _no_rows(tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    return tables[name].slice(0, 0)


def identities(tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """What tells who a person is, by table; with it the text of rows laid aside, which may hold anything.

    The text of rows outside the declared window is kept nowhere (rule R62).
    """
    found = {name: partial(_apart, IDENTITIES, tables, name) for name in columns_apart(IDENTITIES)}
    return Lazily({**found, ASIDE: partial(_records_aside, tables)})


def texts(tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """What people wrote, by table."""
    return Lazily({name: partial(_apart, TEXTS, tables, name) for name in columns_apart(TEXTS)})


def _apart(part: str, tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    return emptied(name, apart_of(part, name, tables[name]))


def _records_aside(tables: Mapping[str, pa.Table]) -> pa.Table:
    rows = tables[ASIDE].select([contract.FORCE_CODE, "table_name", "line", "rule", RECORD])
    rows = rows.filter(pc.not_equal(rows["rule"], NOT_KEPT))
    told = zip(rows["table_name"].to_pylist(), rows[RECORD].to_pylist(), strict=True)
    place = rows.column_names.index(RECORD)
    return rows.set_column(place, RECORD, pa.array([_without_texts(*one) for one in told], pa.string()))


def _without_texts(table: str, record: str | None) -> str | None:
    """The text of a row that was set aside, without long texts and without what is not asked."""
    gone = {*TEXT_COLUMNS.get(table, ()), *not_asked(table)}
    if record is None or not gone:
        return record
    return json.dumps({name: cell for name, cell in json.loads(record).items() if name not in gone}, ensure_ascii=False)
