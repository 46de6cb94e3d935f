"""Age of each force's latest problem profile, the months of data behind it, and its counts.

Its counts are compared with the lowest and highest count of the records of the same days under any definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.engine.expressions import ExpressionEngine
from assay.facts.problem_profiles import CLAIM_UNITS

if TYPE_CHECKING:
    import ibis

MONTH_DAYS = 365.25 / 12
TO_PER_CENT = 5
"""Differences are rounded away from zero to this many per cent, so that they reveal no count."""
TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
FORM = pa.schema(
    [("place_code", TEXT), ("age_days", WHOLE), ("months_of_data", NUMBER)]
    + [(f"{noun}_{end}", WHOLE) for noun in CLAIM_UNITS for end in ("claimed", "lowest", "highest")]
    + [(f"{noun}_outside", NUMBER) for noun in CLAIM_UNITS]
    + [("suppressed_cells", TEXT)]
)


def problem_profile_checks(facts: Mapping[str, ibis.Table], engine: ExpressionEngine) -> pa.Table:
    """Return the table `problem_profile_checks` (schema `FORM`): the latest profile of each territorial force."""
    rows = facts["force"]
    rows = rows.filter((rows.body_kind == "territorial") & ~rows.profile_published_on.isnull())
    found = sorted(engine.run(rows).to_pylist(), key=lambda row: row["force_code"])
    return pa.Table.from_pylist([_row(row) for row in found], FORM)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    days = row["profile_window_days"]
    counts = {
        f"{noun}_{end}": row[f"profile_{noun}_{end}"]
        for noun in CLAIM_UNITS
        for end in ("claimed", "lowest", "highest")
    }
    return {
        "place_code": row["force_code"],
        "age_days": row["profile_age_days"],
        "months_of_data": None if days is None else round(days / MONTH_DAYS, 1),
        **counts,
        **{f"{noun}_outside": _outside(*(counts[f"{noun}_{end}"] for end in ("claimed", "lowest", "highest")))
           for noun in CLAIM_UNITS},
        "suppressed_cells": "",
    }  # fmt: skip


def _outside(claimed: int | None, low: int | None, high: int | None) -> float | None:
    """Return the percentage by which the claimed count lies above (positive) or below (negative) the range of the
    records."""
    if claimed is None or low is None or high is None:
        return None
    if low <= claimed <= high:
        return 0.0
    bound = high if claimed > high else low
    if not bound:
        return None
    steps = -(-100 * abs(claimed - bound) // (TO_PER_CENT * bound))  # in whole numbers, upwards
    return float(TO_PER_CENT * steps if claimed > bound else -TO_PER_CENT * steps)
