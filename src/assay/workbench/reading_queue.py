"""The queue of an inspector: what to read next, and progress."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assay.casefiles.file_assignment import ADJUDICATED
from assay.workbench.content_access import shows_no_content
from assay.workbench.keyboard_keys import ACTIONS, account_keys, key_errors
from assay.workbench.models import INSPECTOR, OPEN, Reading
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workbench.reading_answers import current_answers, reading_questions
from assay.workbench.reading_limit import HARD_FILES, is_hard


@allow_roles(INSPECTOR)
@require_http_methods(["GET"])
@shows_no_content("references of one's own files, and how far they are")
def queue(request: HttpRequest) -> HttpResponse:
    """Show the user's own files: those to adjudicate first, then those to read, then finished ones."""
    own_readings = Reading.objects.filter(account=request.user).select_related("file__sample", "account")
    rows = [_row(item) for item in own_readings]
    context = {
        "decide": [item for item in rows if item["open"] and item["reading"].round == ADJUDICATED],
        "read": [item for item in rows if item["open"] and item["reading"].round != ADJUDICATED],
        "done": [item for item in rows if not item["open"]],
        "hard_today": len(HARD_FILES.today(request.user)),
        "hard_limit": HARD_FILES.maximum(),
    }
    return render_page(request, "queue.html", context)


def _row(reading: Reading) -> dict[str, Any]:
    answered = sum(bool(answer.answer) for answer in current_answers(reading).values())
    return {
        "reading": reading,
        "open": reading.state == OPEN,
        "answered": answered,
        "of": len(reading_questions(reading).questions),
        "hard": is_hard(reading.file),
        "today": HARD_FILES.allows(reading.account, reading.file),
    }


@allow_roles(INSPECTOR)
@require_http_methods(["GET", "POST"])
@shows_no_content("one's own keys")
def keyboard(request: HttpRequest) -> HttpResponse:
    """Switch keyboard shortcuts on or off, and choose the keys."""
    errors: dict[str, str] = {}
    keys = account_keys(request.user)
    if request.method == "POST":
        keys = {"on": request.POST.get("on") == "yes", **{name: request.POST.get(name, "").strip() for name in ACTIONS}}
        errors = key_errors(keys)
        if not errors:
            request.user.keys = keys
            request.user.save(update_fields=["keys"])
            return redirect("/keys")
    return render_page(
        request, "keys.html", {"keys": keys, "actions": ACTIONS, "faults": errors}, 422 if errors else 200
    )
