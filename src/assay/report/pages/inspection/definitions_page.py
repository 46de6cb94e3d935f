"""How many are there, when the answer hangs on the definition?"""

from __future__ import annotations

from typing import Any

from assay.report.charts.definition_chart import definitions
from assay.report.derived_numbers import worked_out
from assay.report.number_words import slug, whole
from assay.report.page_elements import Cell, Chart, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import HIDDEN_NOTE, count_words, place_cell
from assay.report.pages.inspection.indicator_charts import chart, charts_of
from assay.report.pages.inspection.indicator_pages import cannot_be_asked
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

SURE = (
    "No definition is the right one: each answers another question, and they overlap, so they are not to be "
    "added. A count "
    "is only as full as the records that came."
)
COURSE = "course_followed"
TITLES = {
    "cse_crimes": "Crimes of child sexual abuse and exploitation, under each definition",
    "group_crimes": "Crimes by groups, under each definition",
    "groups_known": "Groups that the forces know of, under each definition",
    "suspects_pursued": "Suspects, and what was done about them",
    "court_results": "Charged suspects, and what a court has decided so far",
    "crimes_handed_on": "Crimes that were handed on to another team or force",
    "disruption_used": "Orders, warnings and notices, by whom or what they act on",
}


def count_title(key: str) -> str:
    """What is counted, in words."""
    return TITLES.get(key, f"{key.replace('_', ' ').capitalize()}, under each definition")


def definitions_page(site: Inspection) -> Page:
    """Counts under several definitions, side by side, with the definitions in words."""
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
                "cannot": cannot_be_asked(site, "counts", "count", key),
            }
        )
    drawn = charts_of([part["chart"] for part in parts])
    return Page(
        "definitions.html", "inspected/definitions.html", "Definitions", SURE, (), {"parts_shown": parts}, drawn
    )


def _row(site: Inspection, key: str, definition: str, place: str) -> Row | None:
    return site.one("counts", count=key, definition=definition, place_code=place)


def _chart(site: Inspection, key: str, used: list[Row]) -> Chart | None:
    bars = []
    for form in used:
        row = _row(site, key, form["definition"], ALL)
        if row is not None:
            bars.append((form["title"], row["records"], row["not_known"], count_words(row, "records")))
    known = [(found, may) for _, found, may, _ in bars if found is not None]
    if not known:
        return None
    bars.sort(key=lambda bar: -(bar[1] or 0))
    least, most = (_up_to(*one) for one in (min(known, key=_first), max(known, key=_first)))
    finding = f"From {least} to {most}, by definition, in the same records"
    reads = "All bodies together. The paler part: records that do not tell whether the definition takes them in."
    said = "; ".join(
        f"{name}: {absent}{f', and {whole(may)} not known' if may else ''}" for name, _, may, absent in bars
    )
    unit = "Records, rounded to 5"
    return chart(
        f"definitions {key}", finding, reads, f"Bar chart. {said}.", lambda w: definitions(bars, w, finding, unit)
    )


def _first(pair: tuple[int, int | None]) -> int:
    return pair[0]


def _up_to(found: int, may: int | None) -> str:
    """'15 (or up to 210)': what a definition takes in, and what it may."""
    return f"{whole(found)} (or up to {worked_out(whole(found + may), 'found and not known')})" if may else whole(found)


def _table(site: Inspection, key: str, used: list[Row]) -> Grid:
    places = [ALL, *(row["place_code"] for row in site.forces)]
    rows: list[tuple[Cell | str, ...]] = []
    for place in places:
        held = [_row(site, key, form["definition"], place) for form in used]
        if any(row and not row["not_askable"] for row in held):
            rows.append((place_cell(site, place), *(count_words(row, "records") if row else "none" for row in held)))
    return grid(
        f"{count_title(key)}: every body",
        ("Body", *(f"#{form['title']}" for form in used)),
        rows,
        note=HIDDEN_NOTE,
        dense=True,
    )
