"""What did a panel decide, beside what was proposed?

A panel confirms a proposal, or moves it with a reason. The proposal and every decision stay: a later decision takes the
place of an earlier and does not remove it.
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
"""What a decision adds to a row of `grades`; `decided_upon`: the proposal that the panel had before it."""
SHORTEST = 20
"""Letters that a reason has at least: 'agreed' moves nothing."""
Row = Mapping[str, Any]


def decision(grades: Iterable[Row], place: str, line: str, grade: str, reason: str, on: date, rules: Rules) -> Row:
    """One decision; UsageError for a line or grade that is not there, and for a grade moved without a reason."""
    row = next((one for one in grades if (one["place_code"], one["line"]) == (place, line)), None)
    if row is None:
        raise UsageError(f"Nothing is proposed for {line!r} there. Lines are listed by: assay grades")
    names = (*rules.names, NOT_ENOUGH)
    if grade not in names:
        raise UsageError(f"There is no grade {grade!r}. The grades are: {', '.join(names)}.")
    if grade != row["proposed"] and len(reason.strip()) < SHORTEST:
        raise UsageError(
            f"Proposed is '{row['proposed']}'. A panel moves a grade only with a reason: say it with --reason."
        )
    told = {"place_code": place, "line": line, "proposed": row["proposed"], "decided": grade}
    return told | {"reason": reason.strip(), "decided_on": on}


def with_decisions(grades: pa.Table, decisions: Sequence[Row]) -> pa.Table:
    """The table `grades` with the last decision on each row; empty where nothing was decided."""
    last = {(one["place_code"], one["line"]): one for one in decisions}
    rows = [row | _decided(last.get((row["place_code"], row["line"]))) for row in grades.to_pylist()]
    form = pa.schema([*grades.schema, *((name, TEXT) for name in COLUMNS)])
    return pa.Table.from_pylist(rows, form)


def _decided(one: Row | None) -> dict[str, str | None]:
    if one is None:
        return dict.fromkeys(COLUMNS)
    told = (one["decided"], one["reason"] or None, one["decided_on"].isoformat(), one["proposed"])
    return dict(zip(COLUMNS, told, strict=True))
