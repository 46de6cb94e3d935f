"""Read the reference data files and validate their columns, sources and evidence grades.

Each file is a CSV in `reference/data/` (UTF-8, a header, one fact a row). Every row says where it comes from (`source`)
and how reliable the source is (`evidence`). A file with a missing or unknown column, a repeated key or an unknown
grade of evidence is refused with the file and the row, so that an error is corrected in the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.resources import files
from typing import Generic, Protocol, TypeVar

from assay.errors import DefinitionError
from assay.reference.published_flags import fill_placeholders

EVIDENCE_GRADES = {
    "seen": "read in the source named",
    "seen-secondary": "read in the press or in a copy, not in the primary text",
    "recalled": "from general knowledge of the document named; not read again, so it never drives a finding",
    "derived": "derived by us from what was seen",
    "none": "our own proposal",
    "not-found": "looked for and not found",
}
UNREAD_GRADES = ("seen-secondary", "recalled", "not-found")
"""Grades of rows on a text that nobody read in the original; such a row names the publisher of the original."""
READ_GRADES = ("seen", "seen-secondary")
"""Grades of what was read in a source, the text itself or a copy or report of it."""
PUBLISHER_NOT_KNOWN = "publisher not known"
GRADING_EVIDENCE = "seen"
"""The only grade of evidence of an outside text (a law, report or code list) on which the grade of a force may rest."""
WORKING_EVIDENCE = (GRADING_EVIDENCE, "derived")
"""Grades of evidence of a fact that a calculation may use where the result can reach a grade."""
_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")


_replacements: ContextVar[Mapping[str, str]] = ContextVar("replacements")


@contextmanager
def replaced_registers(texts: Mapping[str, str]) -> Iterator[None]:
    """Use these CSV texts instead of the files of these registers, within the context.

    It serves to check registers before they are used. Readers cache their results, so call `reader.__wrapped__()`
    inside.
    """
    token = _replacements.set(texts)
    try:
        yield
    finally:
        _replacements.reset(token)


def register_text(name: str) -> str:
    """Return `data/NAME.csv` as text, or the text that replaces it."""
    replacement = _replacements.get({}).get(name)
    if replacement is not None:
        return replacement
    return files("assay.reference").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")


def read_rows(name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of `data/NAME.csv`, each cell stripped; DefinitionError for invalid columns or rows."""
    text = register_text(name)
    return parse_rows(text, f"reference/data/{name}.csv", columns)


def parse_rows(text: str, file: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the validated rows of one CSV text; `file` is its name in error messages."""
    lines = csv.reader(io.StringIO(text))
    header = next(lines, [])
    _check_columns(header, columns, file)
    rows = []
    for number, cells in enumerate(lines, start=2):
        if len(cells) != len(header):
            raise DefinitionError(f"{file}, row {number}: {len(cells)} cells for {len(header)} columns.")
        row = dict(zip(header, (fill_placeholders(cell.strip()) for cell in cells), strict=True))
        _check_source(row, file, number)
        rows.append(row)
    return rows


def _check_columns(header: list[str], columns: tuple[str, ...], file: str) -> None:
    missing, unknown = set(columns) - set(header), set(header) - set(columns)
    if missing or unknown or len(header) != len(set(header)):
        raise DefinitionError(
            f"{file}, row 1: the columns must be {', '.join(columns)}; "
            f"missing: {', '.join(sorted(missing)) or 'none'}; "
            f"unknown: {', '.join(sorted(unknown)) or 'none'}."
        )


def _check_source(row: Mapping[str, str], file: str, number: int) -> None:
    if not row.get("source"):
        raise DefinitionError(f"{file}, row {number}: no source. Say where the fact was read.")
    if row.get("evidence") not in EVIDENCE_GRADES:
        raise DefinitionError(f"{file}, row {number}: the evidence must be one of {', '.join(EVIDENCE_GRADES)}.")
    if row["evidence"] in UNREAD_GRADES and row.get("publisher") == "":
        raise DefinitionError(
            f"{file}, row {number}: no publisher. A row graded {row['evidence']} names the publisher of the original; "
            f"write {PUBLISHER_NOT_KNOWN!r} if nothing says who it is."
        )


def check_partial_dates(row: Mapping[str, str], file: str, columns: Iterable[str]) -> None:
    """Raise DefinitionError unless a date is an ISO day, month or year ('2026-06-29', '2026-06', '2026') or ''."""
    for column in columns:
        if row[column] and not _PARTIAL_DATE.fullmatch(row[column]):
            raise DefinitionError(
                f"{file}: {column} is {row[column]!r}. Write a day, a month or a year, as 2026-06-29, 2026-06 or 2026."
            )


def check_address(row: Mapping[str, str], file: str) -> None:
    """Raise DefinitionError if a row that was read in a source has no web address of that source."""
    if row["evidence"] in READ_GRADES and not _ADDRESS.fullmatch(row["address"]):
        raise DefinitionError(
            f"{file}: a row graded {row['evidence']} needs the address of its source, beginning with https://. "
            "Without one, grade it recalled or not-found."
        )


def parse_count(row: Mapping[str, str], column: str) -> int | None:
    """Return a count, or None for an empty cell."""
    return int(row[column]) if row[column] else None


def parse_answer(row: Mapping[str, str], column: str) -> bool | None:
    """Return yes, no or unknown as True, False or None; DefinitionError for anything else."""
    try:
        return {"yes": True, "no": False, "unknown": None}[row[column]]
    except KeyError:
        raise DefinitionError(f"Column {column}: write yes, no or unknown, not {row[column]!r}.") from None


def split_cell(row: Mapping[str, str], column: str, separator: str = "|") -> tuple[str, ...]:
    """Return the values of a cell with several values, in order."""
    return tuple(part.strip() for part in row[column].split(separator) if part.strip())


class RegisterMember(Protocol):
    """A member of a register, identified by its key."""

    @property
    def key(self) -> str:
        """The key of the member."""


T = TypeVar("T", bound=RegisterMember)


class Register(Generic[T]):
    """A register: its members in order, each of which can be looked up by its key."""

    member_name = "entry"

    def __init__(self, members: Iterable[T]) -> None:
        self.all: tuple[T, ...] = tuple(members)
        self._by_key = {member.key: member for member in self.all}
        if len(self._by_key) != len(self.all):
            keys = [member.key for member in self.all]
            repeated = sorted({key for key in keys if keys.count(key) > 1})
            raise DefinitionError(f"The register of {self.member_name} holds twice: {', '.join(repeated)}.")

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
        """Return True if exactly this key is in the register."""
        return key in self._by_key

    def get(self, key: str) -> T:
        """Return the member with this key; DefinitionError with a sentence otherwise."""
        try:
            return self._by_key[key]
        except KeyError:
            raise DefinitionError(f"No {self.member_name} has the key {key!r} in the commission's files.") from None
