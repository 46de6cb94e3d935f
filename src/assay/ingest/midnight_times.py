"""Does 00:00 in a column mean midnight, or that no time was recorded? (rule R22)

The key `midnight` of the manifest decides. Without it, a column (in events, a kind) holds days if it has at least 20
times and 5% or more of them are 00:00. Otherwise 00:00 is a minute like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.contract import Table, event_kinds
from assay.ingest.staging_store import StagingStore

MIN_TIMES, MIN_MIDNIGHT_PERCENT = 20, 5
_HAS_TIME = "{0} like '____-__-__T__:__%'"
_IS_MIDNIGHT = "{0} like '____-__-__T00:00%'"


@dataclass(frozen=True)
class MidnightReading:
    """The interpretation of 00:00 in a column: midnight, or no time recorded.

    `is_day`: 00:00 means a day without a time; in an event, only in one of `day_kinds`. `is_stated`: the manifest says
    so.
    """

    is_day: bool
    is_stated: bool = False
    day_kinds: tuple[str, ...] = ()


def read_midnights(store: StagingStore, table: Table, texts: str) -> dict[str, MidnightReading]:
    """Return the interpretation of 00:00 in each `when` column of a table; `texts` is SQL for its cells."""
    names = [column.name for column in table.columns if column.kind == "when"]
    stated = store.manifest.table(table.name).midnight
    if stated:
        return {name: MidnightReading(stated == "date", is_stated=True) for name in names}
    if table.name == "events":
        return {name: MidnightReading(False, day_kinds=_day_kinds(store, name, texts)) for name in names}
    return {
        name: MidnightReading(bool(holds_days))
        for name, holds_days in _columns_holding_days(store, names, texts).items()
    }


def _holds_days_sql(name: str) -> str:
    return (
        f"count(*) filter (where {_HAS_TIME.format(name)}) >= {MIN_TIMES} and "
        f"count(*) filter (where {_IS_MIDNIGHT.format(name)}) * 100 >= "
        f"{MIN_MIDNIGHT_PERCENT} * count(*) filter (where {_HAS_TIME.format(name)})"
    )


def _columns_holding_days(store: StagingStore, names: list[str], texts: str) -> dict[str, bool]:
    """Return for each column whether it holds days; one query for all, because each costs a scan."""
    if not names:
        return {}
    select_list = ", ".join(f"({_holds_days_sql(name)}) as {name}" for name in names)
    return store.query_row(f"select {select_list} from ({texts})")


def _day_kinds(store: StagingStore, name: str, texts: str) -> tuple[str, ...]:
    kinds = store.query(
        f"select lower(kind) as kind from ({texts}) where kind is not null group by 1 having {_holds_days_sql(name)}"
    )["kind"].to_pylist()
    return tuple(kind for kind in event_kinds() if kind.casefold() in kinds)
