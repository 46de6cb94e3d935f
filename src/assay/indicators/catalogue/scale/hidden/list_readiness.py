"""Which lists may be put together, which stand for one another, and why may nothing be estimated from these?

Lists that lie within one another, and lists beyond the most that can be estimated, are taken as one. A list that may
hold children who are not exploited (`sure` is no) makes a second table without it: both are estimated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from assay.indicators.catalogue.scale.hidden.list_overlap import Lists, Patterns
from assay.reference import child_lists, list_dependences
from assay.reference.child_lists import PARTNER, POLICE
from assay.stats.multiple_systems.capture_histories import Floats
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.list_screening import NESTED, Dependence, Screening, Sign, screen

FEWEST_LISTS, MOST_LISTS = 3, 5
"""Two lists cannot show whether they are independent; beyond five the lists are too thin, and too many models fit."""
TOO_FEW = "Fewer than three lists: two lists cannot show whether they depend on one another."
WHY_STOPPED: Mapping[str, str] = {
    "too little overlap": "Too few children stand on two lists or more, so the lists say nothing about whom they miss.",
    "empty list": "A list holds nobody.",
    "duplicate lists": "Lists hold the same children: they are one list in copies.",
    "nested lists": "A list lies within another, as when drawn from it, and too few others are left.",
    "lists fall apart": "The lists fall into groups that no child joins.",
}
"""Each finding that stops, without a count: what the library says of it may hold a small one."""
Groups = tuple[frozenset[str], ...]
"""Lists that are taken as one, each on its own where it stands for itself."""


@dataclass(frozen=True)
class Ready:
    """A table to be estimated: which lists are taken as one, what was said of pairs, and what the screening found."""

    groups: Groups
    table: CaptureTable
    screening: Screening

    @property
    def signs(self) -> frozenset[Sign]:
        """The signs of what was declared of pairs of lists."""
        return frozenset(one.sign for one in self.screening.dependences)

    def another(self, patterns: Patterns) -> CaptureTable:
        """The same lists with other counts, as by another choice of who is one child."""
        return CaptureTable(self.table.lists, _counts(self.groups, patterns))


def ready(held: Lists) -> tuple[list[Ready], str]:
    """The tables that pass the screening: of all lists, and without those that are not sure. And if there is none, why
    not, in a sentence without a count."""
    sure = [key for key in held.lists if child_lists().get(held.kinds[key]).sure]
    asked = [held.lists, *([tuple(sure)] if len(sure) < len(held.lists) else [])]
    made, why = [], []
    for lists in asked:
        groups = _grouped(held, lists)
        if len(groups) < FEWEST_LISTS:
            why.append(TOO_FEW)
            continue
        one = _screened(held, groups)
        if one.screening.passed:
            made.append(one)
        else:
            why += [WHY_STOPPED[found.kind] for found in one.screening.findings if found.stops]
    return made, "" if made else " ".join(dict.fromkeys(why[:1] if TOO_FEW in why[:1] else why))


def _screened(held: Lists, groups: Groups) -> Ready:
    names = tuple("+".join(sorted(group)) for group in groups)
    table = CaptureTable(names, _counts(groups, held.patterns), window=held.window_words, definition=held.definition)
    told = _declared(held, dict(zip(groups, names, strict=True)))
    return Ready(groups, table, screen(table, told))


def _counts(groups: Groups, patterns: Patterns) -> Floats:
    found: Counter[int] = Counter()
    for on, count in patterns.items():
        found[sum(1 << place for place, group in enumerate(groups) if on & group)] += count
    return np.array([0.0, *(float(found[cell]) for cell in range(1, 1 << len(groups)))])


def _declared(held: Lists, names: Mapping[frozenset[str], str]) -> list[Dependence]:
    """What the commission's file says of the pairs that are here; of lists taken as one nothing is left to say."""
    home = {key: name for group, name in names.items() for key in group}
    found = {}
    for key, other in ((a, b) for a in home for b in home if home[a] != home[b]):
        for told in list_dependences():
            if (told.first, told.second) == (held.kinds[key], held.kinds[other]):
                pair = (home[key], home[other], told.sign)
                found[pair] = Dependence(home[key], home[other], Sign[told.sign.upper()], told.reason)
    return list(found.values())


def _grouped(held: Lists, lists: Iterable[str]) -> Groups:
    groups = [frozenset({key}) for key in lists]
    while (pair := _nested(held, groups)) or len(groups) > MOST_LISTS:
        first, second = pair or _smallest(held, groups)
        place = min(groups.index(first), groups.index(second))
        groups = [group for group in groups if group not in (first, second)]
        groups.insert(place, first | second)
    return tuple(groups)


def _nested(held: Lists, groups: list[frozenset[str]]) -> tuple[frozenset[str], frozenset[str]] | None:
    for first in groups:
        for second in groups:
            size = held.children(first)
            if first != second and size and _both(held, first, second) >= NESTED * size:
                return first, second
    return None


def _both(held: Lists, first: frozenset[str], second: frozenset[str]) -> int:
    return sum(count for on, count in held.patterns.items() if on & first and on & second)


def _smallest(held: Lists, groups: list[frozenset[str]]) -> tuple[frozenset[str], frozenset[str]]:
    """The two smallest of one side: partners' before the police's, since those of one side feed one another most."""
    for whose in (PARTNER, POLICE):
        mine = sorted((g for g in groups if g <= held.of(whose)), key=lambda g: (held.children(g), sorted(g)))
        if len(mine) > 1:
            return mine[0], mine[1]
    apart = sorted(groups, key=lambda g: (held.children(g), sorted(g)))
    return apart[0], apart[1]
