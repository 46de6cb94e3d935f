"""Pages that compare forces, and the page of national trends."""

from collections.abc import Sequence

from assay.report.derived_numbers import derived_number
from assay.report.number_words import change, decimal, interval, join_list, percent, probability_percent, whole
from assay.report.page_elements import Cell, Chart, Figure, Grid, Page, grid
from assay.report.pages.edition_notes import edition_note
from assay.report.pages.force_comparison_charts import (
    LEGEND_UNITS,
    RATE_UNIT,
    decline_chart,
    funnel,
    rate_rows,
    rate_table,
    share_rows,
    share_table,
    sorted_rates,
    sorted_shares,
    spread_row,
    tile_map,
)
from assay.report.pages.published_charts import trend_chart
from assay.report.pages.published_key_findings import highest_and_lowest
from assay.report.pages.published_trend_summary import TOTAL_ANCHOR, series_groups, total_sentences, total_table
from assay.report.pages.series_labels import group_explanations
from assay.report.period_words import span_text
from assay.report.quotable_figures import exclusion_sentence, finding_figure, headline
from assay.report.report_tables import NATIONAL, ReleasedTables, Row
from assay.sdc.released_rows.published_rows import FindingsRow, MeasuresRow, RatesRow, SpreadRow, TrendsRow

CERTAINTY_NOTE = (
    "A force is identified as an outlier only if the other forces do not predict its figure. The false discovery rate "
    "is controlled at 5% over everything compared. If more than a quarter of a force's offences have no outcome yet, "
    "only that share of it is compared. That is neither good nor bad."
)
TREND_CERTAINTY_NOTE = (
    "Each chance is worked out from a level with its breaks taken as steps. It says whether a count is lower, not "
    "whether less "
    "happened: reporting, recording, the law and the practice of partners move counts too."
)


def comparison_pages(site: ReleasedTables) -> list[Page]:
    """Return the comparison page, one page for each measure, and one for the recorded rate."""
    measures = list(dict.fromkeys(r["measure"] for r in site.rows(MeasuresRow)))
    available = [m for m in measures if share_rows(site, m, site.compared_year)]
    pages = [_measure(site, m) for m in available]
    rates = [_rates(site)] if rate_rows(site, site.default, site.full_year) else []
    return [_index(site, available), *pages, *rates]


def _index(site: ReleasedTables, available: list[str]) -> Page:
    rows = []
    for row in site.find_rows(SpreadRow, offence_key=site.default):
        if row["financial_year"] not in (site.compared_year, site.full_year):
            continue
        is_share = row["measure"] in available
        format_value = percent if is_share else decimal
        sd = (
            f"{decimal(row['between_force_sd'] * 100)} points"
            if is_share and row["between_force_sd"] is not None
            else decimal(row["between_force_sd"], 2)
        )
        rows.append(
            (
                Cell(site.measure(row["measure"])["title"], f"comparison/{row['measure']}.html"),
                row["financial_year"],
                whole(row["forces_compared"]),
                format_value(row["overall"]),
                sd,
                whole(row["naive_outside_3_sigma"]) + (f" of {row['naive_forces']}" if row["naive_forces"] else ""),
                decimal(row["mean_z_squared"]),
                whole(row["outliers"]),
            )
        )
    table = grid(
        "How far forces differ, and what a naive funnel would have said",
        (
            "Measure",
            "Year",
            "#Forces compared",
            "#Mean of the forces",
            "#Standard deviation between forces",
            "#Outside a naive funnel",
            "#Mean squared z",
            "#Unusual",
        ),
        rows,
    )
    main = "charged-of-closed" if "charged-of-closed" in available else (available[0] if available else "")
    chart = funnel(site, main, site.compared_year) if main else None
    context = {
        "table": table,
        "chart": chart,
        "measures": [site.measure(m) for m in available],
        "excluded": exclusion_sentence(site, share_rows(site, main, site.compared_year)) if main else "",
        "headline": _headline(site, chart, main, site.compared_year) if chart else None,
        "rate": site.rate_measure,
        "has_rate": bool(site.rows(RatesRow)),
    }
    return Page(
        "comparison.html",
        "comparison.html",
        "Compare forces",
        CERTAINTY_NOTE,
        (),
        context,
        (chart,) if chart else (),
    )


def _headline(site: ReleasedTables, chart: Chart, measure: str, year: str) -> Figure:
    """Return the finding of a page's first chart as a quotable figure."""
    spread = spread_row(site, measure, year)
    rows = share_rows(site, measure, year) or rate_rows(site, site.default, year)
    sizes = [r["base"] if "base" in r else r["offences"] for r in rows if not r["not_comparable"]]
    count = derived_number(whole(sum(n or 0 for n in sizes)), "offences in the forces compared")
    base = f"{count} {site.offence(site.default)} in the forces compared"
    limit = site.measure(measure)["cannot_tell"] or "which practice stands behind a difference"
    return headline(site, chart.finding, base=base, period=year, limit=limit, table="spread", row=spread or None)


