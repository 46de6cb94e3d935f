"""Disparities between groups of victims or suspects, within force and kind of offence (stratified comparison).

Each group of victims or suspects is compared with all people whose group is known and different, within strata of
force and kind of offence, in both directions (two-sided tests). Shares are compared by a stratified difference, times
to event by a stratified log-rank test. The false discovery rate is controlled over all comparisons together. A group
that is too small, or too seldom recorded, gets that verdict and no test; "no difference is shown" does not mean that
the groups are equal. Records without any entry about the person are counted separately from records in which the
characteristic was not recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from assay.compare.comparability import MIN_RECORDS, PENDING_LIMIT
from assay.compare.comparison_tables import FLAG, NUMBER, TEXT, WHOLE, Rows, as_rows, as_table, group_rows_by
from assay.engine.worker_processes import available_processors, map_batches
from assay.facts.person_characteristics import CONFLICTING_VALUES
from assay.indicators import NOT_KNOWN, STILL_WAITING
from assay.indicators.record_persons import NO_GROUPS
from assay.stats.cumulative_incidence import cumulative_incidence
from assay.stats.false_discovery import q_values
from assay.stats.stratified_differences import (
    Difference,
    StratumWaits,
    difference_bounds,
    log_rank_test,
    share_difference,
)

DIFFERENCE_SHOWN, NO_DIFFERENCE_SHOWN = "a difference is shown", "no difference is shown"
TOO_FEW_RECORDS = "too few to see"
TOO_UNRECORDED = "too seldom recorded to see"
TOO_UNDESCRIBED = "too seldom said who it is about to see"
NO_COMPARISON_GROUP = "nobody else in the same force and kind of offence"
NO_GROUP = "not a group"
MAX_Q_VALUE = 0.05
"""A difference is shown if its q-value, over all comparisons, is at most this."""
DISPARITIES = pa.schema(
    [(name, TEXT) for name in ("indicator", "side", "characteristic", "people")]
    + [(name, WHOLE) for name in ("met", "not_met", "base", "not_known")]
    + [(name, NUMBER) for name in ("share", "points", "points_low", "points_high", "points_least", "points_most")]
    + [("q_value", NUMBER), ("verdict", TEXT), ("suppressed_cells", TEXT)]
)
WAIT_DISPARITIES = pa.schema(
    [(name, TEXT) for name in ("wait", "side", "characteristic", "people")]
    + [(name, WHOLE) for name in ("records", "ended", "ended_otherwise", "still_waiting")]
    + [(name, NUMBER) for name in ("median_days", "median_low", "median_high")]
    + [("sooner", FLAG), ("q_value", NUMBER), ("verdict", TEXT), ("suppressed_cells", TEXT)]
)
SCHEMAS = {"disparities": DISPARITIES, "wait_disparities": WAIT_DISPARITIES}
MIN_PARALLEL_ROWS = 1_000_000
"""From this number of rows on, several processes are used."""
Row = dict[str, Any]


def measure_disparities(
    group_answers: Rows, group_waits: Rows, first_endings: Mapping[str, str]
) -> dict[str, pa.Table]:
    """Return the tables of `SCHEMAS`: differences in shares and in time to event between each group and all others.

    Parameters
    ----------
    group_answers, group_waits
        Counts by indicator (or wait), side, characteristic, group, force and kind of offence.
    first_endings
        The main ending of each wait.

    Returns
    -------
    dict
        Tables by name. Differences are in percentage points, with Benjamini-Hochberg q-values.
    """
    shares = list(_compare_partitions(group_answers, "indicator", _share_rows))
    waits = list(_compare_partitions(group_waits, "wait", partial(_wait_rows, first_endings=first_endings)))
    q = q_values([np.nan if row["p_value"] is None else row["p_value"] for row in (*shares, *waits)])
    for row, value in zip((*shares, *waits), q, strict=True):
        row["q_value"] = None if np.isnan(value) else round(float(value), 6)
        row["verdict"] = row["verdict"] or (DIFFERENCE_SHOWN if value <= MAX_Q_VALUE else NO_DIFFERENCE_SHOWN)
    return {"disparities": as_table(shares, DISPARITIES), "wait_disparities": as_table(waits, WAIT_DISPARITIES)}


def _compare_partitions(rows: Rows, key_column: str, compare: Callable[[list[Row]], list[Row]]) -> Iterator[Row]:
    """Yield the result rows of each indicator or wait, side and characteristic; a large table in several processes."""
    if isinstance(rows, pa.Table):
        processes = available_processors() if rows.num_rows >= MIN_PARALLEL_ROWS else 1
        yield from chain.from_iterable(
            map_batches(_partitions(rows, key_column), partial(_on_frame, compare), processes)
        )
    else:
        yield from chain.from_iterable(
            map(compare, group_rows_by(as_rows(rows), key_column, "side", "characteristic").values())
        )


def _partitions(rows: pa.Table, key_column: str) -> Iterator[pl.DataFrame]:
    """Yield one frame per key, side and characteristic.

    A national table has millions of rows, so only the rows of one key are copied at a time.
    """
    encoded = rows[key_column].combine_chunks().dictionary_encode()
    numbers = encoded.indices.to_numpy(zero_copy_only=False)
    for number in range(len(encoded.dictionary)):
        frame = pl.DataFrame(pl.from_arrow(rows.filter(pa.array(numbers == number))))
        yield from frame.partition_by("side", "characteristic", maintain_order=True)


def _on_frame(compare: Callable[[list[Row]], list[Row]]) -> Callable[[pl.DataFrame], list[Row]]:
    def compare_frame(frame: pl.DataFrame) -> list[Row]:
        return compare(frame.to_dicts())

    return compare_frame


def _is_group(people: str) -> bool:
    return people not in NO_GROUPS


def _has_unknown_group(people: str) -> bool:
    """Return True if the record may belong to any group; with conflicting values it belongs to several."""
    return not _is_group(people) and people != CONFLICTING_VALUES


def _exclusion_reason(rows: Iterable[Row], total: int, *counts: str) -> str:
    """Return why no group can be compared, if too many records may belong to any group; '' otherwise."""
    unknown = [row for row in rows if _has_unknown_group(row["people"])]
    if sum(_sum(unknown, name) for name in counts) <= PENDING_LIMIT * total:
        return ""
    unrecorded = [row for row in unknown if row["people"] == NOT_KNOWN]
    is_mostly_unrecorded = 2 * sum(_sum(unrecorded, name) for name in counts) >= sum(
        _sum(unknown, name) for name in counts
    )
    return TOO_UNRECORDED if is_mostly_unrecorded else TOO_UNDESCRIBED


def _share_rows(rows: list[Row]) -> list[Row]:
    """Return one row per group, for one indicator, side and characteristic."""
    groups = {key[0]: group_rows for key, group_rows in group_rows_by(rows, "people").items()}
    total = sum(row["met"] + row["not_met"] for row in rows)
    unknown = [row for row in rows if _has_unknown_group(row["people"])]
    exclusion = _exclusion_reason(rows, total, "met", "not_met")
    unknown_met, unknown_base = _sum(unknown, "met"), _sum(unknown, "met") + _sum(unknown, "not_met")
    results = []
    for people in sorted(groups):
        group_rows = groups[people]
        other_rows = [row for row in rows if _is_group(row["people"]) and row["people"] != people]
        met, base = _sum(group_rows, "met"), _sum(group_rows, "met") + _sum(group_rows, "not_met")
        result = {name: group_rows[0][name] for name in ("indicator", "side", "characteristic", "people")}
        result |= {
            "met": met,
            "not_met": base - met,
            "base": base,
            "not_known": _sum(group_rows, "not_known"),
            "suppressed_cells": "",
        }
        result |= {"share": met / base if base else None, "p_value": None, "verdict": NO_GROUP}
        if _is_group(people):
            result |= _compare_shares(group_rows, other_rows, (unknown_met, unknown_base), exclusion)
        results.append(result)
    return results


def _compare_shares(group_rows: list[Row], other_rows: list[Row], unknown: tuple[int, int], exclusion: str) -> Row:
    met, base = _sum(group_rows, "met"), _sum(group_rows, "met") + _sum(group_rows, "not_met")
    other_met, other_base = _sum(other_rows, "met"), _sum(other_rows, "met") + _sum(other_rows, "not_met")
    if min(base, other_base) < MIN_RECORDS:
        return {"verdict": TOO_FEW_RECORDS}
    difference = _difference(group_rows, other_rows)
    if difference is None:
        return {"verdict": NO_COMPARISON_GROUP}
    lowest, highest = difference_bounds(met, base, other_met, other_base, *unknown)
    points = {
        "points": difference.value,
        "points_low": difference.low,
        "points_high": difference.high,
        "points_least": lowest,
        "points_most": highest,
    }
    points = {name: round(100 * value, 3) for name, value in points.items()}
    if exclusion:
        return {**points, "verdict": exclusion}
    return {**points, "p_value": difference.p_value, "verdict": ""}


def _difference(group_rows: list[Row], other_rows: list[Row]) -> Difference | None:
    """Return the difference in shares, stratified by force and kind of offence."""
    strata = sorted({(row["force_code"], row["offence_family"]) for row in group_rows})
    sides = [_in_strata(rows, strata) for rows in (group_rows, other_rows)]
    return share_difference(*sides[0], *sides[1])


def _in_strata(rows: list[Row], strata: Sequence[tuple[str, str]]) -> tuple[list[int], list[int]]:
    rows_by_stratum = group_rows_by(rows, "force_code", "offence_family")
    met = [_sum(rows_by_stratum.get(stratum, []), "met") for stratum in strata]
    return met, [
        met_count + _sum(rows_by_stratum.get(stratum, []), "not_met")
        for met_count, stratum in zip(met, strata, strict=True)
    ]


def _sum(rows: Iterable[Row], column: str) -> int:
    return sum(row[column] for row in rows)


def _wait_rows(rows: list[Row], first_endings: Mapping[str, str]) -> list[Row]:
    """Return one row per group, for one wait, side and characteristic."""
    ending = first_endings[rows[0]["wait"]]
    exclusion = _exclusion_reason(rows, _sum(rows, "records"), "records")
    wait_data = _wait_data([row for row in rows if _is_group(row["people"])], ending)
    results = []
    for (people,), group_rows in sorted(group_rows_by(rows, "people").items()):
        records = _sum(group_rows, "records")
        ended = _sum((row for row in group_rows if row["ending"] == ending), "records")
        waiting = _sum((row for row in group_rows if row["ending"] == STILL_WAITING), "records")
        result = {name: group_rows[0][name] for name in ("wait", "side", "characteristic", "people")}
        result |= {
            "records": records,
            "ended": ended,
            "still_waiting": waiting,
            "suppressed_cells": "",
            "p_value": None,
        }
        result |= {"ended_otherwise": records - ended - waiting, "verdict": NO_GROUP, **_median(group_rows, ending)}
        if _is_group(people):
            result |= _compare_pace(people, wait_data, exclusion)
        results.append(result)
    return results


def _median(rows: list[Row], ending: str) -> Row:
    columns = [[row[name] for row in rows] for name in ("days", "ending", "records")]
    endings = list(dict.fromkeys([ending, *(other for other in columns[1] if other != STILL_WAITING)]))
    estimate = cumulative_incidence(*columns, waiting=STILL_WAITING, required_endings=endings)[ending].median
    return {"median_days": estimate.days, "median_low": estimate.low, "median_high": estimate.high}


@dataclass(frozen=True)
class _WaitData:
    """The waits of all groups, sorted by stratum; `ends` has the position at which each stratum but the last ends."""

    people: np.ndarray[Any, Any]
    days: np.ndarray[Any, Any]
    ended: np.ndarray[Any, Any]
    records: np.ndarray[Any, Any]
    ends: np.ndarray[Any, Any]


def _wait_data(rows: list[Row], ending: str) -> _WaitData:
    strata = sorted(rows, key=_stratum)
    changes = [index for index in range(1, len(strata)) if _stratum(strata[index]) != _stratum(strata[index - 1])]
    columns = (np.array([row[name] for row in strata]) for name in ("people", "days", "ending", "records"))
    people, days, endings, records = columns
    return _WaitData(people, days, (endings == ending).astype(int), records, np.array(changes, dtype=int))


def _stratum(row: Row) -> tuple[str, str]:
    return row["force_code"], row["offence_family"]


def _compare_pace(people: str, wait_data: _WaitData, exclusion: str) -> Row:
    """Return the columns of the log-rank test of one group, stratified by force and kind of offence."""
    in_group = wait_data.people == people
    if min(wait_data.records[in_group].sum(), wait_data.records[~in_group].sum()) < MIN_RECORDS:
        return {"verdict": TOO_FEW_RECORDS}
    columns = (wait_data.days, wait_data.ended, in_group.astype(int), wait_data.records)
    strata = zip(*(np.split(column, wait_data.ends) for column in columns), strict=True)
    difference = log_rank_test([StratumWaits(*stratum) for stratum in strata if 0 < stratum[2].sum() < len(stratum[2])])
    if difference is None:
        return {"verdict": NO_COMPARISON_GROUP}
    if exclusion:
        return {"sooner": difference.sooner, "verdict": exclusion}
    return {"sooner": difference.sooner, "p_value": difference.p_value, "verdict": ""}
