"""Days that seized devices wait for examination.

One row for each item taken in a crime. From the day it was taken to the day the results reached the investigator; the
crime may be closed first.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import days_between, left_join
from assay.facts.crime_endings import CRIME
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators, crime_gaps, extraction_days
from assay.facts.wait_limits import ended_otherwise, limit_columns

SEIZED, EXAMINED = "device_seized", "device_examined"
ITEM = ["force_code", "exhibit_ref"]
LIMITS_DAYS = (180, 365)
"""Half a year and a year: `indicators.OPEN_ON` gives the share still open on the same days."""
COLUMNS = (
    "force_code", "record_ref", "exhibit_ref", "crime_ref", "country", "in_period", "in_base", "cancelled",
    "when_reported", "item_kind", "taken_from", "days_to_examined", "days_to_closed", "days_seen", "examined_known",
    *(f"{name}_{limit}" for limit in LIMITS_DAYS for name in ("examined_in", "examined_followed", "closed_first")),
)  # fmt: skip


def device_facts(tables: Tables, crime: ibis.Table) -> ibis.Table:
    """Return the table `device`, with `COLUMNS`: one row for each exhibit. Days are from the day it was taken; an item
    for which that is not sent, or which came back before, is not known.

    `closed_first_365`: the crime was closed within 365 days and the item had not been examined by then.
    """
    crime_columns = crime.select(*CRIME, "country", "in_period", "in_base", "cancelled", "when_reported", "report_day",
                            "ends_known", closed_since_report="days_to_closed")  # fmt: skip
    rows = left_join(tables["exhibits"], crime_columns, CRIME)
    rows = left_join(rows, _device_days(tables), ITEM)
    rows = add_supply_indicators(rows, tables, f"no_{EXAMINED}_is_no")
    rows = left_join(rows, crime_gaps(tables, {"examined_holes": (EXAMINED,)}), CRIME)
    rows = left_join(rows, extraction_days(tables, "events"), ["force_code"])
    days_to_examined = days_between(rows.taken_day, rows.examined_day)
    days_to_closed = rows.closed_since_report - days_between(rows.report_day, rows.taken_day)
    days_seen = days_between(rows.taken_day, rows.extracted_day)
    in_order = (days_to_examined >= 0).fill_null(True) & (days_to_closed >= 0).fill_null(True)
    is_absence_certain = rows[f"no_{EXAMINED}_is_no"] & ~rows.examined_holes.fill_null(False) & rows.ends_known
    rows = rows.mutate(
        record_ref=rows.exhibit_ref,
        days_to_examined=ibis.cases(((days_to_examined >= 0) & (days_to_examined <= days_seen), days_to_examined)),
        days_to_closed=ibis.cases(((days_to_closed >= 0) & (days_to_closed <= days_seen), days_to_closed)),
        days_seen=days_seen,
        examined_known=(is_absence_certain & in_order).fill_null(False),
    )
    return rows.mutate(**_limit_facts(rows)).select(*COLUMNS)


def _limit_facts(rows: ibis.Table) -> dict[str, ibis.Value]:
    facts: dict[str, ibis.Value] = {}
    for limit in LIMITS_DAYS:
        facts |= limit_columns("examined", limit, rows.days_to_examined, rows.days_seen, rows.examined_known)
        facts[f"closed_first_{limit}"] = ended_otherwise(
            limit, rows.days_to_examined, rows.days_to_closed, rows.ends_known
        )
    return facts


def _device_days(tables: Tables) -> ibis.Table:
    """Return one row for each item: the first day on which it was taken, and on which it had been examined."""
    device_events = tables["events"].filter(tables["events"].kind.isin((SEIZED, EXAMINED)))
    return device_events.group_by(ITEM).aggregate(
        taken_day=device_events.happened_at_day.min(where=device_events.kind == SEIZED),
        examined_day=device_events.happened_at_day.min(where=device_events.kind == EXAMINED),
    )
