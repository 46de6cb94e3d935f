"""Which counts more must be kept back, so that a hidden one cannot be worked out, and what is lost the least?

A reader adds and subtracts (`sums`). Wherever that leaves a hidden count too few possible values, one count in the
guilty sum is kept back: rather of one force than of all together, rather of one group than of everyone, rather one on
which no share rests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.disclosure.attacker import NEARLY, Attack
from assay.disclosure.declared import Table
from assay.disclosure.equalities import equalities
from assay.disclosure.policy import Policy
from assay.disclosure.sums import NO_LIMIT, Cell, Range, Sum, narrowed, shown_range, sums_of
from assay.errors import DisclosureError

EARLIER = "@"
"""Stands between the name of a table and the number of an earlier edition."""
KEPT_BACK = "kept-back:"
"""Stands before the name of a column, in `hidden`, that is empty only so that another cannot be worked out."""
Row = dict[str, Any]
Ranges = dict[Cell, Range]
Near = Mapping[Cell, list[Sum]]


@dataclass(frozen=True)
class Earlier:
    """An edition that is out: its released rows by table, and the counts that are the same now as they were then."""

    rows: Mapping[str, Sequence[Row]]
    same: frozenset[Cell]


@dataclass(frozen=True)
class KeptBack:
    """A count that was kept back, and one that could otherwise have been worked out."""

    cell: Cell
    protects: Cell


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


def keep_back(
    rows: Mapping[str, list[Row]],
    forms: Mapping[str, Table],
    policy: Policy,
    earlier: Sequence[Earlier] = (),
) -> list[KeptBack]:
    """Empty counts of `rows`, and note them, until every one that is empty has possible values as far apart as the
    policy asks, for whoever reads the `earlier` editions as well; gives what was kept back, and for which other count.

    Raises DisclosureError where nothing is left that could be kept back.
    """
    for row, column in _kept_back_before(rows, forms, earlier):
        _empty_it(row, column)
    return [one for group in groups(rows, forms, policy, earlier) for one in group.settle()]


def groups(
    rows: Mapping[str, list[Row]], forms: Mapping[str, Table], policy: Policy, earlier: Sequence[Earlier] = ()
) -> Iterator[Group]:
    """Everything that a reader can add and subtract, in groups that have no count in common."""
    home = {(name, tuple(row[k] for k in form.key)): row for name, form in forms.items() for row in rows[name]}
    every = [*_sums(rows, forms)]
    for number, edition in enumerate(earlier):
        mine = {name: form for name, form in forms.items() if name in edition.rows}
        held = {name: edition.rows[name] for name in mine}
        old = {(_old(name, number), tuple(row[k] for k in mine[name].key)): row for name in mine for row in held[name]}
        every += [_renamed(one, number) for one in _sums(held, mine)]
        every += [Sum(c, ((_old(c[0], number), *c[1:]),)) for c in _in_both(edition.same, home, old, number)]
        home |= old
    first, places = _joined([(one.total, *one.parts) for one in every if len(one.parts) == 1])
    sums = {Sum(first(one.total), tuple(map(first, one.parts))) for one in every if len(one.parts) > 1}
    for group in _apart(sorted(sums, key=repr)):
        yield Group(home, forms, policy, group, places)


def _sums(rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table]) -> Iterator[Sum]:
    home = {(name, tuple(row[k] for k in form.key)) for name, form in forms.items() for row in rows[name]}
    for name, form in forms.items():
        for one in sums_of(form, rows[name], forms):
            if all(cell[:2] in home for cell in (one.total, *one.parts)):
                yield one
    yield from equalities(rows, forms)


def _old(table: str, number: int) -> str:
    return f"{table}{EARLIER}{number}"


def _renamed(one: Sum, number: int) -> Sum:
    total, *parts = ((_old(cell[0], number), *cell[1:]) for cell in (one.total, *one.parts))
    return Sum(total, tuple(parts))


def same_counts(
    before: Mapping[str, Sequence[Row]], now: Mapping[str, Sequence[Row]], forms: Mapping[str, Table]
) -> frozenset[Cell]:
    """The counts, as they were counted, that two editions have in common: whoever knows what was corrected knows it."""
    old = dict(_counts(before, forms))
    return frozenset(cell for cell, count in _counts(now, forms) if count is not None and old.get(cell) == count)


def _counts(rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table]) -> Iterator[tuple[Cell, int | None]]:
    for name, form in forms.items():
        for row in rows.get(name, ()):
            key = tuple(row[one] for one in form.key)
            yield from (((name, key, column), row.get(column)) for column in form.protected_counts)


def _in_both(
    same: Iterable[Cell], home: Collection[tuple[str, tuple[Any, ...]]], old: Collection[Any], number: int
) -> Iterator[Cell]:
    for cell in sorted(same, key=repr):
        if cell[:2] in home and (_old(cell[0], number), cell[1]) in old:
            yield cell


def _kept_back_before(
    rows: Mapping[str, list[Row]], forms: Mapping[str, Table], earlier: Sequence[Earlier]
) -> Iterator[tuple[Row, str]]:
    """What was kept back in an earlier edition and is the same now: to show it would undo that."""
    for edition in earlier:
        for name, form in forms.items():
            before = {tuple(row[k] for k in form.key): row for row in edition.rows.get(name, ())}
            for row in rows[name]:
                key = tuple(row[k] for k in form.key)
                for column in form.protected_counts if key in before else ():
                    was_kept = (name, key, column) in edition.same and is_kept_back(before[key], column)
                    if was_kept and (row.get(column) or is_hidden(row, column)):
                        yield row, column


def own_range(row: Row, column: str, policy: Policy) -> Range:
    """What a released row says of one of its counts by itself."""
    if is_hidden(row, column):
        return 1, policy.hide_up_to
    if is_kept_back(row, column):
        return 1, NO_LIMIT
    # Empty and not hidden: it was not asked here, and counts for nothing in any total.
    return (0, 0) if row.get(column) is None else shown_range(row[column], policy)


def _empty_it(row: Row, column: str) -> None:
    row[column] = None
    row["hidden"] = " ".join(word for word in (row.get("hidden") or "").split() if word != column)
    note(row, KEPT_BACK + column)


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
class Group:
    """Sums that hang together, and the rows in which their counts stand.

    A count that stands in several places (`places`) is one count here, and is kept back in all of them. Those of
    earlier editions are out, and cannot be kept back any more.
    """

    home: Mapping[tuple[str, tuple[Any, ...]], Row]
    forms: Mapping[str, Table]
    policy: Policy
    sums: Sequence[Sum]
    places: Mapping[Cell, Sequence[Cell]]

    def settle(self) -> list[KeptBack]:
        """Keep back one count after another until every empty one is safe; what was kept back for which."""
        near = self._near()
        if not any(self._empty(cell) for cell in near):
            return []
        known = {cell: self._known(cell) for cell in near}
        kept: list[KeptBack] = []
        after = narrowed(known, self.sums)
        while pinned := self._pinned(after):
            kept += self._one_round(pinned, known, near)
            after = narrowed(known, self.sums)
        waiting = [cell for cell in near if self._empty(cell)]
        while told := self._found_out(after, waiting):
            found = self._one_round(told, known, near)
            kept += found
            after = narrowed(known, self.sums)
            waiting = [*told, *(self._speaker(one.cell, near) for one in found)]
        return kept

    def too_narrow(self) -> dict[Cell, tuple[float, float]]:
        """The empty counts that a reader with a linear programme could tell too closely, with what is left of each."""
        near = self._near()
        after = narrowed({cell: self._known(cell) for cell in near}, self.sums)
        waiting = [cell for cell in near if self._empty(cell)]
        return self._found_out(after, waiting) if waiting else {}

    def _near(self) -> dict[Cell, list[Sum]]:
        near: dict[Cell, list[Sum]] = {}
        for one in self.sums:
            for cell in (one.total, *one.parts):
                near.setdefault(cell, []).append(one)
        return near

    def _speaker(self, cell: Cell, near: Near) -> Cell:
        """The count of this group that speaks for `cell`."""
        return cell if cell in near else next(one for one in near if cell in self._places(one))

    def _found_out(self, known: Ranges, wanted: Collection[Cell]) -> dict[Cell, tuple[float, float]]:
        attack = Attack(known, self.sums)
        least = self.policy.least_range
        found = attack.ranges(wanted, enough=least)
        if attack.cannot_hold:
            return {}
        return {cell: ends for cell, ends in sorted(found.items(), key=repr) if ends[1] - ends[0] < least - NEARLY}

    def _one_round(self, pinned: Iterable[Cell], known: dict[Cell, Range], near: Near) -> list[KeptBack]:
        """Keep back one count for each that is pinned, but never two in one sum before looking again.

        Raises DisclosureError where there is none for any of them.
        """
        touched: set[Cell] = set()
        done: list[KeptBack] = []
        first = next(iter(pinned))
        for cell in pinned:
            if any(beside in touched for one in near[cell] for beside in (one.total, *one.parts)):
                continue
            chosen = self._chosen(self._stopping(cell, known, near), known)
            if chosen is not None and chosen not in touched:
                done += [KeptBack(one, cell) for one in self._keep(chosen)]
                known[chosen] = self._known(chosen)
                touched |= {chosen, *(c for one in (*near[cell], *near[chosen]) for c in (one.total, *one.parts))}
        if not done:
            raise DisclosureError(
                f"Table '{first[0]}', column '{first[2]}': a hidden count could be worked out from those beside it, "
                "and none is left to keep back. Leave the smallest places or reasons out of the table, or join them."
            )
        return done

    def _stopping(self, cell: Cell, known: Ranges, near: Near) -> set[Cell]:
        """The counts whose own ranges make that of `cell` too narrow, in as few sums around it as show it."""
        sums: set[Sum] = set()
        edge = {cell}
        while True:
            more = {one for beside in edge for one in near[beside]} - sums
            sums |= more
            found = Attack(known, sorted(sums, key=repr)).limits(cell) if more else None
            if not more or found is None:
                return {beside for one in near[cell] for beside in (one.total, *one.parts)}
            if found[1] - found[0] < self.policy.least_range - NEARLY:
                return found[2]
            edge = {beside for one in more for beside in (one.total, *one.parts)}

    def _chosen(self, stopping: Collection[Cell], known: Ranges) -> Cell | None:
        """The count that is missed least of those that are shown; where all are hidden, one that gives up the
        certainty that it is small.
        """
        shown = [cell for cell in stopping if self._shown(cell)]
        if shown:
            return min(shown, key=self._missed)
        free = [cell for cell in stopping if len(self._now(cell)) == len(self._places(cell))]
        hidden = [cell for cell in free if known[cell] == (1, self.policy.hide_up_to)]
        return max(hidden, key=self._missed, default=None)

    def _pinned(self, after: Ranges) -> list[Cell]:
        empty = (cell for cell in after if self._empty(cell))
        return sorted((cell for cell in empty if self._too_few(after[cell])), key=repr)

    def _too_few(self, possible: Range) -> bool:
        return possible[1] - possible[0] < self.policy.least_range

    def _missed(self, cell: Cell) -> tuple[int, bool, bool, int, str]:
        """How much it is missed: a total of places or groups most, then what stands under several indicators, then
        what a share rests on, then a large count.
        """
        places = self._now(cell)
        totals = max(self._totals(one) for one in places)
        bears = any(one[2] in column.over for one in places for column in self.forms[one[0]].columns)
        often = sum(one[0] == places[0][0] for one in places) > 1
        return totals, often, bears, self._row(places[0]).get(places[0][2]) or 0, repr(cell)

    def _totals(self, cell: Cell) -> int:
        form = self.forms[cell[0]]
        return sum(form.totals.get(name) == value for name, value in zip(form.key, cell[1], strict=True))

    def _keep(self, cell: Cell) -> Sequence[Cell]:
        mine = self._now(cell)
        for one in mine:
            _empty_it(self._row(one), one[2])
        return mine

    def _places(self, cell: Cell) -> Sequence[Cell]:
        return self.places.get(cell, (cell,))

    def _now(self, cell: Cell) -> list[Cell]:
        """Where it stands in this edition."""
        return [one for one in self._places(cell) if EARLIER not in one[0]]

    def _may_be_kept(self, cell: Cell) -> bool:
        """Whether it stands in this edition, and none before has shown it."""
        before = [one for one in self._places(cell) if EARLIER in one[0]]
        return bool(self._now(cell)) and all(self._stands_empty(one) for one in before)

    def _shown(self, cell: Cell) -> bool:
        return self._may_be_kept(cell) and any(self._row(one).get(one[2]) for one in self._now(cell))

    def _row(self, cell: Cell) -> Row:
        return self.home[cell[:2]]

    def _stands_empty(self, cell: Cell) -> bool:
        row = self._row(cell)
        return is_hidden(row, cell[2]) or is_kept_back(row, cell[2])

    def _empty(self, cell: Cell) -> bool:
        return all(self._stands_empty(one) for one in self._places(cell))

    def _known(self, cell: Cell) -> Range:
        """What is said of it wherever it stands."""
        said = [own_range(self._row(one), one[2], self.policy) for one in self._places(cell)]
        low, high = max(one[0] for one in said), min(one[1] for one in said)
        return (low, high) if low <= high else said[0]
