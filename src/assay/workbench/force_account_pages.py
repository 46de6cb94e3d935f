"""Pages for a force: letters about its returns with its replies, and its answers on factual accuracy of the report.

A page holds as many points as one request can send, and is saved separately; answers on other pages stay. Answers are
saved by the function of `assay grade accuracy-answers`, with the evidence. An open point is not accepted.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.errors import AssayError
from assay.ingest.accepted_returns import all_accepted_returns, letter_path
from assay.ingest.inspection_folder import open_inspection
from assay.reference import characteristics
from assay.temporary_folders import temporary_folder
from assay.text.personal_details import details_warning
from assay.workbench import audit_log
from assay.workbench.audit_log import Kind, LogValue
from assay.workbench.content_access import Content, add_log_details, shows, shows_no_content
from assay.workbench.models import ANALYST, LIAISON, Reply
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page
from assay.workbench.workbench_folder import TEMPORARY_PREFIX
from assay.workflows.judge.grading_stage import find_theme
from assay.workflows.release.accuracy_points import (
    ACCEPTED,
    COLUMNS,
    DISPUTED,
    OPEN,
    accuracy_points,
    read_answers,
    take_answers,
)

MAX_REASON_LENGTH = 2000
POINTS_PER_PAGE = 20
NAME = "points answered in the workbench.csv"
STATES = (ACCEPTED, DISPUTED, OPEN)
Points = list[dict[str, str]]


def _force_details(request: HttpRequest) -> dict[str, LogValue]:
    return {"force": request.user.force_code}


POINTS = shows(Content("the points of the report on one's own force", Kind.POINTS_SEEN, _force_details))


@allow_roles(LIAISON)
@require_GET
@POINTS
def points(request: HttpRequest) -> HttpResponse:
    """Show the points of the report about the user's force, with its latest answers; or why there are none."""
    try:
        rows, message = _points_with_answers(request), ""
    except AssayError:
        rows, message = [], _("Nothing is released yet, so there are no points to answer.")
    return _render_points(request, rows, request.GET.get("page"), message=message)


@allow_roles(LIAISON)
@require_POST
@POINTS
def answer(request: HttpRequest) -> HttpResponse:
    """Save a force's answers to the points of the report on one page.

    Nothing is saved if a point is disputed without a reason, or the points have changed.
    """
    number = request.POST.get("page")
    try:
        rows = _points_with_answers(request)
    except AssayError as error:
        return _render_points(request, [], number, message=str(error), status=422)
    if request.POST.get("version") != points_version(rows):
        message = _("The points changed after you opened the page, so nothing was saved. Load the page again.")
        return _render_points(request, rows, number, message=message, status=422)
    page = Paginator(rows, POINTS_PER_PAGE).get_page(number)
    for row in page.object_list:
        row |= {name: request.POST.get(f"{name}-{row['point']}", "").strip() for name in ("answer", "why")}
    if errors := _answer_errors(page.object_list):
        return _render_points(request, rows, number, errors, status=422)
    try:
        _keep_answers(request, rows)
    except AssayError as error:
        return _render_points(request, rows, number, message=str(error), status=422)
    following = page.next_page_number() if page.has_next() else page.number
    return redirect(f"/points?page={following}" if page.paginator.num_pages > 1 else "/points")


def _points_with_answers(request: HttpRequest) -> Points:
    """Return every point about a force with its last answer; UsageError before the release."""
    code, folder = request.user.force_code, settings.PLACE.inspection
    rows = accuracy_points(folder, code)
    previous_answers = {row["sentence"]: row for row in read_answers(folder).get(code, ())}
    for row in rows:
        if answer := previous_answers.get(row["sentence"]):
            row |= {"answer": answer["answer"], "why": answer["why"]}
    return rows


def point_heading(subject: str) -> str:
    """Return the subject of a point of the report in words; '' if its sentence already names the subject."""
    kind, _space, key = subject.rpartition(" ")
    if kind == "grade":
        return _("Grade: %(line)s") % {"line": find_theme(key).name}
    if kind == "lesson":
        return _("Lesson %(key)s") % {"key": key}
    if kind == "claim":
        return _("Claim %(n)s") % {"n": key}
    text = next((characteristic.text for characteristic in characteristics() if characteristic.key == key), "")
    return f"{kind[:1].upper()}{kind[1:]}: {text}" if text else ""


def points_version(rows: Points) -> str:
    """Return a hash of the points of the report, to detect that they changed."""
    return audit_log.digest([(row["point"], row["sentence"]) for row in rows])


def _answer_errors(rows: Points) -> dict[str, str]:
    """Return the errors, by point."""
    errors = {}
    for row in rows:
        if row["answer"] not in STATES:
            errors[row["point"]] = _("Point %(n)s: choose one of the answers.") % {"n": row["point"]}
        elif row["answer"] == DISPUTED and not row["why"]:
            errors[row["point"]] = _("Point %(n)s: write why it is disputed.") % {"n": row["point"]}
        elif len(row["why"]) > MAX_REASON_LENGTH:
            errors[row["point"]] = _("Point %(n)s: the text is too long. Shorten it.") % {"n": row["point"]}
        elif error := details_warning(row["why"]):
            errors[row["point"]] = f"{_('Point %(n)s') % {'n': row['point']}}: {error}"
    return errors


