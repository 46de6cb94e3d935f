"""Status of a released cell: shown, primary suppressed, secondary suppressed, or suppressed by a dominance rule.

A table stores the suppressed cells of a row as one text, in the column `suppressed_cells`. Only this module reads and
writes that text; all others ask it for a `CellStatus`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

import pyarrow as pa

from assay.sdc.suppression_policy import Policy

STATUS_COLUMN = "suppressed_cells"
"""The column of a table that lists the suppressed cells of each row."""
FORMER_STATUS_COLUMN = "hidden"
"""The name of that column in releases of earlier versions."""
SECONDARY_SUPPRESSED_PREFIX = "secondary:"
"""Prefix of a secondary suppressed column in the status column; a primary suppressed column has no prefix."""
FORMER_SECONDARY_PREFIX = "kept-back:"
"""The same prefix in releases of earlier versions."""
DOMINATED_PREFIX = "dominated:"
"""Prefix of a column in the status column whose total is suppressed by a dominance rule."""
FEW_STAFF = "few-staff"
"""Entry in the status column of a row whose figures on conduct are suppressed."""
PROTECTED_METADATA_KEY = b"went through disclosure under"
"""Schema metadata key of a table to which disclosure control was applied, with the hash of the policy. It exists in
memory only and is never written to a file."""
Row = dict[str, Any]


class CellStatus(Enum):
    """The status of a cell: shown, or suppressed by disclosure control for the reason that is its value."""

    SHOWN = "not suppressed"
    PRIMARY = "its count, or the base of its share, is too small"
    SECONDARY = "its value would allow another cell to be derived"
    DOMINATED = "one or two contributors make nearly all of it, or its contributors are not known"


PREFIXES = {
    CellStatus.PRIMARY: "",
    CellStatus.SECONDARY: SECONDARY_SUPPRESSED_PREFIX,
    CellStatus.DOMINATED: DOMINATED_PREFIX,
}


@dataclass(frozen=True)
class SuppressedCells:
    """The suppressed cells of one row, as parsed from the status column.

    Parameters
    ----------
    primary, secondary, dominated
        Names of the columns that are suppressed, by the kind of suppression.
    few_staff
        True if the figures on conduct are suppressed because too few staff are known.
    """

    primary: frozenset[str]
    secondary: frozenset[str]
    dominated: frozenset[str]
    few_staff: bool

    def status(self, column: str) -> CellStatus:
        """Return the status of the cell in a column; primary suppression takes precedence."""
        if column in self.primary:
            return CellStatus.PRIMARY
        if column in self.secondary:
            return CellStatus.SECONDARY
        return CellStatus.DOMINATED if column in self.dominated else CellStatus.SHOWN


def suppressed_cells(row: Mapping[str, Any]) -> SuppressedCells:
    """Return the suppressed cells of a row."""
    return _parse(row.get(STATUS_COLUMN) or "")


@lru_cache(maxsize=1 << 16)
def _parse(text: str) -> SuppressedCells:
    """Parse the text of a row; each text is parsed once, because all columns of the row are asked for."""
    entries = [entry for entry in text.split() if entry != FEW_STAFF]

    def columns(prefix: str) -> frozenset[str]:
        return frozenset(entry.removeprefix(prefix) for entry in entries if entry.startswith(prefix))

    return SuppressedCells(
        frozenset(entry for entry in entries if ":" not in entry),
        columns(SECONDARY_SUPPRESSED_PREFIX),
        columns(DOMINATED_PREFIX),
        FEW_STAFF in text.split(),
    )


def cell_status(row: Mapping[str, Any], column: str) -> CellStatus:
    """Return the status of a cell; an empty cell that disclosure control did not suppress counts as shown."""
    return suppressed_cells(row).status(column)


def cell_status_in(text: str | None, column: str) -> CellStatus:
    """Return the status of a cell, given the text of its row in the status column."""
    return _parse(text or "").status(column)


def has_few_staff(row: Mapping[str, Any]) -> bool:
    """Return True if the figures on conduct in the row are suppressed because too few staff are known."""
    return suppressed_cells(row).few_staff


def is_primary_suppressed(row: Mapping[str, Any], column: str) -> bool:
    """Return True if the cell is primary suppressed."""
    return column in suppressed_cells(row).primary


def is_secondary_suppressed(row: Mapping[str, Any], column: str) -> bool:
    """Return True if the cell is secondary suppressed."""
    return column in suppressed_cells(row).secondary


def is_suppressed(row: Mapping[str, Any], column: str) -> bool:
    """Return True if the cell has a count that is suppressed, primary or secondary."""
    return cell_status(row, column) in (CellStatus.PRIMARY, CellStatus.SECONDARY)


def has_suppressed_cell(row: Mapping[str, Any]) -> bool:
    """Return True if any cell of the row is suppressed, for whatever reason."""
    return bool(row.get(STATUS_COLUMN))


def is_protected(table: pa.Table, policy: Policy) -> bool:
    """Return True if disclosure control under this policy produced the table."""
    return (table.schema.metadata or {}).get(PROTECTED_METADATA_KEY) == policy.sha256.encode()


def primary_status_text(columns: Iterable[str]) -> str:
    """Return the text of the status column of a row in which these columns are primary suppressed."""
    return " ".join(columns)


def longest_status_text(columns: Iterable[str]) -> str:
    """Return a text of the status column that is as long as one can be: every column secondary suppressed."""
    return " ".join(SECONDARY_SUPPRESSED_PREFIX + column for column in columns)


def add_status(row: Row, column: str, status: CellStatus = CellStatus.PRIMARY) -> None:
    """Add the status of a cell to the status column of its row, once."""
    _add_entry(row, PREFIXES[status] + column)


def add_few_staff(row: Row) -> None:
    """Write into the status column that the figures on conduct of the row are suppressed."""
    _add_entry(row, FEW_STAFF)


def _add_entry(row: Row, entry: str) -> None:
    entries = (row.get(STATUS_COLUMN) or "").split()
    row[STATUS_COLUMN] = " ".join([*entries, entry] if entry not in entries else entries)


def suppress_cell(row: Row, column: str) -> None:
    """Suppress a cell by secondary suppression; its status is then no longer primary."""
    row[column] = None
    row[STATUS_COLUMN] = " ".join(entry for entry in (row.get(STATUS_COLUMN) or "").split() if entry != column)
    add_status(row, column, CellStatus.SECONDARY)


def status_with_current_names(text: str | None, names: Mapping[str, str]) -> str | None:
    """Return the statuses of a row of an earlier release as this version writes them.

    `names` maps former names of columns to the present ones.
    """
    if text is None:
        return None
    statuses = text.replace(FORMER_SECONDARY_PREFIX, SECONDARY_SUPPRESSED_PREFIX).split()
    parts = [status.rpartition(":") for status in statuses]
    return " ".join(f"{prefix}{colon}{names.get(column, column)}" for prefix, colon, column in parts)
