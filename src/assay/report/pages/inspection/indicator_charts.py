"""Charts of indicators, each with its finding in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from assay.report.chart_rows import ChartRows, bar_rows, mark_rows, point_rows
from assay.report.charts import bar_charts as bars
from assay.report.charts import comparison_charts
from assay.report.charts.bar_charts import Bar
from assay.report.charts.comparison_charts import Point
from assay.report.charts.force_profile_chart import Group, Mark, force_profile
from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import plural, slug, whole, whole_percent
from assay.report.page_elements import Chart
from assay.report.pages.force_points import sort_points, spread_finding
from assay.report.pages.inspection.figure_sentences import (
    count_text,
    counts_no_people,
    grading_status,
    is_all_out_of_scope,
    is_outside,
    share_text,
    single_record_answer,
)
from assay.report.pages.inspection.released_tables import AGE_GROUPS, ALL, KINDS, NEVER_RANKED, Inspection
from assay.report.pages.published_charts import NARROW, WIDE
from assay.report.report_tables import Row
from assay.sdc.cell_status import is_primary_suppressed
from assay.sdc.released_rows.indicator_rows import IndicatorFunnelRow, IndicatorSpreadRow, LaddersRow
from assay.wording import known_base

WITHHELD_ALERTS_NOTE = (
    " For some forces it is not shown whether they are outliers: that would reveal a count that is not shown."
)
ANSWERS = ("met", "not_met", "not_known", "not_known_if_counted", "excluded")
ANSWERED = ("met", "not met")
MIN_FUNNEL_POINTS = 3
"""A funnel of one or two forces compares nothing."""
OWN_SHARE = "own_share"
SCALE = "Share that meets it, of the records that tell"


def responsive_chart(
    name: str, finding: str, reads: str, alt: str, draw: Callable[[int], str], rows: ChartRows = ()
) -> Chart:
    """Return a chart drawn in a wide and a narrow version; `rows`: what it draws, for its CSV."""
    return Chart(slug(name), finding, reads, alt, wide=draw(WIDE), narrow=draw(NARROW), rows=rows)


def _bar(name: str, row: Row) -> Bar:
    counts = tuple(row[column] for column in ANSWERS)
    if row["not_askable"]:
        return Bar(name, (0, 0, 0, 0, 0), "", "cannot be asked here")
    absent = "too few to show" if None in counts else "out of scope" if is_all_out_of_scope(row) else "no records"
    return Bar(name, counts, count_text(row, "outside"), absent)


def overall_answers_chart(site: Inspection, form: Row) -> Chart | None:
    """Chart the five answers of all forces, in total and by age when reported."""
    key, rows = form["indicator"], []
    for age_group, name in (("all", "Everyone"), *((w, w.capitalize()) for w in AGE_GROUPS)):
        row = site.ladder(key, ALL, age_group)
        if row is not None:
            rows.append(_bar("Not known when" if name == "Not known" else name, row))
    if not rows:
        return None
    finding = _overall_sentence(site.ladder(key, ALL) or {}, site.estimate(key, ALL))
    rounded = "" if counts_no_people(form) else ", rounded to 5"
    reads = (
        f"One bar holds all records in scope, by answer, with their counts{rounded}. The number at its end counts "
        "records out of scope."
    )
    alt = f"Bar chart of the five answers. {'. '.join(f'{bar.name}: {bars.describe_bar(bar)}' for bar in rows)}."
    return responsive_chart(
        f"answers all {key}",
        finding,
        reads,
        alt,
        lambda width: bars.answer_bars(rows, width, finding),
        bar_rows(rows, "Age when reported"),
    )


def _overall_sentence(row: Row, estimate: Row | None) -> str:
    """Return the finding of the chart, with the same base as the released finding and the table."""
    if None in (row.get("met"), row.get("not_met")):
        return "The five answers of all records together"
    unknown = _sum_text(row["not_known"], row["not_known_if_counted"])
    base = estimate["base"] if estimate and estimate["base"] is not None else row["met"] + row["not_met"]
    rounding = (
        "" if row["met"] + row["not_met"] == base else " (each count is rounded by itself, so they need not add up)"
    )
    return (
        f"{whole(row['met'])} met it and {whole(row['not_met'])} did not, of {known_base(plural(base, 'record'), True)}"
        f"{rounding}; not known: {unknown}; left out with a reason: {_sum_text(row['excluded'])}"
    )


def _sum_text(*counts: int | None) -> str:
    """Format a sum of counts: 'some' if one is suppressed, 'none' if all are zero."""
    if None in counts:
        return "some"
    return derived_number(whole(sum(count or 0 for count in counts)), "sum of answers") if any(counts) else "none"


def force_answers_chart(site: Inspection, form: Row) -> Chart | None:
    """Chart the five answers of each force, highest share first; None if each force has only one record."""
    key = form["indicator"]
    rows = [
        row
        for row in site.find_rows(LaddersRow, indicator=key, when_reported="all")
        if is_ranked(site, row["place_code"])
    ]
    if not rows:
        return None
    rows.sort(
        key=lambda r: (bool(r["not_askable"]), r["share"] is None, -(r["share"] or 0), site.name(r["place_code"]))
    )
    force_bars = [_bar(site.name(row["place_code"]), row) for row in rows]
    if is_single_record_indicator(site, form) or not any(count for bar in force_bars for count in bar.counts):
        return None
    cannot = sum(bool(row["not_askable"]) for row in rows)
    unknown = sum(_unknown_share(row) > 0.25 for row in rows)
    finding = (
        f"In {unknown or 'none'} of {row_count(len(rows))} forces the answer is not known for more than a quarter of "
        "the records"
    )
    finding += f"; {cannot} sent no data for it" if cannot else ""
    reads = (
        "One bar a force, for all its records in scope. A long grey part means that the answer is not known, whatever "
        "was done. \u2018+ few\u2019: an answer of fewer than 8 records, or suppressed, "
        "is not drawn. Hollow, \u2018few on one side\u2019: fewer than 8 met it, or did not, so no part is drawn."
    )
    alt = f"Bar chart of {row_count(len(rows))} forces. {finding}. The table that follows has every count."
    return responsive_chart(
        f"answers {key}",
        finding,
        reads,
        alt,
        lambda width: bars.answer_bars(force_bars, width, finding),
        bar_rows(force_bars, "Force"),
    )


def is_single_record_indicator(site: Inspection, form: Row) -> bool:
    """Return True if every force has exactly one record, so that answers are listed and no shares are compared."""
    rows = site.find_rows(LaddersRow, indicator=form["indicator"], when_reported="all")
    answerable = [row for row in rows if row["place_code"] != ALL and not row["not_askable"]]
    return bool(answerable) and all(single_record_answer(row) for row in answerable)


def is_ranked(site: Inspection, place: str) -> bool:
    """Return True if a force is of a kind that may be ranked and compared."""
    found = site.places.get(place)
    return found is not None and found["kind"] in KINDS and found["kind"] not in NEVER_RANKED


def _unknown_share(row: Row) -> float:
    """Return the share of the records possibly in scope that is not known."""
    if row["not_askable"]:
        return 0.0
    unknown = (row["not_known"] or 0) + (row["not_known_if_counted"] or 0)
    return float(unknown / ((row["met"] or 0) + (row["not_met"] or 0) + unknown or 1))


def _point_state(row: Row) -> str:
    return "not comparable" if row["not_comparable"] else "outlier" if row["outlier_alert"] else ""


def _point(site: Inspection, row: Row) -> Point:
    figures = (row["share"], row["share_low"], row["share_high"], row["base"] or 0)
    return Point(site.name(row["place_code"]), *figures, _point_state(row))


def with_own_shares(site: Inspection, rows: Sequence[Row]) -> list[Row]:
    """Return the estimates of forces, each with the force's own share beside it; None where that is not released."""
    ladders = {row["place_code"]: site.ladder(row["indicator"], row["place_code"]) for row in rows}
    return [{**row, OWN_SHARE: ladder["share"] if (ladder := ladders[row["place_code"]]) else None} for row in rows]


