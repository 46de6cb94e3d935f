"""Tables of evidence for release: one verdict for each force, characteristic and source of evidence.

Records and voices are used as released, so a verdict is never more exact than the figures beside it. For case files and
surveys only the verdict is released, and for all forces together the number of files or people. A source with fewer
than the policy requires gets the verdict that it cannot tell. National organisations are not rated and have no rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from assay.grading.inspection_evidence import by_place, collect_evidence
from assay.grading.triangulation import TriangulatedCharacteristic, triangulate_place
from assay.indicators import EVERYWHERE
from assay.indicators.evidence_sources import NOT_ASKED, EvidenceSource
from assay.ingest.inspection_folder import Inspection
from assay.reference import characteristics

TEXT = pa.string()
CHARACTERISTICS = pa.schema(
    [(name, TEXT) for name in ("characteristic", "line", "text", "questions")] + [("place", pa.int64())]
)
EVIDENCE_SOURCES = pa.schema(
    [(name, TEXT) for name in ("place_code", "characteristic", "evidence_source", "verdict", "evidence_keys")]
    + [("answered", pa.int64())]
)


def characteristics_table() -> pa.Table:
    """Return the characteristics of a good response, with the questions that each answers."""
    rows = [
        {
            "characteristic": characteristic.key,
            "line": characteristic.line,
            "text": characteristic.text,
            "questions": " ".join(characteristic.questions),
            "place": position,
        }
        for position, characteristic in enumerate(characteristics(), start=1)
    ]
    return pa.Table.from_pylist(rows, CHARACTERISTICS)


def evidence_sources_table(inspection: Inspection, released_tables: Mapping[str, pa.Table], fewest: int) -> pa.Table:
    """Return one row for each place, characteristic and source, from the released tables.

    `fewest` is the smallest number of files or people for a verdict.
    """
    rows = {
        name: released_tables[name].to_pylist()
        for name in (
            "ladders",
            "force_estimates",
            "indicator_spread",
            "combined_tests",
            "voice_collections",
            "voice_theme_counts",
        )
    }
    evidence = replace(
        collect_evidence(inspection),
        ladders=by_place(rows["ladders"]),
        estimates=by_place(rows["force_estimates"]),
        spread=tuple(rows["indicator_spread"]),
        combined_tests=tuple(rows["combined_tests"]),
        voices=tuple(rows["voice_collections"]),
        themes=tuple({**row, "people": row["people"] or 0} for row in rows["voice_theme_counts"]),
    )
    forces = [code for code, organisation in inspection.request.organisations.items() if not organisation.is_national]
    triangulations = [
        triangulation for place in (EVERYWHERE, *forces) for triangulation in triangulate_place(evidence, place, fewest)
    ]
    return pa.Table.from_pylist(
        [_row(triangulation, source) for triangulation in triangulations for source in triangulation.sources],
        EVIDENCE_SOURCES,
    )


def _row(triangulation: TriangulatedCharacteristic, source: EvidenceSource) -> dict[str, Any]:
    return {
        "place_code": triangulation.place,
        "characteristic": triangulation.characteristic.key,
        "evidence_source": source.kind,
        "verdict": source.verdict,
        "evidence_keys": " ".join(source.evidence_keys)
        if source.kind == "data" and source.verdict != NOT_ASKED
        else "",
        "answered": source.n_respondents,
    }
