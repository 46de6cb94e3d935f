"""What does an inspector read next, and how far are they?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assay.casefiles.file_assignment import ADJUDICATED
from assay.workbench.content_access import shows_no_content
from assay.workbench.keyboard_keys import ACTIONS, faults_in, keys_of
from assay.workbench.models import INSPECTOR, OPEN, Reading
from assay.workbench.page_permissions import open_to
from assay.workbench.page_rendering import show
from assay.workbench.reading_answers import asked_of, standing
from assay.workbench.reading_limit import HARD_FILES, is_hard


@open_to(INSPECTOR)
@require_http_methods(["GET"])
@shows_no_content("references of one's own files, and how far they are")
def queue(request: HttpRequest) -> HttpResponse:
    """The files of whoever asks, and nobody else's: those to decide first, then those to read, then those finished."""
    mine = Reading.objects.filter(account=request.user).select_related("file__sample", "account")
    rows = [_row(one) for one in mine]
    told = {
        "decide": [one for one in rows if one["open"] and one["reading"].round == ADJUDICATED],
        "read": [one for one in rows if one["open"] and one["reading"].round != ADJUDICATED],
        "done": [one for one in rows if not one["open"]],
        "hard_today": len(HARD_FILES.today(request.user)),
        "hard_limit": HARD_FILES.most(),
    }
    return show(request, "queue.html", told)


def _row(reading: Reading) -> dict[str, Any]:
    answered = sum(bool(one.answer) for one in standing(reading).values())
    return {
        "reading": reading,
        "open": reading.state == OPEN,
        "answered": answered,
        "of": len(asked_of(reading).questions),
        "hard": is_hard(reading.file),
        "today": HARD_FILES.allows(reading.account, reading.file),
    }


@open_to(INSPECTOR)
@require_http_methods(["GET", "POST"])
@shows_no_content("one's own keys")
def keyboard(request: HttpRequest) -> HttpResponse:
    """Switch marking by keyboard on or off, and choose the keys."""
    faults: dict[str, str] = {}
    keys = keys_of(request.user)
    if request.method == "POST":
        keys = {"on": request.POST.get("on") == "yes", **{name: request.POST.get(name, "").strip() for name in ACTIONS}}
        faults = faults_in(keys)
        if not faults:
            request.user.keys = keys
            request.user.save(update_fields=["keys"])
            return redirect("/keys")
    return show(request, "keys.html", {"keys": keys, "actions": ACTIONS, "faults": faults}, 422 if faults else 200)
