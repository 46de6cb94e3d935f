"""Write the form for bringing the registers up to date: a line for each item to look up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from assay import reference
from assay.engine.safe_files.spreadsheet_cells import write_csv
from assay.errors import UsageError
from assay.reference.published_tables import PublishedTable
from assay.reference.register_updates import RegisterFile
from assay.workflows.registers.register_status import rows_not_read

ANSWERS = {
    "same": "looked up, and it is as it stands here",
    "changed": "looked up, and new_value is what it is now",
    "new row": "looked up, and the register lacks it: one line for each column of the new row",
    "not found": "looked for, and the source does not have it",
}
"""The answers of the form; an empty answer means that nobody looked."""
TABLE_COLUMNS = ("newest_edition", "newest_to", "next_due")


@dataclass(frozen=True)
class FormLine:
    """One line of the form: about one cell; without a column, about the whole row; without a row, about the whole
    register.

    The first seven columns say what to look up; whoever looks fills in the others.
    """

    register: str
    row: str
    column: str
    value_now: str
    evidence_now: str
    where_to_look: str
    why: str
    answer: str = ""
    new_value: str = ""
    source: str = ""
    evidence: str = ""
    checked_on: str = ""


COLUMNS = tuple(field.name for field in fields(FormLine))


def write_form(path: Path, today: date) -> int:
    """Write the form with the register entries due for a check on a day; return the number of lines.

    Raises
    ------
    UsageError
        If the file exists: a form that somebody has filled in is not overwritten.
    """
    if path.exists():
        raise UsageError(f"{path} is there already. Name a new file for the form, so that no answers are lost.")
    lines = [*_register_lines(today), *_table_lines(today), *_row_lines()]
    write_csv(path, COLUMNS, [[getattr(line, name) for name in COLUMNS] for line in lines], encoding="utf-8-sig")
    return len(lines)


def _register_lines(today: date) -> Iterator[FormLine]:
    for file in reference.registers_due(today):
        since = f"due since {file.due_on}" if file.due_on else "never checked"
        yield FormLine(
            file.file, "", "", f"checked on {file.checked_on or 'no day'}", "", file.where,
            f"{since}: compare every row with its source",
        )  # fmt: skip


def _table_lines(today: date) -> Iterator[FormLine]:
    for item in reference.tables_due(today):
        for column in TABLE_COLUMNS:
            yield FormLine(
                "published_tables", item.table.key, column, _cell(item.table, column), item.table.evidence,
                item.table.address, "; ".join(item.reasons),
            )  # fmt: skip


def _cell(table: PublishedTable, column: str) -> str:
    value = getattr(table, column)
    return "" if value is None else str(value)


def _row_lines() -> Iterator[FormLine]:
    """Yield a line for each row that nobody has read in a source."""
    for name, rows in rows_not_read().items():
        file = reference.register_files().get(name)
        for row in rows:
            yield FormLine(
                name, "|".join(row[column] for column in file.key_columns), "", _row_words(row), row["evidence"],
                _where_to_look(row, file), f"{row['evidence']}: this row was not checked in a source",
            )  # fmt: skip


def _where_to_look(row: dict[str, str], file: RegisterFile) -> str:
    """Return the address of a row, otherwise those of its register, before the words of its source."""
    address = row.get("address") or file.where
    return f"{address} ({row['source']})" if row["source"] not in address else address


def _row_words(row: dict[str, str]) -> str:
    """Return the row as one text: its filled columns with their names."""
    return "; ".join(f"{name}: {cell}" for name, cell in row.items() if cell and name not in ("evidence", "source"))
