"""Read a published table that somebody added with a mapping file, and return its figures in the long form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from assay.errors import SourceError
from assay.ingest.added_tables.long_form import long_form
from assay.ingest.added_tables.table_conversion import ConvertedTable, convert_table
from assay.ingest.added_tables.table_mapping import TableMapping, read_mapping
from assay.ingest.official_statistics.file_container import Container, open_container
from assay.ingest.official_statistics.sheet_grid import Grid
from assay.ingest.official_statistics.statistics_intake import StatisticsFile
from assay.ingest.official_statistics.statistics_reader import file_grids

MAX_UNMATCHED = 5
"""Words of a mapping that one message lists."""


@dataclass(frozen=True)
class AddedTable:
    """One published table that was added with a mapping file: mapping, converted rows and counts of the file."""

    mapping: TableMapping
    converted: ConvertedTable
    file: StatisticsFile

    def long_table(self) -> pa.Table:
        """Return the figures in the long form."""
        return pa.Table.from_pylist([vars(row) for row in self.converted.rows], schema=long_form().schema)


def read_added_tables(paths: Iterable[Path]) -> tuple[AddedTable, ...]:
    """Read the table of each mapping file.

    Raises
    ------
    SourceError
        If a mapping or its table cannot be used, or if two mappings have one key.
    """
    tables = tuple(read_added_table(path) for path in paths)
    repeated = [key for key, times in Counter(table.mapping.key for table in tables).items() if times > 1]
    if repeated:
        raise SourceError(
            f"Two mapping files have the key {repeated[0]!r}. Give each table a key of its own: it is the name of its "
            "page and of its figures."
        )
    return tables


def read_added_table(path: Path) -> AddedTable:
    """Read one mapping file and the published table that it describes."""
    mapping = read_mapping(path)
    container = open_container(mapping.file)
    if mapping.sha256 and mapping.sha256 != container.sha256:
        raise SourceError(
            f"{container.name}: this is not the file for which {mapping.name} was written: its sha256 is "
            f"{container.sha256}. Download the edition {mapping.edition!r}, or compare the new one with the mapping "
            "and change sha256, edition and retrieved_on."
        )
    grid = _grid(container, mapping)
    place = f"{container.name}, sheet {grid.sheet!r}" if grid.sheet else container.name
    converted = convert_table(mapping, grid, place)
    return AddedTable(mapping, converted, _statistics_file(container, mapping, converted))


def _grid(container: Container, mapping: TableMapping) -> Grid:
    grids = list(file_grids(container))
    if not mapping.sheet and len(grids) == 1:
        return grids[0]
    found = [grid for grid in grids if grid.sheet == mapping.sheet]
    if not found:
        names = ", ".join(repr(grid.sheet) for grid in grids if grid.sheet) or "none"
        raise SourceError(
            f"{container.name}: {mapping.name} must say which sheet holds the table. Sheets with cells are: {names}. "
            "Write the name under [table] as sheet."
        )
    return found[0]


def _statistics_file(container: Container, mapping: TableMapping, converted: ConvertedTable) -> StatisticsFile:
    excluded = sum(converted.set_aside.values())
    return StatisticsFile(
        name=container.name,
        sha256=container.sha256,
        bytes=container.size,
        container=container.label,
        return_kind="added",
        edition=mapping.edition,
        sheets=(mapping.sheet,) if mapping.sheet else (),
        row_count=converted.row_count,
        passed_on=converted.row_count - excluded,
        set_aside=converted.set_aside,
        note=f"Added through the mapping file {mapping.name}",
        edition_note=_unmatched_note(mapping, converted),
    )


def _unmatched_note(mapping: TableMapping, converted: ConvertedTable) -> str:
    """Return what the mapping names and the table does not hold: a misspelt word would otherwise go unseen."""
    words = converted.unmatched
    if not words:
        return ""
    more = f" and {len(words) - MAX_UNMATCHED} more" if len(words) > MAX_UNMATCHED else ""
    return (
        f"{mapping.name} names what this table does not hold: {', '.join(words[:MAX_UNMATCHED])}{more}. Look for "
        "another spelling, or take it out of the mapping"
    )
