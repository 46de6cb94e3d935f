"""Suppress what people said if too few of them answered.

If fewer people answered than `fewest_heard` of the policy, a page says only that people were asked: a reader who knows
the few who answered could attribute what was said. The decision uses exact counts, before rounding, and is written to
the column `too_few`.
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
    """Remove, in place, what too few people said, and set `too_few` in these rows.

    A table whose `respondents_column` is in another table keeps only the rows for which that table has a row with
    enough respondents; it loses all rows if that table is missing.
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
    """Suppress answers in a table with its own number of respondents; the number itself is shown only in total rows."""
    for row in rows:
        respondents = row[form.respondents_column]
        row[TOO_FEW_COLUMN] = bool(row.get(TOO_FEW_COLUMN)) or (
            respondents is not None and respondents < policy.fewest_heard
        )
        if row[TOO_FEW_COLUMN]:
            row.update(form.suppressed_values)
        if any(row[name] != value for name, value in form.total_only.items()):
            row[form.respondents_column] = None
