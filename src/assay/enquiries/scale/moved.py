"""Did a part that is made elsewhere fall: the unmarked from an audited sample, the hidden from how lists overlap?

Both come as tables by place, made apart. Where such a table holds a ratio of two years with its interval, the
probability of a fall follows from it; where it holds what share of crimes was marked in two years, the count is
corrected by it; where it holds neither, it cannot be told, and the row says what would be needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from assay.enquiries.scale.series import HIDDEN, MARKED, SCHEMA, TITLES, UNFLAGGED, headline
from assay.estimation.corrected import Corrected, corrected

Row = dict[str, Any]
WITHOUT: Mapping[str, str] = {
    UNFLAGGED: "What share of exploitation is marked was not found for two years, so the count cannot be corrected: "
    "one share for the whole period moves every year alike. Draw an audited sample in each of two years.",
    HIDDEN: "Children on no list were not estimated for two years by the same lists. Ask each partner for the list of "
    "an earlier year too.",
}
NOT_TOLD, SURE = "cannot be told", 0.9
DISAGREE = "Two ways of estimating the two years do not agree on a direction."
EXPLAINED: Mapping[str, str] = {
    UNFLAGGED: "It also moves with all that moves what is recorded, and rests on the sample that was read.",
    HIDDEN: "It rests on the lists being of the same kind in both years, and on how they lean on one another.",
}


def rows(table: pa.Table | None, kind: str, trends: Iterable[Row]) -> Iterator[Row]:
    """Rows of the trends' schema, one a place that is followed: the answer, or why there is none.

    Read of the table: place_code and refusal; of the hidden earlier_from, later_from, direction, probability_fewer, low
    and high (how many times as many, 95%), the latest pair of years first; of the unmarked found_earlier_low,
    found_earlier_high, found_later_low and found_later_high: the share that was marked in either year.
    """
    told: dict[str, Row] = {}
    for row in sorted(table.to_pylist() if table is not None else [], key=_when):
        told[row["place_code"]] = row
    followed = [row for row in trends if row["kind"] == MARKED]
    places = dict.fromkeys([row["place_code"] for row in followed] + list(told))
    for place in places:
        count = headline([row for row in followed if row["place_code"] == place])
        yield _row(place, kind, told.get(place), count)


def _when(row: Row) -> tuple[str, str]:
    return row.get("later_from") or "", row.get("earlier_from") or ""


def _row(place: str, kind: str, told: Row | None, count: Row | None) -> Row:
    found = _found(kind, told or {}, count)
    row = dict.fromkeys(SCHEMA.names) | {"place_code": place, "kind": kind, "series": TITLES[kind]}
    if found is None:
        why = str((told or {}).get("refusal") or "") or (DISAGREE if _disagree(told or {}) else WITHOUT[kind])
        return row | {"years_apart": 1, "refusal": why, "explanation": ""}
    source = count if kind == UNFLAGGED and count else told or {}
    return row | {
        "years_apart": int(source.get("years_apart") or 1),
        "earlier_to": source.get("earlier_to") or f"the year from {source.get('earlier_from')}",
        "latest_to": source.get("latest_to") or f"the year from {source.get('later_from')}",
        "probability_fell": found.probability_fell,
        "change_low": found.low - 1,
        "change_high": found.high - 1,
        "refusal": "",
        "explanation": EXPLAINED[kind],
    }


def _found(kind: str, told: Row, count: Row | None) -> Corrected | None:
    earlier, later = _interval(told, "found_earlier"), _interval(told, "found_later")
    if kind == UNFLAGGED and count and not count["refusal"] and earlier and later:
        return corrected((1 + count["change_low"], 1 + count["change_high"]), earlier, later)
    if kind == HIDDEN and told.get("probability_fewer") is not None and not _disagree(told):
        return Corrected(told["probability_fewer"], told["low"], told["high"])
    return None


def _disagree(told: Row) -> bool:
    """Whether one way of estimating two years is sure of a direction and another is not."""
    fewer = told.get("probability_fewer")
    return fewer is not None and told.get("direction") == NOT_TOLD and max(fewer, 1 - fewer) >= SURE


def _interval(told: Row, name: str) -> tuple[float, float] | None:
    low, high = told.get(f"{name}_low"), told.get(f"{name}_high")
    return (low, high) if low and high else None
