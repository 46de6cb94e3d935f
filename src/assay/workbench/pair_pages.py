"""The analysts' pages for reviewing pairs of records, without a score."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.errors import AssayError
from assay.workbench import record_pairs
from assay.workbench.audit_log import Kind, LogValue
from assay.workbench.content_access import Content, Limit, shows, shows_no_content
from assay.workbench.models import ANALYST, Pair
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workbench.reading_limit import PAIRS
from assay.workbench.record_comparison import compare_clusters


def _counted_pair(_request: HttpRequest, number: int) -> Pair | None:
    return Pair.objects.filter(pk=number).first()


def _pair_details(_request: HttpRequest, number: int) -> dict[str, LogValue]:
    return {"pair": Pair.objects.get(pk=number).ref}


PAIR = shows(
    Content("names and dates of birth of both sides", Kind.PAIR_SHOWN, _pair_details, Limit(PAIRS, _counted_pair))
)


@allow_roles(ANALYST)
@require_GET
@shows_no_content("how many pairs wait, and how many were looked at")
def overview(request: HttpRequest) -> HttpResponse:
    """Show the user's progress on record pairs."""
    return _overview(request)


def _overview(request: HttpRequest, *, lines: tuple[str, ...] = (), message: str = "") -> HttpResponse:
    all_pairs = list(Pair.objects.all())
    verdicts = record_pairs.current_verdicts(all_pairs)
    following = record_pairs.next_pair(request.user)
    context = {
        "pairs": len(all_pairs),
        "mine": sum(request.user.pk in pair_verdicts for pair_verdicts in verdicts.values()),
        "settled": sum(
            bool(record_pairs.settled_verdict(pair_verdicts.values())) for pair_verdicts in verdicts.values()
        ),
        "next": following,
        "may": following is not None and PAIRS.allows(request.user, following),
        "today": len(PAIRS.today(request.user)),
        "limit": PAIRS.maximum(),
        "lines": lines,
        "said": message,
    }
    return render_page(request, "pairs.html", context, 422 if message else 200)


@allow_roles(ANALYST)
@require_GET
@PAIR
def pair_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show one record pair."""
    pair = _open_pair(request, number)
    before = request.GET.get("before", "")
    return _page(request, pair, previous_pair=int(before) if before.isdecimal() and before.isascii() else 0)


def _open_pair(request: HttpRequest, number: int) -> Pair:
    """Return a pair while the user may review it; not found if others have settled it."""
    pair: Pair = get_object_or_404(Pair, pk=number)
    pair_verdicts = record_pairs.current_verdicts([pair])[pair.pk]
    if record_pairs.settled_verdict(pair_verdicts.values()) and request.user.pk not in pair_verdicts:
        raise Http404
    return pair


def _page(request: HttpRequest, pair: Pair, *, message: str = "", previous_pair: int = 0) -> HttpResponse:
    reason = ""
    try:
        rows = compare_clusters(settings.PLACE.inspection, pair.knot, pair.other_knot)
        reason = "" if rows else _("Linkage no longer finds this pair likely, so nothing is asked of it.")
    except AssayError as error:
        rows, reason = [], str(error)
    own_verdict = record_pairs.current_verdicts([pair])[pair.pk].get(request.user.pk, "")
    context = {"pair": pair, "rows": rows, "why": reason, "said": message, "before": previous_pair, "mine": own_verdict}
    return render_page(request, "pair.html", context, 422 if message else 200)


@allow_roles(ANALYST)
@require_POST
@PAIR
def save_verdict(request: HttpRequest, number: int) -> HttpResponse:
    """Save a verdict on a pair, and go on to the next."""
    pair = _open_pair(request, number)
    try:
        record_pairs.save_verdict(request.user, pair, request.POST.get("says", ""))
    except AssayError as error:
        return _page(request, pair, message=str(error))
    following = record_pairs.next_pair(request.user)
    goes_on = following is not None and PAIRS.allows(request.user, following)
    return redirect(f"/pair/{following.pk}?before={pair.pk}" if following and goes_on else "/pairs")


@allow_roles(ANALYST)
@require_POST
@shows_no_content("how many pairs are settled, and how well linkage works")
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in the settled verdicts, and show the precision and recall of record linkage."""
    try:
        result = record_pairs.hand_in_verdicts(settings.PLACE, request.user.code)
    except AssayError as error:
        return _overview(request, message=str(error))
    return _overview(request, lines=tuple(result.lines))
