"""What do the returns say of one force: its standing, its waits, what it sent, and what could not be asked of it?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assay.report.charts.tile_map import class_words, shades
from assay.report.derived_numbers import tallied
from assay.report.number_words import listed, whole_percent
from assay.report.page_elements import Cell, Figure, Grid, Page, grid
from assay.report.pages.force_comparison_charts import tile_map
from assay.report.pages.inspection.answerability_page import asked_grid, asked_words
from assay.report.pages.inspection.definitions_page import count_title
from assay.report.pages.inspection.failure_mode_page import of_force as failings_of
from assay.report.pages.inspection.figure_sentences import (
    HIDDEN_NOTE,
    NOT_HERE,
    OUTSIDE_NOTE,
    SURE,
    beside,
    count_words,
    estimate,
    is_all_outside,
    own,
    path_of,
    rank_words,
    said_of,
    share_words,
    span,
    status,
    unheaded,
)
from assay.report.pages.inspection.hidden_page import of_force as hidden_of
from assay.report.pages.inspection.indicator_charts import charts_of, standing_of
from assay.report.pages.inspection.indicator_pages import COUNTS as COLUMNS
from assay.report.pages.inspection.indicator_pages import ESTIMATES, HEADS
from assay.report.pages.inspection.lesson_pages import of_force as learned
from assay.report.pages.inspection.released_tables import NEVER_RANKED, Inspection
from assay.report.pages.inspection.returns_page import came_grid, came_words
from assay.report.pages.inspection.scale_page import finding as of_scale
from assay.report.pages.inspection.scale_page import parts_chart, why_not
from assay.report.pages.inspection.voices_section import of_force
from assay.report.pages.inspection.wait_pages import HEADS as WAIT_HEADS
from assay.report.pages.inspection.wait_pages import NOT_REACHED, curve_of
from assay.report.pages.inspection.wait_pages import cells as wait_cells
from assay.report.pages.inspection.wane_page import claims_table, series_table
from assay.report.report_tables import Row

CRUMBS = (("Forces", "forces/index.html"),)
KIND_WORDS = {
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
    "system": "The system around the child: other bodies\u2019 duties, never for or against the force",
}
STANDING_HEADS = (
    "Indicator",
    "#Own share",
    "#Estimate, 95% interval",
    "#Rank",
    "#Do not tell",
    "#Others predict",
    "Higher or lower?",
)


def force_pages(site: Inspection) -> list[Page]:
    """The index of bodies with the tile map, and one page for each."""
    return [_index(site), *(_page(site, force) for force in site.forces)]


def _index(site: Inspection) -> Page:
    form = _mapped(site)
    told: dict[str, Any] = {
        "table": _index_table(site),
        "form": form,
        "drawn": None,
        "form_path": path_of(form) if form else "",
    }
    if form:
        label = f"{form['title']}, estimate by force"
        told["drawn"] = _map(site, _territorial(site, form), label)
        told["untiled"] = listed([force["name"] for force in site.forces if force["tile_column"] is None])
        told["invented"] = site.is_invented
    return Page("forces/index.html", "inspected/forces.html", "Forces", SURE, (), told)


def _map(site: Inspection, rows: list[Row], label: str) -> dict[str, Any] | None:
    """The tile map; its classes are said in whole per cent, as the shares are, so that no two share an end."""
    drawn = tile_map(site, rows, "share", whole_percent, label, "../")
    known = [
        row["share"] for row in rows if row["share"] is not None and not row["not_comparable"] and _has_tile(site, row)
    ]
    return {**drawn, "classes": class_words(shades(known))} if drawn else None


def _has_tile(site: Inspection, row: Row) -> bool:
    return site.places[row["place_code"]]["tile_column"] is not None


def _mapped(site: Inspection) -> Row | None:
    """The indicator on the map: the first that grades, and of those the one that most forces are compared on."""
    forms = [form for form in site.indicators if form["graded"]] or site.indicators
    return max(forms, key=lambda form: site.compared_on(form["indicator"]), default=None)


def _territorial(site: Inspection, form: Row) -> list[Row]:
    rows = [row for row in site.standings(form["indicator"]) if site.has_page(row["place_code"])]
    held = [row for row in rows if site.places[row["place_code"]]["kind"] == "territorial"]
    return [row if row["share"] is not None else {**row, "not_comparable": _why_no_tile(site, row)} for row in held]


def _why_no_tile(site: Inspection, row: Row) -> str:
    if is_all_outside(site.ladder(row["indicator"], row["place_code"])):
        return NOT_HERE
    return str(row["not_comparable"] or share_words(row))


def _index_table(site: Inspection) -> Grid:
    rows = []
    for force in site.forces:
        code = force["place_code"]
        held = [site.standing(form["indicator"], code) for form in site.indicators]
        differs = [row["direction"] for row in held if row and row["unusual"]]
        asked = [site.ladder(form["indicator"], code) for form in site.indicators]
        rows.append(
            (
                Cell(force["name"], f"forces/{force['slug']}.html"),
                KIND_WORDS[force["kind"]],
                came_words(site, code),
                tallied(sum(row is not None and row["rank"] is not None for row in held)),
                tallied(sum(row is None or bool(row["not_askable"]) for row in asked)),
                tallied(differs.count("higher")),
                tallied(differs.count("lower")),
            )
        )
    return grid(
        "Every body that was asked for a return",
        (
            "Body",
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
        "cannot be asked of a body is neither for nor against it.",
    )


def _page(site: Inspection, force: Row) -> Page:
    code = force["place_code"]
    rated = force["kind"] not in NEVER_RANKED
    chart = standing_of(site, code) if rated else None
    curves = [curve for form in site.waits if rated and (curve := curve_of(site, form, code))]
    graded = [form for form in site.indicators if form["graded"]]
    scale_chart = parts_chart(site, code)
    told: dict[str, Any] = {
        "force": force,
        "kind": KIND_WORDS[force["kind"]],
        "came": came_words(site, code),
        "not_ranked": NOT_RANKED if force["kind"] in NEVER_RANKED else "",
        "has_return": bool(site.returned_by(code)),
        "chart": chart,
        "standing": _standing(site, code) if rated else [],
        "failings": failings_of(site, code),
        "answers": _answers(site, code),
        "graded": _said(site, graded, code),
        "others": _said(site, [form for form in site.indicators if not form["graded"]], code),
        "curves": curves,
        "waits": _waits(site, code),
        "counts": _counts(site, code),
        "hidden": hidden_of(site, code)[:1],
        "voices": of_force(site, code),
        "scale_said": of_scale(site, "scale_parts", code),
        "scale_chart": scale_chart,
        "why_not": why_not(site, code),
        "series_said": of_scale(site, "scale_series", code),
        "series": series_table(site, code),
        "claims": claims_table(site, [code]),
        "learned": learned(site, code),
        "cannot": _cannot(site, code),
        "outside": _outside(site, code),
        "asked": asked_grid(site, code),
        "asked_words": asked_words(site, code),
        "returned": came_grid(site, code),
    }
    path = f"forces/{force['slug']}.html"
    return Page(
        path, "inspected/force.html", force["name"], SURE, CRUMBS, told, charts_of([chart, scale_chart, *curves])
    )


def _said(site: Inspection, forms: list[Row], place: str) -> list[Figure]:
    """What may be said of this body, indicator by indicator; anchored by the indicator alone."""
    found = [(form, said_of(site, form, place)) for form in forms]
    return [
        replace(unheaded(site, form, said, f"{form['title']}: "), anchor=form["indicator"].replace("_", "-"))
        for form, said in found
        if said
    ]


def _askable(site: Inspection, place: str) -> list[tuple[Row, Row]]:
    found = [(form, site.ladder(form["indicator"], place)) for form in site.indicators]
    return [(form, row) for form, row in found if row and not row["not_askable"]]


def _standing(site: Inspection, place: str) -> list[Grid]:
    """Its standing on every indicator that could be asked: those that grade apart from the other two kinds."""
    asked = _askable(site, place)
    grids: list[Grid] = []
    for key, caption in CAPTIONS.items():
        rows = [_stands(site, form, ladder) for form, ladder in asked if status(form).key == key]
        if rows:
            grids.append(
                grid(caption, STANDING_HEADS, rows, note=f"{ESTIMATES} {OUTSIDE_NOTE}" if not grids else "", dense=True)
            )
    return grids


def _stands(site: Inspection, form: Row, ladder: Row) -> tuple[Cell | str, ...]:
    row = site.standing(form["indicator"], ladder["place_code"])
    return (
        Cell(form["title"], path_of(form)),
        own(ladder, row),
        estimate(row),
        rank_words(site, row),
        "none" if row is None else share_words(row, "not_known_share"),
        *beside(row, ladder),
    )


def _answers(site: Inspection, place: str) -> Grid:
    return grid(
        "Outside and the five answers of every indicator",
        ("Indicator", *HEADS, "#Could be"),
        [
            (
                Cell(form["title"], path_of(form)),
                *(count_words(row, column) for column in COLUMNS),
                span(row, "share_lowest", "share_highest"),
            )
            for form, row in _askable(site, place)
        ],
        note=HIDDEN_NOTE,
        dense=True,
    )


def _waits(site: Inspection, place: str) -> Grid | None:
    found = [(form, site.one("wait_medians", wait=form["wait"], place_code=place)) for form in site.waits]
    rows: list[tuple[Cell | str, ...]] = [
        (Cell(form["title"], path_of(form)), *wait_cells(row)) for form, row in found if row and not row["not_askable"]
    ]
    return (
        grid("Its waits, ended or not", ("Wait", *WAIT_HEADS), rows, note=f"{NOT_REACHED} {HIDDEN_NOTE}", dense=True)
        if rows
        else None
    )


def _counts(site: Inspection, place: str) -> Grid | None:
    rows = []
    for key, used in site.counts.items():
        for form in used:
            row = site.one("counts", count=key, definition=form["definition"], place_code=place)
            if row and not row["not_askable"]:
                told = (count_words(row, "records"), count_words(row, "not_known"))
                rows.append((Cell(form["title"], "definitions.html"), count_title(key).split(",")[0], *told))
    heads = ("Definition", "What is counted", "#Takes in", "#Not known whether")
    return grid("Its counts, under each definition", heads, rows, note=HIDDEN_NOTE) if rows else None


def _cannot(site: Inspection, place: str) -> list[tuple[Cell, str]]:
    """What cannot be asked of this body, each with the reason."""
    found = [(form, site.ladder(form["indicator"], place)) for form in site.indicators]
    found += [(form, site.one("wait_medians", wait=form["wait"], place_code=place)) for form in site.waits]
    return [
        (Cell(form["title"], path_of(form)), row["not_askable"]) for form, row in found if row and row["not_askable"]
    ]


def _outside(site: Inspection, place: str) -> list[Cell]:
    """The indicators whose question is about none of this body's records."""
    held = [form for form in site.indicators if is_all_outside(site.ladder(form["indicator"], place))]
    return [Cell(form["title"], path_of(form)) for form in held]
