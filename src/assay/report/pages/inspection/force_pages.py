"""The page of a force in three layers: summary, detail, and links to the evidence.

The message is one screen (`force_message`); the detail is a table of grades, one chart, the first measures and one line
for each other topic; the evidence stands on the linked pages (`force_record_pages`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.report.page_elements import Page
from assay.report.pages.inspection.force_index_page import KIND_NAMES, force_index_page
from assay.report.pages.inspection.force_measures import (
    FIRST_ROWS,
    listed_measures_text,
    measure_table,
    overview_chart,
    ranked_measures,
)
from assay.report.pages.inspection.force_message import force_message
from assay.report.pages.inspection.force_record_pages import LINKED_PAGES, linked_page_paths, linked_pages
from assay.report.pages.inspection.force_topics import topic_lines
from assay.report.pages.inspection.grade_pages import theme_grade_table
from assay.report.pages.inspection.indicator_charts import existing_charts
from assay.report.pages.inspection.released_tables import NEVER_RANKED, Inspection
from assay.report.report_tables import Row

CRUMBS = (("Forces", "forces/index.html"),)
NOT_RANKED = (
    "Regional units and agencies take on cases that forces send them. They are shown by their own counts, and are "
    "given no rate and no rank."
)
CERTAINTY_NOTE = (
    "Every figure was counted from the records that came. A missing value is never taken for a no, and what could not "
    "be assessed is listed."
)
LINKED_CONTENTS = {
    "measures": "every share, interval and count, waiting times, and what could not be assessed",
    "reasons": "the evidence for each grade, failures of the past, lessons, and what people say",
    "records": "what the return held, the scale, the series over time, and hidden victims",
}


def force_pages(site: Inspection) -> Iterator[Page]:
    """Yield the page of all forces, then the page of each force with its linked pages."""
    yield force_index_page(site)
    for force in site.forces:
        yield _page(site, force)
        yield from linked_pages(site, force)


def _page(site: Inspection, force: Row) -> Page:
    code = force["place_code"]
    is_ranked = force["kind"] not in NEVER_RANKED
    chart = overview_chart(site, force) if is_ranked else None
    measure_count = len(ranked_measures(site, code)) if is_ranked else 0
    context: dict[str, Any] = {
        "place": force,
        "kind": KIND_NAMES[force["kind"]],
        "period": site.period,
        "message": force_message(site, force),
        "not_ranked": NOT_RANKED if force["kind"] in NEVER_RANKED else "",
        "has_return": bool(site.return_rows(code)),
        "themes": theme_grade_table(site, code),
        "chart": chart,
        "measures": measure_table(site, code, FIRST_ROWS) if is_ranked else None,
        "measures_listed": listed_measures_text(site, code) if measure_count > FIRST_ROWS else "",
        "topics": topic_lines(site, force),
        "linked": _linked(force),
    }
    path = f"forces/{force['slug']}.html"
    charts = existing_charts([chart])
    return Page(path, "inspected/force.html", force["name"], CERTAINTY_NOTE, CRUMBS, context, charts)


def _linked(force: Row) -> dict[str, tuple[str, str, str]]:
    """Return the linked pages of a force: path, name and contents."""
    paths = linked_page_paths(force)
    return {key: (paths[key], name, LINKED_CONTENTS[key]) for key, name in LINKED_PAGES.items()}
