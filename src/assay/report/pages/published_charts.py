"""Charts of published statistics, each with its finding in one sentence.

Every chart is built from released tables and has a finding as its title, a text alternative, and its table.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assay.report.charts import bar_charts, comparison_charts, quarterly_charts
from assay.report.charts.quarterly_charts import Quarter, SeriesBreak
from assay.report.derived_numbers import row_count
from assay.report.number_words import (
    decimal,
    direction,
    family,
    interval,
    join_list,
    percent,
    probability_percent,
    slug,
    whole,
    years,
)
from assay.report.page_elements import Cell, Chart, Grid, grid
from assay.report.pages.force_points import share_point, sort_points
from assay.report.pages.trend_spans import deciding_change, deciding_span_note, longest_other_direction
from assay.report.quotable_figures import (
    ESTIMATES,
    MIN_OFFENCES,
    SUMMED_HEAD,
    estimate_cells,
    has_small_base,
    prediction_text,
    published_share,
)
from assay.report.report_tables import ReleasedTables, Row
from assay.sdc.released_rows.published_rows import (
    BreaksRow,
    LevelsRow,
    OutcomesRow,
    ProcessControlStatementsRow,
    ProcessRow,
    RecordedQuarterlyRow,
    RecordedRow,
    SharesRow,
    SimilarForcesRow,
    TrendsRow,
)
from assay.wording import listing_sentences, quarter_end

WIDE, NARROW = 920, 360
CODES = re.compile(r"\d+[A-Z]?")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TREND_READING_NOTE = (
    "Grey dots are the counts of each quarter, summed from published figures. The blue line is their level, "
    "seasonally adjusted, with its 90% interval. The line is cut at each lettered break."
)


def _drawings(draw: Callable[[int], str]) -> dict[str, Any]:
    return {"wide": draw(WIDE), "narrow": draw(NARROW)}


def offence_breaks(site: ReleasedTables, offence_key: str) -> list[Row]:
    """Return the breaks in an offence's series, oldest first, without breaks that leave counts comparable."""
    offence = site.offences.get(offence_key)
    codes = set(CODES.findall(offence["codes"] or "")) if offence else set()
    found = []
    for row in site.rows(BreaksRow):
        touched = row["offence_codes"] or ""
        is_no_break = row["concerns"] != "counts" or row["compare_across"] == "yes"
        if not is_no_break and ("*" in touched or not codes or codes & set(CODES.findall(touched))):
            found.append(row)
    return sorted(found, key=lambda row: (row["starts"], row["key"]))


def _break_position(row: Row) -> int:
    year, _, quarter = row["starts"].partition(" Q")
    return quarterly_charts.quarter_position(year, int(quarter or 1))


def _series_breaks(found: Sequence[Row], last: int) -> tuple[tuple[SeriesBreak, ...], tuple[tuple[str, str], ...]]:
    inside = [row for row in found if _break_position(row) <= last]
    breaks = tuple(SeriesBreak(LETTERS[i % 26], _break_position(row)) for i, row in enumerate(inside))
    advice = {
        "yes": "may be compared across",
        "no": "not to be compared across",
        "with care": "to be compared with care",
    }
    words = tuple(
        (LETTERS[i % 26], f"{row['starts']}: {row['reason'].rstrip('.')} ({advice[row['compare_across']]}).")
        for i, row in enumerate(inside)
    )
    return breaks, words


def _series(site: ReleasedTables, place: str, offence: str) -> list[Quarter]:
    filters = {"place_code": place, "offence_key": offence}
    counts = {
        quarterly_charts.quarter_position(r["financial_year"], r["quarter"]): r["offences"]
        for r in site.find_rows(RecordedQuarterlyRow, **filters)
    }
    levels = {
        quarterly_charts.quarter_position(r["financial_year"], r["quarter"]): r
        for r in site.find_rows(LevelsRow, **filters)
    }
    if not counts:
        return []
    quarters = []
    for position in range(min(counts), max(counts) + 1):
        level: Row = levels.get(position) or {}
        quarters.append(
            Quarter(position, counts.get(position), level.get("level"), level.get("level_low"), level.get("level_high"))
        )
    return quarters


