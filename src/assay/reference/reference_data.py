"""What does a data file of the commission say, and is it whole?

Each file is a CSV in `commission/data/` (UTF-8, a header, one fact a row). Every row says where it comes
from (`source`) and how far that may be trusted (`evidence`). A file with a missing or unknown column, a
repeated key or an unknown grade of evidence is refused with the file and the row, so that a slip is mended
where it was made.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Generic, Protocol, TypeVar

from assay.errors import DefinitionError
from assay.reference.published_flags import fill_placeholders

EVIDENCE = {
    "seen": "read in the source named",
    "seen-secondary": "read in the press or in a copy, not in the primary text",
    "recalled": "from general knowledge of the document named; not read again, so it never drives a finding",
    "derived": "worked out by us from what was seen",
    "none": "our own proposal",
    "not-found": "looked for and not found",
}


def read(name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of `data/NAME.csv`, each cell stripped; refuses columns and rows out of shape."""
    text = files("assay.reference").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return rows_of(text, f"commission/data/{name}.csv", columns)


def rows_of(text: str, file: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The checked rows of one CSV text; `file` is only the name that errors use."""
    lines = csv.reader(io.StringIO(text))
    header = next(lines, [])
    _same_columns(header, columns, file)
    rows = []
    for number, cells in enumerate(lines, start=2):
        if len(cells) != len(header):
            raise DefinitionError(f"{file}, row {number}: {len(cells)} cells for {len(header)} columns.")
        row = dict(zip(header, (fill_placeholders(cell.strip()) for cell in cells), strict=True))
        _has_a_birth_certificate(row, file, number)
        rows.append(row)
    return rows


def _same_columns(header: list[str], columns: tuple[str, ...], file: str) -> None:
    missing, unknown = set(columns) - set(header), set(header) - set(columns)
    if missing or unknown or len(header) != len(set(header)):
        raise DefinitionError(
            f"{file}, row 1: the columns must be {', '.join(columns)}; "
            f"missing: {', '.join(sorted(missing)) or 'none'}; "
            f"unknown: {', '.join(sorted(unknown)) or 'none'}."
        )


def _has_a_birth_certificate(row: Mapping[str, str], file: str, number: int) -> None:
    if not row.get("source"):
        raise DefinitionError(f"{file}, row {number}: no source. Say where the fact was read.")
    if row.get("evidence") not in EVIDENCE:
        raise DefinitionError(f"{file}, row {number}: the evidence must be one of {', '.join(EVIDENCE)}.")


def whole_number(row: Mapping[str, str], column: str) -> int | None:
    """A count, or None where the cell is empty."""
    return int(row[column]) if row[column] else None


def answer(row: Mapping[str, str], column: str) -> bool | None:
    """yes, no or unknown, as True, False, None; anything else is refused."""
    try:
        return {"yes": True, "no": False, "unknown": None}[row[column]]
    except KeyError:
        raise DefinitionError(f"Column {column}: write yes, no or unknown, not {row[column]!r}.") from None


def parts(row: Mapping[str, str], column: str, separator: str = "|") -> tuple[str, ...]:
    """The values of a cell that holds several, in their order."""
    return tuple(part.strip() for part in row[column].split(separator) if part.strip())


class Keyed(Protocol):
    """Anything that a register can hold: it names itself."""

    @property
    def key(self) -> str:
        """The name by which it is asked for."""


T = TypeVar("T", bound=Keyed)


class Register(Generic[T]):
    """An ordered collection whose members are asked for by key, and never guessed."""

    what = "entry"

    def __init__(self, members: Iterable[T]) -> None:
        self.all: tuple[T, ...] = tuple(members)
        self._by_key = {member.key: member for member in self.all}
        if len(self._by_key) != len(self.all):
            keys = [member.key for member in self.all]
            twice = sorted({key for key in keys if keys.count(key) > 1})
            raise DefinitionError(f"The register of {self.what} holds twice: {', '.join(twice)}.")

    def __iter__(self) -> Iterator[T]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, in the order of the file."""
        return tuple(self._by_key)

    def knows(self, key: str) -> bool:
        """True if the key is in the register, letter for letter."""
        return key in self._by_key

    def get(self, key: str) -> T:
        """The member with this key; refuses any other with a sentence."""
        try:
            return self._by_key[key]
        except KeyError:
            raise DefinitionError(f"No {self.what} has the key {key!r} in the commission's files.") from None
