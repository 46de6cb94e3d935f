"""Change-point test: did practice change after a report, after notice of the inspection, at another time, or never?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict

import pyarrow as pa

from assay.indicators import Indicator
from assay.indicators.catalogue.lessons.recommendation_register import reports
from assay.stats.change_point import NO_CHANGE, OTHER_MONTH, change_point_probabilities

NOTICE = "notice of the inspection"
INDETERMINATE = "cannot be said"
MIN_PROBABILITY = 0.9
MIN_RECORDS_PER_SIDE = 20
"""Fewest records on each side of a day for a test."""
MIN_MONTHS_PER_SIDE = 2
TEXT = pa.string()
TABLE = pa.schema(
    [(name, TEXT) for name in ("place_code", "indicator", "changed", "way", "why")]
    + [("probability", pa.float64()), ("records", pa.int64())]
)
DAYS = {"duty": "starts_day", "crime": "recorded_day", "assessment": "assessed_day", "missing_episode": "started_day",
        "report": "received_day"}  # fmt: skip
"""Records that have a day of their own, on which something was done or should have begun."""
Row = Mapping[str, Any]


class MonthlyCountRow(TypedDict):
    """The records of one force and indicator in one month: how many have a known answer, and how many met it."""

    force_code: str
    indicator: str
    month: str
    met: int
    base: int


def change_table(
    months: Iterable[MonthlyCountRow], indicators: Mapping[str, Indicator], period: tuple[str, str], notice: date | None
) -> pa.Table:
    """Return one row for each force and indicator, with the result of the change-point test.

    Parameters
    ----------
    months
        Counts by force, indicator and month ('2025-04').
    period
        The first month of the period, and the month after it.
    notice
        The day on which the inspection was announced, if it is known.
    """
    period_months = list(_months(*period))
    months_by_indicator: dict[tuple[str, str], dict[str, MonthlyCountRow]] = {}
    for row in months:
        if row["month"] in period_months and row["indicator"] in indicators:
            months_by_indicator.setdefault((row["force_code"], row["indicator"]), {})[row["month"]] = row
    days = _candidate_months(period_months, notice)
    rows = [
        _row(place, indicators[key], indicator_months, period_months, days)
        for (place, key), indicator_months in sorted(months_by_indicator.items())
    ]
    return pa.Table.from_pylist(rows, TABLE)


def _candidate_months(period_months: Sequence[str], notice: date | None) -> dict[str, int]:
    """Return the first whole month after each candidate day that has enough months on both sides."""
    days = {report.key: report.published_on for report in reports()} | ({NOTICE: notice} if notice else {})
    found = {}
    for name, day in days.items():
        position = sum(month <= f"{day:%Y-%m}" for month in period_months) - (
            day.day <= 15
        )  # from the middle of a month on, the next month
        if MIN_MONTHS_PER_SIDE <= position <= len(period_months) - MIN_MONTHS_PER_SIDE:
            found[name] = position
    return found


def _months(first: str, end_month: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while (month_name := f"{year}-{month:02d}") < end_month:
        yield month_name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _row(
    place: str,
    form: Indicator,
    indicator_months: Mapping[str, MonthlyCountRow],
    period_months: Sequence[str],
    days: Mapping[str, int],
) -> Row:
    met = [indicator_months[month]["met"] if month in indicator_months else 0 for month in period_months]
    base = [indicator_months[month]["base"] if month in indicator_months else 0 for month in period_months]
    row = {"place_code": place, "indicator": form.key, "changed": INDETERMINATE, "way": "", "records": sum(base)}
    testable_positions = {
        name: position
        for name, position in days.items()
        if min(sum(base[:position]), sum(base[position:])) >= MIN_RECORDS_PER_SIDE
    }
    if not testable_positions:
        return row | {"why": "Too few records lie before or after a day that is known.", "probability": None}
    probabilities = change_point_probabilities(met, base, testable_positions)
    name, probability = max(probabilities.items(), key=lambda item: item[1])
    row["probability"] = round(probability, 2)
    if probability < MIN_PROBABILITY:
        return row | {"why": "The months would fit more than one of: a change then, at another time, or none."}
    if name in (NO_CHANGE, OTHER_MONTH):
        return row | {
            "changed": name,
            "why": "" if name == NO_CHANGE else "It changed once, and at none of the known days.",
        }
    position = testable_positions[name]
    increased = sum(met[position:]) / sum(base[position:]) > sum(met[:position]) / sum(base[:position])
    direction = "better" if increased == (form.better == "higher") else "worse"
    return row | {"changed": f"after the {name}", "way": direction, "why": "That it came then does not show why."}
