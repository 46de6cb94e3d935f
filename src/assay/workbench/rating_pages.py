"""The marking page: what happened in a file beside the questions about it; and what each press on it does."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assay.casefiles.file_assignment import ADJUDICATED
from assay.casefiles.rating_validation import Read
from assay.contract.question_sets import ListQuestion, Question
from assay.text.personal_details import what_to_take_out
from assay.workbench import adjudication, answer_saving, audit_log
from assay.workbench.answer_saving import Meanwhile, NotNow, Recalled
from assay.workbench.audit_log import Kind, Plain
from assay.workbench.content_access import Content, Limit, logged_as, shows, without_content
from assay.workbench.keyboard_keys import keys_of
from assay.workbench.models import INSPECTOR, OPEN, RECALLED, Answer, CaseFile, Comment, Reading, Step
from assay.workbench.page_permissions import open_to
from assay.workbench.page_rendering import show
from assay.workbench.reading_answers import REASON, asked_of, standing
from assay.workbench.reading_limit import HARD_FILES
from assay.workbench.text_passages import passages

View = Callable[..., HttpResponse]


def _mine(request: HttpRequest) -> QuerySet[Reading]:
    return Reading.objects.filter(account=request.user)


def own(request: HttpRequest, number: int) -> Reading:
    """A reading of whoever asks; another's is not there. Recalled where it was given to somebody else."""
    held = Reading.everything.filter(account=request.user).select_related("file__sample", "account")
    found: Reading = get_object_or_404(held, pk=number)
    if found.state == RECALLED:
        raise Recalled
    return found


def unless_recalled(view: View) -> View:
    """Say that a file was given to somebody else where it was, whatever was asked of it; a part of the page says so in
    its place."""

    @wraps(view)
    def answered(request: HttpRequest, **address: Any) -> HttpResponse:
        try:
            return view(request, **address)
        except Recalled as error:
            part = "refused_part.html" if view.__name__ in ("text", "marked") else "not_saved.html"
            page = part if request.headers.get("HX-Request") else "refused.html"
            return without_content(show(request, page, {"said": str(error), "meanwhile": None}, 409))

    return answered


def _file_read(request: HttpRequest, number: int, **_address: Any) -> CaseFile | None:
    """The file of a reading of whoever asks."""
    return CaseFile.objects.filter(readings__in=_mine(request).filter(pk=number)).first()


def _opened(request: HttpRequest, number: int, **_address: Any) -> bool:
    """Note that a reading was seen by its reader, from when on it is not taken back; False where it was."""
    return bool(_mine(request).filter(pk=number).update(opened=True))


def _of_reading(_request: HttpRequest, number: int, **_address: Any) -> dict[str, Plain]:
    return {"reading": number}


def _of_step(_request: HttpRequest, number: int, place: int) -> dict[str, Plain]:
    return {"reading": number, "step": place}


OF_DAY = Limit(HARD_FILES, _file_read, hidden=True)
FILE = shows(Content("steps, questions and answers of a file", Kind.READING_OPENED, _of_reading, OF_DAY, _opened))
TEXT = shows(Content("a text without names", Kind.TEXT_SHOWN, _of_step, OF_DAY, _opened))
PASSAGES = shows(Content("a text with its marked passages", Kind.PASSAGES_SHOWN, _of_step, OF_DAY, _opened))


@open_to(INSPECTOR)
@require_http_methods(["GET"])
@FILE
@unless_recalled
def page(request: HttpRequest, number: int) -> HttpResponse:
    """The page of one file."""
    return show(request, "reading.html", _told(own(request, number)))


@open_to(INSPECTOR)
@require_POST
@FILE
@unless_recalled
def answer(request: HttpRequest, number: int, question: str) -> HttpResponse:
    """Keep one answer; a part of the page comes back, or without a script the page itself."""
    reading = own(request, number)
    said = ", ".join(one for one in request.POST.getlist("answer") if one.strip())
    seen = request.POST.get("turn", "")
    try:
        turn = int(seen) if seen.isdecimal() and seen.isascii() else None
        saved = answer_saving.save(reading, question, said, request.POST.get("reason", ""), turn)
    except Meanwhile as error:
        return _not_now(request, reading, str(error), error.standing)
    except Recalled:
        raise
    except NotNow as error:
        return _not_now(request, reading, str(error))
    if not request.headers.get("HX-Request"):
        return redirect(f"/reading/{reading.id}#{question}")
    found = answer_saving.read(reading)
    faults = [one for one in found.faults if one.cell.removesuffix(REASON) == question]
    told = {"at": localtime(), "saved": saved, "faults": faults, **_progress(reading, found)}
    return without_content(show(request, "saved.html", told))


@open_to(INSPECTOR)
@require_POST
@FILE
@unless_recalled
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take the last change back."""
    reading = own(request, number)
    try:
        back = answer_saving.undo(reading)
    except Recalled:
        raise
    except NotNow as error:
        return _not_now(request, reading, str(error))
    return redirect(f"/reading/{reading.id}#{back.question}")


@open_to(INSPECTOR)
@require_POST
@FILE
@unless_recalled
def finish(request: HttpRequest, number: int) -> HttpResponse:
    """Finish the file, or say what is still wrong, all of it at once."""
    reading = own(request, number)
    try:
        found = answer_saving.finish(reading)
    except Recalled:
        raise
    except NotNow as error:
        return _not_now(request, reading, str(error))
    if found.open or found.faults:
        return show(request, "reading.html", _told(reading, wrong=True), 422)
    return redirect("/queue")


@open_to(INSPECTOR)
@require_POST
@FILE
@unless_recalled
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Open a finished file again, with a reason."""
    reading = own(request, number)
    try:
        answer_saving.reopen(reading, request.POST.get("why", ""))
    except Recalled:
        raise
    except NotNow as error:
        return _not_now(request, reading, str(error))
    return redirect(f"/reading/{reading.id}")


