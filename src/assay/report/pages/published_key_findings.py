"""The key findings of published statistics: cases without an outcome first, then outliers, national shares, trends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.report import easy_read
from assay.report.key_findings import MAX_KEY_FINDINGS, KeyFinding, choose_key_findings
from assay.report.number_words import change, direction, join_list, percent, whole, years
from assay.report.page_elements import Cell
from assay.report.pages.edition_notes import note_beside_recorded
from assay.report.pages.published_trend_summary import FACTORS_ANCHOR, TOTAL_ANCHOR
from assay.report.pages.trend_counts import count_text
from assay.report.pages.trend_spans import HEADLINE_YEARS, longest_other_direction
from assay.report.period_words import year_text
from assay.report.quotable_figures import has_small_base
from assay.report.report_tables import ReleasedTables, Row
from assay.sdc.released_rows.published_rows import RecordedRow, SharesRow, TrendsRow
from assay.wording import quarter_end

PENDING = "pending"
COUNTRY, ENGLAND = "EW", "E"
MOST_NAMED = 3
"""How many forces with the largest share of cases without an outcome are named."""
PHRASES = {
    "charged-of-closed": "of offences with an outcome led to a charge or summons",
    "suspect-identified-of-closed": "of offences with an outcome had an identified suspect",
}
"""How a share is stated as a finding: the measures that have a good direction."""
NATIONAL_PHRASES = {
    "charged-of-closed": PHRASES["charged-of-closed"],
    "victim-does-not-support-of-closed": (
        "of offences with an outcome were closed under the official label \u2018victim not supporting\u2019"
    ),
}
"""How a share of England and Wales is stated as a finding."""
ALERT_CERTAINTY, LIKELY_CERTAINTY, NATIONAL_CERTAINTY = 0.99, 0.95, 0.9
ALMOST_CERTAIN_Q, MIN_PROBABILITY = 0.01, 0.9
FACTOR = "child sexual exploitation"
"""The factor of social workers' assessments in England that is a candidate."""


def published_key_findings(site: ReleasedTables) -> list[KeyFinding]:
    """Return the key findings: forces with the most cases without an outcome first, then by weight."""
    first = list(_pending(site))
    rest = [*_outliers(site), *_national_shares(site), *_trends(site)]
    return [*first, *choose_key_findings(rest, MAX_KEY_FINDINGS - len(first))]


def compared_rows(site: ReleasedTables, measure: str) -> list[Row]:
    """Return the shares of every force on a measure, for the default offences in the latest year, largest first."""
    rows = site.find_rows(SharesRow, measure=measure, offence_key=site.default, financial_year=site.compared_year)
    forces = [row for row in rows if site.has_page(row["place_code"]) and row["raw_share"] is not None]
    return sorted(forces, key=lambda row: (-row["raw_share"], site.name(row["place_code"])))


def highest_and_lowest(site: ReleasedTables, measure: str) -> str:
    """Return the forces with the largest and the smallest published share on a measure; '' where too few compare."""
    rows = [row for row in compared_rows(site, measure) if not row["not_comparable"] and not has_small_base(row)]
    if len(rows) <= MOST_NAMED:
        return ""
    first = join_list([f"{site.name(row['place_code'])} {percent(row['raw_share'])}" for row in rows[:MOST_NAMED]])
    country = _national(site, measure)
    parts = [
        f"Highest: {first}.",
        f"Lowest: {site.name(rows[-1]['place_code'])} {percent(rows[-1]['raw_share'])}.",
        f"England and Wales: {percent(country['raw_share'])}." if country else "",
    ]
    return " ".join(filter(None, parts))


def _national(site: ReleasedTables, measure: str) -> Row | None:
    row = site.find_row(
        SharesRow,
        measure=measure,
        place_code=COUNTRY,
        offence_key=site.default,
        financial_year=site.compared_year,
    )
    return row if row and row["raw_share"] is not None else None


def _force_cell(site: ReleasedTables, place: str) -> Cell:
    return Cell(site.name(place), f"forces/{site.places[place]['slug']}.html")


def _pending(site: ReleasedTables) -> Iterator[KeyFinding]:
    """Yield the forces that are outliers in cases without an outcome, largest share first; at most one finding."""
    rows = [row for row in compared_rows(site, PENDING) if row["outlier_alert"] and row["direction"] == "higher"]
    if not rows:
        return
    lead, next_rows = rows[0], rows[1:MOST_NAMED]
    shares = join_list([f"{site.name(row['place_code'])} {percent(row['raw_share'])}" for row in next_rows])
    country = _national(site, PENDING)
    parts = [
        f"{site.name(lead['place_code'])}: {percent(lead['raw_share'])} of offences recorded in "
        f"{year_text(site.compared_year)} were pending",
        shares,
        f"England and Wales {percent(country['raw_share'])}" if country else "",
    ]
    links = (Cell("Cases without an outcome", f"comparison/{PENDING}.html"),
             *(_force_cell(site, row["place_code"]) for row in rows[:MOST_NAMED]))  # fmt: skip
    sentence = f"{'; '.join(part for part in parts if part)}."
    gap = lead["raw_share"] - (lead["expected"] or 0.0)
    easy = easy_read.outlier_lines(
        site.name(lead["place_code"]), PENDING, lead["raw_share"], lead["expected"], is_worse=False
    )
    yield KeyFinding(
        sentence, PENDING, PENDING, links, gap, ALERT_CERTAINTY, lead["base"] or 0, names_force=True, easy=easy,
        note=_pending_note(site, lead),
    )  # fmt: skip


def _pending_note(site: ReleasedTables, lead: Row) -> str:
    """Return the counts behind the share of the first force, and the edition of its outcomes."""
    return f"{_counts(site, lead)} {note_beside_recorded(site)}".rstrip()


