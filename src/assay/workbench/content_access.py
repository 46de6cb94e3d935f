"""Which content does each page show, and how does every response that shows it come to stand in the audit log?

Every view declares one of two things: `shows` (it shows content: records, texts, answers, marks, grades, the audit
log itself) or `shows_no_content`. `assay.workbench.request_gate` refuses requests to a view that declares neither.
Every response that a `shows` view returns is logged before it leaves, error pages included; except empty redirects,
405 and responses marked `without_content`. Daily limits are counted in the same transaction as the line is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse

from assay.workbench import audit_log
from assay.workbench.audit_log import Kind, Plain
from assay.workbench.reading_limit import DailyLimit

View = TypeVar("View", bound=Callable[..., Any])
About = Callable[..., dict[str, Plain]]
NOT_ALLOWED = 405
_MORE, _KIND, _NONE = "content_about", "content_kind", "content_none"


@dataclass(frozen=True)
class Limit:
    """A daily limit on the content of a page. `counted` returns the object whose views count, from the request and the
    arguments of the URL; None if no limit applies. `hidden`: over the limit the answer is 404, without a reason."""

    of: DailyLimit
    counted: Callable[..., Any]
    hidden: bool = False


@dataclass(frozen=True)
class Content:
    """What a view declares. `what`: the content that it shows, or the reason why it shows none; `kind`: the kind of its
    line in the audit log, None if it shows none; `about`: what the line names, from the request and the arguments of
    the URL; `opened`: saves in the same transaction that the user saw it; False if it is gone, so the answer is 404."""

    what: str
    kind: Kind | None = None
    about: About = lambda _request, **_address: {}
    limit: Limit | None = None
    opened: Callable[..., bool] = lambda _request, **_address: True


def shows(content: Content) -> Callable[[View], View]:
    """Declare which content a view shows, and log every response that shows it, errors included."""

    def decorate(view: View) -> View:
        @wraps(view)
        def logged(request: HttpRequest, **address: Any) -> HttpResponse:
            if not _within_limit(content, request, address):
                return _over_limit(content, request)
            response: HttpResponse = view(request, **address)
            return _log(content, request, address, response) if _has_content(response) else response

        logged.content = content  # type: ignore[attr-defined]
        return logged  # type: ignore[return-value]

    return decorate


def shows_no_content(why: str) -> Callable[[View], View]:
    """Declare that no response of a view shows content, and why."""

    def decorate(view: View) -> View:
        view.content = Content(why)  # type: ignore[attr-defined]
        return view

    return decorate


def log_also(request: HttpRequest, **about: Plain) -> None:
    """Add to the line of this response what only the view knows, such as the grade that was proposed. Never what
    somebody typed."""
    setattr(request, _MORE, {**getattr(request, _MORE, {}), **about})


def logged_as(response: HttpResponse, kind: Kind) -> HttpResponse:
    """The response, whose line is of another kind than the view declares."""
    setattr(response, _KIND, kind)
    return response


def without_content(response: HttpResponse) -> HttpResponse:
    """The response, which shows no content: such as a refusal, or a confirmation that an answer was saved."""
    setattr(response, _NONE, True)
    return response


def _has_content(response: HttpResponse) -> bool:
    """Everything has content but a redirect, a method that is not allowed, and what is marked as having none."""
    redirected = 300 <= response.status_code < 400 and not response.content
    return not (redirected or response.status_code == NOT_ALLOWED or getattr(response, _NONE, False))


def _within_limit(content: Content, request: HttpRequest, address: dict[str, Any]) -> bool:
    if content.limit is None:
        return True
    counted = content.limit.counted(request, **address)
    return counted is None or content.limit.of.allows(request.user, counted)


def _log(content: Content, request: HttpRequest, address: dict[str, Any], response: HttpResponse) -> HttpResponse:
    """The response once its line is written. The limit is looked at again in the transaction that counts, since another
    request may have taken the last place of the day meanwhile."""
    kind = getattr(response, _KIND, None) or content.kind
    assert kind is not None, "a view that shows content declares the kind of its line"
    with audit_log.writing() as lines:
        if not _within_limit(content, request, address):
            return _over_limit(content, request)
        if not content.opened(request, **address):
            raise Http404
        if content.limit and (counted := content.limit.counted(request, **address)) is not None:
            content.limit.of.count(request.user, counted)
        lines.add(kind, request.user.code, **content.about(request, **address), **getattr(request, _MORE, {}))
    return response


def _over_limit(content: Content, request: HttpRequest) -> HttpResponse:
    """The page that says that the daily limit is reached; for a request of HTMX only the part that it asked for."""
    from assay.workbench.page_rendering import show

    assert content.limit is not None, "only a page with a limit can be over it"
    if content.limit.hidden:
        raise Http404
    told = {"said": content.limit.of.refusal}
    if request.headers.get("HX-Request"):
        return without_content(show(request, "refused_part.html", told, 409))
    return without_content(show(request, "refused.html", told, 403))
