"""The analysts' pages of texts to label: one text and one question at a time, and nothing that anybody else thinks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.errors import AssayError
from assay.reading.labelling import QUESTIONS
from assay.workbench import labels, trail
from assay.workbench.models import ANALYST, Account, Text
from assay.workbench.reading_limit import may_read, note_read, texts_today
from assay.workbench.rooms import open_to
from assay.workbench.showing import show
from assay.workbench.trail import Kind


@open_to(ANALYST)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """How far the texts of each question are, for whoever asks."""
    rows = [_far(request.user, question) for question in QUESTIONS if Text.objects.filter(question=question).exists()]
    told = {"rows": rows, "today": len(texts_today(request.user)), "limit": settings.PLACE.texts_a_day}
    return show(request, "labels.html", told)


def _far(account: Account, question: str) -> dict[str, Any]:
    texts = list(Text.objects.filter(question=question))
    said = labels.said_of(texts)
    following = labels.next_for(account, question)
    return {
        "question": question,
        "texts": len(texts),
        "mine": sum(account.pk in by for by in said.values()),
        "whole": sum(len(said[one.pk]) >= one.people for one in texts),
        "labelled": sum(len(by) for by in said.values()),
        "next": following,
        "may": following is not None and may_read(account, following),
    }


@open_to(ANALYST)
@require_GET
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One text, and what is asked of it; `before` names the text that was labelled before it."""
    text = get_object_or_404(Text, pk=number)
    if not may_read(request.user, text):
        return _enough(request)
    before = request.GET.get("before", "")
    with trail.writing() as lines:
        note_read(request.user, text)
        lines.add(Kind.TO_LABEL_SHOWN, request.user.code, text=text.pk)
    return _page(request, text, before=int(before) if before.isdecimal() and before.isascii() else 0)


@open_to(ANALYST)
@require_POST
def say(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what was said of a text, and go on to the next."""
    text = get_object_or_404(Text, pk=number)
    if not may_read(request.user, text):
        return _enough(request)
    try:
        labels.say(settings.PLACE, request.user, text, request.POST.get("says", "?"))
    except AssayError as error:
        return _page(request, text, said=str(error))
    following = labels.next_for(request.user, text.question)
    goes_on = following is not None and may_read(request.user, following)
    return redirect(f"/label/{following.pk}?before={text.pk}" if following and goes_on else "/labels")


@open_to(ANALYST)
@require_POST
def hand_in(request: HttpRequest, question: str) -> HttpResponse:
    """Hand in what is labelled."""
    get_object_or_404(Text.objects.filter(question=question).order_by("pk")[:1])
    labels.hand_in(settings.PLACE, question, request.user.code)
    return redirect("/labels")


def _enough(request: HttpRequest) -> HttpResponse:
    """That this was enough for today."""
    said = _("You have read as many texts today as one day allows. Those you have read today can be opened again.")
    return show(request, "refused.html", {"said": said}, 403)


def _page(request: HttpRequest, text: Text, *, said: str = "", before: int = 0) -> HttpResponse:
    mine = labels.said_of([text])[text.pk]
    told = {"text": text, "said": said, "before": before, "mine": mine.get(request.user.pk)}
    return show(request, "label.html", told, 422 if said else 200)
