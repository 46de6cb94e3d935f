"""A force's room: the letters about its returns, and what it says of their accuracy. No force sees another's."""

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

from assay.ingest.accepted_returns import all_held, letter_of
from assay.ingest.inspection_folder import open_inspection
from assay.text.personal_details import what_to_take_out
from assay.workbench import audit_log
from assay.workbench.audit_log import Kind, Plain
from assay.workbench.content_access import Content, shows, shows_no_content
from assay.workbench.models import ANALYST, LIAISON, Reply
from assay.workbench.page_permissions import open_to
from assay.workbench.page_rendering import show

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
LONGEST = 4000


def letters_to(force_code: str) -> dict[int, Path]:
    """The letters to one force, by the edition of its return."""
    inspection = open_inspection(settings.PLACE.inspection)
    held = [one for one in all_held(inspection) if one.body == force_code]
    return {one.accepted.edition: path for one in held if (path := letter_of(inspection, one.stage))}


def _of_force(request: HttpRequest, **address: Any) -> dict[str, Plain]:
    return {"force": request.user.force_code, **address}


OWN_REPLIES = shows(Content("the replies of one's own force", Kind.REPLIES_READ, _of_force))
LETTER = shows(Content("a letter to one's own force", Kind.LETTER_READ, _of_force))
REPLIES = shows(Content("the replies of every force", Kind.REPLIES_READ))


@open_to(LIAISON)
@require_GET
@OWN_REPLIES
def letters(request: HttpRequest) -> HttpResponse:
    """The letters to the force of whoever asks, with its replies."""
    replies = Reply.objects.filter(force_code=request.user.force_code).order_by("-id")
    return show(request, "letters.html", {"letters": sorted(letters_to(request.user.force_code)), "replies": replies})


@open_to(LIAISON)
@require_GET
@LETTER
def letter(request: HttpRequest, edition: int) -> HttpResponse:
    """One letter, as it was written. Its own style is let through by its hash, and nothing else."""
    path = letters_to(request.user.force_code).get(edition)
    if path is None:
        raise Http404
    page = path.read_text(encoding="utf-8")
    styles = " ".join(f"'sha256-{_hash(style)}'" for style in STYLE.findall(page)) or "'none'"
    policy = f"default-src 'none'; style-src {styles}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    return HttpResponse(page, headers={"Content-Security-Policy": policy})


def _hash(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


@open_to(LIAISON)
@require_http_methods(["GET", "POST"])
@shows_no_content("a form, and what its sender has just typed")
def reply(request: HttpRequest, edition: int) -> HttpResponse:
    """Say whether a letter is right, and if not what is wrong with it."""
    if edition not in letters_to(request.user.force_code):
        raise Http404
    agrees, text, said = request.POST.get("agrees", ""), request.POST.get("text", "").strip(), ""
    if request.method == "POST":
        if agrees not in ("yes", "no"):
            said = _("Say whether the letter is right.")
        elif agrees == "no" and not text:
            said = _("Say what is not right, by table and rule.")
        elif len(text) > LONGEST:
            said = _("That is too long to be kept. Shorten it.")
        elif wrong := what_to_take_out(text):
            said = f"{_('What is not right, by table and rule (name no person)')}: {wrong}"
        else:
            _keep(request, edition, agrees == "yes", text)
            return redirect("/letters")
    told = {"edition": edition, "agrees": agrees, "text": text, "said": said}
    return show(request, "reply.html", told, 422 if said else 200)


def _keep(request: HttpRequest, edition: int, agrees: bool, text: str) -> None:
    force, name = request.user.force_code, f"edition {edition}"
    with audit_log.writing() as lines:
        told = audit_log.digest(force, name, agrees, text)
        event = lines.add(Kind.REPLIED, request.user.code, force=force, edition=edition, says=told)
        Reply.objects.create(force_code=force, letter=name, account=request.user, agrees=agrees, text=text, event=event)


@open_to(ANALYST)
@require_GET
@REPLIES
def replies(request: HttpRequest) -> HttpResponse:
    """What every force said of its letters."""
    return show(request, "replies.html", {"replies": Reply.objects.order_by("-id")})
