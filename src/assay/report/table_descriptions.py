"""Units, notes and licence of each released table, for other programs that read the files."""

from __future__ import annotations

from assay.report.page_frame import INSPECTION_SOURCE, PUBLISHED, SYNTHETIC_BANNER
from assay.report.report_tables import Row
from assay.sdc import Column, Released, Table
from assay.sdc.release_tables import RELEASED
from assay.sdc.released_rows.indicator_rows import InspectionSummaryRow

OPEN_LICENCE = "Open Government Licence v3.0"
OPEN_LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
NO_LICENCE = "None stated: whoever publishes the report names one."


def units(form: Table) -> str:
    """Return the units of the columns of a table, each once, in the order of the columns; empty if none has a unit."""
    return "; ".join(dict.fromkeys(column.unit for column in form.columns if column.unit))


def column_description(column: Column) -> str:
    """Return the meaning of a column, with its unit in brackets."""
    return f"{column.meaning} ({column.unit})" if column.unit else column.meaning


def disclosure_note(form: Table, released: Released) -> str:
    """Return how disclosure control treated the numbers of a table."""
    policy = released.policy
    if form.protects:
        return f"Suppression: {policy.suppression}. Rounding: {policy.rounding}."
    if form.published:
        return "Computed from public counts: nothing is suppressed."
    if any(column.count_source == RELEASED for column in form.columns):
        return "Computed from released counts."
    return "Holds no counts of records."


def is_inspection(released: Released) -> bool:
    """Return True if the report is on the returns of forces, not on published statistics."""
    return "inspection_summary" in released.tables


def licence(released: Released) -> str:
    """Return the licence of the released tables: the project declares one for published statistics alone."""
    return NO_LICENCE if is_inspection(released) else OPEN_LICENCE


def source(released: Released) -> str:
    """Return the source of the figures, in the words of the page footer."""
    if not is_inspection(released):
        return PUBLISHED.licence
    rows: list[Row] = released.rows(InspectionSummaryRow)
    is_synthetic = any(row["register"] != "real" for row in rows)
    return f"{SYNTHETIC_BANNER} {INSPECTION_SOURCE}" if is_synthetic else INSPECTION_SOURCE
