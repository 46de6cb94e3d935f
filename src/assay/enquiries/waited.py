"""By which day had how many waits ended, and how long is the wait of the middle one, force by force?

From days and endings that the engine counted (`measure.wait_counts`). A median comes from the cumulative incidence,
with open waits and other endings in it; where fewer than half have ended as asked it is not reached, and no number is
put in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from assay.estimation.incidence import Curve, cumulative_incidence
from assay.measure import COUNTED, EVERYWHERE, LEFT_OUT, NOT_KNOWN, SPLITS, STILL_WAITING, UNKNOWN_IF_COUNTED, Wait

EVERY_DAYS = 7
"""A curve is kept at every so many days; for everyone's eyes disclosure thins it further."""
FURTHEST_DAYS = 3 * 364

_WHOLES = ("records", "ended", "ended_otherwise", "still_waiting", "left_out", "not_known")
_DAYS = ("median_days", "median_low", "median_high")


def _medians(*texts: str) -> pa.Schema:
    return pa.schema(
        [
            *((name, pa.string()) for name in texts),
            *((name, pa.int64()) for name in _WHOLES),
            *((name, pa.float64()) for name in _DAYS),
            ("not_reached", pa.bool_()),
            ("not_askable", pa.string()),
            ("hidden", pa.string()),
        ]
    )


MEDIANS = _medians("wait", "place_code")
MEDIANS_APART = _medians("wait", "place_code", "when_reported")
CURVES = pa.schema(
    [(name, pa.string()) for name in ("wait", "place_code", "ending")]
    + [("days", pa.int64())]
    + [(name, pa.float64()) for name in ("share", "share_low", "share_high")]
)
Rows = list[dict[str, Any]]


def median_rows(
    wait: Wait, counted: pa.Table, places: Iterable[str], unrated: Collection[str] = ()
) -> tuple[Rows, Rows]:
    """One row a place, and one a place and split: how many waits ended, how, and the median of those that ended as
    asked with its interval. Bodies that are `unrated` have counts, and no median.
    """
    rows = counted.to_pylist()
    whole = [_median(wait, {"place_code": place}, _at(rows, place), unrated) for place in (EVERYWHERE, *places)]
    apart = [
        _median(wait, {"place_code": place, "when_reported": split}, _at(rows, place, split), unrated)
        for place in (EVERYWHERE, *places)
        for split in ((*SPLITS[wait.split], NOT_KNOWN) if wait.split else ())
    ]
    return whole, apart


def curve_rows(wait: Wait, counted: pa.Table, places: Iterable[str]) -> Rows:
    """The share that had ended in each way by the end of each week, with its interval: one row a place, ending, day."""
    rows = counted.to_pylist()
    return [row for place in (EVERYWHERE, *places) for row in _curves_of(wait, place, _at(rows, place))]


def _at(rows: Rows, place: str, split: str = "") -> Rows:
    here = [row for row in rows if place in (EVERYWHERE, row["force_code"])]
    return [row for row in here if split in ("", row["split"])]


def _median(wait: Wait, key: Mapping[str, str], rows: Rows, unrated: Collection[str]) -> dict[str, Any]:
    found = {"wait": wait.key, **key, **_how_many(wait, rows)}
    if not found["records"] or key["place_code"] in unrated:
        return found
    middle = _incidence(wait, rows)[wait.ends[0]].median
    return found | {
        "median_days": middle.days,
        "median_low": middle.low,
        "median_high": middle.high,
        "not_reached": middle.days is None,
    }


def _how_many(wait: Wait, rows: Rows) -> dict[str, int]:
    answers: Counter[str] = Counter()
    endings: Counter[str] = Counter()
    for row in rows:
        answers[row["answer"]] += row["records"]
        if row["answer"] == COUNTED:
            endings[row["ending"]] += row["records"]
    return {
        "records": answers[COUNTED],
        "ended": endings[wait.ends[0]],
        "ended_otherwise": sum(endings[label] for label, _ in wait.competing),
        "still_waiting": endings[STILL_WAITING],
        "left_out": answers[LEFT_OUT],
        "not_known": answers[NOT_KNOWN] + answers[UNKNOWN_IF_COUNTED],
    }


def _incidence(wait: Wait, rows: Rows) -> dict[str, Curve]:
    held = [row for row in rows if row["answer"] == COUNTED]
    return cumulative_incidence(
        [row["days"] for row in held],
        [row["ending"] for row in held],
        [row["records"] for row in held],
        waiting=STILL_WAITING,
        of=[label for label, _ in wait.endings],
    )


def _curves_of(wait: Wait, place: str, rows: Rows) -> Rows:
    days = [row["days"] for row in rows if row["answer"] == COUNTED]
    if not days:
        return []
    grid = np.arange(0, min(max(days), FURTHEST_DAYS) + 1, EVERY_DAYS)
    key = {"wait": wait.key, "place_code": place}
    return [
        key | {"ending": label, **point}
        for label, curve in _incidence(wait, rows).items()
        for point in _points(curve, grid)
    ]


def _points(curve: Curve, grid: np.ndarray) -> Rows:
    """The curve at each day of the grid: what it was after the last ending up to that day."""
    places = np.searchsorted(curve.days, grid, side="right")
    columns = [np.concatenate([[0.0], values])[places] for values in (curve.share, curve.low, curve.high)]
    return [
        {"days": int(day), "share": float(share), "share_low": float(low), "share_high": float(high)}
        for day, share, low, high in zip(grid, *columns, strict=True)
    ]
