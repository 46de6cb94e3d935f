"""The auditor's room: who saw and did what, and whether the trail holds."""

from __future__ import annotations

import json

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from assay.workbench.audit_log import Kind
from assay.workbench.content_access import Content, log_also, shows
from assay.workbench.models import AUDITOR, Event
from assay.workbench.page_permissions import open_to
from assay.workbench.page_rendering import show
from assay.workbench.workbench_verification import differences

ON_A_PAGE = 50


@open_to(AUDITOR)
@require_http_methods(["GET", "POST"])
@shows(Content("the audit log", Kind.TRAIL_READ))
def look(request: HttpRequest) -> HttpResponse:
    """The trail, latest first, of everybody or of one, of every kind or of one; on demand, whether all of it holds."""
    who, kind = request.GET.get("who", ""), request.GET.get("kind", "")
    found = Event.objects.order_by("-number")
    found = found.filter(who=who) if who else found
    found = found.filter(kind=kind) if kind else found
    checked = differences(settings.PLACE) if request.method == "POST" else None
    log_also(request, checked=checked is not None)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    for line in page.object_list:
        line.told = _in_words(line.about)
    told = {
        "page": page,
        "who": who,
        "kind": kind,
        "kinds": [one.value for one in Kind],
        "checked": checked,
    }
    return show(request, "trail.html", told)


def _in_words(about: str) -> str:
    """What a line tells, for a person: hashes by their first signs."""
    try:
        held = dict(json.loads(about))
    except (ValueError, TypeError):
        return about  # it was changed behind the guards: it is shown as it stands
    return ", ".join(f"{name} {_short(value)}" for name, value in held.items() if value != "")


def _short(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{str(value)[:12]}\u2026" if len(str(value)) == 64 else str(value)
