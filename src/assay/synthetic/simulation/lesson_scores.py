"""What did an inspection's stage of lessons say of each force: claims that its records contradict, and better practice
after notice?

A figure that a force gives of itself and that its records contradict speaks for itself. Practice that became better
after notice of the inspection is a call where two indicators or more did so: one in ten of single ones may be wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from assay.indicators.catalogue.lessons.force_claims import CONTRADICTED
from assay.indicators.catalogue.lessons.practice_change import NOTICE
from assay.synthetic.simulation.alert_comparison import CLAIMS, WATCHED, Call

FEWEST_CHANGED = 2
Row = Mapping[str, Any]


def in_lessons(inspection: Path) -> frozenset[Call]:
    """The calls of the stage; none where it was not run."""
    files = [inspection / "lessons" / f"{name}.parquet" for name in ("claims_tested", "practice_changed")]
    if not all(path.is_file() for path in files):
        return frozenset()
    claims, changed = (pq.read_table(path).to_pylist() for path in files)
    return of_claims(claims) | of_practice(changed)


def of_claims(rows: Iterable[Row]) -> frozenset[Call]:
    """Forces of which a figure that they gave of an indicator is contradicted."""
    return frozenset(Call(row["place_code"], CLAIMS, "higher") for row in rows
                     if row["about"] == "indicator" and row["verdict"] == CONTRADICTED)  # fmt: skip


def of_practice(rows: Iterable[Row]) -> frozenset[Call]:
    """Forces of which at least so many indicators became better after notice."""
    better = (f"after the {NOTICE}", "better")
    found = Counter(row["place_code"] for row in rows if (row["changed"], row["way"]) == better)
    return frozenset(Call(place, WATCHED, "higher") for place, number in found.items() if number >= FEWEST_CHANGED)
