"""What does a file that was sent hold, before any cell of it is judged?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from assay.ingest import column_headings

if TYPE_CHECKING:
    from assay.ingest.staging_store import Desk

MARKED = pa.schema([("line", pa.int64()), ("place", pa.int64())])


class TableRefused(Exception):
    """A table as a whole cannot be used: the rule, the sentence that its sender is told, and the records if counted."""

    def __init__(self, rule: str, sentence: str, column: str = "", records: int | None = None) -> None:
        super().__init__(sentence)
        self.records = records
        self.rule = rule
        self.sentence = sentence
        self.column = column


@dataclass(frozen=True)
class Unread:
    """One record that could not be read as cells (R07): its line, and its text for the inspection folder alone."""

    line: int
    text: str


class Source(Protocol):
    """One file: its columns as they are named there, how many records it holds, counted by other means than read."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names in the header, in order."""
        ...

    @property
    def records(self) -> int:
        """How many records the file holds, those that could not be read among them."""
        ...

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The records that could not be read as cells."""
        ...

    @property
    def marked(self) -> pa.Table:
        """Cells with a formula or an error (R17): `line` and `place`, the number of the column from 0."""
        ...

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences to the sender about how the file was read."""
        ...

    def lay(self, desk: Desk, name: str, columns: Mapping[str, int]) -> None:
        """Lay a table on the desk: `line`, and each column named, as text, from its place in the file."""
        ...


def header_fault(columns: tuple[str, ...]) -> str:
    """Why a header cannot be used, or ''."""
    named = [name for name in columns if name]
    if not named:
        return "there is no header: the first line must name the columns."
    duplicates = [place for place, name in enumerate(columns) if name and named.count(name) > 1]
    if duplicates:
        n_names = len({columns[place] for place in duplicates})
        occur = "name occurs" if n_names == 1 else "names occur"
        where = duplicates_text(columns, duplicates)
        return f"{n_names} {occur} more than once in the header ({where}). Give each column its own name."
    return ""


def duplicates_text(columns: tuple[str, ...], positions: Sequence[int]) -> str:
    """Return the columns that share a name as text: the names that may be repeated, and the position of each column."""
    names = dict.fromkeys(columns[place] for place in positions if column_headings.may_be_repeated(columns[place]))
    where = " and ".join(f"column {place + 1}" for place in positions)
    return f"{', '.join(names)}: {where}" if names else where


def confusable_headings_fault(columns: tuple[str, ...], read: Iterable[str]) -> str:
    """Return why a header cannot be used, or ''.

    It cannot be used if the name of a column that is read differs from another name only in case, spaces or invisible
    characters.
    """
    groups = column_headings.confusable_headings(columns, read)
    if not groups:
        return ""
    where = "; ".join(duplicates_text(columns, positions) for positions in groups)
    return (
        f"the names of columns differ only in capitals, spaces or invisible characters ({where}), so it is not clear "
        "which one to read. Remove one of them, or give it another name."
    )
