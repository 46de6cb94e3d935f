"""Secondary suppression of linked tables by linear programming.

While the feasibility interval of a suppressed count is narrower than the sliding protection level (`protection_level`
of the policy), one more count of the disclosive constraint is suppressed: the one with the smallest information loss
(`_information_loss`), so totals, and counts that a share needs, are suppressed last.

Constraints are used one at a time first, which is fast and finds most disclosive ones. Then a linear programme uses all
of them together; the procedure ends when it finds no under-protected count. The result is heuristic: it is safe, but
the number of suppressions may not be the smallest possible.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from assay.errors import DisclosureError
from assay.sdc.cell_status import Row, is_primary_suppressed, is_secondary_suppressed, suppress_cell
from assay.sdc.linear_programming_attack import LARGE_PROGRAMME_SUMS, SMALL_PROGRAMME_SUMS, Attack
from assay.sdc.linked_tables import LinkedGroup, LinkedTables, PriorReleaseRows
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import Cell, Sum
from assay.sdc.suppression_cache import Suppression, group_key, look_up, store
from assay.sdc.suppression_policy import Policy

MAX_LOCAL_SUMS = 100
"""Largest number of constraints around a count that are solved before the programme of all constraints."""
BLOCK_SUMS, MAX_BLOCKS = 300, 300
"""Largest number of constraints of a block (a programme that confirms counts as protected), and of stored blocks."""
MAX_SHARE_OF_TOTALS = 0.75
"""The constraints of totals are solved by themselves if they are at most this share of all constraints."""
RINGS, MAX_SHARE_OF_CHANGED = 3, 0.1
"""In a large group, counts within this number of constraints of an added one are solved again. If more than this share
of the constraints is new, all counts are."""
MIN_CONFIRMED_SHARE, MIN_CONFIRMED_SHARE_LARGE = 0.05, 0.2
"""Counts are confirmed as protected in the programme of all constraints as long as a pair of solutions confirms at
least this share (or the second, in a large group); then it is faster to solve the constraints around each of the other
counts first."""


def suppress_secondary(
    rows: Mapping[str, list[Row]],
    forms: Mapping[str, Table],
    policy: Policy,
    prior_rows: Sequence[PriorReleaseRows] = (),
    duplicates: Sequence[Sequence[Cell]] = (),
    equal_counts: Sequence[Sum] = (),
    find_usual: Callable[[], Sequence[Sum]] = tuple,
) -> list[Suppression]:
    """Suppress counts, in place, until the feasibility interval of every suppressed count is wide enough.

    A reader chooses the default constraints that the released tables do not contradict. Each suppression widens ranges,
    so a constraint that was contradicted may no longer be. The choice is therefore made again after the suppressions,
    and groups with a new constraint are solved again, until that leads to no further suppression. A constraint that is
    left out later only widens ranges.

    Parameters
    ----------
    rows
        Rows by table, after primary suppression and rounding.
    forms
        The declared tables.
    prior_rows
        Prior releases. What they suppressed and is unchanged is suppressed again.
    duplicates
        Groups of cells that are suppressed together (`duplicate_cells`).
    equal_counts
        Constraints that hold in this inspection, in addition to the declared ones: those that readers may assume and
        that are true (`equal_ordered_counts`, `true_constraints`).
    find_usual
        Returns the default constraints that `rows`, as suppressed so far, do not contradict (`usual_constraints`). They
        may be false.

    Returns
    -------
    list
        Each suppression with the cell that it protects, in the order in which they were made.

    Raises
    ------
    DisclosureError
        If a count stays under-protected although no further count can be suppressed.
    """
    for row, column in _previously_suppressed(rows, forms, prior_rows):
        suppress_cell(row, column)
    suppressions: list[Suppression] = []
    solved: set[Hashable] = set()
    tables = LinkedTables(rows, forms, policy, prior_rows, duplicates, equal_counts)
    while True:
        linked = [_with_solved_sums(group, solved) for group in tables.groups(find_usual())]
        unsolved = {number: _cells_to_solve(group) for number, group in enumerate(linked) if not group.is_solved}
        new = _suppress_groups(linked, unsolved, forms, _groups_by_cell(linked) if duplicates else {})
        suppressions += new
        if not new:
            return suppressions
        solved.update(constraint for group in linked for constraint in group.constraints())


def _with_solved_sums(group: LinkedGroup, solved: Collection[Hashable]) -> LinkedGroup:
    numbers = (number for number, constraint in enumerate(group.constraints()) if constraint in solved)
    return replace(group, solved_sums=frozenset(numbers)) if solved else group


def _cells_to_solve(group: LinkedGroup) -> Collection[Cell] | None:
    """Return the cells to protect under the constraints that a group gained, or None for all.

    A large group takes long to solve, and a few default constraints that are false, but no longer contradicted, concern
    few of its counts. So only counts near them are solved again, under all constraints of the group.
    """
    numbers = {*range(len(group.sums))} - group.solved_sums
    if len(group.sums) < LARGE_PROGRAMME_SUMS or len(numbers) > MAX_SHARE_OF_CHANGED * len(group.sums):
        return None
    counts: set[int] = set()
    for _ in range(RINGS):
        counts.update(count for number in numbers for count in group.sums[number])
        numbers.update(number for count in counts for number in group.sums_of_count[count])
    return {cell for count in counts for cell in group.cells_of_count(count)}


def _suppress_groups(
    linked: list[LinkedGroup],
    unsolved: Mapping[int, Collection[Cell] | None],
    forms: Mapping[str, Table],
    groups_of_cell: Mapping[Cell, Collection[int]],
) -> list[Suppression]:
    """Suppress counts of the unsolved groups, in place, and of each other group that shares a suppressed cell.

    `unsolved` has by group the cells to protect, as `_suppress_group`.
    """
    pending = dict(unsolved)
    suppressions: list[Suppression] = []
    while pending:
        number = next(iter(pending))
        new = _suppress_group(linked[number], forms, pending.pop(number))
        suppressions += new
        for suppression in new:
            for other_number in {*groups_of_cell.get(suppression.cell, ())} - {number}:
                if linked[other_number].solved_sums:  # the new cell is not protected under these
                    linked[other_number] = replace(linked[other_number], solved_sums=frozenset())
                new_cells = pending.get(other_number, ())
                if new_cells is not None:  # None: the group was not solved yet, so all its cells are pending
                    pending[other_number] = {*new_cells, suppression.cell}
    return suppressions


def _groups_by_cell(linked: Sequence[LinkedGroup]) -> dict[Cell, set[int]]:
    """Return the numbers of the groups that contain each cell, or another cell of the same count."""
    numbers: dict[Cell, set[int]] = {}
    for number, group in enumerate(linked):
        for count in range(len(group.cells)):
            for cell in group.cells_of_count(count):
                numbers.setdefault(cell, set()).add(number)
    return numbers


def underprotected_cells(group: LinkedGroup) -> dict[Cell, tuple[float, float]]:
    """Return the under-protected cells of a group, with the ends of their feasibility intervals."""
    counts, min_width = range(len(group.cells)), group.policy.protection_level
    suppressed = [count for count in counts if group.is_suppressed(count)]
    if not suppressed:
        return {}
    attack = Attack([group.known_range(count) for count in counts], group.sums, group.usual_sums)
    narrow = attack.find_narrow_counts(suppressed, min_width)
    return {
        group.cells[count]: (float(attack.low[count]), float(attack.high[count]))
        for count in narrow
        if attack.binding_counts(count, min_width) or not attack.is_wide_enough(count, min_width)
    }


def _previously_suppressed(
    rows: Mapping[str, list[Row]], forms: Mapping[str, Table], prior_rows: Sequence[PriorReleaseRows]
) -> Iterator[tuple[Row, str]]:
    """Yield the unchanged cells that a prior release suppressed; to show them would undo that suppression."""
    for prior in prior_rows:
        for name, form in forms.items():
            prior_row_at = {tuple(row[part] for part in form.key): row for row in prior.rows.get(name, ())}
            for row in rows[name]:
                key = tuple(row[part] for part in form.key)
                for column in form.protected_counts if key in prior_row_at else ():
                    was_suppressed = (name, key, column) in prior.unchanged_cells and is_secondary_suppressed(
                        prior_row_at[key], column
                    )
                    if was_suppressed and (row.get(column) or is_primary_suppressed(row, column)):
                        yield row, column


def _suppress_group(
    group: LinkedGroup, forms: Mapping[str, Table], new_cells: Collection[Cell] | None
) -> list[Suppression]:
    """Suppress the counts of a group, in place, and return the suppressions, cached by content.

    The same tables are protected twice: for the report text that uses their figures, and for the release.

    Parameters
    ----------
    new_cells
        In a group that was solved before: the cells that were suppressed in other groups since, or are near an added
        constraint. All other suppressed counts are still protected. None for a group that was not solved yet.
    """
    tables = [forms[name] for name in sorted({cell[0] for cell in group.cells if cell[0] in forms})]
    cells = None if new_cells is None else sorted(new_cells, key=repr)
    key = group_key((group.content, cells, sorted(group.solved_sums)), tables)
    cached = look_up(key)
    if cached is None:
        suppressions = _GroupSuppressor(group, forms).suppress_until_safe(new_cells)
        store(key, suppressions)
        return suppressions
    for suppression in cached:
        suppress_cell(group.row(suppression.cell), suppression.cell[2])
    return list(cached)


@dataclass(frozen=True)
class _Block:
    """Some constraints of a group: their numbers, the position of each of their counts, and their programme."""

    sums: frozenset[int]
    position: Mapping[int, int]
    attack: Attack


class _GroupSuppressor:
    """Secondary suppression of one group, one count at a time, until every suppressed count is safe.

    Each step suppresses one more count. That only widens feasibility intervals, so protected counts stay protected, and
    the procedure ends.
    """

    def __init__(self, group: LinkedGroup, forms: Mapping[str, Table]) -> None:
        self.group, self.forms = group, forms
        self.min_width = group.policy.protection_level
        self.count_ranges = [group.known_range(count) for count in range(len(group.cells))]
        self.sum_ranges = [self._sum_range(number) for number in range(len(group.sums))]
        self.suppressions: list[Suppression] = []
        self.programmes: list[_Block] = []
        self.blocks: deque[_Block] = deque(maxlen=MAX_BLOCKS)
        self.protected_counts = frozenset(self._suppressed_counts() if group.solved_sums else ())
        """Counts that are protected under `solved_sums`. A further suppression is not among them."""

    @property
    def contradictory_sums(self) -> frozenset[int]:
        """Return the constraints that the programme of all constraints has dropped so far."""
        return frozenset(self.programmes[0].attack.contradictory_sums if self.programmes else ())

    def suppress_until_safe(self, new_cells: Collection[Cell] | None = None) -> list[Suppression]:
        """Return the suppressions, each with the cell that it protects; `new_cells` is as in `_suppress_group`."""
        suppressed = self._suppressed_counts()
        if new_cells is not None:
            cells = frozenset(new_cells)
            suppressed = [count for count in suppressed if not cells.isdisjoint(self.group.cells_of_count(count))]
        if not suppressed:
            return []
        suppressed_before = set(self._suppressed_counts())
        if len(self.group.sums) > SMALL_PROGRAMME_SUMS:
            suppressed += self._suppress_by_place(new_cells)
        self._suppress_by_sum(suppressed)
        self._suppress_by_linear_programme(
            [
                *suppressed,
                *(count for count in self._suppressed_counts() if new_cells is None or count not in suppressed_before),
            ]
        )
        return self.suppressions

    def _suppressed_counts(self) -> list[int]:
        return [count for count in range(len(self.count_ranges)) if self.group.is_suppressed(count)]

    def _suppress_by_place(self, new_cells: Collection[Cell] | None) -> list[int]:
        """Solve the constraints of each place separately, and return the numbers of the suppressed counts.

        A count that the constraints of one place disclose is also disclosed by all constraints together. Most
        disclosive constraints are within one force, and the programme of one force is much smaller than that of all.
        """
        parts = self.group.split_by_place()
        if len(parts) < 2:
            return []
        suppressions = [
            suppression
            for part in parts
            if not part.is_solved
            for suppression in _GroupSuppressor(part, self.forms).suppress_until_safe(new_cells)
        ]
        count_of_cell = {
            cell: count for count in range(len(self.count_ranges)) for cell in self.group.cells_of_count(count)
        }
        suppressed = list(dict.fromkeys(count_of_cell[suppression.cell] for suppression in suppressions))
        for count in suppressed:
            self._update_ranges(count)
        self.suppressions += suppressions
        return suppressed

    def _suppress_by_sum(self, suppressed: Sequence[int]) -> None:
        """Suppress counts until no constraint by itself makes the range of a suppressed count too narrow."""
        pending = deque(suppressed)
        while pending:
            count = pending.popleft()
            while disclosive := self._disclosive_counts(count):
                candidate = self._choose_candidate(disclosive)
                if candidate is None:
                    break  # the linear programme decides whether another constraint has a candidate
                self._suppress(candidate, count)
                pending.append(candidate)

    def _suppress_by_linear_programme(self, suppressed: Sequence[int]) -> None:
        """Suppress counts until the programme of all constraints finds no under-protected count.

        Solutions of all constraints prove that counts are protected; programmes of some constraints, which are faster,
        find most of those that are not. Only what is then left is solved count by count with all constraints.
        """
        attack = Attack(self.count_ranges, self.group.sums, self.group.usual_sums)
        position = {count: count for count in range(len(self.count_ranges))}
        whole = _Block(frozenset(range(len(self.group.sums))), position, attack)
        self.programmes = [whole]
        is_large = len(self.group.sums) >= LARGE_PROGRAMME_SUMS
        min_share = MIN_CONFIRMED_SHARE_LARGE if is_large else MIN_CONFIRMED_SHARE
        narrow = attack.find_narrow_counts(suppressed, self.min_width, min_share)
        narrow += self._suppress_by_local_sums(narrow, attack)
        narrow += self._suppress_by_sums_of_totals(narrow, attack)
        narrow = attack.find_narrow_counts(narrow, self.min_width)
        narrow += self._suppress_by_block(whole, narrow)
        for count in narrow:
            if not attack.is_wide_enough(count, self.min_width):
                raise self._no_candidate_error(count)

    def _suppress_by_sums_of_totals(self, narrow: Sequence[int], attack: Attack) -> list[int]:
        """Suppress counts until the constraints of totals leave each total protected; return the suppressed counts.

        Totals of all forces take part in far more constraints than the count of one force, so in a large group they are
        most of the counts that a few constraints do not find. The constraints within one force are left out.
        """
        totals = [count for count in narrow if self.group.is_total(count)]
        area = [
            number
            for number, signs in enumerate(self.group.sums)
            if number not in self.contradictory_sums and any(map(self.group.is_total, signs))
        ]
        if not totals or not LARGE_PROGRAMME_SUMS / 2 <= len(area) <= MAX_SHARE_OF_TOTALS * len(self.group.sums):
            return []
        block = self._build_block(area)
        self.programmes.append(block)
        for count in totals:
            block.attack.add_possible_values(block.position[count], attack, count)
        candidates = self._suppress_by_block(block, totals)
        self.programmes.remove(block)
        return candidates

    def _suppress_by_block(self, block: _Block, narrow: Iterable[int]) -> list[int]:
        """Suppress counts until the constraints of a block leave each count protected, or there is no candidate.

        Returns
        -------
        list
            The suppressed counts.
        """
        pending, candidates, counts = deque(narrow), [], [*block.position]
        while pending:
            count = pending.popleft()
            while binding := block.attack.binding_counts(block.position[count], self.min_width):
                binding = {counts[index] for index in binding}
                candidate = self._choose_candidate(self._nearest_binding_counts(count, binding))
                if candidate is None:
                    break
                self._suppress_and_relax(candidate, count)
                candidates.append(candidate)
                pending.append(candidate)
        return candidates

    def _suppress_by_local_sums(self, suppressed: Sequence[int], attack: Attack) -> list[int]:
        """Suppress counts until the constraints near each count leave it protected; return the suppressed counts.

        A count that a few constraints leave under-protected is under-protected by all constraints together. So these
        suppressions are necessary, and the programme of all constraints, which is slow, has fewer counts to solve.
        """
        pending, candidates = deque(suppressed), []
        while pending:
            count = pending.popleft()
            while not attack.is_wide_enough(count, self.min_width):
                candidate = self._choose_candidate(self._local_binding_counts(count, attack, MAX_LOCAL_SUMS))
                if candidate is None:
                    break  # protected by the nearby constraints, or no candidate: decided with all constraints next
                self._suppress_and_relax(candidate, count)
                candidates.append(candidate)
                pending.append(candidate)
        return candidates

    def _suppress_and_relax(self, candidate: int, protects: int) -> None:
        self._suppress(candidate, protects)
        for block in (*self.programmes, *self.blocks):
            if candidate in block.position:
                block.attack.relax_range(block.position[candidate], self.count_ranges[candidate])

    def _disclosive_counts(self, count: int) -> set[int]:
        """Return the counts of the disclosive constraints of one count; an empty set if it is protected.

        Each constraint implies a range of the count from the ranges of its other counts (interval arithmetic). The
        constraints that give the largest lower and the smallest upper bound are disclosive if the two are too close.
        """
        low, high = map(float, self.count_ranges[count])
        low_sum = high_sum = -1
        for number in self.group.sums_of_count[count]:
            sign, count_range, sum_range = (
                self.group.sums[number][count],
                self.count_ranges[count],
                self.sum_ranges[number],
            )
            signed_range = (count_range[0], count_range[1]) if sign > 0 else (count_range[1], count_range[0])
            implied_range = sorted(
                (-(sum_range[0] - sign * signed_range[0]) / sign, -(sum_range[1] - sign * signed_range[1]) / sign)
            )
            if implied_range[0] > low:
                low, low_sum = implied_range[0], number
            if implied_range[1] < high:
                high, high_sum = implied_range[1], number
        if high - low >= self.min_width or high < low:  # contradictory constraints reveal nothing
            return set()
        return {other for number in (low_sum, high_sum) if number >= 0 for other in self.group.sums[number]}

    def _local_binding_counts(self, count: int, attack: Attack, max_sums: float = inf) -> set[int]:
        """Return the binding counts in the smallest neighbourhood that leaves this count under-protected.

        The set is empty if the count is protected by the largest neighbourhood of at most `max_sums` constraints. That
        one is solved first, because most counts are protected: solutions of more constraints are solutions of fewer,
        so the count is then protected in every smaller neighbourhood too, without a further programme.
        """
        areas = [*self._neighbourhoods(count, max_sums)]
        if count in self.protected_counts and areas and self.group.solved_sums.issuperset(areas[-1]):
            return set()
        if not areas or self._is_safe_in_larger_area(areas[-1], count, attack):
            return set()
        binding, is_consistent = self._binding_counts_of_area(areas[-1], count)
        if is_consistent and not binding:
            return set()
        return next((found for area in areas[:-1] if (found := self._binding_counts_of_area(area, count)[0])), binding)

    def _neighbourhoods(self, count: int, max_sums: float) -> Iterator[list[int]]:
        """Yield growing neighbourhoods of a count: its constraints, then those that share a count with them, and so on.

        Each is a sorted list of at most `max_sums` constraint numbers. Contradictory constraints are left out, so a
        solution of all constraints is also one of a neighbourhood.
        """
        area: set[int] = set()
        frontier = {*self.group.sums_of_count[count]} - self.contradictory_sums
        while frontier and len(area := area | frontier) <= max_sums:
            yield sorted(area)
            neighbours = {neighbour for number in frontier for neighbour in self.group.sums[number]}
            frontier = {number for neighbour in neighbours for number in self.group.sums_of_count[neighbour]}
            frontier -= area | self.contradictory_sums

    def _is_safe_in_larger_area(self, area: Sequence[int], count: int, attack: Attack) -> bool:
        """Return True if the count is protected under the constraints of `area` and more.

        One programme around a count can be used for its neighbours too, and starts from its last basis. It is used only
        for confirmation. The count to suppress is chosen by a newly built programme (`_binding_counts_of_area`):
        where several dual solutions are optimal, the choice would depend on the programmes solved before.
        """
        block = next((block for block in self.blocks if block.sums.issuperset(area)), None)
        if block is None:
            block = self._build_block([*self._neighbourhoods(count, max(BLOCK_SUMS, len(area)))][-1])
            self.blocks.appendleft(block)
        if block.sums.isdisjoint(attack.contradictory_sums):
            block.attack.add_possible_values(block.position[count], attack, count)
        return block.attack.verify_width(block.position[count], self.min_width)

    def _build_block(self, area: Sequence[int]) -> _Block:
        counts = sorted({count for number in area for count in self.group.sums[number]})
        position = {count: index for index, count in enumerate(counts)}
        sums = [{position[count]: sign for count, sign in self.group.sums[number].items()} for number in area]
        usual_sums = [index for index, number in enumerate(area) if number in self.group.usual_sums]
        return _Block(
            frozenset(area), position, Attack([self.count_ranges[count] for count in counts], sums, usual_sums)
        )

    def _nearest_binding_counts(self, count: int, binding: Collection[int]) -> set[int]:
        """Return the binding counts nearest to a count (in number of constraints) if one is shown; otherwise all."""
        seen, edge = {count}, {count}
        while edge:
            edge = {
                neighbour
                for edge_count in edge
                for number in self.group.sums_of_count[edge_count]
                for neighbour in self.group.sums[number]
            } - seen
            seen |= edge
            found = edge.intersection(binding)
            if any(self.group.has_shown_value(neighbour) for neighbour in found):
                return found
        return set(binding)

    def _binding_counts_of_area(self, area: Sequence[int], count: int) -> tuple[set[int], bool]:
        """Return the binding counts of a count under these constraints only, and True if these are consistent."""
        block = self._build_block(area)
        counts = [*block.position]
        binding = {counts[index] for index in block.attack.binding_counts(block.position[count], self.min_width)}
        return binding, not block.attack.contradictory_sums

    def _suppress(self, candidate: int, protects: int) -> None:
        for cell in self.group.current_cells(candidate):
            suppress_cell(self.group.row(cell), cell[2])
            self.suppressions.append(Suppression(cell, self.group.cells[protects]))
        self._update_ranges(candidate)

    def _update_ranges(self, count: int) -> None:
        self.count_ranges[count] = self.group.known_range(count)
        for number in self.group.sums_of_count[count]:
            self.sum_ranges[number] = self._sum_range(number)

    def _sum_range(self, number: int) -> tuple[int, int]:
        """Return the smallest and the largest value of a signed sum, if each count has any value in its range."""
        signs = self.group.sums[number].items()
        low = sum(sign * self.count_ranges[count][0 if sign > 0 else 1] for count, sign in signs)
        return low, sum(sign * self.count_ranges[count][1 if sign > 0 else 0] for count, sign in signs)

    def _choose_candidate(self, binding: Collection[int]) -> int | None:
        """Return the count with the smallest information loss, or None if there is no candidate.

        If no count is shown, a primary suppressed count becomes secondary suppressed, and so loses its upper bound.
        """
        shown_counts = [count for count in binding if self.group.has_shown_value(count)]
        if shown_counts:
            return min(shown_counts, key=self._information_loss)
        small = [count for count in binding if self.count_ranges[count] == (1, self.group.policy.suppression_threshold)]
        removable = [count for count in small if self.group.current_cells(count) and not self.group.prior_cells(count)]
        return max(removable, key=self._information_loss, default=None)

    def _information_loss(self, count: int) -> tuple[int, bool, bool, int, str]:
        """Return the information loss of a suppression, as a tuple to compare.

        In this order: the number of key columns at their total, whether the count appears twice in one table, whether
        a share is computed from it, the count, and the cell as text, so that the choice is the same in every run.
        """
        cells = self.group.current_cells(count)
        totals = max(self._number_of_totals(cell) for cell in cells)
        is_share_base = any(cell[2] in column.base_counts for cell in cells for column in self.forms[cell[0]].columns)
        is_repeated = sum(cell[0] == cells[0][0] for cell in cells) > 1
        return (
            totals,
            is_repeated,
            is_share_base,
            self.group.row(cells[0]).get(cells[0][2]) or 0,
            repr(self.group.cells[count]),
        )

    def _number_of_totals(self, cell: Cell) -> int:
        form = self.forms[cell[0]]
        return sum(form.totals.get(name) == value for name, value in zip(form.key, cell[1], strict=True))

    def _no_candidate_error(self, count: int) -> DisclosureError:
        table, _, column = self.group.cells[count]
        return DisclosureError(
            f"Table '{table}', column '{column}': a suppressed count could be derived from other counts, "
            "and no further count can be suppressed. Remove or merge the smallest places or reasons of the table."
        )
