"""Synthetic responses of staff and partners to a survey, with the size of each group.

Only the exported form (XLSForm) is used. Options are ordered from best to worst; the quality of a force determines the
option chosen.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_inspectors import SyntheticInspectors, sheet_cells

CONSENT, FORCE = "consent", "force_code"
CONSENT_SHARE, RESPONSE_SHARE, SKIP_SHARE = 0.95, 0.7, 0.05
"""Shares: consent among those who open the form; all who open it; skipped questions."""
SPREAD = 0.8
"""Standard deviation between people of one force, on the scale of force quality."""


@dataclass(frozen=True)
class SurveyForm:
    """A form: its checksum, its questions in order, and the options of each."""

    checksum: str
    cells: tuple[str, ...]
    questions: tuple[str, ...]
    options: dict[str, tuple[str, ...]]


def read_form(path: Path) -> SurveyForm:
    """Read an exported form; UsageError if it lacks the sheets of a form."""
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
    """Write the responses of each force to `out`, and the population of each cell to `frame`; about `members` in
    each."""
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
