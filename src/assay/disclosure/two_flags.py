"""Do two flags on one count, each with its own limit, tell a count that is not shown?

A failure of the past that is looked for by one measure of a place, and that measure by itself, are named up to
different levels. Who is named by one and not by the other has a count between the two limits, and the others' counts
tell about where these lie. So where that count is not shown, the failure says nothing: the measure's own flag stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from assay.disclosure.marks import Row, stands_empty

NOT_SAID = "Not said: one measure is all that would show it here, and its count is not shown."
READ = ("failure_modes", "standing", "taken_together")
"""The tables that are read here; without all of them nothing is done."""


def without_second_flags(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """`taken_together` without what it says by one measure whose count is not shown; `tables`: as they may leave."""
    if not all(name in tables for name in READ):
        return {}
    modes, standing, together = (tables[name] for name in READ)
    measures = {row["failure_mode"]: row["shown_by"].split() for row in modes.to_pylist()}
    compared = {(row["indicator"], row["place_code"]): row for row in standing.to_pylist() if not row["not_comparable"]}
    rows = [_said(row, measures, compared) for row in together.to_pylist()]
    return {"taken_together": pa.Table.from_pylist(rows, schema=together.schema)}


def _said(row: Row, measures: Mapping[str, list[str]], compared: Mapping[tuple[str, str], Mapping[str, Any]]) -> Row:
    keys = [(measure, row["place_code"]) for measure in measures.get(row["failure_mode"], ())]
    held = [compared[key] for key in keys if key in compared]
    if row["measures"] != 1 or not any(stands_empty(one, count) for one in held for count in ("met", "not_met")):
        return row
    return row | {"unusual": None, "called": "", "called_since": "", "not_comparable": NOT_SAID}
