"""Time to event: cumulative incidence (Aalen-Johansen), medians and restricted means of waiting times, by force.

Input are days and endings counted by the engine (`wait_tallies.wait_counts`). The median is read from the cumulative
incidence with censoring and competing endings; if fewer than half have the main ending it is not reached, and no number
replaces it. The 90th percentile comes from the same curve. In addition: the restricted mean (days without that ending
up to a horizon), and for some waits the share still open by a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

import numpy as np
import pyarrow as pa

from assay.indicators import (
    EVERYWHERE,
    EXCLUDED,
    INCLUDED,
    NOT_KNOWN,
    OPEN_ON,
    SPLITS,
    STILL_WAITING,
    UNKNOWN_IF_COUNTED,
    Wait,
)
from assay.sdc.released_rows.indicator_rows import WaitCurvesRow, WaitMediansByReportRow, WaitMediansRow
from assay.stats.cumulative_incidence import IncidenceCurve, RestrictedMean, cumulative_incidence, restricted_mean

STEP_DAYS = 7
"""Curves are stored at steps of this many days; disclosure control thins them further."""
MAX_DAYS = 3 * 364

_WHOLES = ("records", "ended", "ended_otherwise", "still_waiting", "excluded", "not_known")
_DAYS = tuple(f"{name}_{end}" for name in ("median", "p90", "mean") for end in ("days", "low", "high"))
_OPEN = tuple(f"open_{day}{end}" for day in OPEN_ON for end in ("", "_low", "_high"))
NINTH_DECILE = 0.9
MEAN_HORIZONS = (364, 182, 91, 28)
"""Horizons of the restricted mean in days; the first that follow-up reaches is used."""


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
            ("suppressed_cells", pa.string()),
        ]
    )


MEDIANS = _medians("wait", "place_code")
SPLIT_MEDIANS = _medians("wait", "place_code", "when_reported")
CURVES = pa.schema(
    [(name, pa.string()) for name in ("wait", "place_code", "ending")]
    + [("days", pa.int64())]
    + [(name, pa.float64()) for name in ("share", "share_low", "share_high")]
)
Rows = list[dict[str, Any]]


def median_rows(
    wait: Wait, counts: pa.Table, places: Iterable[str], unrated: Collection[str] = ()
) -> tuple[list[WaitMediansRow], list[WaitMediansByReportRow]]:
    """Return the median and other quantiles of a waiting time by place, and by place and split, with censoring.

    Organisations in `unrated` have counts and no median.
    """
    rows = counts.to_pylist()
    until = _mean_horizon(rows)
    whole = [
        _median(wait, {"place_code": place}, _rows_of_place(rows, place), unrated, until)
        for place in (EVERYWHERE, *places)
    ]
    split_rows = [
        _median(wait, {"place_code": place, "when_reported": split}, _rows_of_place(rows, place, split), unrated, until)
        for place in (EVERYWHERE, *places)
        for split in ((*SPLITS[wait.split], NOT_KNOWN) if wait.split else ())
    ]
    empty = {"not_askable": "", "suppressed_cells": ""}
    return (
        [cast(WaitMediansRow, dict.fromkeys(MEDIANS.names) | empty | row) for row in whole],
        [cast(WaitMediansByReportRow, dict.fromkeys(SPLIT_MEDIANS.names) | empty | row) for row in split_rows],
    )


def curve_rows(wait: Wait, counts: pa.Table, places: Iterable[str]) -> list[WaitCurvesRow]:
    """Return the cumulative incidence of each ending at the end of each week, with its interval, by place."""
    rows = counts.to_pylist()
    return [row for place in (EVERYWHERE, *places) for row in _curves_of(wait, place, _rows_of_place(rows, place))]


def _rows_of_place(rows: Rows, place: str, split: str = "") -> Rows:
    here = [row for row in rows if place in (EVERYWHERE, row["force_code"])]
    return [row for row in here if split in ("", row["split"])]


def _mean_horizon(rows: Rows) -> int | None:
    """Return the horizon of the restricted means of a wait, the same for all places; None without enough follow-up."""
    furthest = max((row["days"] for row in rows if row["answer"] == INCLUDED), default=-1)
    return next((days for days in MEAN_HORIZONS if days <= furthest), None)


def _median(
    wait: Wait, key: Mapping[str, str], rows: Rows, unrated: Collection[str], until: int | None
) -> dict[str, Any]:
    found = {"wait": wait.key, **key, **_ending_counts(wait, rows)}
    if not found["records"] or key["place_code"] in unrated:
        return found
    curve, mean = _incidence(wait, rows)[wait.ends[0]], _mean(wait, rows, until)
    middle, ninth_decile = curve.median, curve.quantile(NINTH_DECILE)
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
            **{f"p90_{name}": value for name, value in vars(ninth_decile).items()},
            "p90_not_reached": ninth_decile.days is None,
        }
    )


def _still_open(wait: Wait, curve: IncidenceCurve, rows: Rows) -> dict[str, float]:
    """Return the share of waits still open on each day of `open_on`, with its interval; no entry for a day not
    reached."""
    counted_rows = [row for row in rows if row["answer"] == INCLUDED]
    furthest = max(row["days"] for row in counted_rows)
    closed = all(row["ending"] != STILL_WAITING for row in counted_rows)
    found: dict[str, float] = {}
    for day in wait.open_on:
        if furthest >= day or closed:
            share, low, high = curve.interval_at(day)
            ends = {"": share, "_low": high, "_high": low}
            found |= {f"open_{day}{end}": max(1 - ended, 0.0) for end, ended in ends.items()}
    return found


def _ending_counts(wait: Wait, rows: Rows) -> dict[str, int]:
    answers: Counter[str] = Counter()
    endings: Counter[str] = Counter()
    for row in rows:
        answers[row["answer"]] += row["records"]
        if row["answer"] == INCLUDED:
            endings[row["ending"]] += row["records"]
    return {
        "records": answers[INCLUDED],
        "ended": endings[wait.ends[0]],
        "ended_otherwise": sum(endings[label] for label, _ in wait.competing),
        "still_waiting": endings[STILL_WAITING],
        "excluded": answers[EXCLUDED],
        "not_known": answers[NOT_KNOWN] + answers[UNKNOWN_IF_COUNTED],
    }


def _whole(days: float | None) -> float | None:
    return None if days is None else float(round(days))


def _mean(wait: Wait, rows: Rows, until: int | None) -> RestrictedMean:
    """Return the restricted mean: days without the ending up to the horizon."""
    if until is None:
        return RestrictedMean(None, None, None)
    return restricted_mean(*_groups(rows), waiting=STILL_WAITING, ending=wait.ends[0], until=until)


def _groups(rows: Rows) -> tuple[list[int], list[str], list[int]]:
    """Return days, endings and records of the counted waits."""
    counted_rows = [row for row in rows if row["answer"] == INCLUDED]
    return (
        [row["days"] for row in counted_rows],
        [row["ending"] for row in counted_rows],
        [row["records"] for row in counted_rows],
    )


def _incidence(wait: Wait, rows: Rows) -> dict[str, IncidenceCurve]:
    return cumulative_incidence(
        *_groups(rows),
        waiting=STILL_WAITING,
        required_endings=[label for label, _ in wait.endings],
    )


def _curves_of(wait: Wait, place: str, rows: Rows) -> list[WaitCurvesRow]:
    days = [row["days"] for row in rows if row["answer"] == INCLUDED]
    if not days:
        return []
    grid = np.arange(0, min(max(days), MAX_DAYS) + 1, STEP_DAYS)
    return [
        WaitCurvesRow(
            wait=wait.key, place_code=place, ending=label, days=int(day), share=share, share_low=low, share_high=high
        )
        for label, curve in _incidence(wait, rows).items()
        for day, share, low, high in zip(grid, *_values_at(curve, grid), strict=True)
    ]


def _values_at(curve: IncidenceCurve, grid: np.ndarray) -> list[list[float]]:
    """Return the share and its limits at each day of the grid (right-continuous step function)."""
    places = np.searchsorted(curve.days, grid, side="right")
    return [np.concatenate([[0.0], values])[places].tolist() for values in (curve.share, curve.low, curve.high)]