def quarter_label(position: int) -> str:
    """Return the label of a quarter: '2024/25 Q1'."""
    return f"{position // 4}/{(position // 4 + 1) % 100:02d} Q{position % 4 + 1}"


def _trend_sentence(site: ReleasedTables, place: str, offence: str) -> str:
    """State how a count changed over the deciding span, as the title of its chart, and any other direction."""
    rows: Sequence[Row] = site.find_rows(TrendsRow, place_code=place, offence_key=offence)
    found = sorted(rows, key=lambda row: row["years_apart"])
    known = [row for row in found if not row["refusal"] and row["probability_fell"] is not None]
    subject = f"{site.name(place)}: the count of {site.offence(offence)}"
    decisive = deciding_change(known)
    if decisive is None:
        counts = site.find_row(RecordedRow, place_code=place, offence_key=offence, financial_year=site.full_year)
        if counts is None:
            return f"{subject}: no full year is published, and whether it fell cannot be said"
        count_text = f"{whole(counts['offences'])} {site.offence(offence)} in {site.full_year}"
        return f"{site.name(place)}: {count_text}; whether the count fell cannot be said"
    text = f"{subject} {direction(decisive['probability_fell'])} over {years(decisive['years_apart'])}"
    return f"{text}. {longest_other_direction(known)}".rstrip(". ")


def _trend_reading_note(site: ReleasedTables, place: str, offence: str) -> str:
    """Return the probability of a fall over each known span, the breaks in between, and how to read the chart."""
    rows: Sequence[Row] = site.find_rows(TrendsRow, place_code=place, offence_key=offence)
    found = sorted(rows, key=lambda row: row["years_apart"])
    known = [row for row in found if not row["refusal"] and row["probability_fell"] is not None]
    spans = [f"{years(row['years_apart'])} {probability_percent(row['probability_fell'])}" for row in known]
    parts = (
        [f"Probability of a fall to {quarter_end(known[0]['latest_to'])}: over {join_list(spans)}."] if known else []
    )
    breaks = site.breaks_between(known[-1]) if known else []
    parts += [listing_sentences("Registered breaks lie in between", breaks, "Later breaks")] if breaks else []
    return " ".join([*parts, *deciding_span_note(known), TREND_READING_NOTE])


def trend_chart(site: ReleasedTables, place: str, offence: str) -> Chart | None:
    """Chart the trend of one count in one place; None where there are no quarters."""
    found = _series(site, place, offence)
    if len(found) < 2:
        return None
    breaks, words = _series_breaks(offence_breaks(site, offence), found[-1].position)
    finding = _trend_sentence(site, place, offence)
    reads = _trend_reading_note(site, place, offence)
    rows = [
        (
            quarter_label(q.position),
            whole(q.count),
            whole(q.level),
            interval(q.low, q.high, whole) if q.level is not None else "not given",
        )
        for q in reversed(found)
    ]
    table = grid(
        f"{site.name(place)}: {site.offence(offence)}, by quarter",
        ("Quarter", "#Offences: sum of published figures", "#Level a quarter", "#90% interval"),
        rows,
    )
    span = f"{quarter_label(found[0].position)} to {quarter_label(found[-1].position)}"
    alt = f"Line chart, {span}. {finding}. The table that follows has every quarter."
    name = slug(f"trend {place} {offence}")
    return Chart(
        name,
        finding,
        reads,
        alt,
        table=table,
        marks=words,
        **_drawings(lambda w: quarterly_charts.trend(found, breaks, w, finding)),
    )


