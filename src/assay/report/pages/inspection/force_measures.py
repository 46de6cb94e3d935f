"""The measures of a force, most important first, as a table and as a chart that compares it with the other forces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.report.chart_rows import mark_rows
from assay.report.charts.force_profile_chart import Group, Mark, force_profile
from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import plural, whole_percent
from assay.report.page_elements import Cell, Chart, Grid, grid
from assay.report.pages.inspection.combined_alerts import illustrating_measures
from assay.report.pages.inspection.figure_sentences import is_outside, own_share_text, page_path, single_record_answer
from assay.report.pages.inspection.indicator_charts import responsive_chart
from assay.report.pages.inspection.measure_findings import (
    READINGS,
    MeasureFinding,
    Priority,
    alert_side,
    basis_parts,
    can_count_against,
    has_no_clear_difference,
    is_better_outlier,
    is_not_compared,
    measure_finding,
    meets_standard,
    other_forces_text,
)
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.indicator_rows import ForceEstimatesRow

FIRST_ROWS, CHART_ROWS = 10, 8
HEADS = ("Measure", "#This force", "#95% interval", "#Other forces", "Reading")
ALMOST_CERTAIN, COMBINED_ALERT = "almost certainly", "almost certainly worse by a combined test"
MET, LIKE_OTHERS, NOT_COMPARED = "standard met", "no clear difference", "not compared"
MISSED = "standard missed"
NOTE = (
    "The most certain first, then the largest gap. Other forces: the share expected from them. Numbers are of records "
    "with a known answer. A measure can count a victim once for each duty, also an adult who was under 18 at the "
    "offence. So it can exceed the number of victims at the top."
)


@dataclass(frozen=True)
class RankedMeasure:
    """One measure of a force with its finding; `combined_gap`: its gap if it illustrates a combined-test alert."""

    form: Row
    finding: MeasureFinding
    combined_gap: float | None = None

    @property
    def order(self) -> tuple[int, float, int, str]:
        """Sort key of the list of what needs attention: measures of a combined-test alert are sorted with outliers."""
        if self.combined_gap is None:
            return self.finding.order
        return Priority.OUTLIER, -self.combined_gap, -self.finding.base, self.finding.key


def ranked_measures(site: Inspection, code: str) -> list[RankedMeasure]:
    """Return the measures of a force that have a share or a missed standard, the most important first."""
    combined = illustrating_measures(site, code)
    measures = [
        RankedMeasure(form, measure_finding(site, form, code), combined.get(form["indicator"]))
        for form in site.indicators
    ]
    listed = [item for item in measures if _has_row(site, item, code)]
    return sorted(listed, key=lambda item: (_is_foreign(item.form), item.order))


def listed_measures_text(site: Inspection, code: str) -> str:
    """Return how many measures are listed, and how many of them show a figure: '11 measures, 7 with a figure'."""
    listed = ranked_measures(site, code)
    figure_count = sum(item.finding.priority is not Priority.SHARE_SUPPRESSED for item in listed)
    if figure_count == len(listed):
        return f"{row_count(figure_count)} measures with a figure"
    return (
        f"{row_count(len(listed))} measures: {row_count(figure_count)} with a figure, the others with a missed standard"
    )


def _is_foreign(form: Row) -> bool:
    """Return True for a duty that is not that of the police alone: it never counts against a force."""
    return bool(form["holder"] != "police")


def _has_row(site: Inspection, item: RankedMeasure, code: str) -> bool:
    ladder = site.ladder(item.form["indicator"], code)
    has_share = ladder is not None and not ladder["not_askable"] and ladder["share"] is not None
    return has_share or item.finding.priority is Priority.SHARE_SUPPRESSED


def measure_table(site: Inspection, code: str, limit: int | None = None) -> Grid | None:
    """Return the table of ranked measures, or of the first `limit`; None if there are no measures."""
    rows = [_table_row(site, item, code) for item in ranked_measures(site, code)[:limit]]
    caption = "Measures, ranked by what matters" if limit is None else "The first measures, ranked by what matters"
    return grid(caption, HEADS, rows, note=NOTE) if rows else None


def _table_row(site: Inspection, item: RankedMeasure, code: str) -> tuple[Cell | str, ...]:
    form = item.form
    row, ladder = site.estimate(form["indicator"], code), site.ladder(form["indicator"], code)
    interval_text = "" if single_record_answer(ladder) else basis_parts(site, form, code)[0]
    return (
        Cell(form["title"], page_path(form)),
        own_share_text(ladder, row),
        interval_text or "none",
        other_forces_text(row) or "none",
        COMBINED_ALERT if item.combined_gap is not None else reading(site, item.form, item.finding, code),
    )


def reading(site: Inspection, form: Row, finding: MeasureFinding, code: str) -> str:
    """Return how certain a measure's finding is, in graded words such as 'probably worse'."""
    if finding.priority in READINGS:
        return READINGS[finding.priority]
    row = site.estimate(form["indicator"], code)
    if row is not None and finding.priority is Priority.OUTLIER:
        return f"{ALMOST_CERTAIN} {alert_side(form, row, 'worse')}"
    if finding.priority is Priority.BELOW_STANDARD:
        return _missed_reading(form, row)
    if row is not None and is_better_outlier(form, row):
        return f"{ALMOST_CERTAIN} {alert_side(form, row, 'better')}"
    if meets_standard(site, form, code):
        return MET
    if row and row["outlier_alert"]:
        return f"{ALMOST_CERTAIN} {row['direction']}" if row["direction"] else "an outlier"
    return LIKE_OTHERS if row and row["outlier_alert"] is False and not row["not_comparable"] else NOT_COMPARED


