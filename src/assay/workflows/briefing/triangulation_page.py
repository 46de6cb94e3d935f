"""Write the internal page with the evidence on each characteristic of good practice in one force."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assay.compare.indicator_findings import period_text
from assay.grading.triangulation import TriangulatedCharacteristic, triangulate
from assay.indicators import EVERYWHERE
from assay.indicators.evidence_sources import KINDS
from assay.ingest.inspection_folder import open_inspection
from assay.reference import inspection_themes
from assay.wording import count_phrase
from assay.workflows.briefing.internal_pages import WrittenPage, default_page_path, write_briefing_page
from assay.workflows.judge.answer_cards import find_force_code


def write_evidence_page(folder: Path, force: str = "", out: Path | None = None) -> WrittenPage:
    """Triangulate the evidence, and write the page on a force (by code or name) or on all forces together.

    Raises
    ------
    UsageError
        If the force is unknown.
    """
    inspection = open_inspection(folder)
    request = inspection.request
    code = find_force_code(request, force) or EVERYWHERE
    name = request.organisations[code].name if code in request.organisations else "All organisations that sent a return"
    findings = triangulate(folder, code)
    contradictions = [finding for finding in findings if finding.disagree]
    context = {
        "period": period_text(request.period_from, request.period_to),
        "odds": contradictions,
        "lines": group_by_theme(findings),
        "kinds": KINDS,
    }
    path = out or default_page_path(folder, code, "evidence-sources")
    write_briefing_page("triangulation.html", inspection, name, path, context)
    count = count_phrase(len(contradictions), "characteristic")
    page_sentences = [f"{name}: on {count} strands disagree."]
    page_sentences += [f"  {finding.characteristic.text} {finding.certainty}" for finding in contradictions]
    data = {
        finding.characteristic.key: {
            "certainty": finding.certainty,
            "evidence_sources": {source.kind: source.verdict for source in finding.sources},
        }
        for finding in findings
    }
    return WrittenPage(path, code, tuple(page_sentences), {"characteristics": data})


def group_by_theme(
    findings: Sequence[TriangulatedCharacteristic],
) -> list[tuple[str, list[TriangulatedCharacteristic]]]:
    """Return the characteristics by inspection theme, in the commission's order."""
    themes = [
        (line.name, [finding for finding in findings if finding.characteristic.line == line.key])
        for line in inspection_themes()
    ]
    return [(name, theme_findings) for name, theme_findings in themes if theme_findings]
