"""In which words is it said what went with better results, and of what is nothing said, with how many forces?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.wording import counted

ACROSS, OVER_TIME = "across forces", "over time"
MOST_FALSE = 0.05
NOT_SENT = (
    "No force sent the tables of ways of working (approaches) that this rests on, so nothing is said of what went "
    "with better results."
)
FEWER_CASES = "fewer_cases_a_post"
CAPACITY_NOT_SENT = (
    "No force sent open cases and filled posts (capacity), so the work that each had to do stands beside nothing here: "
    "forces with fewer cases for each of their people may do better whatever their way of working."
)
CANNOT = (
    "It does not show why: forces choose how they work, other things changed in the same months, and better recording "
    "moves a measure as better work does."
)
Row = dict[str, Any]


def sentence(row: Row, title: str) -> str:
    """What went with what, in words, with how many forces changed."""
    name = row["approach"].replace("_", " ")
    measure = title[:1].lower() + title[1:]
    forces = _forces(row)
    if row.get("points") is None:
        return f"{name.capitalize()} and '{measure}', {row['look']}: too few forces to say ({forces})."
    points = round(row["points"])
    span = f"95% interval {round(row['points_low'])} to {round(row['points_high'])}"
    if row["q_value"] is None or row["q_value"] > MOST_FALSE:
        return f"{name.capitalize()} and '{measure}', {row['look']}: no difference is shown ({span}; {forces})."
    way = "more" if points > 0 else "fewer"
    met = f"{abs(points)} {way} in 100 ({span})"
    moved = "went with" if row["look"] == ACROSS else "beginning went with"
    strong = (
        f" To make all of it, something not measured would have to go with both by a ratio of {row['e_value']:g}."
        if row.get("e_value")
        else ""
    )
    return f"{name.capitalize()} {moved} {met} on '{measure}'; {forces}.{_work(row)}{strong} {CANNOT}"


def _forces(row: Row) -> str:
    """How many forces stand on each side, and in how many it changed."""
    if row["approach"] == FEWER_CASES:
        fewer = counted(row["forces_with"], "force")
        return f"{fewer} had fewer, {row['forces_without']} more, and none is followed as it changed"
    return (
        f"{counted(row['forces_with'], 'force')} had it all through, {row['forces_without']} never, and in "
        f"{row['forces_changed']} it began in the period"
    )


def _work(row: Row) -> str:
    """The open cases a post on each side, where enough forces tell."""
    if row.get("cases_with") is None or row.get("cases_without") is None:
        return ""
    return (
        f" The middle force with it had {row['cases_with']:g} open cases a post, the middle one of the others "
        f"{row['cases_without']:g}."
    )


def not_sent(forces: Sequence[str], cases: Mapping[str, float]) -> list[Row]:
    """A sentence for each table that this needs and that did not come, or not of every force."""
    none: Row = {"approach": "", "indicator": ""}
    rows = [] if forces else [none | {"look": "", "sentence": NOT_SENT}]
    silent = [force for force in forces if force not in cases]
    if not cases:
        rows.append(none | {"look": ACROSS, "sentence": CAPACITY_NOT_SENT})
    elif silent:
        words = (
            f"Of {counted(len(forces), 'force')} that sent ways of working, {len(silent)} did not send open cases and "
            "filled posts (capacity): how much work each of their people had is not known."
        )
        rows.append(none | {"look": ACROSS, "sentence": words})
    return rows
