"""Which row of theirs is the same record as which row of ours, and how is that known?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.contract import Table
from assay.ingest.preparation.example_learning.example_folder import Rows

LEAST_ROWS = 3
Places = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Paired:
    """Rows of two files that are the same record, as places in ours and in theirs. `by` is the column of ours whose
    values tell it, '' if it is the order of the rows."""

    places: Places
    by: str = ""


def paired(table: Table, ours: Rows, theirs: Rows) -> Paired | None:
    """The rows that belong together: by a reference that both sides have, else by their order if both have as many.

    None if they cannot be told: no reference is shared by half of the shorter file (three rows at least), or two tell
    different pairs; and one side has more rows than the other, or fewer than three.
    """
    found = sorted(_by_reference(table, ours, theirs), key=lambda one: (-len(one.places), one.by not in table.key))
    best = [one for one in found if _as_good(one, found[0], table)]
    if len({one.places for one in best}) == 1:
        return best[0]
    if ours.count == theirs.count >= LEAST_ROWS:
        return Paired(tuple((place, place) for place in range(ours.count)))
    return None


def _as_good(one: Paired, first: Paired, table: Table) -> bool:
    return len(one.places) == len(first.places) and (one.by in table.key) == (first.by in table.key)


def _by_reference(table: Table, ours: Rows, theirs: Rows) -> Iterator[Paired]:
    enough = max(LEAST_ROWS, (min(ours.count, theirs.count) + 1) // 2)
    for column in (one.name for one in table.columns if one.kind == "ref" and one.name in ours.cells):
        mine = _places(ours.cells[column])
        for heading in theirs.cells:
            yours = _places(theirs.cells[heading])
            shared = tuple((place, yours[value]) for value, place in mine.items() if value in yours)
            if len(shared) >= enough:
                yield Paired(shared, column)


def _places(cells: tuple[str, ...]) -> dict[str, int]:
    """Where each value stands; nothing, if one stands twice."""
    filled = {value: place for place, value in enumerate(cells) if value}
    return filled if len(filled) == sum(bool(value) for value in cells) else {}
