"""The content of each sheet of a spreadsheet, independent of the file format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any, Protocol

from assay.report.place_names import named_batches, place_names, with_name_columns
from assay.report.support_contacts import support
from assay.report.table_descriptions import disclosure_note, licence, source, units
from assay.sdc import Column, Released, Table, declared_tables
from assay.sdc.cell_status import STATUS_COLUMN, CellStatus, cell_status_in

CONFIDENTIAL, NOT_AVAILABLE, NOT_APPLICABLE = "[c]", "[x]", "[z]"
SHORTHAND = (
    (CONFIDENTIAL, "Confidential: a small count, or a figure that would give one away. It is not zero."),
    (NOT_AVAILABLE, "Not available: nothing is known, or it could not be asked. It is not zero."),
    (NOT_APPLICABLE, "Not applicable: there is nothing to say here."),
)
MAX_UNIT_LENGTH = 34
Cell = str | int | float


class SheetRows(Protocol):
    """The rows of a sheet: they can be counted, and read more than once."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the cells of each row."""


@dataclass(frozen=True)
class TableRows:
    """The rows of a released table, converted to cells each time they are read, so that they are never all in memory.

    `form` declares the table with its columns of names; `names` holds the name of each place by its code.
    """

    released: Released
    form: Table
    names: Mapping[str, str]

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.released.tables[self.form.name].num_rows)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the cells of each row."""
        declared, table = declared_tables()[self.form.name], self.released.tables[self.form.name]
        names = [column.name for column in self.form.columns]
        for columns in named_batches(declared, table, self.names):
            statuses = columns[names.index(STATUS_COLUMN)] if STATUS_COLUMN in names else [""] * len(columns[0])
            cells = map(_cells, self.form.columns, columns, repeat(statuses))
            yield from zip(*cells, strict=True)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its tab, its title (A1), the lines under it, and its table (headings, kinds of column, rows).

    `kinds` are "text", "number" or "share"; `links`: the tab that the first cell of each row leads to.
    """

    tab: str
    title: str
    lines: tuple[str, ...]
    heads: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: SheetRows
    links: tuple[str, ...] = ()


def sheets(released: Released, title: str) -> list[Sheet]:
    """Return the cover, contents, notes and columns, then every released table with rows, in the declared order.

    Names of places stand beside their codes.
    """
    names = place_names(released)
    declared = [declared_tables()[name] for name, table in released.tables.items() if table.num_rows]
    forms = [with_name_columns(form) for form in declared]
    return [
        _cover_sheet(released, title),
        _contents_sheet(released, forms),
        _notes_sheet(released),
        _columns_sheet(forms),
        *(_table_sheet(released.edition, form, TableRows(released, form, names)) for form in forms),
    ]


def _cover_sheet(released: Released, title: str) -> Sheet:
    rows = (
        ("Edition", released.edition),
        ("Rule of release", f"{released.policy.name}: {released.policy.reason}"),
        ("About this file", support().note),
        (
            "Where to begin",
            "Contents names every table, its units and licence; Notes explains signs; Columns explains every column.",
        ),
        ("Whom you can turn to", "; ".join(f"{contact.name}: {contact.reach}" for contact in support().contacts)),
        ("Source", source(released)),
        ("Licence", licence(released)),
        ("Seal", released.ledger_head or NOT_APPLICABLE),
    )
    return _text_sheet("Cover", title, ("What", "In words"), rows)


def _text_sheet(tab: str, title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Sheet:
    return Sheet(tab, title, ("This worksheet contains one table.",), heads, ("text",) * len(heads), tuple(rows))


def _contents_sheet(released: Released, forms: Sequence[Table]) -> Sheet:
    heads = ("Worksheet", "Title", "One row is", "Units", "Notes", "Licence")
    signs = (("Notes", "What the signs mean", "one sign or note"), ("Columns", "What every column holds", "one column"))
    rows = [(*sign, *(NOT_APPLICABLE,) * 3) for sign in signs]
    rows += [
        (form.name, form.title, form.row, units(form) or NOT_APPLICABLE, disclosure_note(form, released),
         licence(released))
        for form in forms
    ]  # fmt: skip
    return replace(_text_sheet("Contents", "Contents", heads, rows), links=tuple(row[0] for row in rows))


def _notes_sheet(released: Released) -> Sheet:
    policy = released.policy
    rows = [*SHORTHAND, ("[note 1]", f"Suppression: {policy.suppression}. Rounding: {policy.rounding}.")]
    rows += [("[note 2]", "Text cells are text: none is run as a formula. A share is a number from 0 to 1.")]
    return _text_sheet("Notes", "Notes", ("Sign or note", "Meaning"), rows)


def _columns_sheet(forms: Sequence[Table]) -> Sheet:
    rows = [
        (form.name, head, column.name, column.unit or NOT_APPLICABLE, column.meaning)
        for form in forms
        for column, head in zip(form.columns, column_heads(form), strict=True)
    ]
    return _text_sheet("Columns", "What every column holds", ("Worksheet", "Head", "Name", "Unit", "Meaning"), rows)


def column_heads(form: Table) -> tuple[str, ...]:
    """Return the column headings of a table, with short units; no two headings are the same."""
    return tuple(_head(column) for column in form.columns)


def _head(column: Column) -> str:
    name = column.name.replace("_", " ").capitalize()
    return f"{name} ({column.unit})" if 0 < len(column.unit) <= MAX_UNIT_LENGTH else name


def _table_sheet(edition: str, form: Table, rows: TableRows) -> Sheet:
    lines = (
        "This worksheet contains one table. Signs in brackets are explained in the worksheet Notes [note 1].",
        f"One row is {form.row}. Source: this report, edition {edition}.",
    )
    kinds = tuple("text" if c.is_text or c.kind == "flag" else "share" if c.kind == "share" else "number"
                  for c in form.columns)  # fmt: skip
    return Sheet(form.name, form.title, lines, column_heads(form), kinds, rows)


def _cells(column: Column, values: Sequence[Any], statuses: Sequence[str]) -> Sequence[Cell]:
    """Return the values of a column as cells, given the status text of each row."""
    if column.is_text:
        return [value or NOT_APPLICABLE for value in values]
    if column.kind == "flag":
        values = [value if value is None else "yes" if value else "no" for value in values]
    if None not in values:
        return values
    return [
        _missing_cell(column, status) if value is None else value
        for value, status in zip(values, statuses, strict=True)
    ]


def _missing_cell(column: Column, status: str) -> Cell:
    is_suppressed = cell_status_in(status, column.name) in (CellStatus.PRIMARY, CellStatus.SECONDARY)
    return CONFIDENTIAL if is_suppressed else NOT_AVAILABLE
