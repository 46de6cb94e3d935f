"""Secondary suppression of linked tables by linear programming.

A reader adds and subtracts (`sums`). Wherever that leaves a hidden count too few possible values, one count in the
guilty sum is kept back: rather of one force than of all together, rather of one group than of everyone, rather one on
which no share rests. Sums are looked at one by one first, then all together by the linear programme, whose last word
is that nothing is left to be found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from assay.errors import DisclosureError
from assay.sdc.cell_status import Row, is_primary_suppressed, is_secondary_suppressed, suppress_cell
from assay.sdc.linear_programming_attack import SMALL_PROGRAMME_SUMS, Attack
from assay.sdc.linked_tables import LinkedGroup, PriorReleaseRows, linked_groups
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import Cell, Sum
from assay.sdc.suppression_cache import Suppression, group_key, look_up, store
from assay.sdc.suppression_policy import Policy

MAX_LOCAL_SUMS = 100
"""So many sums around a count are looked at before all are."""
BLOCK_SUMS, MAX_BLOCKS = 300, 300
"""Up to so many sums make a block that confirms its counts as safe; so many blocks are kept."""


def suppress_secondary(
    rows: Mapping[str, list[Row]],
    forms: Mapping[str, Table],
    policy: Policy,
    prior_rows: Sequence[PriorReleaseRows] = (),
    duplicates: Sequence[Sequence[Cell]] = (),
    equal_counts: Sequence[Sum] = (),
) -> list[Suppression]:
    """Suppress counts, in place, until the feasibility interval of every suppressed count is wide enough.
    Counts that are the `duplicates` are kept back together; the `equal_counts` are one count in every sum.

    Raises DisclosureError where nothing is left that could be kept back.
    """
    for row, column in _previously_suppressed(rows, forms, prior_rows):
        suppress_cell(row, column)
    linked = [*linked_groups(rows, forms, policy, prior_rows, duplicates, equal_counts)]
    groups_of_cell = _groups_by_cell(linked) if duplicates else {}
    pending: dict[int, Collection[Cell] | None] = dict.fromkeys(range(len(linked)))
    suppressions: list[Suppression] = []
    while pending:
        number = next(iter(pending))
        new = _suppress_group(linked[number], forms, pending.pop(number))
        suppressions += new
        for suppression in new:
            for other_number in groups_of_cell.get(suppression.cell, set()) - {number}:
                new_cells = pending.get(other_number, ())
                if new_cells is not None:  # one that waits to be looked at for the first time is looked at whole
                    pending[other_number] = {*new_cells, suppression.cell}
    return suppressions


def _groups_by_cell(linked: Sequence[LinkedGroup]) -> dict[Cell, set[int]]:
    """In which groups each count stands, wherever it stands else."""
    numbers: dict[Cell, set[int]] = {}
    for number, group in enumerate(linked):
        for count in range(len(group.cells)):
            for cell in group.cells_of_count(count):
                numbers.setdefault(cell, set()).add(number)
    return numbers


def underprotected_cells(group: LinkedGroup) -> dict[Cell, tuple[float, float]]:
    """Return the under-protected cells of a group, with the bounds that linear programming gives."""
    counts, min_width = range(len(group.cells)), group.policy.least_range
    suppressed = [count for count in counts if group.is_suppressed(count)]
    if not suppressed:
        return {}
    attack = Attack([group.known_range(count) for count in counts], group.sums)
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
    for edition in prior_rows:
        for name, form in forms.items():
            prior_row_at = {
                tuple(row[name_of_key] for name_of_key in form.key): row for row in edition.rows.get(name, ())
            }
            for row in rows[name]:
                key = tuple(row[name_of_key] for name_of_key in form.key)
                for column in form.protected_counts if key in prior_row_at else ():
                    was_suppressed = (name, key, column) in edition.unchanged_cells and is_secondary_suppressed(
                        prior_row_at[key], column
                    )
                    if was_suppressed and (row.get(column) or is_primary_suppressed(row, column)):
                        yield row, column


def _suppress_group(
    group: LinkedGroup, forms: Mapping[str, Table], new_cells: Collection[Cell] | None
) -> list[Suppression]:
    """What is kept back of a group; one that was settled before comes out as it did then. `new_cells`: of a group that
    was settled, what was kept back in another since; all else in it is as safe as it was.

    The same tables are settled again beside others: once when sentences are made of them, and once as they leave.
    """
    tables = [forms[name] for name in sorted({cell[0] for cell in group.cells if cell[0] in forms})]
    key = group_key((group.content, None if new_cells is None else sorted(new_cells, key=repr)), tables)
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
    """The sums around a count: their numbers, the place of each of their counts, and the programme of them alone."""

    sums: frozenset[int]
    position: Mapping[int, int]
    attack: Attack


class _GroupSuppressor:
    """Secondary suppression of one group, one count at a time, until every suppressed count is safe.

    Each step keeps one count more back, and what is safe stays safe, so it ends.
    """

    def __init__(self, group: LinkedGroup, forms: Mapping[str, Table]) -> None:
        self.group, self.forms = group, forms
        self.min_width = group.policy.least_range
        self.count_ranges = [group.known_range(count) for count in range(len(group.cells))]
        self.sum_ranges = [self._sum_range(number) for number in range(len(group.sums))]
        self.suppressions: list[Suppression] = []
        self.blocks: deque[_Block] = deque(maxlen=MAX_BLOCKS)

    def suppress_until_safe(self, new_cells: Collection[Cell] | None = None) -> list[Suppression]:
        """What was kept back, and for which other count; `new_cells`: see `_suppress_group`."""
        suppressed = self._suppressed_counts()
        if new_cells is not None:
            suppressed = [
                count for count in suppressed if not set(new_cells).isdisjoint(self.group.cells_of_count(count))
            ]
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
        """Settle the sums of each place by itself first; gives what was suppressed.

        What the sums of one place disclose all sums together disclose too. Most disclosive sums are those of one force,
        and the linear programme of one force is much smaller than that of all forces.
        """
        parts = self.group.split_by_place()
        if len(parts) < 2:
            return []
        suppressions = [
            suppression
            for part in parts
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
        pending = deque(suppressed)
        while pending:
            count = pending.popleft()
            while disclosive := self._disclosive_counts(count):
                candidate = self._choose_candidate(disclosive)
                if candidate is None:
                    break  # the programme will say whether that is true of all sums together
                self._suppress(candidate, count)
                pending.append(candidate)

    def _suppress_by_linear_programme(self, suppressed: Sequence[int]) -> None:
        attack = Attack(self.count_ranges, self.group.sums)
        narrow = attack.find_narrow_counts(suppressed, self.min_width)
        pending = deque(
            attack.find_narrow_counts([*narrow, *self._suppress_by_local_sums(narrow, attack)], self.min_width)
        )
        while pending:
            count = pending.popleft()
            while binding := attack.binding_counts(count, self.min_width):
                pending.append(
                    self._suppress_binding_count(self._nearest_binding_counts(count, binding), count, attack)
                )
            if not attack.is_wide_enough(count, self.min_width):
                raise self._no_candidate_error(count)

    def _suppress_by_local_sums(self, suppressed: Sequence[int], attack: Attack) -> list[int]:
        """Keep back what the sums next to each count show to be needed; what was kept back.

        What a few sums leave too narrow all sums together do: so the whole programme, which is slow where they are
        thousands, need not be asked before.
        """
        pending, candidates = deque(suppressed), []
        while pending:
            count = pending.popleft()
            while not attack.is_wide_enough(count, self.min_width):
                candidate = self._choose_candidate(self._local_binding_counts(count, attack, MAX_LOCAL_SUMS))
                if candidate is None:
                    break  # free in a few sums; whether it is in all together, or nothing is left, is asked next
                self._suppress_and_relax(candidate, count, attack)
                candidates.append(candidate)
                pending.append(candidate)
        return candidates

    def _suppress_binding_count(self, binding: Collection[int], protects: int, attack: Attack) -> int:
        """The count that was kept back so that another may be freer."""
        candidate = self._choose_candidate(binding)
        if candidate is None:
            raise self._no_candidate_error(protects)
        self._suppress_and_relax(candidate, protects, attack)
        return candidate

    def _suppress_and_relax(self, candidate: int, protects: int, attack: Attack) -> None:
        self._suppress(candidate, protects)
        attack.relax_range(candidate, self.count_ranges[candidate])
        for block in self.blocks:
            if candidate in block.position:
                block.attack.relax_range(block.position[candidate], self.count_ranges[candidate])

    def _disclosive_counts(self, count: int) -> set[int]:
        """Return the counts of the disclosive constraints of one count; an empty set if it is protected."""
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
        if high - low >= self.min_width or high < low:  # sums that cannot hold tell nothing
            return set()
        return {other for number in (low_sum, high_sum) if number >= 0 for other in self.group.sums[number]}

    def _local_binding_counts(self, count: int, attack: Attack, max_sums: float = inf) -> set[int]:
        """The counts whose own ranges make this one too narrow, in as few sums around it as show it; none, if
        `max_sums` sums do not.

        Most counts are safe. Solutions of many sums are solutions of fewer, so the largest area is asked first: if the
        count is safe there, it is in every smaller area, and these need no programme.
        """
        areas = [*self._neighbourhoods(count, max_sums)]
        if not areas or self._is_safe_in_larger_area(areas[-1], count, attack):
            return set()
        binding, is_consistent = self._binding_counts_of_area(areas[-1], count)
        if is_consistent and not binding:
            return set()
        return next((found for area in areas[:-1] if (found := self._binding_counts_of_area(area, count)[0])), binding)

    def _neighbourhoods(self, count: int, max_sums: float) -> Iterator[list[int]]:
        """The sums next to a count, then also those next to these, and so on while they are at most `max_sums`."""
        area: set[int] = set()
        frontier = {*self.group.sums_of_count[count]}
        while frontier and len(area := area | frontier) <= max_sums:
            yield sorted(area)
            neighbours = {neighbour for number in frontier for neighbour in self.group.sums[number]}
            frontier = {number for neighbour in neighbours for number in self.group.sums_of_count[neighbour]} - area

    def _is_safe_in_larger_area(self, area: Sequence[int], count: int, attack: Attack) -> bool:
        """Return True if the count is safe under more sums than those of `area`.

        One programme around a count answers for its neighbours too, and starts from its last solution. It only
        confirms: what is suppressed is chosen by a programme that is built anew (`_binding_counts_of_area`), because
        where several duals are optimal the choice depends on the solutions before.
        """
        block = next((block for block in self.blocks if block.sums.issuperset(area)), None)
        if block is None:
            block = self._build_block([*self._neighbourhoods(count, max(BLOCK_SUMS, len(area)))][-1])
            self.blocks.appendleft(block)
        if not attack.contradictory_sums:
            block.attack.add_possible_values(block.position[count], attack.low[count], attack.high[count])
        return block.attack.verify_width(block.position[count], self.min_width)

    def _build_block(self, area: Sequence[int]) -> _Block:
        counts = sorted({count for number in area for count in self.group.sums[number]})
        position = {count: index for index, count in enumerate(counts)}
        sums = [{position[count]: sign for count, sign in self.group.sums[number].items()} for number in area]
        return _Block(frozenset(area), position, Attack([self.count_ranges[count] for count in counts], sums))

    def _nearest_binding_counts(self, count: int, binding: Collection[int]) -> set[int]:
        """Those that stop a count which stand in the sums nearest to it, if one of them is shown; else all."""
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
        """What stops a count when a reader uses only these sums, and whether none of them contradicts the others."""
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
        """The least and the most that a sum comes to where each count lies anywhere in its own range."""
        signs = self.group.sums[number].items()
        low = sum(sign * self.count_ranges[count][0 if sign > 0 else 1] for count, sign in signs)
        return low, sum(sign * self.count_ranges[count][1 if sign > 0 else 0] for count, sign in signs)

    def _choose_candidate(self, binding: Collection[int]) -> int | None:
        """Return the count with the smallest information loss; if none is shown, one that loses its upper bound."""
        shown_counts = [count for count in binding if self.group.has_shown_value(count)]
        if shown_counts:
            return min(shown_counts, key=self._information_loss)
        small = [count for count in binding if self.count_ranges[count] == (1, self.group.policy.hide_up_to)]
        removable = [count for count in small if self.group.current_cells(count) and not self.group.prior_cells(count)]
        return max(removable, key=self._information_loss, default=None)

    def _information_loss(self, count: int) -> tuple[int, bool, bool, int, str]:
        """Return the information loss of a suppression: totals first, then repeated cells, bases of shares, large
        counts.
        """
        cells = self.group.current_cells(count)
        totals = max(self._number_of_totals(cell) for cell in cells)
        is_share_base = any(cell[2] in column.over for cell in cells for column in self.forms[cell[0]].columns)
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
            f"Table '{table}', column '{column}': a hidden count could be worked out from those beside it, "
            "and none is left to keep back. Leave the smallest places or reasons out of the table, or join them."
        )
