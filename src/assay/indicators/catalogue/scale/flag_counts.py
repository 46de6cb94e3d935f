"""Counts of removed flags by role and reason, and of missing episodes before the first flag."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale.flag_indicators import first_sign_to_flag, flag_removed

if TYPE_CHECKING:
    import ibis

    from assay.engine.expressions import ExpressionEngine

REMOVED_BY, REMOVED_WHY, EPISODES = "removed_by", "removed_why", "episodes_before"
INDICATOR_OF_SPLIT = {REMOVED_BY: flag_removed.key, REMOVED_WHY: flag_removed.key, EPISODES: first_sign_to_flag.key}
"""The indicator whose records each split divides."""
NOT_KNOWN = "not known"
BANDS = ((1, "none"), (3, "1 or 2"), (10, "3 to 9"), (10**6, "10 or more"))
"""The first number of episodes after each band, and the name of the band."""
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("indicator", "place_code", "split", "value")] + [("number", pa.int64())]
)
Row = dict[str, Any]


def flag_counts(engine: ExpressionEngine, flag: ibis.Table, flagged_child: ibis.Table) -> pa.Table:
    """Return the table of `SCHEMA`: every value of each split, by force and for all forces combined."""
    removed_flags = flag.filter(flag.in_base.fill_null(False) & flag.removed_in_period.fill_null(False))
    children = flagged_child.filter(flagged_child.in_base.fill_null(False) & flagged_child.flagged.fill_null(False))
    rows = [
        *_count_rows(
            engine, removed_flags.mutate(value=removed_flags.removed_by_role.fill_null(NOT_KNOWN)), REMOVED_BY
        ),
        *_count_rows(
            engine, removed_flags.mutate(value=removed_flags.removed_reason.fill_null(NOT_KNOWN)), REMOVED_WHY
        ),
        *_count_rows(engine, children.mutate(value=_band(children.episodes_before_flag)), EPISODES),
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _band(episodes: ibis.Value) -> ibis.Value:
    import ibis

    return ibis.cases(*((episodes < after, name) for after, name in BANDS), else_=NOT_KNOWN)


def _count_rows(engine: ExpressionEngine, rows: ibis.Table, split: str) -> Iterator[Row]:
    counts = engine.run(rows.group_by("force_code", "value").aggregate(number=rows.count())).to_pylist()
    totals: dict[tuple[str, str], int] = {}
    for row in counts:
        for place in (row["force_code"], EVERYWHERE):
            totals[place, row["value"]] = totals.get((place, row["value"]), 0) + row["number"]
    for (place, value), number in totals.items():
        yield {
            "indicator": INDICATOR_OF_SPLIT[split],
            "place_code": place,
            "split": split,
            "value": value,
            "number": number,
        }
