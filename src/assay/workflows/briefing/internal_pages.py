"""What stands around a page for the inspection's own people, and where is it written?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.engine.provenance import read_receipt
from assay.ingest.inspection_folder import Inspection
from assay.ingest.stage_names import TRIANGULATION
from assay.report.internal_page import write_inside_page


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
    about = {"name": name, "request": inspection.request.key, "receipt": receipt.hash if receipt else ""}
    write_inside_page(out, "assay.workflows.briefing", template, inspection.request.bodies, about | dict(told))


def beside(folder: Path, code: str, what: str) -> Path:
    """Where a page goes if nobody says: beside the inspection, so that no receipt covers it."""
    return folder.parent / f"{folder.name}-{code}-{what}.html"
