"""Are there more children or fewer than in an earlier year, or are more or fewer of them found?

Both years are estimated together, over the lists that stand in both (`multiple_systems.changes`). A direction is told
as a probability; the words name a direction only where two ways of estimating agree.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from assay.indicators.catalogue.scale.hidden.hidden_range import BENT, Said
from assay.indicators.catalogue.scale.hidden.list_overlap import Lists, Patterns
from assay.indicators.catalogue.scale.hidden.list_readiness import FEWEST_LISTS, Ready, ready
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable
from assay.stats.multiple_systems.hidden_change import change

REPLICATES = 400
DRIFT = math.sqrt(BENT)
"""What no list can check bends the hidden of one year up to `BENT` times; half of that, on the log scale, may differ
between two years of the same lists."""
MORE, FEWER, NOT_TOLD = "more", "fewer", "cannot be told"
NO_LISTS = "The two years have fewer than three lists in common that can be put together."
NO_MODEL = "The two years together have no estimate."


@dataclass(frozen=True)
class Changed:
    """The later year beside the earlier: in words, the probability that there are fewer, and how many times as many
    there are, from low to high. None where `refusal` says why."""

    place: str
    earlier: Lists
    later: Lists
    direction: str
    probability_fewer: float | None
    low: float | None
    high: float | None
    refusal: str


def changes(found: Iterable[Said]) -> list[Changed]:
    """Of each place each year beside the one before, and the last beside the first, where both are estimated."""
    by_place: dict[str, list[Lists]] = defaultdict(list)
    for one in found:
        if one.low is not None:
            by_place[one.lists.place].append(one.lists)
    made = []
    for _, years in sorted(by_place.items()):
        inside = sorted(years, key=lambda one: one.window)
        pairs = list(pairwise(inside))
        pairs += [(inside[0], inside[-1])] if len(inside) > 2 else []
        made += [changed(*pair) for pair in pairs]
    return made


def changed(earlier: Lists, later: Lists) -> Changed:
    """One year beside another, over the lists that both have."""
    both = tuple(key for key in earlier.lists if key in later.lists)
    tables = _tables(earlier, later, frozenset(both)) if len(both) >= FEWEST_LISTS else None
    if tables is None:
        return Changed(earlier.place, earlier, later, NOT_TOLD, None, None, None, NO_LISTS)
    try:
        told = change(*tables, replicates=REPLICATES, drift=DRIFT)
    except (NoEstimate, UnusableTable):
        return Changed(earlier.place, earlier, later, NOT_TOLD, None, None, None, NO_MODEL)
    joint, apart = told.joint, told.apart
    agree = joint.direction == apart.direction
    direction = {1: MORE, -1: FEWER, 0: NOT_TOLD}[joint.direction] if agree else NOT_TOLD
    return Changed(
        earlier.place, earlier, later, direction, round(joint.fewer, 2), round(joint.low, 2), round(joint.high, 2), ""
    )


def _tables(earlier: Lists, later: Lists, both: frozenset[str]) -> tuple[CaptureTable, CaptureTable] | None:
    """The two years with the same lists taken as one, as the earlier year has them; None where that is not ready."""
    made, _ = ready(_only(earlier, both))
    if not made:
        return None
    first: Ready = made[-1]
    return first.table, first.another(_only(later, both).patterns)


def _only(held: Lists, keys: frozenset[str]) -> Lists:
    """The same children by these lists alone; whom none of them holds is not seen."""
    patterns: dict[frozenset[str], int] = defaultdict(int)
    for on, count in held.patterns.items():
        if on & keys:
            patterns[on & keys] += count
    kept: Patterns = patterns
    return Lists(
        held.place, held.window, held.year, held.made_of, held.linkage, held.definition, held.kinds, kept, held.names
    )
