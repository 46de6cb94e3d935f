"""Decisions of a panel on proposed grades.

A panel confirms a proposal, or changes the grade with a reason. The proposal and all decisions are kept; the latest
decision applies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from assay.errors import UsageError
from assay.grading.grading_rules import NOT_ENOUGH, Rules

TEXT, DAY = pa.string(), pa.date32()
DECISIONS = pa.schema(
    [(name, TEXT) for name in ("place_code", "line", "proposed", "decided", "reason")] + [("decided_on", DAY)]
)
COLUMNS = ("decided", "decided_why", "decided_on", "decided_upon")
"""Columns that a decision adds to a row of `grades`; `decided_upon` is the proposal that the panel saw."""
MIN_REASON_LENGTH = 20
"""Minimum number of characters of a reason, so that 'agreed' is not enough to change a grade."""
Row = Mapping[str, Any]


def decision(
    grades: Iterable[Row], place: str, line: str, grade: str, reason: str, decision_date: date, rules: Rules
) -> Row:
    """Return the row of one decision; raise UsageError for an unknown theme or grade, or a change without a reason."""
    row = next(
        (grade_row for grade_row in grades if (grade_row["place_code"], grade_row["line"]) == (place, line)), None
    )
    if row is None:
        raise UsageError(f"Nothing is proposed for {line!r} there. Lines are listed by: assay grade show")
    names = (*rules.grade_names, NOT_ENOUGH)
    if grade not in names:
        raise UsageError(f"There is no grade {grade!r}. The grades are: {', '.join(names)}.")
    if grade != row["proposed"] and len(reason.strip()) < MIN_REASON_LENGTH:
        raise UsageError(
            f"Proposed is '{row['proposed']}'. A panel moves a grade only with a reason: say it with --reason."
        )
    decision_row = {"place_code": place, "line": line, "proposed": row["proposed"], "decided": grade}
    return decision_row | {"reason": reason.strip(), "decided_on": decision_date}


def with_decisions(grades: pa.Table, decisions: Sequence[Row]) -> pa.Table:
    """Return the table `grades` with the last decision on each row; null if there is none."""
    last_decisions = {(decision_row["place_code"], decision_row["line"]): decision_row for decision_row in decisions}
    rows = [row | _decision_columns(last_decisions.get((row["place_code"], row["line"]))) for row in grades.to_pylist()]
    schema = pa.schema([*grades.schema, *((name, TEXT) for name in COLUMNS)])
    return pa.Table.from_pylist(rows, schema)


def _decision_columns(decision_row: Row | None) -> dict[str, str | None]:
    if decision_row is None:
        return dict.fromkeys(COLUMNS)
    values = (
        decision_row["decided"],
        decision_row["reason"] or None,
        decision_row["decided_on"].isoformat(),
        decision_row["proposed"],
    )
    return dict(zip(COLUMNS, values, strict=True))
