"""Quotable figures with their anchors and quotations.

The URL of a figure is its page and an anchor made of measure and period; a second anchor adds the edition. Its
quotation is that of its finding; without one it is built here in the same order: figure, base, period, edition,
limit.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from assay.report.number_words import NOT_GIVEN, decimal, interval, percent, rank_sentence, slug, whole
from assay.report.page_elements import Figure
from assay.report.report_tables import ReleasedTables, Row
from assay.report.share_notes import combined_count, notes_on_share
from assay.sdc import declared_tables
from assay.sdc.released_rows.published_rows import FindingsRow

MIN_OFFENCES = 20
"""With fewer offences a share is given as '1 of 7' and not as a percentage."""
SHRINKAGE_NOTE = "chance allowed for"
"""Says on a tile that an estimate is shrunk; the notes beneath tables and the method page have the term."""
ESTIMATES = (
    "Estimates are shrunk towards the other forces by as much as chance could explain. Ranks are medians of the "
    "estimate, with their 95% interval."
)
"""Note beneath each table that prints estimates of published figures."""
SUMMED_ROWS = "Summed by assay from published rows"
SUMMED_HEAD = "#From sums of published figures"
"""Head of a column of shares or rates: no publisher sums these offence codes and quarters."""
INFERRED_CODES = "; offence codes inferred"
RATE_INTERVAL_NOTE = "The interval is of the underlying rate, not of the count, which is full."
NO_DIRECTION_NOTE = "No good direction: a high rate may be better recording."
Formatter = Callable[[float | None], str]


def anchor(site: ReleasedTables, measure: str, period: str, offence_key: str = "") -> str:
    """Return an anchor such as 'charged-of-closed-2024-25', with the offence unless it is the default."""
    extra = "" if offence_key in ("", site.default) else f" {offence_key}"
    return slug(f"{measure} {period}{extra}")


def _finding(site: ReleasedTables, measure: str, place: str, offence: str, period: str) -> Row:
    found = site.find_rows(FindingsRow, measure=measure, place_code=place, offence_key=offence, period=period)
    return found[0] if found else {}


def _source_fields(site: ReleasedTables, finding: Row, measure: str, table: str, row: Row) -> dict[str, Any]:
    measure_row = site.measure(measure)
    return {
        "cannot_tell": finding.get("cannot_tell") or measure_row["cannot_tell"] or "",
        "assumptions": finding.get("assumptions") or measure_row["assumptions"] or "",
        "receipt": finding.get("receipt") or "",
        "source": finding.get("source") or "",
        "table": table,
        "row": row_key(table, row),
    }


def row_key(table: str, row: Row) -> str:
    """Return the key of one row of a released table: 'charged-of-closed / E23000032 / csa11 / 2024/25'."""
    return key_text(row[column] for column in declared_tables()[table].key)


def key_text(values: Iterable[Any]) -> str:
    """Return the key of a row from the values of its key columns."""
    return " / ".join(str(value) for value in values if value not in ("", None))


def published_share(row: Row) -> str:
    """Return a share from sums of published figures, or only its counts if the base is under `MIN_OFFENCES`."""
    if row["raw_share"] is None:
        return NOT_GIVEN
    return f"{whole(row['numerator'])} of {whole(row['base'])}" if has_small_base(row) else percent(row["raw_share"])


def has_small_base(row: Row) -> bool:
    """Return True if a share has too small a base for a percentage."""
    return row["base"] is not None and row["base"] < MIN_OFFENCES


def estimate_cells(row: Row, figure: str = "share", format_value: Formatter = percent) -> tuple[str, str]:
    """Return the estimate and its interval for a table; 'none' for the estimate of a row that is not compared."""
    if figure == "share" and has_small_base(row):
        return "none", "none"
    interval_text = interval(row[f"{figure}_low"], row[f"{figure}_high"], format_value)
    return "none" if row["not_comparable"] else format_value(row[figure]), interval_text


def _estimate(row: Row, figure: str, format_value: Formatter) -> str:
    value, interval_text = estimate_cells(row, figure, format_value)
    if interval_text in ("none", NOT_GIVEN):
        return "Too few for a percentage" if interval_text == "none" else ""
    if value == "none":
        return f"95% interval {interval_text}, of its own count alone"
    return f"Estimate {value}, 95% interval {interval_text} ({SHRINKAGE_NOTE})"


def share_figure(site: ReleasedTables, row: Row) -> Figure:
    """Return the figure of an outcome share: from sums of published figures, then estimate, predictive interval and
    rank with intervals."""
    measure, title = row["measure"], site.measure(row["measure"])["title"]
    place, period = row["place_code"], row["financial_year"]
    finding = _finding(site, measure, place, row["offence_key"], period)
    base = f"{whole(row['numerator'])} of {whole(row['base'])} offences"
    limit = site.measure(measure)["cannot_tell"] or "Counts of offences, not of children."
    estimate = _estimate(row, "share", percent)
    quote = finding.get("quote") or (
        f"{site.name(place)}, {site.offence(row['offence_key'])} in {period}, {title.lower()}: "
        f"{published_share(row)}, from "
        f"{base} (sums of published figures). {estimate}{'.' if estimate else ''} Source edition: "
        f"{row['edition'] or site.released.edition}. {row['not_comparable'] or ''} It cannot tell: "
        f"{_lower_first(limit)}"
    )
    return Figure(
        anchor(site, measure, period, row["offence_key"]),
        f"{title}, {period}",
        published_share(row),
        _summed_text(site, row, base),
        estimate,
        tuple(text for text in (*notes_on_share(site, row), prediction_text(row), _rank(site, row)) if text),
        " ".join(quote.split()),
        **_source_fields(site, finding, measure, "shares", row),
    )


def _summed_text(site: ReleasedTables, row: Row, base: str) -> str:
    """Return the counts of a share with how they were made: no publisher sums these codes and quarters."""
    return f"{SUMMED_ROWS}: {base}{INFERRED_CODES if site.has_inferred_codes(row['edition'] or '') else ''}"


def rate_figure(site: ReleasedTables, row: Row, measure: str) -> Figure:
    """Return the figure of a recorded rate: from sums of published figures, then the estimate with its interval, or why
    there is none."""
    place, period = row["place_code"], row["financial_year"]
    finding = _finding(site, measure, place, row["offence_key"], period)
    spot, label = anchor(site, measure, period, row["offence_key"]), f"Recorded per 1,000 children, {period}"
    shared = _source_fields(site, finding, measure, "rates", row)
    if row["raw_per_1000"] is None:
        return Figure(spot, label, "No rate", more=(row["not_comparable"] or "",), **shared)
    base_text = f"{whole(row['offences'])} offences, {whole(row['children'])} residents under 18"
    base_text = f"{base_text} (mid-{row['children_mid_year']})" if row["children_mid_year"] else base_text
    estimate = _estimate(row, "per_1000", decimal)
    quote = finding.get("quote") or (
        f"{site.name(place)}: {decimal(row['raw_per_1000'])} {site.offence(row['offence_key'])} per 1,000 residents "
        f"under 18 in {period}, from {base_text}. {estimate}{'.' if estimate else ''} {RATE_INTERVAL_NOTE} "
        f"Source edition: "
        f"{site.released.edition}. {NO_DIRECTION_NOTE}"
    )
    more = (
        RATE_INTERVAL_NOTE if estimate else "",
        prediction_text(row, decimal),
        _rank(site, row, "rates"),
        NO_DIRECTION_NOTE,
    )
    return Figure(
        spot,
        label,
        decimal(row["raw_per_1000"]),
        f"{SUMMED_ROWS}: {base_text}",
        estimate,
        tuple(text for text in more if text),
        " ".join(quote.split()),
        **shared,
    )


def count_figure(site: ReleasedTables, row: Row) -> Figure:
    """Return the figure of a published count of offences recorded in one financial year."""
    place, period, key = row["place_code"], row["financial_year"], row["offence_key"]
    finding = _finding(site, "recorded", place, key, period) or _finding(site, site.rate_measure, place, key, period)
    part = "" if row["quarters"] == 4 else f" ({row['quarters']} of 4 quarters are published)"
    quote = finding.get("quote") or (
        f"{site.name(place)}: {whole(row['offences'])} {site.offence(key)} in {period}{part}. Source edition: "
        f"{site.released.edition}. Counts of offences recorded, not of children, and not of what was never reported."
    )
    return Figure(
        anchor(site, "recorded", period, key),
        f"Recorded in {period}",
        whole(row["offences"]),
        f"{SUMMED_ROWS}; a count of offences, not of children",
        "",
        tuple(text for text in (combined_count(site, row),) if text),
        quote,
        **_source_fields(site, finding, "recorded", "recorded", row),
    )


def finding_figure(site: ReleasedTables, finding: Row) -> Figure:
    """Return a finding as a quotable figure, with its source."""
    return Figure(
        anchor(site, finding["key"], finding["period"] or ""),
        finding["sentence"],
        "",
        quote=finding["quote"] or finding["sentence"],
        cannot_tell=finding["cannot_tell"] or "",
        assumptions=finding["assumptions"] or "",
        receipt=finding["receipt"] or "",
        source=finding["source"] or "",
        table="findings",
        row=row_key("findings", finding),
        points=_points(finding),
    )


TREND_SENTENCE_BREAK = re.compile(r"(?<=\.) (?=(?:Over|The counts are|There are|Between the|No break|They count) )")
CLAUSE_BREAK = re.compile(r"; (?![^(]*\))")
"""A semicolon outside brackets: what follows is a sentence of its own on a page."""
FULL_COUNT = re.compile(r" \((a full count [^()]*)\)")


def _points(finding: Row) -> tuple[str, ...]:
    """Split a finding into short sentences to be listed; none if it is one sentence. The quotation keeps it whole.

    A trend is split into its sentences on one, three and five years, any other finding at its semicolons.
    """
    if finding["measure"] == "trend":
        sentences = tuple(TREND_SENTENCE_BREAK.split(finding["sentence"]))
        return sentences if len(sentences) > 1 else ()
    remark = FULL_COUNT.search(finding["sentence"])
    clauses = CLAUSE_BREAK.split(FULL_COUNT.sub("", finding["sentence"]))
    clauses += [f"it is {remark[1]}"] if remark else []
    sentences = tuple(f"{text[:1].upper()}{text[1:].rstrip('.')}." for text in clauses)
    return sentences if len(sentences) > 1 else ()


def headline(
    site: ReleasedTables, sentence: str, *, base: str, period: str, limit: str, table: str, row: Row | None = None
) -> Figure:
    """Return the headline of a page or chart as a quotable figure with its base, period, edition and limit."""
    quote = (
        f"{sentence.rstrip('.')}. Base: {base}. Period: {period}. Source edition: {site.released.edition}. "
        f"It cannot tell {_lower_first(limit.rstrip('.'))}."
    )
    key = row_key(table, row) if row else ""
    return Figure("headline", sentence, "", quote=quote, cannot_tell=limit, table=table, row=key)


def exclusion_reason(row: Row) -> str:
    """Return why a row is not compared, in few words; '' if it is compared."""
    why = row["not_comparable"] or ""
    if "no outcome yet" in why and row.get("pending_share") is not None:
        return f"{percent(row['pending_share'])} pending"
    _, _, reason = why.partition(": ")
    return re.split(r", (?:which|in a)\b|[;(]|\.(?!\d)", reason or why)[0].strip()


def prediction_text(row: Row, format_value: Formatter = percent) -> str:
    """Say how a published figure compares with its leave-one-out predictive interval."""
    if row["not_comparable"]:
        return f"Not comparable: {exclusion_reason(row)}"
    if row["outlier_alert"] is None or row["expected_low"] is None:
        return ""
    span = interval(row["expected_low"], row["expected_high"], format_value)
    if row["outlier_alert"]:
        direction_text = (row["direction"] or "other").capitalize()
        earlier_alert = f", as since {row['alerted_since']}" if row.get("alerted_since") else ""
        return f"{direction_text} than the other forces predict ({span}), false discoveries held to 5%{earlier_alert}"
    if is_outside(row):
        return f"Outside what the other forces predict ({span}), but not once so many comparisons are allowed for"
    return f"Inside what the other forces predict ({span})"


def is_outside(row: Row) -> bool:
    """Return True if a published figure lies outside its 95% leave-one-out predictive interval."""
    value = row["raw_share"] if "raw_share" in row else row["raw_per_1000"]
    if value is None or row["expected_low"] is None or row["not_comparable"]:
        return False
    return bool(value < row["expected_low"] or value > row["expected_high"])


def exclusion_sentence(site: ReleasedTables, rows: Sequence[Row]) -> str:
    """List the forces that are shown but not compared, with the reason for each; '' if there are none."""
    excluded = sorted((r for r in rows if r["not_comparable"]), key=_exclusion_order)
    names_with_reason = [f"{site.name(r['place_code'])} ({exclusion_reason(r)})" for r in excluded]
    return f"Not compared: {', '.join(names_with_reason)}." if names_with_reason else ""


def _exclusion_order(row: Row) -> tuple[bool, float]:
    """Sort key: highest pending share first, other reasons last."""
    return "no outcome yet" not in row["not_comparable"], -(row.get("pending_share") or 0)


def _rank(site: ReleasedTables, row: Row, table: str = "shares") -> str:
    if row["rank"] is None or row["not_comparable"]:
        return ""
    return rank_sentence(row, ranked_count(site, row, table))


def ranked_count(site: ReleasedTables, row: Row, table: str) -> int:
    """Return the number of forces that are ranked."""
    filters = {"offence_key": row["offence_key"], "financial_year": row["financial_year"]}
    if table == "shares":
        filters = {"measure": row["measure"], **filters}
    return sum(other["rank"] is not None for other in site.find_rows(table, **filters))


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
