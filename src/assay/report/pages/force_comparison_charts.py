"""Charts that compare all forces, each with its finding in one sentence."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from assay.report.charts import comparison_charts
from assay.report.charts.comparison_charts import Point
from assay.report.charts.tile_map import Tile, shade, shades, tiles
from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import NOT_GIVEN, decimal, join_list, percent, plural, rank, slug, whole, years
from assay.report.page_elements import Cell, Chart, Grid, grid
from assay.report.pages.force_points import point_state, share_point, spread_finding
from assay.report.pages.published_charts import CODES, NARROW, WIDE
from assay.report.pages.series_labels import probability_summary, short_name
from assay.report.quotable_figures import (
    ESTIMATES,
    MIN_OFFENCES,
    NO_DIRECTION_NOTE,
    RATE_INTERVAL_NOTE,
    SUMMED_HEAD,
    estimate_cells,
    exclusion_reason,
    has_small_base,
    is_outside,
    prediction_text,
    published_share,
)
from assay.report.report_tables import ReleasedTables, Row
from assay.sdc.released_rows.published_rows import FunnelRow, RatesRow, SharesRow, SpreadRow
from assay.wording import VERY_PROBABLY

SHARE_HEAD = "Published share"
"""Heading of the numbers beside the estimates of a chart."""
CLASS_LIMIT = "edge of a class of the map"


def force_cell(site: ReleasedTables, place: str) -> Cell:
    """Return a force's name, linked to its page."""
    return Cell(site.name(place), f"forces/{site.places[place]['slug']}.html" if site.has_page(place) else "")


def share_rows(site: ReleasedTables, measure: str, year: str) -> list[Row]:
    """Return the shares of every force on one measure in one year, without national sums."""
    filters = {"measure": measure, "offence_key": site.default, "financial_year": year}
    return [row for row in site.find_rows(SharesRow, **filters) if site.has_page(row["place_code"])]


def share_table(site: ReleasedTables, measure: str, year: str) -> Grid:
    """Return every force's share with its interval, its rank with interval, and its share without an outcome yet."""
    rows = share_rows(site, measure, year)
    ranked = sum(row["rank"] is not None for row in rows)
    return grid(
        f"{site.measure(measure)['title']}: every force, {site.offence(site.default)} in {year}",
        (
            "Force",
            SUMMED_HEAD,
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
                published_share(r),
                *estimate_cells(r),
                "not ranked" if r["not_comparable"] or r["rank"] is None else rank(r, ranked),
                whole(r["numerator"]),
                whole(r["base"]),
                percent(r["pending_share"]),
                prediction_text(r) or "Not compared",
            )
            for r in _by_published_share(rows)
        ],
        note=ESTIMATES,
    )


