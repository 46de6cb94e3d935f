"""List the registers and published tables that are out of date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from textwrap import shorten
from typing import Any

from assay import reference
from assay.reference.reference_data import READ_GRADES, UNREAD_GRADES
from assay.reference.register_updates import FACTS, RegisterFile, TableDue
from assay.wording import count_phrase

IN_EACH_ROW = "the address in each row"
"""What a register says of where to look, if each of its rows has the address of the original."""
KEY_LENGTH = 60
"""Characters of the key of a row that are printed."""


@dataclass(frozen=True)
class UnreadRow:
    """A row on an outside text that was not read in the original: its publisher, and where to find the original."""

    register: str
    key: str
    publisher: str
    original: str


@dataclass(frozen=True)
class RegisterStatus:
    """The registers and published tables that are due for a check on one date, and how many there are in all.

    `not_read` are the rows of facts that nobody has read in a source. `read_in_copy` are those that were read only in a
    copy, or in another text about it. `at_site_alone` are those that were read, but whose known address opens the site
    of the source and not its page.
    """

    today: date
    registers: tuple[RegisterFile, ...]
    registers_due: tuple[RegisterFile, ...]
    tables: int
    tables_due: tuple[TableDue, ...]
    not_read: tuple[UnreadRow, ...] = ()
    read_in_copy: tuple[UnreadRow, ...] = ()
    at_site_alone: tuple[UnreadRow, ...] = ()
    form: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the status for other programs."""
        due = {file.file for file in self.registers_due}
        not_read = Counter(row.register for row in self.not_read)
        return {
            "on": self.today.isoformat(),
            "registers": [
                {
                    "register": file.file,
                    "checked_on": _day(file.checked_on),
                    "due_on": _day(file.due_on),
                    "is_due": file.file in due,
                    "where": file.where,
                    "rows_not_read": not_read[file.file],
                }
                for file in self.registers
            ],
            "tables_due": [
                {"table": item.table.key, "address": item.table.address, "why": list(item.reasons)}
                for item in self.tables_due
            ],
            "not_read": [asdict(row) for row in self.not_read],
            "read_in_copy": [asdict(row) for row in self.read_in_copy],
            "at_site_alone": [asdict(row) for row in self.at_site_alone],
            "form": self.form,
        }

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        return [
            *self._register_lines(),
            "",
            *self._table_lines(),
            "",
            *self._unread_lines(),
            "",
            *self._copy_lines(),
            "",
            *self._site_lines(),
            "",
            self._next_step(),
        ]

    def _register_lines(self) -> list[str]:
        count = len(self.registers_due)
        if not count:
            first = min(self.registers, key=lambda file: file.due_on or date.min)
            return [
                f"Data files of the program: none of {len(self.registers)} is due for a check on {self.today}. "
                f"The next is {first.file}, by {first.due_on}. Nothing to do."
            ]
        lines = [
            f"Data files of the program: {count} of {len(self.registers)} {'is' if count == 1 else 'are'} due for a "
            "check. Compare each with its source:"
        ]
        for file in self.registers_due:
            lines.append(f"  {file.file}: {file.holds}. Checked on {_day(file.checked_on) or 'no day'}, due every "
                         f"{file.every_months} months. Look at {file.where}")  # fmt: skip
        return lines

    def _table_lines(self) -> list[str]:
        if not self.tables_due:
            return [f"Tables that others publish: no new edition is due for any of {self.tables}. Nothing to do."]
        lines = [
            f"Tables that others publish: for {len(self.tables_due)} of {self.tables} a newer edition is out, is due, "
            "or was never looked for. Download what you need, then: assay look FILE --out DIR"
        ]
        for item in self.tables_due:
            lines.append(f"  {item.table.key} ({item.table.publisher}): {'; '.join(item.reasons)}.")
        return lines

    def _unread_lines(self) -> list[str]:
        if not self.not_read:
            return ["Every row of the registers was checked in a source."]
        return [
            f"Rows not checked in a source, which are never used for grades: {len(self.not_read)}.",
            *_lines_by_publisher(self.not_read),
        ]

    def _copy_lines(self) -> list[str]:
        if not self.read_in_copy:
            return ["No row of the registers was read only in a copy."]
        return [
            f"Rows read only in a copy: {len(self.read_in_copy)}. Compare each with the original:",
            *_lines_by_publisher(self.read_in_copy),
        ]

    def _site_lines(self) -> list[str]:
        if not self.at_site_alone:
            return ["The address of every row that was read opens its source."]
        counts = Counter((row.register, row.original) for row in self.at_site_alone)
        return [
            f"Rows that were read, but whose address opens a site and not the page: {len(self.at_site_alone)}. Find "
            "the page of each:",
            *(f"  {register}, {count_phrase(rows, 'row')}: {site}" for (register, site), rows in counts.items()),
        ]

    def _next_step(self) -> str:
        if self.form:
            return f"The form is {self.form}. Fill it in, then: assay look update {self.form} --out DIR"
        return "For a form to fill in with a browser: assay look status --form FILE.csv"


