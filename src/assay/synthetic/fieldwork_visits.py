"""Whom do invented inspectors visit, and what do they note: interviews, focus groups, meetings watched?

A list in the form in which fieldwork is planned, markers who read none of their own force, and notes as they are sent.
People are roles. What is marked of a visit is filled into its sheet (`inspectors`).
"""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from assay.synthetic.local_time import DAY
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_country import Force

Row = dict[str, Any]
FOLDER, LIST, MARKERS = "fieldwork", "visits.csv", "markers.csv"
COLUMNS = ("fieldwork_ref", "subject_kind", "force_code", "role", "held_on")
MOST_FORCES = 6
"""Travelling takes people: of so many forces at most, in the order of the register."""
NOTED = 0.4
"""The share of visits of which a note is sent."""


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """Who is visited in a force, and what is noted of whom."""
    return tomllib.loads(files("assay.synthetic").joinpath("visits.toml").read_text(encoding="utf-8"))


def visits(forces: Sequence[Force], ends: dt.date) -> list[Row]:
    """Every visit: the same kinds in each force that is visited, on days after the period."""
    return [
        {"fieldwork_ref": f"{force.code}-{number:02d}", "force_code": force.code, "held_on": ends + (30 + number) * DAY,
         "subject_kind": kind, "role": role}
        for force in forces[:MOST_FORCES]
        for number, (kind, role) in enumerate(_people(), start=1)
    ]  # fmt: skip


def notes(held: Sequence[Row], chance: Chance) -> list[Row]:
    """What was noted of some of them, each to a question of the commission."""
    found: list[Row] = []
    for row in held:
        draw = chance.stream(row["fieldwork_ref"])
        if draw.happens(NOTED):
            said = draw.pick([one for one in words()["notes"] if row["role"] in one["roles"]] or words()["notes"][:1])
            about = {name: row[name] for name in ("fieldwork_ref", "subject_kind", "held_on")}
            about |= {"place_code": row["force_code"], "role_of_person": row["role"], "question": said["question"]}
            found.append({"note_ref": f"N{len(found) + 1}", **about, "text": said["text"]})
    return found


def write_visits(folder: Path, held: Sequence[Row]) -> None:
    """Write the list and the markers into `folder/fieldwork`."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    forces = list(dict.fromkeys(row["force_code"] for row in held))
    away = [" ".join(forces[number::3]) for number in range(3)] if len(forces) > 2 else ["", "", ""]
    markers = [{"marker_code": f"M{n:02d}", "away_from": one, "part": ""} for n, one in enumerate(away, start=1)]
    for name, columns, rows in ((LIST, COLUMNS, held), (MARKERS, tuple(markers[0]), markers)):
        with (place / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _people() -> Iterator[tuple[str, str]]:
    for kind, roles in words()["visited"].items():
        yield from ((kind, role) for role in roles)