def _by_published_share(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with the highest published share first, and forces that are not comparable last."""
    return sorted(rows, key=lambda r: (bool(r["not_comparable"]), r["raw_share"] is None, -(r["raw_share"] or 0)))


def spread_row(site: ReleasedTables, measure: str, year: str) -> Row:
    """Return the between-force variation of one measure; an empty row if it was not estimated."""
    return site.find_row(SpreadRow, measure=measure, offence_key=site.default, financial_year=year) or {}


def funnel(site: ReleasedTables, measure: str, year: str) -> Chart | None:
    """Return a funnel plot of the force shares, with leave-one-out predictive and naive limits."""
    rows, spread = share_rows(site, measure, year), spread_row(site, measure, year)
    points = [share_point(site, r) for r in rows if r["base"] and not has_small_base(r)]
    raw = {site.name(r["place_code"]): r["raw_share"] for r in rows}
    points = [replace(p, value=raw[p.name]) for p in points]
    if not points or spread.get("overall") is None:
        return None
    title = site.measure(measure)["title"]
    n, flagged = spread["forces_compared"], spread["outliers"]
    excluded_count = sum(p.state == "not comparable" for p in points)
    limits = _funnel_limits(site, measure, year)
    marked = [p for p in comparison_charts.without_rings_in_band(points, limits) if p.state in ("outlier", "outside")]
    outside_count = sum(is_outside(r) or bool(r["outlier_alert"]) for r in rows if r["base"] and not has_small_base(r))
    outside_prediction_only = outside_count - len(marked)
    verb = "is" if len(marked) == 1 else "are"
    are = "are outliers" if (flagged or 0) > 1 else "is an outlier"
    finding = f"{title}, {year}: {flagged or 'none'} of {n} forces {are}"
    reads = (
        f"Shares of {site.offence(site.default)} in {year}. The green band is where 95% of forces of "
        "that base would lie, by chance and as forces truly differ. It is drawn from all compared forces. "
        f"{row_count(len(marked))} of {n} forces {verb} outside the limits. A ringed one is outside the band. An "
        "orange one is an outlier: it is outside the prediction from the other forces, even when all comparisons are "
        "allowed for. "
        f"{_prediction_only_text(outside_prediction_only)}"
        f"The dotted lines suppose that forces differ by chance alone. {_naive_count_text(spread)} Hollow: not "
        "comparable. "
        f"A force with fewer than {MIN_OFFENCES} offences is in the table, and the lines begin above that. "
        f"The grey line is {_mean_note(site, measure, year)}"
    )
    chart_text = f"Funnel chart of {row_count(len(points))} forces, {excluded_count} of them not comparable."
    alt = f"{chart_text} {finding}. The table that follows has every figure."
    name = slug(f"funnel {measure} {year}")
    draw = {
        w: comparison_charts.funnel(
            points, limits, spread["overall"], w, finding, "Share, from sums of published figures"
        )
        for w in (WIDE, NARROW)
    }
    return Chart(name, finding, reads, alt, wide=draw[WIDE], narrow=draw[NARROW])


def _funnel_limits(site: ReleasedTables, measure: str, year: str) -> list[comparison_charts.Limit]:
    """Return the limits at the bases that have a percentage: below them the limits leave the chart."""
    rows = site.find_rows(FunnelRow, measure=measure, offence_key=site.default, financial_year=year)
    return [
        comparison_charts.Limit(row["base"], row["low"], row["high"], row["naive_low"], row["naive_high"])
        for row in rows
        if not has_small_base(row)
    ]


def sorted_shares(site: ReleasedTables, measure: str, year: str) -> Chart | None:
    """Chart each force's share with its interval, sorted."""
    rows, spread = share_rows(site, measure, year), spread_row(site, measure, year)
    with_estimate = [r for r in rows if r["share"] is not None and not has_small_base(r)]
    points = [share_point(site, r) for r in _by_published_share(with_estimate)]
    if not points:
        return None
    title, overall = site.measure(measure)["title"], spread.get("overall")
    finding = f"{title}, {year}: {_share_spread(site, with_estimate, spread)}"
    reads = (
        f"Dots are estimates for {site.offence(site.default)} in {year}, with 95% intervals. Each is the published "
        "share, shrunk towards the other forces by as much as chance could explain. A force that is not compared "
        "has its own share. The numbers are the published shares, as in the title, on the map and in the "
        "table. Where intervals overlap, an order is not known. "
        f"A force with fewer than 20 offences is not drawn. The upright line is {_mean_note(site, measure, year)}"
    )
    alt = f"Sorted intervals of {row_count(len(points))} forces. {finding}. The table that follows has every figure."
    draw = {
        w: comparison_charts.intervals(
            points, overall, w, finding, f"Dot and line: estimate, {year}", label_head=SHARE_HEAD
        )
        for w in (WIDE, NARROW)
    }
    return Chart(slug(f"sorted {measure} {year}"), finding, reads, alt, wide=draw[WIDE], narrow=draw[NARROW])


def _share_spread(site: ReleasedTables, rows: Sequence[Row], spread: Row) -> str:
    return spread_finding(site, rows, spread, "raw_share", _recorded(percent), subject="forces")


def _mean_note(site: ReleasedTables, measure: str, year: str) -> str:
    """Say why the mean of the forces is not the share of all offences together, which the front page gives."""
    key = {"measure": measure, "offence_key": site.default, "financial_year": year}
    country = site.find_row("shares", place_code="EW", **key)
    mean = "the mean of the forces: each counts once, and an extreme one for little."
    if country is None or country["raw_share"] is None:
        return mean
    return f"{mean} Of all offences in England and Wales together, the share is {percent(country['raw_share'])}."


def _prediction_only_text(count: int) -> str:
    """Say that forces in the band lie outside their own prediction, which leaves extreme forces out."""
    if count < 1:
        return ""
    lies = "force in the band lies" if count == 1 else "forces in the band lie"
    return f"{row_count(count)} {lies} outside the prediction alone, which leaves extreme forces out: see the table. "


def _naive_count_text(spread: Row) -> str:
    """Say how many forces a naive funnel would make outliers, and why it counts more forces than are compared."""
    total, n = spread["naive_forces"], spread["forces_compared"]
    count = f"They would make {whole(spread['naive_outside_3_sigma'])}"
    if total is None:
        return f"{count} forces outliers."
    more = f" The {total} include {plural(total - n, 'force')} not compared here." if n and total > n else ""
    return f"{count} of {total} forces outliers.{more}"


def rate_rows(site: ReleasedTables, offence: str, year: str) -> list[Row]:
    """Return the recorded rates of every force in one year."""
    return [
        r for r in site.find_rows(RatesRow, offence_key=offence, financial_year=year) if site.has_page(r["place_code"])
    ]


def rate_table(site: ReleasedTables, offence: str, year: str) -> Grid:
    """Return every force's recorded rate with interval and rank with interval."""
    rows = rate_rows(site, offence, year)
    ranked = sum(row["rank"] is not None for row in rows)
    order = sorted(rows, key=lambda r: (r["raw_per_1000"] is None, -(r["raw_per_1000"] or 0)))
    return grid(
        f"Recorded per 1,000 residents under 18: every force, {site.offence(offence)} in {year}",
        (
            "Force",
            SUMMED_HEAD,
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
                *estimate_cells(r, "per_1000", decimal),
                rank(r, ranked) if r["rank"] is not None else "not ranked",
                whole(r["offences"]),
                whole(r["children"]),
                str(r["children_mid_year"] or NOT_GIVEN),
                prediction_text(r, decimal) or "Not compared",
            )
            for r in order
        ],
        note=f"{ESTIMATES} {RATE_INTERVAL_NOTE} {NO_DIRECTION_NOTE}",
    )