def process_chart(site: ReleasedTables, place: str, offence: str) -> Chart | None:
    """Return the process chart of one count in one place, with its description."""
    rows = sorted(
        site.find_rows(ProcessRow, place_code=place, offence_key=offence),
        key=lambda r: (r["financial_year"], r["quarter"]),
    )
    description_row = site.find_row(ProcessControlStatementsRow, place_code=place, offence_key=offence)
    if len(rows) < 2:
        return None
    found = [
        Quarter(
            quarterly_charts.quarter_position(r["financial_year"], r["quarter"]),
            r["offences"],
            phase=r["phase"],
            signal=bool(r["signal"]),
        )
        for r in rows
    ]
    limits = [(r["lower"], r["centre"], r["upper"]) for r in rows]
    starts = {r["phase"]: q.position for q, r in reversed(list(zip(found, rows, strict=True)))}
    at_phase = [row for row in offence_breaks(site, offence) if _break_position(row) in starts.values()]
    breaks, words = _series_breaks(at_phase, found[-1].position)
    signals = sum(q.signal for q in found)
    signal_text = f"{signals or 'none'} of {len(found)} quarters met a rule"
    description = f". {description_row['words'].rstrip('.')}" if description_row else ""
    finding = f"{site.name(place)}: {signal_text}{description}"
    reads = (
        "Each quarter's count with the centre and natural limits of its phase. A blue dot is a quarter like the "
        "others; an "
        "orange square meets a rule. Counts inside the limits are no news, up or down."
    )
    table = grid(
        f"{site.name(place)}: {site.offence(offence)}, process limits by quarter",
        ("Quarter", "#Offences", "#Lower limit", "#Centre", "#Upper limit", "Rule met"),
        [
            (
                quarter_label(q.position),
                whole(q.count),
                decimal(low),
                decimal(mid),
                decimal(high),
                r["signal"] or "none",
            )
            for q, r, (low, mid, high) in zip(reversed(found), reversed(rows), reversed(limits), strict=True)
        ],
    )
    alt = (
        f"Process chart, {quarter_label(found[0].position)} to {quarter_label(found[-1].position)}. "
        f"{finding}. The table that follows has "
    )
    alt += "every quarter."
    return Chart(
        slug(f"process {place} {offence}"),
        finding,
        reads,
        alt,
        table=table,
        marks=words,
        **_drawings(lambda w: quarterly_charts.process(found, breaks, w, finding, limits)),
    )


def outcomes_chart(site: ReleasedTables, place: str, offence: str, year: str) -> Chart | None:
    """Chart the outcomes of offences recorded in one year, compared with all forces."""
    force_rows = _outcome_rows(site, place, offence, year)
    reference_rows = _reference_outcome_rows(site, place, offence, year)
    total = sum(r["offences"] for r in force_rows.values())
    if not total:
        return None
    order = _outcome_order(force_rows)
    rows = [
        (
            family(k),
            force_rows[k]["share"] if k in force_rows else 0.0,
            reference_rows[k]["share"] if k in reference_rows else None,
        )
        for k in order
    ]
    finding = f"{site.name(place)}, {year}: {_outcome_summary(force_rows, order[0], total)}"
    name = "England and Wales" if reference_rows else ""
    reads = "Outcomes so far of offences recorded in the year; grey is still to be decided. " + (
        f"The upright line is {name}." if name else ""
    )
    title = f"{site.name(place)}: outcomes so far of {site.offence(offence)} in {year}"
    counts = [force_rows[k]["offences"] if k in force_rows else 0 for k in order]
    return Chart(
        slug(f"outcomes {place} {offence} {year}"),
        finding,
        reads,
        f"Bar chart of {len(rows)} kinds of outcome. {finding}. The table that follows has every figure.",
        table=_outcomes_table(title, name, counts, rows),
        **_drawings(lambda w: bar_charts.outcome_mix(rows, w, finding, name)),
    )


def _outcome_summary(force_rows: Mapping[str, Row], first: str, total: int) -> str:
    """Return the largest outcome and the open cases: in per cent, or as counts if the base is too small for that."""
    pending = force_rows.get("pending")
    if total < MIN_OFFENCES:
        largest, still_open = whole(force_rows[first]["offences"]), whole(pending["offences"] if pending else 0)
    else:
        largest, still_open = percent(force_rows[first]["share"]), percent(pending["share"] if pending else 0)
    return (
        f"{largest} of {whole(total)} offences ended with \u2018{family(first).lower()}\u2019; {still_open} had no "
        "outcome yet"
    )


def _outcome_rows(site: ReleasedTables, place: str, offence: str, year: str) -> dict[str, Row]:
    """Return the outcomes of a place and year, by family of outcome."""
    found = site.find_rows(OutcomesRow, place_code=place, offence_key=offence, financial_year=year)
    return {row["outcome_family"]: row for row in found}


