"""The page of national problems, causes of concern, areas for improvement and promising practice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assay.report.derived_numbers import row_count
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.combined_alerts import ALONE_LOOK_FIRST, tested_measures
from assay.report.pages.inspection.figure_sentences import page_path
from assay.report.pages.inspection.grade_pages import CERTAINTY_NOTE, concern_headline, concern_parts
from assay.report.pages.inspection.measure_findings import (
    MeasureFinding,
    Priority,
    contradicting_people,
    contradiction_certainty,
    measure_finding,
    missed_of_tested,
    missed_text,
)
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import CharacteristicStatesRow, ConcernsRow, EvidenceRow, GradesRow
from assay.sdc.released_rows.indicator_rows import CombinedTestsRow

NATIONAL = "national problem"
NATIONAL_OPENING = "Most forces miss this standard. "
CONTRADICTION_NOTE = (
    "People contradict the records of a force only if they were asked about that force. What people said across forces "
    "counts against none."
)
NO_FIGURE = "No share of records: it rests on other evidence."
VERDICT_RULES = {
    "files": "Case files: of those read, the whole 95% interval of the share that meets it lies below 75%.",
    "documents": "Documents: fewer than 75% of the items checked are met.",
}
"""What a verdict against a characteristic means, by the source of evidence; the rules are on the page of method."""
KINDS = ("accelerated cause of concern", "cause of concern", "area for improvement", "promising practice")


@dataclass(frozen=True)
class MissedNationally:
    """One standard that most forces miss: its page, the figure of all forces, how many miss it, and which."""

    page: Cell
    figure: str
    missed: str
    forces: tuple[Cell, ...]


def concern_pages(site: Inspection) -> Iterator[Page]:
    """Yield the page of concerns; none where nothing was graded."""
    if site.rows(GradesRow):
        yield _concerns_page(site)


def _concerns_page(site: Inspection) -> Page:
    found = []
    national = [_national_problem(site, row) for row in site.find_rows(ConcernsRow, kind=NATIONAL)]
    for kind in KINDS:
        rows = sorted(site.find_rows(ConcernsRow, kind=kind), key=lambda item: item["rank"] or 0)
        forces = [(site.places[row["place_code"]], concern_parts(site, row))
                  for row in rows if not site.is_withheld(row["place_code"])]  # fmt: skip
        forces.sort(key=lambda pair: str(pair[0]["name"]))
        table = _concern_table(site, kind, [row for row in rows if not site.is_withheld(row["place_code"])])
        found.append((kind, row_count(len(rows)), table, forces, len(rows) - len(forces)))
    title = "Causes of concern, and promising practice"
    context = {"found": found, "national": national, "contradiction_note": _contradiction_note(site)}
    return Page("concerns.html", "inspected/concerns.html", title, CERTAINTY_NOTE, (), context)


def _contradiction_note(site: Inspection) -> str:
    """Return what a survey can say about a force; '' if no force has records that people contradict."""
    rows = site.released_force_rows(CharacteristicStatesRow, state="at odds")
    return CONTRADICTION_NOTE if any(row["contradicted_by"] for row in rows) else ""


def _national_problem(site: Inspection, row: Row) -> dict[str, Any]:
    """Return a national problem: what is wrong, what is asked for, and each standard with its figure and forces."""
    headline = row["statement"].removeprefix(NATIONAL_OPENING).partition(". ")[0].rstrip(".")
    keys = (row["test"] or "").split()
    standards = [_missed_nationally(site, form) for form in site.indicators if form["indicator"] in keys]
    return {"headline": f"{headline}.", "asks": concern_parts(site, row)["asks"], "standards": standards}


def _missed_nationally(site: Inspection, form: Row) -> MissedNationally:
    """Return the figure of all forces on a standard and the forces that miss it; a withheld force is not named."""
    missing, _ = missed_of_tested(site, form)
    finding = measure_finding(site, form, ALL)
    return MissedNationally(
        Cell(form["title"], page_path(form)),
        f"{finding.sentence} {finding.basis}".strip(),
        missed_text(site, form),
        tuple(
            Cell(site.name(code).split(" (")[0], f"forces/{site.places[code]['slug']}.html")
            for code in sorted(missing, key=site.name)
        ),
    )


def _concern_table(site: Inspection, kind: str, rows: Iterable[Row]) -> Grid | None:
    """Return the concerns of one kind, one line each, the most certain and largest first; None without any."""
    lines = sorted(((_concern_finding(site, row), row) for row in rows), key=_concern_order)
    cells = [
        (
            Cell(site.name(row["place_code"]), _reasons_link(site, row)),
            Cell(concern_headline(row), finding.more.href if finding else ""),
            f"{finding.sentence} {finding.basis}".strip() if finding else NO_FIGURE,
            " ".join([*_test_sentences(site, row), *_certainty_sentences(site, row, finding)]),
        )
        for finding, row in lines
    ]
    heads = ("Force", "What was found", "Figure", "Certainty")
    return grid(f"{kind.capitalize()}, ranked by what matters", heads, cells, dense=True) if cells else None


def _test_sentences(site: Inspection, row: Row) -> list[str]:
    """Return the combined tests and tests of a failing behind a concern, which no single figure shows."""
    place, characteristic = row["place_code"], row["characteristic"]
    keys = (row["evidence_keys"] or "").split()
    evidence = site.find_rows(EvidenceRow, place_code=place, characteristic=characteristic, direction="against")
    combined = [found for key in keys if (found := site.find_row(CombinedTestsRow, failure_mode=key, place_code=place))]
    sentences = [
        f"Almost certainly worse on {tested_measures(found)} together." for found in combined if found["outlier_alert"]
    ]
    return [*sentences, *(item["figure"].removeprefix("Not met: ") for item in evidence if item["kind"] == "test")]


def _certainty_sentences(site: Inspection, row: Row, finding: MeasureFinding | None) -> list[str]:
    """Return the certainty of the figure; without one, which other evidence the concern rests on."""
    if finding is None:
        rules = [VERDICT_RULES[key] for key in (row["evidence_keys"] or "").split() if key in VERDICT_RULES]
        people = contradicting_people(site, row["place_code"], row["characteristic"])
        return rules or [contradiction_certainty(people) if people else ""]
    is_combined = any(site.find_row(CombinedTestsRow, failure_mode=key) for key in (row["evidence_keys"] or "").split())
    return [ALONE_LOOK_FIRST if is_combined and finding.priority is Priority.LOOK_FIRST else finding.certainty]


def _concern_finding(site: Inspection, row: Row) -> MeasureFinding | None:
    """Return the finding of the measures behind a concern that matters most; None if it rests on no measure.

    A standard of the same characteristic that most forces miss counts too: it may be the force's gravest figure.
    """
    own_keys = (row["test"] or "").split()
    national = site.find_rows(ConcernsRow, kind=NATIONAL, characteristic=row["characteristic"]) if own_keys else []
    keys = {*own_keys, *(key for item in national for key in (item["test"] or "").split())}
    forms = [form for form in site.indicators if form["indicator"] in keys]
    findings = [measure_finding(site, form, row["place_code"]) for form in forms]
    findings = [item for item in findings if item.key in own_keys or item.priority is not Priority.NONE]
    return min(findings, key=lambda item: item.order, default=None)


def _concern_order(line: tuple[MeasureFinding | None, Row]) -> tuple[Any, ...]:
    finding, row = line
    return (finding.order if finding else (Priority.NONE, 0.0, 0, ""), row["place_code"], row["rank"] or 0)


def _reasons_link(site: Inspection, row: Row) -> str:
    return f"forces/{site.places[row['place_code']]['slug']}/reasons.html#grades"
