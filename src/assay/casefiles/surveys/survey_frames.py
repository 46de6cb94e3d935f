"""The survey frame: the number of members in each weighting cell (such as force and rank), for weighting answers."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from assay.casefiles.surveys.questionnaire_forms import FORCE, Questionnaire
from assay.errors import SourceError

MEMBERS = "members"
Cell = tuple[str, ...]
"""The force, and the values of the other cells, in the order of the questionnaire."""
Frame = Mapping[Cell, int]


def read_frame(path: Path, questionnaire: Questionnaire, forces: Mapping[str, str]) -> Frame:
    """Read a survey frame from a CSV file: one column for each weighting cell, and `members`.

    A cell that is not in the file has no members. Raises SourceError, with the line, for an invalid row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise SourceError(f"{path.name} cannot be read as CSV in UTF-8.") from None
    options = {
        FORCE: tuple(forces),
        **{cell_question.key: tuple(cell_question.options) for cell_question in questionnaire.cells},
    }
    found: dict[Cell, int] = {}
    for line, row in enumerate(rows, start=2):
        cell = tuple((row.get(name) or "").strip() for name in questionnaire.cell_names)
        wrong = [name for name, value in zip(questionnaire.cell_names, cell, strict=True) if value not in options[name]]
        number = (row.get(MEMBERS) or "").strip()
        if wrong or cell in found or not number.isdigit():
            problem = wrong[0] if wrong else MEMBERS if not number.isdigit() else "the cell, which stands there already"
            names = ", ".join((*questionnaire.cell_names, MEMBERS))
            raise SourceError(f"{path.name}, line {line}: look at {problem}. Columns: {names}.")
        found[cell] = int(number)
    return found
