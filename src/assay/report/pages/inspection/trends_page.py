"""The page on trends: did each series fall, and what do forces claim about trends?"""

from __future__ import annotations

from typing import Any

from assay.report.chart_rows import mark_rows
from assay.report.charts.force_profile_chart import Group, Mark, force_profile
from assay.report.number_words import change, interval, join_list, plural
from assay.report.page_elements import Cell, Chart, Figure, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import place_cell
from assay.report.pages.inspection.finding_candidates import force_name
from assay.report.pages.inspection.indicator_charts import existing_charts, responsive_chart
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.pages.inspection.scale_page import scale_figure
from assay.report.pages.inspection.trend_summary import (
    LEVEL_TOO_WIDE,
    TrendSummary,
    headline_rows,
    level_is_too_wide,
    trend_summary,
)
from assay.report.quotable_figures import finding_figure
from assay.report.report_tables import Row
from assay.sdc.released_rows.indicator_rows import ScaleClaimsRow, ScaleTrendsRow
from assay.sdc.released_rows.published_rows import FindingsRow

CERTAINTY_NOTE = (
    "Each probability is of the level of one series, from a model that takes out the season and chance. None is of "
    "exploitation: a count also moves with reporting, recording and marking, and an estimate with the lists that it "
    "rests on."
)
PATH = "falling.html"
SERIES_NAMES = {
    "recorded": "Recorded", "unrecorded": "Corrected for recording", "marked": "Marked",
    "unflagged": "Corrected for the unmarked", "hidden": "Hidden victims",
    "partners": "New on partners\u2019 lists", "published": "As published",
}  # fmt: skip
CLAIM_SENTENCES = {
    "no groups": "There are no groups", "none": "There is none", "falling": "It is falling", "rising": "It is rising",
    "unchanged": "It has not changed",
}  # fmt: skip
SCALE = "Probability that the level of the series fell"


def trends_page(site: Inspection) -> Page:
    """Return the page on trends: all forces, each force, and what forces claim."""
    summary = trend_summary(site, ALL)
    probability_chart = _chart(summary) if summary and summary.answered else None
    context: dict[str, Any] = {
        "finding": scale_figure(site, "scale_series", ALL),
        "answer": summary.answer if summary else "",
        "chart": probability_chart,
        "table": series_table(site, ALL),
        "places": _places(site),
        "claims": claims_table(site, [row["place_code"] for row in site.forces]),
        "against": _contradicted_claims(site),
    }
    return Page(
        PATH,
        "inspected/wane.html",
        "Trends",
        CERTAINTY_NOTE,
        (),
        context,
        existing_charts([probability_chart]),
    )


def _chart(summary: TrendSummary) -> Chart | None:
    marks = tuple(
        Mark(row["series"], row["probability_fell"], None, None, absent="cannot be said: see the table")
        for row in summary.rows
    )
    words = summary.headline
    reads = (
        "Dot: the probability that the level of the series is lower than it was. Near 50%: it cannot be said. A series "
        "that cannot be followed is named all the same."
    )
    alt = "Dot chart. " + "; ".join(f"{row['series']}: {probability_text(row)}" for row in summary.rows)
    alt += ". The table that follows has every figure."
    groups = (Group("All forces together", marks),)
    chart_rows = mark_rows(groups, SCALE, is_predicted=False)
    return responsive_chart(
        "falling all", words, reads, alt, lambda w: force_profile(groups, w, words, SCALE), chart_rows
    )


def probability_text(row: Row | None) -> str:
    """Return a probability as '82%', or that it is not known."""
    if row is None or row["probability_fell"] is None:
        return "cannot be said"
    return f"{round(100 * row['probability_fell'])}%"


def series_table(site: Inspection, place: str) -> Grid | None:
    """Return every series of one place, with other causes of change or why there is no answer."""
    rows: list[tuple[Cell | str, ...]] = []
    for row in headline_rows(site, place).values():
        interval_text = (
            interval(row["change_low"], row["change_high"], change) if row["change_low"] is not None else "none"
        )
        years = plural(row["years_apart"], "year") if not row["refusal"] else "none"
        rows.append((row["series"], probability_text(row), interval_text, years, row["refusal"] or row["explanation"]))
    heads = ("Series", "#It fell", "#Change, 95% interval", "#Over", "What else moves it, or why it cannot be said")
    return (
        grid(
            "Every series of all forces together" if place == ALL else f"Every series of {site.name(place)}",
            heads,
            rows,
        )
        if rows
        else None
    )


