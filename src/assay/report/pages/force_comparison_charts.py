"""Which charts set all forces side by side, and what does each say in one sentence?"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assay.report.charts import comparison_charts
from assay.report.charts.comparison_charts import Point
from assay.report.charts.tile_map import Tile, shade, shades, tiles
from assay.report.derived_numbers import tallied, worked_out
from assay.report.number_words import NOT_GIVEN, decimal, percent, rank, slug, whole, years
from assay.report.page_elements import Cell, Chart, Grid, grid
from assay.report.pages.force_points import in_order, share_point, state
from assay.report.pages.published_charts import CODES, NARROW, WIDE
from assay.report.pages.series_labels import chances_in_short, short
from assay.report.quotable_figures import (
    NO_DIRECTION,
    OF_THE_RATE,
    estimated,
    is_few,
    is_outside,
    published,
    standing,
    why_held,
)
from assay.report.report_tables import Row, Site
from assay.wording import VERY_PROBABLY

CLASS = "edge of a class of the map"
ESTIMATES = (
    "Estimates are drawn towards the other forces by as much as chance could explain. Ranks are medians of the "
    "estimate, with their 95% interval."
)


def force_cell(site: Site, place: str) -> Cell:
    """A force's name, leading to its page."""
    return Cell(site.name(place), f"forces/{site.places[place]['slug']}.html" if site.has_page(place) else "")


def share_rows(site: Site, measure: str, year: str) -> list[Row]:
    """One measure of every force in one year, national sums left out."""
    same = {"measure": measure, "offence_key": site.default, "financial_year": year}
    return [row for row in site.by("shares", **same) if site.has_page(row["place_code"])]


def share_table(site: Site, measure: str, year: str) -> Grid:
    """Every force's share with its interval, rank with interval, and pending share beside it."""
    rows = share_rows(site, measure, year)
    ranked = sum(row["rank"] is not None for row in rows)
    order = sorted(rows, key=lambda r: (bool(r["not_comparable"]), r["raw_share"] is None, -(r["raw_share"] or 0)))
    return grid(
        f"{site.measure(measure)['title']}: every force, {site.offence(site.default)} in {year}",
        (
            "Force",
            "#As published",
            "#Estimate",
            "#95% interval",
            "#Rank, 1st is highest",
            "#Counted",
            "#Out of",
            "#No outcome yet",
            "Beside what the others predict",
        ),
        [
            (
                force_cell(site, r["place_code"]),
                published(r),
                *estimated(r),
                "not ranked" if r["not_comparable"] or r["rank"] is None else rank(r, ranked),
                whole(r["numerator"]),
                whole(r["base"]),
                percent(r["pending_share"]),
                standing(r) or "Not compared",
            )
            for r in order
        ],
        note=ESTIMATES,
    )


def spread_of(site: Site, measure: str, year: str) -> Row:
    """How far forces differ on one measure; an empty row where that was not worked out."""
    return site.one("spread", measure=measure, offence_key=site.default, financial_year=year) or {}


def funnel(site: Site, measure: str, year: str) -> Chart | None:
    """Every force's share against its base, with what the others predict and the naive limits."""
    rows, spread = share_rows(site, measure, year), spread_of(site, measure, year)
    points = [share_point(site, r) for r in rows if r["base"] and not is_few(r)]
    raw = {site.name(r["place_code"]): r["raw_share"] for r in rows}
    points = [replace(p, value=raw[p.name]) for p in points]
    if not points or spread.get("overall") is None:
        return None
    title = site.measure(measure)["title"]
    n, flagged = spread["forces_compared"], spread["unusual"]
    held = sum(p.state == "not comparable" for p in points)
    outside = sum(is_outside(r) for r in rows)
    finding = (
        f"{title}, {year}: {flagged or 'none'} of {n} forces {'are' if (flagged or 0) > 1 else 'is'} flagged once all "
        f"comparisons are allowed for; {outside} of {n} {'lies' if outside == 1 else 'lie'} outside their own 95% "
        f"prediction; a funnel that supposes one share for all would flag {_of(spread)}"
    )
    reads = (
        f"Published shares of {site.offence(site.default)} in {year}. The green band is where 95 in 100 forces of "
        "that base would lie, by chance and as forces truly differ; the test of each force leaves it out. The dotted "
        "lines are the limits of a naive funnel (three standard errors): they suppose that forces "
        "differ by chance alone. Orange: unusual. Ringed: outside its own 95% prediction, and not flagged. "
        "Hollow: not comparable."
    )
    shown = f"Funnel chart of {tallied(len(points))} forces, {held} of them not comparable."
    alt = f"{shown} {finding}. The table that follows has every figure."
    name = slug(f"funnel {measure} {year}")
    held_at = site.by("funnel", measure=measure, offence_key=site.default, financial_year=year)
    limits = [comparison_charts.Limit(r["base"], r["low"], r["high"], r["naive_low"], r["naive_high"]) for r in held_at]
    draw = {
        w: comparison_charts.funnel(points, limits, spread["overall"], w, finding, "Share as published")
        for w in (WIDE, NARROW)
    }
    return Chart(name, finding, reads, alt, wide=draw[WIDE], narrow=draw[NARROW])


