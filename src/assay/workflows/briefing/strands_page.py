"""What stands behind each characteristic of good in one force: a page for the inspection's own people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assay.compare.indicator_findings import in_words
from assay.grading.triangulation import Triangulated, triangulate
from assay.indicators import EVERYWHERE
from assay.indicators.evidence_strands import KINDS
from assay.ingest.inspection_folder import open_inspection
from assay.reference import lines
from assay.wording import counted
from assay.workflows.briefing.internal_pages import Written, beside, write_inside
from assay.workflows.judge.answer_cards import code_of


def write_strands(folder: Path, force: str = "", out: Path | None = None) -> Written:
    """Triangulate, and write the page of a force by code or name, or of all together; UsageError for an unknown one."""
    inspection = open_inspection(folder)
    request = inspection.request
    code = code_of(request, force) or EVERYWHERE
    name = request.bodies[code].name if code in request.bodies else "All bodies that sent a return"
    mine = triangulate(folder, code)
    odds = [one for one in mine if one.disagree]
    told = {
        "period": in_words(request.period_from, request.period_to),
        "odds": odds,
        "lines": by_line(mine),
        "kinds": KINDS,
    }
    path = out or beside(folder, code, "strands")
    write_inside("strands.html", inspection, name, path, told)
    apart = counted(len(odds), "characteristic")
    said = [f"{name}: on {apart} strands disagree."]
    said += [f"  {one.characteristic.text} {one.certainty}" for one in odds]
    data = {one.characteristic.key: {"certainty": one.certainty, "strands": {s.kind: s.verdict for s in one.strands}}
            for one in mine}  # fmt: skip
    return Written(path, code, tuple(said), {"characteristics": data})


def by_line(mine: Sequence[Triangulated]) -> list[tuple[str, list[Triangulated]]]:
    """The characteristics under the names of their lines of enquiry, in the commission's order."""
    found = [(line.name, [one for one in mine if one.characteristic.line == line.key]) for line in lines()]
    return [(name, held) for name, held in found if held]
