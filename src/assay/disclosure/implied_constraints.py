"""Does a constraint between counts follow from others that are known?

The known constraints of one place span a space of linear combinations; a constraint follows from them if it lies in
it. Gaussian elimination on sparse rows, exact, modulo a large prime.
"""

from __future__ import annotations

import tomllib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.resources import files

from assay.disclosure.constraint_learning import (
    LEAST_EVIDENCE,
    Learned,
    Rows,
    Vectors,
    figure_vectors,
    learned_constraints,
)
from assay.disclosure.declared import Table
from assay.disclosure.equalities import PLACE, WHOLES, Declared, Figure, Rule, Where, cells_of
from assay.disclosure.sums import MORE_THAN, Cell, Sum
from assay.disclosure.together import sums_between

PRIME = (1 << 61) - 1
Combination = dict[Hashable, int]


class Span:
    """The linear combinations of the constraints that were added."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, Combination] = {}

    def add(self, signs: Mapping[Hashable, int]) -> bool:
        """Add a constraint: these counts with these signs make nothing. False if it follows from those before."""
        left = self._left(signs)
        if not left:
            return False
        pivot = next(iter(left))
        inverse = pow(left[pivot], -1, PRIME)
        self._rows[pivot] = {count: value * inverse % PRIME for count, value in left.items()}
        return True

    def _left(self, signs: Mapping[Hashable, int]) -> Combination:
        left = {count: sign % PRIME for count, sign in signs.items() if sign % PRIME}
        waiting = [count for count in left if count in self._rows]
        while waiting:
            pivot = waiting.pop()
            factor = left.get(pivot, 0)
            for count, value in self._rows[pivot].items() if factor else ():
                value = (left.get(count, 0) - factor * value) % PRIME
                if value and count not in left and count in self._rows:
                    waiting.append(count)
                if value:
                    left[count] = value
                else:
                    left.pop(count, None)
        return left


def signs_of(total: Hashable, parts: Sequence[Hashable]) -> dict[Hashable, int]:
    """The total less its parts."""
    signs: dict[Hashable, int] = {total: 1}
    for part in parts:
        signs[part] = signs.get(part, 0) - 1
    return signs


def not_implied(
    learned: Sequence[Learned],
    countries: Sequence[Rows],
    forms: Mapping[str, Table],
    declared: Declared | None = None,
    views: Sequence[Vectors] | None = None,
) -> list[Learned]:
    """Those of the `learned` constraints that follow neither from the declared ones nor from one another.

    A figure that is zero everywhere is known to be zero. Each constraint is tried once for each kind of position in
    which it holds: a place, a place and group, a group of all places together. `declared`: these rules instead of those
    of `equalities.toml`.
    """
    spans = [_span_of(rows, forms, declared) for rows in countries]
    cells = [cells_of({f for one in learned for f in one.rule.figures}, rows, forms) for rows in countries]
    for number, zeros in enumerate(_zeros(countries, forms, views)):
        for cell in zeros:
            spans[number].add({cell: 1})
    return [one for one in learned if _is_new(one.rule, cells, spans)]


def _span_of(rows: Rows, forms: Mapping[str, Table], declared: Declared | None) -> Span:
    span = Span()
    for one in sums_between(rows, {name: forms[name] for name in rows}, declared):
        if not _is_of_places(one, forms) and not any(part[2].startswith(MORE_THAN) for part in one.parts):
            span.add(signs_of(one.total, one.parts))
    return span


def _is_of_places(one: Sum, forms: Mapping[str, Table]) -> bool:
    """Whether it adds up places: such sums say nothing of one place, and there are many of them."""
    table, key, _ = one.total
    names = forms[table].key
    if PLACE not in names or key[names.index(PLACE)] != WHOLES[PLACE]:
        return False
    return any(part[0] == table and part[1][names.index(PLACE)] != WHOLES[PLACE] for part in one.parts)


def _zeros(
    countries: Sequence[Rows], forms: Mapping[str, Table], views: Sequence[Vectors] | None
) -> Iterator[list[Cell]]:
    """For each country the cells of the figures that are zero everywhere."""
    zeros: set[Figure] = set()
    for vectors in figure_vectors(countries, forms) if views is None else views:
        zeros |= {one for one, held in vectors.items() if not any(held.values())}
    for rows in countries:
        found = cells_of({one for one in zeros if one.table in rows}, rows, forms)
        yield [cell for cells in found.values() for cell in cells.values()]


def _is_new(rule: Rule, cells: Sequence[Mapping[Figure, Mapping[Where, Hashable]]], spans: Sequence[Span]) -> bool:
    tried: set[frozenset[str]] = set()
    new = False
    for number, span in enumerate(spans):
        total, *parts = (cells[number].get(one, {}) for one in rule.figures)
        for where in sorted((one for one in total if all(one in part for part in parts)), key=repr):
            kind = frozenset(name for name, _ in where[0])
            if kind not in tried:
                tried.add(kind)
                new |= span.add(signs_of(total[where], [part[where] for part in parts]))
    return new


@dataclass(frozen=True)
class Excuse:
    """Why constraints between some figures are not declared; see `equalities-excused.toml`."""

    figures: tuple[str, ...]
    because: str
    same: tuple[str, ...] = ()

    def covers(self, rule: Rule) -> bool:
        """Whether every figure matches, and all agree in the parts of the key that must be the same."""
        known = [{name: value for name, value in one.fixed if name in self.same} for one in rule.figures]
        agree = all(len({one[name] for one in known if name in one}) < 2 for name in self.same)
        return agree and all(any(fnmatchcase(str(one), wanted) for wanted in self.figures) for one in rule.figures)


def excuses() -> tuple[Excuse, ...]:
    """The excuses of `equalities-excused.toml`."""
    text = files("assay.disclosure").joinpath("equalities-excused.toml").read_text(encoding="utf-8")
    listed = tomllib.loads(text)["excused"]
    return tuple(Excuse(tuple(one["figures"]), one["because"], tuple(one.get("same", ()))) for one in listed)


def undeclared(
    countries: Sequence[Rows],
    forms: Mapping[str, Table],
    declared: Declared | None = None,
    least_evidence: float = LEAST_EVIDENCE,
) -> list[str]:
    """A sentence for each constraint that holds in all countries and is neither declared nor excused."""
    listed, views = excuses(), figure_vectors(countries, forms)
    learned = learned_constraints(countries, forms, least_evidence, views)
    new = not_implied(learned, countries, forms, declared, views)
    return [_sentence(one) for one in new if not any(excuse.covers(one.rule) for excuse in listed)]


def _sentence(one: Learned) -> str:
    return (
        f"In every country {one.rule} ({one.evidence:.0f} bits of evidence). Declare it in equalities.toml, so that a "
        "count that is suppressed in one place cannot be read in another; or say in equalities-excused.toml why not."
    )
