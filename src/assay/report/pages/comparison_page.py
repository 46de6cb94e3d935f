"""How do forces compare, fairly, and can one call the trend from one series?"""

from assay.report.derived_numbers import worked_out
from assay.report.number_words import change, decimal, in_100, interval, listed, percent, whole
from assay.report.page_elements import Cell, Chart, Figure, Grid, Page, grid
from assay.report.pages.force_comparison_charts import (
    chances,
    funnel,
    rate_rows,
    rate_table,
    share_rows,
    share_table,
    sorted_rates,
    sorted_shares,
    spread_of,
    tile_map,
)
from assay.report.pages.published_charts import trend
from assay.report.pages.series_labels import explained
from assay.report.quotable_figures import found_figure, headline, left_out
from assay.report.report_tables import NATIONAL, Row, Site

SURE = (
    "A force is called unusual only if the other forces do not predict it, with false discovery to be held at 5% over "
    "everything compared. A force of which more than a quarter of the offences have no outcome yet is not compared: it "
    "is neither good nor bad."
)
WANE_SURE = (
    "Each chance is worked out from a level with its breaks taken as steps. It says whether a count is lower, not "
    "whether less "
    "happened: reporting, recording, the law and the practice of partners move counts too."
)


def comparison_pages(site: Site) -> list[Page]:
    """The comparison page, one page for each measure, and one for the recorded rate."""
    measures = list(dict.fromkeys(r["measure"] for r in site.rows("measures")))
    shown = [m for m in measures if share_rows(site, m, site.compared_year)]
    pages = [_measure(site, m) for m in shown]
    rates = [_rates(site)] if rate_rows(site, site.default, site.full_year) else []
    return [_index(site, shown), *pages, *rates]


def _index(site: Site, shown: list[str]) -> Page:
    rows = []
    for row in site.by("spread", offence_key=site.default):
        if row["financial_year"] not in (site.compared_year, site.full_year):
            continue
        is_share = row["measure"] in shown
        say = percent if is_share else decimal
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
                say(row["overall"]),
                sd,
                whole(row["naive_outside_3_sigma"]) + (f" of {row['naive_forces']}" if row["naive_forces"] else ""),
                decimal(row["mean_z_squared"]),
                whole(row["unusual"]),
            )
        )
    table = grid(
        "How far forces differ, and what a naive funnel would have said",
        (
            "Measure",
            "Year",
            "#Forces compared",
            "#Together",
            "#Standard deviation between forces",
            "#Outside a naive funnel",
            "#Mean squared z",
            "#Unusual",
        ),
        rows,
    )
    main = "charged-of-closed" if "charged-of-closed" in shown else (shown[0] if shown else "")
    chart = funnel(site, main, site.compared_year) if main else None
    told = {
        "table": table,
        "chart": chart,
        "measures": [site.measure(m) for m in shown],
        "left_out": left_out(site, share_rows(site, main, site.compared_year)) if main else "",
        "headline": _headline(site, chart, main, site.compared_year) if chart else None,
        "rate": site.rate_measure,
        "has_rate": bool(site.rows("rates")),
    }
    return Page("comparison.html", "comparison.html", "Forces side by side", SURE, (), told, (chart,) if chart else ())


def _headline(site: Site, chart: Chart, measure: str, year: str) -> Figure:
    """The title of a page's first chart, to be quoted."""
    spread = spread_of(site, measure, year)
    rows = share_rows(site, measure, year) or rate_rows(site, site.default, year)
    sizes = [r["base"] if "base" in r else r["offences"] for r in rows if not r["not_comparable"]]
    count = worked_out(whole(sum(n or 0 for n in sizes)), "offences in the forces compared")
    base = f"{count} {site.offence(site.default)} in the forces compared"
    limit = site.measure(measure)["cannot_tell"] or "which practice stands behind a difference"
    return headline(site, chart.finding, base=base, period=year, limit=limit, table="spread", row=spread or None)


def _measure(site: Site, measure: str) -> Page:
    year, of = site.compared_year, site.measure(measure)
    charts = [c for c in (sorted_shares(site, measure, year), funnel(site, measure, year)) if c]
    label = f"{of['title']}, share as published, by force, {year}"
    drawn = tile_map(site, share_rows(site, measure, year), "raw_share", percent, label, "../")
    told = {
        "of": of,
        "measure_is_share": True,
        "shown": charts,
        "table": share_table(site, measure, year),
        "drawn": drawn,
        "year": year,
        "phrase": site.offence(site.default),
        "left_out": left_out(site, share_rows(site, measure, year)),
        "headline": _headline(site, charts[0], measure, year) if charts else None,
    }
    return Page(
        f"comparison/{measure}.html",
        "measure.html",
        of["title"],
        SURE,
        (("Forces side by side", "comparison.html"),),
        told,
        tuple(charts),
    )


