"""The page of sensitivity to definitions: how many records does each definition include?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.report.chart_rows import number_cell
from assay.report.charts.bar_charts import definitions
from assay.report.derived_numbers import derived_number
from assay.report.number_words import slug, whole
from assay.report.page_elements import Cell, Chart, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import SUPPRESSION_NOTE, count_text, place_cell
from assay.report.pages.inspection.indicator_charts import existing_charts, responsive_chart
from assay.report.pages.inspection.indicator_pages import not_answerable
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.indicator_rows import CountsByDefinitionRow

CERTAINTY_NOTE = (
    "No definition is the right one: each answers another question, and they overlap, so they are not to be "
    "added. A count "
    "is only as full as the records that came."
)
COURSE = "course_followed"
TITLES = {
    "cse_crimes": "Crimes of child sexual abuse and exploitation, under each definition",
    "group_crimes": "Crimes by groups, under each definition",
    "groups_known": "Groups that the forces know of, under each definition",
    "suspects_pursued": "Suspects, and the actions taken against them",
    "court_results": "Charged suspects, and decisions of courts so far",
    "crimes_handed_on": "Crimes that were handed on to another team or force",
    "disruption_used": "Orders, warnings and notices, by whom or what they act on",
}


def count_title(key: str) -> str:
    """Return the title of a count by definition."""
    return TITLES.get(key, f"{key.replace('_', ' ').capitalize()}, under each definition")


def definitions_page(site: Inspection) -> Page:
    """Return the page of counts under several definitions, with the wording of each definition."""
    parts: list[dict[str, Any]] = []
    for key, used in site.counts.items():
        if key == COURSE:
            continue  # it has a page of its own
        parts.append(
            {
                "key": slug(key),
                "title": count_title(key),
                "chart": _chart(site, key, used),
                "used": used,
                "table": _table(site, key, used),
                "cannot": not_answerable(site, "counts_by_definition", "count", key),
            }
        )
    charts = existing_charts([part["chart"] for part in parts])
    return Page(
        "definitions.html",
        "inspected/definitions.html",
        "Definitions",
        CERTAINTY_NOTE,
        (),
        {"parts_shown": parts},
        charts,
    )


def _row(site: Inspection, key: str, definition: str, place: str) -> Row | None:
    return site.find_row(CountsByDefinitionRow, count=key, definition=definition, place_code=place)


def _chart(site: Inspection, key: str, used: Sequence[Row]) -> Chart | None:
    bars = []
    for form in used:
        row = _row(site, key, form["definition"], ALL)
        if row is not None:
            bars.append((form["title"], row["records"], row["not_known"], count_text(row, "records")))
    known = [(included, not_known) for _, included, not_known, _ in bars if included is not None]
    if not known:
        return None
    bars.sort(key=lambda bar: -(bar[1] or 0))
    smallest, largest = (_count_range_text(*pair) for pair in (min(known, key=_first), max(known, key=_first)))
    finding = f"From {smallest} to {largest}, by definition, in the same records"
    reads = "All forces together. The paler part: records that do not tell whether the definition takes them in."
    description = "; ".join(
        f"{name}: {absent}{f', and {whole(not_known)} not known' if not_known else ''}"
        for name, _, not_known, absent in bars
    )
    unit = "Records, rounded to 5"
    return responsive_chart(
        f"definitions {key}",
        finding,
        reads,
        f"Bar chart. {description}.",
        lambda w: definitions(bars, w, finding, unit),
        (
            ("Definition", unit, "Not known whether it takes them in", "As text"),
            *((name, number_cell(included), number_cell(unknown), text) for name, included, unknown, text in bars),
        ),
    )


def _first(pair: tuple[int, int | None]) -> int:
    return pair[0]


def _count_range_text(included: int, not_known: int | None) -> str:
    """Format the records that a definition includes, and may include: '15 (or up to 210)'."""
    return (
        f"{whole(included)} (or up to {derived_number(whole(included + not_known), 'found and not known')})"
        if not_known
        else whole(included)
    )


def _table(site: Inspection, key: str, used: Sequence[Row]) -> Grid:
    places = [ALL, *(row["place_code"] for row in site.forces)]
    rows: list[tuple[Cell | str, ...]] = []
    for place in places:
        definition_rows = [_row(site, key, form["definition"], place) for form in used]
        if any(row and not row["not_askable"] for row in definition_rows):
            rows.append(
                (place_cell(site, place), *(count_text(row, "records") if row else "none" for row in definition_rows))
            )
    return grid(
        f"{count_title(key)}: every force",
        ("Force", *(f"#{form['title']}" for form in used)),
        rows,
        note=SUPPRESSION_NOTE,
        dense=True,
    )