def sorted_rates(site: ReleasedTables, offence: str, year: str) -> Chart | None:
    """Chart each force's recorded rate with its interval, sorted; no direction is good."""
    rows = [r for r in rate_rows(site, offence, year) if r["per_1000"] is not None]
    if not rows:
        return None
    points = [
        Point(
            site.name(r["place_code"]),
            r["per_1000"],
            r["per_1000_low"],
            r["per_1000_high"],
            r["offences"] or 0,
            state=point_state(r),
            label=decimal(r["raw_per_1000"]) if r["raw_per_1000"] is not None else "",
        )
        for r in sorted(rows, key=lambda r: (bool(r["not_comparable"]), -(r["raw_per_1000"] or 0)))
    ]
    found: Row = site.find_row(SpreadRow, measure=site.rate_measure, offence_key=offence, financial_year=year) or {}
    spread_text = spread_finding(site, rows, found, "raw_per_1000", _recorded(decimal), subject="forces")
    finding = f"Recorded per 1,000 residents under 18, {year}: {spread_text}; a high rate may be better recording"
    base_text = f"Estimates of {site.offence(offence)} in {year} per 1,000 residents under 18, with 95% intervals."
    numbers_text = "The numbers are the published rates, as in the title and on the map."
    reads = f"{base_text} {numbers_text} {RATE_INTERVAL_NOTE} No direction is good."
    alt = f"Sorted intervals of {row_count(len(points))} forces. {finding}. The table that follows has every figure."
    draw = {
        w: comparison_charts.intervals(
            points,
            found.get("overall"),
            w,
            finding,
            f"Dot and line: estimate, {year}",
            decimal,
            label_head="Published rate",
        )
        for w in (WIDE, NARROW)
    }
    return Chart(slug(f"sorted rates {offence} {year}"), finding, reads, alt, wide=draw[WIDE], narrow=draw[NARROW])


LEGEND_UNITS = {
    "pending": "pending",
    "charged-of-all": "charged or summonsed",
    "charged-of-closed": "charged or summonsed",
    "suspect-identified-of-closed": "with an identified suspect",
    "victim-does-not-support-of-closed": "closed as \u2018victim not supporting\u2019",
    "victim-does-not-support-suspect-identified": "closed as \u2018victim not supporting\u2019",
}
"""What the share of each measure is a share of, in the legend of a map."""
RATE_UNIT = "offences per 1,000 residents under 18"


