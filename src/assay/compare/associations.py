"""Sentences about associations between approaches and outcomes, and about data that were not sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.wording import count_phrase

ACROSS_FORCES, OVER_TIME = "across forces", "over time"
MAX_Q_VALUE = 0.05
APPROACHES_NOT_SENT = (
    "No force sent the tables of ways of working (approaches) that this rests on, so nothing is said of what went "
    "with better results."
)
FEWER_CASES = "fewer_cases_a_post"
CAPACITY_NOT_SENT = (
    "No force sent open cases and filled posts (capacity), so the work that each had to do stands beside nothing here: "
    "forces with fewer cases for each of their people may do better whatever their way of working."
)
CAUSATION_CAVEAT = (
    "It does not show why: forces choose how they work, other things changed in the same months, and better recording "
    "moves a measure as better work does."
)
Row = dict[str, Any]


def association_sentence(row: Row, title: str) -> str:
    """Return the sentence on the association of one approach with one indicator, and the number of forces."""
    name = row["approach"].replace("_", " ")
    measure = title[:1].lower() + title[1:]
    forces = _force_counts(row)
    if row.get("points") is None:
        return f"{name.capitalize()} and '{measure}', {row['look']}: too few forces to say ({forces})."
    points = round(row["points"])
    interval = f"95% interval {round(row['points_low'])} to {round(row['points_high'])}"
    if row["q_value"] is None or row["q_value"] > MAX_Q_VALUE:
        return f"{name.capitalize()} and '{measure}', {row['look']}: no difference is shown ({interval}; {forces})."
    direction = "more" if points > 0 else "fewer"
    met = f"{abs(points)} percentage points {direction} ({interval})"
    verb = "went with" if row["look"] == ACROSS_FORCES else "beginning went with"
    robustness = (
        f" To make all of it, something not measured would have to go with both by a ratio of {row['e_value']:g}."
        if row.get("e_value")
        else ""
    )
    return (
        f"{name.capitalize()} {verb} {met} on '{measure}'; {forces}.{_workload_sentence(row)}{robustness} "
        f"{CAUSATION_CAVEAT}"
    )


def _force_counts(row: Row) -> str:
    """Return the clause with the number of forces on each side, and of those that started the approach."""
    if row["approach"] == FEWER_CASES:
        fewer_text = count_phrase(row["forces_with"], "force")
        return f"{fewer_text} had fewer, {row['forces_without']} more, and none is followed as it changed"
    return (
        f"{count_phrase(row['forces_with'], 'force')} had it all through, {row['forces_without']} never, and in "
        f"{row['forces_changed']} it began in the period"
    )


def _workload_sentence(row: Row) -> str:
    """Return the sentence with the open cases per post on each side; '' if they are known of too few forces."""
    if row.get("cases_with") is None or row.get("cases_without") is None:
        return ""
    return (
        f" The middle force with it had {row['cases_with']:g} open cases a post, the middle one of the others "
        f"{row['cases_without']:g}."
    )


def missing_table_rows(forces: Sequence[str], cases: Mapping[str, float]) -> list[Row]:
    """Return a sentence for each table needed for associations that some or all forces did not send."""
    blank: Row = {"approach": "", "indicator": ""}
    rows = [] if forces else [blank | {"look": "", "sentence": APPROACHES_NOT_SENT}]
    forces_without_cases = [force for force in forces if force not in cases]
    if not cases:
        rows.append(blank | {"look": ACROSS_FORCES, "sentence": CAPACITY_NOT_SENT})
    elif forces_without_cases:
        text = (
            f"Of {count_phrase(len(forces), 'force')} that sent ways of working, {len(forces_without_cases)} "
            f"did not send open cases and "
            "filled posts (capacity): how much work each of their people had is not known."
        )
        rows.append(blank | {"look": ACROSS_FORCES, "sentence": text})
    return rows