@open_to(INSPECTOR)
@require_POST
@FILE
@unless_recalled
def comment(request: HttpRequest, number: int) -> HttpResponse:
    """Write a comment on a question or a step."""
    reading, on = own(request, number), request.POST.get("on", "")
    text = request.POST.get("text", "").strip()[:1000]
    anchors = {one.key for one in asked_of(reading).questions}
    anchors |= {f"step-{one.place}" for one in reading.file.steps.all()}
    if on not in anchors or not text:
        return _not_now(request, reading, _("Choose what the comment is on, and write it."))
    if wrong := what_to_take_out(text):
        return _not_now(request, reading, f"{_('Comment (it names no person)')}: {wrong}")
    with audit_log.writing() as lines:
        made = Comment.objects.create(reading=reading, on=on, text=text)
        lines.add(Kind.COMMENTED, reading.account.code, reading=reading.id, comment=made.id, on=on)
    return redirect(f"/reading/{reading.id}#{on}")


@open_to(INSPECTOR)
@require_POST
@FILE
@unless_recalled
def close_comment(request: HttpRequest, number: int, which: int) -> HttpResponse:
    """Close a comment."""
    reading = own(request, number)
    with audit_log.writing() as lines:
        one = get_object_or_404(Comment.objects.select_for_update(), pk=which, reading=reading)
        one.closed = True
        one.save(update_fields=["closed"])
        lines.add(Kind.COMMENT_CLOSED, reading.account.code, reading=reading.id, comment=one.id)
    return redirect(f"/reading/{reading.id}#comments")


@open_to(INSPECTOR)
@require_POST
@TEXT
@unless_recalled
def text(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """What was written at a step. It is not in the page before it is asked for."""
    return _written(request, number, place)


@open_to(INSPECTOR)
@require_POST
@PASSAGES
@unless_recalled
def marked(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """The same with the passages that the language tools mark: only once its reader has an answer of their own."""
    return _written(request, number, place, with_passages=True)


def _written(request: HttpRequest, number: int, place: int, *, with_passages: bool = False) -> HttpResponse:
    reading = own(request, number)
    step = get_object_or_404(Step, file=reading.file, place=place)
    if not step.text:
        raise Http404
    early = with_passages and not any(one.answer for one in standing(reading).values())
    told = {
        "reading": reading,
        "step": step,
        "file": reading.file,
        "early": early,
        "passages": passages(step) if with_passages and not early else None,
    }
    part = bool(request.headers.get("HX-Request"))
    shown = show(request, "text.html" if part else "text_page.html", told)
    return logged_as(shown, Kind.TEXT_SHOWN) if early else shown


def _not_now(request: HttpRequest, reading: Reading, said: str, meanwhile: Answer | None = None) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return show(request, "not_saved.html", {"said": said, "meanwhile": meanwhile}, 409)
    return show(request, "reading.html", _told(Reading.objects.get(pk=reading.pk), said=said), 409)


def _progress(reading: Reading, found: Read) -> dict[str, Any]:
    asked = len(_questions(reading))
    last = reading.answers.exists()
    return {"done": asked - found.open, "of": asked, "may_undo": last, "reading": reading}


def _questions(reading: Reading) -> tuple[Question, ...]:
    """What is asked of this reader: of an adjudicator, where two differ."""
    asked = asked_of(reading).questions
    if reading.round != ADJUDICATED:
        return asked
    differing = adjudication.apart(*adjudication.both(reading.file))
    return tuple(one for one in asked if one.key in differing)


def _told(reading: Reading, *, wrong: bool = False, said: str = "") -> dict[str, Any]:
    """What the page says."""
    found, keys = answer_saving.read(reading), keys_of(reading.account)
    rows = _rows(reading, found, wrong)
    return {
        "steps": list(reading.file.steps.all()),
        "asked": asked_of(reading),
        "questions": rows,
        "agreed": _agreed(reading, {row["asked"].key for row in rows}),
        "judging": reading.round == ADJUDICATED,
        "comments": list(reading.comments.order_by("closed", "id")),
        "keys": keys,
        "keys_json": json.dumps(keys),
        "is_open": reading.state == OPEN,
        "wrong": wrong,
        "said": said,
        **_progress(reading, found),
    }


def _rows(reading: Reading, found: Read, wrong: bool) -> list[dict[str, Any]]:
    """The questions of the page with what stands answered, what is wrong with it, and of an adjudication what both
    readers answered."""
    answers, faults = standing(reading), {one.cell.removesuffix(REASON): one for one in reversed(found.faults)}
    two = adjudication.both(reading.file) if reading.round == ADJUDICATED else ()
    rows = []
    for one in _questions(reading):
        said = answers.get(one.key)
        row = {"asked": one, "answer": said.answer if said else "", "reason": said.reason if said else ""}
        row |= {"turn": said.turn if said else 0}
        row |= {"fault": faults.get(one.key) if wrong or said else None, "open": wrong and not row["answer"]}
        row |= {"list": isinstance(one, ListQuestion)}
        row |= {"two": [given for each in two for given in each.answers if given.question == one.key]}
        rows.append(row)
    return rows


def _agreed(reading: Reading, apart: Collection[str]) -> list[tuple[Question, str]]:
    """Of an adjudication: where both agree."""
    if reading.round != ADJUDICATED:
        return []
    told = {one.question: one.answer for one in adjudication.both(reading.file)[0].answers}
    return [(one, told[one.key]) for one in asked_of(reading).questions if one.key in told and one.key not in apart]
