"""Fieldwork of the demo: case files, documents, visits and surveys of synthetic forces.

It gives a demonstration every evidence source: case files sampled and rated, documents checked, interviews rated, staff
and partners surveyed. The exported sheets are filled in by `synthetic_inspectors`.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from assay.casefiles.document_register import check_register
from assay.casefiles.fieldwork_plan import accept_plan
from assay.casefiles.file_allocation import issue_sheets
from assay.casefiles.file_sampling import draw_sample
from assay.casefiles.rating_intake import accept_ratings
from assay.casefiles.surveys.survey_intake import accept_answers, form_for
from assay.errors import UsageError
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.other_senders import MANIFEST_FILE
from assay.progress import Progress, no_progress
from assay.synthetic.fieldwork_visits import FOLDER as VISITED
from assay.synthetic.fieldwork_visits import LIST, MARKERS
from assay.synthetic.survey_responses import write_responses
from assay.synthetic.synthetic_inspectors import SyntheticInspectors
from assay.workflows.receive.other_sender_intake import hear

SAMPLE, FILES_PER_FORCE = "files", 5
DESIGN = 'title = "Crimes of the period"\nsubject = "crime"\nseed = "demonstration"\ndouble = 0.1\n'
QUESTIONS = "responses_case"
SETS = ("interview_fieldwork", "focus_group_fieldwork", "observation_fieldwork")
SURVEYED_SHARE = 2 / 3
"""The share of forces whose staff and partners are surveyed."""
REGISTER_FOLDER = "INSPECTION"


def do_fieldwork(
    out: Path, returns_folder: Path, inspectors: SyntheticInspectors, *, progress: Progress = no_progress
) -> None:
    """Read files, visit and survey synthetic forces in the inspection `out`.

    It is idempotent: issued and rated sheets stay, and all dates are those of the synthetic country.
    """
    request = open_inspection(out).request
    day = datetime.combine(request.period_to, datetime.min.time())
    work = returns_folder / VISITED
    forces = [code for code, organisation in request.organisations.items() if not organisation.is_national]
    progress("Reading case files", 0, 0)
    design = work / f"{SAMPLE}.toml"
    design.write_text(f"{DESIGN}files = {FILES_PER_FORCE * len(forces)}\n", encoding="utf-8", newline="\n")
    draw_sample(out, design)
    _mark(out, work, SAMPLE, QUESTIONS, inspectors, day)
    progress("Reading documents", 0, 0)
    _check_documents(out, returns_folder, work, inspectors)
    progress("Visiting forces", 0, 0)
    plan = accept_plan(out, work / LIST)
    for questions in SETS:
        if plan.planned:
            _mark(out, work, plan.key, questions, inspectors, day)
    progress("Asking staff and partners", 0, 0)
    for name in ("staff", "partners"):
        form, answers, frame = (work / f"{name}{end}" for end in (".xlsx", ".csv", "_frame.csv"))
        form_for(out, name, form)
        write_responses(form, inspectors, forces[: max(1, round(SURVEYED_SHARE * len(forces)))], answers, frame)
        accept_answers(out, name, answers, frame)


def _mark(out: Path, work: Path, key: str, questions: str, inspectors: SyntheticInspectors, day: datetime) -> None:
    place = work / questions
    allocation = issue_sheets(out, key, questions, work / MARKERS, place, now=lambda: day)
    filled = []
    for code, sheet in allocation.sheets.items():
        filled.append(place / f"marked_{code}.xlsx")
        inspectors.fill_sheet(sheet, filled[-1])
    accept_ratings(out, filled, now=lambda: day)


def _check_documents(out: Path, returns_folder: Path, work: Path, inspectors: SyntheticInspectors) -> None:
    """Import the document register as a second edition, with the results of its checklists."""
    register, second_edition = returns_folder / "others" / REGISTER_FOLDER, work / REGISTER_FOLDER
    empty = work / "checks.csv"
    try:
        check_register(out, checklist=empty)
    except UsageError:
        return  # no force had a document
    second_edition.mkdir(exist_ok=True)
    for path in register.glob("*.csv"):
        shutil.copyfile(path, second_edition / path.name)
    manifest = (register / MANIFEST_FILE).read_text(encoding="utf-8")
    (second_edition / MANIFEST_FILE).write_text(
        manifest.replace("edition = 1", "edition = 2"), encoding="utf-8", newline="\n"
    )
    inspectors.fill_checklist(empty, second_edition / "document_checks.csv")
    hear(out, [second_edition])