def _counts(site: ReleasedTables, row: Row) -> str:
    """Return the counts behind the share of a force: 'Kent: 12 of 340 offences.'."""
    return f"{site.name(row['place_code'])}: {whole(row['numerator'])} of {whole(row['base'])} offences."


def _outliers(site: ReleasedTables) -> Iterator[KeyFinding]:
    """Yield the clearest outlier on the worse side of each other measure that has a good direction."""
    for measure, phrase in PHRASES.items():
        better = site.measure(measure)["better"]
        rows = [row for row in compared_rows(site, measure) if row["outlier_alert"]]
        adverse = [row for row in rows if row["expected"] is not None and row["direction"] != better]
        if adverse and better != "neither":
            lead = max(adverse, key=lambda row: (abs(row["raw_share"] - row["expected"]), site.name(row["place_code"])))
            is_certain = lead["q_value"] is not None and lead["q_value"] <= ALMOST_CERTAIN_Q
            sure = "almost certainly" if is_certain else "very probably"
            sentence = (
                f"{site.name(lead['place_code'])}: {percent(lead['raw_share'])} {phrase}; other forces "
                f"{percent(lead['expected'])} ({sure} {lead['direction']})."
            )
            links = (Cell(site.measure(measure)["title"], f"comparison/{measure}.html"),
                     _force_cell(site, lead["place_code"]))  # fmt: skip
            gap = abs(lead["raw_share"] - lead["expected"])
            yield KeyFinding(sentence, "responses", measure, links, gap,
                             ALERT_CERTAINTY if is_certain else LIKELY_CERTAINTY, lead["base"] or 0,
                             names_force=True,
                             note=f"{_counts(site, lead)} All figures are of {year_text(site.compared_year)}.",
                             easy=easy_read.outlier_lines(site.name(lead["place_code"]), measure, lead["raw_share"],
                                                          lead["expected"], is_worse=False,
                                                          is_certain=is_certain))  # fmt: skip


def _national_shares(site: ReleasedTables) -> Iterator[KeyFinding]:
    """Yield what share of closed cases in England and Wales led to a charge, and closed under 'not supporting'."""
    for measure, phrase in NATIONAL_PHRASES.items():
        if row := _national(site, measure):
            share, year = percent(row["raw_share"]), year_text(site.compared_year)
            links = (Cell(site.measure(measure)["title"], f"comparison/{measure}.html"),)
            yield KeyFinding(f"In England and Wales, {share} {phrase} ({year}).", measure, f"national {measure}", links,
                             row["raw_share"], NATIONAL_CERTAINTY, row["base"] or 0,
                             note=f"{whole(row['numerator'])} of {whole(row['base'])} offences.",
                             easy=easy_read.share_lines("All forces", measure, row["raw_share"]))  # fmt: skip


def _trends(site: ReleasedTables) -> Iterator[KeyFinding]:
    """Yield the change of child sexual offences over three years, and a clear one of the factor at assessment."""
    rows: Sequence[Row] = site.find_rows(TrendsRow, years_apart=HEADLINE_YEARS)
    for row in rows:
        probability = row["probability_fell"]
        is_default = row["place_code"] == COUNTRY and row["offence_key"] == site.default
        is_factor = row["place_code"] == ENGLAND and FACTOR in row["series"]
        if not (is_default or is_factor) or row["refusal"] or None in (probability, row["change"]):
            continue
        if is_default or max(probability, 1 - probability) >= MIN_PROBABILITY:
            theme = "scale" if is_default else "assessments"
            gap = min(1.0, min(abs(row["change_low"] or 0.0), abs(row["change_high"] or 0.0)))
            links = (Cell("Trends", f"on-the-wane.html#{TOTAL_ANCHOR if is_default else FACTORS_ANCHOR}"),)
            yield KeyFinding(_trend_sentence(row), theme, f"trend {row['series']}", links, gap,
                             max(probability, 1 - probability), _recorded(site, row), note=_trend_note(site, row),
                             easy=easy_read.trend_lines(_capitalised(row["series"]), direction(probability),
                                                        years(HEADLINE_YEARS)))  # fmt: skip


def _trend_sentence(trend: Row) -> str:
    """Return what a count did, between which two years, and by how much."""
    series = trend["series"]
    subject = (
        f"In England, {series[:1].lower()}{series[1:]}" if trend["place_code"] == ENGLAND else _capitalised(series)
    )
    compared = f"the years to {quarter_end(trend['earlier_to'])} and {quarter_end(trend['latest_to'])}"
    return f"{subject} {direction(trend['probability_fell'])} between {compared} ({change(trend['change'])})."


def _trend_note(site: ReleasedTables, trend: Row) -> str:
    """Return where the two counts come from, and both counts; '' where a count is missing."""
    first_count, last_count = count_text(site, trend, "earlier"), count_text(site, trend, "latest")
    if not first_count or not last_count:
        return ""
    if trend["place_code"] == ENGLAND:
        source, unit = "England only, from social workers' assessments", ""
    else:
        source, unit = site.name(trend["place_code"]), " offences"
    rows = site.find_rows(TrendsRow, place_code=trend["place_code"], series=trend["series"])
    counts = f"{source}: {first_count}{unit} in the first year, {last_count} in the last."
    return f"{counts} {longest_other_direction(rows)}".rstrip()


def _capitalised(series: str) -> str:
    return f"{series[:1].upper()}{series[1:]}"


def _recorded(site: ReleasedTables, trend: Row) -> int:
    """Return the offences of a series in the latest full year; 0 where it is no count of offences."""
    key = {"place_code": trend["place_code"], "offence_key": trend["offence_key"], "financial_year": site.full_year}
    row = site.find_row(RecordedRow, **key)
    return (row["offences"] or 0) if row else 0
