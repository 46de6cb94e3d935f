"""How far is a sample, who agrees, what was found; and from a figure to its files, from a file to its sources?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.casefiles.file_allocation import marks_of
from assay.casefiles.ratings import of_inspectors, standing
from assay.casefiles.sample_page import told_of
from assay.casefiles.sample_results import answers_to
from assay.errors import AssayError
from assay.indicators.question_set_catalogue import question_set
from assay.workbench import adjudication, audit_log
from assay.workbench.audit_log import Kind, Plain
from assay.workbench.content_access import Content, Limit, shows, shows_no_content
from assay.workbench.file_sources import entries_of, sources_of
from assay.workbench.models import ANALYST, OPEN, PANEL, SEALED, CaseFile, Comment, Reading, Sample
from assay.workbench.page_permissions import open_to
from assay.workbench.page_rendering import show
from assay.workbench.rating_handover import files_to_reopen, hand_in, must_reopen, ready
from assay.workbench.reading_limit import HARD_FILES
from assay.workflows.reading.entry_reading import NOTES, unlock
from assay.workflows.retire.ledger_entry_codes import entry_code


def _of_sample(_request: HttpRequest, number: int, **address: Any) -> dict[str, Plain]:
    one = Sample.objects.get(pk=number)
    return {"sample": one.key, "questions": one.questions, **address}


def _file_shown(_request: HttpRequest, number: int, **_address: Any) -> CaseFile | None:
    return CaseFile.objects.filter(pk=number).first()


def _of_file_shown(_request: HttpRequest, number: int) -> dict[str, Plain]:
    return {"file": number}


def _of_step(_request: HttpRequest, number: int, place: int) -> dict[str, Plain]:
    return {"file": number, "step": place}


OF_DAY = Limit(HARD_FILES, _file_shown)
RESULTS = shows(Content("what sealed marks say, and comments", Kind.RESULTS_SEEN, _of_sample))
ANSWERS = shows(Content("what each file was answered", Kind.ANSWERS_SEEN, _of_sample))
FILE = shows(Content("steps and sealed marks of a file", Kind.FILE_LOOKED_AT, _of_file_shown))
TEXT = shows(Content("a text without names", Kind.TEXT_SHOWN, _of_step, OF_DAY))
ENTRIES = shows(Content("a file, and an entry with its names", Kind.FILE_LOOKED_AT, _of_file_shown, OF_DAY))
"""An entry with its names has a line of its own too, which is written before it is read."""


@open_to(ANALYST, PANEL)
@require_GET
@shows_no_content("how many files are finished")
def samples(request: HttpRequest) -> HttpResponse:
    """Every sample at the desks, and how far it is."""
    return show(request, "samples.html", {"rows": [_far(one) for one in Sample.objects.order_by("id")]})


def _far(sample: Sample) -> dict[str, Any]:
    readings = Reading.objects.filter(file__sample=sample)
    files = list(sample.files.prefetch_related("readings"))
    return {
        "sample": sample,
        "files": len(files),
        "readings": readings.count(),
        "finished": readings.exclude(state=OPEN).count(),
        "sealed": readings.filter(state=SEALED).count(),
        "ready": sum(_can_be_sealed(one) for one in files),
        "to_reopen": files_to_reopen(one for one in files if ready(one)),
        "undecided": [one for one in files if adjudication.differs(one) and not ready(one)],
    }


def _can_be_sealed(file: CaseFile) -> bool:
    unsealed = any(reading.state != SEALED for reading in file.readings.all())
    return unsealed and ready(file) and not must_reopen(file)


@open_to(ANALYST, PANEL)
@require_GET
@RESULTS
def sample(request: HttpRequest, number: int) -> HttpResponse:
    """One sample: progress, agreement, and what the sealed marks say."""
    return _sample_page(request, get_object_or_404(Sample, pk=number))


def _sample_page(request: HttpRequest, one: Sample, said: str = "") -> HttpResponse:
    told = told_of(settings.PLACE.inspection, one.key, one.questions)
    questions = question_set(one.questions).questions
    counted = Reading.objects.filter(file__sample=one)  # without those that were given to somebody else
    comments = Comment.objects.filter(reading__in=counted, closed=False).select_related("reading__file")
    analyst = request.user.role == ANALYST
    more = {"questions": questions, "analyst": analyst, "comments": comments if analyst else (), "said": said}
    return show(request, "sample_desk.html", {**_far(one), "told": told.page, **more}, 409 if said else 200)


@open_to(ANALYST)
@require_GET
@ANSWERS
def answers(request: HttpRequest, number: int, question: str) -> HttpResponse:
    """The files behind the figures of one question: what each was answered, in the round that holds."""
    one = get_object_or_404(Sample, pk=number)
    asked = question_set(one.questions).question(question)
    if asked is None:
        raise Http404
    held = answers_to(of_inspectors(marks_of(settings.PLACE.inspection, one.key, one.questions)), question)
    wanted = request.GET.get("force", ""), request.GET.get("answer", "")
    rows = [
        {"file": file, "answer": held[file.pair]}
        for file in one.files.order_by("force_code", "subject_ref")
        if file.pair in held and wanted[0] in ("", file.force_code) and wanted[1] in ("", held[file.pair])
    ]
    forces = sorted({code for code, _ref in held})
    told = {"sample": one, "asked": asked, "rows": rows, "forces": forces, "force": wanted[0], "answer": wanted[1],
            "given": sorted(set(held.values()))}  # fmt: skip
    return show(request, "answers.html", told)


@open_to(ANALYST)
@require_GET
@FILE
def file(request: HttpRequest, number: int) -> HttpResponse:
    """One file: its sealed marks, its steps, and where all of it comes from."""
    one = get_object_or_404(CaseFile.objects.select_related("sample"), pk=number)
    return show(request, "file.html", _of_file(one))


def _of_file(one: CaseFile, **more: Any) -> dict[str, Any]:
    place, asked = settings.PLACE.inspection, question_set(one.sample.questions)
    marks = [mark for mark in marks_of(place, one.sample.key, one.sample.questions)
             if (mark["force_code"], mark["subject_ref"]) == one.pair]  # fmt: skip
    held = {mark["mark_ref"] for mark in standing(marks)}
    told = {
        "file": one,
        "marks": [{**mark, "holds": mark["mark_ref"] in held, "asked": _text(asked.questions, mark)} for mark in marks],
        "steps": list(one.steps.all()),
        "sources": sources_of(place, (one.force_code, *one.also)),
        "entries": entries_of(place, one, asked.subject),
        "raw": "",
        "said": "",
        "which": "",
    }
    return {**told, **more}


def _text(questions: Iterable[Any], mark: Any) -> str:
    return next((str(one.text) for one in questions if one.key == mark["question"]), str(mark["question"]))


@open_to(ANALYST)
@require_POST
@TEXT
def text(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """What was written at a step, without names."""
    one = get_object_or_404(CaseFile, pk=number)
    step = get_object_or_404(one.steps, place=place)
    if not step.text:
        raise Http404
    told = {"reading": None, "step": step, "early": False, "passages": None, "file": one}
    return show(request, "text.html" if request.headers.get("HX-Request") else "text_page.html", told)


@open_to(ANALYST)
@require_POST
@ENTRIES
def raw(request: HttpRequest, number: int) -> HttpResponse:
    """An entry of a file as it was sent, with its names. Who, which and why stand in the ledger and in the trail
    before the first word is shown."""
    one = get_object_or_404(CaseFile.objects.select_related("sample"), pk=number)
    which, reason = request.POST.get("entry", ""), request.POST.get("reason", "")
    found = entries_of(settings.PLACE.inspection, one, question_set(one.sample.questions).subject)
    if which not in [entry["note_ref"] for entry in found]:
        return show(request, "file.html", _of_file(one, said=_("That entry is not one of this file.")), 422)
    try:
        with audit_log.writing() as lines:
            code = entry_code(settings.PLACE.inspection, one.force_code, NOTES, which)
            lines.add(Kind.TEXT_UNLOCKED, request.user.code, file=one.id, entry=code, why=audit_log.digest(reason))
            written = unlock(settings.PLACE.inspection, one.force_code, which, who=request.user.code, reason=reason)
    except AssayError as error:
        return show(request, "file.html", _of_file(one, said=str(error), which=which), 422)
    return show(request, "file.html", _of_file(one, raw=written, which=which))


@open_to(ANALYST)
@require_POST
@RESULTS
def seal(request: HttpRequest, number: int) -> HttpResponse:
    """Seal every file that is ready."""
    one = get_object_or_404(Sample, pk=number)
    try:
        hand_in(settings.PLACE, one, request.user.code)
    except AssayError as error:
        return _sample_page(request, one, str(error))
    return redirect(f"/sample/{one.id}")
