"""Fieldwork visits of synthetic inspectors, and their notes.

The visit list has the form in which fieldwork is planned; raters rate no force of their own. People are recorded as
roles. Ratings of a visit are filled into its sheet (`synthetic_inspectors`).
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
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_country import SyntheticForce

Row = dict[str, Any]
FOLDER, LIST, MARKERS = "fieldwork", "visits.csv", "markers.csv"
COLUMNS = ("fieldwork_ref", "subject_kind", "force_code", "role", "held_on")
MAX_FORCES = 6
"""The largest number of forces visited, in the order of the register."""
NOTED_SHARE = 0.4
"""The share of visits with a note."""


@lru_cache(maxsize=1)
def visit_words() -> Mapping[str, Any]:
    """Return the roles visited in a force, and the templates of notes."""
    return tomllib.loads(files("assay.synthetic").joinpath("visits.toml").read_text(encoding="utf-8"))


def visits(forces: Sequence[SyntheticForce], ends: dt.date) -> list[Row]:
    """Return every visit: the same kinds in each visited force, on days after the period."""
    return [
        {"fieldwork_ref": f"{force.code}-{number:02d}", "force_code": force.code, "held_on": ends + (30 + number) * DAY,
         "subject_kind": kind, "role": role}
        for force in forces[:MAX_FORCES]
        for number, (kind, role) in enumerate(_visited_roles(), start=1)
    ]  # fmt: skip


def notes(visit_rows: Sequence[Row], stream: RandomStream) -> list[Row]:
    """Return notes of some visits, each on a question of the commission."""
    found: list[Row] = []
    for row in visit_rows:
        draw = stream.substream(row["fieldwork_ref"])
        if draw.happens(NOTED_SHARE):
            note = draw.pick(
                [template for template in visit_words()["notes"] if row["role"] in template["roles"]]
                or visit_words()["notes"][:1]
            )
            columns = {name: row[name] for name in ("fieldwork_ref", "subject_kind", "held_on")}
            columns |= {"place_code": row["force_code"], "role_of_person": row["role"], "question": note["question"]}
            found.append({"note_ref": f"N{len(found) + 1}", **columns, "text": note["text"]})
    return found


def write_visits(folder: Path, visit_rows: Sequence[Row]) -> None:
    """Write the visit list and the raters into `folder/fieldwork`."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    forces = list(dict.fromkeys(row["force_code"] for row in visit_rows))
    excluded_forces = [" ".join(forces[number::3]) for number in range(3)] if len(forces) > 2 else ["", "", ""]
    markers = [
        {"marker_code": f"M{n:02d}", "away_from": force_codes, "part": ""}
        for n, force_codes in enumerate(excluded_forces, start=1)
    ]
    for name, columns, rows in ((LIST, COLUMNS, visit_rows), (MARKERS, tuple(markers[0]), markers)):
        with (place / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _visited_roles() -> Iterator[tuple[str, str]]:
    for kind, roles in visit_words()["visited"].items():
        yield from ((kind, role) for role in roles)
