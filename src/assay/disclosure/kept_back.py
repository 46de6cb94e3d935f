"""Which counts more must be kept back, so that a hidden one cannot be worked out, and what is lost the least?

A reader adds and subtracts (`sums`). Wherever that leaves a hidden count too few possible values, one count in the
guilty sum is kept back: rather of one force than of all together, rather of one group than of everyone, rather one on
which no share rests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.disclosure.declared import Table
from assay.disclosure.equalities import equalities
from assay.disclosure.policy import Policy
from assay.disclosure.sums import NO_LIMIT, Cell, Range, Sum, implied, narrowed, shown_range, sums_of
from assay.errors import DisclosureError

KEPT_BACK = "kept-back:"
"""Stands before the name of a column, in `hidden`, that is empty only so that another cannot be worked out."""
Row = dict[str, Any]
Ranges = dict[Cell, Range]
Near = Mapping[Cell, list[Sum]]


def note(row: Row, word: str) -> None:
    """Write a word into the row's `hidden`, once."""
    words = (row.get("hidden") or "").split()
    row["hidden"] = " ".join([*words, word] if word not in words else words)


def is_hidden(row: Row, column: str) -> bool:
    """Whether the column is empty because it holds few (or, of a share, rests on few)."""
    return column in (row.get("hidden") or "").split()


def is_kept_back(row: Row, column: str) -> bool:
    """Whether the column is empty so that another cannot be worked out."""
    return KEPT_BACK + column in (row.get("hidden") or "").split()


def keep_back(rows: Mapping[str, list[Row]], forms: Mapping[str, Table], policy: Policy) -> None:
    """Empty counts of `rows`, and note them, until no hidden one has fewer possible values than the policy asks.

    Raises DisclosureError where nothing is left that could be kept back.
    """
    home = {(name, tuple(row[k] for k in form.key)): row for name, form in forms.items() for row in rows[name]}
    every = [one for name, form in forms.items() for one in sums_of(form, rows[name], forms)]
    every = [one for one in every if all(cell[:2] in home for cell in (one.total, *one.parts))]
    every += equalities(rows, forms)
    first, places = _joined([(one.total, *one.parts) for one in every if len(one.parts) == 1])
    sums = {Sum(first(one.total), tuple(map(first, one.parts))) for one in every if len(one.parts) > 1}
    for group in _apart(sorted(sums, key=repr)):
        _Group(home, forms, policy, group, places).settle()


def _joined(groups: Iterable[Sequence[Cell]]) -> tuple[Callable[[Cell], Cell], dict[Cell, list[Cell]]]:
    """Counts that hang together: the one that speaks for each, and whom each of these speaks for."""
    leader: dict[Cell, Cell] = {}

    def of(cell: Cell) -> Cell:
        while leader.get(cell, cell) != cell:
            leader[cell] = cell = leader.get(leader[cell], leader[cell])
        return cell

    for first, *others in groups:
        leader.setdefault(first, first)
        for other in others:
            leader.setdefault(other, other)
            leader[of(other)] = of(first)
    members: dict[Cell, list[Cell]] = {}
    for cell in leader:
        members.setdefault(of(cell), []).append(cell)
    return of, members


def _apart(sums: Sequence[Sum]) -> Iterator[list[Sum]]:
    """Sums in groups that have no count in common."""
    of, _ = _joined([(one.total, *one.parts) for one in sums])
    groups: dict[Cell, list[Sum]] = {}
    for one in sums:
        groups.setdefault(of(one.total), []).append(one)
    yield from groups.values()


