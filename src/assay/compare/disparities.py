"""Who was served worse, and whose suspects were pursued less: each group beside the others in the same force?

Every group of victims or suspects is held against all others of whom it is known, within one force and one kind of
offence, in both directions; the figures of one such stratum never stand against those of another. False discoveries
are held over all of them together. A group is too small to be seen, or too seldom recorded, before it is ever found
to be like the others: that no difference is shown says nothing more than that. Records of which no entry says who they
are about are counted apart from those of people of whom something was not written down.
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

from assay.compare.comparability import FEWEST_RECORDS, PENDING_LIMIT
from assay.compare.comparison_tables import FLAG, NUMBER, TEXT, WHOLE, Rows, as_rows, as_table, grouped
from assay.engine.worker_processes import cores, streamed
from assay.facts.person_characteristics import SEVERAL
from assay.indicators import NOT_KNOWN, STILL_WAITING
from assay.indicators.persons_of_records import NO_GROUPS
from assay.stats.cumulative_incidence import cumulative_incidence
from assay.stats.false_discovery import q_values
from assay.stats.stratified_differences import Difference, Waits, least_and_most, pace, share_difference

SHOWN, NOT_SHOWN = "a difference is shown", "no difference is shown"
TOO_FEW = "too few to see"
TOO_UNRECORDED = "too seldom recorded to see"
TOO_UNDESCRIBED = "too seldom said who it is about to see"
ALONE = "nobody else in the same force and kind of offence"
NO_GROUP = "not a group"
NAMED_FROM = 0.05
"""A difference is shown from this chance of a false discovery down, over all that were looked at."""
SERVED = pa.schema(
    [(name, TEXT) for name in ("indicator", "side", "characteristic", "people")]
    + [(name, WHOLE) for name in ("met", "not_met", "base", "not_known")]
    + [(name, NUMBER) for name in ("share", "points", "points_low", "points_high", "points_least", "points_most")]
    + [("q_value", NUMBER), ("verdict", TEXT), ("hidden", TEXT)]
)
SERVED_WAITS = pa.schema(
    [(name, TEXT) for name in ("wait", "side", "characteristic", "people")]
    + [(name, WHOLE) for name in ("records", "ended", "ended_otherwise", "still_waiting")]
    + [(name, NUMBER) for name in ("median_days", "median_low", "median_high")]
    + [("sooner", FLAG), ("q_value", NUMBER), ("verdict", TEXT), ("hidden", TEXT)]
)
SCHEMAS = {"served": SERVED, "served_waits": SERVED_WAITS}
MANY = 1_000_000
"""So many rows are looked at in several processes."""
Row = dict[str, Any]


def served(parted: Rows, parted_waits: Rows, first_endings: Mapping[str, str]) -> dict[str, pa.Table]:
    """The tables of `SCHEMAS`, from the answers and waits by group, of the forces that could be asked.

    `first_endings`: by wait, the ending that is asked for. Differences are in points: how many more in 100.
    """
    shares = list(_told(parted, "indicator", _shares))
    waits = list(_told(parted_waits, "wait", partial(_waits, first_endings=first_endings)))
    q = q_values([np.nan if row["p_value"] is None else row["p_value"] for row in (*shares, *waits)])
    for row, value in zip((*shares, *waits), q, strict=True):
        row["q_value"] = None if np.isnan(value) else round(float(value), 6)
        row["verdict"] = row["verdict"] or (SHOWN if value <= NAMED_FROM else NOT_SHOWN)
    return {"served": as_table(shares, SERVED), "served_waits": as_table(waits, SERVED_WAITS)}


def _told(rows: Rows, form: str, tell: Callable[[list[Row]], list[Row]]) -> Iterator[Row]:
    """What is told of one form, side and characteristic after the other: of a large table not all at once."""
    if isinstance(rows, pa.Table):
        processes = cores() if rows.num_rows >= MANY else 1
        yield from chain.from_iterable(streamed(_parts(rows, form), partial(_telling, tell), processes))
    else:
        yield from chain.from_iterable(map(tell, grouped(as_rows(rows), form, "side", "characteristic").values()))


def _parts(rows: pa.Table, form: str) -> Iterator[pl.DataFrame]:
    """One part a form, side and characteristic; of a nation's waits there are millions, and one form's are copied."""
    encoded = rows[form].combine_chunks().dictionary_encode()
    numbers = encoded.indices.to_numpy(zero_copy_only=False)
    for number in range(len(encoded.dictionary)):
        mine = pl.DataFrame(pl.from_arrow(rows.filter(pa.array(numbers == number))))
        yield from mine.partition_by("side", "characteristic", maintain_order=True)


def _telling(tell: Callable[[list[Row]], list[Row]]) -> Callable[[pl.DataFrame], list[Row]]:
    def told(part: pl.DataFrame) -> list[Row]:
        return tell(part.to_dicts())

    return told


def _is_group(people: str) -> bool:
    return people not in NO_GROUPS


def _is_lost(people: str) -> bool:
    """Whether it may belong to any group: where people differ each group has its part."""
    return not _is_group(people) and people != SEVERAL


def _unseen(rows: Iterable[Row], every: int, *counts: str) -> str:
    """Why no group can be held against others, where too much may belong to any of them; '' else."""
    lost = [row for row in rows if _is_lost(row["people"])]
    if sum(_sum(lost, name) for name in counts) <= PENDING_LIMIT * every:
        return ""
    unwritten = [row for row in lost if row["people"] == NOT_KNOWN]
    mostly = 2 * sum(_sum(unwritten, name) for name in counts) >= sum(_sum(lost, name) for name in counts)
    return TOO_UNRECORDED if mostly else TOO_UNDESCRIBED


def _shares(rows: list[Row]) -> list[Row]:
    """One row a group of one indicator, side and characteristic."""
    groups = {key[0]: mine for key, mine in grouped(rows, "people").items()}
    every = sum(row["met"] + row["not_met"] for row in rows)
    lost = [row for row in rows if _is_lost(row["people"])]
    unseen = _unseen(rows, every, "met", "not_met")
    lost_met, lost_all = _sum(lost, "met"), _sum(lost, "met") + _sum(lost, "not_met")
    found = []
    for people in sorted(groups):
        mine = groups[people]
        others = [row for row in rows if _is_group(row["people"]) and row["people"] != people]
        met, base = _sum(mine, "met"), _sum(mine, "met") + _sum(mine, "not_met")
        told = {name: mine[0][name] for name in ("indicator", "side", "characteristic", "people")}
        told |= {"met": met, "not_met": base - met, "base": base, "not_known": _sum(mine, "not_known"), "hidden": ""}
        told |= {"share": met / base if base else None, "p_value": None, "verdict": NO_GROUP}
        if _is_group(people):
            told |= _beside(mine, others, (lost_met, lost_all), unseen)
        found.append(told)
    return found


def _beside(mine: list[Row], others: list[Row], lost: tuple[int, int], unseen: str) -> Row:
    met, base = _sum(mine, "met"), _sum(mine, "met") + _sum(mine, "not_met")
    other_met, other_base = _sum(others, "met"), _sum(others, "met") + _sum(others, "not_met")
    if min(base, other_base) < FEWEST_RECORDS:
        return {"verdict": TOO_FEW}
    found = _difference(mine, others)
    if found is None:
        return {"verdict": ALONE}
    least, most = least_and_most(met, base, other_met, other_base, *lost)
    told = {"points": found.value, "points_low": found.low, "points_high": found.high, "points_least": least,
            "points_most": most}  # fmt: skip
    told = {name: round(100 * value, 3) for name, value in told.items()}
    if unseen:
        return {**told, "verdict": unseen}
    return {**told, "p_value": found.p_value, "verdict": ""}


def _difference(mine: list[Row], others: list[Row]) -> Difference | None:
    """Within each force and kind of offence."""
    strata = sorted({(row["force_code"], row["offence_family"]) for row in mine})
    sides = [_in_strata(rows, strata) for rows in (mine, others)]
    return share_difference(*sides[0], *sides[1])


def _in_strata(rows: list[Row], strata: Sequence[tuple[str, str]]) -> tuple[list[int], list[int]]:
    held = grouped(rows, "force_code", "offence_family")
    met = [_sum(held.get(one, []), "met") for one in strata]
    return met, [m + _sum(held.get(one, []), "not_met") for m, one in zip(met, strata, strict=True)]


def _sum(rows: Iterable[Row], column: str) -> int:
    return sum(row[column] for row in rows)


def _waits(rows: list[Row], first_endings: Mapping[str, str]) -> list[Row]:
    """One row a group of one wait, side and characteristic."""
    ending = first_endings[rows[0]["wait"]]
    unseen = _unseen(rows, _sum(rows, "records"), "records")
    seen = _seen([row for row in rows if _is_group(row["people"])], ending)
    found = []
    for (people,), mine in sorted(grouped(rows, "people").items()):
        records = _sum(mine, "records")
        ended = _sum((row for row in mine if row["ending"] == ending), "records")
        waiting = _sum((row for row in mine if row["ending"] == STILL_WAITING), "records")
        told = {name: mine[0][name] for name in ("wait", "side", "characteristic", "people")}
        told |= {"records": records, "ended": ended, "still_waiting": waiting, "hidden": "", "p_value": None}
        told |= {"ended_otherwise": records - ended - waiting, "verdict": NO_GROUP, **_median(mine, ending)}
        if _is_group(people):
            told |= _pace_beside(people, seen, unseen)
        found.append(told)
    return found


def _median(rows: list[Row], ending: str) -> Row:
    columns = [[row[name] for row in rows] for name in ("days", "ending", "records")]
    endings = list(dict.fromkeys([ending, *(one for one in columns[1] if one != STILL_WAITING)]))
    half = cumulative_incidence(*columns, waiting=STILL_WAITING, of=endings)[ending].median
    return {"median_days": half.days, "median_low": half.low, "median_high": half.high}


@dataclass(frozen=True)
class _Seen:
    """The waits of all groups, by stratum: `ends` says where each stratum ends."""

    people: np.ndarray[Any, Any]
    days: np.ndarray[Any, Any]
    ended: np.ndarray[Any, Any]
    records: np.ndarray[Any, Any]
    ends: np.ndarray[Any, Any]


def _seen(rows: list[Row], ending: str) -> _Seen:
    strata = sorted(rows, key=_stratum)
    changes = [at for at in range(1, len(strata)) if _stratum(strata[at]) != _stratum(strata[at - 1])]
    columns = (np.array([row[name] for row in strata]) for name in ("people", "days", "ending", "records"))
    people, days, endings, records = columns
    return _Seen(people, days, (endings == ending).astype(int), records, np.array(changes, dtype=int))


def _stratum(row: Row) -> tuple[str, str]:
    return row["force_code"], row["offence_family"]


def _pace_beside(people: str, seen: _Seen, unseen: str) -> Row:
    """Within each force and kind of offence."""
    mine = seen.people == people
    if min(seen.records[mine].sum(), seen.records[~mine].sum()) < FEWEST_RECORDS:
        return {"verdict": TOO_FEW}
    columns = (seen.days, seen.ended, mine.astype(int), seen.records)
    parted = zip(*(np.split(column, seen.ends) for column in columns), strict=True)
    found = pace([Waits(*stratum) for stratum in parted if 0 < stratum[2].sum() < len(stratum[2])])
    if found is None:
        return {"verdict": ALONE}
    if unseen:
        return {"sooner": found.sooner, "verdict": unseen}
    return {"sooner": found.sooner, "p_value": found.p_value, "verdict": ""}
