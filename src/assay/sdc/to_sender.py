"""What may go to one body, and to nobody else: the exact counts and references of its own records?

The second of the three doors. Inside, the inspection's own people see every return; a `ToSender` holds the rows of one
body and goes to that body; a `Released` goes to everyone. Nothing is suppressed or rounded here, since nobody learns
anything that they did not send. The report takes no `ToSender`, so that exact counts have no way to the public.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.errors import DisclosureError
from assay.reference import Body
from assay.wording import counted

WHOSE = ("force_code", "place_code")
"""The columns that say whose a row is; every table has one of them."""


@dataclass(frozen=True, eq=False)
class ToSender:
    """Tables for `addressee` alone, by name.

    Refuses a table that does not say whose its rows are, and one that holds a row of anybody else (DisclosureError).
    """

    addressee: Body
    tables: Mapping[str, pa.Table]

    def __post_init__(self) -> None:
        faults = [fault for name, table in self.tables.items() if (fault := _fault(name, table, self.addressee))]
        if faults:
            raise DisclosureError("\n".join(["Nothing was handed over.", *faults]))
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    @property
    def mark(self) -> str:
        """The sentence that stands on every page and in every list."""
        return f"For {self.addressee.name} only"

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of one table; none if it is not held."""
        table = self.tables.get(name)
        return table.to_pylist() if table is not None else []


def _fault(name: str, table: pa.Table, body: Body) -> str:
    column = _whose(table)
    if not column:
        return f"Table '{name}' does not say whose its rows are: it has no {' and no '.join(WHOSE)}."
    strangers = table.num_rows - table.filter(pc.equal(table[column], body.code)).num_rows
    if not strangers:
        return ""
    are = "that is" if strangers == 1 else "that are"
    return f"Table '{name}' holds {counted(strangers, 'row')} {are} not of {body.code}."


def _whose(table: pa.Table) -> str:
    return next((column for column in WHOSE if column in table.column_names), "")
