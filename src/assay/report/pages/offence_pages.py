"""Offence pages: how many offences were recorded, where, and with which outcomes?"""

from dataclasses import replace

from assay.report.derived_numbers import derived_number
from assay.report.number_words import decline_sentence, whole
from assay.report.page_elements import Cell, Chart, Figure, Grid, Page, grid
from assay.report.pages.edition_notes import recorded_note
from assay.report.pages.force_comparison_charts import force_cell, rate_table
from assay.report.pages.published_charts import offence_breaks, outcomes_chart, trend_chart
from assay.report.quotable_figures import finding_figure, headline
from assay.report.report_tables import ReleasedTables, Row
from assay.sdc.released_rows.published_rows import FindingsRow, RatesRow, RecordedQuarterlyRow, RecordedRow, TrendsRow

CERTAINTY_NOTE = (
    "Counts are as the Home Office published them, corrections kept. A count moves with reporting, recording and the "
    "law as "
    "well as with what happened; breaks in the series are marked, and the level starts again at each."
)


def offence_pages(site: ReleasedTables) -> list[Page]:
    """Yield the index of offences, and one page for each offence and offence set."""
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
    index = Page("offences/index.html", "offences.html", "Offences", CERTAINTY_NOTE, (), {"table": table})
    return [index, *(_page(site, key, row) for key, row in site.offences.items())]


def _count(site: ReleasedTables, key: str) -> int | None:
    found = site.find_row(RecordedRow, place_code="EW", offence_key=key, financial_year=site.full_year)
    return found["offences"] if found else None


def _name(row: Row) -> str:
    return str(row["name"]) if row["kind"] == "set" else f"{row['offence_key']}: {row['name']}"


def _page(site: ReleasedTables, key: str, row: Row) -> Page:
    year = site.outcome_years[0] if site.outcome_years else ""
    charts = {"trend": trend_chart(site, "EW", key), "mix": outcomes_chart(site, "EW", key, year) if year else None}
    trends = sorted(site.find_rows(TrendsRow, place_code="EW", offence_key=key), key=lambda r: r["years_apart"])
    context = {
        "offence": row,
        "phrase": site.offence(key),
        "count": whole(_count(site, key)),
        "year": site.full_year,
        "newer": recorded_note(site),
        "falls": [
            decline_sentence(r, f"{site.offence(key)} in England and Wales", site.breaks_between(r)) for r in trends
        ],
        "headline": _headline(site, key, charts["trend"]) if charts["trend"] else None,
        "breaks": offence_breaks(site, key),
        "forces": _forces(site, key),
        "rates": rate_table(site, key, site.full_year)
        if site.find_rows(RatesRow, offence_key=key, financial_year=site.full_year)
        else None,
        **charts,
    }
    return Page(
        f"offences/{key.lower()}.html",
        "offence.html",
        _name(row),
        CERTAINTY_NOTE,
        (("Offences", "offences/index.html"),),
        context,
        tuple(chart for chart in charts.values() if chart),
    )


def _headline(site: ReleasedTables, key: str, chart: Chart) -> Figure:
    """Return the trend of an offence as a quotable figure, from its finding if there is one."""
    found = site.find_row(FindingsRow, measure="trend", place_code="EW", offence_key=key)
    if found and not found["key"].startswith("all-series/"):
        return replace(finding_figure(site, found), anchor="headline")
    quarters = site.find_rows(RecordedQuarterlyRow, place_code="EW", offence_key=key)
    ends = sorted(f"{r['financial_year']} Q{r['quarter']}" for r in quarters)
    trends = site.find_rows(TrendsRow, place_code="EW", offence_key=key, years_apart=3)
    count = derived_number(whole(sum(r["offences"] or 0 for r in quarters)), "offences over all quarters")
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


def _forces(site: ReleasedTables, key: str) -> Grid:
    start = int(site.full_year[:4] or 0)
    years = [f"{y}/{(y + 1) % 100:02d}" for y in (start - 5, start - 3, start - 1, start)]
    rows: list[tuple[Cell | str, ...]] = []
    for force in site.forces:
        counts = [
            site.find_row(RecordedRow, place_code=force["place_code"], offence_key=key, financial_year=y) for y in years
        ]
        rows.append((force_cell(site, force["place_code"]), *(whole(c["offences"] if c else None) for c in counts)))
    return grid(f"Every force: {site.offence(key)}, by financial year", ("Force", *(f"#{y}" for y in years)), rows)
