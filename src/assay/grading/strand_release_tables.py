"""What of the strands is handed to disclosure: for every characteristic and force a verdict, and on what it rests?

The data and the voices are those that disclosure has let out already, so that a verdict is never exacter than the
figures beside it. Of files and of people who answered only the verdict goes on, and of all forces together how many
they were. What fewer told than the policy asks for cannot tell. National bodies are never rated: none of theirs goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from assay.grading.strand_evidence import by_place, evidence_of
from assay.grading.triangulation import Triangulated, of_place
from assay.indicators import EVERYWHERE
from assay.indicators.evidence_strands import NOT_ASKED, Strand
from assay.ingest.inspection_folder import Inspection
from assay.reference import characteristics

TEXT = pa.string()
CHARACTERISTICS = pa.schema(
    [(name, TEXT) for name in ("characteristic", "line", "text", "questions")] + [("place", pa.int64())]
)
STRANDS = pa.schema(
    [(name, TEXT) for name in ("place_code", "characteristic", "strand", "verdict", "rests_on")]
    + [("told", pa.int64())]
)


def characteristics_table() -> pa.Table:
    """The characteristics of good, with the questions that each stands on."""
    rows = [
        {"characteristic": one.key, "line": one.line, "text": one.text, "questions": " ".join(one.questions),
         "place": at}
        for at, one in enumerate(characteristics(), start=1)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, CHARACTERISTICS)


def strands_table(inspection: Inspection, safe: Mapping[str, pa.Table], fewest: int) -> pa.Table:
    """One row a place, characteristic and strand; `safe`: the tables as disclosure lets them out."""
    rows = {name: safe[name].to_pylist() for name in ("ladders", "standing", "voices_asked", "voices_themes")}
    held = replace(
        evidence_of(inspection),
        ladders=by_place(rows["ladders"]),
        standing=by_place(rows["standing"]),
        asked=tuple(rows["voices_asked"]),
        themes=tuple({**row, "people": row["people"] or 0} for row in rows["voices_themes"]),
    )
    forces = [code for code, body in inspection.request.bodies.items() if not body.national]
    made = [one for place in (EVERYWHERE, *forces) for one in of_place(held, place, fewest)]
    return pa.Table.from_pylist([_row(one, strand) for one in made for strand in one.strands], STRANDS)


def _row(one: Triangulated, strand: Strand) -> dict[str, Any]:
    return {
        "place_code": one.place,
        "characteristic": one.characteristic.key,
        "strand": strand.kind,
        "verdict": strand.verdict,
        "rests_on": " ".join(strand.rests_on) if strand.kind == "data" and strand.verdict != NOT_ASKED else "",
        "told": strand.told,
    }
