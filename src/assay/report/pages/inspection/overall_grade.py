"""The overall grade of a force in short texts, with the reason: how many themes have which grade, and concerns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from assay.report.derived_numbers import row_count
from assay.report.pages.inspection.grade_pages import (
    GRADE_LETTERS,
    NOT_ENOUGH,
    OVERALL,
    current_grade,
    gravest_concern,
)
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import GradesRow

FAVOURABLE_GRADES = ("outstanding", "good", "adequate")
"""The grades that a cause of concern contradicts: the sentence then says 'although a cause of concern is proposed'."""


@dataclass(frozen=True)
class GradeLine:
    """The overall grade: its heading, the grade, the reason for it, how certain it is, and how much was assessed."""

    head: str
    grade: str
    reason: str
    certainty: str
    covered: str


def grade_line(site: Inspection, code: str) -> GradeLine | None:
    """Return the overall grade, the reason for it and how much was assessed; None for a force that is not graded."""
    row = site.find_row(GradesRow, place_code=code, line=OVERALL)
    if row is None:
        return None
    covered = f"{row['known']} of {row['characteristics']} characteristics could be assessed"
    if row["decided"]:
        proposal = f" (proposed: {row['decided_upon']})" if row["decided_upon"] != row["decided"] else ""
        certainty = f"Decided by the panel on {row['decided_on']}{proposal}."
        why = f"The panel\u2019s reason: {row['decided_why'].rstrip('.')}." if row["decided_why"] else ""
        reason = " ".join(filter(None, (why, grade_reason(site, row))))
        return GradeLine("Grade", row["decided"], reason, certainty, f"{covered}.")
    if row["proposed"] == NOT_ENOUGH:
        concern = _concern_clause(site, code)
        also = f" {concern[:1].upper()}{concern[1:]} all the same." if concern else ""
        reason = f"{row['why_none'] or f'Only {covered}.'} That is neither good nor bad.{also}"
        return GradeLine("Proposed grade", "none, because there is not enough evidence", reason, "", "")
    reason = " ".join(filter(None, (grade_reason(site, row), row["why_none"])))
    undecided = f"{covered}. The panel has not decided yet."
    return GradeLine("Proposed grade", row["proposed"], reason, grade_certainty(row), undecided)


def grade_reason(site: Inspection, overall: Row) -> str:
    """Return how many themes have which grade, and that a cause of concern is proposed, in one sentence."""
    code, grade = overall["place_code"], current_grade(overall)
    themes = [row for row in site.find_rows(GradesRow, place_code=code) if row["line"] != OVERALL]
    found = Counter(current_grade(row) for row in themes)
    by_theme = ", ".join(f"{row_count(found[name])} {name}" for name in GRADE_LETTERS if found[name])
    if not by_theme:
        return ""
    concern = _concern_clause(site, code)
    link = "although" if grade in FAVOURABLE_GRADES else "and"
    return f"By theme: {by_theme}{f', {link} {concern}' if concern else ''}."


def _concern_clause(site: Inspection, code: str) -> str:
    """Return that a cause of concern is proposed, the gravest kind alone; '' if there is none."""
    gravest = gravest_concern(site, code)
    article = "an" if gravest.startswith("a") else "a"
    return f"{article} {gravest} is proposed" if gravest else ""


def grade_certainty(row: Row) -> str:
    """Return the certainty of a proposal: 'Certainty under the published rules: adequate 99%, good 1%.'"""
    _, is_given, rest = (row["certainty"] or "").rpartition("Under these rules: ")
    return f"Certainty under the published rules: {rest}" if is_given else (row["certainty"] or "")
