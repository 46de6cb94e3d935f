"""Pages of an inspector's workspace: the queue, and each file's steps beside the questions; later, passages found by
language rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assay.casefiles.file_assignment import ADJUDICATED
from assay.casefiles.rating_validation import ValidatedSheet
from assay.contract.question_sets import ListQuestion, Question
from assay.text import Entry, Reader
from assay.text.personal_details import details_warning
from assay.workbench import adjudication, answer_saving, audit_log
from assay.workbench.answer_saving import AnswerConflict, NotPossible, Recalled
from assay.workbench.audit_log import Kind, LogValue
from assay.workbench.content_access import Content, Limit, log_as, shows, shows_no_content, without_content
from assay.workbench.keyboard_keys import ACTIONS, account_keys, key_errors
from assay.workbench.models import INSPECTOR, OPEN, RECALLED, Answer, CaseFile, Comment, Reading, Step
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workbench.reading_answers import REASON, current_answers, reading_questions
from assay.workbench.reading_limit import HARD_FILES, is_hard
from assay.workflows.reading.text_readers import build_reader

# Mark the passages of a text that the language rules find.
#
# Only rules are used, as in `assay text read --rules-only`: each passage names its rule, so that a person can see the
# reason. Passages are shown after a reader's own first answer, so that the tools do not bias the reader.


@dataclass(frozen=True)
class Piece:
    """A piece of a text, in order; `why` is the reason if the piece is a highlighted passage, otherwise ''."""

    text: str
    why: str = ""


@cache
def _reader() -> Reader:
    return build_reader()


def text_pieces(step: Step) -> list[Piece]:
    """Return the text of a step in pieces, with the marked passages among them."""
    role = step.by_role.replace(" ", "_")
    passages_found = _reader().read([step.text], [Entry(role, "")], signs=False)[0].passages
    pieces, position = [], 0
    for passage in passages_found:
        if passage.start < position:
            continue  # it lies within the one before
        pieces.append(Piece(step.text[position : passage.start]))
        explanation = (
            f"{passage.category.replace('_', ' ')}, {passage.voice.replace('_', ' ')}: {passage.rule.replace('_', ' ')}"
        )
        pieces.append(Piece(step.text[passage.start : passage.end], explanation))
        position = passage.end
    return [piece for piece in (*pieces, Piece(step.text[position:])) if piece.text]


View = Callable[..., HttpResponse]


def _own_readings(request: HttpRequest) -> QuerySet[Reading]:
    return Reading.objects.filter(account=request.user)


def own_reading(request: HttpRequest, number: int) -> Reading:
    """Return a reading of the current user; 404 for another user's, Recalled if the file was reassigned."""
    account_readings = Reading.everything.filter(account=request.user).select_related("file__sample", "account")
    found: Reading = get_object_or_404(account_readings, pk=number)
    if found.state == RECALLED:
        raise Recalled
    return found


def handle_recalled(view: View) -> View:
    """Decorate a view so that it reports that a file was reassigned to somebody else."""

    @wraps(view)
    def guarded_view(request: HttpRequest, **address: Any) -> HttpResponse:
        try:
            return view(request, **address)
        except Recalled as error:
            part = "refused_part.html" if view.__name__ in ("text", "marked") else "not_saved.html"
            page = part if request.headers.get("HX-Request") else "refused.html"
            return without_content(render_page(request, page, {"message": str(error), "meanwhile": None}, 409))

    return guarded_view


def _counted_file(request: HttpRequest, number: int, **_address: Any) -> CaseFile | None:
    """Return the file of a reading of the user."""
    return CaseFile.objects.filter(readings__in=_own_readings(request).filter(pk=number)).first()


def _mark_opened(request: HttpRequest, number: int, **_address: Any) -> bool:
    """Record that a reading was seen by its reader, after which it is not taken back; return False if it was."""
    return bool(_own_readings(request).filter(pk=number).update(opened=True))


