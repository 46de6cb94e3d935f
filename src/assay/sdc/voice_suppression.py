"""Suppress what people said if too few of them answered.

Below the number that the policy names, a page says that people were asked, and not what they said: whoever knows the
few could tell who said what. It is decided on exact counts, before anything is rounded, and kept in `too_few`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.sdc.cell_status import is_secondary_suppressed
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy

Row = dict[str, Any]
TOO_FEW_COLUMN = "too_few"


def suppress_few_respondents(rows: dict[str, list[Row]], forms: Mapping[str, Table], policy: Policy) -> None:
    """Remove, in place, what too few people said, and mark these rows in `too_few`.

    A table that has `enough` leaves nothing where the table that it names did not come, or has no such row.
    """
    for name, form in forms.items():
        if not form.respondents_column:
            continue
        if "." not in form.respondents_column:
            _suppress_own_answers(rows[name], form, policy)
            continue
        source, _, column = form.respondents_column.partition(".")
        key = forms[source].key if source in forms else ()
        sufficient_keys = set()
        for row in rows.get(source, ()):
            respondents = policy.fewest_heard if is_secondary_suppressed(row, column) else row[column] or 0
            row[TOO_FEW_COLUMN] = bool(row.get(TOO_FEW_COLUMN)) or respondents < policy.fewest_heard
            if not row[TOO_FEW_COLUMN]:
                sufficient_keys.add(tuple(row[part] for part in key))
        rows[name] = [row for row in rows[name] if key and tuple(row[part] for part in key) in sufficient_keys]


def _suppress_own_answers(rows: list[Row], form: Table, policy: Policy) -> None:
    """Of a table that counts its own: what too few say gives way, and how many they are is said of all together."""
    for row in rows:
        respondents = row[form.respondents_column]
        row[TOO_FEW_COLUMN] = bool(row.get(TOO_FEW_COLUMN)) or (
            respondents is not None and respondents < policy.fewest_heard
        )
        if row[TOO_FEW_COLUMN]:
            row.update(form.suppressed_values)
        if any(row[name] != value for name, value in form.total_only.items()):
            row[form.respondents_column] = None
