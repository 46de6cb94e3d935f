"""Input tables of the facts: returns, lookup tables and the calendar.

`Tables`: the 28 typed tables of all forces, concatenated; their metadata (returns, covers, kinds, columns,
incomplete); the reference code tables (standards, offences, outcomes, event_kinds, organisations); the calendar;
people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import ibis
import pyarrow as pa

from assay.facts.working_days import calendar
from assay.reference.code_tables import code_tables
from assay.reference.organisations import Organisation

Tables = Mapping[str, ibis.Table]
Materialise = Callable[[str, ibis.Table], ibis.Table]


def keep_lazy(name: str, table: ibis.Table) -> ibis.Table:
    """Return the expression unchanged, so that every reader evaluates it again."""
    return table


def build_lookup_tables(organisations: Iterable[Organisation]) -> dict[str, pa.Table]:
    """Return the tables beside the records, as rows: the commission's code tables and the calendar."""
    return {**code_tables(organisations), "calendar": calendar()}
