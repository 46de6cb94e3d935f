"""Rows of the tables that a mapping adds to the published statistics.

Written by `scripts/row_types.py` from `tables.toml`; change the declaration, not this file.
"""

from typing import TypedDict

PublishedTablesRow = TypedDict("PublishedTablesRow", {
    "key": str,
    "publisher": str,
    "title": str,
    "address": str | None,
    "every_months": int,
    "smallest_area": str,
    "counts": str,
    "does_not_count": str,
    "questions": str | None,
    "read_by": str,
    "used": str,
    "newest_edition": str | None,
    "newest_to": str | None,
    "next_due": str | None,
    "checked_on": str | None,
    "evidence": str,
    "source": str,
})  # fmt: skip
"""A row of `published_tables`: one published table."""

AddedTablesRow = TypedDict("AddedTablesRow", {
    "source": str,
    "title": str,
    "publisher": str,
    "address": str,
    "edition": str,
    "licence": str,
    "retrieved_on": str,
    "counts": str,
    "does_not_count": str,
    "questions": str | None,
    "file": str,
    "sha256": str,
})  # fmt: skip
"""A row of `added_tables`: one added table."""

AddedMeasuresRow = TypedDict("AddedMeasuresRow", {
    "source": str,
    "measure": str,
    "title": str,
    "unit": str,
})  # fmt: skip
"""A row of `added_measures`: one measure of one added table."""

AddedValuesRow = TypedDict("AddedValuesRow", {
    "source": str,
    "edition": str,
    "area_code": str,
    "period": str,
    "measure": str,
    "breakdown": str,
    "value": float | None,
    "marker": str | None,
    "grade": str | None,
    "area_name": str,
    "area_level": str,
    "force_code": str | None,
})  # fmt: skip
"""A row of `added_values`: one area, one period, one measure and one breakdown of an added table."""

AddedMarkersRow = TypedDict("AddedMarkersRow", {
    "source": str,
    "marker": str,
    "meaning": str,
})  # fmt: skip
"""A row of `added_markers`: one marker of one added table."""
