"""What does a released row say of a count that is not shown, and of one that is?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from assay.sdc.suppression_policy import Policy

KEPT_BACK = "kept-back:"
"""Stands before the name of a column, in `hidden`, that is empty only so that another cannot be worked out."""
WENT_THROUGH = b"went through disclosure under"
"""Stands in the schema of a table that was made here, with the hash of the policy; no file has it."""
Row = dict[str, Any]


def went_through(table: pa.Table, policy: Policy) -> bool:
    """Whether it came from disclosure, under this policy: then what never leaves was looked at, and is gone."""
    return (table.schema.metadata or {}).get(WENT_THROUGH) == policy.sha256.encode()


def note(row: Row, word: str) -> None:
    """Write a word into the row's `hidden`, once."""
    words = (row.get("hidden") or "").split()
    row["hidden"] = " ".join([*words, word] if word not in words else words)


def is_hidden(row: Mapping[str, Any], column: str) -> bool:
    """Whether the column is empty because it holds few (or, of a share, rests on few)."""
    return _is_noted(row, column)


def is_kept_back(row: Mapping[str, Any], column: str) -> bool:
    """Whether the column is empty so that another cannot be worked out."""
    return _is_noted(row, KEPT_BACK + column)


def _is_noted(row: Mapping[str, Any], word: str) -> bool:
    words: str = row.get("hidden") or ""
    return word in words and word in words.split()  # to look for the letters first is much quicker than to split


def stands_empty(row: Mapping[str, Any], column: str) -> bool:
    """Whether there is such a count, and it is not shown."""
    return is_hidden(row, column) or is_kept_back(row, column)


def empty_it(row: Row, column: str) -> None:
    """Keep a count back."""
    row[column] = None
    row["hidden"] = " ".join(word for word in (row.get("hidden") or "").split() if word != column)
    note(row, KEPT_BACK + column)
