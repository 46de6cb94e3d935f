"""The page on the burden of the data request: hours of work for each table and tier."""

from __future__ import annotations

from assay.report.derived_numbers import derived_number
from assay.report.number_words import NOT_GIVEN, plural, whole
from assay.report.page_elements import Grid, Page, grid
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.returns_page import table_title
from assay.report.report_tables import Row

CERTAINTY_NOTE = (
    "The hours are our own estimate until forces report theirs. Each report corrects it; our estimate counts for as "
    "much as three reports. Bodies for which a table was too dear did not send it and reported nothing, so the hours "
    "lean low. What a second return costs is not estimated."
)
EVERY_TABLE = "all"
HEADS = ("#Before any report", "#Likely now", "#8 in 10 forces", "#Bodies that reported")
NOTE = (
    "Hours of work for a first return of one force. \u2018Likely\u2019: half of the forces stay below. \u20188 in "
    "10\u2019: one force in ten stays below it, and one in ten above."
)


def burden_page(site: Inspection) -> Page:
    """Return the page on burden: the hours of each tier and each table."""
    context = {"tiers": _tiers(site), "tables": _tables(site)}
    return Page("burden.html", "inspected/burden.html", "What the request costs", CERTAINTY_NOTE, (), context)


def _tiers(site: Inspection) -> Grid:
    rows = [
        (f"Tier {row['tier']}", row["work"] or "", *_hours(row))
        for row in site.find_rows("burden", table_name=EVERY_TABLE)
    ]
    note = f"{NOTE} The ends of a tier are the sums of those of its tables."
    return grid("Hours by tier", ("Tier", "What it answers, with those before it", *HEADS), rows, note=note)


def _tables(site: Inspection) -> Grid:
    rows = [
        (table_title(row["table_name"]), whole(row["tier"]), *_hours(row), row["work"] or "")
        for row in site.rows("burden")
        if row["table_name"] != EVERY_TABLE
    ]
    heads = ("Table", "#Tier", *HEADS, "What takes the time")
    return grid("Hours by table", heads, rows, note=NOTE, dense=True)


def _hours(row: Row) -> tuple[str, str, str, str]:
    reported = plural(row["reported"], "body", "bodies") if row["reported"] else "none"
    span = f"{hours_text(row['low'])} to {hours_text(row['high'])}"
    return hours_text(row["prior_likely"]), hours_text(row["likely"]), span, reported


def hours_text(hours: float | None) -> str:
    """Format hours: whole from 10 on, halves below, quarters below one."""
    if hours is None:
        return NOT_GIVEN
    step = 1 if hours >= 10 else 0.5 if hours >= 1 else 0.25
    return derived_number(f"{max(step, round(hours / step) * step):,g}", "hours, rounded to what they are worth")
