"""What the page of trends says first: did the total of child sexual offences fall, and which series fell or rose?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assay.report.number_words import (
    NOT_GIVEN,
    change,
    direction,
    interval,
    probability_percent,
    years,
)
from assay.report.page_elements import Grid, grid
from assay.report.pages.force_comparison_charts import is_independent_series
from assay.report.pages.series_labels import short_name
from assay.report.period_words import span_text
from assay.report.report_tables import NATIONAL, ReleasedTables, Row
from assay.sdc.released_rows.published_rows import TrendsRow
from assay.wording import VERY_PROBABLY, listing_sentences

SPAN = 3
"""Years between the two periods of the changes that are stated first, as on the front page."""
TOTAL_ANCHOR, OFFENCES_ANCHOR, FACTORS_ANCHOR = "total", "offence-codes", "factors"
"""Anchors of the headings of the page of trends."""


@dataclass(frozen=True)
class SeriesGroup:
    """Series of one kind, listed by what they did over three years."""

    anchor: str
    heading: str
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    """Each list with its heading; a list without a series is left out."""


def total_sentences(site: ReleasedTables) -> list[str]:
    """Return whether the total fell: the change first, then its interval, months and breaks.

    The change is that over three years; where it has none, that over the longest span that has one.
    """
    rows = {row["years_apart"]: row for row in _total_rows(site) if _is_known(row)}
    if not rows:
        return []
    row = rows.get(SPAN) or rows[max(rows)]
    series = f"{row['series'][:1].upper()}{row['series'][1:]}"
    breaks = site.breaks_between(row)
    return [
        f"{series} {direction(row['probability_fell'])} over {years(row['years_apart'])} ({change(row['change'])}).",
        f"The 95% interval of the change is {interval(row['change_low'], row['change_high'], change)}. "
        f"The probability of a fall is {probability_percent(row['probability_fell'])}.",
        f"It compares {_months(row, 'latest')} with {_months(row, 'earlier')}, in {site.name(row['place_code'])}.",
        *([listing_sentences("Breaks in the series lie in between", breaks, "Later breaks")] if breaks else []),
    ]


def total_table(site: ReleasedTables) -> Grid | None:
    """Return the change of child sexual offences over one, three and five years; None where there is none."""
    lines = [
        (f"Over {years(row['years_apart'])}", *_change_texts(row), _months_compared(row)) for row in _total_rows(site)
    ]
    heads = ("Period", "What the count did", "#Probability of a fall", "Months compared")
    note = "A change in recording rules, or in willingness to report, shows in the same way."
    return grid("Child sexual offences over one, three and five years", heads, lines, note=note) if lines else None


def series_groups(site: ReleasedTables) -> list[SeriesGroup]:
    """Return the offence codes, then the factors of social workers' assessments, by what they did over three years."""
    rows = [
        row
        for row in site.find_rows(TrendsRow, years_apart=SPAN)
        if row["place_code"] in NATIONAL and row["offence_key"] != site.default and is_independent_series(site, row)
    ]
    offences = [row for row in rows if row["offence_key"]]
    factors = [row for row in rows if not row["offence_key"]]
    groups = [
        _group(site, OFFENCES_ANCHOR, "Change over three years: offence codes", offences),
        _group(
            site, FACTORS_ANCHOR, "Change over three years: factors in social workers' assessments, England", factors
        ),
    ]
    return [group for group in groups if group.lists]


def _group(site: ReleasedTables, anchor: str, heading: str, rows: Sequence[Row]) -> SeriesGroup:
    kinds: tuple[tuple[str, Callable[[Row], bool]], ...] = (
        ("Very probably fell", lambda row: _is_known(row) and row["probability_fell"] >= VERY_PROBABLY),
        ("Very probably rose", lambda row: _is_known(row) and 1 - row["probability_fell"] >= VERY_PROBABLY),
        ("Not clear", lambda row: _is_known(row) and _is_unclear(row["probability_fell"])),
        ("Cannot be said", lambda row: not _is_known(row)),
    )
    lists = []
    for kind, is_of_kind in kinds:
        if texts := tuple(_series_text(site, row) for row in rows if is_of_kind(row)):
            lists.append((kind, texts))
    return SeriesGroup(anchor, heading, tuple(lists))


def _series_text(site: ReleasedTables, row: Row) -> str:
    name = short_name(site, row)
    return f"{name} ({change(row['change'])})" if _is_known(row) else name


def _is_known(row: Row) -> bool:
    return not row["refusal"] and row["probability_fell"] is not None


def _is_unclear(probability: float) -> bool:
    return max(probability, 1 - probability) < VERY_PROBABLY


def _total_rows(site: ReleasedTables) -> list[Row]:
    rows: Sequence[Row] = site.find_rows(TrendsRow, place_code="EW", offence_key=site.default)
    return sorted(rows, key=lambda row: row["years_apart"])


def _change_texts(row: Row) -> tuple[str, str]:
    """Return whether a count fell, and the probability of that."""
    if not _is_known(row):
        return "cannot be said", NOT_GIVEN
    probability = row["probability_fell"]
    return f"{direction(probability)} ({change(row['change'])})", probability_percent(probability)


def _months(row: Row, period: str) -> str:
    """Return the latest or the earlier period of a trend as months in words."""
    first, last = row[f"{period}_from"], row[f"{period}_to"]
    return span_text(first, last) if first and last else NOT_GIVEN


def _months_compared(row: Row) -> str:
    """Return the two periods of a trend as months in words."""
    if not row["latest_to"] or not row["earlier_to"]:
        return NOT_GIVEN
    return f"{_months(row, 'latest')}, and {_months(row, 'earlier')}"
