"""How does a log with one column of dates a kind become rows of `events`?

The wide log of the return contract, section 2.6: each filled date is one event, of the kind that the mapping gives its
column. Its `event_ref` is that of the log's row, if the log has one, else the number of the line; then the kind.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.ingest.cell_expressions import quoted
from assay.ingest.staging_store import Desk

HELD = ("event_ref", "kind", "happened_at")


def unfold(desk: Desk, places: Mapping[str, int], kinds: Mapping[str, str]) -> int:
    """Turn `raw_events`, whose columns w0, w1 ... are the dates, into one row an event; how many there are.

    `places` are the columns of the contract that the log has; `kinds` is w0, w1 ... -> kind. The line is that of the
    log times the number of kinds, plus the place of the kind, so that each event has a line of its own.
    """
    others = [name for name in places if name not in HELD]
    ref = "event_ref" if "event_ref" in places else "line::varchar"
    rows = " union all ".join(
        f"select line, {number} as place, {ref} || '/' || {quoted(kind)} as event_ref, {quoted(kind)} as kind, "
        f"{column} as happened_at{''.join(f', {name}' for name in others)} from raw_log where trim({column}) <> ''"
        for number, (column, kind) in enumerate(kinds.items())
    )
    desk.keep("raw_log", "select * from raw_events")
    desk.keep(
        "raw_events", f"select line * {len(kinds)} + place as line, * exclude (line, place) from ({rows}) order by 1"
    )
    filled = " + ".join(f"(count(nullif(trim({column}), '')))" for column in kinds)
    return desk.number(f"select {filled} from raw_log")
