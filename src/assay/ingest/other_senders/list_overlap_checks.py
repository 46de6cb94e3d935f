"""Check that a table of list overlaps is consistent and complete (rule V24).

A partial table would count wrongly: a person on a list that was set aside would seem to be on fewer lists. So an error
in one row sets the whole table aside, and the error itself is reported under its own rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.ingest.other_senders.other_table_reader import StagingTables

OVERLAP_TABLES = ("overlaps", "overlap_lists", "overlap_patterns")
LIST_MEMBERSHIP_TABLE = "overlap_on"


def check(staging: StagingTables) -> None:
    """Set aside all rows of inconsistent or incomplete list-overlap tables (rule V24)."""
    broken = set(_contradictory_refs(staging)) | _incomplete_refs(staging)
    patterns = {row["pattern_ref"] for row in staging.rows.get("overlap_patterns", ()) if row["overlap_ref"] in broken}
    lost = {row["file_line"] for row in staging.rows.get(LIST_MEMBERSHIP_TABLE, ()) if row["pattern_ref"] in patterns}
    staging.set_aside("V24", LIST_MEMBERSHIP_TABLE, "pattern_ref", lost)
    for name in OVERLAP_TABLES:
        lines = {row["file_line"] for row in staging.rows.get(name, ()) if row["overlap_ref"] in broken}
        staging.set_aside("V24", name, "overlap_ref", lines)


def _contradictory_refs(staging: StagingTables) -> Iterator[object]:
    """Return the references of tables that contradict themselves."""
    overlap_by_list: dict[object, object] = {
        row["list_ref"]: row["overlap_ref"] for row in staging.rows.get("overlap_lists", ())
    }
    lists_by_pattern: dict[object, set[object]] = defaultdict(set)
    for row in staging.rows.get(LIST_MEMBERSHIP_TABLE, ()):
        lists_by_pattern[row["pattern_ref"]].add(row["list_ref"])
    for overlap in staging.rows.get("overlaps", ()):
        ref = overlap["overlap_ref"]
        pattern_rows = [row for row in staging.rows.get("overlap_patterns", ()) if row["overlap_ref"] == ref]
        patterns = [frozenset(lists_by_pattern[row["pattern_ref"]]) for row in pattern_rows]
        has_unknown_list = any(not lists or any(overlap_by_list.get(key) != ref for key in lists) for lists in patterns)
        has_too_few_lists = sum(owner == ref for owner in overlap_by_list.values()) < 2
        if (
            has_unknown_list
            or has_too_few_lists
            or len(set(patterns)) < len(patterns)
            or _is_backwards(overlap["data_from"], overlap["data_to"])
        ):
            yield ref


def _is_backwards(first: object, after: object) -> bool:
    return str(after) <= str(first)


def _incomplete_refs(staging: StagingTables) -> set[object]:
    """Return all tables of a sender with any row set aside: the row's own table may no longer be known."""
    if any(staging.set_aside_lines.get(name) for name in (*OVERLAP_TABLES, LIST_MEMBERSHIP_TABLE)):
        return {row["overlap_ref"] for row in staging.rows.get("overlaps", ())}
    return set()