def _reading_details(_request: HttpRequest, number: int, **_address: Any) -> dict[str, LogValue]:
    return {"reading": number}


def _step_details(_request: HttpRequest, number: int, place: int) -> dict[str, LogValue]:
    return {"reading": number, "step": place}


DAILY_LIMIT = Limit(HARD_FILES, _counted_file, hidden=True)
FILE = shows(
    Content("steps, questions and answers of a file", Kind.READING_OPENED, _reading_details, DAILY_LIMIT, _mark_opened)
)
TEXT = shows(Content("a text without names", Kind.TEXT_SHOWN, _step_details, DAILY_LIMIT, _mark_opened))
PASSAGES = shows(
    Content("a text with its marked passages", Kind.PASSAGES_SHOWN, _step_details, DAILY_LIMIT, _mark_opened)
)


@allow_roles(INSPECTOR)
@require_http_methods(["GET"])
@FILE
@handle_recalled
def page(request: HttpRequest, number: int) -> HttpResponse:
    """Show the rating page of one file."""
    return render_page(request, "reading.html", _page_context(own_reading(request, number)))


@allow_roles(INSPECTOR)
@require_POST
@FILE
@handle_recalled
def answer(request: HttpRequest, number: int, question: str) -> HttpResponse:
    """Save one answer; return the changed part of the page, or the whole page if the browser runs no script."""
    reading = own_reading(request, number)
    answer_text = ", ".join(item for item in request.POST.getlist("answer") if item.strip())
    turn_text = request.POST.get("turn", "")
    try:
        turn = int(turn_text) if turn_text.isdecimal() and turn_text.isascii() else None
        saved = answer_saving.save_answer(reading, question, answer_text, request.POST.get("reason", ""), turn)
    except AnswerConflict as error:
        return _not_saved(request, reading, str(error), error.current_answer)
    except Recalled:
        raise
    except NotPossible as error:
        return _not_saved(request, reading, str(error))
    if not request.headers.get("HX-Request"):
        return redirect(f"/reading/{reading.id}#{question}")
    found = answer_saving.validate_reading(reading)
    errors = [item for item in found.errors if item.cell.removesuffix(REASON) == question]
    context = {"at": localtime(), "saved": saved, "errors": errors, **_progress(reading, found)}
    return without_content(render_page(request, "saved.html", context))


@allow_roles(INSPECTOR)
@require_POST
@FILE
@handle_recalled
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Undo the last change."""
    reading = own_reading(request, number)
    try:
        undone = answer_saving.undo_answer(reading)
    except Recalled:
        raise
    except NotPossible as error:
        return _not_saved(request, reading, str(error))
    return redirect(f"/reading/{reading.id}#{undone.question}")


@allow_roles(INSPECTOR)
@require_POST
@FILE
@handle_recalled
def finish(request: HttpRequest, number: int) -> HttpResponse:
    """Finish the file, or show all its errors at once."""
    reading = own_reading(request, number)
    try:
        found = answer_saving.finish_reading(reading)
    except Recalled:
        raise
    except NotPossible as error:
        return _not_saved(request, reading, str(error))
    if found.open or found.errors:
        return render_page(request, "reading.html", _page_context(reading, wrong=True), 422)
    return redirect("/queue")


@allow_roles(INSPECTOR)
@require_POST
@FILE
@handle_recalled
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Reopen a finished file, with a reason."""
    reading = own_reading(request, number)
    try:
        answer_saving.reopen_reading(reading, request.POST.get("why", ""))
    except Recalled:
        raise
    except NotPossible as error:
        return _not_saved(request, reading, str(error))
    return redirect(f"/reading/{reading.id}")


