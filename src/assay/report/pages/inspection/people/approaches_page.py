"""What went with each way of working, and of which is nothing said?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from assay.report.number_words import whole
from assay.report.page_elements import Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import HIDDEN_NOTE
from assay.report.pages.inspection.people.page_sections import Part, page_of
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row

SURE_APPROACHES = (
    "Forces choose how they work, and change other things in the same months; better recording moves a measure as "
    "better work does. What went together is shown, and why it did is not."
)


LIKE = {
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
    """Ways of working beside results."""
    rows = site.rows("approaches_seen")
    lead = "What went with each way of working, across forces and over time."
    said = [row for row in rows if row["points"] is None]
    found = [row for row in rows if row["points"] is not None]
    parts: list[Part] = [*_alike(site)]
    if found:
        first = sorted(found, key=lambda row: row["q_value"] if row["q_value"] is not None else 1)
        parts.append(
            Part("Where enough forces can be compared", (), [_approach_grid("Ways of working beside results", first)])
        )
    if said:
        names = Counter(row["approach"].replace("_", " ") for row in said if row["approach"])
        few = [(name.capitalize(), whole(many)) for name, many in sorted(names.items())]
        words = "Nothing is said with fewer than five forces on each side, or fewer than five in which it began."
        sentences = [row["sentence"] for row in said if not row["approach"]]
        grids = (
            [grid("Too few forces to say", ("Way of working", "#Looks of which nothing is said"), few)] if few else ()
        )
        table = _approach_grid("Every look of which nothing is said", [row for row in said if row["approach"]])
        folded = [("Each of them, with how many forces changed", table)] if few else ()
        parts.append(Part("Of what nothing is said", (*sentences, *((words,) if few else ())), grids, folded))
    return page_of("approaches", "What went with better results", lead, SURE_APPROACHES, (), parts)


def _alike(site: Inspection) -> list[Part]:
    """Crimes of one force and kind: what a specialist team had, and suspects of groups."""
    rows = site.rows("alike_compared")
    parts = []
    for key, (title, words) in LIKE.items():
        found = [row for row in rows if row["sorted_by"] == key and row["points"] is not None]
        said = (
            (words,) if found else (words, "Too few crimes are alike, or too few say which they are, to say anything.")
        )
        parts.append(Part(title, said, [_alike_grid(title, found)] if found else ()))
    return parts if rows else []


def _alike_grid(caption: str, rows: list[Row]) -> Grid:
    first = sorted(rows, key=lambda row: row["q_value"] if row["q_value"] is not None else 1)
    told = [(row["sentence"], _points(row["plain_points"]), _points(row["points"])) for row in first]
    return grid(
        caption,
        ("What is seen", "#Points, nothing held alike", "#Points, in crimes of one kind"),
        told,
        note=HIDDEN_NOTE,
    )


def _points(value: float | None) -> str:
    return "none" if value is None else f"{value:+.0f}"


def _approach_grid(caption: str, rows: list[Row]) -> Grid:
    told: list[tuple[Any, ...]] = [
        (row["approach"].replace("_", " ").capitalize(), row["sentence"], whole(row["forces_changed"])) for row in rows
    ]
    return grid(caption, ("Way of working", "What is seen", "#Forces that changed"), told)
