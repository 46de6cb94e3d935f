"""Did the number of exploited children change between years, or only the share of them that is found?

Both years are estimated jointly, over the lists that both have (`multiple_systems.changes`). A direction is given as a
probability, and named only if two methods agree.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from assay.indicators.catalogue.scale.hidden.hidden_range import MAX_BIAS, HiddenRange
from assay.indicators.catalogue.scale.hidden.list_overlap import ListSet, Patterns
from assay.indicators.catalogue.scale.hidden.list_readiness import MIN_LISTS, ScreenedTable, screened_tables
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable
from assay.stats.multiple_systems.hidden_change import estimate_change

REPLICATES = 400
DRIFT = math.sqrt(MAX_BIAS)
"""Untestable bias may change the hidden number of one year up to `MAX_BIAS` times; half of that, on the log scale, may
differ between two years with the same lists."""
MORE, FEWER, INDETERMINATE = "more", "fewer", "cannot be said"
NO_LISTS = "The two years have fewer than three lists in common that can be put together."
NO_MODEL = "The two years together have no estimate."


@dataclass(frozen=True)
class YearChange:
    """Comparison of two years: direction, probability of a decrease, and the interval of the ratio.

    Figures are None if there is no comparison; `refusal` gives the reason.
    """

    place: str
    previous: ListSet
    later: ListSet
    direction: str
    probability_fewer: float | None
    low: float | None
    high: float | None
    refusal: str


def compare_all_years(estimates: Iterable[HiddenRange]) -> list[YearChange]:
    """Compare the estimates of each year with those of the year before, and the last with the first, by place."""
    by_place: dict[str, list[ListSet]] = defaultdict(list)
    for entry in estimates:
        if entry.low is not None:
            by_place[entry.lists.place].append(entry.lists)
    comparisons = []
    for _, years in sorted(by_place.items()):
        ordered_years = sorted(years, key=lambda entry: entry.window)
        pairs = list(pairwise(ordered_years))
        pairs += [(ordered_years[0], ordered_years[-1])] if len(ordered_years) > 2 else []
        comparisons += [compare_years(*pair) for pair in pairs]
    return comparisons


def compare_years(previous: ListSet, later: ListSet) -> YearChange:
    """Compare two years, over the lists that are available in both."""
    shared_lists = tuple(key for key in previous.lists if key in later.lists)
    tables = _tables(previous, later, frozenset(shared_lists)) if len(shared_lists) >= MIN_LISTS else None
    if tables is None:
        return YearChange(previous.place, previous, later, INDETERMINATE, None, None, None, NO_LISTS)
    try:
        result = estimate_change(*tables, replicates=REPLICATES, drift=DRIFT)
    except (NoEstimate, UnusableTable):
        return YearChange(previous.place, previous, later, INDETERMINATE, None, None, None, NO_MODEL)
    joint, separate = result.joint, result.separate
    agree = joint.direction == separate.direction
    direction = {1: MORE, -1: FEWER, 0: INDETERMINATE}[joint.direction] if agree else INDETERMINATE
    return YearChange(
        previous.place,
        previous,
        later,
        direction,
        round(joint.share_fewer, 2),
        round(joint.low, 2),
        round(joint.high, 2),
        "",
    )


def _tables(
    previous: ListSet, later: ListSet, shared_lists: frozenset[str]
) -> tuple[CaptureTable, CaptureTable] | None:
    """Return the tables of both years with lists grouped as in the earlier year; None if they do not pass the
    screening."""
    prepared, _ = screened_tables(_select_lists(previous, shared_lists))
    if not prepared:
        return None
    first: ScreenedTable = prepared[-1]
    return first.table, first.with_patterns(_select_lists(later, shared_lists).patterns)


def _select_lists(list_set: ListSet, keys: frozenset[str]) -> ListSet:
    """Return the children by a subset of the lists; children on none of them are dropped."""
    patterns: dict[frozenset[str], int] = defaultdict(int)
    for pattern, count in list_set.patterns.items():
        if pattern & keys:
            patterns[pattern & keys] += count
    reduced_patterns: Patterns = patterns
    return ListSet(
        list_set.place,
        list_set.window,
        list_set.year,
        list_set.source,
        list_set.linkage_method,
        list_set.definition,
        list_set.kinds,
        reduced_patterns,
        list_set.names,
    )
