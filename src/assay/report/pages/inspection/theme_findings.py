"""Findings of one force that rest on a whole theme: each inadequate theme, which caps the overall grade."""

from __future__ import annotations

from collections.abc import Iterator

from assay.report.page_elements import Cell
from assay.report.pages.inspection.grade_pages import OVERALL, concern_headline, current_grade, theme_anchor
from assay.report.pages.inspection.measure_findings import MeasureFinding, Priority
from assay.report.pages.inspection.overall_grade import grade_certainty
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import CharacteristicsRow, ConcernsRow, GradesRow

INADEQUATE = "inadequate"
DECIDED = "Decided by the panel."


def inadequate_theme_findings(site: Inspection, code: str) -> Iterator[MeasureFinding]:
    """Yield a finding for each inadequate theme of a force, with what it fails."""
    for theme in site.themes:
        row = site.find_row(GradesRow, place_code=code, line=theme["line"])
        if row is None or theme["line"] == OVERALL or current_grade(row) != INADEQUATE:
            continue
        path = f"forces/{site.places[code]['slug']}/reasons.html#{theme_anchor(theme['line'])}"
        yield MeasureFinding(
            f"{theme['name']}: inadequate.",
            " ".join(_failings(site, code, theme["line"])),
            "",
            DECIDED if row["decided"] else grade_certainty(row),
            Cell(f"{theme['name']}, reasons", path),
            Priority.INADEQUATE_THEME,
            key=theme["line"],
        )


def _failings(site: Inspection, code: str, theme: str) -> Iterator[str]:
    """Yield what the concerns of one force say of the characteristics of one theme, without their figures."""
    keys = {row["characteristic"] for row in site.find_rows(CharacteristicsRow, line=theme)}
    rows: list[Row] = [row for row in site.find_rows(ConcernsRow, place_code=code) if row["characteristic"] in keys]
    for row in sorted(rows, key=lambda item: item["rank"] or 0):
        yield concern_headline(row)
