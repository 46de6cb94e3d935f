"""Did practice change after the report, after notice of the inspection, at another time, or not at all?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from assay.indicators import Indicator
from assay.indicators.catalogue.lessons.recommendation_register import reports
from assay.stats.change_point import NONE, OTHER, turning

NOTICE = "notice of the inspection"
CANNOT = "cannot be said"
SURE = 0.9
FEWEST_SIDE = 20
"""Records on each side of a day: with fewer nothing is said of it."""
FEWEST_MONTHS = 2
TEXT = pa.string()
TABLE = pa.schema(
    [(name, TEXT) for name in ("place_code", "indicator", "changed", "way", "why")]
    + [("probability", pa.float64()), ("records", pa.int64())]
)
DAYS = {"duty": "starts_day", "crime": "recorded_day", "assessment": "assessed_day", "missing_episode": "started_day",
        "report": "received_day"}  # fmt: skip
"""Records whose day is a day on which something was done, or should have begun."""
Row = Mapping[str, Any]


def changed_table(
    months: Iterable[Row], indicators: Mapping[str, Indicator], period: tuple[str, str], notice: date | None
) -> pa.Table:
    """One row a force and indicator. `months`: force_code, indicator, month ('2025-04'), met, base; `period`: its first
    month and the month after; `notice`: when the inspection was announced, if that was written down."""
    every = list(_months(*period))
    held: dict[tuple[str, str], dict[str, Row]] = {}
    for row in months:
        if row["month"] in every and row["indicator"] in indicators:
            held.setdefault((row["force_code"], row["indicator"]), {})[row["month"]] = row
    days = _known(every, notice)
    rows = [_row(place, indicators[key], mine, every, days) for (place, key), mine in sorted(held.items())]
    return pa.Table.from_pylist(rows, TABLE)


def _known(every: Sequence[str], notice: date | None) -> dict[str, int]:
    """The first whole month after each day that has months enough on both sides."""
    days = {one.key: one.on for one in reports()} | ({NOTICE: notice} if notice else {})
    found = {}
    for name, on in days.items():
        at = sum(month <= f"{on:%Y-%m}" for month in every) - (on.day <= 15)  # from the middle on, the next month
        if FEWEST_MONTHS <= at <= len(every) - FEWEST_MONTHS:
            found[name] = at
    return found


def _months(first: str, after: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while (named := f"{year}-{month:02d}") < after:
        yield named
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _row(place: str, form: Indicator, mine: Mapping[str, Row], every: Sequence[str], days: Mapping[str, int]) -> Row:
    met, base = ([mine[month][name] if month in mine else 0 for month in every] for name in ("met", "base"))
    told = {"place_code": place, "indicator": form.key, "changed": CANNOT, "way": "", "records": sum(base)}
    bearing = {name: at for name, at in days.items() if min(sum(base[:at]), sum(base[at:])) >= FEWEST_SIDE}
    if not bearing:
        return told | {"why": "Too few records lie before or after a day that is known.", "probability": None}
    chances = turning(met, base, bearing)
    name, probability = max(chances.items(), key=lambda one: one[1])
    told["probability"] = round(probability, 2)
    if probability < SURE:
        return told | {"why": "The months would fit more than one of: a change then, at another time, or none."}
    if name in (NONE, OTHER):
        return told | {
            "changed": name,
            "why": "" if name == NONE else "It changed once, and at none of the known days.",
        }
    at = bearing[name]
    rose = sum(met[at:]) / sum(base[at:]) > sum(met[:at]) / sum(base[:at])
    way = "better" if rose == (form.better == "higher") else "worse"
    return told | {"changed": f"after the {name}", "way": way, "why": "That it came then does not show why."}
