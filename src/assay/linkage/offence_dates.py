"""First and last possible day of each offence, and the day of its report.

If `occurred_to` is empty, it is the same as `occurred_from`. An offence cannot happen after its report, so if the last
possible day is not known, or its value was set aside on receipt, it is the day of the report. If the last day is before
the first (rule R41), neither is known.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import left_join

CRIME = ["force_code", "crime_ref"]


def offence_days(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """Return for each crime its first and last day, when it was reported, and `tied`: whether a report is linked.

    Reads crimes, reports, report_crimes, and `incomplete` (which values of occurred_to were set aside).
    """
    crimes = tables["crimes"].select(*CRIME, "occurred_from_day", "occurred_to_day")
    rows = left_join(left_join(crimes, report_times(tables), CRIME), _crimes_with_invalid_end_date(tables), CRIME)
    stated_last_day = ibis.ifelse(rows.set_aside.fill_null(False), rows.reported_day, rows.occurred_to_day)
    first, last = rows.occurred_from_day, ibis.coalesce(stated_last_day, rows.occurred_from_day, rows.reported_day)
    in_order = (first <= last).fill_null(True)
    return rows.select(
        *CRIME,
        "reported",
        "reported_last",
        "reported_day",
        "tied",
        first_day=ibis.cases((in_order, first)),
        last_day=ibis.cases((in_order, last)),
    )


def _crimes_with_invalid_end_date(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    incomplete = tables["incomplete"]
    invalid_end_dates = incomplete.filter(
        (incomplete.table_name == "crimes")
        & (incomplete.column_name == "occurred_to")
        & ~incomplete.record_ref.isnull()
    )
    return invalid_end_dates.select("force_code", crime_ref="record_ref", set_aside=ibis.literal(True)).distinct()


# Time at which each crime was reported: its earliest linked report, or else what the crime record states.
#
# Without a linked report, or where the time of one is not known (it may be the earliest), the report time is what the
# crime record states (return contract, section 11.3).


def report_times(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """Return one row for each crime: force_code, crime_ref, reported, reported_last, reported_day, tied (to a
    report)."""
    crimes = tables["crimes"].select("force_code", "crime_ref", "reported_at", "reported_at_last", "reported_at_day")
    rows = left_join(crimes, _first_report(tables), ["force_code", "crime_ref"])
    has_report = ~rows.first.isnull()
    return rows.select(
        "force_code",
        "crime_ref",
        reported=ibis.ifelse(has_report, rows.first, rows.reported_at),
        reported_last=ibis.ifelse(has_report, rows.first_last, rows.reported_at_last),
        reported_day=ibis.ifelse(has_report, rows.first_day, rows.reported_at_day),
        tied=has_report,
    )


def _first_report(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """Return the earliest linked report of each crime; each end of the interval is the minimum over its reports."""
    report_crimes = tables["report_crimes"].select("force_code", "report_ref", "crime_ref")
    reports = tables["reports"].select("force_code", "report_ref", "received_at", "received_at_last", "received_at_day")
    rows = report_crimes.join(reports, ["force_code", "report_ref"])
    earliest = rows.group_by("force_code", "crime_ref").aggregate(
        first=rows.received_at.min(),
        first_last=rows.received_at_last.min(),
        first_day=rows.received_at_day.min(),
        is_time_unknown=rows.received_at.isnull().any(),
    )
    return earliest.filter(~earliest.is_time_unknown).drop("is_time_unknown")