@allow_roles(INSPECTOR)
@require_POST
@FILE
@handle_recalled
def comment(request: HttpRequest, number: int) -> HttpResponse:
    """Write a comment on a question or a step."""
    reading, anchor = own_reading(request, number), request.POST.get("on", "")
    text = request.POST.get("text", "").strip()[:1000]
    anchors = {item.key for item in reading_questions(reading).questions}
    anchors |= {f"step-{item.place}" for item in reading.file.steps.all()}
    if anchor not in anchors or not text:
        return _not_saved(request, reading, _("Choose what the comment is about, and write it."))
    if error := details_warning(text):
        return _not_saved(request, reading, f"{_('Comment (name no person)')}: {error}")
    with audit_log.write_lines() as lines:
        new_comment = Comment.objects.create(reading=reading, on=anchor, text=text)
        lines.add(Kind.COMMENTED, reading.account.code, reading=reading.id, comment=new_comment.id, on=anchor)
    return redirect(f"/reading/{reading.id}#{anchor}")


@allow_roles(INSPECTOR)
@require_POST
@FILE
@handle_recalled
def close_comment(request: HttpRequest, number: int, comment_number: int) -> HttpResponse:
    """Close a comment."""
    reading = own_reading(request, number)
    with audit_log.write_lines() as lines:
        closed_comment = get_object_or_404(Comment.objects.select_for_update(), pk=comment_number, reading=reading)
        closed_comment.closed = True
        closed_comment.save(update_fields=["closed"])
        lines.add(Kind.COMMENT_CLOSED, reading.account.code, reading=reading.id, comment=closed_comment.id)
    return redirect(f"/reading/{reading.id}#comments")


