"""The analysts' pages for labelling texts, one text and one question at a time."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from assay.errors import AssayError
from assay.workbench import label_rounds
from assay.workbench.audit_log import Kind, LogValue
from assay.workbench.content_access import Content, Limit, shows, shows_no_content
from assay.workbench.models import ANALYST, Account, Text
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workbench.reading_limit import TEXTS
from assay.workflows.reading.label_sampling import QUESTIONS


def _counted_text(_request: HttpRequest, number: int) -> Text | None:
    return Text.objects.filter(pk=number).first()


def _text_details(_request: HttpRequest, number: int) -> dict[str, LogValue]:
    return {"text": number}


TEXT = shows(
    Content(
        "a text without names, and one's own label", Kind.TO_LABEL_SHOWN, _text_details, Limit(TEXTS, _counted_text)
    )
)


@allow_roles(ANALYST)
@require_GET
@shows_no_content("how many texts wait, and how many were read")
def overview(request: HttpRequest) -> HttpResponse:
    """Show the user's progress on the texts of each question."""
    return _overview(request)


def _overview(request: HttpRequest, *, message: str = "") -> HttpResponse:
    rows = [
        _progress_row(request.user, question)
        for question in QUESTIONS
        if Text.objects.filter(question=question).exists()
    ]
    context = {"rows": rows, "today": len(TEXTS.today(request.user)), "limit": TEXTS.maximum(), "message": message}
    return render_page(request, "labels.html", context, 422 if message else 200)


def _progress_row(account: Account, question: str) -> dict[str, Any]:
    texts = list(Text.objects.filter(question=question))
    labels_by_text = label_rounds.current_labels(texts)
    following = label_rounds.next_text(account, question)
    return {
        "question": question,
        "texts": len(texts),
        "own_count": sum(account.pk in text_labels for text_labels in labels_by_text.values()),
        "whole": sum(len(labels_by_text[label_text.pk]) >= label_text.people for label_text in texts),
        "labelled": sum(len(text_labels) for text_labels in labels_by_text.values()),
        "next": following,
        "may": following is not None and TEXTS.allows(account, following),
    }


@allow_roles(ANALYST)
@require_GET
@TEXT
def label_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show one text and its question; `before` names the text that was labelled before it."""
    text = get_object_or_404(Text, pk=number)
    before = request.GET.get("before", "")
    return _page(request, text, previous_text=int(before) if before.isdecimal() and before.isascii() else 0)


@allow_roles(ANALYST)
@require_POST
@TEXT
def save_label(request: HttpRequest, number: int) -> HttpResponse:
    """Save a label and go on to the next text."""
    text = get_object_or_404(Text, pk=number)
    try:
        label_rounds.save_label(settings.PLACE, request.user, text, request.POST.get("says", "?"))
    except AssayError as error:
        return _page(request, text, message=str(error))
    following = label_rounds.next_text(request.user, text.question)
    goes_on = following is not None and TEXTS.allows(request.user, following)
    return redirect(f"/label/{following.pk}?before={text.pk}" if following and goes_on else "/labels")


@allow_roles(ANALYST)
@require_POST
@shows_no_content("how many texts wait, and how many were read")
def hand_in(request: HttpRequest, question: str) -> HttpResponse:
    """Hand in the labels, or say why they cannot be handed in."""
    get_object_or_404(Text.objects.filter(question=question).order_by("pk")[:1])
    try:
        label_rounds.hand_in(settings.PLACE, question, request.user.code)
    except AssayError as error:
        return _overview(request, message=str(error))
    return redirect("/labels")


def _page(request: HttpRequest, text: Text, *, message: str = "", previous_text: int = 0) -> HttpResponse:
    own_labels = label_rounds.current_labels([text])[text.pk]
    context = {"text": text, "message": message, "before": previous_text, "own_answer": own_labels.get(request.user.pk)}
    return render_page(request, "label.html", context, 422 if message else 200)
