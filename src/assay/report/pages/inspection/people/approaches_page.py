"""The page on associations between ways of working and results, with a stratified comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from assay.report.number_words import whole
from assay.report.page_elements import Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import SUPPRESSION_NOTE
from assay.report.pages.inspection.people.page_sections import Section, people_page
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.people_rows import ApproachAssociationsRow, StratifiedComparisonsRow

CERTAINTY_NOTE = (
    "Forces choose how they work, and change other things in the same months; better recording moves a measure as "
    "better work does. What went together is shown, and why it did is not."
)


STRATA_TEXTS = {
    "specialist team": (
        "Cases of specialist teams, beside others that are alike",
        "Within each force: cases of the same kind of offence, with a child or an adult victim when it was reported, "
        "with or without a named suspect, marked as exploitation or not.",
    ),
    "two or more suspects": (
        "Suspects of groups, beside lone suspects",
        "Suspect by suspect, within each force and crimes of one kind, as above.",
    ),
}


def approaches_page(site: Inspection) -> Page:
    """Return the page on how results differ between ways of working."""
    rows = site.rows(ApproachAssociationsRow)
    lead = "What went with each way of working, across forces and over time."
    rows_without_result = [row for row in rows if row["points"] is None]
    rows_with_result = [row for row in rows if row["points"] is not None]
    parts: list[Section] = [*_stratified_sections(site)]
    if rows_with_result:
        first = sorted(rows_with_result, key=lambda row: row["q_value"] if row["q_value"] is not None else 1)
        parts.append(
            Section(
                "Where enough forces can be compared", (), [_approach_table("Ways of working beside results", first)]
            )
        )
    if rows_without_result:
        names = Counter(row["approach"].replace("_", " ") for row in rows_without_result if row["approach"])
        omitted = [(name.capitalize(), whole(number)) for name, number in sorted(names.items())]
        words = "Nothing is said with fewer than five forces on each side, or fewer than five in which it began."
        sentences = [row["sentence"] for row in rows_without_result if not row["approach"]]
        grids = (
            [grid("Too few forces to say", ("Way of working", "#Looks of which nothing is said"), omitted)]
            if omitted
            else ()
        )
        table = _approach_table(
            "Every look of which nothing is said", [row for row in rows_without_result if row["approach"]]
        )
        folded_tables = [("Each of them, with how many forces changed", table)] if omitted else ()
        parts.append(
            Section("Of what nothing is said", (*sentences, *((words,) if omitted else ())), grids, folded_tables)
        )
    return people_page("approaches", "Approaches and results", lead, CERTAINTY_NOTE, (), parts)


def _stratified_sections(site: Inspection) -> list[Section]:
    """Return the sections of stratified comparisons: specialist teams, and group suspects, within force and kind of
    crime."""
    rows = site.rows(StratifiedComparisonsRow)
    parts = []
    for key, (title, words) in STRATA_TEXTS.items():
        found = [row for row in rows if row["sorted_by"] == key and row["points"] is not None]
        paragraphs = (
            (words,) if found else (words, "Too few crimes are alike, or too few say which they are, to say anything.")
        )
        parts.append(Section(title, paragraphs, [_stratified_table(title, found)] if found else ()))
    return parts if rows else []


def _stratified_table(caption: str, rows: Sequence[Row]) -> Grid:
    first = sorted(rows, key=lambda row: row["q_value"] if row["q_value"] is not None else 1)
    cells = [(row["sentence"], _points(row["plain_points"]), _points(row["points"])) for row in first]
    return grid(
        caption,
        ("What is seen", "#Points, nothing held alike", "#Points, in crimes of one kind"),
        cells,
        note=SUPPRESSION_NOTE,
    )


def _points(value: float | None) -> str:
    return "none" if value is None else f"{value:+.0f}"


def _approach_table(caption: str, rows: Sequence[Row]) -> Grid:
    cells: list[tuple[Any, ...]] = [
        (row["approach"].replace("_", " ").capitalize(), row["sentence"], whole(row["forces_changed"])) for row in rows
    ]
    return grid(caption, ("Way of working", "What is seen", "#Forces that changed"), cells)
