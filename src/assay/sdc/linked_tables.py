"""Which counts hang together, so that a reader can set one against another?

Everything that is published together, and every earlier edition, in groups that have no count in common.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.sdc.additivity_constraints import Declared, equalities
from assay.sdc.cell_status import Row, is_hidden, is_kept_back, stands_empty
from assay.sdc.linear_programming_attack import Signs
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import MORE_THAN, Cell, Range, Sum, own_range, sums_of
from assay.sdc.suppression_policy import Policy

EARLIER = "@"
"""Stands between the name of a table and the number of an earlier edition."""
NOTHING = (0, 0)
PLACE = "place_code"
"""The column that says of which force, or of all forces, a row counts records."""
Home = Mapping[tuple[str, tuple[Any, ...]], Row]


@dataclass(frozen=True)
class Earlier:
    """An edition that is out: its released rows by table, and the counts that are the same now as they were then."""

    rows: Mapping[str, Sequence[Row]]
    same: frozenset[Cell]


@dataclass(frozen=True)
class Group:
    """Sums that hang together, and the rows in which their counts stand.

    A count that stands in several places (`places`) is one count here, and is kept back in all of them. Those of
    earlier editions are out, and cannot be kept back any more. `cells` are its counts, each known by its number;
    `sums` the signs that they bear in each sum; `near` the sums in which each stands.
    """

    home: Home
    policy: Policy
    places: Mapping[Cell, Sequence[Cell]]
    cells: Sequence[Cell]
    sums: Sequence[Signs]
    near: Sequence[Sequence[int]] = field(init=False)

    def __post_init__(self) -> None:
        near: list[list[int]] = [[] for _ in self.cells]
        for number, signs in enumerate(self.sums):
            for count in signs:
                near[count].append(number)
        object.__setattr__(self, "near", near)

    def known(self, count: int) -> Range:
        """What is said of it wherever it stands."""
        said = [own_range(self.row(one), one[2], self.policy) for one in self.wherever(count)]
        low, high = max(one[0] for one in said), min(one[1] for one in said)
        return (low, high) if low <= high else said[0]

    def is_empty(self, count: int) -> bool:
        """Whether it is to be kept from a reader somewhere."""
        return any(stands_empty(self.row(one), one[2]) for one in self.wherever(count))

    def wherever(self, count: int) -> Sequence[Cell]:
        """Every place in which it stands."""
        cell = self.cells[count]
        return self.places.get(cell, (cell,))

    def now(self, count: int) -> list[Cell]:
        """Where it stands in this edition."""
        return [one for one in self.wherever(count) if EARLIER not in one[0] and not _is_unreleased(one)]

    def may_be_kept(self, count: int) -> bool:
        """Whether it stands in this edition, and none before has shown it."""
        return bool(self.now(count)) and all(stands_empty(self.row(one), one[2]) for one in self.before(count))

    def before(self, count: int) -> list[Cell]:
        """Return its cells in prior releases."""
        return [one for one in self.wherever(count) if EARLIER in one[0]]

    def is_shown(self, count: int) -> bool:
        """Whether it could be kept back, and is more than nothing."""
        return self.may_be_kept(count) and any(self.row(one).get(one[2]) for one in self.now(count))

    @property
    def content(self) -> Hashable:
        """All that decides what must be kept back: every count, wherever it stands and as it stands there, the sums,
        and the numbers of the policy."""
        counts = tuple(
            (one, self.row(one).get(one[2]), is_hidden(self.row(one), one[2]), is_kept_back(self.row(one), one[2]))
            for count in range(len(self.cells))
            for one in self.wherever(count)
        )
        numbers = (self.policy.hide_up_to, self.policy.round_to, self.policy.least_range)
        return tuple(self.cells), counts, tuple(tuple(signs.items()) for signs in self.sums), numbers

    def row(self, cell: Cell) -> Row:
        """The row in which a count stands."""
        return self.home[cell[:2]]

    def by_place(self) -> list[Group]:
        """A group for each place (one force, or all forces), of the sums whose counts are all of that place."""
        of_places: dict[Any, list[Signs]] = {}
        for signs in self.sums:
            places = {self.row(self.cells[count]).get(PLACE) for count in signs}
            if len(places) == 1:
                of_places.setdefault(places.pop(), []).append(signs)
        return [self._part(sums) for sums in of_places.values()]

    def _part(self, sums: Sequence[Signs]) -> Group:
        counts = sorted({count for signs in sums for count in signs})
        number = {count: at for at, count in enumerate(counts)}
        renumbered = [{number[count]: sign for count, sign in signs.items()} for signs in sums]
        return Group(self.home, self.policy, self.places, [self.cells[count] for count in counts], renumbered)


def groups(
    rows: Mapping[str, list[Row]],
    forms: Mapping[str, Table],
    policy: Policy,
    earlier: Sequence[Earlier] = (),
    same: Sequence[Sequence[Cell]] = (),
    equal: Sequence[Sum] = (),
) -> Iterator[Group]:
    """Everything that a reader can add and subtract, in groups that have no sum in common. `same`: counts that are one
    and the same, though no rule says so: each stands wherever the others do, and ties no groups together. `equal`:
    equalities of this inspection beside those that are declared."""
    home = {(name, tuple(row[k] for k in form.key)): row for name, form in forms.items() for row in rows[name]}
    every = [*sums_between(rows, forms), *equal]
    for number, edition in enumerate(earlier):
        mine = {name: form for name, form in forms.items() if name in edition.rows}
        held = {name: edition.rows[name] for name in mine}
        old = {(_old(name, number), tuple(row[k] for k in mine[name].key)): row for name in mine for row in held[name]}
        every += [_renamed(one, number) for one in sums_between(held, mine)]
        every += [Sum(c, ((_old(c[0], number), *c[1:]),)) for c in _in_both(edition.same, home, old, number)]
        home |= old
    places, sums = _folded(every, home, policy)
    places = _wherever_else(places, sums, same) if same else places
    for group in _apart(sorted(sums, key=repr)):
        yield _group(group, home, policy, places)


def _folded(every: Iterable[Sum], home: Home, policy: Policy) -> tuple[dict[Cell, list[Cell]], set[Sum]]:
    """Whom each count speaks for, and the sums of those who speak: what is nothing is left out, and where one part is
    left it is the total. A sum that the released counts contradict is not used: no reader would assume it.
    """
    said = {cell: own_range(home[cell[:2]], cell[2], policy) for one in every for cell in (one.total, *one.parts)}
    bare = [Sum(one.total, tuple(part for part in one.parts if said[part] != NOTHING))
            for one in every if _is_consistent(one, said)]  # fmt: skip
    bare = [one for one in bare if said[one.total] != NOTHING and one.parts]
    # A count that is in no table must not represent one that is.
    pairs = (sorted((one.total, *one.parts), key=_is_unreleased) for one in bare if len(one.parts) == 1)
    first, places = _joined(pairs)
    return places, {Sum(first(one.total), tuple(map(first, one.parts))) for one in bare if len(one.parts) > 1}


def _is_unreleased(cell: Cell) -> bool:
    return cell[2].startswith(MORE_THAN)


def _is_consistent(one: Sum, said: Mapping[Cell, Range]) -> bool:
    low, high = (sum(said[part][end] for part in one.parts) for end in (0, 1))
    return low <= said[one.total][1] and said[one.total][0] <= high


def _wherever_else(
    places: Mapping[Cell, Sequence[Cell]], sums: Iterable[Sum], same: Iterable[Sequence[Cell]]
) -> dict[Cell, list[Cell]]:
    """Where each count stands, also where it stands by chance or by what no rule says; of two that the same sums tie
    together each stays a count of its own, since what they tell of one another is in these sums."""
    of, tied = _joined([(one.total, *one.parts) for one in sums])
    known = {cell for cells in tied.values() for cell in cells}
    stands: dict[Cell, tuple[list[Cell], set[Cell]]] = {}
    for first in {**places, **dict.fromkeys(known)}:
        held = [*places.get(first, (first,))]
        stands |= dict.fromkeys(held, (held, {of(first)} if first in known else set()))
    for cells in same:
        mine, groups_of = stands.setdefault(cells[0], ([cells[0]], set()))
        for cell in cells[1:]:
            other, others = stands.setdefault(cell, ([cell], set()))
            if other is not mine and groups_of.isdisjoint(others):
                mine += other
                groups_of |= others
                stands |= dict.fromkeys(other, (mine, groups_of))
    return {cell: held for cell, (held, _) in stands.items() if len(held) > 1}


def _group(sums: Sequence[Sum], home: Home, policy: Policy, places: Mapping[Cell, Sequence[Cell]]) -> Group:
    cells = list(dict.fromkeys(cell for one in sums for cell in (one.total, *one.parts)))
    number = {cell: at for at, cell in enumerate(cells)}
    return Group(home, policy, places, cells, [_signs(one, number) for one in sums])


def _signs(one: Sum, number: Mapping[Cell, int]) -> dict[int, int]:
    """The total less its parts: nothing is left. A count that stands twice is one."""
    signs = {number[one.total]: -1}
    for part in one.parts:
        signs[number[part]] = signs.get(number[part], 0) + 1
    return {count: sign for count, sign in signs.items() if sign}


def same_counts(
    before: Mapping[str, Sequence[Row]], now: Mapping[str, Sequence[Row]], forms: Mapping[str, Table]
) -> frozenset[Cell]:
    """The counts, as they were counted, that two editions have in common: whoever knows what was corrected knows it."""
    old = dict(_counts(before, forms))
    return frozenset(cell for cell, count in _counts(now, forms) if count is not None and old.get(cell) == count)


def sums_between(
    rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table], declared: Declared | None = None
) -> Iterator[Sum]:
    """Yield every declared sum between the rows of these tables, within and across tables.

    `declared` is as in `equalities`.
    """
    home = {(name, tuple(row[k] for k in form.key)) for name, form in forms.items() for row in rows[name]}
    for name, form in forms.items():
        for one in sums_of(form, rows[name], forms):
            if all(cell[:2] in home for cell in (one.total, *one.parts)):
                yield one
    yield from equalities(rows, forms, declared)


def _old(table: str, number: int) -> str:
    return f"{table}{EARLIER}{number}"


def _renamed(one: Sum, number: int) -> Sum:
    total, *parts = ((_old(cell[0], number), *cell[1:]) for cell in (one.total, *one.parts))
    return Sum(total, tuple(parts))


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
