"""By which day had how many waits ended, and how long is the wait of the middle one, force by force?

From days and endings that the engine counted (`measure.wait_counts`). A median comes from the cumulative incidence,
with open waits and other endings in it; where fewer than half have ended as asked it is not reached, and no number is
put in its place. The 90th percentile is read off the same curve. Beside them stands the restricted mean: of the first
so many days, how many passed without that ending; and for some waits the share that had not ended so by a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from assay.indicators import (
    COUNTED,
    EVERYWHERE,
    LEFT_OUT,
    NOT_KNOWN,
    OPEN_ON,
    SPLITS,
    STILL_WAITING,
    UNKNOWN_IF_COUNTED,
    Wait,
)
from assay.stats.cumulative_incidence import Curve, Mean, cumulative_incidence, restricted_mean

EVERY_DAYS = 7
"""A curve is kept at every so many days; for everyone's eyes disclosure thins it further."""
FURTHEST_DAYS = 3 * 364

_WHOLES = ("records", "ended", "ended_otherwise", "still_waiting", "left_out", "not_known")
_DAYS = tuple(f"{name}_{end}" for name in ("median", "p90", "mean") for end in ("days", "low", "high"))
_OPEN = tuple(f"open_{day}{end}" for day in OPEN_ON for end in ("", "_low", "_high"))
NINE_IN_TEN = 0.9
UNTIL = (364, 182, 91, 28)
"""Over how many days a mean is taken: the first of these to which somebody was followed."""


def _medians(*texts: str) -> pa.Schema:
    return pa.schema(
        [
            *((name, pa.string()) for name in texts),
            *((name, pa.int64()) for name in _WHOLES),
            *((name, pa.float64()) for name in (*_DAYS, *_OPEN)),
            ("mean_until", pa.int64()),
            ("not_reached", pa.bool_()),
            ("p90_not_reached", pa.bool_()),
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
    until = _until(rows)
    whole = [_median(wait, {"place_code": place}, _at(rows, place), unrated, until) for place in (EVERYWHERE, *places)]
    apart = [
        _median(wait, {"place_code": place, "when_reported": split}, _at(rows, place, split), unrated, until)
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


def _until(rows: Rows) -> int | None:
    """The days over which the means of a wait are taken, everywhere the same; None if nobody was followed so far."""
    furthest = max((row["days"] for row in rows if row["answer"] == COUNTED), default=-1)
    return next((days for days in UNTIL if days <= furthest), None)


def _median(
    wait: Wait, key: Mapping[str, str], rows: Rows, unrated: Collection[str], until: int | None
) -> dict[str, Any]:
    found = {"wait": wait.key, **key, **_how_many(wait, rows)}
    if not found["records"] or key["place_code"] in unrated:
        return found
    curve, mean = _incidence(wait, rows)[wait.ends[0]], _mean(wait, rows, until)
    middle, most = curve.median, curve.quantile(NINE_IN_TEN)
    return (
        found
        | _still_open(wait, curve, rows)
        | {
            **{f"mean_{name}": _whole(value) for name, value in vars(mean).items()},
            "mean_until": None if mean.days is None else until,
            "median_days": middle.days,
            "median_low": middle.low,
            "median_high": middle.high,
            "not_reached": middle.days is None,
            **{f"p90_{name}": value for name, value in vars(most).items()},
            "p90_not_reached": most.days is None,
        }
    )


def _still_open(wait: Wait, curve: Curve, rows: Rows) -> dict[str, float]:
    """The share that had not ended as asked by each day of `open_on`, with its interval; nothing for a day to which
    nobody was followed, unless every wait had ended before."""
    held = [row for row in rows if row["answer"] == COUNTED]
    furthest = max(row["days"] for row in held)
    closed = all(row["ending"] != STILL_WAITING for row in held)
    found: dict[str, float] = {}
    for day in wait.open_on:
        if furthest >= day or closed:
            share, low, high = curve.interval_at(day)
            ends = {"": share, "_low": high, "_high": low}
            found |= {f"open_{day}{end}": max(1 - ended, 0.0) for end, ended in ends.items()}
    return found


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


def _whole(days: float | None) -> float | None:
    return None if days is None else float(round(days))


def _mean(wait: Wait, rows: Rows, until: int | None) -> Mean:
    """Of the first `until` days, how many passed without the ending that is asked for."""
    if until is None:
        return Mean(None, None, None)
    return restricted_mean(*_groups(rows), waiting=STILL_WAITING, ending=wait.ends[0], until=until)


def _groups(rows: Rows) -> tuple[list[int], list[str], list[int]]:
    """Days, endings and records of the waits that are counted."""
    held = [row for row in rows if row["answer"] == COUNTED]
    return [row["days"] for row in held], [row["ending"] for row in held], [row["records"] for row in held]


def _incidence(wait: Wait, rows: Rows) -> dict[str, Curve]:
    return cumulative_incidence(
        *_groups(rows),
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
