"""A force's pages: the letters about its returns, and its replies."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assay.ingest.accepted_returns import all_accepted_returns, letter_path
from assay.ingest.inspection_folder import open_inspection
from assay.text.personal_details import details_warning
from assay.workbench import audit_log
from assay.workbench.audit_log import Kind, LogValue
from assay.workbench.content_access import Content, shows, shows_no_content
from assay.workbench.models import ANALYST, LIAISON, Reply
from assay.workbench.page_permissions import allow_roles
from assay.workbench.page_rendering import render_page

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


def _force_details(request: HttpRequest, **address: Any) -> dict[str, LogValue]:
    return {"force": request.user.force_code, **address}


OWN_REPLIES = shows(Content("the replies of one's own force", Kind.REPLIES_READ, _force_details))
LETTER = shows(Content("a letter to one's own force", Kind.LETTER_READ, _force_details))
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
    """Show one letter as it was written; its own style is permitted by its hash, and nothing else."""
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
            message = _("Say whether the letter is right.")
        elif agrees == "no" and not text:
            message = _("Say what is not right, by table and rule.")
        elif len(text) > MAX_REPLY_LENGTH:
            message = _("That is too long to be kept. Shorten it.")
        elif error := details_warning(text):
            message = f"{_('What is not right, by table and rule (name no person)')}: {error}"
        else:
            _keep_reply(request, edition, agrees == "yes", text)
            return redirect("/letters")
    context = {"edition": edition, "agrees": agrees, "text": text, "said": message}
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
