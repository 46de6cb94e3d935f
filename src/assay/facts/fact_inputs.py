"""What do the facts read?

`Held`: the 28 typed tables of all forces, one under another; what came with them (returns, covers, kinds, columns,
incomplete); the commission's code tables (standards, offences, outcomes, event_kinds, bodies); the calendar; people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import ibis
import pyarrow as pa

from assay.facts.working_days import calendar
from assay.reference.code_tables import code_tables
from assay.reference.organisations import Body

Held = Mapping[str, ibis.Table]
Keep = Callable[[str, ibis.Table], ibis.Table]


def as_it_is(name: str, table: ibis.Table) -> ibis.Table:
    """Keep nothing: every reader works the table out anew."""
    return table


def lookups(asked: Iterable[Body]) -> dict[str, pa.Table]:
    """The tables beside the records, as rows: the commission's code tables and the calendar."""
    return {**code_tables(asked), "calendar": calendar()}
