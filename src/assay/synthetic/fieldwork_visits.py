"""Fieldwork visits of synthetic inspectors, their notes, and responses to surveys.

The visit list has the form in which fieldwork is planned; raters rate no force of their own. People are recorded as
roles. Ratings of a visit are filled into its sheet (`synthetic_inspectors`).
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from assay.synthetic.local_time import DAY
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_country import SyntheticForce
from assay.synthetic.synthetic_inspectors import SyntheticInspectors, sheet_cells

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
    """Return every visit: the same kinds of visit in each visited force, on days after the period."""
    return [
        {"fieldwork_ref": f"{force.code}-{number:02d}", "force_code": force.code, "held_on": ends + (30 + number) * DAY,
         "subject_kind": kind, "role": role}
        for force in forces[:MAX_FORCES]
        for number, (kind, role) in enumerate(_visited_roles(), start=1)
    ]  # fmt: skip


def notes(visit_rows: Sequence[Row], stream: RandomStream) -> list[Row]:
    """Return notes of some visits, each about one inspection question."""
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


# Synthetic responses of staff and partners to a survey, with the size of each group.
#
# Only the exported form (XLSForm) is used. Options are ordered from best to worst; the quality of a force determines
# the option chosen.

CONSENT, FORCE = "consent", "force_code"
CONSENT_SHARE, RESPONSE_SHARE, SKIP_SHARE = 0.95, 0.7, 0.05
"""Shares: consent among those who open the form; all who open it; skipped questions."""
SPREAD = 0.8
"""Standard deviation between people of one force, on the scale of force quality."""


@dataclass(frozen=True)
class SurveyForm:
    """A survey form as exported: its checksum, its questions in order, and the options of each."""

    checksum: str
    cells: tuple[str, ...]
    questions: tuple[str, ...]
    options: dict[str, tuple[str, ...]]


def read_form(path: Path) -> SurveyForm:
    """Read an exported survey form; UsageError if it lacks the sheets of a form."""
    head, *rows = sheet_cells(path, "survey")
    survey_rows = [dict(zip(head, row, strict=True)) for row in rows]
    checksum = next(row["calculation"].strip("'") for row in survey_rows if row["name"] == "checksum")
    choice_questions = [row["name"] for row in survey_rows if row["type"].startswith("select_one")]
    names = [name for name in choice_questions if name not in (CONSENT, FORCE)]
    needed = {row["name"] for row in survey_rows if row["required"] == "yes"}
    listed: dict[str, list[str]] = {}
    first, *choices = sheet_cells(path, "choices")
    for row in choices:
        choice = dict(zip(first, row, strict=True))
        listed.setdefault(choice["list_name"], []).append(choice["name"])
    options = {name: tuple(values) for name, values in listed.items()}
    cells = tuple(name for name in names if name in needed)
    return SurveyForm(checksum, cells, tuple(name for name in names if name not in needed), options)


def write_responses(
    form: Path, truth: SyntheticInspectors, forces: Sequence[str], out: Path, frame: Path, members: int = 30
) -> None:
    """Write survey responses of each force to `out`, and the population size of each survey cell to `frame`."""
    survey = read_form(form)
    answers: list[dict[str, str]] = []
    cells: list[dict[str, str]] = []
    for force in forces:
        for cell in survey.options[survey.cells[0]]:
            draw = RandomStream(truth.seed, "asked", survey.checksum, force, cell)
            member_count = draw.integer(members // 2, 2 * members)
            cells.append({FORCE: force, survey.cells[0]: cell, "members": str(member_count)})
            for person in range(member_count):
                if person == 0 or draw.happens(RESPONSE_SHARE):
                    responses = _answers(survey, truth.quality(force), draw)
                    where = {"checksum": survey.checksum, FORCE: force, survey.cells[0]: cell}
                    answers.append({"KEY": f"uuid:{force}-{cell}-{person}", **where, **responses})
    _write(out, ("KEY", "checksum", CONSENT, FORCE, *survey.cells, *survey.questions), answers)
    _write(frame, (FORCE, *survey.cells, "members"), cells)


def _answers(survey: SurveyForm, quality: float, draw: RandomStream) -> dict[str, str]:
    if not draw.happens(CONSENT_SHARE):
        return {CONSENT: "no"}
    return {CONSENT: "yes"} | {name: _sample_option(survey.options[name], quality, draw) for name in survey.questions}


def _sample_option(options: Sequence[str], quality: float, draw: RandomStream) -> str:
    """Sample an option: a worse one for lower quality; sometimes none."""
    if draw.happens(SKIP_SHARE):
        return ""
    down = 1 / (1 + math.exp(1.0 + quality + SPREAD * draw.normal()))
    return options[min(int(down * len(options)), len(options) - 1)]


def _write(path: Path, columns: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
