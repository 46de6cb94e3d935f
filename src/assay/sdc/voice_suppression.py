"""Did enough people answer for what they said to be shown?

Below the number that the policy names, a page says that people were asked, and not what they said: whoever knows the
few could tell who said what. It is decided on exact counts, before anything is rounded, and kept in `too_few`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.sdc.cell_status import is_kept_back
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy

Row = dict[str, Any]
FLAG = "too_few"


def keep_quiet(rows: dict[str, list[Row]], forms: Mapping[str, Table], policy: Policy) -> None:
    """Take out of `rows` what too few people said, and mark their asking.

    A table that has `enough` leaves nothing where the table that it names did not come, or has no such row.
    """
    for name, form in forms.items():
        if not form.enough:
            continue
        if "." not in form.enough:
            _quieten(rows[name], form, policy)
            continue
        home, _, column = form.enough.partition(".")
        key = forms[home].key if home in forms else ()
        loud = set()
        for row in rows.get(home, ()):
            told = policy.fewest_heard if is_kept_back(row, column) else row[column] or 0
            row[FLAG] = bool(row.get(FLAG)) or told < policy.fewest_heard
            if not row[FLAG]:
                loud.add(tuple(row[one] for one in key))
        rows[name] = [row for row in rows[name] if key and tuple(row[one] for one in key) in loud]


def _quieten(rows: list[Row], form: Table, policy: Policy) -> None:
    """Of a table that counts its own: what too few say gives way, and how many they are is said of all together."""
    for row in rows:
        told = row[form.enough]
        row[FLAG] = bool(row.get(FLAG)) or (told is not None and told < policy.fewest_heard)
        if row[FLAG]:
            row.update(form.quiet)
        if any(row[name] != value for name, value in form.together_only.items()):
            row[form.enough] = None
