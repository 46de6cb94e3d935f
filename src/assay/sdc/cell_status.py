"""Status of a released cell: shown, primary suppressed or secondary suppressed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from assay.sdc.suppression_policy import Policy

SECONDARY_SUPPRESSED_PREFIX = "kept-back:"
"""Prefix of a secondary suppressed column in the status column `hidden`; a primary suppressed column has no prefix."""
PROTECTED_METADATA_KEY = b"went through disclosure under"
"""Schema metadata key of a table to which disclosure control was applied, with the hash of the policy. It exists in
memory only and is never written to a file."""
Row = dict[str, Any]


def is_protected(table: pa.Table, policy: Policy) -> bool:
    """Return True if disclosure control under this policy produced the table."""
    return (table.schema.metadata or {}).get(PROTECTED_METADATA_KEY) == policy.sha256.encode()


def add_status(row: Row, status: str) -> None:
    """Add a status to the column `hidden` of a row, once."""
    statuses = (row.get("hidden") or "").split()
    row["hidden"] = " ".join([*statuses, status] if status not in statuses else statuses)


def is_primary_suppressed(row: Mapping[str, Any], column: str) -> bool:
    """Return True if the cell is primary suppressed: its count, or the base of its share, is too small."""
    return _has_status(row, column)


def is_secondary_suppressed(row: Mapping[str, Any], column: str) -> bool:
    """Return True if the cell is secondary suppressed: its value would allow another cell to be derived."""
    return _has_status(row, SECONDARY_SUPPRESSED_PREFIX + column)


def _has_status(row: Mapping[str, Any], status: str) -> bool:
    statuses: str = row.get("hidden") or ""
    # The substring test is much faster than `split`, and False for most cells.
    return status in statuses and status in statuses.split()


def is_suppressed(row: Mapping[str, Any], column: str) -> bool:
    """Return True if the cell has a count that is suppressed, primary or secondary."""
    return is_primary_suppressed(row, column) or is_secondary_suppressed(row, column)


def suppress_cell(row: Row, column: str) -> None:
    """Suppress a cell (secondary suppression); this replaces a primary suppression."""
    row[column] = None
    row["hidden"] = " ".join(status for status in (row.get("hidden") or "").split() if status != column)
    add_status(row, SECONDARY_SUPPRESSED_PREFIX + column)
