"""First and last possible day of each offence, and the day of its report.

If `occurred_to` is empty, it is the same as `occurred_from`. An offence cannot happen after its report, so if the last
possible day is not known, or its value was set aside on receipt, it is the day of the report. If the last day is before
the first (rule R41), neither is known.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import left_join
from assay.linkage.report_dates import report_times

CRIME = ["force_code", "crime_ref"]


def offence_days(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """Return one row for each crime: force_code, crime_ref, first_day, last_day, reported, reported_last,
    reported_day, tied (to a report).

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
