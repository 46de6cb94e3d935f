"""How many of one offence were recorded, where, and what became of them?"""

from dataclasses import replace

from assay.report.derived_numbers import worked_out
from assay.report.number_words import fell, whole
from assay.report.page_elements import Cell, Chart, Figure, Grid, Page, grid
from assay.report.pages.force_comparison_charts import force_cell, rate_table
from assay.report.pages.published_charts import breaks_of, outcome_mix, trend
from assay.report.quotable_figures import found_figure, headline
from assay.report.report_tables import Row, Site

SURE = (
    "Counts are as the Home Office published them, corrections kept. A count moves with reporting, recording and the "
    "law as "
    "well as with what happened; breaks in the series are marked, and the level starts again at each."
)


def offence_pages(site: Site) -> list[Page]:
    """The index of offences, and one page for each offence and offence set."""
    rows = []
    for key, row in site.offences.items():
        count = _count(site, key)
        rows.append(
            (
                Cell(_name(row), f"offences/{key.lower()}.html"),
                "set" if row["kind"] == "set" else "code",
                row["codes"] or "",
                whole(count),
            )
        )
    table = grid(
        "Offences and offence sets, with what England and Wales recorded",
        ("Offence or set", "Kind", "Codes", f"#Recorded in {site.full_year}"),
        rows,
        note="Sets overlap: their counts are not to be added.",
    )
    index = Page("offences/index.html", "offences.html", "Offences", SURE, (), {"table": table})
    return [index, *(_page(site, key, row) for key, row in site.offences.items())]


def _count(site: Site, key: str) -> int | None:
    found = site.one("recorded", place_code="EW", offence_key=key, financial_year=site.full_year)
    return found["offences"] if found else None


def _name(row: Row) -> str:
    return str(row["name"]) if row["kind"] == "set" else f"{row['offence_key']}: {row['name']}"


def _page(site: Site, key: str, row: Row) -> Page:
    year = site.outcome_years[0] if site.outcome_years else ""
    charts = {"trend": trend(site, "EW", key), "mix": outcome_mix(site, "EW", key, year) if year else None}
    trends = sorted(site.by("trends", place_code="EW", offence_key=key), key=lambda r: r["years_apart"])
    told = {
        "offence": row,
        "phrase": site.offence(key),
        "count": whole(_count(site, key)),
        "year": site.full_year,
        "falls": [fell(r, f"{site.offence(key)} in England and Wales", site.between(r)) for r in trends],
        "headline": _headline(site, key, charts["trend"]) if charts["trend"] else None,
        "breaks": breaks_of(site, key),
        "forces": _forces(site, key),
        "rates": rate_table(site, key, site.full_year)
        if site.by("rates", offence_key=key, financial_year=site.full_year)
        else None,
        **charts,
    }
    return Page(
        f"offences/{key.lower()}.html",
        "offence.html",
        _name(row),
        SURE,
        (("Offences", "offences/index.html"),),
        told,
        tuple(chart for chart in charts.values() if chart),
    )


def _headline(site: Site, key: str, chart: Chart) -> Figure:
    """What the trend of an offence says, to be quoted: by its finding where there is one."""
    found = site.one("findings", measure="trend", place_code="EW", offence_key=key)
    if found and not found["key"].startswith("all-series/"):
        return replace(found_figure(site, found), anchor="headline")
    quarters = site.by("recorded_quarterly", place_code="EW", offence_key=key)
    ends = sorted(f"{r['financial_year']} Q{r['quarter']}" for r in quarters)
    trends = site.by("trends", place_code="EW", offence_key=key, years_apart=3)
    count = worked_out(whole(sum(r["offences"] or 0 for r in quarters)), "offences over all quarters")
    base = f"{count} {site.offence(key)}"
    return headline(
        site,
        chart.finding,
        base=base,
        period=f"{ends[0]} to {ends[-1]}",
        limit="how many offences are never reported or never recorded",
        table="trends" if trends else "recorded_quarterly",
        row=trends[0] if trends else None,
    )


def _forces(site: Site, key: str) -> Grid:
    start = int(site.full_year[:4] or 0)
    years = [f"{y}/{(y + 1) % 100:02d}" for y in (start - 5, start - 3, start - 1, start)]
    rows: list[tuple[Cell | str, ...]] = []
    for force in site.forces:
        counts = [
            site.one("recorded", place_code=force["place_code"], offence_key=key, financial_year=y) for y in years
        ]
        rows.append((force_cell(site, force["place_code"]), *(whole(c["offences"] if c else None) for c in counts)))
    return grid(f"Every force: {site.offence(key)}, by financial year", ("Force", *(f"#{y}" for y in years)), rows)
