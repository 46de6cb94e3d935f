"""Render pages: templates, translations, and the context that every page needs."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, ngettext

from assay.report.page_frame import SYNTHETIC_BANNER
from assay.workbench import page_permissions

ASSETS = {
    "style.css": ("assay.report", "templates/style.css", "text/css"),
    "workbench.css": ("assay.workbench", "assets/workbench.css", "text/css"),
    "saving.js": ("assay.workbench", "assets/saving.js", "text/javascript"),
    "workbench.js": ("assay.workbench", "assets/workbench.js", "text/javascript"),
    "htmx.js": ("django_htmx", "static/django_htmx/htmx-2.min.js", "text/javascript"),
}
"""Assets of pages, all from installed packages: the report's style, our style, and htmx 2 from django-htmx."""


@cache
def read_asset(name: str) -> tuple[bytes, str]:
    """Return the content and type of an asset; KeyError for an unknown name."""
    package, path, kind = ASSETS[name]
    return files(package).joinpath(path).read_bytes(), kind


@cache
def asset_version(name: str) -> str:
    """Return the version of an asset in its URL; it changes with the content."""
    return hashlib.sha256(read_asset(name)[0]).hexdigest()[:10]


def environment(**options: Any) -> jinja2.Environment:
    """Return the Jinja environment of the workbench, as Django expects it."""
    loaders = [
        jinja2.PackageLoader("assay.workbench", "pages"),
        jinja2.PackageLoader("assay.report", "templates"),
    ]
    required_options = {"loader": jinja2.ChoiceLoader(loaders), "undefined": jinja2.StrictUndefined}
    required_options |= {"trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.i18n"]}
    jinja_environment = jinja2.Environment(**{**options, **required_options})
    jinja_environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    jinja_environment.globals["asset"] = lambda name: f"/asset/{asset_version(name)}/{name}"
    return jinja_environment


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a whole page, or one fragment of a page."""
    account = request.user if getattr(request.user, "is_authenticated", False) else None
    base_context = {
        "root": "",
        "account": account,
        "ways": page_permissions.menu_entries(account.role) if account else (),
        "here": request.path,
        "language": get_language() or "en-gb",
        "banner": SYNTHETIC_BANNER if page_permissions.is_synthetic() else "",
    }
    return render(request, template, {**base_context, **(context or {})}, status=status)
