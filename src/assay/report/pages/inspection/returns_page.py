"""What came in the returns, what was set aside, and what did not come?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assay.report.derived_numbers import tallied, worked_out
from assay.report.number_words import plural, whole
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import HIDDEN_NOTE, KEPT, count_words, is_hidden, place_cell
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

SURE = (
    "The rows of every file were counted a second time by other means, and accepted and set aside add up to "
    "them. A row is "
    "set aside by a rule and never mended here. What a sender calls complete is its own word for it."
)
NOT_ASKED = "not_asked"
SUPPLIED = {"whole": "sent whole", "part": "sent in part", "none": "not sent"}


def returns_page(site: Inspection) -> Page:
    """What came, table by table and body by body."""
    told = {"about": site.about, "tables": _tables(site), "bodies": _bodies(site)}
    return Page("returns.html", "inspected/returns.html", "What came in the returns", SURE, (), told)


def came_words(site: Inspection, place: str) -> str:
    """'24 of the 28 tables asked for came whole, 2 in part'; or that no return was taken in."""
    rows = site.returned_by(place)
    if not rows:
        return "no return was taken in"
    asked = [row for row in rows if row["reason"] != NOT_ASKED]
    if not asked:
        return "no table of it was asked for"
    held = Counter(row["supplied"] for row in asked)
    part = f", {tallied(held['part'])} in part" if held["part"] else ""
    tallied(len(asked))
    return f"{tallied(held['whole'])} of the {plural(len(asked), 'table')} asked for came whole{part}"


def _names(site: Inspection) -> list[str]:
    return list(dict.fromkeys(row["table_name"] for row in site.rows("returned")))


def table_words(name: str) -> str:
    """The name of a table of the return, in words."""
    return name.replace("_", " ").capitalize()


def _tables(site: Inspection) -> Grid:
    rows = []
    for name in _names(site):
        of_bodies = [row for row in site.by("returned", table_name=name) if row["place_code"] != ALL]
        held = Counter(NOT_ASKED if row["reason"] == NOT_ASKED else row["supplied"] for row in of_bodies)
        full = sum(bool(row["complete"]) for row in of_bodies)
        counts = (tallied(held[one]) for one in ("whole", "part", "none", NOT_ASKED))
        rows.append((table_words(name), *counts, tallied(full)))
    return grid(
        "Table by table: how many bodies sent it",
        ("Table", "#Whole", "#In part", "#Not sent", "#Not asked for", "#Said to be complete"),
        rows,
    )


def _bodies(site: Inspection) -> Grid:
    rows = []
    for force in site.forces:
        held = site.returned_by(force["place_code"])
        rows.append(
            (
                place_cell(site, force["place_code"]),
                came_words(site, force["place_code"]),
                sum_words(held, "accepted"),
                sum_words(held, "set_aside"),
            )
        )
    return grid(
        "Body by body: tables, and rows accepted and set aside",
        ("Body", "Tables", "#Rows accepted", "#Rows set aside"),
        rows,
        note="Sums of counts that were rounded to 5; tables with fewer than 8 are said beside them. "
        "\u20180\u2019: none in any table.",
        dense=True,
    )


def sum_words(rows: Sequence[Row], column: str) -> str:
    """A sum over the tables of a body, with what is hidden said beside it; '0' only where every table has none."""
    sent = [row for row in rows if row["supplied"] != "none"]
    if not sent:
        return "none"
    total = sum(row[column] or 0 for row in sent)
    few = sum(row[column] is None and is_hidden(row, column) for row in sent)
    other = sum(row[column] is None for row in sent) - few
    beside = [
        f"fewer than 8 in {'each of ' if few > 1 else ''}{plural(few, 'table')}" if few and tallied(few) else "",
        f"{KEPT} in {plural(other, 'table')}" if other and tallied(other) else "",
    ]
    said = [f"about {worked_out(whole(total), 'sum over tables')}" if total else "", *beside]
    return ", and ".join(one for one in said if one) or tallied(0)


def came_grid(site: Inspection, place: str) -> Grid | None:
    """What came in the return of one body, table by table; None where none was taken in."""
    rows = site.returned_by(place)
    if not rows:
        return None
    return grid(
        "What came in its return, rounded",
        ("Table", "Sent?", "Complete?", "#Rows counted", "#Accepted", "#Set aside"),
        [
            (
                Cell(table_words(row["table_name"])),
                _sent(row),
                _complete(row),
                *(("", "", "") if row["supplied"] == "none" else _counts(row)),
            )
            for row in rows
        ],
        note=HIDDEN_NOTE,
    )


def _complete(row: Row) -> str:
    if row["reason"] == NOT_ASKED:
        return ""
    return {True: "said to be", False: "said not to be"}.get(row["complete"], "not said")


def _sent(row: Row) -> str:
    if row["reason"] == NOT_ASKED:
        return "not asked for"
    why = f": {row['reason'].replace('_', ' ')}" if row["reason"] else ""
    return f"{SUPPLIED[row['supplied']]}{why}"


def _counts(row: Row) -> tuple[str, str, str]:
    return count_words(row, "records"), count_words(row, "accepted"), count_words(row, "set_aside")
