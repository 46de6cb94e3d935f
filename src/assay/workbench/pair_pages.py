"""The analysts' pages of pairs of records: both sides, how they differ in words, and no score: are they one person?"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.errors import AssayError
from assay.workbench import record_pairs
from assay.workbench.audit_log import Kind, Plain
from assay.workbench.content_access import Content, Limit, shows, shows_no_content
from assay.workbench.models import ANALYST, Pair
from assay.workbench.page_permissions import open_to
from assay.workbench.page_rendering import show
from assay.workbench.reading_limit import PAIRS
from assay.workbench.record_comparison import side_by_side


def _pair(_request: HttpRequest, number: int) -> Pair | None:
    return Pair.objects.filter(pk=number).first()


def _of_pair(_request: HttpRequest, number: int) -> dict[str, Plain]:
    return {"pair": Pair.objects.get(pk=number).ref}


PAIR = shows(Content("names and dates of birth of both sides", Kind.PAIR_SHOWN, _of_pair, Limit(PAIRS, _pair)))


@open_to(ANALYST)
@require_GET
@shows_no_content("how many pairs wait, and how many were looked at")
def overview(request: HttpRequest) -> HttpResponse:
    """How far the pairs are, for whoever asks."""
    return _overview(request)


def _overview(request: HttpRequest, *, lines: tuple[str, ...] = (), said: str = "") -> HttpResponse:
    there = list(Pair.objects.all())
    held = record_pairs.said_of(there)
    following = record_pairs.next_for(request.user)
    told = {
        "pairs": len(there),
        "mine": sum(request.user.pk in by for by in held.values()),
        "settled": sum(bool(record_pairs.settled(by.values())) for by in held.values()),
        "next": following,
        "may": following is not None and PAIRS.allows(request.user, following),
        "today": len(PAIRS.today(request.user)),
        "limit": PAIRS.most(),
        "lines": lines,
        "said": said,
    }
    return show(request, "pairs.html", told, 422 if said else 200)


@open_to(ANALYST)
@require_GET
@PAIR
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One pair."""
    pair = _asked_of(request, number)
    before = request.GET.get("before", "")
    return _page(request, pair, before=int(before) if before.isdecimal() and before.isascii() else 0)


def _asked_of(request: HttpRequest, number: int) -> Pair:
    """A pair, as long as it is asked of whoever looks; one that others have settled is not there."""
    pair: Pair = get_object_or_404(Pair, pk=number)
    said = record_pairs.said_of([pair])[pair.pk]
    if record_pairs.settled(said.values()) and request.user.pk not in said:
        raise Http404
    return pair


def _page(request: HttpRequest, pair: Pair, *, said: str = "", before: int = 0) -> HttpResponse:
    why = ""
    try:
        rows = side_by_side(settings.PLACE.inspection, pair.knot, pair.other_knot)
        why = "" if rows else _("Linkage no longer finds this pair likely, so nothing is asked of it.")
    except AssayError as error:
        rows, why = [], str(error)
    mine = record_pairs.said_of([pair])[pair.pk].get(request.user.pk, "")
    told = {"pair": pair, "rows": rows, "why": why, "said": said, "before": before, "mine": mine}
    return show(request, "pair.html", told, 422 if said else 200)


@open_to(ANALYST)
@require_POST
@PAIR
def say(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what was said of a pair, and go on to the next."""
    pair = _asked_of(request, number)
    try:
        record_pairs.say(request.user, pair, request.POST.get("says", ""))
    except AssayError as error:
        return _page(request, pair, said=str(error))
    following = record_pairs.next_for(request.user)
    goes_on = following is not None and PAIRS.allows(request.user, following)
    return redirect(f"/pair/{following.pk}?before={pair.pk}" if following and goes_on else "/pairs")


@open_to(ANALYST)
@require_POST
@shows_no_content("how many pairs are settled, and how well linkage works")
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in what is settled, and say what follows of linkage."""
    try:
        told = record_pairs.hand_in(settings.PLACE, request.user.code)
    except AssayError as error:
        return _overview(request, said=str(error))
    return _overview(request, lines=tuple(told.words))
