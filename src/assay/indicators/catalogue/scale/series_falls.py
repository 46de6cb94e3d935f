"""The probability that an estimated component of exploitation fell: unrecorded, unflagged or hidden.

The estimates are tables by place from other modules. If a table holds the ratio of two years, or the number in each
year, with intervals, the probability of a fall follows; otherwise the row says what would be needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, cast

import pyarrow as pa

from assay.indicators.catalogue.scale.record_series import (
    HIDDEN,
    RECORDED,
    SCHEMA,
    TITLES,
    UNFLAGGED,
    UNRECORDED,
    SeriesTrendRow,
)
from assay.stats.change_between_estimates import EstimateRatio, ratio_of_estimates
from assay.stats.interval_estimates import IntervalEstimate

Row = dict[str, Any]
"""A row of an estimated part, which has other columns for each kind of part."""
MISSING_PART_REASONS: Mapping[str, str] = {
    UNRECORDED: "Recording accuracy was not found for two years, so the count cannot be corrected: one accuracy for "
    "the whole period moves every year alike. Draw files of two full years, and mark which are rightly recorded.",
    UNFLAGGED: "How many summaries describe exploitation was not estimated for two years, so the count cannot be "
    "corrected for what nobody marked. Draw an audited sample over two full years, and mark files of both.",
    HIDDEN: "Children on no list were not estimated for two years by the same lists. Ask each partner for the list of "
    "an earlier year too.",
}
INDETERMINATE, MIN_PROBABILITY = "cannot be said", 0.9
DISAGREE = "Two ways of estimating the two years do not agree on a direction."
YEARS = pa.schema(
    [(name, pa.string()) for name in ("place_code", "earlier_from", "later_from")]
    + [(name, pa.float64()) for name in ("earlier_low", "earlier_high", "later_low", "later_high")]
    + [("refusal", pa.string())]
)
"""The number in the last full year of the period and in the year before: limits of 95% intervals."""
NO_SHARE = "In one of two years too few files were read, or none was rightly recorded: the count cannot be corrected."
EXPLAINED: Mapping[str, str] = {
    UNRECORDED: "It also moves with how willingly people report, and rests on the files that were read being like "
    "those of the series.",
    UNFLAGGED: "It also moves with all that moves what is recorded, and rests on the sample that was read.",
    HIDDEN: "It rests on the lists being of the same kind in both years, and on how they lean on one another.",
}


def trend_rows(table: pa.Table | None, kind: str, trends: Iterable[SeriesTrendRow]) -> Iterator[SeriesTrendRow]:
    """Yield one trend row for each place: the probability that the series fell, or why there is none.

    Columns read: place_code and refusal; for the hidden part earlier_from, later_from, direction, probability_fewer,
    low and high (95% interval of the ratio), the latest pair of years first; for the others earlier_from, later_from,
    earlier_low, earlier_high, later_low and later_high.
    """
    latest: dict[str, Row] = {}
    for row in sorted(table.to_pylist() if table is not None else [], key=_when):
        latest[row["place_code"]] = row
    places = dict.fromkeys([row["place_code"] for row in trends if row["kind"] == RECORDED] + list(latest))
    yield from (_row(place, kind, latest.get(place, {})) for place in places)


def yearly_ranges(
    recorded: Mapping[str, Sequence[int | None]],
    years: Sequence[date],
    shares: Mapping[tuple[str, str], IntervalEstimate],
) -> pa.Table:
    """Return the table `YEARS`: the range of all cases in each year, from counts and the share that they cover.

    The counts end with the last full year of the period; shares are by place and first day of the year.
    """
    days = [entry.isoformat() for entry in years[:2]]
    rows: list[Row] = []
    for place, counts in recorded.items():
        year_shares = [shares.get((place, day)) for day in days]
        intervals = [(entry.low, entry.high) for entry in year_shares if entry and entry.low and entry.high]
        row: Row = {"place_code": place, "earlier_from": days[0], "later_from": days[1], "refusal": NO_SHARE}
        if len(counts) >= 8 and len(intervals) == 2:
            row["refusal"] = ""
            year_counts = (counts[-8:-4], counts[-4:])
            for name, quarters, (low, high) in zip(("earlier", "later"), year_counts, intervals, strict=True):
                number = sum(count or 0 for count in quarters)
                row |= {f"{name}_low": number / high, f"{name}_high": number / low}
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=YEARS)


def _when(row: Row) -> tuple[str, str]:
    return row.get("later_from") or "", row.get("earlier_from") or ""


def _row(place: str, kind: str, comparison: Row) -> SeriesTrendRow:
    found = _found(kind, comparison)
    row = dict.fromkeys(SCHEMA.names) | {"place_code": place, "kind": kind, "series": TITLES[kind], "years_apart": 1}
    if found is None:
        why = str(comparison.get("refusal") or "") or (
            DISAGREE if _disagree(comparison) else MISSING_PART_REASONS[kind]
        )
        return cast(SeriesTrendRow, row | {"refusal": why, "explanation": ""})
    columns = {
        "earlier_to": f"the year from {comparison['earlier_from']}",
        "latest_to": f"the year from {comparison['later_from']}",
        "probability_fell": found.probability_fell,
        "change_low": found.low - 1,
        "change_high": found.high - 1,
        "refusal": "",
        "explanation": EXPLAINED[kind],
    }
    return cast(SeriesTrendRow, row | columns)


def _found(kind: str, comparison: Row) -> EstimateRatio | None:
    previous, later = _interval(comparison, "earlier"), _interval(comparison, "later")
    if kind != HIDDEN and previous and later:
        return ratio_of_estimates(previous, later)
    if kind == HIDDEN and comparison.get("probability_fewer") is not None and not _disagree(comparison):
        return EstimateRatio(comparison["probability_fewer"], comparison["low"], comparison["high"])
    return None


def _disagree(comparison: Row) -> bool:
    """Return True if one method is certain of the direction between two years and another is not."""
    fewer = comparison.get("probability_fewer")
    return (
        fewer is not None and comparison.get("direction") == INDETERMINATE and max(fewer, 1 - fewer) >= MIN_PROBABILITY
    )


def _interval(comparison: Row, name: str) -> tuple[float, float] | None:
    low, high = comparison.get(f"{name}_low"), comparison.get(f"{name}_high")
    return (low, high) if low and high else None
