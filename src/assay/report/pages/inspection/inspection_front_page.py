"""The front page of an inspection report: what was requested, what was found, and how certain it is."""

from __future__ import annotations

from typing import Any

from assay.report.number_words import whole
from assay.report.page_elements import Figure, Page
from assay.report.pages.inspection.figure_sentences import (
    CERTAINTY_NOTE,
    grading_status,
    indicator_figure,
    page_path,
    without_heading,
)
from assay.report.pages.inspection.grade_pages import causes_of_concern
from assay.report.pages.inspection.indicator_charts import existing_charts, graded_overview_chart
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.pages.inspection.wait_pages import headline_sentence
from assay.report.pages.published_front_page import THEME_QUESTIONS
from assay.report.report_tables import Row


def front_page(site: Inspection) -> Page:
    """Return the front page: the request, the findings by inspection theme, and how to read them."""
    chart = graded_overview_chart(site)
    inspection = site.request
    context = {
        "about": inspection,
        "period": site.period,
        "asked": whole(inspection.get("bodies_asked")),
        "received": whole(inspection.get("returns_received")),
        "refused": inspection.get("returns_refused") or 0,
        "chart": chart,
        "lines": [_theme(site, line) for line in site.themes],
        "kinds": _status_counts(site),
        "judged": bool(site.rows("grades")),
        "concerns": causes_of_concern(site),
    }
    return Page(
        "index.html",
        "inspected/front.html",
        inspection["title"] or "Inspection",
        CERTAINTY_NOTE,
        (),
        context,
        existing_charts([chart]),
    )


def _theme(site: Inspection, line: dict[str, Any]) -> dict[str, Any]:
    forms = [form for form in site.indicators if form["line"] == line["line"]]
    waits = [form for form in site.waits if form["line"] == line["line"]]
    found = [
        (form, grading_status(form), page_path(form), _indicator_figure(site, form))
        for form in _sort_indicators(site, forms)
    ]
    return {
        **line,
        "asked": THEME_QUESTIONS.get(line["line"], ""),
        "found": [entry for entry in found if entry[1].key == "graded" and entry[3] and _has_share(site, entry[0])],
        "briefly": [(form, path, sentence_figure.label) for form, entry_status, path, sentence_figure in found
                    if entry_status.key != "graded" and sentence_figure and _has_share(site, form)],
        "silent": [(form, path, sentence_figure.label if sentence_figure else "No share can be shown.")
                   for form, _, path, sentence_figure in found if not (sentence_figure and _has_share(site, form))],
        "waits": [(form, page_path(form), headline_sentence(site, form)) for form in waits],
    }  # fmt: skip


def _has_share(site: Inspection, form: Row) -> bool:
    row = site.ladder(form["indicator"], ALL)
    return row is not None and row["share"] is not None


def _indicator_figure(site: Inspection, form: Row) -> Figure | None:
    sentence_figure = indicator_figure(site, form)
    return without_heading(site, form, sentence_figure) if sentence_figure else None


def _sort_indicators(site: Inspection, forms: list[Row]) -> list[Row]:
    """Sort indicators: graded first, then by the share of all forces, lowest first; no share comes last."""
    order = {"graded": 0, "shown": 1, "system": 2}

    def place(form: Row) -> tuple[int, bool, float]:
        row = site.ladder(form["indicator"], ALL)
        share = row["share"] if row else None
        return order[grading_status(form).key], share is None, share or 0.0

    return sorted(forms, key=place)


def _status_counts(site: Inspection) -> list[tuple[str, str, int]]:
    """Return the three grading statuses with their meaning and number of indicators."""
    statuses = [grading_status(form) for form in site.indicators]
    keys = list(dict.fromkeys(item.key for item in statuses))
    order = [key for key in ("graded", "shown", "system") if key in keys]
    first = {key: next(item for item in statuses if item.key == key) for key in order}
    return [(key, first[key].tag, sum(item.key == key for item in statuses)) for key in order]
