"""How does somebody try the workbench, with no inspection at hand? An invented one, run whole, with work for everybody.

Four invented forces, on which a panel has proposals and forces have letters and points; crimes to be read, half of them
twice, of which three in four are read and sealed already, so that the report has figures that move when the others are;
texts to label and pairs of records to look at. Three inspectors, an adjudicator, two analysts and one of every other
role. All of it is invented, and every page says so.

It is made whole or begun again: as long as it is being made, a file beside it says so.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.casefiles.file_sampling import draw_files
from assay.errors import UsageError
from assay.progress import Progress, silent
from assay.synthetic.demo import demonstrate
from assay.synthetic.synthetic_inspectors import Inspectors
from assay.workbench.django_setup import start
from assay.workbench.workbench_folder import Place, folder_beside, make_place

if TYPE_CHECKING:
    from assay.workbench.models import Sample

FORCES, CRIMES, SEED = 4, 25, 5
TEXTS, PAIRS = 20, 10
KEY, QUESTIONS = "crimes", "responses_case"
DESIGN = 'title = "Crimes of the period"\nsubject = "crime"\nseed = "to play with"\nfiles = 48\ndouble = 0.5\n'
LEFT_OPEN = 4
"""Of so many files one is left to be read."""
UNFINISHED = "being-made"
"""The file in the folder of the workbench that says that all of this is invented, and not there yet."""
MARKERS = "marker_code,away_from,part,auditor_of,adjudicator\nM01,INV01,,,\nM02,INV02,,,\nM03,,,,\nJ01,,,,yes\n"
STAFF = (
    ("M01", "inspector", ""), ("M02", "inspector", ""), ("M03", "inspector", ""), ("J01", "inspector", ""),
    ("A01", "analyst", ""), ("A02", "analyst", ""), ("P01", "panel", ""), ("L01", "liaison", "INV01"),
    ("T01", "auditor", ""),
)  # fmt: skip
REASON = "As the record shows."
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


def is_to_be_made(folder: Path) -> bool:
    """Whether nothing is there yet, or the making of an invented inspection was broken off."""
    return not folder.exists() or (folder_beside(folder) / UNFINISHED).is_file()


def make_play(folder: Path, progress: Progress = silent) -> Play:
    """An invented inspection in `folder`, with work for everybody, and what it takes beside it (`<folder>-sent`,
    `<folder>-workbench`). What an earlier making left that was broken off is taken away first; UsageError where
    something else lies there, which is never touched."""
    room, sent = folder_beside(folder), folder.with_name(f"{folder.name}-sent")
    if (room / UNFINISHED).is_file():
        for left in (folder, sent, room):  # the file that tells goes last
            shutil.rmtree(left, ignore_errors=True)
    if there := next((one for one in (room, sent) if one.exists()), None):
        raise UsageError(f"{there} is there already, and no inspection beside it. Name another folder.")
    room.mkdir(mode=0o700, parents=True)
    (room / UNFINISHED).touch()
    play = invent_inspection(folder, progress)
    (room / UNFINISHED).unlink()
    return play


def invent_inspection(folder: Path, progress: Progress = silent) -> Play:
    """An invented inspection in `folder`, its desks set up, run to its report; its returns lie in `<folder>-sent`."""

    def at_desks(inspectors: Inspectors) -> None:
        start(make_place(folder))
        set_up(folder, inspectors, progress)

    demonstrate(folder, forces=FORCES, crimes=CRIMES, seed=SEED, before_report=at_desks, progress=progress)
    return Play(make_place(folder))


def set_up(folder: Path, inspectors: Inspectors, progress: Progress = silent) -> None:
    """Accounts for everybody, and work at their desks: a sample, texts, pairs; Django has been started for this place.
    Most files are marked and sealed, so that the report of the next run has figures of them.

    What stands beside the inspection in `<folder>-sent` is the design of the sample and who reads it.
    """
    from assay.workbench.accounts import make_account
    from assay.workbench.label_rounds import bring_texts
    from assay.workbench.models import Sample
    from assay.workbench.rating_handover import hand_in
    from assay.workbench.record_pairs import bring_pairs
    from assay.workbench.sample_opening import open_sample

    place, beside = make_place(folder), folder.with_name(f"{folder.name}-sent")
    progress("Bringing files, texts and pairs to the desks", 0, 0)
    (beside / f"{KEY}.toml").write_text(DESIGN, encoding="utf-8")
    (beside / "markers.csv").write_text(MARKERS, encoding="utf-8")
    draw_files(folder, beside / f"{KEY}.toml")
    for code, role, force in STAFF:
        make_account(code, role, force_code=force, password=PASSWORD)
    open_sample(place, KEY, QUESTIONS, beside / "markers.csv")
    sample = Sample.objects.get(key=KEY)
    mark_most(sample, inspectors)
    hand_in(place, sample, "A01")
    bring_texts(place, "blaming", size=TEXTS, seed=SEED, most=3 * TEXTS)
    bring_pairs(place, number=PAIRS, seed=KEY)


def mark_most(sample: Sample, inspectors: Inspectors) -> None:
    """All files but every fourth are read and finished, as somebody who never errs would answer."""
    from django.db import transaction

    from assay.workbench import answer_saving
    from assay.workbench.reading_answers import asked_of

    read = [one for at, one in enumerate(sample.files.order_by("pk")) if at % LEFT_OPEN]
    for reading in (one for file in read for one in file.readings.select_related("account", "file__sample")):
        file = (reading.file.force_code, reading.file.subject_ref)
        asked = asked_of(reading).questions
        told = inspectors.true_answers([file], {one.key: one.may_be for one in asked})
        with transaction.atomic():
            for one in asked:
                answer = told[(*file, one.key)]
                answer_saving.save(reading, one.key, answer, REASON if one.needs_reason(answer) else "")
            answer_saving.finish(reading)
