"""The page that lists all forces, those that most need attention first, one line each, with the tile map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.report.charts.tile_map import class_labels, shades
from assay.report.derived_numbers import row_count
from assay.report.number_words import join_list, whole_percent
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.force_comparison_charts import tile_map
from assay.report.pages.inspection.figure_sentences import (
    ALL_OUT_OF_SCOPE,
    CERTAINTY_NOTE,
    is_all_out_of_scope,
    page_path,
    share_text,
)
from assay.report.pages.inspection.force_message import attention_findings
from assay.report.pages.inspection.measure_findings import MeasureFinding, Priority
from assay.report.pages.inspection.overall_grade import grade_line
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.returns_page import return_summary
from assay.report.report_tables import Row

KIND_NAMES = {
    "territorial": "Territorial force",
    "transport": "Transport police",
    "regional unit": "Regional unit",
    "agency": "Agency",
}
AWAITING = "Its page awaits approval."
NO_FINDING = "Nothing stands out."
NO_RETURN = "No return was accepted, so nothing can be said."


def force_index_page(site: Inspection) -> Page:
    """Return the page that lists all forces."""
    indicator = _map_indicator(site)
    context: dict[str, Any] = {
        "ranked": _ranked_table(site),
        "table": _index_table(site),
        "form": indicator,
        "drawn": None,
        "form_path": page_path(indicator) if indicator else "",
    }
    if indicator:
        label = f"{indicator['title']}, estimate by force"
        context["drawn"] = _map(site, _territorial_estimates(site, indicator), label)
        context["untiled"] = join_list([force["name"] for force in site.forces if force["tile_column"] is None])
        context["is_synthetic"] = site.is_synthetic
    return Page("forces/index.html", "inspected/forces.html", "Forces", CERTAINTY_NOTE, (), context)


def _map(site: Inspection, rows: Sequence[Row], label: str) -> dict[str, Any] | None:
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
        differs = [row["direction"] for row in estimates if row and row["outlier_alert"]]
        ladders = [site.ladder(form["indicator"], code) for form in site.indicators]
        rows.append(
            (
                Cell(force["name"], f"forces/{force['slug']}.html"),
                KIND_NAMES[force["kind"] or ""],
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
            "#Measures compared",
            "#Cannot be assessed",
            "#Higher than the other forces predict",
            "#Lower",
        ),
        rows,
        note="Higher and lower are counted of the measures compared. Higher is not always better: each measure says "
        "which way is, if any. An outlier that would reveal a suppressed count is not counted. What cannot be assessed "
        "is neither for nor against a force.",
    )


def _ranked_table(site: Inspection) -> Grid:
    """Return one row for each force: its grade and its first finding, the most certain and largest first."""
    rows = []
    for force in site.forces:
        code = force["place_code"]
        is_withheld = site.is_withheld(code)
        findings = [] if is_withheld else attention_findings(site, code)
        rows.append((_force_order(force, findings, is_withheld=is_withheld), _ranked_row(site, force, findings)))
    ordered = [row for _, row in sorted(rows, key=lambda item: item[0])]
    return grid(
        "Forces, in the order of what most needs attention",
        ("Force", "Grade", "What needs attention first", "How certain"),
        ordered,
        note="Each force stands by its first finding alone; the order is no league table. Inadequate themes come "
        "first, then outliers, missed standards, and the rest by name.",
    )


def _force_order(force: Row, findings: list[MeasureFinding], *, is_withheld: bool) -> tuple[Any, ...]:
    first = (findings[0].priority, -findings[0].gap) if findings else (Priority.NONE, 0.0)
    return is_withheld, *first, force["name"]


def _ranked_row(site: Inspection, force: Row, findings: list[MeasureFinding]) -> tuple[Cell | str, ...]:
    code, cell = force["place_code"], Cell(force["name"], f"forces/{force['slug']}.html")
    if site.is_withheld(code):
        return cell, "", AWAITING, ""
    grade = grade_line(site, code)
    grade_text = f"{grade.grade}{'' if grade.head == 'Grade' else ' (proposed)'}" if grade else ""
    grade_text = "not enough evidence" if grade and grade.grade.startswith("none") else grade_text
    if not site.return_rows(code) and not findings:
        return cell, grade_text, NO_RETURN, ""
    return (
        (cell, grade_text, findings[0].sentence, findings[0].certainty)
        if findings
        else (cell, grade_text, NO_FINDING, "")
    )
