"""List the registers and published tables that are out of date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assay import reference
from assay.reference.reference_data import EVIDENCE_GRADES
from assay.reference.register_updates import FACTS, RegisterFile, TableDue

NO_PUBLISHER = "publisher not recorded"
IN_EACH_ROW = "the address in each row"
"""What a register says of where to look, if its rows have addresses of their own."""


@dataclass(frozen=True)
class ReadInCopy:
    """A row of a register that was read only in a copy: its publisher, and where to find the original."""

    register: str
    key: str
    publisher: str
    original: str


@dataclass(frozen=True)
class RegisterStatus:
    """The registers and published tables that are due for a check on one date, and how many there are in all.

    `not_read` counts, by register of facts, the rows that nobody has read in a source. `read_in_copy` are the rows of
    facts that were read only in a copy, or in another text about it.
    """

    today: date
    registers: tuple[RegisterFile, ...]
    registers_due: tuple[RegisterFile, ...]
    tables: int
    tables_due: tuple[TableDue, ...]
    not_read: dict[str, int]
    read_in_copy: tuple[ReadInCopy, ...] = ()
    form: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the status for other programs."""
        due = {file.file for file in self.registers_due}
        return {
            "on": self.today.isoformat(),
            "registers": [
                {
                    "register": file.file,
                    "checked_on": _day(file.checked_on),
                    "due_on": _day(file.due_on),
                    "is_due": file.file in due,
                    "where": file.where,
                    "rows_not_read": self.not_read.get(file.file, 0),
                }
                for file in self.registers
            ],
            "tables_due": [
                {"table": item.table.key, "address": item.table.address, "why": list(item.reasons)}
                for item in self.tables_due
            ],
            "read_in_copy": [asdict(row) for row in self.read_in_copy],
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
        rows = ", ".join(f"{name} {count}" for name, count in self.not_read.items())
        return [f"Rows not checked in a source, which are never used for grades: {rows}."]

    def _copy_lines(self) -> list[str]:
        """Return the rows that were read only in a copy, by where their original is and by publisher."""
        if not self.read_in_copy:
            return ["No row of the registers was read only in a copy."]
        keys: dict[tuple[str, str, str], list[str]] = {}
        for row in self.read_in_copy:
            keys.setdefault((row.register, row.publisher, row.original), []).append(row.key)
        return [
            f"Rows read only in a copy: {len(self.read_in_copy)}. Compare each with the original:",
            *(
                f"  {register}, {', '.join(found)} ({publisher}). Look at {original}"
                for (register, publisher, original), found in keys.items()
            ),
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
        not_read={name: count for name, rows in rows_not_read().items() if (count := len(rows))},
        read_in_copy=tuple(rows_read_in_copy()),
        form=form,
    )


NOT_READ = tuple(grade for grade in EVIDENCE_GRADES if grade in ("recalled", "not-found"))
"""Grades of evidence of a row that stands for a fact, and that nobody has read in a source."""


def rows_not_read() -> dict[str, list[dict[str, str]]]:
    """Return, by register of external facts, rows that are unverified or whose source was sought but not found."""
    found = {
        file.file: [row for row in reference.code_lists()[file.file] if row["evidence"] in NOT_READ]
        for file in reference.register_files()
        if file.content == FACTS
    }
    return {name: rows for name, rows in found.items() if rows}


def rows_read_in_copy() -> Iterator[ReadInCopy]:
    """Yield the rows of external facts whose text was read only in a copy."""
    for file in reference.register_files():
        if file.content != FACTS:
            continue
        for row in reference.code_lists()[file.file]:
            if row["evidence"] == "seen-secondary":
                key = "/".join(row[column] for column in file.key_columns)
                yield ReadInCopy(file.file, key, row.get("publisher") or NO_PUBLISHER, _original(file, row))


def _original(file: RegisterFile, row: dict[str, str]) -> str:
    """Return where the original is; the address of a row without a publisher may be that of the copy."""
    if file.where != IN_EACH_ROW:
        return file.where
    return row["address"] if row.get("publisher") else "the publisher that the source of each row names"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
