"""What does a force say to each point that the report will make of it? Its own points, and nobody else's.

A page holds so many points as can be sent at once, and is kept by itself; what other pages said stays. What a force
answers is kept by the function of `assay answered`, with the evidence; a point left open is not accepted.
"""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assay.errors import AssayError
from assay.reference import characteristics
from assay.text.personal_details import what_to_take_out
from assay.workbench import audit_log
from assay.workbench.audit_log import Kind, Plain
from assay.workbench.content_access import Content, log_also, shows
from assay.workbench.models import LIAISON
from assay.workbench.page_permissions import open_to
from assay.workbench.page_rendering import show
from assay.workflows.judge.grading_stage import line_named
from assay.workflows.release.accuracy_points import (
    ACCEPTED,
    COLUMNS,
    DISPUTED,
    OPEN,
    answers_kept,
    points_of,
    take_answers,
)

LONGEST = 2000
ON_A_PAGE = 20
NAME = "points answered in the workbench.csv"
STATES = (ACCEPTED, DISPUTED, OPEN)
Points = list[dict[str, str]]


def _of_force(request: HttpRequest) -> dict[str, Plain]:
    return {"force": request.user.force_code}


POINTS = shows(Content("the points of the report on one's own force", Kind.POINTS_SEEN, _of_force))


@open_to(LIAISON)
@require_GET
@POINTS
def points(request: HttpRequest) -> HttpResponse:
    """The points on the force of whoever asks, page by page, with what it answered last; or why there is none yet."""
    try:
        rows, said = _answered(request), ""
    except AssayError:
        rows, said = [], _("Nothing is released yet, so there is no point to answer.")
    return _page(request, rows, request.GET.get("page"), said=said)


@open_to(LIAISON)
@require_POST
@POINTS
def answer(request: HttpRequest) -> HttpResponse:
    """Keep what the force answers on a page; nothing where a point is disputed without a reason, or the points
    changed."""
    number = request.POST.get("page")
    try:
        rows = _answered(request)
    except AssayError as error:
        return _page(request, [], number, said=str(error), status=422)
    if request.POST.get("version") != version(rows):
        said = _("The points changed after you opened the page. Look again.")
        return _page(request, rows, number, said=said, status=422)
    page = Paginator(rows, ON_A_PAGE).get_page(number)
    for row in page.object_list:
        row |= {name: request.POST.get(f"{name}-{row['point']}", "").strip() for name in ("answer", "why")}
    if faults := _faults(page.object_list):
        return _page(request, rows, number, faults, status=422)
    try:
        _keep(request, rows)
    except AssayError as error:
        return _page(request, rows, number, said=str(error), status=422)
    following = page.next_page_number() if page.has_next() else page.number
    return redirect(f"/points?page={following}" if page.paginator.num_pages > 1 else "/points")


def _answered(request: HttpRequest) -> Points:
    """Every point on a force, with what it answered last; UsageError before anything is released."""
    code, folder = request.user.force_code, settings.PLACE.inspection
    rows = points_of(folder, code)
    kept = {row["sentence"]: row for row in answers_kept(folder).get(code, ())}
    for row in rows:
        row |= {name: kept[row["sentence"]][name] for name in ("answer", "why") if row["sentence"] in kept}
    return rows


def heading(about: str) -> str:
    """What a point is on, in words; '' where its own sentence says so."""
    kind, _space, key = about.rpartition(" ")
    if kind == "grade":
        return _("Grade: %(line)s") % {"line": line_named(key).name}
    if kind == "lesson":
        return _("Lesson %(key)s") % {"key": key}
    if kind == "claim":
        return _("Claim %(n)s") % {"n": key}
    text = next((one.text for one in characteristics() if one.key == key), "")
    return f"{kind[:1].upper()}{kind[1:]}: {text}" if text else ""


def version(rows: Points) -> str:
    """What a page was written from: other points make it another."""
    return audit_log.digest([(row["point"], row["sentence"]) for row in rows])


def _faults(rows: Points) -> dict[str, str]:
    """What is wrong, by point."""
    found = {}
    for row in rows:
        if row["answer"] not in STATES:
            found[row["point"]] = _("Point %(n)s: choose one of the answers.") % {"n": row["point"]}
        elif row["answer"] == DISPUTED and not row["why"]:
            found[row["point"]] = _("Point %(n)s: say why it is disputed.") % {"n": row["point"]}
        elif len(row["why"]) > LONGEST:
            found[row["point"]] = _("Point %(n)s: that is too long to be kept. Shorten it.") % {"n": row["point"]}
        elif wrong := what_to_take_out(row["why"]):
            found[row["point"]] = f"{_('Point %(n)s') % {'n': row['point']}}: {wrong}"
    return found


def _keep(request: HttpRequest, rows: Points) -> None:
    code, place = request.user.force_code, settings.PLACE
    with TemporaryDirectory(dir=place.folder) as held, audit_log.writing() as lines:
        path = Path(held) / NAME
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        told = take_answers(place.inspection, code, path).data
        counts = {name: told[name] for name in ("accepted", "disputed", "not_answered")}
        lines.add(Kind.POINTS_ANSWERED, request.user.code, force=code, **counts, hash=audit_log.digest(rows))


def _page(request: HttpRequest, rows: Points, number: str | None, faults: Any = (), *, said: str = "",
          status: int = 200) -> HttpResponse:  # fmt: skip
    log_also(request, points=len(rows))
    kept = bool(answers_kept(settings.PLACE.inspection).get(request.user.force_code))
    page = Paginator(rows, ON_A_PAGE).get_page(number)
    told = {
        "page": page, "heads": {row["point"]: heading(row["about"]) for row in page.object_list},
        "faults": dict(faults), "said": said, "kept": kept,
        "version": version(rows), "counts": [sum(row["answer"] == key for row in rows) for key in STATES],
    }  # fmt: skip
    return show(request, "points.html", told, status)
