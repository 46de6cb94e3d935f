"""Create a synthetic inspection with a workbench to try, with work for every role.

It has four synthetic forces, with proposals for the panel, and letters and points for forces; crimes to read, half of
them by two readers, of which three in four are already read and sealed, so that figures of the report change when the
others are; texts to label and record pairs to review. There are three inspectors, an adjudicator, two analysts and one
account of every other role. All data are synthetic, and every page says so.

The demo is created completely or started again: while it is being created, a file beside it says so.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.casefiles.file_sampling import draw_sample
from assay.errors import UsageError
from assay.progress import Progress, no_progress
from assay.synthetic.demo import run_demo
from assay.synthetic.synthetic_inspectors import SyntheticInspectors
from assay.workbench.django_setup import start_django
from assay.workbench.workbench_folder import WorkbenchFolder, make_workbench_folder, workbench_path

if TYPE_CHECKING:
    from assay.workbench.models import Sample

FORCES, CRIMES, SEED = 4, 25, 5
TEXTS, PAIRS = 20, 10
KEY, QUESTIONS = "crimes", "responses_case"
DESIGN = 'title = "Crimes of the period"\nsubject = "crime"\nseed = "to play with"\nfiles = 48\ndouble = 0.5\n'
OPEN_FILE_INTERVAL = 4
"""One of this many files is left to be read."""
UNFINISHED = "being-made"
"""The file in the workbench folder that marks a demo as synthetic and incomplete."""
RATERS_CSV = "marker_code,away_from,part,auditor_of,adjudicator\nM01,INV01,,,\nM02,INV02,,,\nM03,,,,\nJ01,,,,yes\n"
STAFF = (
    ("M01", "inspector", ""), ("M02", "inspector", ""), ("M03", "inspector", ""), ("J01", "inspector", ""),
    ("A01", "analyst", ""), ("A02", "analyst", ""), ("P01", "panel", ""), ("L01", "liaison", "INV01"),
    ("T01", "auditor", ""),
)  # fmt: skip
REASON = "As the record shows."
PASSWORD = "only-for-playing"
"""For synthetic inspections only."""


@dataclass(frozen=True)
class DemoWorkbench:
    """The demo workbench that was made: its accounts and password."""

    workbench: WorkbenchFolder

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        codes = [code for code, *_ in STAFF]
        return {"inspection": str(self.workbench.inspection), "accounts": codes, "password": PASSWORD}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        account_lines = [f"  {code}  {role}{f' of {force}' if force else ''}" for code, role, force in STAFF]
        return [
            f"A synthetic inspection to practise on: {self.workbench.inspection}",
            *account_lines,
            f"The password of each is {PASSWORD}. The six digits of the minute: assay workbench practice-code "
            f"{self.workbench.inspection.name} M01",
        ]


def needs_demo(folder: Path) -> bool:
    """Return True if there is no demo yet, or its creation was interrupted."""
    return not folder.exists() or (workbench_path(folder) / UNFINISHED).is_file()


def make_demo(folder: Path, progress: Progress = no_progress) -> DemoWorkbench:
    """Create a synthetic inspection in `folder`, with its workbench and returns beside it."""
    workbench_folder, sent_folder = workbench_path(folder), folder.with_name(f"{folder.name}-sent")
    if (workbench_folder / UNFINISHED).is_file():
        for left in (folder, sent_folder, workbench_folder):  # the file that tells goes last
            shutil.rmtree(left, ignore_errors=True)
    if obstacle := next((path for path in (workbench_folder, sent_folder) if path.exists()), None):
        raise UsageError(f"{obstacle} exists already, but there is no inspection beside it. Name another folder.")
    workbench_folder.mkdir(mode=0o700, parents=True)
    (workbench_folder / UNFINISHED).touch()
    demo = generate_inspection(folder, progress)
    (workbench_folder / UNFINISHED).unlink()
    return demo


def generate_inspection(folder: Path, progress: Progress = no_progress) -> DemoWorkbench:
    """Generate a synthetic inspection in `folder`, fill its workbench, and run it up to its report.

    Its returns are in `<folder>-sent`.
    """

    def fill_workbench(inspectors: SyntheticInspectors) -> None:
        start_django(make_workbench_folder(folder))
        set_up(folder, inspectors, progress)

    run_demo(folder, forces=FORCES, crimes=CRIMES, seed=SEED, before_report=fill_workbench, progress=progress)
    return DemoWorkbench(make_workbench_folder(folder))


def set_up(folder: Path, inspectors: SyntheticInspectors, progress: Progress = no_progress) -> None:
    """Create the accounts of the demo, and open a sample, texts and record pairs in the workbench.

    Most files are rated and sealed, so that the report of the next run has figures from them. `<folder>-sent` holds the
    sample design and its readers.
    """
    from assay.workbench.accounts import make_account
    from assay.workbench.label_rounds import bring_texts
    from assay.workbench.models import Sample
    from assay.workbench.rating_handover import seal_ready_files
    from assay.workbench.record_pairs import bring_pairs
    from assay.workbench.sample_opening import open_sample

    workbench, sent_folder = make_workbench_folder(folder), folder.with_name(f"{folder.name}-sent")
    progress("Adding files, texts and pairs to the workbench", 0, 0)
    (sent_folder / f"{KEY}.toml").write_text(DESIGN, encoding="utf-8")
    (sent_folder / "markers.csv").write_text(RATERS_CSV, encoding="utf-8")
    draw_sample(folder, sent_folder / f"{KEY}.toml")
    for code, role, force in STAFF:
        make_account(code, role, force_code=force, password=PASSWORD)
    open_sample(workbench, KEY, QUESTIONS, sent_folder / "markers.csv")
    sample = Sample.objects.get(key=KEY)
    rate_most_files(sample, inspectors)
    seal_ready_files(workbench, sample, "A01")
    bring_texts(workbench, "blaming", size=TEXTS, seed=SEED, pool_size=3 * TEXTS)
    bring_pairs(workbench, number=PAIRS, seed=KEY)


def rate_most_files(sample: Sample, inspectors: SyntheticInspectors) -> None:
    """Rate and finish three of four files with the true answers."""
    from django.db import transaction

    from assay.workbench import answer_saving
    from assay.workbench.reading_answers import reading_questions

    read_files = [item for position, item in enumerate(sample.files.order_by("pk")) if position % OPEN_FILE_INTERVAL]
    for reading in (item for file in read_files for item in file.readings.select_related("account", "file__sample")):
        file = (reading.file.force_code, reading.file.subject_ref)
        rating_questions = reading_questions(reading).questions
        true_answers = inspectors.true_answers([file], {item.key: item.answer_hint for item in rating_questions})
        with transaction.atomic():
            for item in rating_questions:
                answer = true_answers[(*file, item.key)]
                answer_saving.save_answer(reading, item.key, answer, REASON if item.needs_reason(answer) else "")
            answer_saving.finish_reading(reading)
