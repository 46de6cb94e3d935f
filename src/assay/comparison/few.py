"""Would a call, or that there is none, tell of a count that is too small to be shown?

A force is called where its count lies beyond a limit, and about where that lies a reader can work out from the other
forces. If it lies among the counts that are too small to be shown, a call says on which side of it this one is. So it
is asked, everything else as it is, whether the same would be said of the least and of the largest of them: what lies
between is never further out than both (decision 0154).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from assay.comparison.called_before import Before, Call, with_call
from assay.comparison.discoveries import side_of, weight_of
from assay.estimation.discoveries import named_up_to
from assay.estimation.grid import Floats

OF_MET, OF_NOT_MET = "call_tells_of_met", "call_tells_of_not_met"


def ends_of(base: ArrayLike, few: int) -> Floats:
    """How many meet it, where 1, or `few`, do; and where `few`, or 1, do not (first axis)."""
    sizes = np.asarray(base, dtype=float)
    low, high = np.ones_like(sizes), np.full_like(sizes, few)
    return np.asarray(np.clip([low, high, sizes - high, sizes - low], 0, sizes))


def note_what_tells(
    rows: Sequence[dict[str, Any]], p_asked: Floats, better: Mapping[str, str], before: Before, up_to: float, few: int
) -> None:
    """Write on each row that is compared `call_tells_of_met` and `call_tells_of_not_met`.

    `rows`: of shares, in the order of `p_asked` (the p-values among which false discovery is held), with `p_of_few`;
    `better`, `before` and `up_to`: as they were called; counts from 1 to `few` are not shown.
    """
    limits = named_up_to(p_asked, before.level(up_to))
    for row, limit in zip(rows, limits, strict=True):
        if row.get("p_of_few") is not None:
            row |= _told(row, float(limit), better.get(row["measure"], ""), _call(row, before), few)


def _call(row: Mapping[str, Any], before: Before) -> Call | None:
    return before.calls.get((row["measure"], row["place_code"]))


def _told(row: Mapping[str, Any], limit: float, good: str, call: Call | None, few: int) -> dict[str, bool]:
    counts = ends_of(row["base"], few)
    least, most, all_but_most, all_but_least = [
        _said(side_of(count / row["base"], row["expected"]), p, limit, good, call)
        for count, p in zip(counts, row["p_of_few"], strict=True)
    ]
    return {OF_MET: least != most, OF_NOT_MET: all_but_most != all_but_least}


def _said(side: str, p: float, limit: float, good: str, call: Call | None) -> tuple[Any, ...]:
    """What would leave of a call, did the force lie so far out on this side."""
    named = bool(p / weight_of(good, side) <= limit)
    row = {"unusual": named, "direction": side if named else "", "side": side, "p_value": p, "q_value": None}
    row |= with_call(row, call)
    return tuple(row[name] for name in ("unusual", "direction", "called", "called_since"))
