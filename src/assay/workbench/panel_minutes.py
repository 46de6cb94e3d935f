"""Who was present when the panel met, and what was said? Minutes are only ever added to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.grading.grade_proposals import OVERALL
from assay.ingest.inspection_folder import open_inspection
from assay.reference import lines as lines_of_enquiry
from assay.text.personal_details import what_to_take_out
from assay.workbench import audit_log
from assay.workbench.audit_log import Kind
from assay.workbench.content_access import Content, shows
from assay.workbench.models import AUDITOR, PANEL, Minute
from assay.workbench.page_permissions import open_to
from assay.workbench.page_rendering import show

FIELDS = ("held_on", "present", "force_code", "line", "said")
PRESENT, LONGEST = 500, 8000
NAMES = {"present": "Who was present (codes or posts, no names)", "said": "What was said (name no person)"}
"""Fields that a person types, as the form calls them."""


def of_line(force_code: str, line: str) -> QuerySet[Minute]:
    """The minutes on one line of a force, or ('') on the whole of it, the earliest first."""
    return Minute.objects.filter(force_code=force_code, line=line).order_by("id")


def said_by(one: Minute) -> str:
    """The hash by which the trail speaks of an entry."""
    return audit_log.digest(str(one.held_on), one.present, one.force_code, one.line, one.said)


MINUTES = shows(Content("the minutes of the panel", Kind.MINUTES_READ))


@open_to(PANEL, AUDITOR)
@require_GET
@MINUTES
def minutes(request: HttpRequest) -> HttpResponse:
    """All minutes, the latest first; and a form for more, of a line if the address names one."""
    return _page(request, _begun(request))


@open_to(PANEL)
@require_POST
@MINUTES
def write(request: HttpRequest) -> HttpResponse:
    """Add to the minutes."""
    given = {name: request.POST.get(name, "").strip() for name in FIELDS}
    if fault := _fault(given):
        return _page(request, given, *fault)
    one = Minute(**given | {"held_on": date.fromisoformat(given["held_on"])}, account=request.user)
    with audit_log.writing() as lines:
        about = {"force": one.force_code, "line": one.line, "held": given["held_on"]}
        one.event = lines.add(Kind.MINUTED, request.user.code, **about, says=said_by(one))
        one.save(force_insert=True)
    where = ("panel", one.force_code, one.line) if one.force_code else ("minutes",)
    return redirect("/" + "/".join(filter(None, where)))


def _begun(request: HttpRequest) -> dict[str, str]:
    """An empty form; who was present is taken over from what was written last on the same day."""
    today = datetime.now(UTC).date()
    last = Minute.objects.filter(account=request.user, held_on=today).order_by("-id").first()
    asked = {name: request.GET.get(name, "") for name in ("force_code", "line")}
    asked = asked if _is_there(asked) else dict.fromkeys(asked, "")
    return {**dict.fromkeys(FIELDS, ""), "held_on": str(today), "present": last.present if last else "", **asked}


def _fault(given: dict[str, str]) -> tuple[str, str] | None:
    """What is wrong and at which field, or None."""
    try:
        if date.fromisoformat(given["held_on"]) > datetime.now(UTC).date():
            return _("That day is still to come."), "held_on"
    except ValueError:
        return _("Say on which day the panel met."), "held_on"
    if not given["present"]:
        return _("Say who was present, by code or post."), "present"
    if not given["said"]:
        return _("Say what was said."), "said"
    if len(given["present"]) > PRESENT or len(given["said"]) > LONGEST:
        return _("That is too long to be kept. Shorten it."), "present" if len(given["present"]) > PRESENT else "said"
    for field in ("present", "said"):
        if wrong := what_to_take_out(given[field]):
            return f"{_(NAMES[field])}: {wrong}", field
    return None if _is_there(given) else (_("There is no such force or line."), "force_code")


def _names() -> tuple[dict[str, str], dict[str, str]]:
    """The forces and the lines that minutes can be of: names by code, and by key."""
    bodies = open_inspection(settings.PLACE.inspection).request.bodies
    keys = {one.key: one.name for one in lines_of_enquiry()} | {OVERALL: _("Overall")}
    return {code: body.name for code, body in bodies.items() if not body.national}, keys


def _is_there(given: dict[str, str]) -> bool:
    """Whether minutes can be of this: the meeting, a force, or a line of a force."""
    forces, keys = _names()
    force, line = given["force_code"], given["line"]
    return force in ("", *forces) and line in ("", *keys) and not (line and not force)


def _page(request: HttpRequest, given: dict[str, str], fault: str = "", field: str = "") -> HttpResponse:
    forces, keys = _names()
    told: dict[str, Any] = {
        "rows": Minute.objects.select_related("account").order_by("-id"), "given": given, "fault": fault,
        "field": field, "writes": request.user.role == PANEL, "forces": forces, "keys": keys,
    }  # fmt: skip
    return show(request, "minutes.html", told, 422 if fault else 200)