def _rates(site: Site) -> Page:
    year, key, measure = site.full_year, site.default, site.rate_measure
    chart = sorted_rates(site, key, year)
    rows = rate_rows(site, key, year)
    title = "Recorded per 1,000 children"
    label = f"Recorded per 1,000 residents under 18, as published, by force, {year}"
    drawn = tile_map(site, rows, "raw_per_1000", decimal, label, "../")
    told = {
        "measure_is_share": False,
        "of": {**site.measure(measure), "title": title, "better": "neither"},
        "shown": [chart] if chart else [],
        "table": rate_table(site, key, year),
        "drawn": drawn,
        "year": year,
        "phrase": site.offence(key),
        "left_out": left_out(site, rows),
        "headline": _headline(site, chart, measure, year) if chart else None,
    }
    return Page(
        f"comparison/{measure}.html",
        "measure.html",
        title,
        SURE,
        (("Forces side by side", "comparison.html"),),
        told,
        (chart,) if chart else (),
    )


def wane_page(site: Site) -> Page:
    """Every national series side by side, with the chance of a fall over one, three and five years; no verdict."""
    rows = [r for r in site.rows("trends") if r["place_code"] in NATIONAL]
    rows.sort(
        key=lambda r: (
            r["offence_key"] != site.default,
            not r["offence_key"],
            r["offence_key"] or "",
            r["series"],
            r["years_apart"],
        )
    )
    chart = chances(site, rows)
    together = [r for r in site.rows("findings") if r["key"].startswith("all-series/")]
    own = trend(site, "EW", site.default)
    told = {
        "lead": found_figure(site, together[0]) if together else None,
        "table": _chances(rows),
        "changes": _changes(site, rows),
        "chart": chart,
        "own": own,
        "explained": explained(site, rows),
    }
    return Page(
        "on-the-wane.html", "wane.html", "Is it on the wane?", WANE_SURE, (), told, tuple(c for c in (chart, own) if c)
    )


def _by_series(rows: list[Row]) -> dict[str, dict[int, Row]]:
    held: dict[str, dict[int, Row]] = {}
    for row in rows:
        held.setdefault(row["series"], {})[row["years_apart"]] = row
    return held


def _chance(row: Row | None) -> str:
    if row is None or row["refusal"] or row["probability_fell"] is None:
        return "cannot be said"
    return in_100(row["probability_fell"])


def _chances(rows: list[Row]) -> Grid:
    cells = []
    for series, held in _by_series(rows).items():
        three = held.get(3)
        five_percent = (
            in_100(three["probability_fell_5_percent"]) if three and not three["refusal"] else "cannot be said"
        )
        latest = next(iter(held.values()))
        until = f"{latest['latest_from']} to {latest['latest_to']}" if latest["latest_to"] else "not given"
        cells.append((series, until, *(_chance(held.get(y)) for y in (1, 3, 5)), five_percent))
    return grid(
        "Chance that the level of each series is lower than it was",
        (
            "Series",
            "Latest four quarters",
            "#Than 1 year before",
            "#Than 3 years before",
            "#Than 5 years before",
            "#Lower by 5% or more than 3 years before",
        ),
        cells,
    )


def _between(site: Site, row: Row) -> str:
    named = site.between(row)
    if named:
        return f"Between: {listed(named)}"
    return "A break stands between" if row["across_break"] else "No registered break between"


def _changes(site: Site, rows: list[Row]) -> Grid:
    cells = []
    for row in rows:
        across = _between(site, row)
        if row["refusal"]:
            cells.append((row["series"], f"{row['years_apart']}", "cannot be said", "not given", row["refusal"]))
            continue
        cells.append(
            (
                row["series"],
                f"{row['years_apart']}",
                change(row["change"]),
                interval(row["change_low"], row["change_high"], change),
                across,
            )
        )
    return grid(
        "Change in the level of each series", ("Series", "#Years apart", "#Change", "#95% interval", "Note"), cells
    )