def own_share_finding(site: Inspection, form: Row) -> str:
    """Return between which own shares the forces lie and which are outliers.

    The result is '' if fewer than two are compared, or if a force has an outlier alert, or one that is withheld, beside
    an own share that is not shown: without that force the sentence would say that there is no outlier.
    """
    rows = with_own_shares(site, site.estimates(form["indicator"]))
    compared = [row for row in rows if not row["not_comparable"]]
    with_share = [row for row in compared if row[OWN_SHARE] is not None]
    is_outlier_hidden = any(row[OWN_SHARE] is None and row["outlier_alert"] is not False for row in compared)
    if len(with_share) < 2 or is_outlier_hidden or is_single_record_indicator(site, form):
        return ""
    spread: Row = site.find_row(IndicatorSpreadRow, indicator=form["indicator"]) or {}
    return spread_finding(site, rows, spread, OWN_SHARE, whole_percent, subject="own shares")


def sorted_estimates_chart(site: Inspection, form: Row) -> Chart | None:
    """Chart each force's estimate with its interval, sorted; forces that are not compared are hollow."""
    rows = [row for row in site.estimates(form["indicator"]) if row["share"] is not None]
    if not rows or is_single_record_indicator(site, form):
        return None
    points = sort_points([_point(site, row) for row in rows])
    spread: Row = site.find_row(IndicatorSpreadRow, indicator=form["indicator"]) or {}
    comparison = spread_finding(
        site, with_own_shares(site, rows), spread, "share", whole_percent, named_column=OWN_SHARE
    )
    finding = f"{form['title']}: {comparison}"
    reads = (
        "Shrunken estimates, with 95% intervals. Each allows for chance, so it lies nearer to the other forces than "
        "the own share. The upright line is the mean of the forces compared. Where intervals overlap, an order is not "
        "known. Orange: an outlier. Hollow: shown with its own interval, and not compared."
    )
    alt = f"Sorted intervals of {row_count(len(points))} forces. {finding}. The table that follows has every figure."
    return responsive_chart(
        f"sorted {form['indicator']}",
        finding,
        reads,
        alt,
        lambda width: comparison_charts.intervals(points, spread.get("overall"), width, finding, SCALE, whole_percent),
        point_rows(points, SCALE),
    )