def tile_map(
    site: ReleasedTables, rows: Sequence[Row], value: str, format_value: Any, label: str, root: str, unit: str = ""
) -> dict[str, Any] | None:
    """Return the tile map of one figure, with the labels of its shades; `unit` follows each label: 'pending'."""
    placed: list[tuple[Row, Row]] = [(site.places[r["place_code"]], r) for r in rows]
    placed = [(p, r) for p, r in placed if p["tile_column"] is not None and p["tile_row"] is not None]
    known = [r[value] for _, r in placed if r[value] is not None and not r["not_comparable"]]
    if not placed or not known:
        return None
    classes = shades(known)
    map_tiles = []
    for p, r in sorted(placed, key=lambda pair: (pair[0]["tile_row"], pair[0]["tile_column"])):
        is_known = r[value] is not None and not r["not_comparable"]
        text = "n.c." if r["not_comparable"] else format_value(r[value]) if r[value] is not None else "no figure"
        map_tiles.append(
            Tile(
                p["slug"],
                f"{p['name']}, not comparable ({exclusion_reason(r)})" if r["not_comparable"] else p["name"],
                p["tile_column"],
                p["tile_row"],
                text,
                shade(r[value], classes) if is_known else None,
                f"{root}forces/{p['slug']}.html",
            )
        )
    return {
        "svg": tiles(map_tiles, label),
        "classes": [_class_label(ends, format_value, unit) for ends in classes],
        "unit": unit,
        "label": label,
        "has_none": any(t.shade is None for t in map_tiles),
    }


def _class_label(ends: Iterable[float], format_value: Any, unit: str) -> str:
    """Return the limits of a shade with their unit: '40.4% to 49.1% pending'."""
    limits = " to ".join(derived_number(format_value(end), CLASS_LIMIT) for end in ends)
    return f"{limits} {unit}".rstrip()


def is_independent_series(site: ReleasedTables, trend: Row) -> bool:
    """Return True if the offences of a national series are not also counted in another series of the chart."""
    if not trend["offence_key"]:
        return True
    offence = site.offences.get(site.default)
    return offence is not None and trend["offence_key"] in CODES.findall(offence["codes"] or "")


def _decline_summary(rows: Sequence[Row]) -> str:
    """Count the non-overlapping series that very probably fell or rose over the longest span, as a title."""
    if not rows:
        return "Every series overlaps with another, so none can be counted"
    longest = max(row["years_apart"] for row in rows)
    count = len({row["series"] for row in rows})
    return f"Of {count} series that do not overlap, {_change_summary(longest, rows)}"


def _shorter_spans(rows: Sequence[Row]) -> str:
    """Return what the same series did over the shorter spans, and what the words mean."""
    spans = sorted({row["years_apart"] for row in rows})[:-1]
    summaries = [f"{text[:1].upper()}{text[1:]}." for text in (_change_summary(span, rows) for span in spans)]
    meaning = "Very probably means 90% or more. A change of practice can stand behind each."
    return " ".join([*summaries, meaning])


def _change_summary(span: int, all_rows: Sequence[Row]) -> str:
    rows = [row for row in all_rows if row["years_apart"] == span]
    known = [r["probability_fell"] for r in rows if not r["refusal"] and r["probability_fell"] is not None]
    if not known:
        return f"over {years(span)} nothing can be said"
    falls, rises = sum(p >= VERY_PROBABLY for p in known), sum(1 - p >= VERY_PROBABLY for p in known)
    parts = [f"{number} very probably {verb}" for number, verb in ((falls, "fell"), (rises, "rose")) if number]
    return f"over {years(span)} {join_list(parts) if parts else 'none clearly fell or rose'}"


def decline_chart(site: ReleasedTables, rows: Sequence[Row]) -> Chart | None:
    """Chart the probability that the level of each series is lower than one, three and five years ago."""
    names = {row["series"]: short_name(site, row) for row in rows}
    found = [
        (name, [(r["years_apart"], r["probability_fell"]) for r in rows if r["series"] == title])
        for title, name in names.items()
    ]
    if not found:
        return None
    independent = [row for row in rows if is_independent_series(site, row)]
    finding = _decline_summary(independent)
    reads = (
        f"{_shorter_spans(independent)} "
        "Each dot is the chance that the latest four quarters are below the four quarters one, three or five years "
        "earlier. The number in the dot is the years. Dots that would overlap stand side by side. On the left a rise "
        "is likely, on the right a fall. In the middle neither is known."
    )
    alt = (
        f"Dot chart of {len(found)} series. {finding}. In per cent: {probability_summary(site, rows)}. The table that "
        "follows has every figure."
    )
    draw = {w: comparison_charts.decline_probabilities(found, w, finding) for w in (WIDE, NARROW)}
    return Chart("chances", finding, reads, alt, wide=draw[WIDE], narrow=draw[NARROW])


def _recorded(format_value: Callable[[float | None], str]) -> Callable[[float | None], str]:
    """Return the format with each text recorded: the lowest and the highest estimate are found by the page."""
    return lambda value: derived_number(format_value(value), "limits of the forces compared")
