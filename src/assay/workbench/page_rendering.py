"""How is a page written: which templates, which words in which language, and what every page is told?"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, ngettext

from assay.report.page_frame import INVENTED
from assay.workbench import page_permissions

ASSETS = {
    "style.css": ("assay.report", "templates/style.css", "text/css"),
    "workbench.css": ("assay.workbench", "own/workbench.css", "text/css"),
    "saving.js": ("assay.workbench", "own/saving.js", "text/javascript"),
    "workbench.js": ("assay.workbench", "own/workbench.js", "text/javascript"),
    "htmx.js": ("django_htmx", "static/django_htmx/htmx-2.min.js", "text/javascript"),
}
"""What a page loads, all from installed packages: the report's own style, ours, and htmx 2 as django-htmx ships it."""


@cache
def asset(name: str) -> tuple[bytes, str]:
    """What is loaded under a name, and of which kind it is; KeyError for any other name."""
    package, path, kind = ASSETS[name]
    return files(package).joinpath(path).read_bytes(), kind


@cache
def version(name: str) -> str:
    """What changes in its address when it changes."""
    return hashlib.sha256(asset(name)[0]).hexdigest()[:10]


def environment(**options: Any) -> jinja2.Environment:
    """The templates of the workbench, and behind them those of the report; as Django asks for them."""
    loaders = [
        jinja2.PackageLoader("assay.workbench", "pages"),
        jinja2.PackageLoader("assay.report", "templates"),
    ]
    ours = {"loader": jinja2.ChoiceLoader(loaders), "undefined": jinja2.StrictUndefined}
    ours |= {"trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.i18n"]}
    made = jinja2.Environment(**{**options, **ours})
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals["asset"] = lambda name: f"/asset/{version(name)}/{name}"
    return made


def show(request: HttpRequest, template: str, told: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """One page, or a part of one."""
    account = request.user if getattr(request.user, "is_authenticated", False) else None
    around = {
        "root": "",
        "account": account,
        "ways": page_permissions.ways(account.role) if account else (),
        "here": request.path,
        "language": get_language() or "en-gb",
        "banner": INVENTED if page_permissions.invented() else "",
    }
    return render(request, template, {**around, **(told or {})}, status=status)
