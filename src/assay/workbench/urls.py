"""Every address of the workbench. Who may enter stands at each page (`rooms.open_to`), and which content it shows
(`content_access`); one without either is closed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.views.decorators.http import require_GET
from django.views.i18n import set_language

from assay.workbench import (
    analysing,
    labelling,
    liaising,
    looking_back,
    marking,
    minuting,
    pairing,
    panelling,
    points,
    queue,
    signing_in,
)
from assay.workbench.content_access import shows_no_content
from assay.workbench.gate import refused
from assay.workbench.rooms import EVERYONE, SIGNED_IN, open_to
from assay.workbench.showing import asset


@open_to(*EVERYONE)
@require_GET
@shows_no_content("style sheets and scripts")
def loaded(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """What a page loads."""
    try:
        body, kind = asset(name)
    except KeyError:
        raise Http404 from None
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(body, content_type=f"{kind}; charset=utf-8", headers=kept)


@open_to(*SIGNED_IN)
@require_GET
@shows_no_content("the token of the session")
def token(request: HttpRequest) -> HttpResponse:
    """The token of this session, for a page that was open while a new one began."""
    return HttpResponse(get_token(request), content_type="text/plain")


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is not there, or is somebody else's: both look alike."""
    return refused(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """What went wrong here: the page says nothing of it, and the log only where."""
    return HttpResponse(FAILED, status=500)


FAILED = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Something went wrong - assay workbench</title></head>
<body><main><h1>Something went wrong here</h1><p>It was noted, without what you sent.</p>
<p><a href="/">To your first page</a></p></main></body></html>
"""


language = open_to(*EVERYONE)(shows_no_content("a cookie that names a language")(set_language))
handler404, handler500 = not_there, failed
READING = "reading/<int:number>"
urlpatterns = [
    path("", signing_in.home),
    path("sign-in", signing_in.sign_in),
    path("sign-out", signing_in.sign_out),
    path("language", language),
    path("asset/<str:version>/<str:name>", loaded),
    path("token", token),
    path("queue", queue.queue),
    path("keys", queue.keyboard),
    path(READING, marking.page),
    path(f"{READING}/answer/<str:question>", marking.answer),
    path(f"{READING}/undo", marking.undo),
    path(f"{READING}/finish", marking.finish),
    path(f"{READING}/reopen", marking.reopen),
    path(f"{READING}/comment", marking.comment),
    path(f"{READING}/comment/<int:which>/close", marking.close_comment),
    path(f"{READING}/text/<int:place>", marking.text),
    path(f"{READING}/passages/<int:place>", marking.marked),
    path("samples", analysing.samples),
    path("sample/<int:number>", analysing.sample),
    path("sample/<int:number>/answers/<str:question>", analysing.answers),
    path("sample/<int:number>/seal", analysing.seal),
    path("file/<int:number>", analysing.file),
    path("file/<int:number>/text/<int:place>", analysing.text),
    path("file/<int:number>/unlock", analysing.raw),
    path("labels", labelling.overview),
    path("labels/hand-in/<str:question>", labelling.hand_in),
    path("label/<int:number>", labelling.page),
    path("label/<int:number>/say", labelling.say),
    path("pairs", pairing.overview),
    path("pairs/hand-in", pairing.hand_in),
    path("pair/<int:number>", pairing.page),
    path("pair/<int:number>/say", pairing.say),
    path("letters", liaising.letters),
    path("letters/<int:edition>", liaising.letter),
    path("letters/<int:edition>/reply", liaising.reply),
    path("replies", liaising.replies),
    path("points", points.points),
    path("points/answer", points.answer),
    path("panel", panelling.forces),
    path("panel/<str:code>", panelling.force),
    path("panel/<str:code>/<str:key>", panelling.line),
    path("panel/<str:code>/<str:key>/decide", panelling.decide),
    path("minutes", minuting.minutes),
    path("minutes/write", minuting.write),
    path("trail", looking_back.look),
]
