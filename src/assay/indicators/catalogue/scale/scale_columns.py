"""Columns of the data return that only the tables on the scale of exploitation need, and no indicator."""

from __future__ import annotations

from collections.abc import Mapping

READ: Mapping[str, tuple[str, ...]] = {
    "crimes": ("scope_reason", "recorded_at"),
    "involvements": ("sex", "suspect_known_as"),
    "flags": ("flag", "added_at", "removed_at", "removed_by_role", "removed_reason"),
    "missing": ("person_ref", "started_at"),
    "referrals": ("direction", "person_ref", "made_at"),
    "profiles": ("claimed_groups", "published_on"),
    "claims": ("about_kind", "claimed_value", "claimed_status", "data_from", "data_to", "said_on"),
    "agencies": ("list_kind", "started_on"),
}
"""Columns by table; the data request lists them, and columns that nothing needs are not kept."""
