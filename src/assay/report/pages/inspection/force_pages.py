"""Force pages: estimates, waits and counts of one force, its return, and what was not answerable."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assay.report.charts.tile_map import class_labels, shades
from assay.report.derived_numbers import row_count
from assay.report.number_words import join_list, whole_percent
from assay.report.page_elements import Cell, Figure, Grid, Page, grid
from assay.report.pages.force_comparison_charts import tile_map
from assay.report.pages.inspection.answerability_page import answerability_sentence, answerability_table
from assay.report.pages.inspection.definitions_page import count_title
from assay.report.pages.inspection.failure_mode_page import force_failure_modes as failings_of
from assay.report.pages.inspection.figure_sentences import (
    ALL_OUT_OF_SCOPE,
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
from assay.report.pages.inspection.hidden_victims_page import force_estimates as hidden_of
from assay.report.pages.inspection.indicator_charts import existing_charts, force_profile_chart
from assay.report.pages.inspection.indicator_pages import COUNTS as COLUMNS
from assay.report.pages.inspection.indicator_pages import ESTIMATES, HEADS
from assay.report.pages.inspection.lesson_pages import force_lessons as learned
from assay.report.pages.inspection.released_tables import NEVER_RANKED, Inspection
from assay.report.pages.inspection.returns_page import return_summary, return_table
from assay.report.pages.inspection.scale_page import missing_parts, parts_chart, scale_figure
from assay.report.pages.inspection.trends_page import claims_table, series_table
from assay.report.pages.inspection.voices_section import force_voices
from assay.report.pages.inspection.wait_pages import HEADS as WAIT_HEADS
from assay.report.pages.inspection.wait_pages import NOT_REACHED_NOTE, incidence_chart
from assay.report.pages.inspection.wait_pages import wait_cells as wait_cells
from assay.report.report_tables import Row

CRUMBS = (("Forces", "forces/index.html"),)
KIND_NAMES = {
    "territorial": "Territorial force",
    "transport": "Transport police",
    "regional unit": "Regional unit",
    "agency": "Agency",
}
NOT_RANKED = (
    "Regional units and agencies take on cases that forces send them. They are shown by their own counts, and "
    "are given no "
    "rate and no rank."
)

CAPTIONS = {
    "graded": "Graded: police duties with a verified standard",
    "shown": "Shown, not graded: no breach of a duty",
    "system": "The system around the child: other organisations\u2019 duties, never for or against the force",
}
ESTIMATE_HEADS = (
    "Indicator",
    "#Own share",
    "#Estimate, 95% interval",
    "#Rank",
    "#Do not tell",
    "#Others predict",
    "Higher or lower?",
)


def force_pages(site: Inspection) -> list[Page]:
    """Return the index of forces with the tile map, and one page for each force."""
    return [_index(site), *(_page(site, force) for force in site.forces)]


def _index(site: Inspection) -> Page:
    indicator = _map_indicator(site)
    context: dict[str, Any] = {
        "table": _index_table(site),
        "form": indicator,
        "drawn": None,
        "form_path": page_path(indicator) if indicator else "",
    }
    if indicator:
        label = f"{indicator['title']}, estimate by force"
        context["drawn"] = _map(site, _territorial_estimates(site, indicator), label)
        context["untiled"] = join_list([force["name"] for force in site.forces if force["tile_column"] is None])
        context["invented"] = site.is_synthetic
    return Page("forces/index.html", "inspected/forces.html", "Forces", CERTAINTY_NOTE, (), context)


def _map(site: Inspection, rows: list[Row], label: str) -> dict[str, Any] | None:
    """Return the tile map; classes are labelled in whole per cent, like the shares, so that no two share a limit."""
    tiles = tile_map(site, rows, "share", whole_percent, label, "../")
    known = [
        row["share"] for row in rows if row["share"] is not None and not row["not_comparable"] and _has_tile(site, row)
    ]
    return {**tiles, "classes": class_labels(shades(known))} if tiles else None


def _has_tile(site: Inspection, row: Row) -> bool:
    return site.places[row["place_code"]]["tile_column"] is not None


def _map_indicator(site: Inspection) -> Row | None:
    """Return the indicator for the map: of the graded indicators, the one with most compared forces."""
    forms = [form for form in site.indicators if form["graded"]] or site.indicators
    return max(forms, key=lambda form: site.ranked_count(form["indicator"]), default=None)


def _territorial_estimates(site: Inspection, form: Row) -> list[Row]:
    rows = [row for row in site.estimates(form["indicator"]) if site.has_page(row["place_code"])]
    territorial_rows = [row for row in rows if site.places[row["place_code"]]["kind"] == "territorial"]
    return [
        row if row["share"] is not None else {**row, "not_comparable": _no_tile_reason(site, row)}
        for row in territorial_rows
    ]


def _no_tile_reason(site: Inspection, row: Row) -> str:
    if is_all_out_of_scope(site.ladder(row["indicator"], row["place_code"])):
        return ALL_OUT_OF_SCOPE
    return str(row["not_comparable"] or share_text(row))


def _index_table(site: Inspection) -> Grid:
    rows = []
    for force in site.forces:
        code = force["place_code"]
        estimates = [site.estimate(form["indicator"], code) for form in site.indicators]
        differs = [row["direction"] for row in estimates if row and row["unusual"]]
        ladders = [site.ladder(form["indicator"], code) for form in site.indicators]
        rows.append(
            (
                Cell(force["name"], f"forces/{force['slug']}.html"),
                KIND_NAMES[force["kind"]],
                return_summary(site, code),
                row_count(sum(row is not None and row["rank"] is not None for row in estimates)),
                row_count(sum(row is None or bool(row["not_askable"]) for row in ladders)),
                row_count(differs.count("higher")),
                row_count(differs.count("lower")),
            )
        )
    return grid(
        "Every force that was asked for a return",
        (
            "Force",
            "Kind",
            "Its return",
            "#Indicators compared",
            "#That cannot be asked",
            "#Higher than the others predict",
            "#Lower",
        ),
        rows,
        note="Higher and lower are counted of the indicators compared. Higher is not always better: each indicator "
        "says which way is, if any. Where it would tell of a count that is not shown, neither is counted. What "
        "cannot be asked of a force is neither for nor against it.",
    )


def _page(site: Inspection, force: Row) -> Page:
    code = force["place_code"]
    is_ranked = force["kind"] not in NEVER_RANKED
    chart = force_profile_chart(site, code) if is_ranked else None
    curves = [curve for form in site.waits if is_ranked and (curve := incidence_chart(site, form, code))]
    graded = [form for form in site.indicators if form["graded"]]
    scale_chart = parts_chart(site, code)
    context: dict[str, Any] = {
        "force": force,
        "kind": KIND_NAMES[force["kind"]],
        "came": return_summary(site, code),
        "not_ranked": NOT_RANKED if force["kind"] in NEVER_RANKED else "",
        "has_return": bool(site.return_rows(code)),
        "chart": chart,
        "standing": _estimate_tables(site, code) if is_ranked else [],
        "failings": failings_of(site, code),
        "answers": _answers(site, code),
        "graded": _indicator_figures(site, graded, code),
        "others": _indicator_figures(site, [form for form in site.indicators if not form["graded"]], code),
        "curves": curves,
        "waits": _waits(site, code),
        "counts": _counts(site, code),
        "hidden": hidden_of(site, code)[:1],
        "voices": force_voices(site, code),
        "scale_said": scale_figure(site, "scale_parts", code),
        "scale_chart": scale_chart,
        "why_not": missing_parts(site, code),
        "series_said": scale_figure(site, "scale_series", code),
        "series": series_table(site, code),
        "claims": claims_table(site, [code]),
        "learned": learned(site, code),
        "cannot": _not_answerable(site, code),
        "outside": _out_of_scope(site, code),
        "asked": answerability_table(site, code),
        "asked_words": answerability_sentence(site, code),
        "returned": return_table(site, code),
    }
    path = f"forces/{force['slug']}.html"
    return Page(
        path,
        "inspected/force.html",
        force["name"],
        CERTAINTY_NOTE,
        CRUMBS,
        context,
        existing_charts([chart, scale_chart, *curves]),
    )


def _indicator_figures(site: Inspection, forms: list[Row], place: str) -> list[Figure]:
    """Return the quotable figures of one force, by indicator; the anchor is the indicator key."""
    found = [(form, indicator_figure(site, form, place)) for form in forms]
    return [
        replace(without_heading(site, form, figure, f"{form['title']}: "), anchor=form["indicator"].replace("_", "-"))
        for form, figure in found
        if figure
    ]


def _answerable_indicators(site: Inspection, place: str) -> list[tuple[Row, Row]]:
    found = [(form, site.ladder(form["indicator"], place)) for form in site.indicators]
    return [(form, row) for form, row in found if row and not row["not_askable"]]


def _estimate_tables(site: Inspection, place: str) -> list[Grid]:
    """Return the estimates of a force on every answerable indicator, in separate tables for each grading status."""
    answerable = _answerable_indicators(site, place)
    grids: list[Grid] = []
    for key, caption in CAPTIONS.items():
        rows = [_estimate_row(site, form, ladder) for form, ladder in answerable if grading_status(form).key == key]
        if rows:
            grids.append(
                grid(caption, ESTIMATE_HEADS, rows, note=f"{ESTIMATES} {OUTSIDE_NOTE}" if not grids else "", dense=True)
            )
    return grids


def _estimate_row(site: Inspection, form: Row, ladder: Row) -> tuple[Cell | str, ...]:
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
        "Outside and the five answers of every indicator",
        ("Indicator", *HEADS, "#Could be"),
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
    found = [(form, site.find_row("wait_medians", wait=form["wait"], place_code=place)) for form in site.waits]
    rows: list[tuple[Cell | str, ...]] = [
        (Cell(form["title"], page_path(form)), *wait_cells(row))
        for form, row in found
        if row and not row["not_askable"]
    ]
    return (
        grid(
            "Its waits, ended or not",
            ("Wait", *WAIT_HEADS),
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
            row = site.find_row("counts", count=key, definition=form["definition"], place_code=place)
            if row and not row["not_askable"]:
                counts = (count_text(row, "records"), count_text(row, "not_known"))
                rows.append((Cell(form["title"], "definitions.html"), count_title(key).split(",")[0], *counts))
    heads = ("Definition", "What is counted", "#Takes in", "#Not known whether")
    return grid("Its counts, under each definition", heads, rows, note=SUPPRESSION_NOTE) if rows else None


def _not_answerable(site: Inspection, place: str) -> list[tuple[Cell, str]]:
    """Return what is not answerable for this force, each with the reason."""
    found = [(form, site.ladder(form["indicator"], place)) for form in site.indicators]
    found += [(form, site.find_row("wait_medians", wait=form["wait"], place_code=place)) for form in site.waits]
    return [
        (Cell(form["title"], page_path(form)), row["not_askable"]) for form, row in found if row and row["not_askable"]
    ]


def _out_of_scope(site: Inspection, place: str) -> list[Cell]:
    """Return the indicators for which all records of this force are out of scope."""
    indicators = [form for form in site.indicators if is_all_out_of_scope(site.ladder(form["indicator"], place))]
    return [Cell(form["title"], page_path(form)) for form in indicators]