def _places(site: Inspection) -> Grid | None:
    kinds = [kind for kind in SERIES_NAMES if site.find_rows(ScaleTrendsRow, kind=kind)]
    by_place = {force["place_code"]: headline_rows(site, force["place_code"]) for force in site.forces}
    series = [row for row_by_kind in by_place.values() for row in row_by_kind.values()]
    spans = {row["years_apart"] for row in series if row["probability_fell"] is not None}
    rows: list[tuple[Cell | str, ...]] = [
        (place_cell(site, place), *(_force_cell_text(row_by_kind.get(kind), spans) for kind in kinds))
        for place, row_by_kind in by_place.items()
        if row_by_kind
    ]
    heads = ("Force", *(f"#{SERIES_NAMES[kind]}" for kind in kinds))
    return grid("Every force", heads, rows, note=_places_note(site, spans), dense=True) if rows else None


def _force_cell_text(row: Row | None, spans: set[int]) -> str:
    """Return the probability of one series in one force, with its span where series differ in it."""
    text = probability_text(row)
    is_answered = row is not None and row["probability_fell"] is not None
    return f"{text} over {plural(row['years_apart'], 'year')}" if row and is_answered and len(spans) > 1 else text


def _places_note(site: Inspection, spans: set[int]) -> str:
    """Return what the probabilities are of, over which years, and for which forces only the change is estimated."""
    span = f" over {plural(min(spans), 'year')}" if len(spans) == 1 else ""
    longest = "That is the longest time, up to three years, that could be answered." if spans else ""
    names = [force_name(site, force["place_code"]) for force in site.forces if _has_level_too_wide(site, force)]
    wide = f"Hidden victims in {join_list(names)}: only the change is estimated. {LEVEL_TOO_WIDE}" if names else ""
    return " ".join(filter(None, (f"Probability that the level of each series fell{span}.", longest, wide)))


def _has_level_too_wide(site: Inspection, force: Row) -> bool:
    """Return True if the change in hidden victims has an answer, and the latest range of their number is of no use."""
    row = headline_rows(site, force["place_code"]).get("hidden")
    return row is not None and row["probability_fell"] is not None and level_is_too_wide(site, force["place_code"])


def claims_table(site: Inspection, places: list[str]) -> Grid | None:
    """Return forces' claims about trends, compared with their own records."""
    rows: list[tuple[Cell | str, ...]] = []
    for place in places:
        for row in site.find_rows(ScaleClaimsRow, place_code=place):
            series_name = (
                "Groups in its records" if row["compared_with"] == "groups" else SERIES_NAMES[row["compared_with"]]
            )
            cells = (row["statement_date"], series_name, _certainty_text(row), row["verdict"].capitalize(), row["why"])
            rows.append(
                (Cell(site.name(place), place_cell(site, place).href), CLAIM_SENTENCES[row["statement"]], *cells)
            )
    heads = ("Force", "It says", "When", "Held against", "How sure", "Its records", "Why")
    return grid("What forces say of themselves, held against their own records", heads, rows) if rows else None


def _certainty_text(row: Row) -> str:
    if row["compared_with"] == "groups":
        return f"{row['readings_with_groups']} of {row['readings']} ways to link records to a person"
    return "cannot be said" if row["probability_fell"] is None else f"fell: {probability_text(row)}"


def _contradicted_claims(site: Inspection) -> list[Figure]:
    """Return the findings on claims that the records contradict, by force."""
    rows = site.find_rows(FindingsRow, measure="scale_claim")
    contradicted = {
        (row["place_code"], row["claim"], row["statement"], row["compared_with"])
        for row in site.rows(ScaleClaimsRow)
        if row["verdict"] == "contradicted"
    }
    names = {f"{claim} {statement} {series}".replace(" ", "-").lower() for _, claim, statement, series in contradicted}
    return [finding_figure(site, row) for row in rows if row["key"].rpartition("/")[2] in names]
