"""Group the counts of all released tables, and of prior releases, by the sums that link them.

No constraint connects two groups, so secondary suppression can treat each group separately. A linear programme of one
group is much smaller than one of all tables.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.sdc.additivity_constraints import PLACE, TOTAL_VALUES, DeclaredConstraints, equalities
from assay.sdc.cell_status import Row, is_primary_suppressed, is_secondary_suppressed, is_suppressed
from assay.sdc.linear_programming_attack import Attack, Signs
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

    def __post_init__(self) -> None:
        sums_of_count: list[list[int]] = [[] for _ in self.cells]
        for number, signs in enumerate(self.sums):
            for count in signs:
                sums_of_count[count].append(number)
        object.__setattr__(self, "sums_of_count", sums_of_count)

    def known_range(self, count: int) -> Range:
        """Return the range of a count from all cells that show it."""
        ranges = [cell_range(self.row(item), item[2], self.policy) for item in self.cells_of_count(count)]
        low, high = max(item[0] for item in ranges), min(item[1] for item in ranges)
        return (low, high) if low <= high else ranges[0]

    @property
    def is_solved(self) -> bool:
        """True if every suppressed count is known to be protected under all constraints."""
        return len(self.solved_sums) == len(self.sums)

    def is_suppressed(self, count: int) -> bool:
        """Return True if the count is suppressed in at least one cell."""
        return any(is_suppressed(self.row(cell), cell[2]) for cell in self.cells_of_count(count))

    def cells_of_count(self, count: int) -> Sequence[Cell]:
        """Return all cells of the count."""
        cell = self.cells[count]
        return self.equal_cells.get(cell, (cell,))

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
        thresholds = (self.policy.hide_up_to, self.policy.round_to, self.policy.least_range)
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
    declared: Sequence[Sum] | None = None,
) -> Iterator[LinkedGroup]:
    """Yield the groups of linked counts; no constraint connects two groups.

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
    usual
        Constraints that a reader may assume although they may be false (`usual_constraints`). Only these are left out
        where the released counts contradict them.
    declared
        The result of `sums_between` for these rows, if it is known: suppression does not change it.
    """
    declared = [*sums_between(rows, forms)] if declared is None else declared
    row_index = {
        (name, tuple(row[column] for column in form.key)): row for name, form in forms.items() for row in rows[name]
    }
    constraints, may_be_false = [*declared, *equal_counts, *usual], {*usual}.difference(equal_counts)
    for number, prior in enumerate(prior_rows):
        prior_forms = {name: form for name, form in forms.items() if name in prior.rows}
        released_rows = {name: prior.rows[name] for name in prior_forms}
        prior_index = {
            (_prior_table_name(name, number), tuple(row[column] for column in prior_forms[name].key)): row
            for name in prior_forms
            for row in released_rows[name]
        }
        prior_usual = [_prior_sum(constraint, number) for constraint in sorted(prior.equal_counts, key=repr)]
        may_be_false |= {*prior_usual}
        constraints += [_prior_sum(constraint, number) for constraint in sums_between(released_rows, prior_forms)]
        constraints += prior_usual
        constraints += [
            Sum(cell, ((_prior_table_name(cell[0], number), *cell[1:]),))
            for cell in _cells_in_both(prior.unchanged_cells, row_index, prior_index, number)
        ]
        row_index |= prior_index
    equal_cells, usual_by_sum = _merge_equal_counts(constraints, may_be_false, row_index, policy)
    equal_cells = _add_duplicates(equal_cells, usual_by_sum, duplicates) if duplicates else equal_cells
    for sums in _disjoint_groups(sorted(usual_by_sum, key=repr)):
        yield _linked_group(sums, row_index, policy, equal_cells, usual_by_sum)


def _merge_equal_counts(
    constraints: Iterable[Sum], usual: Collection[Sum], row_index: RowIndex, policy: Policy
) -> tuple[dict[Cell, list[Cell]], dict[Sum, bool]]:
    """Merge the counts that constraints of one part make equal.

    Parts that are known to be 0 are removed first, so a sum with one other part becomes an equality. A constraint that
    the released counts contradict is not used: no reader would assume it.

    Returns
    -------
    equal_cells, usual_by_sum
        The cells of each merged count by its representative, and the remaining constraints between representatives,
        each with True if it is a default constraint (in `usual`) and follows from no other.
    """
    ranges = {
        cell: cell_range(row_index[cell[:2]], cell[2], policy)
        for constraint in constraints
        for cell in (constraint.total, *constraint.parts)
    }
    reduced = [(Sum(constraint.total, tuple(part for part in constraint.parts if ranges[part] != ZERO_RANGE)),
             constraint in usual) for constraint in constraints if _is_consistent(constraint, ranges)]  # fmt: skip
    reduced = [item for item in reduced if ranges[item[0].total] != ZERO_RANGE and item[0].parts]
    contradictory = _contradictory_positions(reduced, row_index, policy)
    reduced = [item for position, item in enumerate(reduced) if position not in contradictory]
    equalities = [constraint for constraint, _ in reduced if len(constraint.parts) == 1]
    merged, equal_cells = _merge([constraint for constraint, _ in reduced], equalities)
    return equal_cells, _usual_by_sum(merged, reduced)


def _contradictory_positions(reduced: Sequence[tuple[Sum, bool]], row_index: RowIndex, policy: Policy) -> set[int]:
    """Return the positions of the default constraints that contradict others together, though none does by itself.

    A false equality would merge two counts. The programme could then only drop constraints that always hold, because
    they contradict the merged count, and would not protect what these disclose. So default equalities are constraints
    of two counts here.
    """
    equalities = [constraint for constraint, is_usual in reduced if len(constraint.parts) == 1 and not is_usual]
    merged, equal_cells = _merge([constraint for constraint, _ in reduced], equalities)
    usual_by_sum = _usual_by_sum(merged, reduced)
    contradictory: set[Sum] = set()
    for sums in _disjoint_groups(sorted(usual_by_sum, key=repr)) if any(usual_by_sum.values()) else ():
        group = _linked_group(sums, row_index, policy, equal_cells, usual_by_sum)
        if group.usual_sums:
            ranges = [group.known_range(count) for count in range(len(group.cells))]
            found = Attack(ranges, group.sums, group.usual_sums).find_contradictory_sums()
            contradictory |= {sums[number] for number in found}
    return {
        position
        for position, (constraint, (_, is_usual)) in enumerate(zip(merged, reduced, strict=True))
        if is_usual and constraint in contradictory
    }


def _merge(constraints: Iterable[Sum], equalities: Iterable[Sum]) -> tuple[list[Sum], dict[Cell, list[Cell]]]:
    """Return the constraints between the counts that `equalities` merge, and the cells of each merged count."""
    # A count that is in no table must not represent one that is.
    pairs = (sorted((equality.total, *equality.parts), key=_is_unreleased) for equality in equalities)
    representative, equal_cells = _connected_components(pairs)
    return [
        Sum(representative(constraint.total), tuple(map(representative, constraint.parts)))
        for constraint in constraints
    ], equal_cells


def _usual_by_sum(merged: Iterable[Sum], reduced: Iterable[tuple[Sum, bool]]) -> dict[Sum, bool]:
    """Return each constraint of two counts or more, with True if it is usual and follows from no other."""
    usual_by_sum: dict[Sum, bool] = {}
    for constraint, (_, is_usual) in zip(merged, reduced, strict=True):
        if constraint.parts != (constraint.total,):
            usual_by_sum[constraint] = usual_by_sum.get(constraint, True) and is_usual
    return usual_by_sum


def _is_unreleased(cell: Cell) -> bool:
    """Return True for a count that is in no table (`sum_ranges.DIFFERENCE_PREFIX`)."""
    return cell[2].startswith(DIFFERENCE_PREFIX)


def _is_consistent(constraint: Sum, ranges: Mapping[Cell, Range]) -> bool:
    """Return True if some values in the ranges of the cells satisfy the constraint."""
    low, high = (sum(ranges[part][end] for part in constraint.parts) for end in (0, 1))
    return low <= ranges[constraint.total][1] and ranges[constraint.total][0] <= high


def _add_duplicates(
    equal_cells: Mapping[Cell, Sequence[Cell]], sums: Iterable[Sum], duplicates: Iterable[Sequence[Cell]]
) -> dict[Cell, list[Cell]]:
    """Return the equal cells with duplicate cells merged in.

    Two counts that the same group of constraints contains are not merged: the constraints already say how one limits
    the other, and a merged count would change them.
    """
    representative, components = _connected_components([(constraint.total, *constraint.parts) for constraint in sums])
    linked_cells = {cell for cells in components.values() for cell in cells}
    cells_and_groups: dict[Cell, tuple[list[Cell], set[Cell]]] = {}
    for first in {**equal_cells, **dict.fromkeys(linked_cells)}:
        members = [*equal_cells.get(first, (first,))]
        cells_and_groups |= dict.fromkeys(
            members, (members, {representative(first)} if first in linked_cells else set())
        )
    for cells in duplicates:
        merged_cells, merged_groups = cells_and_groups.setdefault(cells[0], ([cells[0]], set()))
        for cell in cells[1:]:
            other_cells, other_groups = cells_and_groups.setdefault(cell, ([cell], set()))
            if other_cells is not merged_cells and merged_groups.isdisjoint(other_groups):
                merged_cells += other_cells
                merged_groups |= other_groups
                cells_and_groups |= dict.fromkeys(other_cells, (merged_cells, merged_groups))
    return {cell: members for cell, (members, _) in cells_and_groups.items() if len(members) > 1}


def _linked_group(
    sums: Sequence[Sum],
    row_index: RowIndex,
    policy: Policy,
    equal_cells: Mapping[Cell, Sequence[Cell]],
    usual_by_sum: Mapping[Sum, bool],
) -> LinkedGroup:
    cells = list(dict.fromkeys(cell for constraint in sums for cell in (constraint.total, *constraint.parts)))
    number = {cell: index for index, cell in enumerate(cells)}
    signs = [_signs(constraint, number) for constraint in sums]
    usual = frozenset(position for position, constraint in enumerate(sums) if usual_by_sum[constraint])
    return LinkedGroup(row_index, policy, equal_cells, cells, signs, usual)


def _signs(constraint: Sum, number: Mapping[Cell, int]) -> dict[int, int]:
    """Return the coefficient of each count in the equation parts - total = 0; those of a repeated count are added."""
    signs = {number[constraint.total]: -1}
    for part in constraint.parts:
        signs[number[part]] = signs.get(number[part], 0) + 1
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


def _connected_components(groups: Iterable[Sequence[Cell]]) -> tuple[Callable[[Cell], Cell], dict[Cell, list[Cell]]]:
    """Return the connected components of cells that share a group (union-find with path halving).

    Returns
    -------
    find_root, members
        A function from a cell to the representative of its component, and the cells of each component.
    """
    parent: dict[Cell, Cell] = {}

    def find_root(cell: Cell) -> Cell:
        while parent.get(cell, cell) != cell:
            parent[cell] = cell = parent.get(parent[cell], parent[cell])
        return cell

    for first, *rest in groups:
        parent.setdefault(first, first)
        for other in rest:
            parent.setdefault(other, other)
            parent[find_root(other)] = find_root(first)
    members: dict[Cell, list[Cell]] = {}
    for cell in parent:
        members.setdefault(find_root(cell), []).append(cell)
    return find_root, members


def _disjoint_groups(sums: Sequence[Sum]) -> Iterator[list[Sum]]:
    """Yield the constraints in groups that have no count in common."""
    representative, _ = _connected_components([(constraint.total, *constraint.parts) for constraint in sums])
    groups: dict[Cell, list[Sum]] = {}
    for constraint in sums:
        groups.setdefault(representative(constraint.total), []).append(constraint)
    yield from groups.values()
