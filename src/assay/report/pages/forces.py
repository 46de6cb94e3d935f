"""What do published statistics say of one force, beside the forces like it, and how sure are we?"""

from typing import Any

from assay.report.figures import count_figure, found_figure, rate_figure, share_figure, standing
from assay.report.page import Cell, Figure, Grid, Page, grid
from assay.report.pages.drawn import beside_similar, outcome_mix, process, trend
from assay.report.pages.drawn_compared import force_cell, share_rows, tile_map
from assay.report.site import Row, Site
from assay.report.words import decimal, factor, fell, interval, percent, rank, whole

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
    drawn = tile_map(site, share_rows(site, measure, year), "share", percent, f"{title}, by force, {year}", "../")
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
                percent(share.get("share")),
                interval(share.get("share_low"), share.get("share_high")),
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
            f"#{title}, {year}",
            "#95% interval",
            "#No outcome yet",
            "Beside what the others predict",
        ),
        rows,
    )
    told = {"drawn": drawn, "table": table, "map_title": f"{title}, {year}", "measure": measure}
    return Page("forces/index.html", "forces.html", "Forces", SURE, (), told)


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
        "warnings": list(dict.fromkeys(r["not_comparable"] for r in shares if r["not_comparable"])),
        "figures": _figures(site, code, shares),
        "falls": [fell(r, f"{site.offence(site.default)} ({force['name']})") for r in _trends(site, code)],
        "shares": _shares(site, force, shares),
        "yearly": _yearly(site, force),
        "offences": _offences(site, force),
        "case_mix": [
            _case_mix(site, force, r)
            for r in site.by("case_mix", place_code=code, financial_year=year)
            if r["ratio"] is not None
        ],
        "children": _children(site, force),
        "border": WALES if force["country"] == "Wales" else "",
        "similar_forces": _similar(site, code),
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


def _shares(site: Site, force: Row, shares: list[Row]) -> Grid:
    rows = []
    for row in shares:
        alike = share_rows(site, row["measure"], row["financial_year"])
        said = rank(row, sum(r["rank"] is not None for r in alike))
        title = Cell(site.measure(row["measure"])["title"], f"comparison/{row['measure']}.html")
        rows.append(
            (
                title,
                percent(row["share"]),
                interval(row["share_low"], row["share_high"]),
                "not ranked" if row["not_comparable"] or row["rank"] is None else said,
                whole(row["numerator"]),
                whole(row["base"]),
                standing(row) or "Not compared",
            )
        )
    return grid(
        f"{force['name']}: outcome shares of {site.offence(site.default)} in {site.compared_year}",
        (
            "Measure",
            "#Share",
            "#95% interval",
            "#Rank, 1st is highest",
            "#Counted",
            "#Out of",
            "Beside what the others predict",
        ),
        rows,
    )


def _yearly(site: Site, force: Row) -> Grid:
    rows = sorted(
        site.by("recorded", place_code=force["place_code"], offence_key=site.default),
        key=lambda r: r["financial_year"],
        reverse=True,
    )
    cells = []
    for r in rows:
        year = r["financial_year"] if r["quarters"] == 4 else f"{r['financial_year']} ({r['quarters']} of 4 quarters)"
        rate = "no rate" if r["per_1000_children"] is None else decimal(r["per_1000_children"])
        cells.append(
            (year, whole(r["offences"]), rate, whole(r["children"]), str(r["children_mid_year"] or "not given"))
        )
    notes = list(dict.fromkeys(r["rate_note"] for r in rows if r["rate_note"]))
    return grid(
        f"{force['name']}: {site.offence(site.default)}, by financial year",
        ("Financial year", "#Offences", "#Per 1,000 residents under 18", "#Residents under 18", "#Mid-year"),
        cells,
        note=" ".join(notes),
    )


def _offences(site: Site, force: Row) -> Grid:
    start = int(site.full_year[:4] or 0)
    years = [f"{y}/{(y + 1) % 100:02d}" for y in (start - 5, start - 3, start)]
    rows: list[tuple[Cell | str, ...]] = []
    for key, offence in site.offences.items():
        counts = [
            site.one("recorded", place_code=force["place_code"], offence_key=key, financial_year=y) for y in years
        ]
        if any(counts):
            name = offence["name"] if offence["kind"] == "set" else f"{key}: {offence['name']}"
            rows.append(
                (Cell(name, f"offences/{_file(key)}.html"), *(whole(c["offences"] if c else None) for c in counts))
            )
    return grid(
        f"{force['name']}: offences recorded by police, by offence and financial year",
        ("Offence or set of offences", *(f"#{y}" for y in years)),
        rows,
        note="Sets overlap: their counts are not to be added.",
    )


def _file(key: str) -> str:
    return key.lower()


def _case_mix(site: Site, force: Row, row: Row) -> str:
    title = site.measure(row["measure"])["title"].lower()
    between = interval(row["ratio_low"], row["ratio_high"], lambda v: decimal(v, 2))
    return (
        f"Mix of offences, {row['financial_year']}, {title}: {whole(row['observed'])} of {whole(row['base'])} "
        f"offences counted, where "
        f"the national share of each offence code would give {whole(row['expected'])}; ratio "
        f"{decimal(row['ratio'], 2)} (95% "
        f"interval {between})."
    )


def _children(site: Site, force: Row) -> Grid | None:
    rows = site.by("children_in_need", area_code=force["place_code"])
    if not rows:
        return None
    factors = list(dict.fromkeys(r["factor"] for r in rows))
    years = sorted({r["year"] for r in rows}, reverse=True)
    held = {(r["year"], r["factor"]): r for r in rows}
    cells = [(str(y), *(_episodes(held.get((y, f))) for f in factors)) for y in years]
    return grid(
        f"Children in need, local authorities of {force['name']}, England: episodes with each factor at the end of "
        f"assessment",
        ("Year to 31 March", *(f"#{factor(f)}" for f in factors)),
        cells,
        note="Episodes, not children. c: suppressed; x: not available; z: not applicable; u: unreliable.",
    )


def _episodes(row: Row | None) -> str:
    if row is None:
        return "not given"
    return whole(row["episodes"]) if row["episodes"] is not None else (row["marker"] or "not given")


def _similar(site: Site, code: str) -> list[tuple[str, str, str]]:
    rows = sorted(site.by("similar", place_code=code), key=lambda r: r["nearness"])
    return [(site.name(r["similar_code"]), force_cell(site, r["similar_code"]).href, r["grouping"]) for r in rows]
