"""The URL patterns of the workbench.

Each page declares its roles (`page_permissions.allow_roles`) and its content (`content_access`); a page without either
is closed.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.views.decorators.http import require_GET
from django.views.i18n import set_language

from assay.workbench import (
    analyst_pages,
    auditor_pages,
    force_account_pages,
    label_pages,
    pair_pages,
    panel_minutes,
    panel_pages,
    rating_pages,
    sign_in,
    watch_list_page,
)
from assay.workbench.content_access import shows_no_content
from assay.workbench.page_permissions import ANY_VISITOR, SIGNED_IN, allow_roles
from assay.workbench.page_rendering import read_asset
from assay.workbench.request_gate import render_refusal


@allow_roles(*ANY_VISITOR)
@require_GET
@shows_no_content("style sheets and scripts")
def serve_asset(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """Return an asset of a page."""
    try:
        content, kind = read_asset(name)
    except KeyError:
        raise Http404 from None
    cache_headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=cache_headers)


@allow_roles(*SIGNED_IN)
@require_GET
@shows_no_content("the token of the session")
def token(request: HttpRequest) -> HttpResponse:
    """Return the token of this session, for a page that was open while a new session began."""
    return HttpResponse(get_token(request), content_type="text/plain")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the same page for what does not exist and for what belongs to somebody else."""
    return render_refusal(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for an internal error: it shows no details, and the log records only where the error occurred."""
    return HttpResponse(SERVER_ERROR_PAGE, status=500)


SERVER_ERROR_PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Something went wrong - assay workbench</title></head>
<body><main><h1>Something went wrong here</h1><p>It was noted, without what you sent.</p>
<p><a href="/">To your first page</a></p></main></body></html>
"""


language = allow_roles(*ANY_VISITOR)(shows_no_content("a cookie that names a language")(set_language))
handler404, handler500 = page_not_found, server_error
READING = "reading/<int:number>"
urlpatterns = [
    path("", sign_in.home),
    path("sign-in", sign_in.sign_in),
    path("sign-out", sign_in.sign_out),
    path("language", language),
    path("asset/<str:version>/<str:name>", serve_asset),
    path("token", token),
    path("queue", rating_pages.queue),
    path("keys", rating_pages.keyboard),
    path(READING, rating_pages.page),
    path(f"{READING}/answer/<str:question>", rating_pages.answer),
    path(f"{READING}/undo", rating_pages.undo),
    path(f"{READING}/finish", rating_pages.finish),
    path(f"{READING}/reopen", rating_pages.reopen),
    path(f"{READING}/comment", rating_pages.comment),
    path(f"{READING}/comment/<int:comment_number>/close", rating_pages.close_comment),
    path(f"{READING}/text/<int:place>", rating_pages.text),
    path(f"{READING}/passages/<int:place>", rating_pages.marked),
    path("samples", analyst_pages.samples),
    path("sample/<int:number>", analyst_pages.sample),
    path("sample/<int:number>/answers/<str:question>", analyst_pages.answers),
    path("sample/<int:number>/seal", analyst_pages.seal),
    path("file/<int:number>", analyst_pages.file),
    path("file/<int:number>/text/<int:place>", analyst_pages.text),
    path("file/<int:number>/unlock", analyst_pages.raw),
    path("labels", label_pages.overview),
    path("labels/hand-in/<str:question>", label_pages.hand_in),
    path("label/<int:number>", label_pages.label_page),
    path("label/<int:number>/say", label_pages.save_label),
    path("pairs", pair_pages.overview),
    path("pairs/hand-in", pair_pages.hand_in),
    path("pair/<int:number>", pair_pages.pair_page),
    path("pair/<int:number>/say", pair_pages.save_verdict),
    path("letters", force_account_pages.letters),
    path("letters/<int:edition>", force_account_pages.letter),
    path("letters/<int:edition>/reply", force_account_pages.reply),
    path("replies", force_account_pages.replies),
    path("points", force_account_pages.points),
    path("points/answer", force_account_pages.answer),
    path("panel", panel_pages.forces),
    path("panel/<str:code>", panel_pages.force),
    path("panel/<str:code>/<str:key>", panel_pages.line),
    path("panel/<str:code>/<str:key>/decide", panel_pages.decide),
    path("watch-list", watch_list_page.watch_list),
    path("minutes", panel_minutes.minutes),
    path("minutes/write", panel_minutes.add_minute),
    path("audit-log", auditor_pages.audit_log_page),
]