def sorted_shares(site: Site, measure: str, year: str) -> Chart | None:
    """Every force's share with its interval, in order."""
    rows, spread = share_rows(site, measure, year), spread_of(site, measure, year)
    points = in_order([share_point(site, r) for r in rows if r["share"] is not None and not is_few(r)])
    if not points:
        return None
    title, overall = site.measure(measure)["title"], spread.get("overall")
    finding = f"{title}, {year}: {_spread_words(spread, percent, 100, ' percentage points')}"
    reads = (
        f"Estimates for {site.offence(site.default)} in {year}: the published share, drawn towards the other forces "
        "by as much as chance could explain, with 95% intervals; a force that is not compared stands with its own. "
        "The upright line is all forces compared. Where intervals overlap, an order is not known. "
        "A force with fewer than 20 offences is not drawn."
    )
    alt = f"Sorted intervals of {tallied(len(points))} forces. {finding}. The table that follows has every figure."
    draw = {
        w: comparison_charts.intervals(points, overall, w, finding, f"Estimated share, {year}") for w in (WIDE, NARROW)
    }
    return Chart(slug(f"sorted {measure} {year}"), finding, reads, alt, wide=draw[WIDE], narrow=draw[NARROW])


def _of(spread: Row) -> str:
    total = f" of {spread['naive_forces']}" if spread["naive_forces"] is not None else ""
    return f"{whole(spread['naive_outside_3_sigma'])}{total}"


def _spread_words(spread: Row, say: Any, times: float, unit: str) -> str:
    if spread.get("overall") is None or spread.get("between_force_sd") is None:
        return "how far forces differ was not worked out"
    size = decimal(spread["between_force_sd"] * times)
    around = f"forces lie around {say(spread['overall'])}"
    return f"{around} with a standard deviation of {size}{unit} between them, chance taken out"


def rate_rows(site: Site, offence: str, year: str) -> list[Row]:
    """Recorded rates of every force in one year."""
    return [r for r in site.by("rates", offence_key=offence, financial_year=year) if site.has_page(r["place_code"])]


def rate_table(site: Site, offence: str, year: str) -> Grid:
    """Every force's recorded rate with interval and rank with interval."""
    rows = rate_rows(site, offence, year)
    ranked = sum(row["rank"] is not None for row in rows)
    order = sorted(rows, key=lambda r: (r["raw_per_1000"] is None, -(r["raw_per_1000"] or 0)))
    return grid(
        f"Recorded per 1,000 residents under 18: every force, {site.offence(offence)} in {year}",
        (
            "Force",
            "#As published",
            "#Estimate",
            "#95% interval",
            "#Rank, 1st is highest",
            "#Offences",
            "#Residents under 18",
            "#Mid-year",
            "Beside what the others predict",
        ),
        [
            (
                force_cell(site, r["place_code"]),
                decimal(r["raw_per_1000"]) if r["raw_per_1000"] is not None else "no rate",
                *estimated(r, "per_1000", decimal),
                rank(r, ranked) if r["rank"] is not None else "not ranked",
                whole(r["offences"]),
                whole(r["children"]),
                str(r["children_mid_year"] or NOT_GIVEN),
                standing(r, decimal) or "Not compared",
            )
            for r in order
        ],
        note=f"{ESTIMATES} {OF_THE_RATE} {NO_DIRECTION}",
    )