def _reference_outcome_rows(site: ReleasedTables, place: str, offence: str, year: str) -> dict[str, Row]:
    """Return the outcomes of all forces to compare a force with; none for all forces themselves."""
    reference_place = next(
        (p for p in ("EW44", "EW") if p != place and site.find_rows(OutcomesRow, place_code=p, financial_year=year)), ""
    )
    if not reference_place or place in ("EW", "EW44"):
        return {}
    return _outcome_rows(site, reference_place, offence, year)


def _outcome_order(force_rows: Mapping[str, Row]) -> list[str]:
    """Return the families of outcome, most offences first; other outcomes and pending ones last."""
    keys = [key for key in force_rows if key != "pending"] + ["pending"]
    return sorted(
        keys,
        key=lambda key: (key == "pending", key == "other", -(force_rows[key]["offences"] if key in force_rows else 0)),
    )


def _outcomes_table(
    title: str, reference_name: str, counts: Sequence[int], rows: Sequence[tuple[str, float, float | None]]
) -> Grid:
    """Return the table of a chart of outcomes: `rows` hold family, share and the share of the reference place."""
    share_text = percent if sum(counts) >= MIN_OFFENCES else lambda _: "none"
    return grid(
        title,
        ("Outcome", "#Offences", "#Share", *([f"#{reference_name}"] if reference_name else [])),
        [
            (label, whole(count), share_text(share), *([percent(reference_share)] if reference_name else []))
            for count, (label, share, reference_share) in zip(counts, rows, strict=True)
        ],
    )


def _estimate(row: Row, span: str) -> str:
    return f"95% interval {span}" if row["not_comparable"] else f"estimate {percent(row['share'])}, 95% interval {span}"


def similar_forces_chart(site: ReleasedTables, place: str, measure: str, year: str) -> Chart | None:
    """Chart one measure of a force and of the forces similar to it."""
    nearest = [
        r["similar_code"]
        for r in sorted(site.find_rows(SimilarForcesRow, place_code=place), key=lambda r: r["nearness"])
    ]
    rows: list[Row | None] = [
        site.find_row(SharesRow, measure=measure, place_code=code, offence_key=site.default, financial_year=year)
        for code in [place, *nearest]
    ]
    found = [row for row in rows if row and row["share"] is not None and not has_small_base(row)]
    if not nearest or not found or found[0]["place_code"] != place:
        return None
    points = sort_points([share_point(site, row, place) for row in found])
    title, force_row = site.measure(measure)["title"], found[0]
    span = interval(force_row["share_low"], force_row["share_high"])
    overlap = sum(
        r["share_low"] <= force_row["share_high"] and r["share_high"] >= force_row["share_low"] for r in found[1:]
    )
    exclusion_text = ", not comparable" if force_row["not_comparable"] else ""
    finding = f"{title}, {year}: {site.name(place)} {published_share(force_row)}{exclusion_text}"
    table = grid(
        f"{title}: {site.name(place)} and similar forces, {year}",
        ("Force", SUMMED_HEAD, "#Estimate", "#95% interval", "#Out of", "Standing"),
        [
            (
                Cell(site.name(r["place_code"])),
                published_share(r),
                *estimate_cells(r),
                whole(r["base"]),
                prediction_text(r) or "compared",
            )
            for p in points
            for r in found
            if site.name(r["place_code"]) == p.name
        ],
        note=ESTIMATES,
    )
    own_estimate = _estimate(force_row, span)
    reads = (
        f"{site.name(place)}: {own_estimate}. "
        f"The intervals of {overlap} of {len(found) - 1} similar forces overlap with its own. "
        "All estimates are shrunk towards the other forces; the numbers beside them are the published shares. "
        "Forces that cannot be compared are hollow."
    )
    alt = f"Sorted intervals of {row_count(len(points))} forces. {finding}. The table that follows has every figure."
    return Chart(
        slug(f"similar {place} {measure} {year}"),
        finding,
        reads,
        alt,
        table=table,
        **_drawings(
            lambda w: comparison_charts.intervals(
                points, None, w, finding, f"Dot and line: estimate, {year}", label_head="Published share"
            )
        ),
    )
