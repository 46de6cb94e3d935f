"""Which columns of a return are identifiers, free text, or not read by assay?

They are stored separately from all other columns, each group with its own purpose and its own last day.
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
def columns_of_part(part: str) -> Mapping[str, tuple[str, ...]]:
    """Return, by table, the columns that are stored separately as `identities` or as `texts`."""
    if part == TEXTS:
        return TEXT_COLUMNS
    found = {
        table.name: tuple(column.name for column in table.columns if column.identity)
        for table in contract.tables().values()
    }
    return MappingProxyType({name: columns for name, columns in found.items() if columns})


@lru_cache
def identity_column_names() -> frozenset[str]:
    """Return the names of all columns that identify a person."""
    return frozenset(column for columns in columns_of_part(IDENTITIES).values() for column in columns)


@lru_cache
def unread_fields(name: str) -> frozenset[str]:
    """Return the requested table's fields that assay does not read, and whose content is therefore not stored.

    A table that is not requested, but was declared all the same, is stored completely.
    """
    if name not in contract.requested_tables():
        return frozenset()
    return frozenset(
        field for column in contract.table(name).columns if not column.is_requested for field in column.field_names
    )
