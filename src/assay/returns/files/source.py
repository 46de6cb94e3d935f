"""What does a file that was sent hold, before any cell of it is judged?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

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

    def lay(self, desk: Desk, name: str, columns: Mapping[str, int]) -> None:
        """Lay a table on the desk: `line`, and each column named, as text, from its place in the file."""
        ...


def header_fault(columns: tuple[str, ...]) -> str:
    """Why a header cannot be used, or ''."""
    named = [name for name in columns if name]
    if not named:
        return "there is no header: the first line must name the columns."
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        stand = "name stands" if len(twice) == 1 else "names stand"
        return f"{len(twice)} {stand} twice in the header. Give each column its own name."
    return ""