@dataclass(frozen=True)
class _Group:
    """Sums that hang together, and the rows in which their counts stand.

    A count that stands in several places (`places`) is one count here, and is kept back in all of them.
    """

    home: Mapping[tuple[str, tuple[Any, ...]], Row]
    forms: Mapping[str, Table]
    policy: Policy
    sums: Sequence[Sum]
    places: Mapping[Cell, Sequence[Cell]]

    def settle(self) -> None:
        """Keep back one count after another until every hidden one is safe."""
        near: dict[Cell, list[Sum]] = {}
        for one in self.sums:
            for cell in (one.total, *one.parts):
                near.setdefault(cell, []).append(one)
        if not any(self._empty(cell) for cell in near):
            return
        known = {cell: self._known(cell) for cell in near}
        after = narrowed(known, self.sums)
        while pinned := self._pinned(after):
            if not self._one_round(pinned, known, after, near):
                table, _, column = pinned[0]
                raise DisclosureError(
                    f"Table '{table}', column '{column}': a hidden count could be worked out from those beside it, and "
                    "none is left to keep back. Leave the smallest places or reasons out of the table, or join them."
                )
            after = narrowed(known, self.sums)

    def _one_round(self, pinned: Sequence[Cell], known: dict[Cell, Range], after: Ranges, near: Near) -> int:
        """Keep back one count for each that is pinned, but never two in one sum before looking again."""
        touched: set[Cell] = set()
        done = 0
        for cell in pinned:
            guilty = self._guilty(cell, known, near) or self._guilty(cell, after | {cell: known[cell]}, near)
            around = {beside for one in guilty or near[cell] for beside in (one.total, *one.parts)}
            chosen = None if around & touched else self._chosen(cell, around, near)
            if chosen:
                self._keep(chosen)
                known[chosen] = self._known(chosen)
                touched |= around | {chosen}
                done += 1
        return done

    def _guilty(self, cell: Cell, ranges: Ranges, near: Near) -> list[Sum]:
        return [one for one in near[cell] if self._too_few(implied(one, cell, ranges))]

    def _pinned(self, after: Ranges) -> list[Cell]:
        small = (cell for cell in after if self._empty(cell) and after[cell][0] <= self.policy.hide_up_to)
        return sorted((cell for cell in small if self._too_few(after[cell])), key=repr)

    def _too_few(self, possible: Range) -> bool:
        return possible[1] - possible[0] + 1 < self.policy.fewest_possible

    def _chosen(self, pinned: Cell, around: set[Cell], near: Near) -> Cell | None:
        """The count that is missed least, in the guilty sums or in those that give away what was kept back there; where
        all are hidden, one that gives up the certainty that it is small.
        """
        beyond = {
            beside
            for cell in around
            if is_kept_back(self._row(cell), cell[2])
            for one in near[cell]
            for beside in (one.total, *one.parts)
        }
        shown = [cell for cell in around | beyond if cell != pinned and self._row(cell).get(cell[2])]
        if shown:
            return min(shown, key=lambda cell: (self._missed(cell)[0], cell not in around, self._missed(cell)))
        hidden = [cell for cell in around if is_hidden(self._row(cell), cell[2])]
        return max(hidden, key=self._missed) if hidden else None

    def _missed(self, cell: Cell) -> tuple[int, bool, bool, int, str]:
        """How much it is missed: a total of places or groups most, then what stands under several indicators, then
        what a share rests on, then a large count.
        """
        places = self._places(cell)
        totals = max(self._totals(one) for one in places)
        bears = any(one[2] in column.over for one in places for column in self.forms[one[0]].columns)
        often = sum(one[0] == places[0][0] for one in places) > 1
        return totals, often, bears, self._row(cell).get(cell[2]) or 0, repr(cell)

    def _totals(self, cell: Cell) -> int:
        form = self.forms[cell[0]]
        return sum(form.totals.get(name) == value for name, value in zip(form.key, cell[1], strict=True))

    def _keep(self, cell: Cell) -> None:
        for one in self._places(cell):
            row, column = self._row(one), one[2]
            row[column] = None
            row["hidden"] = " ".join(word for word in (row.get("hidden") or "").split() if word != column)
            note(row, KEPT_BACK + column)

    def _places(self, cell: Cell) -> Sequence[Cell]:
        return self.places.get(cell, (cell,))

    def _row(self, cell: Cell) -> Row:
        return self.home[cell[:2]]

    def _empty(self, cell: Cell) -> bool:
        row = self._row(cell)
        return is_hidden(row, cell[2]) or is_kept_back(row, cell[2])

    def _known(self, cell: Cell) -> Range:
        row, column = self._row(cell), cell[2]
        if is_hidden(row, column):
            return 1, self.policy.hide_up_to
        if is_kept_back(row, column):
            return 1, NO_LIMIT
        # Empty and not hidden: it was not asked here, and counts for nothing in any total.
        return (0, 0) if row.get(column) is None else shown_range(row[column], self.policy)
