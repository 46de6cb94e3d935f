"""Separate identifiers and free texts from the other columns of a return.

A return is stored in three parts, each with its own purpose and destruction date: the data for the indicators, the
identifiers (return contract, section 1: "identity"), and the free texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from assay import contract
from assay.contract.separated_columns import IDENTITIES, PARTS, TEXT_COLUMNS, TEXTS, columns_of_part, unread_fields

SET_ASIDE_TABLE, RECORD_COLUMN = "aside", "record"
UNSTORED_RULE = "R62"
LINK_COLUMNS = MappingProxyType({"aliases": ("involvement_ref",)})
"""Columns that are stored with the key, so that a part can be read without the rest."""


def empty_columns(rows: pa.Table, columns: Collection[str]) -> pa.Table:
    """Return a table with the given columns set to NULL."""
    for place, field in enumerate(rows.schema):
        if field.name in columns:
            rows = rows.set_column(place, field, pa.nulls(rows.num_rows, field.type))
    return rows


def empty_unread_columns(name: str, rows: pa.Table) -> pa.Table:
    """Return a table without the content of columns that assay does not read."""
    return empty_columns(rows, unread_fields(name))


def drop_separated_columns(name: str, rows: pa.Table) -> pa.Table:
    """Return a table without its separated columns."""
    separated = {column for part in PARTS for column in columns_of_part(part).get(name, ())}
    return rows.drop_columns([column for column in rows.column_names if column in separated])


def select_separated_columns(part: str, name: str, rows: pa.Table) -> pa.Table:
    """Return the columns of a table that are stored separately (identifiers or texts), with force_code and key."""
    table = contract.table(name)
    ties = LINK_COLUMNS.get(name, ()) if part == IDENTITIES else ()
    return rows.select(list(dict.fromkeys((contract.FORCE_CODE, *table.key, *ties, *columns_of_part(part)[name]))))


class LazyTables(Mapping[str, pa.Table]):
    """Mapping of tables, each computed when it is accessed and not stored in memory."""

    def __init__(self, makers: Mapping[str, Callable[[], pa.Table]]) -> None:
        self._makers = makers

    def __getitem__(self, name: str) -> pa.Table:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def tables_without_identifiers(tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """Return all tables of a return without identifiers, texts and the content of rows set aside."""
    found = {name: partial(_table_without_identifiers, tables, name) for name in tables}
    return LazyTables(found)


def _table_without_identifiers(tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    if name == SET_ASIDE_TABLE:
        return tables[name].drop_columns([RECORD_COLUMN])
    return (
        empty_unread_columns(name, drop_separated_columns(name, tables[name]))
        if name in contract.tables()
        else tables[name]
    )


def empty_tables(tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """Return the same tables without their rows, for identifiers or texts that were not declared."""
    return LazyTables({name: partial(_empty_table, tables, name) for name in tables})


def _empty_table(tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    return tables[name].slice(0, 0)


def identity_tables(tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """Return the identifiers by table, with the content of rows set aside, which may contain anything.

    The text of rows outside the declared window is kept nowhere (rule R62).
    """
    found = {name: partial(_separated_table, IDENTITIES, tables, name) for name in columns_of_part(IDENTITIES)}
    return LazyTables({**found, SET_ASIDE_TABLE: partial(_set_aside_records, tables)})


def text_tables(tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """Return the free texts by table."""
    return LazyTables({name: partial(_separated_table, TEXTS, tables, name) for name in columns_of_part(TEXTS)})


def _separated_table(part: str, tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    return empty_unread_columns(name, select_separated_columns(part, name, tables[name]))


def _set_aside_records(tables: Mapping[str, pa.Table]) -> pa.Table:
    rows = tables[SET_ASIDE_TABLE].select([contract.FORCE_CODE, "table_name", "line", "rule", RECORD_COLUMN])
    rows = rows.filter(pc.not_equal(rows["rule"], UNSTORED_RULE))
    records = zip(rows["table_name"].to_pylist(), rows[RECORD_COLUMN].to_pylist(), strict=True)
    place = rows.column_names.index(RECORD_COLUMN)
    return rows.set_column(
        place, RECORD_COLUMN, pa.array([_record_without_texts(*entry) for entry in records], pa.string())
    )


def _record_without_texts(table: str, record: str | None) -> str | None:
    """Return the record of a row set aside, without free texts and columns that assay does not read."""
    dropped = {*TEXT_COLUMNS.get(table, ()), *unread_fields(table)}
    if record is None or not dropped:
        return record
    return json.dumps(
        {name: cell for name, cell in json.loads(record).items() if name not in dropped}, ensure_ascii=False
    )
