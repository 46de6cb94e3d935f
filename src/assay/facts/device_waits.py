"""How long does each device wait to be read, and whose is it?

One row an item taken in a crime. From the day it was taken to the day the results reached the investigator; the crime
may be closed first.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside, days_between
from assay.facts.crime_endings import CRIME
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import crimes_with_holes, extracted_day_of, with_answers

TAKEN, EXAMINED = "device_seized", "device_examined"
ITEM = ["force_code", "exhibit_ref"]
COLUMNS = (
    "force_code", "record_ref", "exhibit_ref", "crime_ref", "country", "in_period", "in_base", "cancelled",
    "when_reported", "item_kind", "taken_from", "days_to_examined", "days_to_closed", "days_seen", "examined_known",
)  # fmt: skip


def devices(held: Held, crime: ibis.Table) -> ibis.Table:
    """The table `device`, with `COLUMNS`: one row an exhibit. Days are from the day it was taken; an item of which
    that is not sent, or which came back before, is not known."""
    of_crime = crime.select(*CRIME, "country", "in_period", "in_base", "cancelled", "when_reported", "report_day",
                            "ends_known", closed_since_report="days_to_closed")  # fmt: skip
    rows = beside(held["exhibits"], of_crime, CRIME)
    rows = beside(rows, _steps(held), ITEM)
    rows = with_answers(rows, held, f"no_{EXAMINED}_is_no")
    rows = beside(rows, crimes_with_holes(held, {"examined_holes": (EXAMINED,)}), CRIME)
    rows = beside(rows, extracted_day_of(held, "events"), ["force_code"])
    examined = days_between(rows.taken_day, rows.examined_day)
    closed = rows.closed_since_report - days_between(rows.report_day, rows.taken_day)
    seen = days_between(rows.taken_day, rows.extracted_day)
    in_order = (examined >= 0).fill_null(True) & (closed >= 0).fill_null(True)
    sure = rows[f"no_{EXAMINED}_is_no"] & ~rows.examined_holes.fill_null(False) & rows.ends_known
    return rows.mutate(
        record_ref=rows.exhibit_ref,
        days_to_examined=ibis.cases(((examined >= 0) & (examined <= seen), examined)),
        days_to_closed=ibis.cases(((closed >= 0) & (closed <= seen), closed)),
        days_seen=seen,
        examined_known=(sure & in_order).fill_null(False),
    ).select(*COLUMNS)


def _steps(held: Held) -> ibis.Table:
    """One row an item: the first day on which it was taken, and on which it had been examined."""
    told = held["events"].filter(held["events"].kind.isin((TAKEN, EXAMINED)))
    return told.group_by(ITEM).aggregate(
        taken_day=told.happened_at_day.min(where=told.kind == TAKEN),
        examined_day=told.happened_at_day.min(where=told.kind == EXAMINED),
    )
