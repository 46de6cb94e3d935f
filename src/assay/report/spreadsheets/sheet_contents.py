"""What stands on each sheet, before it is written in one format or the other?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assay.report.report_tables import Row
from assay.report.support_contacts import support
from assay.sdc import KEPT_BACK, Column, Released, Table, declared_tables

HIDDEN, NOT_THERE, NOT_ONE = "[c]", "[x]", "[z]"
SHORTHAND = (
    (HIDDEN, "Confidential: a small count, or a figure that would give one away. It is not zero."),
    (NOT_THERE, "Not available: nothing is known, or it could not be asked. It is not zero."),
    (NOT_ONE, "Not applicable: there is nothing to say here."),
)
MOST_UNIT = 34
Cell = str | int | float


@dataclass(frozen=True)
class Sheet:
    """One sheet: its tab, its title (A1), the lines under it, and its one table as heads, kinds of column and rows.

    `kinds` are "text", "number" or "share"; `links`: the tab that the first cell of each row leads to.
    """

    tab: str
    title: str
    lines: tuple[str, ...]
    heads: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    links: tuple[str, ...] = ()


def sheets(released: Released, title: str) -> list[Sheet]:
    """The cover, contents, notes and columns, then every released table that has rows, in the declared order."""
    forms = declared_tables()
    held = [(forms[name], released.rows(name)) for name, table in released.tables.items() if table.num_rows]
    tables = [_of_table(released, form, rows) for form, rows in held]
    return [_cover(released, title), _contents(tables), _notes(released), _columns([form for form, _ in held]), *tables]


def _cover(released: Released, title: str) -> Sheet:
    rows = (
        ("Edition", released.edition),
        ("Rule of release", f"{released.policy.name}: {released.policy.reason}"),
        ("About this file", support().note),
        ("Where to begin", "Contents names every table; Notes explains signs; Columns explains every column."),
        ("Whom you can turn to", "; ".join(f"{one.name}: {one.reach}" for one in support().contacts)),
        ("Seal", released.ledger_head or NOT_ONE),
    )
    return _words("Cover", title, ("What", "In words"), rows)


def _words(tab: str, title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Sheet:
    return Sheet(tab, title, ("This worksheet contains one table.",), heads, ("text",) * len(heads), tuple(rows))


def _contents(tables: Sequence[Sheet]) -> Sheet:
    rows = [("Notes", "What the signs mean"), ("Columns", "What every column holds")]
    rows += [(sheet.tab, sheet.title) for sheet in tables]
    made = _words("Contents", "Contents", ("Worksheet", "Title"), rows)
    return Sheet(made.tab, made.title, made.lines, made.heads, made.kinds, made.rows, tuple(tab for tab, _ in rows))


def _notes(released: Released) -> Sheet:
    policy = released.policy
    rows = [*SHORTHAND, ("[note 1]", f"Suppression: {policy.suppression}. Rounding: {policy.rounding}.")]
    rows += [("[note 2]", "Text cells are text: none is run as a formula. A share is a number from 0 to 1.")]
    return _words("Notes", "Notes", ("Sign or note", "Meaning"), rows)


def _columns(forms: Sequence[Table]) -> Sheet:
    rows = [
        (form.name, head, column.name, column.unit or NOT_ONE, column.meaning)
        for form in forms
        for column, head in zip(form.columns, heads(form), strict=True)
    ]
    return _words("Columns", "What every column holds", ("Worksheet", "Head", "Name", "Unit", "Meaning"), rows)


def heads(form: Table) -> tuple[str, ...]:
    """The heads of a table's columns: words, with the unit where it is short; no two are alike."""
    return tuple(_head(column) for column in form.columns)


def _head(column: Column) -> str:
    said = column.name.replace("_", " ").capitalize()
    return f"{said} ({column.unit})" if 0 < len(column.unit) <= MOST_UNIT else said


def _of_table(released: Released, form: Table, rows: Sequence[Row]) -> Sheet:
    lines = (
        "This worksheet contains one table. Signs in brackets are explained in the worksheet Notes [note 1].",
        f"One row is {form.row}. Source: this report, edition {released.edition}.",
    )
    kinds = tuple("text" if c.is_text or c.kind == "flag" else "share" if c.kind == "share" else "number"
                  for c in form.columns)  # fmt: skip
    return Sheet(form.name, form.title, lines, heads(form), kinds, tuple(tuple(_cells(form, row)) for row in rows))


def _cells(form: Table, row: Row) -> Iterator[Cell]:
    hidden = str(row.get("hidden") or "").split()
    for column in form.columns:
        yield _cell(column, row[column.name], hidden)


def _cell(column: Column, value: Any, hidden: Sequence[str]) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value not in (None, ""):
        return value if isinstance(value, (int, float)) else str(value)
    if column.is_text:
        return NOT_ONE
    return HIDDEN if column.name in hidden or f"{KEPT_BACK}{column.name}" in hidden else NOT_THERE
