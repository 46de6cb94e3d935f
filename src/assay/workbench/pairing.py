"""The analysts' pages of pairs of records: both sides, how they differ in words, and no score: are they one person?"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.errors import AssayError
from assay.workbench import pairs, trail
from assay.workbench.models import ANALYST, Pair
from assay.workbench.rooms import open_to
from assay.workbench.showing import show
from assay.workbench.side_by_side import side_by_side
from assay.workbench.trail import Kind


@open_to(ANALYST)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """How far the pairs are, for whoever asks."""
    return _overview(request)


def _overview(request: HttpRequest, *, lines: tuple[str, ...] = (), said: str = "") -> HttpResponse:
    there = list(Pair.objects.all())
    held = pairs.said_of(there)
    told = {
        "pairs": len(there),
        "mine": sum(request.user.pk in by for by in held.values()),
        "settled": sum(bool(pairs.settled(by.values())) for by in held.values()),
        "next": pairs.next_for(request.user),
        "lines": lines,
        "said": said,
    }
    return show(request, "pairs.html", told, 422 if said else 200)


@open_to(ANALYST)
@require_GET
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One pair. That it was looked at is in the trail before anything of it is shown."""
    pair = get_object_or_404(Pair, pk=number)
    with trail.writing() as lines:
        lines.add(Kind.PAIR_SHOWN, request.user.code, pair=pair.ref)
    before = request.GET.get("before", "")
    return _page(request, pair, before=int(before) if before.isdecimal() and before.isascii() else 0)


def _page(request: HttpRequest, pair: Pair, *, said: str = "", before: int = 0) -> HttpResponse:
    why = ""
    try:
        rows = side_by_side(settings.PLACE.inspection, pair.knot, pair.other_knot)
        why = "" if rows else _("Linkage no longer finds this pair likely, so nothing is asked of it.")
    except AssayError as error:
        rows, why = [], str(error)
    mine = pairs.said_of([pair])[pair.pk].get(request.user.pk, "")
    told = {"pair": pair, "rows": rows, "why": why, "said": said, "before": before, "mine": mine}
    return show(request, "pair.html", told, 422 if said else 200)


@open_to(ANALYST)
@require_POST
def say(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what was said of a pair, and go on to the next."""
    pair = get_object_or_404(Pair, pk=number)
    try:
        pairs.say(request.user, pair, request.POST.get("says", ""))
    except AssayError as error:
        return _page(request, pair, said=str(error))
    following = pairs.next_for(request.user)
    return redirect(f"/pair/{following.pk}?before={pair.pk}" if following else "/pairs")


@open_to(ANALYST)
@require_POST
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in what is settled, and say what follows of linkage."""
    try:
        told = pairs.hand_in(settings.PLACE, request.user.code)
    except AssayError as error:
        return _overview(request, said=str(error))
    return _overview(request, lines=tuple(told.words))
