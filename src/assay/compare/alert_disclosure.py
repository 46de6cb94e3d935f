"""Would a call, or that there is none, tell of a count that is too small to be shown?

A force is called where its count lies beyond a limit, and about where that lies a reader can work out from the other
forces. If it lies among the counts that are too small to be shown, a call says on which side of it this one is. So it
is asked, everything else as a reader sees it, whether the same would be said of the least and of the largest of them:
what lies between is never further out than both (decision 0154).

A reader sees the other count of the force rounded. So the ends are: the least with the most that the other may be, and
the largest with the least.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from assay.compare.outlier_alerts import side_of, weight_of
from assay.compare.previous_alerts import Before, Call, with_call
from assay.stats.false_discovery import named_up_to
from assay.stats.posterior_grid import Floats

OF_MET, OF_NOT_MET = "call_tells_of_met", "call_tells_of_not_met"
MET_ENDS, NOT_MET_ENDS = slice(0, 2), slice(2, 4)
"""Of the four ends that `ends_of` gives: those where few meet it, and where few do not."""
End = tuple[str, float]
"""On which side of what the others lead one to expect a force would lie, and its p-value."""


@dataclass(frozen=True)
class Shown:
    """How counts will be shown: those from 1 to `not_up_to` not at all, all others to the nearest `rounded_to`."""

    not_up_to: int
    rounded_to: int

    def hides(self, count: int) -> bool:
        """Whether it is too small to be shown."""
        return 0 < count <= self.not_up_to

    def cell(self, counts: ArrayLike) -> tuple[Floats, Floats]:
        """The least and the most that each count may be, of which the rounded value is seen; halves go upward."""
        half = self.rounded_to // 2
        low = (np.asarray(counts) + half) // self.rounded_to * self.rounded_to - half
        return np.maximum(low, 0).astype(float), (low + self.rounded_to - 1).astype(float)


def ends_of(met: ArrayLike, base: ArrayLike, shown: Shown) -> tuple[Floats, Floats]:
    """How many meet it, of how many (first axis of each: the four ends): where the fewest, and the most that are not
    shown, do; and where the fewest, and the most that are not shown, do not."""
    least_met, most_met = shown.cell(met)
    least_not, most_not = shown.cell(np.asarray(base) - np.asarray(met))
    one, few = np.ones_like(least_met), np.full_like(least_met, shown.not_up_to)
    counts = np.array([one, few, most_met, least_met])
    return counts, counts + np.array([most_not, least_not, one, few])


def write_sides(rows: Sequence[dict[str, Any]], shown: Shown) -> None:
    """Write on each row on which side it would lie at each of the four ends."""
    counts, sizes = ends_of([row["numerator"] for row in rows], [row["base"] for row in rows], shown)
    for row, shares in zip(rows, (counts / sizes).T, strict=True):
        row["sides_of_few"] = [side_of(float(share), row["expected"]) for share in shares]


def ends(row: Mapping[str, Any], which: slice) -> list[End] | None:
    """Both ends of what a count that is not shown may be; None where that is not known."""
    if row.get("p_of_few") is None:
        return None
    return list(zip(row["sides_of_few"][which], row["p_of_few"][which], strict=True))


def note_what_tells(
    rows: Sequence[dict[str, Any]], p_asked: Floats, better: Mapping[str, str], before: Before, up_to: float
) -> None:
    """Write on each row that is compared whether a call would tell of a small count of met, and of not met.

    `rows`: of shares, in the order of `p_asked` (the p-values among which false discovery is held); `better`, `before`
    and `up_to`: as they were called.
    """
    for row, limit in zip(rows, named_up_to(p_asked, before.level(up_to)), strict=True):
        call, good = before.calls.get((row["measure"], row["place_code"])), better.get(row["measure"], "")
        for column, which in ((OF_MET, MET_ENDS), (OF_NOT_MET, NOT_MET_ENDS)):
            both = ends(row, which)
            row[column] = None if both is None else _differ(both, float(limit), good, call)


def _differ(both: Sequence[End], limit: float, good: str, call: Call | None) -> bool:
    said = [what_leaves(p / weight_of(good, side) <= limit, side, p, call) for side, p in both]
    return said[0] != said[1]


def what_leaves(named: bool, side: str, p_value: float, call: Call | None) -> tuple[Any, ...]:
    """What would leave of a call on this side, did it have this p-value (of both sides)."""
    row = {"unusual": bool(named), "direction": side if named else "", "side": side, "p_value": p_value, "q_value": 1.0}
    row |= with_call(row, call)
    return tuple(row[name] for name in ("unusual", "direction", "called", "called_since"))
