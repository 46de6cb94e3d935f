"""Alerts of the lessons stage: contradicted claims, and practice that improved after the inspection was announced.

A contradicted claim of a force is an alert. Practice that improved after notice of the inspection is an alert if two
indicators or more did so, because one in ten single ones may be wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from assay.indicators.catalogue.lessons.force_claims import CONTRADICTED
from assay.indicators.catalogue.lessons.practice_change import NOTICE
from assay.synthetic.simulation.alert_comparison import BETTER_AFTER_NOTICE, CLAIMS, Alert

MIN_CHANGES = 2
Row = Mapping[str, Any]


def lesson_alerts(inspection: Path) -> frozenset[Alert]:
    """Return the alerts of the lessons stage; empty if the stage was not run."""
    files = [inspection / "lessons" / f"{name}.parquet" for name in ("claim_tests", "practice_change_points")]
    if not all(path.is_file() for path in files):
        return frozenset()
    claims, changed = (pq.read_table(path).to_pylist() for path in files)
    return claim_alerts(claims) | practice_alerts(changed)


def claim_alerts(rows: Iterable[Row]) -> frozenset[Alert]:
    """Return alerts for forces with a contradicted claim on an indicator."""
    return frozenset(Alert(row["place_code"], CLAIMS, "higher") for row in rows
                     if row["subject"] == "indicator" and row["verdict"] == CONTRADICTED)  # fmt: skip


def practice_alerts(rows: Iterable[Row]) -> frozenset[Alert]:
    """Return alerts for forces in which enough indicators improved after the inspection was announced."""
    better = (f"after the {NOTICE}", "better")
    found = Counter(row["place_code"] for row in rows if (row["changed"], row["way"]) == better)
    return frozenset(
        Alert(place, BETTER_AFTER_NOTICE, "higher") for place, number in found.items() if number >= MIN_CHANGES
    )
