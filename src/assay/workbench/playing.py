"""How does somebody try the workbench, with no inspection at hand? An invented one, ready to be read.

Four invented forces, twelve crimes to be read, half of them twice; three inspectors, an adjudicator and one of every
other role. All of it is invented, and every page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.casefiles.sampling import draw_files
from assay.inspection.demo import invent_forces
from assay.inspection.folder import make_for
from assay.inspection.receiving import take_in
from assay.inspection.stream import begin_run
from assay.invented import read_world
from assay.progress import Progress, silent
from assay.workbench.place import Place, make_place

FORCES, CRIMES, SEED = 4, 25, 5
KEY, QUESTIONS = "crimes", "responses_case"
DESIGN = 'title = "Crimes of the period"\nsubject = "crime"\nseed = "to play with"\nfiles = 12\ndouble = 0.5\n'
MARKERS = "marker_code,away_from,part,auditor_of,adjudicator\nM01,INV01,,,\nM02,INV02,,,\nM03,,,,\nJ01,,,,yes\n"
STAFF = (
    ("M01", "inspector", ""), ("M02", "inspector", ""), ("M03", "inspector", ""), ("J01", "inspector", ""),
    ("A01", "analyst", ""), ("P01", "panel", ""), ("L01", "liaison", "INV01"), ("T01", "auditor", ""),
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
    """An invented inspection in `folder`, run, with a sample drawn; its returns lie beside it, in `<folder>-sent`."""
    sent = folder.with_name(f"{folder.name}-sent")
    world = read_world("plain").sized(forces=FORCES, crimes=CRIMES)
    invent_forces(sent, world=world, seed=SEED, progress=progress)
    make_for(folder, sent / "request.toml")
    take_in(folder, sorted((sent / "returns").iterdir()), progress=progress)
    begin_run(folder, compared=False, progress=progress).book.close()
    (sent / f"{KEY}.toml").write_text(DESIGN, encoding="utf-8")
    (sent / "markers.csv").write_text(MARKERS, encoding="utf-8")
    draw_files(folder, sent / f"{KEY}.toml")


def set_up(folder: Path) -> Play:
    """Accounts for everybody, and the sample at their desks; Django has been started for this place."""
    from assay.workbench.accounts import make_account
    from assay.workbench.opening import open_sample

    place = make_place(folder)
    for code, role, force in STAFF:
        make_account(code, role, force_code=force, password=PASSWORD)
    open_sample(place, KEY, QUESTIONS, folder.with_name(f"{folder.name}-sent") / "markers.csv")
    return Play(place)
