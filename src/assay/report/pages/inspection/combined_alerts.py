"""Combined tests of failure modes known from past inquiries: which give an alert for a force, and by which measure?"""

from __future__ import annotations

from assay.report.derived_numbers import derived_number
from assay.report.number_words import plural
from assay.report.pages.inspection.measure_findings import ENDED, LOWER, Priority, measure_finding
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.indicator_rows import FailureModesRow

ALONE_LOOK_FIRST = "By itself, this measure is only a reason to look first."
"""What one measure of a combined test shows alone, where the alert is of all measures together."""
MIN_GAP = 0.05
"""Smallest gap of a single measure that is given as the figure of a combined test."""


def alerted_modes(site: Inspection, code: str) -> list[Row]:
    """Return the failure modes with an alert in the combined test for the force, but on none of its measures alone.

    The alert of a single measure says more, so a combined test is listed only where there is none.
    """
    outliers = {
        form["indicator"] for form in site.indicators if measure_finding(site, form, code).priority is Priority.OUTLIER
    }
    return [mode for mode, _ in _combined_alerts(site, code) if not outliers & measure_keys(mode)]


def tested_measures(row: Row) -> str:
    """Return how many measures a combined test takes together, as text: "4 measures"."""
    return derived_number(plural(row["measures"], "measure"), "measures compared")


def combined_test_rows(site: Inspection, code: str) -> dict[str, Row]:
    """Return the measures of failure modes with an alert in the combined test, each with the row of that test."""
    return {key: row for mode, row in _combined_alerts(site, code) for key in measure_keys(mode)}


def _combined_alerts(site: Inspection, code: str) -> list[tuple[Row, Row]]:
    """Return the failure modes with an alert in the combined test for the force, each with its row."""
    rows = {row["failure_mode"]: row for row in site.find_rows("combined_tests", place_code=code)}
    return [
        (mode, row)
        for mode in site.rows(FailureModesRow)
        if (row := rows.get(mode["failure_mode"])) and row["outlier_alert"] and row["alert_status"] != ENDED
    ]


def measure_keys(mode: Row) -> set[str]:
    """Return the measures of a failure mode."""
    return set((mode["shown_by"] or "").split())


def clearest_measure(site: Inspection, mode: Row, code: str) -> Row | None:
    """Return the measure furthest from the other forces in the direction of the failure; None if none is clear."""
    forms = [form for form in site.indicators if form["indicator"] in measure_keys(mode)]
    gaps = [(gap_on_side(site, mode, form, code), form["indicator"], form) for form in forms]
    clear = [item for item in gaps if item[0] >= MIN_GAP]
    return max(clear, key=lambda item: item[:2])[2] if clear else None


def gap_on_side(site: Inspection, mode: Row, form: Row, code: str) -> float:
    """Return how far the force is from the other forces in the direction of the failure; negative if better."""
    sides = dict(zip(mode["shown_by"].split(), mode["sides"].split(), strict=False))
    row, ladder = site.estimate(form["indicator"], code), site.ladder(form["indicator"], code)
    share = ladder["share"] if ladder else None
    if row is None or share is None or row["expected"] is None or row["not_comparable"]:
        return 0.0
    difference = float(row["expected"] - share)
    return difference if sides.get(form["indicator"]) == LOWER else -difference


def illustrating_measures(site: Inspection, code: str) -> dict[str, float]:
    """Return the measures that best illustrate a combined alert of the force, each with its gap."""
    pairs = [(mode, form) for mode in alerted_modes(site, code) if (form := clearest_measure(site, mode, code))]
    return {form["indicator"]: gap_on_side(site, mode, form, code) for mode, form in pairs}
