"""What stands around a page for the inspection's own people, and where is it written?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from assay.evidence import read_receipt
from assay.inspection.ending import TRIANGULATION
from assay.inspection.folder import Inspection
from assay.report.frame import INVENTED


@dataclass(frozen=True)
class Written:
    """A page that was written: of which force, and the sentences that a person at a terminal is told."""

    path: Path
    force: str
    said: tuple[str, ...]
    data: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {"page": str(self.path), "force": self.force, **self.data}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        return [*self.said, "", f"Open {self.path}"]


def write_inside(template: str, inspection: Inspection, name: str, out: Path, told: Mapping[str, Any]) -> None:
    """Write one page of one force, or of all together, to `out`; the stage of the strands has been made."""
    receipt = read_receipt(inspection.folder, TRIANGULATION)
    around = {
        "name": name,
        "request": inspection.request.key,
        "receipt": receipt.hash if receipt else "",
        "style": files("assay.report").joinpath("templates/style.css").read_text(encoding="utf-8"),
        "banner": INVENTED if any(code.startswith("INV") for code in inspection.request.bodies) else "",
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(_templates().get_template(template).render(around | dict(told)), encoding="utf-8", newline="\n")


def beside(folder: Path, code: str, what: str) -> Path:
    """Where a page goes if nobody says: beside the inspection, so that no receipt covers it."""
    return folder.parent / f"{folder.name}-{code}-{what}.html"


@lru_cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("assay.briefing", "pages"),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
