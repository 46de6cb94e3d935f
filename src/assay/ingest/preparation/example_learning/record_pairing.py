"""Pair the rows of the source and target files of an example that describe the same record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.contract import Table
from assay.ingest.preparation.example_learning.example_folder import ExampleFile

MIN_ROWS = 3
RowPairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class RecordPairing:
    """The pairs of rows in two files that are the same record, by position in each file.

    `key_column` is the column of the example whose values identify the record; '' if the order of the rows does.
    """

    row_pairs: RowPairs
    key_column: str = ""


def pair_records(table: Table, target: ExampleFile, source: ExampleFile) -> RecordPairing | None:
    """Pair rows by a shared reference, or by order if both files have as many rows; None if unclear.

    It is unclear if no reference is shared by half of the shorter file (at least three rows), or two references give
    different pairs, and the files differ in length or have fewer than three rows.
    """
    pairings = sorted(
        _pairings_by_reference(table, target, source),
        key=lambda pairing: (-len(pairing.row_pairs), pairing.key_column not in table.key),
    )
    best = [pairing for pairing in pairings if _is_equally_good(pairing, pairings[0], table)]
    if len({pairing.row_pairs for pairing in best}) == 1:
        return best[0]
    if target.count == source.count >= MIN_ROWS:
        return RecordPairing(tuple((position, position) for position in range(target.count)))
    return None


def _is_equally_good(pairing: RecordPairing, first: RecordPairing, table: Table) -> bool:
    return len(pairing.row_pairs) == len(first.row_pairs) and (pairing.key_column in table.key) == (
        first.key_column in table.key
    )


def _pairings_by_reference(table: Table, target: ExampleFile, source: ExampleFile) -> Iterator[RecordPairing]:
    min_shared = max(MIN_ROWS, (min(target.count, source.count) + 1) // 2)
    for column in (spec.name for spec in table.columns if spec.kind == "ref" and spec.name in target.cells):
        target_positions = _unique_positions(target.cells[column])
        for heading in source.cells:
            source_positions = _unique_positions(source.cells[heading])
            shared = tuple(
                (position, source_positions[value])
                for value, position in target_positions.items()
                if value in source_positions
            )
            if len(shared) >= min_shared:
                yield RecordPairing(shared, column)


def _unique_positions(cells: tuple[str, ...]) -> dict[str, int]:
    """Return the position of each value; empty if a value occurs twice."""
    filled = {value: position for position, value in enumerate(cells) if value}
    return filled if len(filled) == sum(bool(value) for value in cells) else {}
