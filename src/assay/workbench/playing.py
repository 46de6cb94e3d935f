"""How does somebody try the workbench, with no inspection at hand? An invented one, run whole, with work for everybody.

Four invented forces, on which a panel has proposals and forces have letters and points; twelve crimes to be read, half
of them twice; texts to label and pairs of records to look at. Three inspectors, an adjudicator, two analysts and one of
every other role. All of it is invented, and every page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.casefiles.sampling import draw_files
from assay.inspection.demo import demonstrate
from assay.progress import Progress, silent
from assay.workbench.place import Place, make_place

FORCES, CRIMES, SEED = 4, 25, 5
TEXTS, PAIRS = 20, 10
KEY, QUESTIONS = "crimes", "responses_case"
DESIGN = 'title = "Crimes of the period"\nsubject = "crime"\nseed = "to play with"\nfiles = 12\ndouble = 0.5\n'
MARKERS = "marker_code,away_from,part,auditor_of,adjudicator\nM01,INV01,,,\nM02,INV02,,,\nM03,,,,\nJ01,,,,yes\n"
STAFF = (
    ("M01", "inspector", ""), ("M02", "inspector", ""), ("M03", "inspector", ""), ("J01", "inspector", ""),
    ("A01", "analyst", ""), ("A02", "analyst", ""), ("P01", "panel", ""), ("L01", "liaison", "INV01"),
    ("T01", "auditor", ""),
)  # fmt: skip
PASSWORD = "only-for-playing"
"""Of invented inspections only."""


@dataclass(frozen=True)
class Play:
    """What was made: who may come in, with which password, and how to get the digits of the minute."""

    place: Place

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        codes = [code for code, *_ in STAFF]
        return {"inspection": str(self.place.inspection), "accounts": codes, "password": PASSWORD}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        who = [f"  {code}  {role}{f' of {force}' if force else ''}" for code, role, force in STAFF]
        return [
            f"An invented inspection to play in: {self.place.inspection}",
            *who,
            f"The password of each is {PASSWORD}. The six digits of the minute: assay desk code "
            f"{self.place.inspection.name} M01",
        ]


def invent_inspection(folder: Path, progress: Progress = silent) -> None:
    """An invented inspection in `folder`, run to its report; its returns lie beside it, in `<folder>-sent`."""
    demonstrate(folder, forces=FORCES, crimes=CRIMES, seed=SEED, progress=progress)


def set_up(folder: Path, progress: Progress = silent) -> Play:
    """Accounts for everybody, and work at their desks: a sample, texts, pairs; Django has been started for this place.

    What stands beside the inspection in `<folder>-sent` is the design of the sample and who reads it.
    """
    from assay.workbench.accounts import make_account
    from assay.workbench.labels import bring_texts
    from assay.workbench.opening import open_sample
    from assay.workbench.pairs import bring_pairs

    place, beside = make_place(folder), folder.with_name(f"{folder.name}-sent")
    progress("Bringing files, texts and pairs to the desks", 0, 0)
    (beside / f"{KEY}.toml").write_text(DESIGN, encoding="utf-8")
    (beside / "markers.csv").write_text(MARKERS, encoding="utf-8")
    draw_files(folder, beside / f"{KEY}.toml")
    for code, role, force in STAFF:
        make_account(code, role, force_code=force, password=PASSWORD)
    open_sample(place, KEY, QUESTIONS, beside / "markers.csv")
    bring_texts(place, "blaming", size=TEXTS, seed=SEED, most=3 * TEXTS)
    bring_pairs(place, number=PAIRS, seed=KEY)
    return Play(place)
