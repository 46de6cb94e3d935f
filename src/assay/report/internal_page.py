"""What stands around a page that is not for everyone: a room's own template in the report's style, and whose it is?

Side rooms write such pages (strands, briefs, samples, fieldwork, self-audits, one text as it was read). They extend
`inside.html`, hold their style in themselves, and load nothing. None of them is a page of the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from assay.report.page_frame import INVENTED


@lru_cache
def inside_templates(room: str) -> jinja2.Environment:
    """The templates in `pages` of a room ("assay.workflows.briefing"), and behind them those of the report."""
    loaders = [jinja2.PackageLoader(room, "pages"), jinja2.PackageLoader("assay.report", "templates")]
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


def around(bodies: Iterable[str]) -> dict[str, Any]:
    """What every such page is told: its style, and a banner where one of the bodies, by code, is invented."""
    style = files("assay.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    return {"root": "", "style": style, "banner": INVENTED if any(code.startswith("INV") for code in bodies) else ""}


def inside_page(room: str, template: str, bodies: Iterable[str], told: Mapping[str, Any]) -> str:
    """One such page as HTML."""
    return inside_templates(room).get_template(template).render({**around(bodies), **told})


def write_inside_page(path: Path, room: str, template: str, bodies: Iterable[str], told: Mapping[str, Any]) -> None:
    """Write one such page; the folder is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(inside_page(room, template, bodies, told), encoding="utf-8", newline="\n")
