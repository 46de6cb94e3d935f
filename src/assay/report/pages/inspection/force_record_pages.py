"""The linked pages of a force: all its measures, the reasons for its grades, and its records.

What the page of a force does not show stands here, whole: every figure that is released of a force is on one of its
pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from assay.report.page_elements import Cell, Figure, Grid, Page, grid
from assay.report.pages.inspection.answerability_page import answerability_sentence, answerability_table
from assay.report.pages.inspection.definitions_page import count_title
from assay.report.pages.inspection.failure_mode_page import force_failure_modes
from assay.report.pages.inspection.figure_sentences import (
    CERTAINTY_NOTE,
    OUTSIDE_NOTE,
    SUPPRESSION_NOTE,
    count_text,
    estimate_text,
    grading_status,
    indicator_figure,
    interval_text,
    is_all_out_of_scope,
    own_share_text,
    page_path,
    prediction_texts,
    rank_text,
    share_text,
    without_heading,
)
from assay.report.pages.inspection.force_measures import measure_table
from assay.report.pages.inspection.grade_pages import CERTAINTY_NOTE as GRADE_CERTAINTY_NOTE
from assay.report.pages.inspection.grade_pages import force_grades
from assay.report.pages.inspection.hidden_victims_page import force_estimates
from assay.report.pages.inspection.indicator_charts import existing_charts, force_profile_chart
from assay.report.pages.inspection.indicator_pages import COUNTS as COLUMNS
from assay.report.pages.inspection.indicator_pages import ESTIMATES, HEADS
from assay.report.pages.inspection.lesson_pages import force_lessons
from assay.report.pages.inspection.released_tables import NEVER_RANKED, Inspection
from assay.report.pages.inspection.returns_page import return_table
from assay.report.pages.inspection.scale_page import missing_parts, parts_chart, scale_figure
from assay.report.pages.inspection.trends_page import claims_table, series_table
from assay.report.pages.inspection.triangulation_section import force_evidence
from assay.report.pages.inspection.trust_sentences import with_trust
from assay.report.pages.inspection.voices_section import force_voices
from assay.report.pages.inspection.wait_pages import HEADS as WAIT_HEADS
from assay.report.pages.inspection.wait_pages import NOT_REACHED_NOTE, incidence_chart, wait_cells
from assay.report.report_tables import Row
from assay.sdc.released_rows.indicator_rows import CountsByDefinitionRow, LaddersRow, WaitMediansRow

CAPTIONS = {
    "graded": "Graded: police duties with a verified standard",
    "shown": "Shown, not graded: no breach of a duty",
    "system": "The system around the child: duties of other organisations, never for or against the force",
}
ESTIMATE_HEADS = (
    "Measure",
    "#Own share",
    "#Shrunken estimate, 95% interval",
    "#Rank",
    "#Not known",
    "#Other forces predict",
    "Higher or lower?",
)
LINKED_PAGES = {"measures": "All measures", "reasons": "Reasons for the grades", "records": "Records and return"}
"""The linked pages of a force, by the last part of their path."""


def linked_page_paths(force: Row) -> dict[str, str]:
    """Return the path of each linked page of a force."""
    return {key: f"forces/{force['slug']}/{key}.html" for key in LINKED_PAGES}


def linked_pages(site: Inspection, force: Row) -> Iterator[Page]:
    """Yield the linked pages of one force."""
    yield _measures_page(site, force)
    yield _reasons_page(site, force)
    yield _records_page(site, force)


def _linked_page(force: Row, key: str, note: str, context: dict[str, Any], charts: Any = ()) -> Page:
    """Return one linked page; its heading names the force, so that it can be read on its own."""
    crumbs = (("Forces", "forces/index.html"), (force["name"], f"forces/{force['slug']}.html"))
    title = f"{force['name']}: {LINKED_PAGES[key].lower()}"
    names = {path: LINKED_PAGES[name] for name, path in linked_page_paths(force).items() if name != key}
    shared = {"place": force, "heading": title, "elsewhere": list(names.items())}
    path = linked_page_paths(force)[key]
    page_context = {**shared, "crumb": LINKED_PAGES[key], **context}
    return Page(path, f"inspected/force_{key}.html", title, note, crumbs, page_context, existing_charts(charts))


def _measures_page(site: Inspection, force: Row) -> Page:
    code, is_ranked = force["place_code"], force["kind"] not in NEVER_RANKED
    chart = force_profile_chart(site, code) if is_ranked else None
    curves = [curve for form in site.waits if is_ranked and (curve := incidence_chart(site, form, code))]
    graded = [form for form in site.indicators if form["graded"]]
    context = {
        "ranked": measure_table(site, code) if is_ranked else None,
        "chart": chart,
        "estimates": _estimate_tables(site, code) if is_ranked else [],
        "graded": _indicator_figures(site, graded, code),
        "ungraded": _indicator_figures(site, [form for form in site.indicators if not form["graded"]], code),
        "curves": curves,
        "waits": _waits(site, code),
        "answers": _answers(site, code),
        "counts": _counts(site, code),
        "cannot": _not_answerable(site, code),
        "outside": _out_of_scope(site, code),
    }
    return _linked_page(force, "measures", CERTAINTY_NOTE, context, [chart, *curves])


def _reasons_page(site: Inspection, force: Row) -> Page:
    code = force["place_code"]
    context = {
        "failings": force_failure_modes(site, code),
        "voices": force_voices(site, code),
        "learned": force_lessons(site, code),
    }
    added = {"grades": force_grades(site, code), "standing_on": force_evidence(site, code)}
    context |= {name: content for name, content in added.items() if content}
    return _linked_page(force, "reasons", GRADE_CERTAINTY_NOTE if "grades" in context else CERTAINTY_NOTE, context)


def _records_page(site: Inspection, force: Row) -> Page:
    code = force["place_code"]
    scale_chart = parts_chart(site, code)
    context = {
        "scale_text": scale_figure(site, "scale_parts", code),
        "scale_chart": scale_chart,
        "why_not": missing_parts(site, code),
        "series_text": scale_figure(site, "scale_series", code),
        "series": series_table(site, code),
        "claims": claims_table(site, [code]),
        "hidden": force_estimates(site, code)[:1],
        "asked": answerability_table(site, code),
        "asked_words": answerability_sentence(site, code),
        "returned": return_table(site, code),
    }
    return _linked_page(force, "records", CERTAINTY_NOTE, context, [scale_chart])


def _indicator_figures(site: Inspection, forms: Sequence[Row], place: str) -> list[Figure]:
    """Return the quotable figures of one force, by indicator; the anchor is the indicator key."""
    found = [(form, indicator_figure(site, form, place)) for form in forms]
    return [
        replace(
            without_heading(site, form, with_trust(site, form, place, figure), f"{form['title']}: "),
            anchor=form["indicator"].replace("_", "-"),
        )
        for form, figure in found
        if figure
    ]


def _answerable_indicators(site: Inspection, place: str) -> list[tuple[Row, LaddersRow]]:
    found: list[tuple[Row, LaddersRow | None]] = [
        (form, site.ladder(form["indicator"], place)) for form in site.indicators
    ]
    return [(form, row) for form, row in found if row and not row["not_askable"]]


def _estimate_tables(site: Inspection, place: str) -> list[Grid]:
    """Return the estimates of a force on every answerable indicator, in separate tables for each grading status."""
    answerable = _answerable_indicators(site, place)
    grids: list[Grid] = []
    for key, caption in CAPTIONS.items():
        rows = [_estimate_row(site, form, ladder) for form, ladder in answerable if grading_status(form).key == key]
        if rows:
            # Each table is folded by itself, so each has the note.
            grids.append(grid(caption, ESTIMATE_HEADS, rows, note=f"{ESTIMATES} {OUTSIDE_NOTE}", dense=True))
    return grids


def _estimate_row(site: Inspection, form: Row, ladder: LaddersRow) -> tuple[Cell | str, ...]:
    row = site.estimate(form["indicator"], ladder["place_code"])
    return (
        Cell(form["title"], page_path(form)),
        own_share_text(ladder, row),
        estimate_text(row),
        rank_text(site, row),
        "none" if row is None else share_text(row, "not_known_share"),
        *prediction_texts(row, ladder),
    )


def _answers(site: Inspection, place: str) -> Grid:
    return grid(
        "Outside and the five answers of every measure",
        ("Measure", *HEADS, "#Could be"),
        [
            (
                Cell(form["title"], page_path(form)),
                *(count_text(row, column) for column in COLUMNS),
                interval_text(row, "share_lowest", "share_highest"),
            )
            for form, row in _answerable_indicators(site, place)
        ],
        note=SUPPRESSION_NOTE,
        dense=True,
    )


def _waits(site: Inspection, place: str) -> Grid | None:
    found = [(form, site.find_row(WaitMediansRow, wait=form["wait"], place_code=place)) for form in site.waits]
    rows: list[tuple[Cell | str, ...]] = [
        (Cell(form["title"], page_path(form)), *wait_cells(row))
        for form, row in found
        if row and not row["not_askable"]
    ]
    return (
        grid(
            "Waiting times, ended or not",
            ("From what to what", *WAIT_HEADS),
            rows,
            note=f"{NOT_REACHED_NOTE} {SUPPRESSION_NOTE}",
            dense=True,
        )
        if rows
        else None
    )


def _counts(site: Inspection, place: str) -> Grid | None:
    rows = []
    for key, used in site.counts.items():
        for form in used:
            row = site.find_row(CountsByDefinitionRow, count=key, definition=form["definition"], place_code=place)
            if row and not row["not_askable"]:
                counts = (count_text(row, "records"), count_text(row, "not_known"))
                rows.append((Cell(form["title"], "definitions.html"), count_title(key).split(",")[0], *counts))
    heads = ("Definition", "What is counted", "#Takes in", "#Not known whether")
    return grid("Its counts, under each definition", heads, rows, note=SUPPRESSION_NOTE) if rows else None


def _not_answerable(site: Inspection, place: str) -> list[tuple[Cell, str]]:
    """Return what is not answerable for this force, each with the reason."""
    found: list[tuple[Row, Row | None]] = [(form, site.ladder(form["indicator"], place)) for form in site.indicators]
    found += [(form, site.find_row(WaitMediansRow, wait=form["wait"], place_code=place)) for form in site.waits]
    return [
        (Cell(form["title"], page_path(form)), row["not_askable"]) for form, row in found if row and row["not_askable"]
    ]


def _out_of_scope(site: Inspection, place: str) -> list[Cell]:
    """Return the indicators for which all records of this force are out of scope."""
    indicators = [form for form in site.indicators if is_all_out_of_scope(site.ladder(form["indicator"], place))]
    return [Cell(form["title"], page_path(form)) for form in indicators]