def _has_withheld_alert(rows: Sequence[Row]) -> bool:
    return any(is_primary_suppressed(row, "outlier_alert") for row in rows)


def funnel_chart(site: Inspection, form: Row) -> Chart | None:
    """Chart each force's own share against its base, with leave-one-out predictive and naive limits."""
    key, spread = form["indicator"], site.find_row(IndicatorSpreadRow, indicator=form["indicator"])
    points = []
    for row in site.estimates(key):
        ladder = site.ladder(key, row["place_code"])
        if ladder and ladder["share"] is not None and row["base"]:
            points.append(
                Point(site.name(row["place_code"]), ladder["share"], None, None, row["base"], _point_state(row))
            )
    is_comparison = len(points) >= MIN_FUNNEL_POINTS and not is_single_record_indicator(site, form)
    if not is_comparison or spread is None or spread["overall"] is None:
        return None
    funnel_rows: list[Row] = sorted(site.find_rows(IndicatorFunnelRow, indicator=key), key=lambda row: row["base"])
    limits = [
        comparison_charts.Limit(r["base"], r["low"], r["high"], r["naive_low"], r["naive_high"])
        for r in funnel_rows
        if _has_all_limits(r)
    ]
    outlier_count, overall = spread["outliers"], spread["overall"]
    forces, is_withheld = plural(spread["forces_compared"], "force"), _has_withheld_alert(site.estimates(key))
    if is_withheld:
        released = [
            row for row in site.estimates(key) if row["outlier_alert"] is not None and not row["not_comparable"]
        ]
        forces = f"the {plural(len(released), 'force')} whose alert is shown"
    outliers = "is an outlier" if outlier_count in (0, 1) else "are outliers"
    finding = (
        f"{outlier_count or 'None'} of {forces} {outliers}; "
        f"limits that allow for chance alone would name {whole(spread['naive_outside_3_sigma'])}"
    )
    reads = (
        "Each force\u2019s own share against the number of its records that tell, both rounded. The green band "
        "is where "
        "95% of forces of that size would lie, by chance and as forces truly differ. The dotted lines are three "
        "standard errors by chance alone. Orange: an outlier. Hollow: not compared."
    )
    if is_withheld:
        reads += WITHHELD_ALERTS_NOTE
    alt = f"Funnel chart of {row_count(len(points))} forces. {finding}. The table that follows has every figure."
    base = "Records that tell, met and not met"

    def draw(width: int) -> str:
        return comparison_charts.funnel(
            points,
            limits,
            overall,
            width,
            finding,
            "Own share that meets it",
            base=base,
            format_value=whole_percent,
        )

    rows = point_rows(points, "Own share that meets it", base=base)
    return responsive_chart(f"funnel {key}", finding, reads, alt, draw, rows)


def _has_all_limits(row: Row) -> bool:
    return None not in (row["low"], row["high"], row["naive_low"], row["naive_high"])


def group_indicators(site: Inspection, mark: Callable[[Row], Mark]) -> list[Group]:
    """Group the indicators as chart rows by their grading status."""
    titles = {
        "graded": "Graded: police duties with a verified standard",
        "shown": "Shown, not graded",
        "system": "The system around the child",
    }
    groups = [
        (title, [form for form in site.indicators if grading_status(form).key == key]) for key, title in titles.items()
    ]
    return [Group(title, tuple(mark(form) for form in forms)) for title, forms in groups if forms]


def overview_chart(site: Inspection) -> Chart | None:
    """Chart every indicator for all forces: the share, with its missing-data bounds."""

    return _overview_chart("overview", _groups_with_share(site))


def graded_overview_chart(site: Inspection) -> Chart | None:
    """Chart the graded indicators for the front page, or the first group of indicators that has a share."""
    return _overview_chart("graded", _groups_with_share(site)[:1])


