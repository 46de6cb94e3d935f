"""Declare the content of each page, log every response that shows it, and enforce daily limits.

Every view declares one of two things: `shows` (it shows content: records, texts, answers, ratings, grades, the audit
log itself) or `shows_no_content`. `assay.workbench.request_gate` refuses requests to a view that declares neither.
Every response of a `shows` view is logged before it is sent, error pages included, except empty redirects, 405 and
responses marked `without_content`. Daily limits are counted in the transaction that writes the line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse

from assay.workbench import audit_log
from assay.workbench.audit_log import Kind, LogValue
from assay.workbench.reading_limit import DailyLimit

View = TypeVar("View", bound=Callable[..., Any])
LogDetails = Callable[..., dict[str, LogValue]]
NOT_ALLOWED = 405
_MORE, _KIND, _NONE = "content_about", "content_kind", "content_none"


@dataclass(frozen=True)
class Limit:
    """A daily limit on how often a user may open content of one kind.

    `counted_object` returns the object whose views count, from the request and the arguments of the URL; None if no
    limit applies. `hidden`: over the limit the answer is 404, without a reason.
    """

    daily_limit: DailyLimit
    counted_object: Callable[..., Any]
    hidden: bool = False


@dataclass(frozen=True)
class Content:
    """What a view declares about the confidential content that it shows, and how this is logged.

    `description`: the content that it shows, or the reason why it shows none; `kind`: the kind of its line in the audit
    log, None if it shows none; `log_details`: what the line names, from the request and the arguments of the URL;
    `opened`: saves in the same transaction that the user saw it, and returns False if it is gone, so that the answer is
    404.
    """

    description: str
    kind: Kind | None = None
    log_details: LogDetails = lambda _request, **_address: {}
    limit: Limit | None = None
    opened: Callable[..., bool] = lambda _request, **_address: True


def shows(content: Content) -> Callable[[View], View]:
    """Declare which content a view shows, and log every response that shows it, errors included."""

    def decorate(view: View) -> View:
        @wraps(view)
        def logged_view(request: HttpRequest, **address: Any) -> HttpResponse:
            if not _within_limit(content, request, address):
                return _over_limit(content, request)
            response: HttpResponse = view(request, **address)
            return _log_response(content, request, address, response) if _has_content(response) else response

        logged_view.content = content  # type: ignore[attr-defined]
        return logged_view  # type: ignore[return-value]

    return decorate


def shows_no_content(why: str) -> Callable[[View], View]:
    """Declare that no response of a view shows content, and why."""

    def decorate(view: View) -> View:
        view.content = Content(why)  # type: ignore[attr-defined]
        return view

    return decorate


def add_log_details(request: HttpRequest, **details: LogValue) -> None:
    """Add details that only the view knows, such as the proposed grade, to the audit-log line of this response.

    Never add what somebody typed.
    """
    setattr(request, _MORE, {**getattr(request, _MORE, {}), **details})


def log_as(response: HttpResponse, kind: Kind) -> HttpResponse:
    """Return the response, to be logged under another kind of event than the view declares."""
    setattr(response, _KIND, kind)
    return response


def without_content(response: HttpResponse) -> HttpResponse:
    """Mark a response as showing no content, such as a refusal or the confirmation of a save."""
    setattr(response, _NONE, True)
    return response


def _has_content(response: HttpResponse) -> bool:
    """Return True for content: not a redirect, a method that is not allowed, or a response marked `without_content`."""
    redirected = 300 <= response.status_code < 400 and not response.content
    return not (redirected or response.status_code == NOT_ALLOWED or getattr(response, _NONE, False))


def _within_limit(content: Content, request: HttpRequest, address: dict[str, Any]) -> bool:
    if content.limit is None:
        return True
    counted_view = content.limit.counted_object(request, **address)
    return counted_view is None or content.limit.daily_limit.allows(request.user, counted_view)


def _log_response(
    content: Content, request: HttpRequest, address: dict[str, Any], response: HttpResponse
) -> HttpResponse:
    """Write the log line and return the response.

    The limit is checked again in the transaction that counts, because another request may have used the last place of
    the day meanwhile.
    """
    kind = getattr(response, _KIND, None) or content.kind
    assert kind is not None, "a view that shows content declares the kind of its line"
    with audit_log.write_lines() as lines:
        if not _within_limit(content, request, address):
            return _over_limit(content, request)
        if not content.opened(request, **address):
            raise Http404
        if content.limit and (counted_view := content.limit.counted_object(request, **address)) is not None:
            content.limit.daily_limit.count(request.user, counted_view)
        lines.add(kind, request.user.code, **content.log_details(request, **address), **getattr(request, _MORE, {}))
    return response


def _over_limit(content: Content, request: HttpRequest) -> HttpResponse:
    """Return the page for a reached daily limit; for an HTMX request only the requested part."""
    from assay.workbench.page_rendering import render_page

    assert content.limit is not None, "only a page with a limit can be over it"
    if content.limit.hidden:
        raise Http404
    context = {"message": content.limit.daily_limit.refusal}
    if request.headers.get("HX-Request"):
        return without_content(render_page(request, "refused_part.html", context, 409))
    return without_content(render_page(request, "refused.html", context, 403))
