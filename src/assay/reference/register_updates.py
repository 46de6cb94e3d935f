"""When each register was last checked, and which registers and published tables are due for a check."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from assay.errors import DefinitionError
from assay.reference.published_tables import PublishedTable, parse_days, published_tables
from assay.reference.reference_data import Register, read_rows, split_cell

COLUMNS = ("file", "key_columns", "holds", "content", "checked_on", "every_months", "where", "evidence", "source")
FACTS, OUR_OWN = "facts of others", "our own"


@dataclass(frozen=True)
class RegisterFile:
    """One file of `reference/data`: its content, when and how often it is checked, and where to look up changes."""

    file: str
    key_columns: tuple[str, ...]
    holds: str
    content: str
    checked_on: date | None
    every_months: int
    where: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The name of the file without '.csv'."""
        return self.file

    @property
    def due_on(self) -> date | None:
        """Day of the next check; None if it was never checked."""
        return add_months(self.checked_on, self.every_months) if self.checked_on else None


class RegisterFiles(Register[RegisterFile]):
    """Every file of `reference/data`."""

    member_name = "register file"


@lru_cache
def register_files() -> RegisterFiles:
    """Return the register of all data files; DefinitionError if a file has no row, or a row has no file."""
    found = RegisterFiles([_register_file(row) for row in read_rows("registers", COLUMNS)])
    mismatches = set(found.keys) ^ set(data_files())
    if mismatches:
        raise DefinitionError(
            f"registers.csv and the files of reference/data differ on: {', '.join(sorted(mismatches))}. "
            "Give each file one row, with the day on which its rows were last checked."
        )
    return found


def data_files() -> tuple[str, ...]:
    """Return the name of each file of `reference/data` without '.csv', sorted."""
    folder = files("assay.reference").joinpath("data")
    return tuple(sorted(file.name.removesuffix(".csv") for file in folder.iterdir() if file.name.endswith(".csv")))


def _register_file(row: dict[str, str]) -> RegisterFile:
    place = f"registers.csv, {row['file']}"
    if row["content"] not in (FACTS, OUR_OWN):
        raise DefinitionError(f"{place}: content must be {FACTS} or {OUR_OWN}.")
    if not row["every_months"].isdigit() or not int(row["every_months"]):
        raise DefinitionError(f"{place}: every_months must be a whole number of months, at least 1.")
    parsed = {"key_columns": split_cell(row, "key_columns"), "every_months": int(row["every_months"])}
    return RegisterFile(**{**row, **parsed, **parse_days(row, ("checked_on",), place)})  # type: ignore[arg-type]


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def registers_due(today: date) -> tuple[RegisterFile, ...]:
    """Return the registers that are due for a check, or were never checked."""
    return tuple(file for file in register_files() if file.due_on is None or file.due_on < today)


@dataclass(frozen=True)
class TableDue:
    """A published table that is due for a check, and why."""

    table: PublishedTable
    reasons: tuple[str, ...]


def tables_due(today: date) -> tuple[TableDue, ...]:
    """Return the published tables that were never checked, or of which a later edition is known or expected."""
    found = (TableDue(table, tuple(_table_reasons(table, today))) for table in published_tables())
    return tuple(due for due in found if due.reasons)


def _table_reasons(table: PublishedTable, today: date) -> list[str]:
    reasons = []
    if table.carried_to and table.newest_to and table.carried_to < table.newest_to:
        reasons.append(
            f"the program carries figures to {table.carried_to}; the newest edition known goes to {table.newest_to}"
        )
    if table.next_due and table.next_due < today:
        reasons.append(f"a later edition should be out since {table.next_due}")
    if not table.next_due and table.every_months and table.checked_on:
        due_on = add_months(table.checked_on, table.every_months)
        if due_on < today:
            reasons.append(f"no day is known for the next edition, and it was last looked up before {due_on}")
    if table.checked_on is None:
        reasons.append("nobody has looked for it yet")
    return reasons