def _keep_answers(request: HttpRequest, rows: Points) -> None:
    code, workbench = request.user.force_code, settings.PLACE
    with temporary_folder(workbench.folder, TEMPORARY_PREFIX) as work_folder, audit_log.write_lines() as lines:
        path = work_folder / NAME
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        result = take_answers(workbench.inspection, code, path).data
        counts = {name: result[name] for name in ("accepted", "disputed", "not_answered")}
        lines.add(Kind.POINTS_ANSWERED, request.user.code, force=code, **counts, hash=audit_log.digest(rows))


def _render_points(request: HttpRequest, rows: Points, number: str | None, errors: Any = (), *, message: str = "",
          status: int = 200) -> HttpResponse:  # fmt: skip
    add_log_details(request, points=len(rows))
    has_answers = bool(read_answers(settings.PLACE.inspection).get(request.user.force_code))
    page = Paginator(rows, POINTS_PER_PAGE).get_page(number)
    context = {
        "page": page, "heads": {row["point"]: point_heading(row["about"]) for row in page.object_list},
        "errors": dict(errors), "message": message, "has_answers": has_answers,
        "version": points_version(rows), "counts": [sum(row["answer"] == key for row in rows) for key in STATES],
    }  # fmt: skip
    return render_page(request, "points.html", context, status)


# A force's pages: the letters about its returns, and its replies.

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
MAX_REPLY_LENGTH = 4000


def force_letters(force_code: str) -> dict[int, Path]:
    """Return the letters to one force, by the edition of its return."""
    inspection = open_inspection(settings.PLACE.inspection)
    accepted = [
        accepted_return
        for accepted_return in all_accepted_returns(inspection)
        if accepted_return.force_code == force_code
    ]
    return {
        accepted_return.return_edition.edition: path
        for accepted_return in accepted
        if (path := letter_path(inspection, accepted_return.stage))
    }


def _letter_details(request: HttpRequest, **address: Any) -> dict[str, LogValue]:
    return {"force": request.user.force_code, **address}


OWN_REPLIES = shows(Content("the replies of one's own force", Kind.REPLIES_READ, _letter_details))
LETTER = shows(Content("a letter to one's own force", Kind.LETTER_READ, _letter_details))
REPLIES = shows(Content("the replies of every force", Kind.REPLIES_READ))


@allow_roles(LIAISON)
@require_GET
@OWN_REPLIES
def letters(request: HttpRequest) -> HttpResponse:
    """Show the letters to the user's force, with its replies."""
    replies = Reply.objects.filter(force_code=request.user.force_code).order_by("-id")
    return render_page(
        request, "letters.html", {"letters": sorted(force_letters(request.user.force_code)), "replies": replies}
    )


@allow_roles(LIAISON)
@require_GET
@LETTER
def letter(request: HttpRequest, edition: int) -> HttpResponse:
    """Show one letter unchanged; the security policy permits only the letter's own style, by its hash."""
    path = force_letters(request.user.force_code).get(edition)
    if path is None:
        raise Http404
    page = path.read_text(encoding="utf-8")
    styles = " ".join(f"'sha256-{_hash(style)}'" for style in STYLE.findall(page)) or "'none'"
    policy = f"default-src 'none'; style-src {styles}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    return HttpResponse(page, headers={"Content-Security-Policy": policy})


def _hash(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


@allow_roles(LIAISON)
@require_http_methods(["GET", "POST"])
@shows_no_content("a form, and what its sender has just typed")
def reply(request: HttpRequest, edition: int) -> HttpResponse:
    """Save whether a letter is right, and if not what is wrong with it."""
    if edition not in force_letters(request.user.force_code):
        raise Http404
    agrees, text, message = request.POST.get("agrees", ""), request.POST.get("text", "").strip(), ""
    if request.method == "POST":
        if agrees not in ("yes", "no"):
            message = _("Choose whether the letter is right.")
        elif agrees == "no" and not text:
            message = _("Write what is not right, by table and rule.")
        elif len(text) > MAX_REPLY_LENGTH:
            message = _("The text is too long. Shorten it.")
        elif error := details_warning(text):
            message = f"{_('What is not right, by table and rule (name no person)')}: {error}"
        else:
            _keep_reply(request, edition, agrees == "yes", text)
            return redirect("/letters")
    context = {"edition": edition, "agrees": agrees, "text": text, "message": message}
    return render_page(request, "reply.html", context, 422 if message else 200)


def _keep_reply(request: HttpRequest, edition: int, agrees: bool, text: str) -> None:
    force, name = request.user.force_code, f"edition {edition}"
    with audit_log.write_lines() as lines:
        reply_hash = audit_log.digest(force, name, agrees, text)
        event = lines.add(Kind.REPLIED, request.user.code, force=force, edition=edition, says=reply_hash)
        Reply.objects.create(force_code=force, letter=name, account=request.user, agrees=agrees, text=text, event=event)


@allow_roles(ANALYST)
@require_GET
@REPLIES
def replies(request: HttpRequest) -> HttpResponse:
    """Show the replies of all forces to their letters."""
    return render_page(request, "replies.html", {"replies": Reply.objects.order_by("-id")})
