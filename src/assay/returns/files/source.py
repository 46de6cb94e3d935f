"""What does a file that was sent hold, before any cell of it is judged?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from assay.returns import headings

if TYPE_CHECKING:
    from assay.returns.desk import Desk

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
    twice = [place for place, name in enumerate(columns) if name and named.count(name) > 1]
    if twice:
        many = len({columns[place] for place in twice})
        stand = "name stands" if many == 1 else "names stand"
        return f"{many} {stand} twice in the header ({said_twice(columns, twice)}). Give each column its own name."
    return ""


def said_twice(columns: tuple[str, ...], places: Sequence[int]) -> str:
    """Columns that share a name: the names, where they may be repeated, and where each column stands."""
    names = tuple(dict.fromkeys(columns[place] for place in places if headings.may_be_repeated(columns[place])))
    stand = " and ".join(f"column {place + 1}" for place in places)
    return f"{', '.join(names)}: {stand}" if names else stand


def alike_fault(columns: tuple[str, ...], read: Iterable[str]) -> str:
    """Why a header cannot be used in which a column that is read has a name that another has but for case, or ''."""
    found = headings.alike(columns, read)
    if not found:
        return ""
    said = "; ".join(said_twice(columns, places) for places in found)
    return (
        f"columns have names that differ only in capitals, spaces or characters that do not show ({said}), and nothing "
        "tells which is meant. Leave one of them out, or give it another name."
    )
