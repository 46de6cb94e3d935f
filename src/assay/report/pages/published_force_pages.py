"""What do published statistics say of one force, beside the forces like it, and how sure are we?"""

from typing import Any

from assay.report.derived_numbers import worked_out
from assay.report.number_words import NOT_GIVEN, fell, percent, whole
from assay.report.page_elements import Cell, Figure, Page, grid
from assay.report.pages.force_comparison_charts import ESTIMATES, force_cell, share_rows, tile_map
from assay.report.pages.published_charts import beside_similar, outcome_mix, process, trend
from assay.report.pages.published_force_tables import (
    case_mix_words,
    children_grid,
    offence_grid,
    share_grid,
    similar_forces,
    yearly_grid,
)
from assay.report.quotable_figures import (
    count_figure,
    estimated,
    found_figure,
    headline,
    published,
    rate_figure,
    share_figure,
    standing,
)
from assay.report.report_tables import Row, Site

MAIN = "charged-of-closed"
WALES = (
    "Counts of children in need end at the border: the source covers England only. For Wales, load the Children "
    "Receiving "
    "Care and Support Census of the Welsh Government."
)
SURE = (
    "Counts are as the Home Office published them. Intervals (95%) hold the chance in a count and how far forces "
    "differ; they "
    "do not hold differences in recording. The pending share stands beside every outcome share."
)


def force_pages(site: Site) -> list[Page]:
    """The index of forces with the tile map, and one page a force."""
    return [_index(site), *(_page(site, force) for force in site.forces)]


def _main(site: Site) -> str:
    known = list(dict.fromkeys(row["measure"] for row in site.rows("shares")))
    return MAIN if MAIN in known or not known else known[0]


def _index(site: Site) -> Page:
    year, measure = site.compared_year, _main(site)
    title = site.measure(measure)["title"]
    label = f"{title}, share as published, by force, {year}"
    drawn = tile_map(site, share_rows(site, measure, year), "raw_share", percent, label, "../")
    rows: list[tuple[Cell | str, ...]] = []
    for force in site.forces:
        code = force["place_code"]
        count = site.one("recorded", place_code=code, offence_key=site.default, financial_year=site.full_year)
        share = (
            site.one("shares", measure=measure, place_code=code, offence_key=site.default, financial_year=year) or {}
        )
        rows.append(
            (
                force_cell(site, code),
                force["country"] or "Britain",
                whole(count["offences"] if count else None),
                *((published(share), *estimated(share)) if share else (NOT_GIVEN,) * 3),
                percent(share.get("pending_share")),
                standing(share) if share else "",
            )
        )
    table = grid(
        f"Every force: {site.offence(site.default)}",
        (
            "Force",
            "Country",
            f"#Recorded in {site.full_year}",
            f"#{title}, {year}, as published",
            "#Estimate",
            "#95% interval",
            "#No outcome yet",
            "Beside what the others predict",
        ),
        rows,
        note=ESTIMATES,
    )
    told = {
        "drawn": drawn,
        "table": table,
        "map_title": f"{title}, {year}: share as published",
        "measure": measure,
        "headline": _headline(site, measure, year),
    }
    return Page("forces/index.html", "forces.html", "Forces", SURE, (), told)


def _headline(site: Site, measure: str, year: str) -> Figure | None:
    """How far the published shares of the forces lie apart, in one sentence to be quoted."""
    rows = [r for r in share_rows(site, measure, year) if not r["not_comparable"] and r["raw_share"] is not None]
    if not rows:
        return None
    low, high = min(rows, key=lambda r: r["raw_share"]), max(rows, key=lambda r: r["raw_share"])
    of, flagged = site.measure(measure), sum(bool(r["unusual"]) for r in rows)
    said = (
        f"{of['title']}, {year}: of {len(rows)} forces compared, published shares run from "
        f"{percent(low['raw_share'])} ({site.name(low['place_code'])}) to {percent(high['raw_share'])} "
        f"({site.name(high['place_code'])}), and {flagged or 'none'} "
        f"{'are' if flagged > 1 else 'is'} flagged as unusual once all comparisons are allowed for"
    )
    count = worked_out(whole(sum(r["base"] for r in rows)), "offences in the forces compared")
    base = f"{count} {site.offence(site.default)} in the forces compared"
    return headline(site, said, base=base, period=year, limit=of["cannot_tell"] or "why they differ", table="shares")


def _page(site: Site, force: Row) -> Page:
    code, year = force["place_code"], site.compared_year
    shares = list(site.by("shares", place_code=code, offence_key=site.default, financial_year=year))
    charts = {
        "trend": trend(site, code, site.default),
        "mix": outcome_mix(site, code, site.default, site.outcome_years[0]) if site.outcome_years else None,
        "similar": beside_similar(site, code, _main(site), year),
        "process": process(site, code, site.default),
    }
    told: dict[str, Any] = {
        "force": force,
        "warnings": _warnings(site, shares),
        "figures": _figures(site, code, shares),
        "falls": [
            fell(r, f"{site.offence(site.default)} ({force['name']})", site.between(r)) for r in _trends(site, code)
        ],
        "shares": share_grid(site, force, shares),
        "yearly": yearly_grid(site, force),
        "offences": offence_grid(site, force),
        "case_mix": [
            case_mix_words(site, force, r)
            for r in site.by("case_mix", place_code=code, financial_year=year)
            if r["ratio"] is not None
        ],
        "children": children_grid(site, force),
        "border": WALES if force["country"] == "Wales" else "",
        "similar_forces": similar_forces(site, code),
        "similar_grouping": ", ".join(sorted({r["grouping"] for r in site.by("similar", place_code=code)})),
        "found": _found(site, code, shares),
        **charts,
    }
    return Page(
        f"forces/{force['slug']}.html",
        "force.html",
        force["name"],
        SURE,
        (("Forces", "forces/index.html"),),
        told,
        tuple(chart for chart in charts.values() if chart),
    )


def _warnings(site: Site, shares: list[Row]) -> list[str]:
    """For each reason why shares are not compared: which shares, and the reason."""
    reasons = dict.fromkeys(r["not_comparable"] for r in shares if r["not_comparable"])
    said = []
    for why in reasons:
        titles = [site.measure(r["measure"])["title"] for r in shares if r["not_comparable"] == why]
        named = "; ".join(title[:1].lower() + title[1:] for title in titles)
        reason = why.removeprefix("Not comparable: ").replace("this share", "such a share")
        said.append(f"Its shares of outcomes are not comparable ({named}): {reason}")
    return said


def _trends(site: Site, code: str) -> list[Row]:
    found = site.by("trends", place_code=code, offence_key=site.default)
    return sorted(found, key=lambda row: row["years_apart"])


def _figures(site: Site, code: str, shares: list[Row]) -> list[Figure]:
    made = []
    count = site.one("recorded", place_code=code, offence_key=site.default, financial_year=site.full_year)
    rate = site.one("rates", place_code=code, offence_key=site.default, financial_year=site.full_year)
    if count:
        made.append(count_figure(site, count))
    if rate:
        made.append(rate_figure(site, rate, site.rate_measure))
    return made + [share_figure(site, row) for row in shares]


def _found(site: Site, code: str, shares: list[Row]) -> list[Figure]:
    """Findings of this force that no figure above already says."""
    said = {(r["measure"], r["financial_year"]) for r in shares} | {("recorded", site.full_year)}
    rest = [
        r
        for r in site.by("findings", place_code=code)
        if (r["measure"], r["period"]) not in said or r["offence_key"] != site.default
    ]
    return [found_figure(site, row) for row in rest]
