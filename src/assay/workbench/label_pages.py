"""The analysts' pages of texts to label: one text and one question at a time, and nothing that anybody else thinks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from assay.errors import AssayError
from assay.workbench import label_rounds
from assay.workbench.audit_log import Kind, Plain
from assay.workbench.content_access import Content, Limit, shows, shows_no_content
from assay.workbench.models import ANALYST, Account, Text
from assay.workbench.page_permissions import open_to
from assay.workbench.page_rendering import show
from assay.workbench.reading_limit import TEXTS
from assay.workflows.reading.label_sampling import QUESTIONS


def _text(_request: HttpRequest, number: int) -> Text | None:
    return Text.objects.filter(pk=number).first()


def _of_text(_request: HttpRequest, number: int) -> dict[str, Plain]:
    return {"text": number}


TEXT = shows(Content("a text without names, and one's own label", Kind.TO_LABEL_SHOWN, _of_text, Limit(TEXTS, _text)))


@open_to(ANALYST)
@require_GET
@shows_no_content("how many texts wait, and how many were read")
def overview(request: HttpRequest) -> HttpResponse:
    """How far the texts of each question are, for whoever asks."""
    return _overview(request)


def _overview(request: HttpRequest, *, said: str = "") -> HttpResponse:
    rows = [_far(request.user, question) for question in QUESTIONS if Text.objects.filter(question=question).exists()]
    told = {"rows": rows, "today": len(TEXTS.today(request.user)), "limit": TEXTS.most(), "said": said}
    return show(request, "labels.html", told, 422 if said else 200)


def _far(account: Account, question: str) -> dict[str, Any]:
    texts = list(Text.objects.filter(question=question))
    said = label_rounds.said_of(texts)
    following = label_rounds.next_for(account, question)
    return {
        "question": question,
        "texts": len(texts),
        "mine": sum(account.pk in by for by in said.values()),
        "whole": sum(len(said[one.pk]) >= one.people for one in texts),
        "labelled": sum(len(by) for by in said.values()),
        "next": following,
        "may": following is not None and TEXTS.allows(account, following),
    }


@open_to(ANALYST)
@require_GET
@TEXT
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One text, and what is asked of it; `before` names the text that was labelled before it."""
    text = get_object_or_404(Text, pk=number)
    before = request.GET.get("before", "")
    return _page(request, text, before=int(before) if before.isdecimal() and before.isascii() else 0)


@open_to(ANALYST)
@require_POST
@TEXT
def say(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what was said of a text, and go on to the next."""
    text = get_object_or_404(Text, pk=number)
    try:
        label_rounds.say(settings.PLACE, request.user, text, request.POST.get("says", "?"))
    except AssayError as error:
        return _page(request, text, said=str(error))
    following = label_rounds.next_for(request.user, text.question)
    goes_on = following is not None and TEXTS.allows(request.user, following)
    return redirect(f"/label/{following.pk}?before={text.pk}" if following and goes_on else "/labels")


@open_to(ANALYST)
@require_POST
@shows_no_content("how many texts wait, and how many were read")
def hand_in(request: HttpRequest, question: str) -> HttpResponse:
    """Hand in what is labelled, or say why it cannot be."""
    get_object_or_404(Text.objects.filter(question=question).order_by("pk")[:1])
    try:
        label_rounds.hand_in(settings.PLACE, question, request.user.code)
    except AssayError as error:
        return _overview(request, said=str(error))
    return redirect("/labels")


def _page(request: HttpRequest, text: Text, *, said: str = "", before: int = 0) -> HttpResponse:
    mine = label_rounds.said_of([text])[text.pk]
    told = {"text": text, "said": said, "before": before, "mine": mine.get(request.user.pk)}
    return show(request, "label.html", told, 422 if said else 200)
