"""Status of a released cell: shown, primary suppressed, secondary suppressed, or suppressed by a dominance rule.

Tables store the statuses of a row in one text column, `hidden`. Only this module reads and writes that text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

import pyarrow as pa

from assay.sdc.suppression_policy import Policy

SECONDARY_SUPPRESSED_PREFIX = "secondary:"
"""Prefix of a secondary suppressed column in the status column `hidden`; a primary suppressed column has no prefix."""
FORMER_SECONDARY_PREFIX = "kept-back:"
"""The same prefix in releases of earlier versions."""
DOMINATED_PREFIX = "dominated:"
"""Prefix of a column in the status column `hidden` whose total is suppressed by a dominance rule."""
FEW_STAFF = "few-staff"
"""Status in the column `hidden` of a row whose figures on conduct are suppressed."""
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


def cell_status(row: Mapping[str, Any], column: str) -> CellStatus:
    """Return the status of a cell; an empty cell that disclosure control did not suppress counts as shown."""
    if is_primary_suppressed(row, column):
        return CellStatus.PRIMARY
    if is_secondary_suppressed(row, column):
        return CellStatus.SECONDARY
    return CellStatus.DOMINATED if _has_status(row, DOMINATED_PREFIX + column) else CellStatus.SHOWN


def has_few_staff(row: Mapping[str, Any]) -> bool:
    """Return True if the figures on conduct in the row are suppressed because too few staff are known."""
    return _has_status(row, FEW_STAFF)


def primary_status_text(columns: Iterable[str]) -> str:
    """Return the text of the status column of a row in which these columns are primary suppressed."""
    return " ".join(columns)


def is_protected(table: pa.Table, policy: Policy) -> bool:
    """Return True if disclosure control under this policy produced the table."""
    return (table.schema.metadata or {}).get(PROTECTED_METADATA_KEY) == policy.sha256.encode()


def add_status(row: Row, status: str) -> None:
    """Add a status to the column `hidden` of a row, once."""
    statuses = (row.get("hidden") or "").split()
    row["hidden"] = " ".join([*statuses, status] if status not in statuses else statuses)


def is_primary_suppressed(row: Mapping[str, Any], column: str) -> bool:
    """Return True if the cell is primary suppressed."""
    return _has_status(row, column)


def is_secondary_suppressed(row: Mapping[str, Any], column: str) -> bool:
    """Return True if the cell is secondary suppressed."""
    return _has_status(row, SECONDARY_SUPPRESSED_PREFIX + column)


def _has_status(row: Mapping[str, Any], status: str) -> bool:
    text: str | None = row.get("hidden")
    return bool(text) and status in _statuses(text)


@lru_cache(maxsize=1 << 16)
def _statuses(text: str) -> frozenset[str]:
    """Return the statuses of a row; each text is split once, because all columns of the row are asked for."""
    return frozenset(text.split())


def status_with_current_names(text: str | None, names: Mapping[str, str]) -> str | None:
    """Return the statuses of a row of an earlier release as this version writes them; `names` by the former column."""
    if text is None:
        return None
    statuses = text.replace(FORMER_SECONDARY_PREFIX, SECONDARY_SUPPRESSED_PREFIX).split()
    parts = [status.rpartition(":") for status in statuses]
    return " ".join(f"{prefix}{colon}{names.get(column, column)}" for prefix, colon, column in parts)


def is_suppressed(row: Mapping[str, Any], column: str) -> bool:
    """Return True if the cell has a count that is suppressed, primary or secondary."""
    return is_primary_suppressed(row, column) or is_secondary_suppressed(row, column)


def has_suppressed_cell(row: Mapping[str, Any]) -> bool:
    """Return True if any cell of the row is suppressed, for whatever reason."""
    return bool(row.get("hidden"))


def suppress_cell(row: Row, column: str) -> None:
    """Suppress a cell (secondary suppression); this replaces a primary suppression."""
    row[column] = None
    row["hidden"] = " ".join(status for status in (row.get("hidden") or "").split() if status != column)
    add_status(row, SECONDARY_SUPPRESSED_PREFIX + column)
