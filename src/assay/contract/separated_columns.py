"""Which columns of a return tell who a person is, are free text, or are read by nothing?

They are kept separate from all other columns, each group with its own purpose and its own last day.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from assay import contract

IDENTITIES, TEXTS = "identities", "texts"
PARTS = (IDENTITIES, TEXTS)
TEXT_COLUMNS = MappingProxyType({"notes": ("text",), "summaries": ("text",), "assessments": ("narrative",)})
"""Texts of any length. They may name people, and are read under the purpose `texts` or `samples` only."""


@lru_cache
def columns_apart(part: str) -> Mapping[str, tuple[str, ...]]:
    """By table: the columns that are kept in a part, `identities` or `texts`."""
    if part == TEXTS:
        return TEXT_COLUMNS
    found = {
        table.name: tuple(column.name for column in table.columns if column.identity)
        for table in contract.tables().values()
    }
    return MappingProxyType({name: columns for name, columns in found.items() if columns})


@lru_cache
def identity_names() -> frozenset[str]:
    """The name of every column that tells who a person is."""
    return frozenset(column for columns in columns_apart(IDENTITIES).values() for column in columns)


@lru_cache
def not_asked(name: str) -> frozenset[str]:
    """The fields of a table that is asked which nothing reads: sent all the same, their content is not kept.

    Of a table that is not asked itself, and was declared all the same, everything is kept.
    """
    if name not in contract.asked_tables():
        return frozenset()
    return frozenset(field for column in contract.table(name).columns if not column.asked for field in column.names)
