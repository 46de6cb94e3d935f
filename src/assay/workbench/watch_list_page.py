"""The watch list in the workbench: for each failing, the forces to look at first.

It shows exact counts, so it is for the inspection's own people, and every view of it is logged.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from assay.errors import AssayError
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.workbench.audit_log import Kind
from assay.workbench.content_access import Content, shows
from assay.workbench.models import ANALYST, AUDITOR, INSPECTOR, PANEL
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workflows.briefing.inspector_watch_list import (
    MAX_FORCES,
    MAX_ORDERED,
    WatchedFailing,
    failing_order,
    graded_words,
    read_watch_list,
    watched_failings,
)

WATCH_LIST = shows(Content("forces to look at first for each failing, by exact counts", Kind.WATCH_LIST_SEEN))


@allow_roles(INSPECTOR, ANALYST, PANEL, AUDITOR)
@require_GET
@WATCH_LIST
def watch_list(request: HttpRequest) -> HttpResponse:
    """Show the watch list of every failing; or why there is none yet."""
    try:
        failings, order, message = _failings(), _order(), ""
    except AssayError as error:
        failings, order, message = [], [], str(error)
    return render_page(
        request,
        "watch_list.html",
        {
            "failings": [item for item in failings if item.entries],
            "unlisted": [item for item in failings if not item.entries],
            "order": order,
            "most": MAX_FORCES,
            "words": graded_words,
            "message": message,
        },
    )


def _failings() -> list[WatchedFailing]:
    inspection = open_inspection(settings.PLACE.inspection)
    refuse_retired(inspection)
    return watched_failings(read_watch_list(inspection.folder), _names(inspection))


def _order() -> list[tuple[int, str, str, int]]:
    """Return the first forces over all failings together: rank, name, expected number, and failings compared."""
    inspection = open_inspection(settings.PLACE.inspection)
    names = _names(inspection)
    return [
        (item.rank, names[item.place_code], f"{item.expected:.1f}", item.compared)
        for item in failing_order(inspection.folder)[:MAX_ORDERED]
    ]


def _names(inspection: Inspection) -> dict[str, str]:
    return {code: organisation.name for code, organisation in inspection.request.organisations.items()}
