"""Which rows of an invented return break a rule, and what should become of them?

Each kind of fault is planted on rows that carry nothing else, and never where it would set further rows aside; the
truth keeps table, rule, what should happen and to how many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assay.synthetic.random_stream import Chance
from assay.synthetic.return_sheets import Sheet

ROW, VALUE, COUNTED = "row set aside", "value set aside", "kept and counted"


@dataclass(frozen=True)
class Fault:
    """One planted fault: the rule that should fit, what should happen, and to how many rows or values."""

    table: str
    rule: str
    happens: str
    rows: int


@dataclass
class Desk:
    """The sheets of one return while faults are planted; a row is touched once."""

    sheets: Mapping[str, Sheet]
    chance: Chance
    touched: set[int]

    def row(self, table: str, **wanted: str) -> list[str] | None:
        """An untouched row of the table whose columns hold these values ('*': anything but empty)."""
        sheet = self.sheets.get(table)
        free = [row for row in sheet.rows if self._fits(sheet, row, wanted)] if sheet else []
        if not free:
            return None
        row = self.chance.pick(free)
        self.touched.add(id(row))
        return row

    def _fits(self, sheet: Sheet, row: list[str], wanted: Mapping[str, str]) -> bool:
        held = ((row[sheet.at(column)], value) for column, value in wanted.items())
        return id(row) not in self.touched and all(
            cell == value or (value == "*" and cell != "") for cell, value in held
        )

    def put(self, rule: str, happens: str, table: str, column: str, value: str, **wanted: str) -> Fault | None:
        """Write a value into a row, and say what should happen."""
        row = self.row(table, **wanted)
        if row is None:
            return None
        row[self.sheets[table].at(column)] = value
        return Fault(table, rule, happens, 1)

    def again(self, rule: str, table: str, changed: str = "", value: str = "", **wanted: str) -> Fault | None:
        """Send a row twice: equal (one is kept) or with one value changed (none is kept)."""
        row = self.row(table, **wanted)
        if row is None:
            return None
        copy = list(row)
        if changed:
            copy[self.sheets[table].at(changed)] = value
        self.sheets[table].rows.append(copy)
        self.touched.add(id(copy))
        return Fault(table, rule, ROW, 2 if changed else 1)


REVIEW = {"kind": "supervisor_review"}
KINDS: tuple[Callable[[Desk], Fault | None], ...] = (
    lambda desk: _cells(desk),
    lambda desk: desk.put("R10", ROW, "notes", "force_code", "INV98"),
    lambda desk: desk.put("R11", ROW, "notes", "note_ref", ""),
    lambda desk: desk.again("R12", "notes"),
    lambda desk: desk.again("R12", "events", **REVIEW),
    lambda desk: desk.again(
        "R13", "flags", "added_by_role", "analyst", missing_ref="*", added_by_role="missing_officer"
    ),
    lambda desk: desk.put("R15", ROW, "notes", "entry_at", ""),
    lambda desk: desk.put("R16", VALUE, "involvements", "sex", "unknown", role="suspect", sex="*"),
    lambda desk: desk.put("R16", VALUE, "missing", "first_grade", "amber"),
    lambda desk: desk.put("R16", VALUE, "flags", "removed_at", "31/04/2026", missing_ref="*", removed_at=""),
    lambda desk: desk.put("R18", VALUE, "events", "entered_at", "2026-04-20T10:00Z", **REVIEW),
    lambda desk: desk.put("R19", ROW, "events", "happened_at", "2026-03-29T01:30", **REVIEW),
    lambda desk: desk.put(
        "R23", VALUE, "involvements", "date_of_birth", "1900-01-01", role="subject", date_of_birth="*"
    ),
    lambda desk: desk.put("R23", VALUE, "involvements", "phone", "0000000000", role="suspect", phone="*"),
    lambda desk: desk.put("R24", COUNTED, "involvements", "sex_missing_reason", "NOT_ASKED", role="subject", sex="*"),
    lambda desk: desk.put("R25", VALUE, "flags", "added_at", "2031-01-01", missing_ref="*"),
    lambda desk: desk.put("R26", COUNTED, "notes", "text", "Passed to the\x07 day team.", form="text"),
    lambda desk: desk.put("R27", ROW, "notes", "crime_ref", "C99999", crime_ref="*"),
    lambda desk: desk.put("R27", ROW, "events", "crime_ref", "C99999", **REVIEW),
    lambda desk: desk.put("R28", VALUE, "referrals", "crime_ref", "C99999", crime_ref=""),
    lambda desk: desk.put("R31", ROW, "notes", "crime_ref", "", missing_ref="", person_ref="", report_ref=""),
    lambda desk: desk.put("R32", ROW, "events", "missing_ref", "", kind="prevention_interview_completed"),
    lambda desk: desk.put("R33", ROW, "events", "kind", "crime_closed", **REVIEW),
    lambda desk: desk.put("R36", VALUE, "events", "due_on", "2026-05-01", **REVIEW),
    lambda desk: _count(desk),
)
AUTUMN = "2025-10-26T01:30"  # a minute that comes twice: the first is meant, and no rule is broken


def plant(sheets: Mapping[str, Sheet], chance: Chance) -> list[Fault]:
    """Six to twelve kinds of fault in one return, the sheets changed in place."""
    desk = Desk(sheets, chance.stream("rows"), set())
    _autumn(desk)
    chosen = sorted(chance.some(range(len(KINDS)), chance.whole(6, 12)))
    planted = []
    for number in chosen:
        desk.chance = chance.stream("rows", number)  # a table that is not sent moves no fault of another
        planted.append(KINDS[number](desk))
    return [fault for fault in planted if fault]


def _autumn(desk: Desk) -> None:
    desk.put("", "nothing", "notes", "entry_at", AUTUMN)


def _cells(desk: Desk) -> Fault | None:
    row = desk.row("notes")
    if row is None:
        return None
    row.append("one cell too many")
    return Fault("notes", "R07", ROW, 1)


def _count(desk: Desk) -> Fault:
    desk.sheets["reports"].extra_rows = 1
    return Fault("reports", "R05", COUNTED, 1)
