"""Screening for capture-recapture: which lists to combine, or why no estimate is possible.

Nested lists, and lists beyond the maximum number, are merged. If a list may hold children who are not exploited (`sure`
is no), a second table without it is estimated too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from assay.indicators.catalogue.scale.hidden.list_overlap import ListSet, Patterns
from assay.reference import child_lists, list_dependences
from assay.reference.child_lists import PARTNER, POLICE
from assay.stats.multiple_systems.capture_histories import Floats
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.list_screening import (
    NESTED_SHARE,
    DependenceSign,
    ListDependence,
    Screening,
    screen_lists,
)

MIN_LISTS, MAX_LISTS = 3, 5
"""Two lists cannot show whether they are independent; beyond five the cells are too sparse, and too many models fit."""
TOO_FEW = "Fewer than three lists: two lists cannot show whether they depend on one another."
WHY_STOPPED: Mapping[str, str] = {
    "too little overlap": "Too few children stand on two lists or more, so the lists say nothing about whom they miss.",
    "empty list": "A list holds nobody.",
    "duplicate lists": "Lists hold the same children: they are one list in copies.",
    "nested lists": "A list lies within another, as when drawn from it, and too few others are left.",
    "lists fall apart": "The lists fall into groups that no child joins.",
}
"""Reasons for no estimate, without counts, because the library's own text may hold a small count."""
Groups = tuple[frozenset[str], ...]
"""Groups of merged lists; a list that is not merged is a group of one."""


@dataclass(frozen=True)
class ScreenedTable:
    """A capture table that passed the screening, with the groups into which its lists were merged."""

    groups: Groups
    table: CaptureTable
    screening: Screening

    @property
    def signs(self) -> frozenset[DependenceSign]:
        """The signs of the declared dependences between pairs of lists."""
        return frozenset(dependence.sign for dependence in self.screening.dependences)

    def with_patterns(self, patterns: Patterns) -> CaptureTable:
        """Return the table with other counts for the same lists, such as counts under an alternative record linkage."""
        return CaptureTable(self.table.lists, _counts(self.groups, patterns))


def screened_tables(list_set: ListSet) -> tuple[list[ScreenedTable], str]:
    """Return the capture tables that pass the screening (of all lists, and of sure lists only), or why none does."""
    sure = [key for key in list_set.lists if child_lists().get(list_set.kinds[key]).sure]
    candidates = [list_set.lists, *([tuple(sure)] if len(sure) < len(list_set.lists) else [])]
    passed, reasons = [], []
    for lists in candidates:
        groups = _group_lists(list_set, lists)
        if len(groups) < MIN_LISTS:
            reasons.append(TOO_FEW)
            continue
        screened = _screen(list_set, groups)
        if screened.screening.passed:
            passed.append(screened)
        else:
            reasons += [WHY_STOPPED[found.kind] for found in screened.screening.findings if found.is_blocking]
    return passed, "" if passed else " ".join(dict.fromkeys(reasons[:1] if TOO_FEW in reasons[:1] else reasons))


def _screen(list_set: ListSet, groups: Groups) -> ScreenedTable:
    names = tuple("+".join(sorted(group)) for group in groups)
    table = CaptureTable(
        names, _counts(groups, list_set.patterns), window=list_set.window_words, definition=list_set.definition
    )
    dependences = _declared_dependences(list_set, dict(zip(groups, names, strict=True)))
    return ScreenedTable(groups, table, screen_lists(table, dependences))


def _counts(groups: Groups, patterns: Patterns) -> Floats:
    found: Counter[int] = Counter()
    for pattern, count in patterns.items():
        found[sum(1 << place for place, group in enumerate(groups) if pattern & group)] += count
    return np.array([0.0, *(float(found[cell]) for cell in range(1, 1 << len(groups)))])


def _declared_dependences(list_set: ListSet, names: Mapping[frozenset[str], str]) -> list[ListDependence]:
    """Return the declared dependences of the pairs of lists present; merged lists have none."""
    home = {key: name for group, name in names.items() for key in group}
    found = {}
    for key, other in ((a, b) for a in home for b in home if home[a] != home[b]):
        for dependence in list_dependences():
            if (dependence.first, dependence.second) == (list_set.kinds[key], list_set.kinds[other]):
                pair = (home[key], home[other], dependence.sign)
                found[pair] = ListDependence(
                    home[key], home[other], DependenceSign[dependence.sign.upper()], dependence.reason
                )
    return list(found.values())


def _group_lists(list_set: ListSet, lists: Iterable[str]) -> Groups:
    groups = [frozenset({key}) for key in lists]
    while (pair := _nested(list_set, groups)) or len(groups) > MAX_LISTS:
        first, second = pair or _smallest(list_set, groups)
        place = min(groups.index(first), groups.index(second))
        groups = [group for group in groups if group not in (first, second)]
        groups.insert(place, first | second)
    return tuple(groups)


def _nested(list_set: ListSet, groups: list[frozenset[str]]) -> tuple[frozenset[str], frozenset[str]] | None:
    for first in groups:
        for second in groups:
            size = list_set.children(first)
            if first != second and size and _overlap(list_set, first, second) >= NESTED_SHARE * size:
                return first, second
    return None


def _overlap(list_set: ListSet, first: frozenset[str], second: frozenset[str]) -> int:
    return sum(count for pattern, count in list_set.patterns.items() if pattern & first and pattern & second)


def _smallest(list_set: ListSet, groups: list[frozenset[str]]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the two smallest groups of one side, partners first: lists of one side depend most on each other."""
    for side in (PARTNER, POLICE):
        side_groups = sorted(
            (g for g in groups if g <= list_set.keys_of(side)), key=lambda g: (list_set.children(g), sorted(g))
        )
        if len(side_groups) > 1:
            return side_groups[0], side_groups[1]
    ordered_groups = sorted(groups, key=lambda g: (list_set.children(g), sorted(g)))
    return ordered_groups[0], ordered_groups[1]
