"""Does 00:00 in a column mean midnight, or that no time was recorded? (rule R22)

The key `midnight` of the manifest decides. Without it, a column (in events, a kind) holds days if it has at least 20
times and 5% or more of them are 00:00. Otherwise 00:00 is a minute like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.contract import Table
from assay.ingest.staging_store import StagingStore

MIN_TIMES, MIN_MIDNIGHT_PERCENT = 20, 5
_HAS_TIME = "{0} like '____-__-__T__:__%'"
_IS_MIDNIGHT = "{0} like '____-__-__T00:00%'"


@dataclass(frozen=True)
class MidnightReading:
    """How 00:00 is read in a column.

    `day_only_sql` is SQL that is true where 00:00 stands for a day alone; `is_stated` if the manifest states it.
    """

    day_only_sql: str
    is_stated: bool


def read_midnights(store: StagingStore, table: Table, texts: str) -> dict[str, MidnightReading]:
    """Return how 00:00 is read in each `when` column of a table; `texts` is SQL for its cells."""
    names = [column.name for column in table.columns if column.kind == "when"]
    stated = store.manifest.table(table.name).midnight
    if stated:
        return {name: MidnightReading("true" if stated == "date" else "false", True) for name in names}
    if table.name == "events":
        return {name: MidnightReading(_day_kinds_sql(store, name, texts), False) for name in names}
    return {
        name: MidnightReading("true" if holds_days else "false", False)
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


def _day_kinds_sql(store: StagingStore, name: str, texts: str) -> str:
    kinds = store.query(
        f"select l.value as kind from ({texts}) as t join list_event_kind as l on l.word = lower(t.kind) "
        f"group by l.value having {_holds_days_sql(name)} order by 1"
    )["kind"].to_pylist()
    return f"kind_value in ({', '.join(repr(kind) for kind in kinds)})" if kinds else "false"
