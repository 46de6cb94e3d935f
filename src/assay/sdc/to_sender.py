"""Exact counts of a sender's own records, for that sender alone.

Inspectors see every return, a `ToSender` has the rows of one organisation and goes to that organisation, and a
`Released` goes to everyone. Nothing is suppressed or rounded here, because the sender learns nothing that it did not
send. The report does not accept a `ToSender`, so exact counts cannot be published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar, overload

import pyarrow as pa
import pyarrow.compute as pc

from assay.errors import DisclosureError
from assay.reference import Organisation
from assay.sdc.released_rows import table_name
from assay.wording import count_phrase

R = TypeVar("R")

OWNER_COLUMNS = ("force_code", "place_code")
"""Columns with the code of the organisation that a row belongs to; every table has one of them."""


@dataclass(frozen=True, eq=False)
class ToSender:
    """Unprotected tables for one addressee; every row must belong to that addressee.

    Raises
    ------
    DisclosureError
        If a table has no owner column, or a row of another organisation.
    """

    addressee: Organisation
    tables: Mapping[str, pa.Table]

    def __post_init__(self) -> None:
        errors = [error for name, table in self.tables.items() if (error := _table_error(name, table, self.addressee))]
        if errors:
            raise DisclosureError("\n".join(["Nothing was handed over.", *errors]))
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    @property
    def mark(self) -> str:
        """The sentence, shown on every page and list, that names the only addressee of the tables."""
        return f"For {self.addressee.name} only"

    @overload
    def rows(self, table: str) -> list[dict[str, Any]]: ...
    @overload
    def rows(self, table: type[R]) -> list[R]: ...
    def rows(self, table: Any) -> list[Any]:
        """Return the rows of one table, given by its row type or its name; an empty list if there is no such table."""
        found = self.tables.get(table_name(table))
        return found.to_pylist() if found is not None else []


def _table_error(name: str, table: pa.Table, organisation: Organisation) -> str:
    column = _owner_column(table)
    if not column:
        return f"Table '{name}' does not say whose its rows are: it has no {' and no '.join(OWNER_COLUMNS)}."
    foreign_rows = table.num_rows - table.filter(pc.equal(table[column], organisation.code)).num_rows
    if not foreign_rows:
        return ""
    verb = "that is" if foreign_rows == 1 else "that are"
    return f"Table '{name}' holds {count_phrase(foreign_rows, 'row')} {verb} not of {organisation.code}."


def _owner_column(table: pa.Table) -> str:
    return next((column for column in OWNER_COLUMNS if column in table.column_names), "")
