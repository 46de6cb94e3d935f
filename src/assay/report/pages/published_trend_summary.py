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
from assay.report.pages.trend_counts import count_text
from assay.report.pages.trend_spans import (
    HEADLINE_YEARS,
    deciding_change,
    deciding_span_note,
    has_estimate,
    other_changes,
)
from assay.report.period_words import span_text
from assay.report.report_tables import NATIONAL, ReleasedTables, Row
from assay.sdc.released_rows.published_rows import TrendsRow
from assay.wording import VERY_PROBABLY, listing_sentences

TOTAL_ANCHOR, OFFENCES_ANCHOR, FACTORS_ANCHOR = "total", "offence-codes", "factors"
"""Anchors of the headings of the page of trends."""
UNCLEAR = "Not clear: the probability of a fall is between 10% and 90%"
NO_ESTIMATE = "No estimate: what is missing stands beside each series"


@dataclass(frozen=True)
class ChangeList:
    """The series that changed in the same way over three years, such as all that very probably fell.

    Parameters
    ----------
    heading
        What the series did; it also says why a change is not clear or has no estimate.
    series
        One line for each series: its name, its change and its latest count, or why it has no estimate.
    """

    heading: str
    series: tuple[str, ...]


@dataclass(frozen=True)
class SeriesGroup:
    """Series of one kind: all offence codes, or all factors of social workers' assessments.

    Parameters
    ----------
    anchor
        The `id` of the heading on the page.
    heading
        The heading on the page.
    change_lists
        The series of this kind by how they changed; a list without a series is left out.
    """

    anchor: str
    heading: str
    change_lists: tuple[ChangeList, ...]


def total_sentences(site: ReleasedTables) -> list[str]:
    """Return whether the total fell: the change first, then its interval, months and breaks.

    A span with another direction is given beside the change that decides.
    """
    rows = _total_rows(site)
    row = deciding_change(rows)
    if row is None:
        return []
    series = f"{row['series'][:1].upper()}{row['series'][1:]}"
    breaks = site.breaks_between(row)
    return [
        f"{series} {direction(row['probability_fell'])} over {years(row['years_apart'])} ({change(row['change'])}).",
        *other_changes(rows),
        f"The 95% interval of the change is {interval(row['change_low'], row['change_high'], change)}. "
        f"The probability of a fall is {probability_percent(row['probability_fell'])}.",
        f"It compares {_year_and_count(site, row, 'latest')} with {_year_and_count(site, row, 'earlier')}, "
        f"in {site.name(row['place_code'])}.",
        *([listing_sentences("Breaks lie in between", breaks, "Later breaks")] if breaks else []),
    ]


def total_table(site: ReleasedTables) -> Grid | None:
    """Return the change of child sexual offences over one, three and five years; None where there is none."""
    lines = [
        (f"Over {years(row['years_apart'])}", *_change_texts(row), _months_compared(row)) for row in _total_rows(site)
    ]
    heads = ("Period", "What the count did", "#Probability of a fall", "Months compared")
    caution = "A change in recording rules, or in willingness to report, shows in the same way."
    note = " ".join([*deciding_span_note(_total_rows(site)), caution])
    return grid("Child sexual offences over one, three and five years", heads, lines, note=note) if lines else None


def series_groups(site: ReleasedTables) -> list[SeriesGroup]:
    """Return the offence codes, then the factors of social workers' assessments, by what they did over three years."""
    rows = [
        row
        for row in site.find_rows(TrendsRow, years_apart=HEADLINE_YEARS)
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
    return [group for group in groups if group.change_lists]


def _group(site: ReleasedTables, anchor: str, heading: str, rows: Sequence[Row]) -> SeriesGroup:
    kinds: tuple[tuple[str, Callable[[Row], bool]], ...] = (
        ("Very probably fell", lambda row: has_estimate(row) and row["probability_fell"] >= VERY_PROBABLY),
        ("Very probably rose", lambda row: has_estimate(row) and 1 - row["probability_fell"] >= VERY_PROBABLY),
        (UNCLEAR, lambda row: has_estimate(row) and _is_unclear(row["probability_fell"])),
        (NO_ESTIMATE, lambda row: not has_estimate(row)),
    )
    lists = []
    for kind, is_of_kind in kinds:
        if texts := tuple(_series_text(site, row) for row in rows if is_of_kind(row)):
            lists.append(ChangeList(kind, texts))
    return SeriesGroup(anchor, heading, tuple(lists))


def _series_text(site: ReleasedTables, row: Row) -> str:
    """Return a series with its change and its latest count, or with the reason why it has no estimate."""
    name = short_name(site, row)
    if not has_estimate(row):
        return f"{name}: {row['refusal']}" if row["refusal"] else name
    count = count_text(site, row, "latest")
    latest = f"; {count} in the latest year" if count else ""
    return f"{name} ({change(row['change'])}{latest})"


def _is_unclear(probability: float) -> bool:
    return max(probability, 1 - probability) < VERY_PROBABLY


def _total_rows(site: ReleasedTables) -> list[Row]:
    rows: Sequence[Row] = site.find_rows(TrendsRow, place_code="EW", offence_key=site.default)
    return sorted(rows, key=lambda row: row["years_apart"])


def _change_texts(row: Row) -> tuple[str, str]:
    """Return whether a count fell, and the probability of that."""
    if not has_estimate(row):
        return "cannot be said", NOT_GIVEN
    probability = row["probability_fell"]
    return f"{direction(probability)} ({change(row['change'])})", probability_percent(probability)


def _months(row: Row, period: str) -> str:
    """Return the latest or the earlier period of a trend as months in words."""
    first, last = row[f"{period}_from"], row[f"{period}_to"]
    return span_text(first, last) if first and last else NOT_GIVEN


def _year_and_count(site: ReleasedTables, row: Row, period: str) -> str:
    """Return a year of a trend with its count: 'January to December 2025 (61,188 offences)'."""
    count = count_text(site, row, period)
    return f"{_months(row, period)}{f' ({count} offences)' if count else ''}"


def _months_compared(row: Row) -> str:
    """Return the two periods of a trend as months in words."""
    if not row["latest_to"] or not row["earlier_to"]:
        return NOT_GIVEN
    return f"{_months(row, 'latest')}, and {_months(row, 'earlier')}"
