"""Check that each set of list overlaps is complete and on one counting basis (rule R54).

An inconsistent set (one `overlap_ref`) cannot be used in part, so every row of it is set aside.
"""

from __future__ import annotations

from assay.ingest.staging_store import StagingStore

LIST_COLUMNS = (
    "on_police_crimes", "on_police_missing", "on_police_register", "on_local_authority", "on_health",
    "on_referral_mechanism", "on_voluntary", "on_other",
)  # fmt: skip
SET_CONSTANT_COLUMNS = ("definition", "data_from", "data_to", "linkage_method")


def check(store: StagingStore) -> None:
    """Check that each set of list overlaps is complete and on one counting basis (rule R54)."""
    is_on_no_list = " and ".join(f"not coalesce({column}, false)" for column in LIST_COLUMNS)
    uneven = [f"count({column}) not in (0, count(*))" for column in LIST_COLUMNS]
    differing = [f"count(distinct {column}) > 1" for column in SET_CONSTANT_COLUMNS]
    broken = " or ".join([f"bool_or({is_on_no_list})", "bool_or(children < 0)", *uneven, *differing])
    store.set_rows_aside(
        "R54", "overlap_counts", "overlap_ref",
        "select line from overlap_counts where overlap_ref in "
        f"(select overlap_ref from overlap_counts group by overlap_ref having {broken})",
    )  # fmt: skip
