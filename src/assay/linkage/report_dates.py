"""When did the report of each crime come?

The earliest report tied to the crime; with no tie, what the crime record states (return contract, section 11.3).
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import beside


def reported(held: Mapping[str, ibis.Table]) -> ibis.Table:
    """One row a crime: force_code, crime_ref, reported, reported_last, reported_day, tied (to a report)."""
    crimes = held["crimes"].select("force_code", "crime_ref", "reported_at", "reported_at_last", "reported_at_day")
    both = beside(crimes, _first_report(held), ["force_code", "crime_ref"])
    tied = ~both.first.isnull()
    return both.select(
        "force_code",
        "crime_ref",
        reported=ibis.ifelse(tied, both.first, both.reported_at),
        reported_last=ibis.ifelse(tied, both.first_last, both.reported_at_last),
        reported_day=ibis.ifelse(tied, both.first_day, both.reported_at_day),
        tied=tied,
    )


def _first_report(held: Mapping[str, ibis.Table]) -> ibis.Table:
    """Of the reports tied to a crime, the earliest: each end of the interval is the earliest of its kind."""
    ties = held["report_crimes"].select("force_code", "report_ref", "crime_ref")
    reports = held["reports"].select("force_code", "report_ref", "received_at", "received_at_last", "received_at_day")
    joined = ties.join(reports, ["force_code", "report_ref"])
    return joined.group_by("force_code", "crime_ref").aggregate(
        first=joined.received_at.min(),
        first_last=joined.received_at_last.min(),
        first_day=joined.received_at_day.min(),
    )