def _groups_with_share(site: Inspection) -> list[tuple[Group, int]]:
    """Yield each group with any share, lowest share first, with the number of its indicators without a share."""

    def mark(form: Row) -> Mark:
        row: Row = site.ladder(form["indicator"], ALL) or {}
        return Mark(form["title"], row.get("share"), row.get("share_lowest"), row.get("share_highest"))

    groups_with_missing = []
    for group in group_indicators(site, mark):
        marks = sorted((m for m in group.marks if m.value is not None), key=lambda m: m.value or 0.0)
        if marks:
            groups_with_missing.append((replace(group, marks=tuple(marks)), len(group.marks) - len(marks)))
    return groups_with_missing


def _overview_chart(name: str, groups_with_missing: Sequence[tuple[Group, int]]) -> Chart | None:
    if not groups_with_missing:
        return None
    groups, missing_count = (
        [group for group, _ in groups_with_missing],
        sum(missing for _, missing in groups_with_missing),
    )
    lowest = ", ".join(f"{m.name} {whole_percent(m.value)}" for m in groups[0].marks[:3])
    finding = f"{groups[0].title.split(':')[0]}, lowest first: {lowest}"
    reads = (
        "Dot: the share that meets it, of the records that tell, all forces together. Line: where the share could lie "
        "if nothing, or all, of what is not known met it."
    )
    if missing_count:
        reads = f"{reads} Not drawn, since no share can be shown: {plural(missing_count, 'indicator')}."
    description = "; ".join(f"{m.name}: {whole_percent(m.value)}" for group in groups for m in group.marks)
    return responsive_chart(
        name,
        finding,
        reads,
        f"Dot chart. {description}.",
        lambda w: force_profile(groups, w, finding, SCALE),
        mark_rows(groups, SCALE, is_predicted=False),
    )


def force_profile_chart(site: Inspection, place: str) -> Chart | None:
    """Chart one force on every indicator: its estimate and interval over the leave-one-out predictive interval."""

    def mark(form: Row) -> Mark:
        row, ladder = site.estimate(form["indicator"], place), site.ladder(form["indicator"], place)
        if ladder and ladder["not_askable"]:
            return Mark(form["title"], None, None, None, absent="cannot be asked here")
        if answer := single_record_answer(ladder):
            return Mark(form["title"], None, None, None, absent=answer)
        if is_all_out_of_scope(ladder):
            return Mark(form["title"], None, None, None, absent="out of scope")
        if row is None or row["share"] is None:
            return Mark(form["title"], None, None, None, absent=share_text(row) if row else "no records")
        low, high = row["expected_low"], row["expected_high"]
        band = None if low is None or high is None else (low, high)
        state = _point_state(row) or ("outside" if is_outside(row) else "")
        return Mark(form["title"], row["share"], row["share_low"], row["share_high"], band, state)

    all_groups = group_indicators(site, mark)
    marks_with_share = [m for group in all_groups for m in group.marks if m.value is not None]
    if not marks_with_share:
        return None
    missing_reasons = Counter(m.absent for group in all_groups for m in group.marks if not _is_drawn(m))
    groups = [replace(group, marks=tuple(filter(_is_drawn, group.marks))) for group in all_groups]
    groups = [group for group in groups if group.marks]
    outlier_count = sum(m.state == "outlier_alert" for m in marks_with_share)
    total_text = plural(len(marks_with_share), "indicator")
    finding = f"{site.name(place)}: an outlier on {outlier_count or 'none'} of {total_text}"
    reads = (
        "Dot and line: the estimate, shrunk towards the other forces, with its 95% interval. Green band: where the "
        "other forces predict that it lies. "
        "Orange: an outlier, with false discoveries held to 5% over all indicators and forces. Half full: "
        "outside the band, but chance may explain it. Hollow: not compared."
    )
    if missing_reasons:
        reasons = ", ".join(f"{number} {words}" for words, number in missing_reasons.most_common())
        reads = f"{reads} Not drawn: {plural(missing_reasons.total(), 'indicator')} ({reasons})."
    description = "; ".join(f"{m.name}: {whole_percent(m.value)}" for m in marks_with_share)
    return responsive_chart(
        f"standing {place}",
        finding,
        reads,
        f"Dot chart. {description}.",
        lambda w: force_profile(groups, w, finding, SCALE),
        mark_rows(groups, SCALE),
    )


def _is_drawn(mark: Mark) -> bool:
    """Return True if a mark has a share or a single-record answer."""
    return mark.value is not None or mark.absent in ANSWERED


def existing_charts(charts: Sequence[Chart | None]) -> tuple[Chart, ...]:
    """Return the charts without those that could not be drawn (None)."""
    return tuple(item for item in charts if item is not None)
