"""Do the ways of working and the posts of a return make sense?

Rules R63 to R66 of the return contract. What is unlikely is kept and counted: more posts may be filled than are funded.
"""

from __future__ import annotations

from assay.ingest.staging_store import Desk

OVERFULL = "posts_filled > posts_funded or posts_trained > posts_filled"
UNNAMED = (("approach_named", "approach_kind = 'other'"), ("area", "covers = 'part_of_force'"))
"""R66: a column, and the rows that need it."""
NEVER = "date '9999-12-31'"
OVERLAPPING = f"""
select one.line from approaches as one join approaches as other on one.line <> other.line
and one.approach_kind = other.approach_kind
and coalesce(lower(one.approach_named), '') = coalesce(lower(other.approach_named), '')
and one.covers = other.covers and coalesce(one.area, '') = coalesce(other.area, '')
where one.began_on < coalesce(other.ended_on, {NEVER}) and other.began_on < coalesce(one.ended_on, {NEVER})
and not (one.covers = 'part_of_force' and one.area is null)
group by one.line
"""
"""R65; in use in a part that is not named, it cannot be told whether two spells are of one area."""


def check(desk: Desk) -> None:
    """Apply R63 to R66."""
    if desk.supplied("capacity"):
        desk.set_aside("R63", "capacity", "month_start", "select line from capacity where day(month_start) <> 1")
        desk.fault("R64", "capacity", "posts_filled", f"select line from capacity where {OVERFULL}")
    if desk.supplied("approaches"):
        desk.fault("R65", "approaches", "began_on", OVERLAPPING)
        for column, needed in UNNAMED:
            desk.fault("R66", "approaches", column, f"select line from approaches where {column} is null and {needed}")
