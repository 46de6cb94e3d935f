"""Which counts more must be kept back, so that a hidden one cannot be worked out, and what is lost the least?

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
from assay.sdc.cell_status import Row, empty_it, is_hidden, is_kept_back
from assay.sdc.linear_programming_attack import FEW_SUMS, Attack
from assay.sdc.linked_tables import Earlier, Group, groups
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import Cell, Sum
from assay.sdc.suppression_cache import Suppression, group_key, look_up, store
from assay.sdc.suppression_policy import Policy

FEW = 100
"""So many sums around a count are looked at before all are."""
BLOCK, BLOCKS = 300, 300
"""Up to so many sums make a block that confirms its counts as safe; so many blocks are kept."""


def keep_back(
    rows: Mapping[str, list[Row]],
    forms: Mapping[str, Table],
    policy: Policy,
    earlier: Sequence[Earlier] = (),
    same: Sequence[Sequence[Cell]] = (),
    equal: Sequence[Sum] = (),
) -> list[Suppression]:
    """Empty counts of `rows`, and note them, until every one that is empty has possible values as far apart as the
    policy asks, for whoever reads the `earlier` editions as well; gives what was kept back, and for which other count.
    Counts that are the `same` are kept back together; the `equal` are one count in every sum.

    Raises DisclosureError where nothing is left that could be kept back.
    """
    for row, column in _kept_back_before(rows, forms, earlier):
        empty_it(row, column)
    every = [*groups(rows, forms, policy, earlier, same, equal)]
    stands = _stands_in(every) if same else {}
    waiting: dict[int, Collection[Cell] | None] = dict.fromkeys(range(len(every)))
    kept: list[Suppression] = []
    while waiting:
        number = next(iter(waiting))
        new = _settled(every[number], forms, waiting.pop(number))
        kept += new
        for one in new:
            for other in stands.get(one.cell, set()) - {number}:
                fresh = waiting.get(other, ())
                if fresh is not None:  # one that waits to be looked at for the first time is looked at whole
                    waiting[other] = {*fresh, one.cell}
    return kept


def _stands_in(every: Sequence[Group]) -> dict[Cell, set[int]]:
    """In which groups each count stands, wherever it stands else."""
    found: dict[Cell, set[int]] = {}
    for number, group in enumerate(every):
        for count in range(len(group.cells)):
            for cell in group.wherever(count):
                found.setdefault(cell, set()).add(number)
    return found


def too_narrow(group: Group) -> dict[Cell, tuple[float, float]]:
    """The empty counts that a reader with a linear programme could tell too closely, with what is left of each."""
    counts, least = range(len(group.cells)), group.policy.least_range
    empty = [count for count in counts if group.is_empty(count)]
    if not empty:
        return {}
    attack = Attack([group.known(count) for count in counts], group.sums)
    left = attack.look(empty, least)
    return {
        group.cells[count]: (float(attack.low[count]), float(attack.high[count]))
        for count in left
        if attack.stopping(count, least) or not attack.apart(count, least)
    }


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


def _settled(group: Group, forms: Mapping[str, Table], fresh: Collection[Cell] | None) -> list[Suppression]:
    """What is kept back of a group; one that was settled before comes out as it did then. `fresh`: of a group that was
    settled, what was kept back in another since; all else in it is as safe as it was.

    The same tables are settled again beside others: once when sentences are made of them, and once as they leave.
    """
    tables = [forms[name] for name in sorted({cell[0] for cell in group.cells if cell[0] in forms})]
    key = group_key((group.content, None if fresh is None else sorted(fresh, key=repr)), tables)
    before = look_up(key)
    if before is None:
        kept = _Settling(group, forms).settle(fresh)
        store(key, kept)
        return kept
    for one in before:
        empty_it(group.row(one.cell), one.cell[2])
    return list(before)


@dataclass(frozen=True)
class _Block:
    """The sums around a count: their numbers, the place of each of their counts, and the programme of them alone."""

    sums: frozenset[int]
    place: Mapping[int, int]
    attack: Attack


class _Settling:
    """One group whose counts are kept back one after another until every empty one is safe.

    Each step keeps one count more back, and what is safe stays safe, so it ends.
    """

    def __init__(self, group: Group, forms: Mapping[str, Table]) -> None:
        self.group, self.forms = group, forms
        self.least = group.policy.least_range
        self.known = [group.known(count) for count in range(len(group.cells))]
        self.ends = [self._ends(number) for number in range(len(group.sums))]
        self.kept: list[Suppression] = []
        self.blocks: deque[_Block] = deque(maxlen=BLOCKS)

    def settle(self, fresh: Collection[Cell] | None = None) -> list[Suppression]:
        """What was kept back, and for which other count; `fresh`: see `_settled`."""
        empty = self._empty()
        if fresh is not None:
            empty = [count for count in empty if not set(fresh).isdisjoint(self.group.wherever(count))]
        if not empty:
            return []
        before = set(self._empty())
        if len(self.group.sums) > FEW_SUMS:
            empty += self._place_by_place(fresh)
        self._sum_by_sum(empty)
        self._all_together([*empty, *(count for count in self._empty() if fresh is None or count not in before)])
        return self.kept

    def _empty(self) -> list[int]:
        return [count for count in range(len(self.known)) if self.group.is_empty(count)]

    def _place_by_place(self, fresh: Collection[Cell] | None) -> list[int]:
        """Settle the sums of each place by itself first; gives what was suppressed.

        What the sums of one place disclose all sums together disclose too. Most disclosive sums are those of one force,
        and the linear programme of one force is much smaller than that of all forces.
        """
        parts = self.group.by_place()
        if len(parts) < 2:
            return []
        kept = [one for part in parts for one in _Settling(part, self.forms).settle(fresh)]
        number = {cell: count for count in range(len(self.known)) for cell in self.group.wherever(count)}
        suppressed = list(dict.fromkeys(number[one.cell] for one in kept))
        for count in suppressed:
            self._note_suppressed(count)
        self.kept += kept
        return suppressed

    def _sum_by_sum(self, empty: Sequence[int]) -> None:
        waiting = deque(empty)
        while waiting:
            count = waiting.popleft()
            while guilty := self._guilty(count):
                chosen = self._chosen(guilty)
                if chosen is None:
                    break  # the programme will say whether that is true of all sums together
                self._keep(chosen, count)
                waiting.append(chosen)

    def _all_together(self, empty: Sequence[int]) -> None:
        attack = Attack(self.known, self.group.sums)
        left = attack.look(empty, self.least)
        waiting = deque(attack.look([*left, *self._a_few_at_a_time(left, attack)], self.least))
        while waiting:
            count = waiting.popleft()
            while stopping := attack.stopping(count, self.least):
                waiting.append(self._freed(self._close_to(count, stopping), count, attack))
            if not attack.apart(count, self.least):
                raise self._nothing_left(count)

    def _a_few_at_a_time(self, empty: Sequence[int], attack: Attack) -> list[int]:
        """Keep back what the sums next to each count show to be needed; what was kept back.

        What a few sums leave too narrow all sums together do: so the whole programme, which is slow where they are
        thousands, need not be asked before.
        """
        waiting, more = deque(empty), []
        while waiting:
            count = waiting.popleft()
            while not attack.apart(count, self.least):
                chosen = self._chosen(self._nearest(count, attack, FEW))
                if chosen is None:
                    break  # free in a few sums; whether it is in all together, or nothing is left, is asked next
                self._free(chosen, count, attack)
                more.append(chosen)
                waiting.append(chosen)
        return more

    def _freed(self, stopping: Collection[int], protects: int, attack: Attack) -> int:
        """The count that was kept back so that another may be freer."""
        chosen = self._chosen(stopping)
        if chosen is None:
            raise self._nothing_left(protects)
        self._free(chosen, protects, attack)
        return chosen

    def _free(self, chosen: int, protects: int, attack: Attack) -> None:
        self._keep(chosen, protects)
        attack.free(chosen, self.known[chosen])
        for block in self.blocks:
            if chosen in block.place:
                block.attack.free(block.place[chosen], self.known[chosen])

    def _guilty(self, count: int) -> set[int]:
        """The counts of the one or two sums that alone leave this one too few values; none, if it has enough."""
        low, high = map(float, self.known[count])
        at_low = at_high = -1
        for number in self.group.near[count]:
            sign, own, ends = self.group.sums[number][count], self.known[count], self.ends[number]
            mine = (own[0], own[1]) if sign > 0 else (own[1], own[0])
            reach = sorted((-(ends[0] - sign * mine[0]) / sign, -(ends[1] - sign * mine[1]) / sign))
            if reach[0] > low:
                low, at_low = reach[0], number
            if reach[1] < high:
                high, at_high = reach[1], number
        if high - low >= self.least or high < low:  # sums that cannot hold tell nothing
            return set()
        return {one for number in (at_low, at_high) if number >= 0 for one in self.group.sums[number]}

    def _nearest(self, count: int, attack: Attack, most: float = inf) -> set[int]:
        """The counts whose own ranges make this one too narrow, in as few sums around it as show it; none, if `most`
        sums do not.

        Most counts are safe. Solutions of many sums are solutions of fewer, so the largest area is asked first: if the
        count is safe there, it is in every smaller area, and these need no programme.
        """
        areas = [*self._areas(count, most)]
        if not areas or self._is_safe_beyond(areas[-1], count, attack):
            return set()
        stopping, is_believed = self._within(areas[-1], count)
        if is_believed and not stopping:
            return set()
        return next((found for held in areas[:-1] if (found := self._within(held, count)[0])), stopping)

    def _areas(self, count: int, most: float) -> Iterator[list[int]]:
        """The sums next to a count, then also those next to these, and so on while they are at most `most`."""
        held: set[int] = set()
        more = {*self.group.near[count]}
        while more and len(held := held | more) <= most:
            yield sorted(held)
            beside = {one for number in more for one in self.group.sums[number]}
            more = {number for one in beside for number in self.group.near[one]} - held

    def _is_safe_beyond(self, held: Sequence[int], count: int, attack: Attack) -> bool:
        """Return True if the count is safe under more sums than those of `held`.

        One programme around a count answers for its neighbours too, and starts from its last solution. It only
        confirms: what is suppressed is chosen by a programme that is built anew (`_within`), because where several
        duals are optimal the choice depends on the solutions before.
        """
        block = next((block for block in self.blocks if block.sums.issuperset(held)), None)
        if block is None:
            block = self._block([*self._areas(count, max(BLOCK, len(held)))][-1])
            self.blocks.appendleft(block)
        if not attack.not_believed:
            block.attack.learn(block.place[count], attack.low[count], attack.high[count])
        return block.attack.are_apart(block.place[count], self.least)

    def _block(self, held: Sequence[int]) -> _Block:
        counts = sorted({one for number in held for one in self.group.sums[number]})
        place = {one: at for at, one in enumerate(counts)}
        sums = [{place[one]: sign for one, sign in self.group.sums[number].items()} for number in held]
        return _Block(frozenset(held), place, Attack([self.known[one] for one in counts], sums))

    def _close_to(self, count: int, stopping: Collection[int]) -> set[int]:
        """Those that stop a count which stand in the sums nearest to it, if one of them is shown; else all."""
        seen, edge = {count}, {count}
        while edge:
            edge = {one for at in edge for number in self.group.near[at] for one in self.group.sums[number]} - seen
            seen |= edge
            found = edge.intersection(stopping)
            if any(self.group.is_shown(one) for one in found):
                return found
        return set(stopping)

    def _within(self, held: Sequence[int], count: int) -> tuple[set[int], bool]:
        """What stops a count when a reader uses only these sums, and whether none of them contradicts the others."""
        block = self._block(held)
        counts = [*block.place]
        stopping = {counts[at] for at in block.attack.stopping(block.place[count], self.least)}
        return stopping, not block.attack.not_believed

    def _keep(self, chosen: int, protects: int) -> None:
        for cell in self.group.now(chosen):
            empty_it(self.group.row(cell), cell[2])
            self.kept.append(Suppression(cell, self.group.cells[protects]))
        self._note_suppressed(chosen)

    def _note_suppressed(self, count: int) -> None:
        self.known[count] = self.group.known(count)
        for number in self.group.near[count]:
            self.ends[number] = self._ends(number)

    def _ends(self, number: int) -> tuple[int, int]:
        """The least and the most that a sum comes to where each count lies anywhere in its own range."""
        signs = self.group.sums[number].items()
        low = sum(sign * self.known[one][0 if sign > 0 else 1] for one, sign in signs)
        return low, sum(sign * self.known[one][1 if sign > 0 else 0] for one, sign in signs)

    def _chosen(self, stopping: Collection[int]) -> int | None:
        """The count that is missed least of those that are shown; where all are hidden, one that gives up the
        certainty that it is small.
        """
        shown = [count for count in stopping if self.group.is_shown(count)]
        if shown:
            return min(shown, key=self._missed)
        small = [count for count in stopping if self.known[count] == (1, self.group.policy.hide_up_to)]
        free = [count for count in small if self.group.now(count) and not self.group.before(count)]
        return max(free, key=self._missed, default=None)

    def _missed(self, count: int) -> tuple[int, bool, bool, int, str]:
        """How much it is missed: a total of places or groups most, then what stands under several indicators, then
        what a share rests on, then a large count.
        """
        places = self.group.now(count)
        totals = max(self._totals(one) for one in places)
        bears = any(one[2] in column.over for one in places for column in self.forms[one[0]].columns)
        often = sum(one[0] == places[0][0] for one in places) > 1
        return totals, often, bears, self.group.row(places[0]).get(places[0][2]) or 0, repr(self.group.cells[count])

    def _totals(self, cell: Cell) -> int:
        form = self.forms[cell[0]]
        return sum(form.totals.get(name) == value for name, value in zip(form.key, cell[1], strict=True))

    def _nothing_left(self, count: int) -> DisclosureError:
        table, _, column = self.group.cells[count]
        return DisclosureError(
            f"Table '{table}', column '{column}': a hidden count could be worked out from those beside it, "
            "and none is left to keep back. Leave the smallest places or reasons out of the table, or join them."
        )
