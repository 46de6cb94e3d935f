"""Does 00:00 mean midnight in a column, or that nobody entered the time?

Rule R22 of the return contract. The cover's `midnight` decides. Where it is not given, a column (in events, a kind)
with at least 20 times of which 5 in 100 or more are 00:00 holds days; otherwise 00:00 is a minute like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.contract import Table
from assay.ingest.staging_store import Desk

ENOUGH, SHARE_IN_100 = 20, 5
_TIMED = "{0} like '____-__-__T__:__%'"
_AT_MIDNIGHT = "{0} like '____-__-__T00:00%'"


@dataclass(frozen=True)
class Midnight:
    """How 00:00 is read in a column: `alone`, SQL that is true where it is a day alone; `stated` by the cover."""

    alone: str
    stated: bool


def midnights(desk: Desk, table: Table, texts: str) -> dict[str, Midnight]:
    """How 00:00 is read in each `when` column of a table, from the `texts` of its cells (SQL)."""
    names = [column.name for column in table.columns if column.kind == "when"]
    said = desk.cover.table(table.name).midnight
    if said:
        return {name: Midnight("true" if said == "date" else "false", True) for name in names}
    if table.name == "events":
        return {name: Midnight(_kinds_of_days(desk, name, texts), False) for name in names}
    return {name: Midnight("true" if days else "false", False) for name, days in _hold_days(desk, names, texts).items()}


def _counts(name: str) -> str:
    return (
        f"count(*) filter (where {_TIMED.format(name)}) >= {ENOUGH} and "
        f"count(*) filter (where {_AT_MIDNIGHT.format(name)}) * 100 >= "
        f"{SHARE_IN_100} * count(*) filter (where {_TIMED.format(name)})"
    )


def _hold_days(desk: Desk, names: list[str], texts: str) -> dict[str, bool]:
    """Of each column whether it holds days; all asked at once, since the question is dear and the answer is not."""
    if not names:
        return {}
    asked = ", ".join(f"({_counts(name)}) as {name}" for name in names)
    return desk.look(f"select {asked} from ({texts})")


def _kinds_of_days(desk: Desk, name: str, texts: str) -> str:
    kinds = desk.run(
        f"select l.value as kind from ({texts}) as t join list_event_kind as l on l.word = lower(t.kind) "
        f"group by l.value having {_counts(name)} order by 1"
    )["kind"].to_pylist()
    return f"kind_value in ({', '.join(repr(kind) for kind in kinds)})" if kinds else "false"
