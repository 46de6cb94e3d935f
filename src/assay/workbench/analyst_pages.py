"""The analysts' pages: progress of a sample, agreement, results, and the files and sources behind a figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.casefiles.file_allocation import sample_ratings
from assay.casefiles.ratings import current_ratings, inspector_ratings
from assay.casefiles.sample_page import summarise_sample
from assay.casefiles.sample_results import answers_to
from assay.engine.provenance import read_receipt
from assay.engine.provenance.receipts import RECEIVED_PREFIX
from assay.errors import AssayError, PurposeRefused
from assay.indicators.question_set_catalogue import question_set
from assay.ingest.accepted_returns import current_returns
from assay.ingest.inspection_folder import open_inspection
from assay.ingest.table_permission import ReadPermission
from assay.workbench import adjudication, audit_log
from assay.workbench.audit_log import Kind, LogValue
from assay.workbench.content_access import Content, Limit, shows, shows_no_content
from assay.workbench.models import ANALYST, OPEN, PANEL, SEALED, CaseFile, Comment, Reading, Sample
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workbench.rating_handover import files_to_reopen, is_ready, readings_to_reopen, seal_ready_files
from assay.workbench.reading_limit import HARD_FILES
from assay.workflows.reading.entry_reading import NOTES, unlock_entry
from assay.workflows.retire.ledger_entry_codes import entry_code

# Find the returns, editions and original files behind a case file.


@dataclass(frozen=True)
class Source:
    """One data return: its stage, edition and provenance record, and the files sent, by name and SHA-256."""

    force_code: str
    stage: str
    edition: int
    receipt: str
    file_hashes: tuple[tuple[str, str], ...]


def find_sources(folder: Path, force_codes: Collection[str]) -> list[Source]:
    """Return the current returns of these forces."""
    sources = []
    for accepted_return in current_returns(open_inspection(folder)):
        receipt = read_receipt(folder, accepted_return.stage) if accepted_return.force_code in force_codes else None
        if receipt is not None:
            file_hashes = tuple(
                (name.removeprefix(RECEIVED_PREFIX), value) for name, value in sorted(receipt.inputs.items())
            )
            sources.append(
                Source(
                    accepted_return.force_code,
                    accepted_return.stage,
                    accepted_return.return_edition.edition,
                    receipt.hash,
                    file_hashes,
                )
            )
    return sources


def find_entries(folder: Path, file: CaseFile, subject: str) -> list[dict[str, Any]]:
    """Return the text entries on the crime of a file: reference, date, kind and role of the author.

    Empty for any other file, or if entries may not be read.
    """
    inspection = open_inspection(folder)
    accepted = (
        [
            accepted_return
            for accepted_return in current_returns(inspection)
            if accepted_return.force_code == file.force_code
        ]
        if subject == "crime"
        else []
    )
    paths = [
        path for accepted_return in accepted if (path := folder / accepted_return.stage / "notes.parquet").is_file()
    ]
    try:
        ReadPermission(inspection, date.today()).require("notes", "samples", paths, "an analyst's look at a file")
    except PurposeRefused:
        return []
    columns = ["note_ref", "entry_at_day", "entry_type", "author_role"]
    rows = [pl.read_parquet(path).filter(pl.col("crime_ref") == file.subject_ref).select(columns) for path in paths]
    return [row for entry_table in rows for row in entry_table.sort("entry_at_day", "note_ref").iter_rows(named=True)]


def _sample_details(_request: HttpRequest, number: int, **address: Any) -> dict[str, LogValue]:
    opened_sample = Sample.objects.get(pk=number)
    return {"sample": opened_sample.key, "questions": opened_sample.questions, **address}


def _counted_file(_request: HttpRequest, number: int, **_address: Any) -> CaseFile | None:
    return CaseFile.objects.filter(pk=number).first()


def _file_details(_request: HttpRequest, number: int) -> dict[str, LogValue]:
    return {"file": number}


def _step_details(_request: HttpRequest, number: int, place: int) -> dict[str, LogValue]:
    return {"file": number, "step": place}


DAILY_LIMIT = Limit(HARD_FILES, _counted_file)
RESULTS = shows(Content("what sealed marks say, and comments", Kind.RESULTS_SEEN, _sample_details))
ANSWERS = shows(Content("what each file was answered", Kind.ANSWERS_SEEN, _sample_details))
FILE = shows(Content("steps and sealed marks of a file", Kind.FILE_LOOKED_AT, _file_details))
TEXT = shows(Content("a text without names", Kind.TEXT_SHOWN, _step_details, DAILY_LIMIT))
ENTRIES = shows(Content("a file, and an entry with its names", Kind.FILE_LOOKED_AT, _file_details, DAILY_LIMIT))
"""An unlocked entry has a further log line, which is written before the entry is read."""


@allow_roles(ANALYST, PANEL)
@require_GET
@shows_no_content("how many files are finished")
def samples(request: HttpRequest) -> HttpResponse:
    """Show every sample in the workbench and its progress."""
    return render_page(
        request,
        "samples.html",
        {"rows": [_progress_row(opened_sample) for opened_sample in Sample.objects.order_by("id")]},
    )


def _progress_row(sample: Sample) -> dict[str, Any]:
    readings = Reading.objects.filter(file__sample=sample)
    files = list(sample.files.prefetch_related("readings"))
    return {
        "sample": sample,
        "files": len(files),
        "readings": readings.count(),
        "finished": readings.exclude(state=OPEN).count(),
        "sealed": readings.filter(state=SEALED).count(),
        "ready": sum(_can_be_sealed(case_file) for case_file in files),
        "to_reopen": files_to_reopen(case_file for case_file in files if is_ready(case_file)),
        "undecided": [
            case_file for case_file in files if adjudication.is_discrepant(case_file) and not is_ready(case_file)
        ],
    }


def _can_be_sealed(file: CaseFile) -> bool:
    unsealed = any(reading.state != SEALED for reading in file.readings.all())
    return unsealed and is_ready(file) and not readings_to_reopen(file)


@allow_roles(ANALYST, PANEL)
@require_GET
@RESULTS
def sample(request: HttpRequest, number: int) -> HttpResponse:
    """Show one sample: progress, agreement of raters, and the results of the sealed ratings."""
    return _sample_page(request, get_object_or_404(Sample, pk=number))


def _sample_page(request: HttpRequest, opened_sample: Sample, message: str = "") -> HttpResponse:
    result = summarise_sample(settings.PLACE.inspection, opened_sample.key, opened_sample.questions)
    questions = question_set(opened_sample.questions).questions
    current_readings = Reading.objects.filter(
        file__sample=opened_sample
    )  # without those that were given to somebody else
    comments = Comment.objects.filter(reading__in=current_readings, closed=False).select_related("reading__file")
    is_analyst = request.user.role == ANALYST
    more = {
        "questions": questions,
        "analyst": is_analyst,
        "comments": comments if is_analyst else (),
        "message": message,
    }
    return render_page(
        request,
        "sample_in_workbench.html",
        {**_progress_row(opened_sample), "results": result.page, **more},
        409 if message else 200,
    )


@allow_roles(ANALYST)
@require_GET
@ANSWERS
def answers(request: HttpRequest, number: int, question: str) -> HttpResponse:
    """Show the files behind the figures of one question, with each current answer."""
    opened_sample = get_object_or_404(Sample, pk=number)
    rating_question = question_set(opened_sample.questions).question(question)
    if rating_question is None:
        raise Http404
    answers_by_file = answers_to(
        inspector_ratings(sample_ratings(settings.PLACE.inspection, opened_sample.key, opened_sample.questions)),
        question,
    )
    selected = request.GET.get("force", ""), request.GET.get("answer", "")
    rows = [
        {"file": file, "answer": answers_by_file[file.pair]}
        for file in opened_sample.files.order_by("force_code", "subject_ref")
        if file.pair in answers_by_file
        and selected[0] in ("", file.force_code)
        and selected[1] in ("", answers_by_file[file.pair])
    ]
    forces = sorted({code for code, _ref in answers_by_file})
    context = {
        "sample": opened_sample,
        "asked": rating_question,
        "rows": rows,
        "forces": forces,
        "force": selected[0],
        "answer": selected[1],
        "given": sorted(set(answers_by_file.values())),
    }
    return render_page(request, "answers.html", context)


@allow_roles(ANALYST)
@require_GET
@FILE
def file(request: HttpRequest, number: int) -> HttpResponse:
    """Show one file: its sealed ratings, its steps, and their sources."""
    case_file = get_object_or_404(CaseFile.objects.select_related("sample"), pk=number)
    return render_page(request, "file.html", _file_context(case_file))


def _file_context(case_file: CaseFile, **more: Any) -> dict[str, Any]:
    inspection_folder, questionnaire = settings.PLACE.inspection, question_set(case_file.sample.questions)
    marks = [mark for mark in sample_ratings(inspection_folder, case_file.sample.key, case_file.sample.questions)
             if (mark["force_code"], mark["subject_ref"]) == case_file.pair]  # fmt: skip
    valid_refs = {mark["mark_ref"] for mark in current_ratings(marks)}
    context = {
        "file": case_file,
        "marks": [
            {**mark, "holds": mark["mark_ref"] in valid_refs, "asked": _question_text(questionnaire.questions, mark)}
            for mark in marks
        ],
        "steps": list(case_file.steps.all()),
        "sources": find_sources(inspection_folder, (case_file.force_code, *case_file.also)),
        "entries": find_entries(inspection_folder, case_file, questionnaire.subject),
        "raw": "",
        "problem": "",
        "which": "",
    }
    return {**context, **more}


def _question_text(questions: Iterable[Any], mark: Any) -> str:
    return next(
        (str(question.text) for question in questions if question.key == mark["question"]),
        str(mark["question"]),
    )


@allow_roles(ANALYST)
@require_POST
@TEXT
def text(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """Show the text of a step with names removed."""
    case_file = get_object_or_404(CaseFile, pk=number)
    step = get_object_or_404(case_file.steps, place=place)
    if not step.text:
        raise Http404
    context = {"reading": None, "step": step, "early": False, "passages": None, "file": case_file}
    return render_page(request, "text.html" if request.headers.get("HX-Request") else "text_page.html", context)


@allow_roles(ANALYST)
@require_POST
@ENTRIES
def raw(request: HttpRequest, number: int) -> HttpResponse:
    """Show an entry of a file with its names; the ledger records who saw it.

    The ledger and the audit log record who, which and why before the first word is shown.
    """
    case_file = get_object_or_404(CaseFile.objects.select_related("sample"), pk=number)
    entry_ref, reason = request.POST.get("entry", ""), request.POST.get("reason", "")
    entries = find_entries(settings.PLACE.inspection, case_file, question_set(case_file.sample.questions).subject)
    if entry_ref not in [entry["note_ref"] for entry in entries]:
        return render_page(
            request, "file.html", _file_context(case_file, problem=_("That entry does not belong to this file.")), 422
        )
    try:
        with audit_log.write_lines() as lines:
            code = entry_code(settings.PLACE.inspection, case_file.force_code, NOTES, entry_ref)
            lines.add(
                Kind.TEXT_UNLOCKED, request.user.code, file=case_file.id, entry=code, why=audit_log.digest(reason)
            )
            unlocked_text = unlock_entry(
                settings.PLACE.inspection, case_file.force_code, entry_ref, reader_code=request.user.code, reason=reason
            )
    except AssayError as error:
        return render_page(request, "file.html", _file_context(case_file, problem=str(error), which=entry_ref), 422)
    return render_page(request, "file.html", _file_context(case_file, raw=unlocked_text, which=entry_ref))


@allow_roles(ANALYST)
@require_POST
@RESULTS
def seal(request: HttpRequest, number: int) -> HttpResponse:
    """Seal every file that is ready."""
    opened_sample = get_object_or_404(Sample, pk=number)
    try:
        seal_ready_files(settings.PLACE, opened_sample, request.user.code)
    except AssayError as error:
        return _sample_page(request, opened_sample, str(error))
    return redirect(f"/sample/{opened_sample.id}")
