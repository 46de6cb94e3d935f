"""The column `on_watch_list` of a sampling frame: is the force on the watch list for a failing?

A design oversamples by it, so that more files are read where a failing is most probable. Results stay unbiased: the
column makes strata, and every stratum is drawn with its known inclusion probability.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.casefiles.sample_designs import WATCH_COLUMN, Design
from assay.compare.watch_list import is_worth_a_look, leading_rows
from assay.engine.provenance import read_stage
from assay.errors import UsageError

if TYPE_CHECKING:
    from assay.engine.expressions import ExpressionEngine

STAGE, TABLE = "comparison", "watch_list"
SCHEMA = pa.schema([("watched_force", pa.string()), (WATCH_COLUMN, pa.bool_())])


def add_watch_column(facts: Any, design: Design, at_work: ExpressionEngine, folder: Path) -> Any:
    """Add `on_watch_list` to a frame if the design oversamples watched forces; null if a force is not compared."""
    if not design.watch:
        return facts
    watched = at_work.table(TABLE, watched_forces(folder, design))
    return facts.left_join(watched, [facts.force_code == watched.watched_force]).drop("watched_force")


def watched_forces(folder: Path, design: Design) -> pa.Table:
    """Return one row per force: True if it should be looked at first for the design's failing, null if not compared.

    Raises
    ------
    UsageError
        If the inspection has no watch list, or none of this failing.
    """
    if not (folder / STAGE / f"{TABLE}.parquet").is_file():
        raise UsageError(f"{folder} has no watch list yet. Run: assay inspect run {folder}")
    rows = list(read_stage(folder, STAGE, TABLE).to_pylist())
    found = [row for row in leading_rows(rows) if row["failing"].casefold() == design.watch.casefold()]
    if not found:
        keys = ", ".join(dict.fromkeys(row["failing"] for row in rows))
        raise UsageError(f"Design {design.key}: the watch list has no failing {design.watch!r}. It has {keys}.")
    return pa.Table.from_pylist(
        [
            {
                "watched_force": row["place_code"],
                WATCH_COLUMN: None if row["probability"] is None else is_worth_a_look(row),
            }
            for row in found
        ],
        SCHEMA,
    )
