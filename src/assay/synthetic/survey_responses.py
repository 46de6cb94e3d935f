"""What do invented staff and partners answer to a questionnaire, and how many could have answered?

The form is read as it was exported (XLSForm), so nothing is known of it but what stands there. Options of a question
stand from the best to the worst; how well a force works says how far down somebody goes.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_inspectors import Inspectors, sheet_cells

CONSENT, FORCE = "consent", "force_code"
AGREE, ANSWERS, FORGETS = 0.95, 0.7, 0.05
"""Shares: of those who open the form, who agree; of all, who open it; of questions, that are left out."""
SPREAD = 0.8
"""How far people of one force differ, on the scale of how well a force works."""


@dataclass(frozen=True)
class Form:
    """A form: its checksum, its questions in order, and the options of each."""

    checksum: str
    cells: tuple[str, ...]
    questions: tuple[str, ...]
    options: dict[str, tuple[str, ...]]


def read_form(path: Path) -> Form:
    """A form as it was exported; UsageError if it has no sheets of a form."""
    head, *rows = sheet_cells(path, "survey")
    asked = [dict(zip(head, row, strict=True)) for row in rows]
    checksum = next(row["calculation"].strip("'") for row in asked if row["name"] == "checksum")
    chosen = [row["name"] for row in asked if row["type"].startswith("select_one")]
    names = [name for name in chosen if name not in (CONSENT, FORCE)]
    needed = {row["name"] for row in asked if row["required"] == "yes"}
    listed: dict[str, list[str]] = {}
    first, *choices = sheet_cells(path, "choices")
    for row in choices:
        told = dict(zip(first, row, strict=True))
        listed.setdefault(told["list_name"], []).append(told["name"])
    options = {name: tuple(values) for name, values in listed.items()}
    cells = tuple(name for name in names if name in needed)
    return Form(checksum, cells, tuple(name for name in names if name not in needed), options)


def answer(form: Path, truth: Inspectors, forces: Sequence[str], out: Path, frame: Path, members: int = 30) -> None:
    """Write the answers of each force's people to `out`, and how many there are in each cell to `frame`; about
    `members` in each."""
    asked = read_form(form)
    answers: list[dict[str, str]] = []
    cells: list[dict[str, str]] = []
    for force in forces:
        for cell in asked.options[asked.cells[0]]:
            draw = Chance(truth.seed, "asked", asked.checksum, force, cell)
            many = draw.whole(members // 2, 2 * members)
            cells.append({FORCE: force, asked.cells[0]: cell, "members": str(many)})
            for person in range(many):
                if person == 0 or draw.happens(ANSWERS):
                    told = _answers(asked, truth.how_well(force), draw)
                    where = {"checksum": asked.checksum, FORCE: force, asked.cells[0]: cell}
                    answers.append({"KEY": f"uuid:{force}-{cell}-{person}", **where, **told})
    _write(out, ("KEY", "checksum", CONSENT, FORCE, *asked.cells, *asked.questions), answers)
    _write(frame, (FORCE, *asked.cells, "members"), cells)


def _answers(asked: Form, how_well: float, draw: Chance) -> dict[str, str]:
    if not draw.happens(AGREE):
        return {CONSENT: "no"}
    return {CONSENT: "yes"} | {name: _chosen(asked.options[name], how_well, draw) for name in asked.questions}


def _chosen(options: Sequence[str], how_well: float, draw: Chance) -> str:
    """Further down the less well the force works; nothing now and then."""
    if draw.happens(FORGETS):
        return ""
    down = 1 / (1 + math.exp(1.0 + how_well + SPREAD * draw.normal()))
    return options[min(int(down * len(options)), len(options) - 1)]


def _write(path: Path, columns: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