def _measure(site: ReleasedTables, measure: str) -> Page:
    year, measure_row = site.compared_year, site.measure(measure)
    charts = [c for c in (sorted_shares(site, measure, year), funnel(site, measure, year)) if c]
    label = f"{measure_row['title']}, from sums of published figures, by force, {year}"
    tiles = tile_map(site, share_rows(site, measure, year), "raw_share", percent, label, "../",
                     LEGEND_UNITS.get(measure, ""))  # fmt: skip
    context = {
        "of": measure_row,
        "measure_is_share": True,
        "answer": highest_and_lowest(site, measure),
        "edition_note": edition_note(site),
        "shown": charts,
        "table": share_table(site, measure, year),
        "drawn": tiles,
        "year": year,
        "phrase": site.offence(site.default),
        "excluded": exclusion_sentence(site, share_rows(site, measure, year)),
        "headline": _headline(site, charts[0], measure, year) if charts else None,
    }
    return Page(
        f"comparison/{measure}.html",
        "measure.html",
        measure_row["title"],
        CERTAINTY_NOTE,
        (("Compare forces", "comparison.html"),),
        context,
        tuple(charts),
    )


def _rates(site: ReleasedTables) -> Page:
    year, key, measure = site.full_year, site.default, site.rate_measure
    chart = sorted_rates(site, key, year)
    rows = rate_rows(site, key, year)
    title = "Recorded per 1,000 children"
    label = f"Recorded per 1,000 residents under 18, from sums of published figures, by force, {year}"
    tiles = tile_map(site, rows, "raw_per_1000", decimal, label, "../", RATE_UNIT)
    context = {
        "measure_is_share": False,
        "of": {**site.measure(measure), "title": title, "better": "neither"},
        "shown": [chart] if chart else [],
        "table": rate_table(site, key, year),
        "drawn": tiles,
        "year": year,
        "phrase": site.offence(key),
        "excluded": exclusion_sentence(site, rows),
        "headline": _headline(site, chart, measure, year) if chart else None,
    }
    return Page(
        f"comparison/{measure}.html",
        "measure.html",
        title,
        CERTAINTY_NOTE,
        (("Compare forces", "comparison.html"),),
        context,
        (chart,) if chart else (),
    )


def trends_page(site: ReleasedTables) -> Page:
    """Return the page of national trends, with the probability of a decline over one, three and five years."""
    rows = [r for r in site.rows(TrendsRow) if r["place_code"] in NATIONAL]
    rows.sort(
        key=lambda r: (
            r["offence_key"] != site.default,
            not r["offence_key"],
            r["offence_key"] or "",
            r["series"],
            r["years_apart"],
        )
    )
    chart = decline_chart(site, rows)
    summary_findings = [r for r in site.rows(FindingsRow) if r["key"].startswith("all-series/")]
    default_trend = trend_chart(site, "EW", site.default)
    context = {
        "lead": finding_figure(site, summary_findings[0]) if summary_findings else None,
        "total": total_sentences(site),
        "total_anchor": TOTAL_ANCHOR,
        "total_table": total_table(site),
        "groups": series_groups(site),
        "table": _probability_table(rows),
        "changes": _change_table(site, rows),
        "chart": chart,
        "own": default_trend,
        "explained": group_explanations(site, rows),
    }
    return Page(
        "on-the-wane.html",
        "wane.html",
        "Trends",
        TREND_CERTAINTY_NOTE,
        (),
        context,
        tuple(c for c in (chart, default_trend) if c),
    )


def _by_series(rows: Sequence[Row]) -> dict[str, dict[int, Row]]:
    rows_by_series: dict[str, dict[int, Row]] = {}
    for row in rows:
        rows_by_series.setdefault(row["series"], {})[row["years_apart"]] = row
    return rows_by_series


def _probability_text(row: Row | None) -> str:
    if row is None or row["refusal"] or row["probability_fell"] is None:
        return "cannot be said"
    return probability_percent(row["probability_fell"])


def _probability_table(rows: Sequence[Row]) -> Grid:
    cells = []
    for series, row_by_span in _by_series(rows).items():
        three = row_by_span.get(3)
        five_percent = (
            probability_percent(three["probability_fell_5_percent"])
            if three and not three["refusal"]
            else "cannot be said"
        )
        latest = next(iter(row_by_span.values()))
        until = span_text(latest["latest_from"], latest["latest_to"]) if latest["latest_to"] else "not given"
        cells.append((series, until, *(_probability_text(row_by_span.get(y)) for y in (1, 3, 5)), five_percent))
    return grid(
        "Chance that the level of each series is lower than it was",
        (
            "Series",
            "Latest year",
            "#Than 1 year before",
            "#Than 3 years before",
            "#Than 5 years before",
            "#Lower by 5% or more than 3 years before",
        ),
        cells,
    )


def _breaks_text(site: ReleasedTables, row: Row) -> str:
    breaks = site.breaks_between(row)
    if breaks:
        return f"Between: {join_list(breaks)}"
    return "A break stands between" if row["across_break"] else "No registered break between"


def _change_table(site: ReleasedTables, rows: Sequence[Row]) -> Grid:
    cells = []
    for row in rows:
        breaks_text, series_cell = _breaks_text(site, row), Cell(row["series"])
        if row["refusal"]:
            cells.append((series_cell, f"{row['years_apart']}", "cannot be said", "not given", row["refusal"]))
            continue
        cells.append(
            (
                series_cell,
                f"{row['years_apart']}",
                change(row["change"]),
                interval(row["change_low"], row["change_high"], change),
                breaks_text,
            )
        )
    return grid(
        "Change in the level of each series", ("Series", "#Years apart", "#Change", "#95% interval", "Note"), cells
    )
