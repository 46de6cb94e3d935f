"""Check the workforce tables: posts in each team, and the force's ways of working (rules R63 to R66).

Unlikely values stay and are counted: more posts may be filled than are funded.
"""

from __future__ import annotations

from assay.ingest.staging_store import StagingStore

OVERFULL_SQL = "posts_filled > posts_funded or posts_trained > posts_filled"
REQUIRED_NAMES = (("approach_named", "approach_kind = 'other'"), ("area", "covers = 'part_of_force'"))
"""R66: a column, and the rows that need it."""
NO_END_SQL = "date '9999-12-31'"
OVERLAPPING_APPROACHES_SQL = f"""
select one.line from approaches as one join approaches as other on one.line <> other.line
and one.approach_kind = other.approach_kind
and coalesce(lower(one.approach_named), '') = coalesce(lower(other.approach_named), '')
and one.covers = other.covers and coalesce(one.area, '') = coalesce(other.area, '')
where one.began_on < coalesce(other.ended_on, {NO_END_SQL}) and other.began_on < coalesce(one.ended_on, {NO_END_SQL})
and not (one.covers = 'part_of_force' and one.area is null)
group by one.line
"""
"""R65; without a named area, two spells cannot be compared."""


def check(store: StagingStore) -> None:
    """Apply the workforce rules R63 to R66."""
    if store.is_supplied("capacity"):
        store.set_rows_aside("R63", "capacity", "month_start", "select line from capacity where day(month_start) <> 1")
        store.record_errors("R64", "capacity", "posts_filled", f"select line from capacity where {OVERFULL_SQL}")
    if store.is_supplied("approaches"):
        store.record_errors("R65", "approaches", "began_on", OVERLAPPING_APPROACHES_SQL)
        for column, condition in REQUIRED_NAMES:
            store.record_errors(
                "R66", "approaches", column, f"select line from approaches where {column} is null and {condition}"
            )
