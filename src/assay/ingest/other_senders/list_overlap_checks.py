"""Does a table of overlaps hold together, and is it whole? Rule V24.

A part of it would count wrongly: whoever stands on a list that was set aside would be seen as on fewer. So a fault in
one row sets the whole table aside, and the fault is told by its own rule beside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.ingest.other_senders.other_table_reader import Desk

OF_A_SET = ("overlaps", "overlap_lists", "overlap_patterns")
ON = "overlap_on"


def check(desk: Desk) -> None:
    """Set aside every row of a table of overlaps that does not hold together."""
    broken = set(_broken(desk)) | _not_whole(desk)
    patterns = {row["pattern_ref"] for row in desk.rows.get("overlap_patterns", ()) if row["overlap_ref"] in broken}
    lost = {row["file_line"] for row in desk.rows.get(ON, ()) if row["pattern_ref"] in patterns}
    desk.set_aside("V24", ON, "pattern_ref", lost)
    for name in OF_A_SET:
        lines = {row["file_line"] for row in desk.rows.get(name, ()) if row["overlap_ref"] in broken}
        desk.set_aside("V24", name, "overlap_ref", lines)


def _broken(desk: Desk) -> Iterator[object]:
    """The references of tables that contradict themselves."""
    home: dict[object, object] = {row["list_ref"]: row["overlap_ref"] for row in desk.rows.get("overlap_lists", ())}
    on: dict[object, set[object]] = defaultdict(set)
    for row in desk.rows.get(ON, ()):
        on[row["pattern_ref"]].add(row["list_ref"])
    for one in desk.rows.get("overlaps", ()):
        ref = one["overlap_ref"]
        mine = [row for row in desk.rows.get("overlap_patterns", ()) if row["overlap_ref"] == ref]
        patterns = [frozenset(on[row["pattern_ref"]]) for row in mine]
        strange = any(not lists or any(home.get(key) != ref for key in lists) for lists in patterns)
        too_few = sum(owner == ref for owner in home.values()) < 2
        if strange or too_few or len(set(patterns)) < len(patterns) or _backwards(one["data_from"], one["data_to"]):
            yield ref


def _backwards(first: object, after: object) -> bool:
    return str(after) <= str(first)


def _not_whole(desk: Desk) -> set[object]:
    """All tables of a sender of which any row was set aside: which of them it was part of may no longer be known."""
    if any(desk.aside.get(name) for name in (*OF_A_SET, ON)):
        return {row["overlap_ref"] for row in desk.rows.get("overlaps", ())}
    return set()