def register_status(today: date, form: str = "") -> RegisterStatus:
    """Return the registers that are due for a check on a day; `form` is the file written for it, '' if none was."""
    return RegisterStatus(
        today=today,
        registers=reference.register_files().all,
        registers_due=reference.registers_due(today),
        tables=len(reference.published_tables()),
        tables_due=reference.tables_due(today),
        not_read=tuple(_unread_rows(NOT_READ)),
        read_in_copy=tuple(_unread_rows((READ_IN_COPY,))),
        at_site_alone=tuple(_rows_at_site_alone()),
        form=form,
    )


NOT_READ = tuple(grade for grade in UNREAD_GRADES if grade not in READ_GRADES)
"""Grades of evidence of a row that stands for a fact, and that nobody has read in a source."""
READ_IN_COPY = "seen-secondary"


def rows_not_read() -> dict[str, list[dict[str, str]]]:
    """Return, by register of external facts, rows that are unverified or whose source was sought but not found."""
    return _rows_graded(NOT_READ)


def _rows_graded(grades: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Return the rows of external facts that have one of these grades of evidence, by register."""
    lists = reference.code_lists()
    facts = [file.file for file in reference.register_files() if file.content == FACTS]
    found = {name: [row for row in lists[name] if row["evidence"] in grades] for name in facts}
    return {name: rows for name, rows in found.items() if rows}


def _unread_rows(grades: Sequence[str]) -> Iterator[UnreadRow]:
    """Yield the rows of external facts that have one of these grades, each with its publisher and original."""
    for name, rows in _rows_graded(grades).items():
        file = reference.register_files().get(name)
        for row in rows:
            key = "/".join(row[column] for column in file.key_columns)
            yield UnreadRow(name, key, row["publisher"], _original(file, row))


def _rows_at_site_alone() -> Iterator[UnreadRow]:
    """Yield the rows that were read in a source of which only the site has a known address."""
    for name, rows in _rows_graded(("seen",)).items():
        file = reference.register_files().get(name)
        for row in rows:
            if site := reference.source_addresses().site_alone(row):
                yield UnreadRow(
                    name, "/".join(row[column] for column in file.key_columns), row.get("publisher", ""), site
                )


def _original(file: RegisterFile, row: dict[str, str]) -> str:
    if file.where != IN_EACH_ROW:
        return file.where
    return row["address"] or "the site of the publisher; no address is known"


def _lines_by_publisher(rows: Sequence[UnreadRow]) -> Iterator[str]:
    """Yield a line for each register, publisher and place of the original, with the keys of its rows."""
    keys: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        keys.setdefault((row.register, row.publisher, row.original), []).append(shorten(row.key, KEY_LENGTH))
    for (register, publisher, original), found in keys.items():
        yield f"  {register}, {', '.join(found)} ({publisher}). Look at {original}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
