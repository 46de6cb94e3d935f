"""Read what the report of an inspection concludes on each force: from released tables, briefs and the front page."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path

from assay.engine.provenance import read_stage
from assay.grading.inspection_evidence import collect_evidence
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.synthetic.simulation.report_scores import ReportContents
from assay.workflows.briefing.force_brief import brief_topics

RELEASED = "disclosure"
TABLES = ("grades", "concerns", "evidence", "characteristic_states")
FRONT_PAGE = Path("report", "index.html")
CONCERNS_LIST = re.compile(r'<p id="concerns">.*?</p>', re.DOTALL)


def read_report(folder: Path) -> ReportContents | None:
    """Return the conclusions of a report about each force; None without the tables of grades."""
    if not all((folder / RELEASED / f"{name}.parquet").is_file() for name in TABLES):
        return None
    grades, concerns, evidence, characteristic_states = (
        read_stage(folder, RELEASED, name).to_pylist() for name in TABLES
    )
    inspection = open_inspection(folder)
    places = dict.fromkeys(row["place_code"] for row in grades)
    names = {place: inspection.request.organisations[place].name for place in places}
    return ReportContents(
        grades,
        concerns,
        evidence,
        _brief_topics(inspection, names),
        _forces_on_front_page(folder, names),
        characteristic_states,
    )


def _brief_topics(inspection: Inspection, names: Mapping[str, str]) -> dict[str, frozenset[str]]:
    evidence = collect_evidence(inspection)
    return {place: brief_topics(inspection, evidence, place) for place in names}


def _forces_on_front_page(folder: Path, names: Mapping[str, str]) -> frozenset[str] | None:
    """Return the forces that the front page names with a cause of concern; None if no front page was written."""
    path = folder / FRONT_PAGE
    return named_with_concern(path.read_text(encoding="utf-8"), names) if path.is_file() else None


def named_with_concern(page: str, names: Mapping[str, str]) -> frozenset[str]:
    """Return the forces that a front page names under causes of concern (names without a note in brackets)."""
    paragraph = CONCERNS_LIST.search(page)
    listed = paragraph.group() if paragraph else ""
    return frozenset(place for place, name in names.items() if f">{html.escape(name.split(' (')[0])}<" in listed)
