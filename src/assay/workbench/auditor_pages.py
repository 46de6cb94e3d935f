"""The auditor's pages: the audit log, and whether its chain is intact."""

from __future__ import annotations

import json

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from assay.workbench.audit_log import Kind
from assay.workbench.content_access import Content, add_log_details, shows
from assay.workbench.models import AUDITOR, Event
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workbench.workbench_verification import verify_workbench

LINES_PER_PAGE = 50


@allow_roles(AUDITOR)
@require_http_methods(["GET", "POST"])
@shows(Content("the audit log", Kind.AUDIT_LOG_READ))
def audit_log_page(request: HttpRequest) -> HttpResponse:
    """Show the audit log, latest first, optionally by account or kind; on request, check the whole chain."""
    actor, kind = request.GET.get("who", ""), request.GET.get("kind", "")
    events = Event.objects.order_by("-number")
    events = events.filter(who=actor) if actor else events
    events = events.filter(kind=kind) if kind else events
    differences_found = verify_workbench(settings.PLACE) if request.method == "POST" else None
    add_log_details(request, checked=differences_found is not None)
    page = Paginator(events, LINES_PER_PAGE).get_page(request.GET.get("page"))
    for line in page.object_list:
        line.details = _details_text(line.about)
    context = {
        "page": page,
        "who": actor,
        "kind": kind,
        "kinds": [event_kind.value for event_kind in Kind],
        "checked": differences_found,
    }
    return render_page(request, "audit_log.html", context)


def _details_text(details_json: str) -> str:
    """Return the details of a line for a person, with shortened hashes."""
    try:
        details = dict(json.loads(details_json))
    except (ValueError, TypeError):
        return details_json  # it was changed behind the guards: it is shown as it stands
    return ", ".join(f"{name} {_short_text(value)}" for name, value in details.items() if value != "")


def _short_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{str(value)[:12]}\u2026" if len(str(value)) == 64 else str(value)
