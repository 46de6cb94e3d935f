"""The watch list in the workbench: for each failing, the forces to look at first.

It shows exact counts, so it is for the inspection's own people, and every view of it is logged.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from assay.errors import AssayError
from assay.ingest.inspection_folder import open_inspection, refuse_retired
from assay.workbench.audit_log import Kind
from assay.workbench.content_access import Content, shows
from assay.workbench.models import ANALYST, AUDITOR, INSPECTOR, PANEL
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workflows.briefing.inspector_watch_list import (
    MAX_FORCES,
    WatchedFailing,
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
        failings, message = _failings(), ""
    except AssayError as error:
        failings, message = [], str(error)
    return render_page(
        request,
        "watch_list.html",
        {
            "failings": [item for item in failings if item.entries],
            "unlisted": [item for item in failings if not item.entries],
            "most": MAX_FORCES,
            "words": graded_words,
            "said": message,
        },
    )


def _failings() -> list[WatchedFailing]:
    inspection = open_inspection(settings.PLACE.inspection)
    refuse_retired(inspection)
    names = {code: organisation.name for code, organisation in inspection.request.organisations.items()}
    return watched_failings(read_watch_list(inspection.folder), names)
