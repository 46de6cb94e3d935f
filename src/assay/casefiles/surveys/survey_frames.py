"""How many are there in each cell, where somebody knows: the frame that answers are weighed by?"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from assay.casefiles.surveys.questionnaire_forms import FORCE, Questionnaire
from assay.errors import SourceError

MEMBERS = "members"
Cell = tuple[str, ...]
"""The force, and the value of every other cell, in the questionnaire's order."""
Frame = Mapping[Cell, int]


def read_frame(path: Path, asked: Questionnaire, forces: Mapping[str, str]) -> Frame:
    """A frame from a CSV with a column for each cell and `members`; SourceError, a sentence that names the line.

    A cell that is not in the file has nobody in it.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise SourceError(f"{path.name} cannot be read as CSV in UTF-8.") from None
    options = {FORCE: tuple(forces), **{one.key: tuple(one.options) for one in asked.cells}}
    found: dict[Cell, int] = {}
    for line, row in enumerate(rows, start=2):
        cell = tuple((row.get(name) or "").strip() for name in asked.cell_names)
        wrong = [name for name, value in zip(asked.cell_names, cell, strict=True) if value not in options[name]]
        number = (row.get(MEMBERS) or "").strip()
        if wrong or cell in found or not number.isdigit():
            what = wrong[0] if wrong else MEMBERS if not number.isdigit() else "the cell, which stands there already"
            names = ", ".join((*asked.cell_names, MEMBERS))
            raise SourceError(f"{path.name}, line {line}: look at {what}. Columns: {names}.")
        found[cell] = int(number)
    return found
