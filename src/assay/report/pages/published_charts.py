"""Which chart shows what, and what does each say in one sentence?

From the released tables to drawings: every chart has a finding as its title, a text alternative, and its table.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from assay.report.charts import comparison_charts, outcome_mix_chart, quarterly_charts
from assay.report.charts.quarterly_charts import Mark, Quarter
from assay.report.derived_numbers import tallied
from assay.report.number_words import decimal, direction, family, in_100, interval, listed, percent, slug, whole, years
from assay.report.page_elements import Cell, Chart, grid
from assay.report.pages.force_points import in_order, share_point
from assay.report.quotable_figures import estimated, is_few, published, standing
from assay.report.report_tables import Row, Site

WIDE, NARROW = 920, 360
CODES = re.compile(r"\d+[A-Z]?")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _both(draw: Callable[[int], str]) -> dict[str, Any]:
    return {"wide": draw(WIDE), "narrow": draw(NARROW)}


def breaks_of(site: Site, offence_key: str) -> list[Row]:
    """The breaks in the count of an offence or a set, in order of time; not those across which one may compare."""
    offence = site.offences.get(offence_key)
    codes = set(CODES.findall(offence["codes"] or "")) if offence else set()
    found = []
    for row in site.rows("breaks"):
        touched = row["offence_codes"] or ""
        is_no_break = row["concerns"] != "counts" or row["compare_across"] == "yes"
        if not is_no_break and ("*" in touched or not codes or codes & set(CODES.findall(touched))):
            found.append(row)
    return sorted(found, key=lambda row: (row["starts"], row["key"]))


def _starts(row: Row) -> int:
    year, _, quarter = row["starts"].partition(" Q")
    return quarterly_charts.when(year, int(quarter or 1))


def _marks(found: Sequence[Row], last: int) -> tuple[tuple[Mark, ...], tuple[tuple[str, str], ...]]:
    inside = [row for row in found if _starts(row) <= last]
    marks = tuple(Mark(LETTERS[i % 26], _starts(row)) for i, row in enumerate(inside))
    said = {"yes": "may be compared across", "no": "not to be compared across", "with care": "to be compared with care"}
    words = tuple(
        (LETTERS[i % 26], f"{row['starts']}: {row['reason'].rstrip('.')} ({said[row['compare_across']]}).")
        for i, row in enumerate(inside)
    )
    return marks, words


def _series(site: Site, place: str, offence: str) -> list[Quarter]:
    same = {"place_code": place, "offence_key": offence}
    counts = {
        quarterly_charts.when(r["financial_year"], r["quarter"]): r["offences"]
        for r in site.by("recorded_quarterly", **same)
    }
    levels = {quarterly_charts.when(r["financial_year"], r["quarter"]): r for r in site.by("levels", **same)}
    if not counts:
        return []
    made = []
    for at in range(min(counts), max(counts) + 1):
        level: dict[str, Any] = levels.get(at) or {}
        made.append(Quarter(at, counts.get(at), level.get("level"), level.get("level_low"), level.get("level_high")))
    return made


def label(at: int) -> str:
    """'2024/25 Q1'."""
    return f"{at // 4}/{(at // 4 + 1) % 100:02d} Q{at % 4 + 1}"


def _said(site: Site, place: str, offence: str) -> str:
    """What the count did over every span that is known, with the breaks that lie between."""
    found = sorted(site.by("trends", place_code=place, offence_key=offence), key=lambda row: row["years_apart"])
    known = [row for row in found if not row["refusal"] and row["probability_fell"] is not None]
    subject = f"{site.name(place)}: the count of {site.offence(offence)}"
    if not known:
        counts = site.one("recorded", place_code=place, offence_key=offence, financial_year=site.full_year)
        if counts is None:
            return f"{subject}: no full year is published, and whether it fell cannot be said"
        said = f"{whole(counts['offences'])} {site.offence(offence)} in {site.full_year}"
        return f"{site.name(place)}: {said}; whether the count fell cannot be said"
    moved = [
        f"{direction(row['probability_fell'])} over {years(row['years_apart'])} "
        f"({in_100(row['probability_fell'])} that it fell)"
        for row in known
    ]
    between = site.between(known[-1])
    aside = f"with {listed(between)} in between" if between else "a change of recording practice aside"
    return f"{subject}, to {known[0]['latest_to']}, {listed(moved)}, {aside}"


def trend(site: Site, place: str, offence: str) -> Chart | None:
    """The trend of one count in one place; None where there are no quarters."""
    found = _series(site, place, offence)
    if len(found) < 2:
        return None
    marks, words = _marks(breaks_of(site, offence), found[-1].when)
    finding = _said(site, place, offence)
    reads = (
        "Grey dots are the counts of each quarter as published. The blue line is their level, seasonally adjusted, "
        "with "
        "its 90% interval; the line is cut at each lettered break."
    )
    rows = [
        (
            label(q.when),
            whole(q.count),
            whole(q.level),
            interval(q.low, q.high, whole) if q.level is not None else "not given",
        )
        for q in reversed(found)
    ]
    table = grid(
        f"{site.name(place)}: {site.offence(offence)}, by quarter",
        ("Quarter", "#Offences as published", "#Level a quarter", "#90% interval"),
        rows,
    )
    span = f"{label(found[0].when)} to {label(found[-1].when)}"
    alt = f"Line chart, {span}. {finding}. The table that follows has every quarter."
    name = slug(f"trend {place} {offence}")
    return Chart(
        name,
        finding,
        reads,
        alt,
        table=table,
        marks=words,
        **_both(lambda w: quarterly_charts.trend(found, marks, w, finding)),
    )


def process(site: Site, place: str, offence: str) -> Chart | None:
    """The process chart of one count in one place, with what it shows in words."""
    rows = sorted(
        site.by("process", place_code=place, offence_key=offence), key=lambda r: (r["financial_year"], r["quarter"])
    )
    told = site.one("process_words", place_code=place, offence_key=offence)
    if len(rows) < 2:
        return None
    found = [
        Quarter(
            quarterly_charts.when(r["financial_year"], r["quarter"]),
            r["offences"],
            phase=r["phase"],
            signal=bool(r["signal"]),
        )
        for r in rows
    ]
    limits = [(r["lower"], r["centre"], r["upper"]) for r in rows]
    starts = {r["phase"]: q.when for q, r in reversed(list(zip(found, rows, strict=True)))}
    at_phase = [row for row in breaks_of(site, offence) if _starts(row) in starts.values()]
    marks, words = _marks(at_phase, found[-1].when)
    signals = sum(q.signal for q in found)
    met = f"{signals or 'none'} of {len(found)} quarters met a rule"
    said = f". {told['words'].rstrip('.')}" if told else ""
    finding = f"{site.name(place)}: {met}{said}"
    reads = (
        "Each quarter's count with the centre and natural limits of its phase. A blue dot is a quarter like the "
        "others; an "
        "orange square meets a rule. Counts inside the limits are no news, up or down."
    )
    table = grid(
        f"{site.name(place)}: {site.offence(offence)}, process limits by quarter",
        ("Quarter", "#Offences", "#Lower limit", "#Centre", "#Upper limit", "Rule met"),
        [
            (label(q.when), whole(q.count), decimal(low), decimal(mid), decimal(high), r["signal"] or "none")
            for q, r, (low, mid, high) in zip(reversed(found), reversed(rows), reversed(limits), strict=True)
        ],
    )
    alt = f"Process chart, {label(found[0].when)} to {label(found[-1].when)}. {finding}. The table that follows has "
    alt += "every quarter."
    return Chart(
        slug(f"process {place} {offence}"),
        finding,
        reads,
        alt,
        table=table,
        marks=words,
        **_both(lambda w: quarterly_charts.process(found, marks, w, finding, limits)),
    )


def outcome_mix(site: Site, place: str, offence: str, year: str) -> Chart | None:
    """What became of the offences recorded in one year, beside all forces."""
    here = {
        r["outcome_family"]: r for r in site.by("outcomes", place_code=place, offence_key=offence, financial_year=year)
    }
    there: dict[str, Row] = {}
    beside = next(
        (p for p in ("EW44", "EW") if p != place and site.by("outcomes", place_code=p, financial_year=year)), ""
    )
    if beside and place not in ("EW", "EW44"):
        there = {
            r["outcome_family"]: r
            for r in site.by("outcomes", place_code=beside, offence_key=offence, financial_year=year)
        }
    total = sum(r["offences"] for r in here.values())
    if not total:
        return None
    keys = [key for key in here if key != "pending"] + ["pending"]
    order = sorted(
        keys, key=lambda key: (key == "pending", key == "other", -(here[key]["offences"] if key in here else 0))
    )
    rows = [
        (family(k), here[k]["share"] if k in here else 0.0, there[k]["share"] if k in there else None) for k in order
    ]
    top = here[order[0]]
    finding = (
        f"{site.name(place)}: {percent(top['share'])} of {whole(total)} {site.offence(offence)} in {year} ended with "
        f"\u2018{family(order[0]).lower()}\u2019, and "
        f"{percent(here['pending']['share'] if 'pending' in here else 0)} had no outcome yet"
    )
    name = "England and Wales" if there else ""
    reads = "Outcomes so far of offences recorded in the year; grey is still to be decided. " + (
        f"The upright line is {name}." if name else ""
    )
    table = grid(
        f"{site.name(place)}: outcomes so far of {site.offence(offence)} in {year}",
        ("Outcome", "#Offences", "#Share", *([f"#{name}"] if name else [])),
        [
            (
                family(k),
                whole(here[k]["offences"] if k in here else 0),
                percent(r[1]),
                *([percent(r[2])] if name else []),
            )
            for k, r in zip(order, rows, strict=True)
        ],
    )
    alt = f"Bar chart of {len(rows)} kinds of outcome. {finding}. The table that follows has every figure."
    return Chart(
        slug(f"outcomes {place} {offence} {year}"),
        finding,
        reads,
        alt,
        table=table,
        **_both(lambda w: outcome_mix_chart.mix(rows, w, finding, name)),
    )


def _estimate(row: Row, span: str) -> str:
    return f"95% interval {span}" if row["not_comparable"] else f"estimate {percent(row['share'])}, 95% interval {span}"


def beside_similar(site: Site, place: str, measure: str, year: str) -> Chart | None:
    """One measure of a force beside the forces like it."""
    nearest = [r["similar_code"] for r in sorted(site.by("similar", place_code=place), key=lambda r: r["nearness"])]
    rows = [
        site.one("shares", measure=measure, place_code=code, offence_key=site.default, financial_year=year)
        for code in [place, *nearest]
    ]
    found = [row for row in rows if row and row["share"] is not None and not is_few(row)]
    if not nearest or not found or found[0]["place_code"] != place:
        return None
    points = in_order([share_point(site, row, place) for row in found])
    title, here = site.measure(measure)["title"], found[0]
    span = interval(here["share_low"], here["share_high"])
    overlap = sum(r["share_low"] <= here["share_high"] and r["share_high"] >= here["share_low"] for r in found[1:])
    held = ", not comparable" if here["not_comparable"] else ""
    finding = (
        f"{title}, {year}: {site.name(place)} published {published(here)} ({_estimate(here, span)}){held}, and the "
        f"intervals of {overlap} of {len(found) - 1} similar forces overlap with its own"
    )
    table = grid(
        f"{title}: {site.name(place)} and similar forces, {year}",
        ("Force", "#As published", "#Estimate", "#95% interval", "#Out of", "Standing"),
        [
            (Cell(site.name(r["place_code"])), published(r), *estimated(r), whole(r["base"]), standing(r) or "compared")
            for p in points
            for r in found
            if site.name(r["place_code"]) == p.name
        ],
    )
    reads = (
        f"Estimates for {site.offence(site.default)} in {year}, drawn towards the other forces, with 95% intervals. "
        "Forces that cannot be compared are hollow."
    )
    alt = f"Sorted intervals of {tallied(len(points))} forces. {finding}. The table that follows has every figure."
    return Chart(
        slug(f"similar {place} {measure} {year}"),
        finding,
        reads,
        alt,
        table=table,
        **_both(lambda w: comparison_charts.intervals(points, None, w, finding, f"Estimated share, {year}")),
    )
