"""The interface of a received file: columns, record count, unread records and marked cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from assay.ingest import column_headings

if TYPE_CHECKING:
    from assay.ingest.staging_store import StagingStore

MARKED_CELLS = pa.schema([("line", pa.int64()), ("place", pa.int64())])


class TableRefused(Exception):
    """A whole table cannot be used: rule, sentence for the sender, and record count if known."""

    def __init__(self, rule: str, sentence: str, column: str = "", records: int | None = None) -> None:
        super().__init__(sentence)
        self.records = records
        self.rule = rule
        self.sentence = sentence
        self.column = column


@dataclass(frozen=True)
class UnreadRecord:
    """One record that could not be split into cells (R07): its line, and its text for the inspection folder only."""

    line: int
    text: str


class FileSource(Protocol):
    """Interface of a received file: its column names, and its number of records by a count that is independent."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the column names in the header, in order."""
        ...

    @property
    def records(self) -> int:
        """Return the number of records in the file, including those that could not be read."""
        ...

    @property
    def unread_records(self) -> tuple[UnreadRecord, ...]:
        """Return the records that could not be split into cells."""
        ...

    @property
    def marked_cells(self) -> pa.Table:
        """Return the cells with a formula or an error (R17): `line`, and `place`, the zero-based column index."""
        ...

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return sentences to the sender about how the file was read."""
        ...

    def load_columns(self, store: StagingStore, name: str, columns: Mapping[str, int]) -> None:
        """Load the named columns into the staging store as a table of text, with the line of each record."""
        ...


def header_error(columns: tuple[str, ...]) -> str:
    """Return why a header cannot be used (no names, or a name that occurs twice); '' if it can."""
    names = [name for name in columns if name]
    if not names:
        return "there is no header: the first line must name the columns."
    duplicates = [position for position, name in enumerate(columns) if name and names.count(name) > 1]
    if duplicates:
        n_names = len({columns[position] for position in duplicates})
        occur = "name occurs" if n_names == 1 else "names occur"
        positions = duplicates_text(columns, duplicates)
        return f"{n_names} {occur} more than once in the header ({positions}). Give each column its own name."
    return ""


def duplicates_text(columns: tuple[str, ...], positions: Sequence[int]) -> str:
    """Return the columns with equal names as text: the names that are safe to repeat, and each column's position."""
    names = dict.fromkeys(
        columns[position] for position in positions if column_headings.is_repeatable(columns[position])
    )
    position_text = " and ".join(f"column {position + 1}" for position in positions)
    return f"{', '.join(names)}: {position_text}" if names else position_text


def confusable_headings_error(columns: tuple[str, ...], read_names: Iterable[str]) -> str:
    """Return why a header cannot be used (names differ only in case, spaces or invisible characters); '' if it can.

    It cannot be used if the name of a column that is read differs from another name only in case, spaces or invisible
    characters.
    """
    groups = column_headings.confusable_headings(columns, read_names)
    if not groups:
        return ""
    duplicates = "; ".join(duplicates_text(columns, positions) for positions in groups)
    return (
        f"the names of columns differ only in capitals, spaces or invisible characters ({duplicates}), so it is not "
        "clear which one to read. Remove one of them, or give it another name."
    )
