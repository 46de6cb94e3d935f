"""What does a released row say of a count that is not shown, and of one that is?"""

from __future__ import annotations

from typing import Any

from assay.disclosure.policy import Policy
from assay.disclosure.sums import MORE_THAN, NO_LIMIT, Range, shown_range

KEPT_BACK = "kept-back:"
"""Stands before the name of a column, in `hidden`, that is empty only so that another cannot be worked out."""
Row = dict[str, Any]


def note(row: Row, word: str) -> None:
    """Write a word into the row's `hidden`, once."""
    words = (row.get("hidden") or "").split()
    row["hidden"] = " ".join([*words, word] if word not in words else words)


def is_hidden(row: Row, column: str) -> bool:
    """Whether the column is empty because it holds few (or, of a share, rests on few)."""
    return column in (row.get("hidden") or "").split()


def is_kept_back(row: Row, column: str) -> bool:
    """Whether the column is empty so that another cannot be worked out."""
    return KEPT_BACK + column in (row.get("hidden") or "").split()


def stands_empty(row: Row, column: str) -> bool:
    """Whether there is such a count, and it is not shown."""
    return is_hidden(row, column) or is_kept_back(row, column)


def empty_it(row: Row, column: str) -> None:
    """Keep a count back."""
    row[column] = None
    row["hidden"] = " ".join(word for word in (row.get("hidden") or "").split() if word != column)
    note(row, KEPT_BACK + column)


def own_range(row: Row, column: str, policy: Policy) -> Range:
    """What a released row says of one of its counts by itself."""
    if column.startswith(MORE_THAN):
        return 0, NO_LIMIT
    if is_hidden(row, column):
        return 1, policy.hide_up_to
    if is_kept_back(row, column):
        return 1, NO_LIMIT
    # Empty and not hidden: it was not asked here, and counts for nothing in any total.
    return (0, 0) if row.get(column) is None else shown_range(row[column], policy)
