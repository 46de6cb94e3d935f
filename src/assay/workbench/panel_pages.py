"""The panel's room: what is proposed of each force and line, and what the panel decides on it.

A decision is written down by the same function as `assay decide`, into the inspection and its ledger; who saw and who
decided stands in the trail. Whoever audits reads all of it and decides nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.errors import AssayError, UsageError
from assay.grading.panel_decisions import SHORTEST
from assay.text.personal_details import what_to_take_out
from assay.workbench import audit_log, panel_minutes, panel_proposals
from assay.workbench.audit_log import Kind, Plain
from assay.workbench.content_access import Content, log_also, shows
from assay.workbench.models import AUDITOR, PANEL
from assay.workbench.page_permissions import open_to
from assay.workbench.page_rendering import show
from assay.workbench.panel_proposals import Proposed
from assay.workflows.judge import grading_stage

LONGEST = 4000


def _of_proposals(_request: HttpRequest, code: str = "", key: str = "") -> dict[str, Plain]:
    """The force and the line of the address, which are there: whatever else is asked for is not found."""
    return {name: value for name, value in (("force", code), ("line", key)) if value}


PROPOSALS = shows(Content("proposed grades, decisions and minutes", Kind.PROPOSALS_SEEN, _of_proposals))


@open_to(PANEL, AUDITOR)
@require_GET
@PROPOSALS
def forces(request: HttpRequest) -> HttpResponse:
    """Every force: what is proposed of it as a whole, and how much of it is decided; or why nothing is."""
    try:
        found, said = panel_proposals.proposed(settings.PLACE.inspection), ""
    except AssayError as error:
        found, said = [], str(error)
    return show(request, "panel.html", {"rows": panel_proposals.by_force(found), "said": said})


@open_to(PANEL, AUDITOR)
@require_GET
@PROPOSALS
def force(request: HttpRequest, code: str) -> HttpResponse:
    """One force, line by line."""
    found = _of_force(code)
    told = {"found": found, "code": code, "force": found[0].force, "minutes": panel_minutes.of_line(code, "")}
    return show(request, "panel_force.html", told | {"decides": request.user.role == PANEL})


@open_to(PANEL, AUDITOR)
@require_GET
@PROPOSALS
def line(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """One line of a force: the proposal, what speaks for it and against it, and what was decided."""
    return _page(request, _of_line(code, key))


@open_to(PANEL)
@require_POST
@PROPOSALS
def decide(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Write down what the panel decided; a grade that is moved without a reason, or decided on a page that has become
    old, is not."""
    one = _of_line(code, key)
    grade, reason = request.POST.get("grade", ""), request.POST.get("reason", "").strip()
    if said := _fault(one, grade, reason):
        return _page(request, one, said, grade, reason)
    try:
        with grading_stage.deciding(settings.PLACE.inspection), audit_log.writing() as lines:
            one = _of_line(code, key)
            if request.POST.get("version") != panel_proposals.version(settings.PLACE.inspection, one):
                raise UsageError(_("What is proposed or decided here changed after you opened the page. Look again."))
            _keep(request, lines, one, grade, reason)
    except AssayError as error:
        return _page(request, one, str(error), grade, reason)
    return redirect(one.path)


def _keep(request: HttpRequest, lines: audit_log.Writer, one: Proposed, grade: str, reason: str) -> None:
    code, key, today = one.row["place_code"], one.row["line"], datetime.now(UTC).date()
    made = grading_stage.decide(settings.PLACE.inspection, code, key, grade, reason, today).data
    about = {"force": code, "line": key, "proposed": made["proposed"], "decided": made["decided"]}
    lines.add(Kind.DECIDED, request.user.code, **about, says=said_by(made))


def said_by(made: panel_proposals.Row) -> str:
    """The hash by which the trail speaks of a decision, with its reason and its day."""
    told = [made[name] for name in ("place_code", "line", "proposed", "decided", "reason")]
    return audit_log.digest(*told, str(made["decided_on"]))


def _fault(one: Proposed, grade: str, reason: str) -> str:
    if grade not in panel_proposals.grades():
        return _("Choose what the panel decided.")
    if grade != one.row["proposed"] and len(reason) < SHORTEST:
        return _("A grade is moved only with a reason. Say what the panel saw that the rules did not.")
    if len(reason) > LONGEST:
        return _("That is too long to be kept. Shorten it.")
    wrong = what_to_take_out(reason)
    return f"{_('Why (needed where a grade is moved; name no person)')}: {wrong}" if wrong else ""


def _page(request: HttpRequest, one: Proposed, said: str = "", grade: str = "", reason: str = "") -> HttpResponse:
    folder, row = settings.PLACE.inspection, one.row
    log_also(request, proposed=row["proposed"])
    told: dict[str, Any] = {
        "one": one, "row": row, "said": said, "grade": grade, "reason": reason,
        "grades_there": panel_proposals.grades(),
        "earlier": panel_proposals.earlier(folder, one), "version": panel_proposals.version(folder, one),
        "minutes": panel_minutes.of_line(row["place_code"], row["line"]), "decides": request.user.role == PANEL,
    }  # fmt: skip
    return show(request, "panel_line.html", told | panel_proposals.behind(folder, one), 422 if said else 200)


def _of_force(code: str) -> list[Proposed]:
    """The proposals of a force by its code; not there where there is none."""
    try:
        found = [one for one in panel_proposals.proposed(settings.PLACE.inspection) if one.row["place_code"] == code]
    except AssayError:
        found = []
    if not found:
        raise Http404
    return found


def _of_line(code: str, key: str) -> Proposed:
    found = next((one for one in _of_force(code) if one.row["line"] == key), None)
    if found is None:
        raise Http404
    return found
