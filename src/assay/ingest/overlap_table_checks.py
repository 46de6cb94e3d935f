"""Is a table of overlaps one whole set, counted in one way?

Rule R54 of the return contract: a set (one `overlap_ref`) that does not hold together is of no use in part, so every
row of it is set aside.
"""

from __future__ import annotations

from assay.ingest.staging_store import Desk

LISTS = (
    "on_police_crimes", "on_police_missing", "on_police_register", "on_local_authority", "on_health",
    "on_referral_mechanism", "on_voluntary", "on_other",
)  # fmt: skip
ONE_IN_A_SET = ("definition", "data_from", "data_to", "linkage_method")


def check(desk: Desk) -> None:
    """Apply R54."""
    nobody = " and ".join(f"not coalesce({column}, false)" for column in LISTS)
    uneven = [f"count({column}) not in (0, count(*))" for column in LISTS]
    differing = [f"count(distinct {column}) > 1" for column in ONE_IN_A_SET]
    broken = " or ".join([f"bool_or({nobody})", "bool_or(children < 0)", *uneven, *differing])
    desk.set_aside(
        "R54", "overlap_counts", "overlap_ref",
        "select line from overlap_counts where overlap_ref in "
        f"(select overlap_ref from overlap_counts group by overlap_ref having {broken})",
    )  # fmt: skip
