"""What does a released row say of a count that is not shown, and of one that is?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEPT_BACK = "kept-back:"
"""Stands before the name of a column, in `hidden`, that is empty only so that another cannot be worked out."""
Row = dict[str, Any]


def note(row: Row, word: str) -> None:
    """Write a word into the row's `hidden`, once."""
    words = (row.get("hidden") or "").split()
    row["hidden"] = " ".join([*words, word] if word not in words else words)


def is_hidden(row: Mapping[str, Any], column: str) -> bool:
    """Whether the column is empty because it holds few (or, of a share, rests on few)."""
    return column in (row.get("hidden") or "").split()


def is_kept_back(row: Mapping[str, Any], column: str) -> bool:
    """Whether the column is empty so that another cannot be worked out."""
    return KEPT_BACK + column in (row.get("hidden") or "").split()


def stands_empty(row: Mapping[str, Any], column: str) -> bool:
    """Whether there is such a count, and it is not shown."""
    return is_hidden(row, column) or is_kept_back(row, column)


def empty_it(row: Row, column: str) -> None:
    """Keep a count back."""
    row[column] = None
    row["hidden"] = " ".join(word for word in (row.get("hidden") or "").split() if word != column)
    note(row, KEPT_BACK + column)
