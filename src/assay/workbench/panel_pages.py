"""The panel's pages: the proposed grades of each force and theme with their evidence, and the panel's decisions.

A decision is recorded by the same function as `assay grade decide`, in the inspection and its ledger; the audit log
holds who saw and who decided. An auditor reads all of it and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.errors import AssayError, UsageError
from assay.grading.grade_proposals import OVERALL
from assay.grading.grading_rules import NOT_ENOUGH, rules
from assay.grading.panel_decisions import MIN_REASON_LENGTH
from assay.ingest.inspection_folder import open_inspection
from assay.reference import characteristics
from assay.text.personal_details import details_warning
from assay.workbench import audit_log, panel_minutes
from assay.workbench.audit_log import Kind, LogValue
from assay.workbench.content_access import Content, add_log_details, shows
from assay.workbench.models import AUDITOR, PANEL
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workflows.judge import grading_stage
from assay.workflows.judge.grading_stage import find_theme, grading_tables, read_decisions, show_grades

# The proposals before the panel: reasons, evidence and earlier decisions for each force and theme.
#
# They are read by the functions of `assay grade show`; nothing is computed here. A value that is not known stays empty.

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Proposal:
    """The proposal on one theme of one force, or on the whole force."""

    row: Row
    force: str
    line: str

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"/panel/{self.row['place_code']}/{self.row['line']}"

    @property
    def is_overall(self) -> bool:
        """Return True if it is about the whole force."""
        return bool(self.row["line"] == OVERALL)


def read_proposals(folder: Path, force_code: str = "") -> list[Proposal]:
    """Return every proposal, or those of one force; UsageError before anything is proposed."""
    names = {code: organisation.name for code, organisation in open_inspection(folder).request.organisations.items()}
    rows = show_grades(folder, force_code).data["grades"]
    return [Proposal(row, names[row["place_code"]], find_theme(row["line"]).name) for row in rows]


def group_by_force(proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """Return one row for each force: its overall proposal, and how many of its themes are decided."""
    proposals_by_force: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        proposals_by_force.setdefault(proposal.row["place_code"], []).append(proposal)
    return [
        {
            "code": code,
            "force": force_proposals[0].force,
            "overall": next((proposal for proposal in force_proposals if proposal.is_overall), None),
            "decided": sum(bool(proposal.row["decided"]) for proposal in force_proposals),
            "of": len(force_proposals),
        }
        for code, force_proposals in proposals_by_force.items()
    ]


def allowed_grades() -> tuple[str, ...]:
    """Return the grades that can be decided, the best first."""
    return (*rules().grade_names, NOT_ENOUGH)


def previous_decisions(folder: Path, proposal: Proposal) -> list[dict[str, Any]]:
    """Return the previous decisions on a proposal, the earliest first."""
    force_and_theme = proposal.row["place_code"], proposal.row["line"]
    return [
        decision for decision in read_decisions(folder) if (decision["place_code"], decision["line"]) == force_and_theme
    ]


def proposal_version(folder: Path, proposal: Proposal) -> str:
    """Return the version of a proposal page: another proposal or decision changes it."""
    return f"{len(previous_decisions(folder, proposal))}:{proposal.row['proposed']}"


def proposal_evidence(folder: Path, proposal: Proposal) -> dict[str, Any]:
    """Return the evidence for a proposal: probabilities, characteristics, concerns, and grades under other rules."""
    tables = grading_tables(folder)
    code, line = proposal.row["place_code"], proposal.row["line"]

    def force_rows(name: str) -> list[dict[str, Any]]:
        return [row for row in tables[name].to_pylist() if row["place_code"] == code and row.get("line", line) == line]

    texts = {
        characteristic.key: characteristic.text
        for characteristic in characteristics()
        if proposal.is_overall or characteristic.line == line
    }
    characteristic_rows = {
        name: [
            row | {"text": texts[row["characteristic"]]} for row in force_rows(name) if row["characteristic"] in texts
        ]
        for name in ("shown", "concerns")
    }
    differing_sealed = [row["sealed"] for row in force_rows("grades_sealed") if row["sealed"] != row["proposed"]]
    changed_rows = [row for row in force_rows("moved") if row["otherwise"] != row["proposed"]]
    return {
        **characteristic_rows,
        "chances": force_rows("grade_chances"),
        "moved": changed_rows,
        "sealed": differing_sealed[0] if differing_sealed else "",
    }


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
        proposals, message = read_proposals(settings.PLACE.inspection), ""
    except AssayError as error:
        proposals, message = [], str(error)
    return render_page(request, "panel.html", {"rows": group_by_force(proposals), "said": message})


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
    """Show one theme of a force: the proposal, the evidence for and against it, and the decisions."""
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
            if request.POST.get("version") != proposal_version(settings.PLACE.inspection, proposal):
                raise UsageError(_("What is proposed or decided here changed after you opened the page. Look again."))
            _keep_decision(request, lines, proposal, grade, reason)
    except AssayError as error:
        return _page(request, proposal, str(error), grade, reason)
    return redirect(proposal.path)


def _keep_decision(request: HttpRequest, lines: audit_log.Writer, proposal: Proposal, grade: str, reason: str) -> None:
    code, key, today = proposal.row["place_code"], proposal.row["line"], datetime.now(UTC).date()
    decision = grading_stage.record_decision(settings.PLACE.inspection, code, key, grade, reason, today).data
    details = {"force": code, "line": key, "proposed": decision["proposed"], "decided": decision["decided"]}
    lines.add(Kind.DECIDED, request.user.code, **details, says=decision_digest(decision))


def decision_digest(decision: Row) -> str:
    """Return the hash by which the audit log names a decision, with its reason and day."""
    values = [decision[name] for name in ("place_code", "line", "proposed", "decided", "reason")]
    return audit_log.digest(*values, str(decision["decided_on"]))


def _form_error(proposal: Proposal, grade: str, reason: str) -> str:
    if grade not in allowed_grades():
        return _("Choose what the panel decided.")
    if grade != proposal.row["proposed"] and len(reason) < MIN_REASON_LENGTH:
        return _("A grade is moved only with a reason. Say what the panel saw that the rules did not.")
    if len(reason) > MAX_REASON_LENGTH:
        return _("That is too long to be kept. Shorten it.")
    error = details_warning(reason)
    return f"{_('Why (needed where a grade is moved; name no person)')}: {error}" if error else ""


def _page(
    request: HttpRequest, proposal: Proposal, message: str = "", grade: str = "", reason: str = ""
) -> HttpResponse:
    folder, row = settings.PLACE.inspection, proposal.row
    add_log_details(request, proposed=row["proposed"])
    context: dict[str, Any] = {
        "one": proposal,
        "row": row,
        "said": message,
        "grade": grade,
        "reason": reason,
        "grades_there": allowed_grades(),
        "earlier": previous_decisions(folder, proposal),
        "version": proposal_version(folder, proposal),
        "minutes": panel_minutes.theme_minutes(row["place_code"], row["line"]),
        "decides": request.user.role == PANEL,
    }
    return render_page(
        request,
        "panel_line.html",
        context | proposal_evidence(folder, proposal),
        422 if message else 200,
    )


def _force_proposals(code: str) -> list[Proposal]:
    """Return the proposals of a force by its code; not found if there is none."""
    try:
        proposals = [
            proposal for proposal in read_proposals(settings.PLACE.inspection) if proposal.row["place_code"] == code
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