@allow_roles(INSPECTOR)
@require_POST
@TEXT
@handle_recalled
def text(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """Return the text of a step; a page contains no text before the user requests it."""
    return _text_response(request, number, place)


@allow_roles(INSPECTOR)
@require_POST
@PASSAGES
@handle_recalled
def marked(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """Return the text with the passages that the language rules find, only after the reader's own answer."""
    return _text_response(request, number, place, with_passages=True)


def _text_response(request: HttpRequest, number: int, place: int, *, with_passages: bool = False) -> HttpResponse:
    reading = own_reading(request, number)
    step = get_object_or_404(Step, file=reading.file, place=place)
    if not step.text:
        raise Http404
    before_answer = with_passages and not any(answer.answer for answer in current_answers(reading).values())
    context = {
        "reading": reading,
        "step": step,
        "file": reading.file,
        "early": before_answer,
        "passages": text_pieces(step) if with_passages and not before_answer else None,
    }
    part = bool(request.headers.get("HX-Request"))
    response = render_page(request, "text.html" if part else "text_page.html", context)
    return log_as(response, Kind.TEXT_SHOWN) if before_answer else response


def _not_saved(
    request: HttpRequest, reading: Reading, message: str, conflicting_answer: Answer | None = None
) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render_page(request, "not_saved.html", {"message": message, "meanwhile": conflicting_answer}, 409)
    return render_page(request, "reading.html", _page_context(Reading.objects.get(pk=reading.pk), message=message), 409)


def _progress(reading: Reading, found: ValidatedSheet) -> dict[str, Any]:
    question_count = len(_open_questions(reading))
    has_answers = reading.answers.exists()
    return {"done": question_count - found.open, "of": question_count, "may_undo": has_answers, "reading": reading}


def _open_questions(reading: Reading) -> tuple[Question, ...]:
    """Return the questions for this reader: for an adjudicator, those on which two differ."""
    all_questions = reading_questions(reading).questions
    if reading.round != ADJUDICATED:
        return all_questions
    differing = adjudication.differing_questions(*adjudication.both_ratings(reading.file))
    return tuple(question for question in all_questions if question.key in differing)


def _page_context(reading: Reading, *, wrong: bool = False, message: str = "") -> dict[str, Any]:
    """Return the template variables of the page."""
    validated, shortcuts = answer_saving.validate_reading(reading), account_keys(reading.account)
    rows = _question_rows(reading, validated, wrong)
    return {
        "steps": list(reading.file.steps.all()),
        "asked": reading_questions(reading),
        "questions": rows,
        "agreed": _agreed_answers(reading, {row["asked"].key for row in rows}),
        "judging": reading.round == ADJUDICATED,
        "comments": list(reading.comments.order_by("closed", "id")),
        "keys": shortcuts,
        "keys_json": json.dumps(shortcuts),
        "is_open": reading.state == OPEN,
        "wrong": wrong,
        "message": message,
        **_progress(reading, validated),
    }


def _question_rows(reading: Reading, validated: ValidatedSheet, wrong: bool) -> list[dict[str, Any]]:
    """Return the questions with their current answer and errors; for an adjudication with both readers' answers."""
    answers = current_answers(reading)
    errors = {item.cell.removesuffix(REASON): item for item in reversed(validated.errors)}
    both_readings = adjudication.both_ratings(reading.file) if reading.round == ADJUDICATED else ()
    rows = []
    for item in _open_questions(reading):
        current_answer = answers.get(item.key)
        row = {
            "asked": item,
            "answer": current_answer.answer if current_answer else "",
            "reason": current_answer.reason if current_answer else "",
        }
        row |= {"turn": current_answer.turn if current_answer else 0}
        row |= {"error": errors.get(item.key) if wrong or current_answer else None, "open": wrong and not row["answer"]}
        row |= {"list": isinstance(item, ListQuestion)}
        row |= {
            "two": [answer for ratings in both_readings for answer in ratings.answers if answer.question == item.key]
        }
        rows.append(row)
    return rows


def _agreed_answers(reading: Reading, differing: Collection[str]) -> list[tuple[Question, str]]:
    """Return for an adjudication the answers on which both agree."""
    if reading.round != ADJUDICATED:
        return []
    first_answers = {item.question: item.answer for item in adjudication.both_ratings(reading.file)[0].answers}
    return [
        (item, first_answers[item.key])
        for item in reading_questions(reading).questions
        if item.key in first_answers and item.key not in differing
    ]


# The queue of an inspector: what to read next, and progress.


@allow_roles(INSPECTOR)
@require_http_methods(["GET"])
@shows_no_content("references of one's own files, and how far they are")
def queue(request: HttpRequest) -> HttpResponse:
    """Show the user's own files: those to adjudicate first, then those to read, then finished ones."""
    own_readings = Reading.objects.filter(account=request.user).select_related("file__sample", "account")
    rows = [_row(item) for item in own_readings]
    context = {
        "decide": [item for item in rows if item["open"] and item["reading"].round == ADJUDICATED],
        "read": [item for item in rows if item["open"] and item["reading"].round != ADJUDICATED],
        "done": [item for item in rows if not item["open"]],
        "hard_today": len(HARD_FILES.today(request.user)),
        "hard_limit": HARD_FILES.maximum(),
    }
    return render_page(request, "queue.html", context)


def _row(reading: Reading) -> dict[str, Any]:
    answered = sum(bool(answer.answer) for answer in current_answers(reading).values())
    return {
        "reading": reading,
        "open": reading.state == OPEN,
        "answered": answered,
        "of": len(reading_questions(reading).questions),
        "hard": is_hard(reading.file),
        "today": HARD_FILES.allows(reading.account, reading.file),
    }


@allow_roles(INSPECTOR)
@require_http_methods(["GET", "POST"])
@shows_no_content("one's own keys")
def keyboard(request: HttpRequest) -> HttpResponse:
    """Switch keyboard shortcuts on or off, and choose the keys."""
    errors: dict[str, str] = {}
    keys = account_keys(request.user)
    if request.method == "POST":
        keys = {"on": request.POST.get("on") == "yes", **{name: request.POST.get(name, "").strip() for name in ACTIONS}}
        errors = key_errors(keys)
        if not errors:
            request.user.keys = keys
            request.user.save(update_fields=["keys"])
            return redirect("/keys")
    return render_page(
        request, "keys.html", {"keys": keys, "actions": ACTIONS, "errors": errors}, 422 if errors else 200
    )
