"""Find entries whose date of birth contradicts the other entries of the same person.

Entries with the same force number, names, postcode and telephone number are one person, also where a date of birth lies
far from the others: one of the dates is wrong. Such a date is disputed. It is no evidence against linkage, and the
entry is listed for review. A child and an adult suspect are never taken for one person in this way: a parent and a
child can share names, home and telephone, and a number can be given to both.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.linkage.contradictions import ADULT_SUSPECT, CHILD, birth_dates_conflict

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]
IDENTITY = ("number", "family", "given_all", "postcode", "phone")
"""Columns that must all be present and equal."""


def disputed_births(rows: pa.Table, days: Numbers, no_day: int) -> Mask:
    """Return for each entry whether its date of birth is disputed.

    The most frequent date of the person stands. Where several are equally frequent and contradict each other, all of
    them are disputed.

    Parameters
    ----------
    rows
        Normalised entries, with the columns of `IDENTITY` and `part`.
    days
        Day of birth of each entry as days since 1970; `no_day` where it is missing.
    """
    disputed = np.zeros(rows.num_rows, dtype=bool)
    parts = rows["part"].to_pylist()
    for positions in _groups_of_one_person(rows):
        counts = Counter(int(days[position]) for position in positions if days[position] != no_day)
        if len(counts) < 2 or {CHILD, ADULT_SUSPECT} <= {parts[position] for position in positions}:
            continue
        wrong_days = _contradicting_days(counts)
        for position in positions:
            disputed[position] = int(days[position]) in wrong_days
    return disputed


def _groups_of_one_person(rows: pa.Table) -> list[list[int]]:
    """Return the positions of the entries that agree on all columns of `IDENTITY`, for each person with several."""
    is_complete = np.ones(rows.num_rows, dtype=bool)
    for name in IDENTITY:
        is_complete &= pc.is_valid(rows[name]).to_numpy()
    places = pa.array(np.flatnonzero(is_complete))
    complete_rows = rows.select(IDENTITY).take(places).append_column("position", places)
    grouped = complete_rows.group_by(list(IDENTITY), use_threads=False).aggregate([("position", "list")])
    lists: list[list[int]] = grouped["position_list"].to_pylist()
    return [positions for positions in lists if len(positions) > 1]


def _contradicting_days(counts: Counter[int]) -> set[int]:
    """Return the days that contradict the most frequent one; without such a one, all that contradict each other."""
    highest_count = max(counts.values())
    leading = [day for day, count in counts.items() if count == highest_count]
    if any(birth_dates_conflict(first, second) for first in leading for second in leading if first != second):
        return {day for day in counts if any(birth_dates_conflict(day, other) for other in counts if other != day)}
    return {day for day in counts if any(birth_dates_conflict(day, other) for other in leading if other != day)}
