"""Inject validation errors into a synthetic return, with the result that validation should give.

Each kind of error is injected into rows without another error, and never where it would set further rows aside; the
truth records table, rule, expected result and number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assay.synthetic.random_stream import RandomStream
from assay.synthetic.return_sheets import Sheet

ROW, VALUE, ACCEPTED = "row set aside", "value set aside", "kept and counted"


@dataclass(frozen=True)
class InjectedError:
    """An injected error: the rule that it breaks, the expected result, and the number of rows or values."""

    table: str
    rule: str
    happens: str
    rows: int


@dataclass
class ErrorInjector:
    """Injects errors into the sheets of one return; each row is changed once at most."""

    sheets: Mapping[str, Sheet]
    stream: RandomStream
    touched: set[int]

    def pick_row(self, table: str, **filters: str) -> list[str] | None:
        """Return an unchanged row of the table whose columns have these values ('*': anything but empty)."""
        sheet = self.sheets.get(table)
        free = [row for row in sheet.rows if self._fits(sheet, row, filters)] if sheet else []
        if not free:
            return None
        row = self.stream.pick(free)
        self.touched.add(id(row))
        return row

    def _fits(self, sheet: Sheet, row: list[str], filters: Mapping[str, str]) -> bool:
        pairs = ((row[sheet.column_index(column)], value) for column, value in filters.items())
        return id(row) not in self.touched and all(
            cell == value or (value == "*" and cell != "") for cell, value in pairs
        )

    def set_value(
        self, rule: str, happens: str, table: str, column: str, value: str, **filters: str
    ) -> InjectedError | None:
        """Write a value into a row, and record the expected result."""
        row = self.pick_row(table, **filters)
        if row is None:
            return None
        row[self.sheets[table].column_index(column)] = value
        return InjectedError(table, rule, happens, 1)

    def duplicate_row(
        self, rule: str, table: str, changed: str = "", value: str = "", **filters: str
    ) -> InjectedError | None:
        """Duplicate a row: without changes (one copy is accepted) or with one value changed (neither is accepted)."""
        row = self.pick_row(table, **filters)
        if row is None:
            return None
        copy = list(row)
        if changed:
            copy[self.sheets[table].column_index(changed)] = value
        self.sheets[table].rows.append(copy)
        self.touched.add(id(copy))
        return InjectedError(table, rule, ROW, 2 if changed else 1)


REVIEW = {"kind": "supervisor_review"}
ERROR_KINDS: tuple[Callable[[ErrorInjector], InjectedError | None], ...] = (
    lambda injector: _add_cell(injector),
    lambda injector: injector.set_value("R10", ROW, "notes", "force_code", "INV98"),
    lambda injector: injector.set_value("R11", ROW, "notes", "note_ref", "N" * 65),
    lambda injector: injector.duplicate_row("R12", "notes"),
    lambda injector: injector.duplicate_row("R12", "events", **REVIEW),
    lambda injector: injector.duplicate_row(
        "R13", "flags", "flag", "csa", missing_ref="*", added_by_role="missing_officer"
    ),
    lambda injector: injector.set_value("R15", ROW, "notes", "entry_at", ""),
    lambda injector: injector.set_value("R16", VALUE, "involvements", "sex", "unknown", role="suspect", sex="*"),
    lambda injector: injector.set_value("R16", VALUE, "missing", "first_grade", "amber"),
    lambda injector: injector.set_value(
        "R16", VALUE, "flags", "removed_at", "31/04/2026", missing_ref="*", removed_at=""
    ),
    lambda injector: injector.set_value("R18", ACCEPTED, "events", "entered_at", "2026-04-20T10:00Z", **REVIEW),
    lambda injector: injector.set_value("R19", ROW, "events", "happened_at", "2026-03-29T01:30", **REVIEW),
    lambda injector: injector.set_value(
        "R23", VALUE, "involvements", "date_of_birth", "1900-01-01", role="subject", date_of_birth="*"
    ),
    lambda injector: injector.set_value("R23", VALUE, "involvements", "phone", "0000000000", role="suspect", phone="*"),
    lambda injector: injector.set_value(
        "R24", ACCEPTED, "involvements", "sex_missing_reason", "NOT_ASKED", role="subject", sex="*"
    ),
    lambda injector: injector.set_value("R25", VALUE, "flags", "added_at", "2031-01-01", missing_ref="*"),
    lambda injector: injector.set_value("R26", ACCEPTED, "notes", "text", "Passed to the\x07 day team.", form="text"),
    lambda injector: injector.set_value("R27", ROW, "notes", "crime_ref", "C99999", crime_ref="*"),
    lambda injector: injector.set_value("R27", ROW, "events", "crime_ref", "C99999", **REVIEW),
    lambda injector: injector.set_value("R28", VALUE, "referrals", "crime_ref", "C99999", crime_ref=""),
    lambda injector: injector.set_value(
        "R31", ROW, "notes", "crime_ref", "", missing_ref="", person_ref="", report_ref=""
    ),
    lambda injector: injector.set_value("R32", ROW, "events", "missing_ref", "", kind="prevention_interview_completed"),
    lambda injector: injector.set_value("R33", ROW, "events", "kind", "crime_closed", **REVIEW),
    lambda injector: injector.set_value("R36", VALUE, "events", "due_on", "2026-05-01", **REVIEW),
    lambda injector: _miscount_rows(injector),
)
OPTIONAL_COLUMN_ERRORS: tuple[Callable[[ErrorInjector], InjectedError | None], ...] = (
    lambda injector: injector.set_value(
        "R16", VALUE, "referrals", "duty_report", "perhaps", direction="in", duty_report="*"
    ),
    lambda injector: injector.set_value("R16", VALUE, "involvements", "drives_for_hire", "perhaps", role="suspect"),
    lambda injector: injector.set_value("R36", VALUE, "referrals", "online_report", "yes", direction="out"),
)
"""Errors in optional columns, drawn apart, so that a further kind changes none of `ERROR_KINDS`."""
AMBIGUOUS_TIME = "2025-10-26T01:30"  # clocks go back: the first 01:30 is meant, and no rule is broken


def inject_errors(sheets: Mapping[str, Sheet], stream: RandomStream) -> list[InjectedError]:
    """Inject six to twelve kinds of error into one return, and one in an optional column; the sheets are changed in
    place."""
    injector = ErrorInjector(sheets, stream.substream("rows"), set())
    _set_ambiguous_time(injector)
    kind_numbers = sorted(stream.sample(range(len(ERROR_KINDS)), stream.integer(6, 12)))
    errors = []
    for number in kind_numbers:
        injector.stream = stream.substream("rows", number)  # a table that is not sent changes no error in another
        errors.append(ERROR_KINDS[number](injector))
    injector.stream = stream.substream("optional columns")
    errors.append(injector.stream.pick(OPTIONAL_COLUMN_ERRORS)(injector))
    return [error for error in errors if error]


def _set_ambiguous_time(injector: ErrorInjector) -> None:
    injector.set_value("", "nothing", "notes", "entry_at", AMBIGUOUS_TIME)


def _add_cell(injector: ErrorInjector) -> InjectedError | None:
    row = injector.pick_row("notes")
    if row is None:
        return None
    row.append("one cell too many")
    return InjectedError("notes", "R07", ROW, 1)


def _miscount_rows(injector: ErrorInjector) -> InjectedError:
    injector.sheets["reports"].extra_rows = 1
    return InjectedError("reports", "R05", ACCEPTED, 1)
