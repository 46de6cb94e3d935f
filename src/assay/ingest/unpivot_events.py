"""Unpivot a log with one date column for each kind of event into rows of `events`.

Each filled date of the wide log is one event, of the kind to which the mapping assigns its column (return contract,
section 2.6). Its `event_ref` is that of the log's row, followed by the kind; without one it is derived like that of any
other event.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.ingest.cell_expressions import sql_string
from assay.ingest.staging_store import StagingStore

EVENT_COLUMNS = ("event_ref", "kind", "happened_at")


def unpivot_events(store: StagingStore, positions: Mapping[str, int], kinds: Mapping[str, str]) -> int:
    """Unpivot `raw_events`, whose columns w0, w1 ... are dates; return the number of events.

    `positions` are the contract columns of the log; `kinds` maps w0, w1 ... to a kind. The line of an event is the line
    of the log times the number of kinds, plus the position of the kind, so that each event has a line of its own.
    """
    other_columns = [name for name in positions if name not in EVENT_COLUMNS]
    has_reference = "event_ref" in positions
    rows = " union all ".join(
        (
            f"select line, {number} as place, {_reference_sql(kind, has_reference)} as event_ref, "
            f"{sql_string(kind)} as kind, "
            f"{column} as happened_at{''.join(f', {name}' for name in other_columns)} from raw_log where "
            f"trim({column}) <> ''"
        )
        for number, (column, kind) in enumerate(kinds.items())
    )
    store.store_query("raw_log", "select * from raw_events")
    store.store_query(
        "raw_events", f"select line * {len(kinds)} + place as line, * exclude (line, place) from ({rows}) order by 1"
    )
    filled = " + ".join(f"(count(nullif(trim({column}), '')))" for column in kinds)
    return store.query_number(f"select {filled} from raw_log")


def _reference_sql(kind: str, has_reference: bool) -> str:
    return f"event_ref || '/' || {sql_string(kind)}" if has_reference else "null::varchar"
