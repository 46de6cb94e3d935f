"""The panel's pages: the proposed grades of each force and theme, and the panel's decisions.

A decision is recorded by the same function as `assay grade decide`, in the inspection and its ledger; the audit log
holds who saw and who decided. An auditor reads all of it and decides nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.errors import AssayError, UsageError
from assay.grading.panel_decisions import MIN_REASON_LENGTH, Decision, DecisionRow, confirms
from assay.ingest.inspection_folder import open_inspection
from assay.text.personal_details import details_warning
from assay.workbench import audit_log, panel_minutes, panel_proposals
from assay.workbench.audit_log import Kind, LogValue
from assay.workbench.content_access import Content, add_log_details, shows
from assay.workbench.models import AUDITOR, PANEL
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workbench.panel_proposals import Proposal
from assay.workflows.judge import grading_stage

MAX_REASON_LENGTH = 4000


def _proposal_details(_request: HttpRequest, code: str = "", key: str = "") -> dict[str, LogValue]:
    """Return the force and the theme of the URL, if they exist; any other URL is not found."""
    return {name: value for name, value in (("force", code), ("line", key)) if value}


PROPOSALS = shows(Content("proposed grades, decisions and minutes", Kind.PROPOSALS_SEEN, _proposal_details))


@allow_roles(PANEL, AUDITOR)
@require_GET
@PROPOSALS
def forces(request: HttpRequest) -> HttpResponse:
    """Show every force: its proposed overall grade, and how much is decided; or why there is no proposal."""
    try:
        proposals, message = panel_proposals.read_proposals(settings.PLACE.inspection), ""
    except AssayError as error:
        proposals, message = [], str(error)
    return render_page(request, "panel.html", {"rows": panel_proposals.group_by_force(proposals), "message": message})


@allow_roles(PANEL, AUDITOR)
@require_GET
@PROPOSALS
def force(request: HttpRequest, code: str) -> HttpResponse:
    """Show one force, theme by theme."""
    proposals = _force_proposals(code)
    context = {
        "found": proposals,
        "code": code,
        "force": proposals[0].force,
        "minutes": panel_minutes.theme_minutes(code, ""),
    }
    return render_page(request, "panel_force.html", context | {"decides": request.user.role == PANEL})


@allow_roles(PANEL, AUDITOR)
@require_GET
@PROPOSALS
def line(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show one inspection theme of a force: the proposal, the evidence for and against it, and the decisions."""
    return _page(request, _theme_proposal(code, key))


@allow_roles(PANEL)
@require_POST
@PROPOSALS
def decide(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Record the panel's decision.

    Refused are a changed grade without a reason, and a decision on an outdated page.
    """
    proposal = _theme_proposal(code, key)
    grade, reason = request.POST.get("grade", ""), request.POST.get("reason", "").strip()
    if message := _form_error(proposal, grade, reason):
        return _page(request, proposal, message, grade, reason)
    try:
        with grading_stage.decision_lock(settings.PLACE.inspection), audit_log.write_lines() as lines:
            proposal = _theme_proposal(code, key)
            if request.POST.get("version") != panel_proposals.proposal_version(settings.PLACE.inspection, proposal):
                raise UsageError(
                    _(
                        "The proposal or the decision changed after you opened the page, so nothing was saved. "
                        "Load the page again."
                    )
                )
            _keep_decision(request, lines, proposal, grade, reason)
    except AssayError as error:
        return _page(request, proposal, str(error), grade, reason)
    return redirect(proposal.path)


def _keep_decision(request: HttpRequest, lines: audit_log.Writer, proposal: Proposal, grade: str, reason: str) -> None:
    code, key, today = proposal.row["place_code"], proposal.row["line"], datetime.now(UTC).date()
    decider = request.user.code
    data = grading_stage.record_decision(settings.PLACE.inspection, code, key, grade, reason, today, decider).data
    decision = Decision.from_row(cast(DecisionRow, {**data, "decided_on": today}))
    details = {"force": code, "line": key, "proposed": decision.proposed, "decided": decision.decided}
    kind = Kind.DECISION_AWAITS if data["awaits"] else Kind.DECIDED
    lines.add(kind, decider, **details, says=decision_digest(decision))


def decision_digest(decision: Decision) -> str:
    """Return the hash that stands for a decision, with its reason, day and persons, in the audit log.

    Decisions of earlier versions name no person, and their hash is unchanged.
    """
    values = (decision.place_code, decision.line, decision.proposed, decision.decided, decision.reason)
    people = [person for person in (decision.decided_by, decision.confirmed_by) if person]
    return audit_log.digest(*values, str(decision.decided_on), *people)


def _form_error(proposal: Proposal, grade: str, reason: str) -> str:
    if grade not in panel_proposals.allowed_grades():
        return _("Choose what the panel decided.")
    waiting = panel_proposals.open_decision(settings.PLACE.inspection, proposal)
    is_confirmation = confirms(waiting, grade, proposal.row["proposed"])
    if grade != proposal.row["proposed"] and len(reason) < MIN_REASON_LENGTH and not is_confirmation:
        return _(
            "A grade that differs from the proposal needs a reason. Write what the panel saw that the rules did not."
        )
    if len(reason) > MAX_REASON_LENGTH:
        return _("The text is too long. Shorten it.")
    error = details_warning(reason)
    return f"{_('Why (needed if the grade differs from the proposal; name no person)')}: {error}" if error else ""


def _page(
    request: HttpRequest, proposal: Proposal, message: str = "", grade: str = "", reason: str = ""
) -> HttpResponse:
    folder, row = settings.PLACE.inspection, proposal.row
    add_log_details(request, proposed=row["proposed"])
    context: dict[str, Any] = {
        "proposal": proposal,
        "row": row,
        "message": message,
        "grade": grade,
        "reason": reason,
        "grades_there": panel_proposals.allowed_grades(),
        "earlier": panel_proposals.previous_decisions(folder, proposal),
        "waiting": panel_proposals.open_decision(folder, proposal),
        "two_persons": open_inspection(folder).panel_persons == grading_stage.TWO_PERSONS,
        "version": panel_proposals.proposal_version(folder, proposal),
        "minutes": panel_minutes.theme_minutes(row["place_code"], row["line"]),
        "decides": request.user.role == PANEL,
    }
    return render_page(
        request,
        "panel_line.html",
        context | panel_proposals.proposal_evidence(folder, proposal),
        422 if message else 200,
    )


def _force_proposals(code: str) -> list[Proposal]:
    """Return the proposals of a force by its code; not found if there is none."""
    try:
        proposals = [
            proposal
            for proposal in panel_proposals.read_proposals(settings.PLACE.inspection)
            if proposal.row["place_code"] == code
        ]
    except AssayError:
        proposals = []
    if not proposals:
        raise Http404
    return proposals


def _theme_proposal(code: str, key: str) -> Proposal:
    proposal_found = next((proposal for proposal in _force_proposals(code) if proposal.row["line"] == key), None)
    if proposal_found is None:
        raise Http404
    return proposal_found
