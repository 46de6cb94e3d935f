"""Pages for the minutes of the panel, which are append-only."""

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
from assay.reference import inspection_themes as lines_of_enquiry
from assay.text.personal_details import details_warning
from assay.workbench import audit_log
from assay.workbench.audit_log import Kind
from assay.workbench.content_access import Content, shows
from assay.workbench.models import AUDITOR, PANEL, Minute
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page

FIELDS = ("held_on", "present", "force_code", "line", "text")
MAX_PRESENT_LENGTH, MAX_MINUTE_LENGTH = 500, 8000
NAMES = {"present": "Who was present (codes or posts, no names)", "text": "What was said (name no person)"}
"""Fields that a person types, by their names in the form."""


def theme_minutes(force_code: str, line: str) -> QuerySet[Minute]:
    """Return the minutes on one theme of a force ('' for the whole force), earliest first."""
    return Minute.objects.filter(force_code=force_code, line=line).order_by("id")


def minute_digest(minute: Minute) -> str:
    """Return the hash that stands for an entry of the minutes in the audit log."""
    return audit_log.digest(str(minute.held_on), minute.present, minute.force_code, minute.line, minute.text)


MINUTES = shows(Content("the minutes of the panel", Kind.MINUTES_READ))


@allow_roles(PANEL, AUDITOR)
@require_GET
@MINUTES
def minutes(request: HttpRequest) -> HttpResponse:
    """Show all minutes, the latest first, and a form for a new entry, on a theme if the URL names one."""
    return _page(request, _new_form(request))


@allow_roles(PANEL)
@require_POST
@MINUTES
def add_minute(request: HttpRequest) -> HttpResponse:
    """Add an entry to the minutes."""
    form_values = {name: request.POST.get(name, "").strip() for name in FIELDS}
    if error := _form_error(form_values):
        return _page(request, form_values, *error)
    minute = Minute(**form_values | {"held_on": date.fromisoformat(form_values["held_on"])}, account=request.user)
    with audit_log.write_lines() as lines:
        details = {"force": minute.force_code, "line": minute.line, "held": form_values["held_on"]}
        minute.event = lines.add(Kind.MINUTED, request.user.code, **details, says=minute_digest(minute))
        minute.save(force_insert=True)
    where = ("panel", minute.force_code, minute.line) if minute.force_code else ("minutes",)
    return redirect("/" + "/".join(filter(None, where)))


def _new_form(request: HttpRequest) -> dict[str, str]:
    """Return an empty form; those present are copied from the last entry of the same day."""
    today = datetime.now(UTC).date()
    last_minute = Minute.objects.filter(account=request.user, held_on=today).order_by("-id").first()
    preset = {name: request.GET.get(name, "") for name in ("force_code", "line")}
    preset = preset if _is_there(preset) else dict.fromkeys(preset, "")
    return {
        **dict.fromkeys(FIELDS, ""),
        "held_on": str(today),
        "present": last_minute.present if last_minute else "",
        **preset,
    }


def _form_error(form_values: dict[str, str]) -> tuple[str, str] | None:
    """Return the error and its field, or None."""
    try:
        if date.fromisoformat(form_values["held_on"]) > datetime.now(UTC).date():
            return _("That day is still to come."), "held_on"
    except ValueError:
        return _("Enter the day on which the panel met."), "held_on"
    if not form_values["present"]:
        return _("Write who was present, by code or post."), "present"
    if not form_values["text"]:
        return _("Write what was said."), "text"
    if len(form_values["present"]) > MAX_PRESENT_LENGTH or len(form_values["text"]) > MAX_MINUTE_LENGTH:
        return _("The text is too long. Shorten it."), "present" if len(
            form_values["present"]
        ) > MAX_PRESENT_LENGTH else "text"
    for field in ("present", "text"):
        if error := details_warning(form_values[field]):
            return f"{_(NAMES[field])}: {error}", field
    return None if _is_there(form_values) else (_("There is no such force or theme."), "force_code")


def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Return the forces and themes that minutes can be about: names by code, and by key."""
    organisations = open_inspection(settings.PLACE.inspection).request.organisations
    keys = {theme.key: theme.name for theme in lines_of_enquiry()} | {OVERALL: _("Overall")}
    return {code: force.name for code, force in organisations.items() if not force.is_national}, keys


def _is_there(form_values: dict[str, str]) -> bool:
    """Return True if minutes can be about this: the meeting, a force, or a theme of a force."""
    forces, keys = _names()
    force, line = form_values["force_code"], form_values["line"]
    return force in ("", *forces) and line in ("", *keys) and not (line and not force)


def _page(request: HttpRequest, form_values: dict[str, str], error: str = "", field: str = "") -> HttpResponse:
    forces, keys = _names()
    context: dict[str, Any] = {
        "rows": Minute.objects.select_related("account").order_by("-id"), "given": form_values, "error": error,
        "field": field, "writes": request.user.role == PANEL, "forces": forces, "keys": keys,
    }  # fmt: skip
    return render_page(request, "minutes.html", context, 422 if error else 200)
