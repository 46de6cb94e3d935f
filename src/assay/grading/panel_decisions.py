"""Decisions of a panel on proposed grades.

A panel confirms a proposal, or changes the grade with a reason. The proposal and all decisions are kept; the latest
decision applies. Where the settings ask for two persons, a decision of one person awaits a second, who confirms it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Required, TypedDict

import pyarrow as pa

from assay.engine.row_schemas import arrow_schema
from assay.errors import UsageError
from assay.grading.grading_rules import NOT_ENOUGH, Rules
from assay.sdc.released_rows.grading_rows import GradesRow

TEXT = pa.string()


class DecisionRow(TypedDict, total=False):
    """A decision of the panel on one grade; rows of earlier versions do not name who decided.

    `decided_by`, `confirmed_by`: code or post of the first and second person; empty if not recorded or not asked for.
    `decided_on`: the day of the decision; of a confirmed one, the day on which the second person confirmed it.
    `awaited`: number of the first person's decision among all that awaited a second person; null for one person.
    """

    place_code: Required[str]
    line: Required[str]
    proposed: Required[str]
    decided: Required[str]
    reason: Required[str]
    decided_on: Required[date]
    decided_by: str
    confirmed_by: str
    awaited: int | None


DECISIONS = arrow_schema(DecisionRow)
COLUMNS = ("decided", "decided_why", "decided_on", "decided_upon")
"""Columns that a decision adds to a row of `grades`; `decided_upon` is the proposal that the panel saw."""
MIN_REASON_LENGTH = 20
"""Minimum number of characters of a reason, so that 'agreed' is not enough to change a grade."""


@dataclass(frozen=True)
class Decision:
    """One decision of a panel: a row of `DECISIONS`."""

    place_code: str
    line: str
    proposed: str
    decided: str
    reason: str
    decided_on: date
    decided_by: str = ""
    confirmed_by: str = ""
    awaited: int | None = None

    @classmethod
    def from_row(cls, row: DecisionRow) -> Decision:
        """Return a decision from a stored row; rows stored by earlier versions do not name the persons."""
        values: Mapping[str, Any] = row
        return cls(**{name: values[name] for name in DECISIONS.names if name in values})

    @property
    def key(self) -> tuple[str, str]:
        """The force and the inspection theme (or overall grade) that the decision is about."""
        return self.place_code, self.line


def decision(
    grades: Iterable[GradesRow],
    place: str,
    line: str,
    grade: str,
    reason: str,
    decision_date: date,
    rules: Rules,
    *,
    decider: str = "",
) -> Decision:
    """Return one decision; raise UsageError for an unknown theme or grade, or a change without a reason."""
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
    return Decision(place, line, row["proposed"], grade, reason.strip(), decision_date, decided_by=decider)


def open_decision(
    awaiting: Sequence[Decision], decisions: Sequence[Decision], place: str, line: str
) -> Decision | None:
    """Return the decision by one person that a second person must still confirm; None if there is none.

    Only the last decision of one person on a force and theme can be confirmed, and only once.
    """
    confirmed = {item.awaited for item in decisions if item.awaited is not None}
    numbers = [number for number, item in enumerate(awaiting) if item.key == (place, line)]
    if not numbers or numbers[-1] in confirmed:
        return None
    return replace(awaiting[numbers[-1]], awaited=numbers[-1])


def confirms(open_item: Decision | None, grade: str, proposed: str) -> bool:
    """Return True if deciding this grade confirms the first person's decision, given an unchanged proposal."""
    return open_item is not None and (open_item.decided, open_item.proposed) == (grade, proposed)


def who_decided(item: Decision) -> str:
    """Return the part of a sentence that names the persons who made a decision."""
    if not item.decided_by:
        return "who decided is not recorded"
    second = f", confirmed by {item.confirmed_by}" if item.confirmed_by else ""
    return f"decided by {item.decided_by}{second}"


def with_decisions(grades: pa.Table, decisions: Sequence[Decision]) -> pa.Table:
    """Return the table `grades` with the last decision on each row; null if there is none."""
    last_decisions = {item.key: item for item in decisions}
    rows = [row | _decision_columns(last_decisions.get((row["place_code"], row["line"]))) for row in grades.to_pylist()]
    schema = pa.schema([*grades.schema, *((name, TEXT) for name in COLUMNS)])
    return pa.Table.from_pylist(rows, schema)


def _decision_columns(item: Decision | None) -> dict[str, str | None]:
    if item is None:
        return dict.fromkeys(COLUMNS)
    values = (item.decided, item.reason or None, item.decided_on.isoformat(), item.proposed)
    return dict(zip(COLUMNS, values, strict=True))
