"""The page on returns: which tables were received, which rows were set aside, and what is missing?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import plural, whole
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import (
    SUPPRESSED,
    SUPPRESSION_NOTE,
    count_text,
    place_cell,
)
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.cell_status import is_primary_suppressed
from assay.sdc.released_rows.indicator_rows import ReturnContentsRow

CERTAINTY_NOTE = (
    "The rows of every file were counted a second time by other means, and accepted and set aside add up to "
    "them. A row is set aside by a rule, and never corrected here. Whether a table is complete is what its sender says."
)
NOT_REQUESTED = "not_asked"
SUPPLIED = {"whole": "every column sent", "part": "sent in part", "none": "not sent"}


def returns_page(site: Inspection) -> Page:
    """Return the page on returns, by table and by force."""
    context = {"about": site.request, "tables": _tables(site), "forces": _force_table(site)}
    return Page("returns.html", "inspected/returns.html", "Returns received", CERTAINTY_NOTE, (), context)


def return_summary(site: Inspection, place: str) -> str:
    """Summarise the return of one force: '24 of the 28 tables asked for came whole, 2 in part'."""
    rows = site.return_rows(place)
    if not rows:
        return "no return was accepted"
    requested = [row for row in rows if row["reason"] != NOT_REQUESTED]
    if not requested:
        return "no table of it was asked for"
    counts = Counter(row["supplied"] for row in requested)
    part = f", {row_count(counts['part'])} in part" if counts["part"] else ""
    row_count(len(requested))
    return f"{row_count(counts['whole'])} of the {plural(len(requested), 'table')} asked for came whole{part}"


def _names(site: Inspection) -> list[str]:
    return list(dict.fromkeys(row["table_name"] for row in site.rows(ReturnContentsRow)))


def table_title(name: str) -> str:
    """Return the readable title of a table of the data return."""
    return name.replace("_", " ").capitalize()


def _tables(site: Inspection) -> Grid:
    rows = []
    for name in _names(site):
        force_rows = [row for row in site.find_rows(ReturnContentsRow, table_name=name) if row["place_code"] != ALL]
        supply_counts = Counter(
            NOT_REQUESTED if row["reason"] == NOT_REQUESTED else row["supplied"] for row in force_rows
        )
        full = sum(bool(row["complete"]) for row in force_rows)
        counts = (row_count(supply_counts[supply]) for supply in ("whole", "part", "none", NOT_REQUESTED))
        rows.append((table_title(name), *counts, row_count(full)))
    return grid(
        "Table by table: how many forces sent it",
        ("Table", "#Whole", "#In part", "#Not sent", "#Not asked for", "#Said to be complete"),
        rows,
    )


def _force_table(site: Inspection) -> Grid:
    rows = []
    for force in site.forces:
        return_rows = site.return_rows(force["place_code"])
        rows.append(
            (
                place_cell(site, force["place_code"]),
                return_summary(site, force["place_code"]),
                sum_text(return_rows, "accepted"),
                sum_text(return_rows, "set_aside"),
            )
        )
    return grid(
        "Force by force: tables, and rows accepted and set aside",
        ("Force", "Tables", "#Rows accepted", "#Rows set aside"),
        rows,
        note="Sums of counts that were rounded to 5; tables with fewer than 8 are said beside them. "
        "\u20180\u2019: none in any table.",
        dense=True,
    )


def sum_text(rows: Sequence[Row], column: str) -> str:
    """Return the sum of one column over tables as text, naming suppressed counts; '0' only if every table has none."""
    sent_rows = [row for row in rows if row["supplied"] != "none"]
    if not sent_rows:
        return "none"
    total = sum(row[column] or 0 for row in sent_rows)
    suppressed_count = sum(row[column] is None and is_primary_suppressed(row, column) for row in sent_rows)
    other = sum(row[column] is None for row in sent_rows) - suppressed_count
    notes = [
        f"fewer than 8 in {'each of ' if suppressed_count > 1 else ''}{plural(suppressed_count, 'table')}"
        if suppressed_count and row_count(suppressed_count)
        else "",
        f"{SUPPRESSED} in {plural(other, 'table')}" if other and row_count(other) else "",
    ]
    parts = [f"about {derived_number(whole(total), 'sum over tables')}" if total else "", *notes]
    return ", and ".join(part for part in parts if part) or row_count(0)


def return_table(site: Inspection, place: str) -> Grid | None:
    """Return the table counts of one force's return; None without an accepted return."""
    rows = site.return_rows(place)
    if not rows:
        return None
    return grid(
        "What came in its return, rounded",
        ("Table", "Sent?", "Declared complete?", "#Rows counted", "#Accepted", "#Set aside"),
        [
            (
                Cell(table_title(row["table_name"])),
                _supply_text(row),
                _completeness_text(row),
                *(("", "", "") if row["supplied"] == "none" else _counts(row)),
            )
            for row in rows
        ],
        note=SUPPRESSION_NOTE,
    )


def _completeness_text(row: Row) -> str:
    if row["reason"] == NOT_REQUESTED:
        return ""
    return {True: "yes", False: "no"}.get(row["complete"], "not stated")


def _supply_text(row: Row) -> str:
    if row["reason"] == NOT_REQUESTED:
        return "not asked for"
    reason = f": {row['reason'].replace('_', ' ')}" if row["reason"] else ""
    return f"{SUPPLIED[row['supplied']]}{reason}"


def _counts(row: Row) -> tuple[str, str, str]:
    return count_text(row, "records"), count_text(row, "accepted"), count_text(row, "set_aside")