def sorted_rates(site: Site, offence: str, year: str) -> Chart | None:
    """Every force's recorded rate with its interval, in order; no direction is good."""
    rows = [r for r in rate_rows(site, offence, year) if r["per_1000"] is not None]
    if not rows:
        return None
    points = in_order(
        [
            Point(
                site.name(r["place_code"]),
                r["per_1000"],
                r["per_1000_low"],
                r["per_1000_high"],
                r["offences"] or 0,
                state=state(r),
            )
            for r in rows
        ]
    )
    found = site.one("spread", measure=site.rate_measure, offence_key=offence, financial_year=year) or {}
    finding = (
        f"Recorded per 1,000 residents under 18, {year}: {_spread_words(found, decimal, 1, ' per 1,000')}; "
        "a high rate may be better recording"
    )
    counted = f"Estimates of {site.offence(offence)} in {year} per 1,000 residents under 18, with 95% intervals."
    reads = f"{counted} {OF_THE_RATE} No direction is good."
    alt = f"Sorted intervals of {tallied(len(points))} forces. {finding}. The table that follows has every figure."
    draw = {
        w: comparison_charts.intervals(
            points, found.get("overall"), w, finding, f"Estimate per 1,000 residents under 18, {year}", decimal
        )
        for w in (WIDE, NARROW)
    }
    return Chart(slug(f"sorted rates {offence} {year}"), finding, reads, alt, wide=draw[WIDE], narrow=draw[NARROW])


def tile_map(site: Site, rows: Sequence[Row], value: str, say: Any, label: str, root: str) -> dict[str, Any] | None:
    """The tile map of one figure, with the words of its shades."""
    placed = [(site.places[r["place_code"]], r) for r in rows]
    placed = [(p, r) for p, r in placed if p["tile_column"] is not None and p["tile_row"] is not None]
    known = [r[value] for _, r in placed if r[value] is not None and not r["not_comparable"]]
    if not placed or not known:
        return None
    classes = shades(known)
    made = []
    for p, r in sorted(placed, key=lambda pair: (pair[0]["tile_row"], pair[0]["tile_column"])):
        is_known = r[value] is not None and not r["not_comparable"]
        said = "n.c." if r["not_comparable"] else say(r[value]) if r[value] is not None else "no figure"
        made.append(
            Tile(
                p["slug"],
                f"{p['name']}, not comparable ({why_held(r)})" if r["not_comparable"] else p["name"],
                p["tile_column"],
                p["tile_row"],
                said,
                shade(r[value], classes) if is_known else None,
                f"{root}forces/{p['slug']}.html",
            )
        )
    return {
        "svg": tiles(made, label),
        "classes": [" to ".join(worked_out(say(end), CLASS) for end in ends) for ends in classes],
        "label": label,
        "has_none": any(t.shade is None for t in made),
    }


def is_single(site: Site, trend: Row) -> bool:
    """Whether a national series overlaps with no other that is counted: one code of the default set, or a factor."""
    if not trend["offence_key"]:
        return True
    offence = site.offences.get(site.default)
    return offence is not None and trend["offence_key"] in CODES.findall(offence["codes"] or "")


def _chances_found(rows: Sequence[Row]) -> str:
    """How many series that do not overlap very probably fell and rose, over each span of years."""
    spans = sorted({row["years_apart"] for row in rows})
    said = [_moved_over(span, [row for row in rows if row["years_apart"] == span]) for span in spans]
    count = len({row["series"] for row in rows})
    return (
        f"Of {count} series that do not overlap, {'; '.join(said)} (90 in 100 or more); of the others neither is "
        "clear; a change of practice can stand behind each"
    )


def _moved_over(span: int, rows: Sequence[Row]) -> str:
    known = [r["probability_fell"] for r in rows if not r["refusal"] and r["probability_fell"] is not None]
    if not known:
        return f"over {years(span)} nothing can be said"
    falls, rises = sum(p >= VERY_PROBABLY for p in known), sum(1 - p >= VERY_PROBABLY for p in known)
    return f"over {years(span)} {falls} very probably fell and {rises} very probably rose"


def chances(site: Site, rows: Sequence[Row]) -> Chart | None:
    """For each series, the chance that its level is lower than one, three and five years before."""
    names = {row["series"]: short(site, row) for row in rows}
    found = [
        (said, [(r["years_apart"], r["probability_fell"]) for r in rows if r["series"] == title])
        for title, said in names.items()
    ]
    if not found:
        return None
    finding = _chances_found([row for row in rows if is_single(site, row)])
    reads = (
        "Each dot is the chance that the level of the latest four quarters is below that of the four quarters one, "
        "three or "
        "five years earlier: the number in the dot; dots that would overlap stand side by side. "
        "On the left a rise is likely, on the right a fall, in the middle "
        "neither is known."
    )
    alt = (
        f"Dot chart of {len(found)} series. {finding}. Chances in 100: {chances_in_short(site, rows)}. The table that "
        "follows has every figure."
    )
    draw = {w: comparison_charts.chances(found, w, finding) for w in (WIDE, NARROW)}
    return Chart("chances", finding, reads, alt, wide=draw[WIDE], narrow=draw[NARROW])
