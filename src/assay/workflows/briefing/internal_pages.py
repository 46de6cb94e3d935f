"""Write pages for the inspection team, with their header and provenance note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.engine.provenance import read_receipt
from assay.ingest.inspection_folder import Inspection
from assay.ingest.stage_names import TRIANGULATION
from assay.report.internal_page import write_internal_page


@dataclass(frozen=True)
class WrittenPage:
    """An internal page that was written, and sentences for the terminal."""

    path: Path
    force: str
    sentences: tuple[str, ...]
    data: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {"page": str(self.path), "force": self.force, **self.data}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        return [*self.sentences, "", f"Open {self.path}"]


def write_briefing_page(
    template: str, inspection: Inspection, name: str, out: Path, context: Mapping[str, Any]
) -> None:
    """Write one internal page, on one force or all forces together, to `out`, after the triangulation stage."""
    receipt = read_receipt(inspection.folder, TRIANGULATION)
    header = {"name": name, "request": inspection.request.key, "receipt": receipt.hash if receipt else ""}
    write_internal_page(
        out, "assay.workflows.briefing", template, inspection.request.organisations, header | dict(context)
    )


def default_page_path(folder: Path, code: str, page_name: str) -> Path:
    """Return the default path of an internal page: beside the inspection folder, so that it is not part of its
    provenance."""
    return folder.parent / f"{folder.name}-{code}-{page_name}.html"
