"""What do inspectors do beside the records, when forces are invented: read files and documents, visit, and ask?

So that a demonstration has every strand of evidence: case files drawn and marked, documents checked, interviews marked,
staff and partners asked. Whatever is given out is filled in by `invented`, from the sheets as they were exported.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from assay.casefiles.document_register import looked_at
from assay.casefiles.fieldwork_plan import take_plan
from assay.casefiles.file_allocation import give_out
from assay.casefiles.file_sampling import draw_files
from assay.casefiles.rating_intake import take_in
from assay.casefiles.surveys.survey_intake import form_for, take_answers
from assay.errors import UsageError
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.other_senders import COVER
from assay.progress import Progress, silent
from assay.synthetic.fieldwork_visits import FOLDER as VISITED
from assay.synthetic.fieldwork_visits import LIST, MARKERS
from assay.synthetic.survey_responses import answer
from assay.synthetic.synthetic_inspectors import Inspectors
from assay.workflows.receive.other_sender_intake import hear

SAMPLE, FILES_EACH = "files", 5
DESIGN = 'title = "Crimes of the period"\nsubject = "crime"\nseed = "demonstration"\ndouble = 0.1\n'
QUESTIONS = "responses_case"
SETS = ("interview_fieldwork", "focus_group_fieldwork", "observation_fieldwork")
SURVEYED = 2 / 3
"""The share of forces whose staff and partners are asked."""
SENT = "INSPECTION"


def do_fieldwork(out: Path, sent: Path, truth: Inspectors, *, progress: Progress = silent) -> None:
    """Read, visit and ask, in the inspection `out` that was run, of forces that were invented into `sent`.

    Done again it changes nothing: what was given out and marked stays, and every day is that of the invented country.
    """
    request = open_inspection(out).request
    day = datetime.combine(request.period_to, datetime.min.time())
    work = sent / VISITED
    forces = [code for code, body in request.bodies.items() if not body.national]
    progress("Reading case files", 0, 0)
    design = work / f"{SAMPLE}.toml"
    design.write_text(f"{DESIGN}files = {FILES_EACH * len(forces)}\n", encoding="utf-8", newline="\n")
    draw_files(out, design)
    _mark(out, work, SAMPLE, QUESTIONS, truth, day)
    progress("Reading documents", 0, 0)
    _check_documents(out, sent, work, truth)
    progress("Visiting forces", 0, 0)
    plan = take_plan(out, work / LIST)
    for questions in SETS:
        if plan.planned:
            _mark(out, work, plan.key, questions, truth, day)
    progress("Asking staff and partners", 0, 0)
    for name in ("staff", "partners"):
        form, answers, frame = (work / f"{name}{end}" for end in (".xlsx", ".csv", "_frame.csv"))
        form_for(out, name, form)
        answer(form, truth, forces[: max(1, round(SURVEYED * len(forces)))], answers, frame)
        take_answers(out, name, answers, frame)


def _mark(out: Path, work: Path, key: str, questions: str, truth: Inspectors, day: datetime) -> None:
    place = work / questions
    given = give_out(out, key, questions, work / MARKERS, place, now=lambda: day)
    filled = []
    for code, sheet in given.sheets.items():
        filled.append(place / f"marked_{code}.xlsx")
        truth.mark(sheet, filled[-1])
    take_in(out, filled, now=lambda: day)


def _check_documents(out: Path, sent: Path, work: Path, truth: Inspectors) -> None:
    """The register again, as a second edition, with what its checklists came to."""
    register, again = sent / "others" / SENT, work / SENT
    empty = work / "checks.csv"
    try:
        looked_at(out, checklist=empty)
    except UsageError:
        return  # no force had a document
    again.mkdir(exist_ok=True)
    for path in register.glob("*.csv"):
        shutil.copyfile(path, again / path.name)
    cover = (register / COVER).read_text(encoding="utf-8")
    (again / COVER).write_text(cover.replace("edition = 1", "edition = 2"), encoding="utf-8", newline="\n")
    truth.check(empty, again / "document_checks.csv")
    hear(out, [again])
