"""Render an internal page (for the inspection team) from a package's own template, in the style of the report.

Such pages (evidence series, briefings, samples, fieldwork, self-audits, one text as it was read) are for the inspection
team and never part of the report. They extend `inside.html`, embed their style, and load nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from assay.report.page_frame import SYNTHETIC_BANNER


@lru_cache
def internal_templates(package: str) -> jinja2.Environment:
    """Return the templates of a package's `pages` folder ('assay.workflows.briefing'), else those of the report."""
    loaders = [jinja2.PackageLoader(package, "pages"), jinja2.PackageLoader("assay.report", "templates")]
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


def internal_context(force_codes: Iterable[str]) -> dict[str, Any]:
    """Return the context of every internal page: its style, and a banner if a force is synthetic."""
    style = files("assay.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    return {
        "root": "",
        "style": style,
        "banner": SYNTHETIC_BANNER if any(code.startswith("INV") for code in force_codes) else "",
    }


def render_internal_page(package: str, template: str, force_codes: Iterable[str], context: Mapping[str, Any]) -> str:
    """Return an internal page as HTML."""
    return internal_templates(package).get_template(template).render({**internal_context(force_codes), **context})


def write_internal_page(
    path: Path, package: str, template: str, force_codes: Iterable[str], context: Mapping[str, Any]
) -> None:
    """Write an internal page; the folder is created if it does not exist."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_internal_page(package, template, force_codes, context), encoding="utf-8", newline="\n")
