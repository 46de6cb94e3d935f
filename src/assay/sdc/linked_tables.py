"""Group the counts of all released tables, and of prior releases, by the sums that link them.

No constraint connects two groups, so secondary suppression can treat each group separately. A linear programme of one
group is much smaller than one of all tables.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assay.sdc.additivity_constraints import PLACE, TOTAL_VALUES, DeclaredConstraints, equalities
from assay.sdc.cell_status import Row, is_primary_suppressed, is_secondary_suppressed, is_suppressed
from assay.sdc.linear_programming_attack import Attack, Signs
from assay.sdc.numbered_constraints import (
    NumberedSum,
    NumberedSums,
    component_labels,
    disjoint_groups,
    merge_equal,
    usual_by_sum,
)
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import DIFFERENCE_PREFIX, Cell, Range, Sum, cell_range, sums_of
from assay.sdc.suppression_policy import Policy

PRIOR_RELEASE_SEPARATOR = "@"
"""Separates the name of a table from the number of a prior release."""
ZERO_RANGE = (0, 0)
RowIndex = Mapping[tuple[str, tuple[Any, ...]], Row]
"""Rows by table name and key values."""


@dataclass(frozen=True)
class PriorReleaseRows:
    """A prior release: its released rows by table, and the cells whose exact counts are unchanged.

    `equal_counts` are the constraints that held in it, in addition to the declared ones (`usual_constraints`).
    """

    rows: Mapping[str, Sequence[Row]]
    unchanged_cells: frozenset[Cell]
    equal_counts: frozenset[Sum] = frozenset()


@dataclass(frozen=True)
class LinkedGroup:
    """A group of linked additivity constraints, with the rows that have their counts.

    Equal cells are one count, which is suppressed in all of them. Cells of prior releases are public and can no longer
    be suppressed.

    Parameters
    ----------
    row_index
        All rows, also those of prior releases.
    equal_cells
        All cells of a count, by each of them; a count with one cell may be missing.
    cells
        One cell of each count. The position in this list is the number of the count.
    sums
        The coefficients of each constraint.
    usual_sums
        The numbers of the constraints that have exceptions (`usual_constraints`).
    solved_sums
        The numbers of the constraints under which every suppressed count is known to be protected.
    sums_of_count
        The numbers of the constraints that contain each count.
    """

    row_index: RowIndex
    policy: Policy
    equal_cells: Mapping[Cell, Sequence[Cell]]
    cells: Sequence[Cell]
    sums: Sequence[Signs]
    usual_sums: frozenset[int] = frozenset()
    solved_sums: frozenset[int] = frozenset()
    sums_of_count: Sequence[Sequence[int]] = field(init=False)
    _cells_of_count: Sequence[Sequence[Cell]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cells_of_count", [self.equal_cells.get(cell, (cell,)) for cell in self.cells])
        sums_of_count: list[list[int]] = [[] for _ in self.cells]
        for number, signs in enumerate(self.sums):
            for count in signs:
                sums_of_count[count].append(number)
        object.__setattr__(self, "sums_of_count", sums_of_count)

    def known_range(self, count: int) -> Range:
        """Return the range of a count from all cells that show it."""
        ranges = [cell_range(self.row_index[item[:2]], item[2], self.policy) for item in self._cells_of_count[count]]
        low, high = max(item[0] for item in ranges), min(item[1] for item in ranges)
        return (low, high) if low <= high else ranges[0]

    @property
    def is_solved(self) -> bool:
        """True if every suppressed count is known to be protected under all constraints."""
        return len(self.solved_sums) == len(self.sums)

    def is_suppressed(self, count: int) -> bool:
        """Return True if the count is suppressed in at least one cell."""
        return any(is_suppressed(self.row_index[cell[:2]], cell[2]) for cell in self._cells_of_count[count])

    def cells_of_count(self, count: int) -> Sequence[Cell]:
        """Return all cells of the count."""
        return self._cells_of_count[count]

    def current_cells(self, count: int) -> list[Cell]:
        """Return the cells of the count in this release."""
        return [
            cell
            for cell in self.cells_of_count(count)
            if PRIOR_RELEASE_SEPARATOR not in cell[0] and not _is_unreleased(cell)
        ]

    def can_be_suppressed(self, count: int) -> bool:
        """Return True if the count is in this release and no prior release shows it."""
        return bool(self.current_cells(count)) and all(
            is_suppressed(self.row(cell), cell[2]) for cell in self.prior_cells(count)
        )

    def prior_cells(self, count: int) -> list[Cell]:
        """Return the cells of the count in prior releases."""
        return [cell for cell in self.cells_of_count(count) if PRIOR_RELEASE_SEPARATOR in cell[0]]

    def has_shown_value(self, count: int) -> bool:
        """Return True if the count is shown, above 0, and could be suppressed."""
        return self.can_be_suppressed(count) and any(self.row(cell).get(cell[2]) for cell in self.current_cells(count))

    def constraints(self) -> Iterator[Hashable]:
        """Yield each constraint with all cells of its counts; suppression does not change the constraints."""
        cells = [tuple(self.cells_of_count(count)) for count in range(len(self.cells))]
        for signs in self.sums:
            yield frozenset((cells[count], sign) for count, sign in signs.items())

    @property
    def content(self) -> Hashable:
        """Everything that decides the secondary suppression: all cells and their status, constraints, thresholds."""
        counts = tuple(
            (
                cell,
                self.row(cell).get(cell[2]),
                is_primary_suppressed(self.row(cell), cell[2]),
                is_secondary_suppressed(self.row(cell), cell[2]),
            )
            for count in range(len(self.cells))
            for cell in self.cells_of_count(count)
        )
        thresholds = (self.policy.suppression_threshold, self.policy.rounding_base, self.policy.protection_level)
        sums = tuple(tuple(signs.items()) for signs in self.sums)
        return tuple(self.cells), counts, sums, tuple(sorted(self.usual_sums)), thresholds

    def row(self, cell: Cell) -> Row:
        """Return the row of a cell."""
        return self.row_index[cell[:2]]

    def is_total(self, count: int) -> bool:
        """Return True if the count is of all forces together, or of a table that has no forces."""
        return self.row(self.cells[count]).get(PLACE) in (None, TOTAL_VALUES[PLACE])

    def split_by_place(self) -> list[LinkedGroup]:
        """Split the group by place (one force, or all forces); sums across places are left out."""
        sums_by_place: dict[Any, list[int]] = {}
        for number, signs in enumerate(self.sums):
            places = {self.row(self.cells[count]).get(PLACE) for count in signs}
            if len(places) == 1:
                sums_by_place.setdefault(places.pop(), []).append(number)
        return [self._subgroup(sums) for sums in sums_by_place.values()]

    def _subgroup(self, numbers: Sequence[int]) -> LinkedGroup:
        counts = sorted({count for number in numbers for count in self.sums[number]})
        position = {count: index for index, count in enumerate(counts)}
        sums = [{position[count]: sign for count, sign in self.sums[number].items()} for number in numbers]
        usual, solved = (
            frozenset(index for index, number in enumerate(numbers) if number in group_numbers)
            for group_numbers in (self.usual_sums, self.solved_sums)
        )
        cells = [self.cells[count] for count in counts]
        return LinkedGroup(self.row_index, self.policy, self.equal_cells, cells, sums, usual, solved)


def linked_groups(
    rows: Mapping[str, list[Row]],
    forms: Mapping[str, Table],
    policy: Policy,
    prior_rows: Sequence[PriorReleaseRows] = (),
    duplicates: Sequence[Sequence[Cell]] = (),
    equal_counts: Sequence[Sum] = (),
    usual: Sequence[Sum] = (),
) -> Iterator[LinkedGroup]:
    """Yield the groups of linked counts; no constraint connects two groups.

    `usual` is as in `LinkedTables.groups`, and the other parameters as in `LinkedTables`.
    """
    yield from LinkedTables(rows, forms, policy, prior_rows, duplicates, equal_counts).groups(usual)


class LinkedTables:
    """The constraints between the rows of a release, and of prior releases.

    Suppression changes what a reader knows of a cell, but neither the cells nor the constraints. So each cell is
    numbered once, and `groups` may be called again after each suppression of `rows`, in place.

    Parameters
    ----------
    rows
        Rows by table, as released or as suppressed so far.
    forms
        The declared tables.
    prior_rows
        Prior releases. An unchanged count is linked to its cell in this release.
    duplicates
        Groups of cells that are one count although no declared constraint says so. They do not connect groups;
        `suppress_secondary` passes a suppression on to the other groups that contain the count.
    equal_counts
        Constraints that hold in this inspection, in addition to the declared ones.
    """

    def __init__(
        self,
        rows: Mapping[str, list[Row]],
        forms: Mapping[str, Table],
        policy: Policy,
        prior_rows: Sequence[PriorReleaseRows] = (),
        duplicates: Sequence[Sequence[Cell]] = (),
        equal_counts: Sequence[Sum] = (),
    ) -> None:
        self.policy = policy
        self._row_index: dict[tuple[str, tuple[Any, ...]], Row] = {
            (name, tuple(row[column] for column in form.key)): row for name, form in forms.items() for row in rows[name]
        }
        self._cells: list[Cell] = []
        self._number: dict[Cell, int] = {}
        self._equal_counts = frozenset(equal_counts)
        self._sums = [*map(self._numbered, (*sums_between(rows, forms), *equal_counts))]
        prior = [*self._prior_constraints(prior_rows, forms)]
        self._prior_sums = [(self._numbered(constraint), is_usual) for constraint, is_usual in prior]
        self._duplicates = [[*map(self._number_of, cells)] for cells in duplicates]
        self._order: list[int] = []

    def groups(self, usual: Sequence[Sum] = ()) -> Iterator[LinkedGroup]:
        """Yield the groups of linked counts; no constraint connects two groups.

        Parameters
        ----------
        usual
            Constraints that a reader may assume although they may be false (`usual_constraints`). Only these are left
            out where the released counts contradict them.
        """
        sums = [*self._sums, *map(self._numbered, usual), *(item for item, _ in self._prior_sums)]
        may_be_false = [constraint not in self._equal_counts for constraint in usual]
        is_usual = [False] * len(self._sums) + may_be_false + [is_usual for _, is_usual in self._prior_sums]
        known = {item for item, flag in zip(sums, is_usual, strict=True) if flag}
        is_usual = [item in known for item in sums]
        low, high = self._ranges()
        reduced = NumberedSums.from_sums(sums, is_usual).without_zeros(low, high)
        reduced = reduced.select(~self._are_contradictory(reduced, low, high))
        representative, equal = self._merge(reduced, with_usual=True)
        usual_by_number = usual_by_sum(reduced.merged(representative), reduced.is_usual.tolist())
        labels = component_labels([*usual_by_number], len(self._cells))
        if self._duplicates:
            linked = {number for item in usual_by_number for number in item}
            equal = _add_duplicates(equal, linked, labels, self._duplicates)
        equal_cells = {self._cells[first]: [self._cells[cell] for cell in cells] for first, cells in equal.items()}
        for group in disjoint_groups(self._sorted(usual_by_number), labels):
            yield self._linked_group(group, equal_cells, usual_by_number)

    def _number_of(self, cell: Cell) -> int:
        number = self._number.setdefault(cell, len(self._cells))
        if number == len(self._cells):
            self._cells.append(cell)
        return number

    def _numbered(self, constraint: Sum) -> NumberedSum:
        return (self._number_of(constraint.total), *map(self._number_of, constraint.parts))

    def _prior_constraints(
        self, prior_rows: Sequence[PriorReleaseRows], forms: Mapping[str, Table]
    ) -> Iterator[tuple[Sum, bool]]:
        """Add the rows of prior releases to the index, and yield their constraints, with True for usual ones."""
        current_rows = frozenset(self._row_index)
        for number, prior in enumerate(prior_rows):
            prior_forms = {name: form for name, form in forms.items() if name in prior.rows}
            released_rows = {name: prior.rows[name] for name in prior_forms}
            prior_index = {
                (_prior_table_name(name, number), tuple(row[column] for column in prior_forms[name].key)): row
                for name in prior_forms
                for row in released_rows[name]
            }
            for constraint in sums_between(released_rows, prior_forms):
                yield _prior_sum(constraint, number), False
            for constraint in sorted(prior.equal_counts, key=repr):
                yield _prior_sum(constraint, number), True
            for cell in _cells_in_both(prior.unchanged_cells, current_rows, prior_index, number):
                yield Sum(cell, ((_prior_table_name(cell[0], number), *cell[1:]),)), False
            self._row_index |= prior_index

    def _ranges(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the smallest and the largest value of each cell, as a reader knows it now."""
        ranges = [cell_range(self._row_index[cell[:2]], cell[2], self.policy) for cell in self._cells]
        ends = np.array(ranges, dtype=np.int64).reshape(-1, 2)
        return ends[:, 0], ends[:, 1]

    def _merge(self, reduced: NumberedSums, *, with_usual: bool) -> tuple[np.ndarray, dict[int, list[int]]]:
        """Merge the counts that constraints of one part make equal; a count in no table represents none that is."""
        pairs = (
            (other, first) if _is_unreleased(self._cells[first]) and not _is_unreleased(self._cells[other])
            else (first, other)
            for first, other in reduced.equalities(with_usual=with_usual)
        )  # fmt: skip
        return merge_equal(pairs, len(self._cells))

    def _are_contradictory(self, reduced: NumberedSums, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Return for each constraint whether it is usual, and contradicts others together though none by itself.

        A false equality would merge two counts. The programme could then only drop constraints that always hold,
        because they contradict the merged count, and would not protect what these disclose. So default equalities are
        constraints of two counts here.
        """
        representative, equal = self._merge(reduced, with_usual=False)
        merged = reduced.merged(representative)
        usual_by_number = usual_by_sum(merged, reduced.is_usual.tolist())
        contradictory: set[NumberedSum] = set()
        labels = component_labels([*usual_by_number], len(self._cells))
        for group in disjoint_groups(self._sorted(usual_by_number), labels) if any(usual_by_number.values()) else ():
            usual = [position for position, item in enumerate(group) if usual_by_number[item]]
            if usual:
                counts = list(dict.fromkeys(number for item in group for number in item))
                position_of = {number: position for position, number in enumerate(counts)}
                ranges = [_common_range(equal.get(number, (number,)), low, high) for number in counts]
                attack = Attack(ranges, [_signs(item, position_of) for item in group], usual)
                contradictory.update(group[number] for number in attack.find_contradictory_sums())
        is_found = np.array([item in contradictory for item in merged], dtype=bool)
        result: np.ndarray = is_found & reduced.is_usual
        return result

    def _sorted(self, sums: Iterable[NumberedSum]) -> list[NumberedSum]:
        """Return the constraints in an order that does not depend on how the cells are numbered."""
        if len(self._order) < len(self._cells):
            by_text = sorted(range(len(self._cells)), key=lambda number: repr(self._cells[number]))
            self._order = [0] * len(self._cells)
            for position, number in enumerate(by_text):
                self._order[number] = position
        order, last = self._order, len(self._order)
        # An equality comes after all sums that begin with the same two counts.
        return sorted(
            sums, key=lambda item: (*(order[number] for number in item), *((last,) if len(item) == 2 else ()))
        )

    def _linked_group(
        self,
        sums: Sequence[NumberedSum],
        equal_cells: Mapping[Cell, Sequence[Cell]],
        usual_by_number: Mapping[NumberedSum, bool],
    ) -> LinkedGroup:
        counts = list(dict.fromkeys(number for item in sums for number in item))
        position_of = {number: position for position, number in enumerate(counts)}
        signs = [_signs(item, position_of) for item in sums]
        usual = frozenset(position for position, item in enumerate(sums) if usual_by_number[item])
        cells = [self._cells[number] for number in counts]
        return LinkedGroup(self._row_index, self.policy, equal_cells, cells, signs, usual)


def _is_unreleased(cell: Cell) -> bool:
    """Return True for a count that is in no table (`sum_ranges.DIFFERENCE_PREFIX`)."""
    return cell[2].startswith(DIFFERENCE_PREFIX)


def _common_range(cells: Sequence[int], low: np.ndarray, high: np.ndarray) -> Range:
    """Return the range of a count that all its cells give; that of the first if they contradict each other."""
    lowest, highest = max(low[number] for number in cells), min(high[number] for number in cells)
    return (int(lowest), int(highest)) if lowest <= highest else (int(low[cells[0]]), int(high[cells[0]]))


def _add_duplicates(
    equal: Mapping[int, Sequence[int]], linked: Collection[int], labels: np.ndarray, duplicates: Iterable[Sequence[int]]
) -> dict[int, list[int]]:
    """Return the equal cells with duplicate cells merged in.

    Two counts that the same group of constraints contains are not merged: the constraints already say how one limits
    the other, and a merged count would change them.

    Parameters
    ----------
    equal
        All cells of each merged count.
    linked
        The counts that a constraint contains.
    labels
        The group of each count.
    """
    cells_and_groups: dict[int, tuple[list[int], set[int]]] = {}
    for first in {**equal, **dict.fromkeys(linked)}:
        members = [*equal.get(first, (first,))]
        groups = {int(labels[first])} if first in linked else set()
        cells_and_groups |= dict.fromkeys(members, (members, groups))
    for cells in duplicates:
        merged_cells, merged_groups = cells_and_groups.setdefault(cells[0], ([cells[0]], set()))
        for cell in cells[1:]:
            other_cells, other_groups = cells_and_groups.setdefault(cell, ([cell], set()))
            if other_cells is not merged_cells and merged_groups.isdisjoint(other_groups):
                merged_cells += other_cells
                merged_groups |= other_groups
                cells_and_groups |= dict.fromkeys(other_cells, (merged_cells, merged_groups))
    return {cell: members for cell, (members, _) in cells_and_groups.items() if len(members) > 1}


def _signs(item: NumberedSum, position_of: Mapping[int, int]) -> dict[int, int]:
    """Return the coefficient of each count in the equation parts - total = 0; those of a repeated count are added."""
    signs = {position_of[item[0]]: -1}
    for part in item[1:]:
        signs[position_of[part]] = signs.get(position_of[part], 0) + 1
    return {count: sign for count, sign in signs.items() if sign}


def unchanged_counts(
    prior_rows: Mapping[str, Sequence[Row]], current_rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table]
) -> frozenset[Cell]:
    """Return the cells whose exact count is the same in a prior release and in this one."""
    prior_counts = dict(_counts(prior_rows, forms))
    return frozenset(
        cell for cell, count in _counts(current_rows, forms) if count is not None and prior_counts.get(cell) == count
    )


def sums_between(
    rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table], declared: DeclaredConstraints | None = None
) -> Iterator[Sum]:
    """Yield every declared sum between the rows of these tables, within and across tables.

    `declared` is as in `equalities`.
    """
    row_keys = {(name, tuple(row[column] for column in form.key)) for name, form in forms.items() for row in rows[name]}
    for name, form in forms.items():
        for constraint in sums_of(form, rows[name], forms):
            if all(cell[:2] in row_keys for cell in (constraint.total, *constraint.parts)):
                yield constraint
    yield from equalities(rows, forms, declared)


def _prior_table_name(table: str, number: int) -> str:
    return f"{table}{PRIOR_RELEASE_SEPARATOR}{number}"


def _prior_sum(constraint: Sum, number: int) -> Sum:
    total, *parts = ((_prior_table_name(cell[0], number), *cell[1:]) for cell in (constraint.total, *constraint.parts))
    return Sum(total, tuple(parts))


def _counts(rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table]) -> Iterator[tuple[Cell, int | None]]:
    for name, form in forms.items():
        for row in rows.get(name, ()):
            key = tuple(row[part] for part in form.key)
            yield from (((name, key, column), row.get(column)) for column in form.protected_counts)


def _cells_in_both(
    unchanged: Iterable[Cell],
    row_index: Collection[tuple[str, tuple[Any, ...]]],
    prior_index: Collection[Any],
    number: int,
) -> Iterator[Cell]:
    for cell in sorted(unchanged, key=repr):
        if cell[:2] in row_index and (_prior_table_name(cell[0], number), cell[1]) in prior_index:
            yield cell