def _missed_reading(form: Row, row: ForceEstimatesRow | None) -> str:
    if is_better_outlier(form, row):
        return f"{MISSED}; {ALMOST_CERTAIN} better than the others"
    if has_no_clear_difference(row):
        return f"{MISSED}; {LIKE_OTHERS}"
    return f"{MISSED}; {NOT_COMPARED}" if is_not_compared(row) else MISSED


def overview_chart(site: Inspection, force: Row) -> Chart | None:
    """Chart the most important compared measures: own share and interval, beside the range predicted from the other
    forces."""
    code = force["place_code"]
    found = [(item, mark) for item in ranked_measures(site, code) if (mark := _mark(site, item.form, code))]
    if not found:
        return None
    marks = tuple(mark for _, mark in found[:CHART_ROWS])
    finding = chart_finding(force["name"], [item for item, _ in found])
    reads = (
        "Dot and line: the share of the force\u2019s own records, with its 95% interval. Green band: where the other "
        "forces predict that it lies. Orange: an outlier. Half full: outside the band, but chance may explain it."
    )
    alt = f"Dot chart. {finding}. {'; '.join(f'{mark.name}: {whole_percent(mark.value)}' for mark in marks)}."
    groups = [Group("Ranked by what matters", marks)]
    return responsive_chart(
        f"beside {code}",
        finding,
        reads,
        alt,
        lambda width: force_profile(groups, width, finding, "Share of records"),
        mark_rows(groups, "Share of records"),
    )


def _mark(site: Inspection, form: Row, code: str) -> Mark | None:
    row, ladder = site.estimate(form["indicator"], code), site.ladder(form["indicator"], code)
    if row is None or row["not_comparable"] or row["outlier_alert"] is None:
        return None
    low, high = row["expected_low"], row["expected_high"]
    if low is None or high is None:
        return None
    if ladder is None or ladder["share"] is None:
        return None
    finding: Row = site.finding(form["indicator"], code) or {}
    state = "outlier" if row["outlier_alert"] else "outside" if is_outside(row, ladder) else ""
    return Mark(form["title"], ladder["share"], finding.get("low"), finding.get("high"), (low, high), state)


def chart_finding(name: str, compared: Iterable[RankedMeasure]) -> str:
    """Return the chart's finding: on how many measures the force is an adverse outlier, and the most certain one.

    Without an outlier it is the measure that lies furthest from the other forces, said to be no outlier. Duties of
    other organisations, and measures without a better side, are not counted: they never count against a force.
    """
    measures = list(compared)
    items = [item for item in measures if can_count_against(item.form)]
    if not items:
        return f"{name}: none of these measures counts for the force or against it"
    worse = [item for item in items if item.finding.priority is Priority.OUTLIER]
    total = derived_number(plural(len(items), "measure"), "measures compared")
    total += "" if len(items) == len(measures) else " that can count against it"
    if worse:
        count = derived_number(str(len(worse)), "outliers for the worse")
        first = "First of all" if len(worse) > 1 else "Namely"
        is_graded = all(item.form["graded"] for item in worse)
        how = f"{ALMOST_CERTAIN} worse" if is_graded else "an outlier on the adverse side"
        return f"{name}: {how} on {count} of {total}. {first}: \u2018{worse[0].form['title']}\u2019"
    if any(item.combined_gap is not None for item in items):
        return f"{name}: {ALMOST_CERTAIN} worse by a combined test; no single measure is an outlier for the worse"
    furthest = max(items, key=lambda item: (item.finding.gap_to_others, item.finding.key))
    if furthest.finding.gap_to_others <= 0:
        return f"{name}: worse than the other forces on none of {total}"
    behind = f"Furthest behind on \u2018{furthest.form['title']}\u2019"
    return f"{name}: an outlier for the worse on none of {total}. {behind}"
