"""What does a force say to each point that the report will make of it? Its own points, and nobody else's.

What it answers is kept by the function of `assay answered`, with the evidence; a point left open is not accepted.
"""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.errors import AssayError
from assay.inspection.accuracy import ACCEPTED, COLUMNS, DISPUTED, OPEN, answers_kept, points_of, take_answers
from assay.workbench import trail
from assay.workbench.models import LIAISON
from assay.workbench.rooms import open_to
from assay.workbench.showing import show
from assay.workbench.trail import Kind

LONGEST = 2000
NAME = "points answered in the workbench.csv"
Points = list[dict[str, str]]


@open_to(LIAISON)
@require_GET
def points(request: HttpRequest) -> HttpResponse:
    """Every point on the force of whoever asks, with what it answered last; or why there is none yet."""
    code = request.user.force_code
    try:
        rows, said = points_of(settings.PLACE.inspection, code), ""
    except AssayError:
        rows, said = [], _("Nothing is released yet, so there is no point to answer.")
    kept = {row["sentence"]: row for row in answers_kept(settings.PLACE.inspection).get(code, ())}
    with trail.writing() as lines:
        lines.add(Kind.POINTS_SEEN, request.user.code, force=code, points=len(rows))
    for row in rows:
        row |= {name: kept[row["sentence"]][name] for name in ("answer", "why") if row["sentence"] in kept}
    return _page(request, rows, said=said, kept=bool(kept))


@open_to(LIAISON)
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Keep what the force answers; nothing where a point is disputed without a reason, or the points changed."""
    try:
        rows = points_of(settings.PLACE.inspection, request.user.force_code)
    except AssayError as error:
        return _page(request, [], said=str(error), status=422)
    old = request.POST.get("version") != version(rows)
    for row in () if old else rows:
        row |= {name: request.POST.get(f"{name}-{row['point']}", "").strip() for name in ("answer", "why")}
    faults = _faults(rows)
    if old or faults:
        said = _("The points changed after you opened the page. Look again.") if old else ""
        return _page(request, rows, faults, said=said, status=422)
    try:
        _keep(request, rows)
    except AssayError as error:
        return _page(request, rows, said=str(error), status=422)
    return redirect("/points")


def version(rows: Points) -> str:
    """What a page was written from: other points make it another."""
    return trail.digest([(row["point"], row["sentence"]) for row in rows])


def _faults(rows: Points) -> dict[str, str]:
    """What is wrong, by point."""
    found = {}
    for row in rows:
        if row["answer"] not in (ACCEPTED, DISPUTED, OPEN):
            found[row["point"]] = _("Point %(n)s: choose one of the answers.") % {"n": row["point"]}
        elif row["answer"] == DISPUTED and not row["why"]:
            found[row["point"]] = _("Point %(n)s: say why it is disputed.") % {"n": row["point"]}
        elif len(row["why"]) > LONGEST:
            found[row["point"]] = _("Point %(n)s: that is too long to be kept. Shorten it.") % {"n": row["point"]}
    return found


def _keep(request: HttpRequest, rows: Points) -> None:
    code, place = request.user.force_code, settings.PLACE
    with TemporaryDirectory(dir=place.folder) as held, trail.writing() as lines:
        path = Path(held) / NAME
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        told = take_answers(place.inspection, code, path).data
        counts = {name: told[name] for name in ("accepted", "disputed", "not_answered")}
        lines.add(Kind.POINTS_ANSWERED, request.user.code, force=code, **counts, hash=trail.digest(rows))


def _page(request: HttpRequest, rows: Points, faults: Any = (), *, said: str = "", kept: bool = False,
          status: int = 200) -> HttpResponse:  # fmt: skip
    told = {"rows": rows, "faults": dict(faults), "said": said, "kept": kept, "version": version(rows)}
    return show(request, "points.html", told, status)
