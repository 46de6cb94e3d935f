"""How old is each force's latest problem profile, on how many months does it rest, and what does it count?

Its counts stand beside the fewest and the most that the records of the same days hold under any definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.engine.expressions import Expressions
from assay.facts.problem_profiles import COUNTED

if TYPE_CHECKING:
    import ibis

MONTH_DAYS = 365.25 / 12
TO_PER_CENT = 5
"""A difference is told in steps of so many per cent, away from zero, so that it tells no count."""
TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
FORM = pa.schema(
    [("place_code", TEXT), ("age_days", WHOLE), ("months_of_data", NUMBER)]
    + [(f"{what}_{end}", WHOLE) for what in COUNTED for end in ("claimed", "lowest", "highest")]
    + [(f"{what}_outside", NUMBER) for what in COUNTED]
    + [("hidden", TEXT)]
)


def profiles_seen(facts: Mapping[str, ibis.Table], engine: Expressions) -> pa.Table:
    """The table `profiles_seen`, with `FORM`: one row a territorial force that sent a profile, of its latest."""
    rows = facts["force"]
    rows = rows.filter((rows.body_kind == "territorial") & ~rows.profile_published_on.isnull())
    found = sorted(engine.run(rows).to_pylist(), key=lambda row: row["force_code"])
    return pa.Table.from_pylist([_row(row) for row in found], FORM)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    days = row["profile_window_days"]
    counts = {
        f"{what}_{end}": row[f"profile_{what}_{end}"] for what in COUNTED for end in ("claimed", "lowest", "highest")
    }
    return {
        "place_code": row["force_code"],
        "age_days": row["profile_age_days"],
        "months_of_data": None if days is None else round(days / MONTH_DAYS, 1),
        **counts,
        **{f"{what}_outside": _outside(*(counts[f"{what}_{end}"] for end in ("claimed", "lowest", "highest")))
           for what in COUNTED},
        "hidden": "",
    }  # fmt: skip


def _outside(claimed: int | None, low: int | None, high: int | None) -> float | None:
    """By how many in 100 the profile counts more than the most (above 0) or fewer than the fewest (below 0)."""
    if claimed is None or low is None or high is None:
        return None
    if low <= claimed <= high:
        return 0.0
    near = high if claimed > high else low
    if not near:
        return None
    steps = -(-100 * abs(claimed - near) // (TO_PER_CENT * near))  # in whole numbers, upwards
    return float(TO_PER_CENT * steps if claimed > near else -TO_PER_CENT * steps)
