"""Middleware: sign-in, roles, declared content and security headers for every request.

Access is closed by default: a page that does not declare its roles, or its content, is open to nobody. A session needs
both factors, and is neither idle for too long nor too old.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from assay.workbench.content_access import Content, without_content
from assay.workbench.page_permissions import ANY_VISITOR

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""No page runs or shows anything from another origin, or inline."""
BEGUN, SEEN = "begun", "seen"
GetResponse = Callable[[HttpRequest], HttpResponse]


class Headers:
    """Add the security headers to every response."""

    def __init__(self, answer: GetResponse) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response with the headers."""
        response = self._answer(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.setdefault("Cache-Control", "no-store")
        return response


class Gate:
    """Admit a request, or refuse it with a reason."""

    def __init__(self, answer: GetResponse) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response unchanged."""
        return self._answer(request)

    def process_view(self, request: HttpRequest, view: Any, *_args: Any) -> HttpResponse | None:
        """Return None to admit the request, otherwise the response that refuses it."""
        if _holds_nul(request):
            return _refuse_nul(request)
        roles = getattr(view, "open_to", ())
        if not isinstance(getattr(view, "content", None), Content):
            return render_refusal(request, 403)  # it does not say whether it shows content, so nothing would log that
        if roles == ANY_VISITOR:
            return None
        if not self._signed_in(request):
            return redirect_to_sign_in(request)
        if request.user.role not in roles:
            return render_refusal(request, 403)
        return None

    def _signed_in(self, request: HttpRequest) -> bool:
        account = request.user
        if not account.is_authenticated or not account.is_verified() or not account.is_active:
            return False
        now, session = int(time.time()), request.session
        if now - session.get(BEGUN, 0) > settings.PLACE.longest_hours * 3600:
            logout(request)
            return False
        if now - session.get(SEEN, 0) > 60:
            session[SEEN] = now  # saved at most once a minute: that alone puts off the end of an idle session
        return True


def _holds_nul(request: HttpRequest) -> bool:
    """Return True if the request holds a NUL character, which PostgreSQL cannot store in a text."""
    fields = [field for parameters in (request.GET, request.POST) for field in parameters.lists()]
    texts = (value for name, values in fields for value in (name, *values))
    return "\0" in request.path or any("\0" in str(text) for text in texts)


def _refuse_nul(request: HttpRequest) -> HttpResponse:
    """Return the message that nothing was saved; for a part of a page in the place of its message."""
    from assay.workbench.page_rendering import render_page

    message = _(
        "What you sent contains a character that cannot be stored (NUL), so nothing was saved. Go back, type the "
        "text again, and send it."
    )
    if request.headers.get("HX-Request"):
        return render_page(request, "not_saved.html", {"message": message, "meanwhile": None}, 409)
    return render_page(request, "refused.html", {"message": message}, 400)


def redirect_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect to the sign-in page; if only part of a page was requested, by a header that htmx follows."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    query = {"next": request.get_full_path()} if request.method == "GET" else {}
    return redirect(f"{settings.LOGIN_URL}?{urlencode(query)}" if query else settings.LOGIN_URL)


def render_refusal(request: HttpRequest, status: int) -> HttpResponse:
    """Return the page that says that the user may not open this, or that it does not exist."""
    from assay.workbench.page_rendering import render_page

    message = {403: _("Your role does not allow you to open this page."), 404: _("There is no such page.")}.get(
        status, ""
    )
    return without_content(render_page(request, "refused.html", {"message": message}, status))


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the refusal of a request from a foreign page, or from a page that was open too long (CSRF)."""
    from assay.workbench.page_rendering import render_page

    message = _(
        "This page was open for too long, or was sent from another site. Go back, load it again, and send it again."
    )
    return render_page(request, "refused.html", {"message": message}, 403)
