"""The page of findings by inspection theme, and a page for each theme: what was asked, found, and how certain it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.report.derived_numbers import row_count
from assay.report.number_words import join_list
from assay.report.page_elements import Cell, Figure, Page, grid
from assay.report.pages.inspection import voices_section
from assay.report.pages.inspection.failure_mode_page import PATH, TITLE
from assay.report.pages.inspection.figure_sentences import (
    CERTAINTY_NOTE,
    grading_status,
    indicator_figure,
    page_path,
    share_phrase,
    without_heading,
)
from assay.report.pages.inspection.grade_pages import grade_counts
from assay.report.pages.inspection.indicator_charts import existing_charts, graded_overview_chart
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.pages.inspection.trust_sentences import with_trust
from assay.report.pages.inspection.wait_pages import headline_sentence
from assay.report.pages.published_front_page import THEME_QUESTIONS, question_number
from assay.report.report_tables import InspectionTheme, Row
from assay.sdc.released_rows.indicator_rows import FailureModesRow, IndicatorsRow, WaitsRow
from assay.sdc.released_rows.published_rows import QuestionsRow

FINDINGS = "findings.html"


def findings_page(site: Inspection) -> Page:
    """Return the page of findings by inspection theme: graded indicators first, the others collapsed."""
    chart = graded_overview_chart(site)
    context = {
        "chart": chart,
        "lines": [_theme(site, line) for line in site.themes],
        "kinds": _status_counts(site),
    }
    title = "Findings by theme"
    return Page(FINDINGS, "inspected/findings.html", title, CERTAINTY_NOTE, (), context, existing_charts([chart]))


def _theme(site: Inspection, line: InspectionTheme) -> dict[str, Any]:
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
    return without_heading(site, form, with_trust(site, form, ALL, sentence_figure)) if sentence_figure else None


def _sort_indicators(site: Inspection, forms: Sequence[Row]) -> list[Row]:
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


# Theme pages: questions, indicators and voices for each inspection theme.

CAPTION = "Each indicator and wait for all forces together, the lowest share of the graded ones first"
HEADS = ("Indicator or wait", "All forces together", "Counts for grades?", "What it asks")
RELATED_PAGES = {
    "scale": (
        ("scale.html", "Scale"),
        ("falling.html", "Trends"),
        ("hidden.html", "Hidden victims (estimate)"),
        ("definitions.html", "Counts under each definition"),
    ),
    "attitudes": (("people/disparities.html", "Disparities between groups"),),
    "assessments": (
        ("people/tiers.html", "Risk tiers"),
        ("profiles.html", "What problem profiles rest on"),
    ),
    "responses": (("people/pursuit.html", "Equal pursuit, equal protection"),),
    "lessons": (
        ("lessons.html", "Lessons applied"),
        ("claims.html", "What forces say of themselves"),
        ("people/approaches.html", "Approaches and results"),
    ),
}
"""Related pages of each inspection theme, beside its indicators and waits."""
REQUIRED_TABLES = {
    "lessons.html": "lessons_register",
    "claims.html": "claim_tests",
    "profiles.html": "problem_profile_checks",
}
"""Pages that exist only if a table was released."""


def theme_pages(site: Inspection) -> list[Page]:
    """Yield one page for each inspection theme."""
    return [_page(site, line) for line in site.themes]


def _page(site: Inspection, line: Row) -> Page:
    key = line["line"]
    questions = sorted(site.find_rows(QuestionsRow, line=key), key=question_number)
    sorted_forms = _sort_indicators(site, site.find_rows(IndicatorsRow, line=key))
    forms = [
        (Cell(form["title"], page_path(form)), share_phrase(site, form), grading_status(form).tag, form["question"])
        for form in sorted_forms
    ]
    waits = [
        (
            Cell(form["title"], page_path(form)),
            headline_sentence(site, form),
            grading_status(form).tag,
            form["question"],
        )
        for form in site.find_rows(WaitsRow, line=key)
    ]
    context = {
        "line": line,
        "asked": THEME_QUESTIONS.get(key, ""),
        "grades": _grades_sentence(site, key),
        "lowest": _least_met_standard(site, sorted_forms),
        "found": grid(CAPTION, HEADS, [*forms, *waits]) if forms or waits else None,
        "beside": _related_pages(site, key),
        "questions": grid(
            f"{line['name']}: the questions",
            ("Question", "What is asked"),
            [(r["number"], r["text"]) for r in questions],
        ),
        "voices": voices_section.theme_voices(site, key),
    }
    return Page(f"lines/{line['slug']}.html", "inspected/line.html", line["name"], CERTAINTY_NOTE, (), context)


def _grades_sentence(site: Inspection, theme: str) -> str:
    """Return how many forces have which grade on a theme; '' if none is graded."""
    counts = grade_counts(site, theme)
    return f"{join_list([f'{row_count(number)} {grade}' for grade, number in counts.items()])}." if counts else ""


def _least_met_standard(site: Inspection, forms: list[Row]) -> Cell | None:
    """Return the graded indicator with the lowest share of all forces, with its share; None if none has a share."""
    form = next((form for form in forms if grading_status(form).key == "graded" and _has_share(site, form)), None)
    return Cell(f"{form['title']}: {share_phrase(site, form)}.", page_path(form)) if form else None


def _related_pages(site: Inspection, key: str) -> list[tuple[str, str]]:
    """Return the related pages that exist; the failure modes page if one belongs to this theme."""
    existing_pages = [
        page
        for page in RELATED_PAGES.get(key, ())
        if not REQUIRED_TABLES.get(page[0]) or site.rows(REQUIRED_TABLES[page[0]])
    ]
    return [*existing_pages, (PATH, TITLE)] if site.find_rows(FailureModesRow, line=key) else existing_pages
