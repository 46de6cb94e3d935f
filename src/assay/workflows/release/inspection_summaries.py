"""What does the report say of the inspection itself: what was asked, of whom, and what came?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay.indicators import EVERYWHERE
from assay.ingest.inspection_folder import Inspection
from assay.ingest.return_manifest import NOT_ASKED
from assay.sdc import declared_tables

SUMMED = ("records", "accepted", "set_aside")
RETURNED = pa.schema(
    [(name, pa.string()) for name in ("place_code", "table_name", "supplied", "reason")]
    + [("complete", pa.bool_())]
    + [(name, pa.int64()) for name in SUMMED]
    + [("hidden", pa.string())]
)


def inspected(inspection: Inspection, received: int, refused: int) -> pa.Table:
    """One row: the request, its period, and how many returns came."""
    request = inspection.request
    row = {
        "request": request.key,
        "title": request.title,
        "register": request.register,
        "period_from": request.period_from.isoformat(),
        "period_to": request.period_to.isoformat(),
        "bodies_asked": len(request.bodies),
        "returns_received": received,
        "returns_refused": refused,
    }
    return pa.Table.from_pylist([row], declared_tables()["inspected"].schema)


def places(inspection: Inspection) -> pa.Table:
    """One row a body that was asked."""
    rows = [
        {
            "place_code": body.code,
            "slug": body.slug,
            "name": body.name,
            "kind": body.kind,
            "country": body.country,
            "region": "",
            "tile_column": body.tile_column,
            "tile_row": body.tile_row,
            "children": body.children,
            "population": body.population,
        }
        for body in inspection.request.bodies.values()
    ]
    return pa.Table.from_pylist(rows, declared_tables()["places"].schema)


def answerable(rows: pa.Table) -> pa.Table:
    """One row a body and question: can it be asked there? As the report names its columns."""
    return rows.rename_columns({"force_code": "place_code"})


def returned(covers: pa.Table, counted: pa.Table) -> pa.Table:
    """One row a body and table: whether it was sent, and what became of its rows; and the sums of all bodies."""
    sizes = {(row["force_code"], row["table_name"]): row for row in counted.to_pylist()}
    rows = [_returned(row, sizes.get((row["force_code"], row["table_name"]), {})) for row in covers.to_pylist()]
    together = [_together(name, rows) for name in dict.fromkeys(row["table_name"] for row in rows)]
    return pa.Table.from_pylist(rows + together, schema=RETURNED)


def _returned(cover: Mapping[str, Any], sizes: Mapping[str, Any]) -> dict[str, Any]:
    refused = f"refused ({sizes['refused_rule']})" if sizes.get("refused_rule") else ""
    reason = refused if refused and cover["reason"] != NOT_ASKED else cover["reason"]
    told = {name: cover[name] for name in ("table_name", "supplied", "complete")}
    told |= {"place_code": cover["force_code"], "reason": reason, "hidden": ""}
    return told | {name: sizes.get(name) for name in SUMMED}


def _together(table: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    mine = [row for row in rows if row["table_name"] == table and row["supplied"] != "none"]
    sums = {name: sum(row[name] or 0 for row in mine) for name in SUMMED}
    every = len(mine) == sum(row["table_name"] == table for row in rows)
    supplied = "part" if mine else "none"
    if mine and every and all(row["supplied"] == "whole" for row in mine):
        supplied = "whole"
    asked = any(row["table_name"] == table and row["reason"] != NOT_ASKED for row in rows)
    told = {"place_code": EVERYWHERE, "table_name": table, "supplied": supplied, "hidden": ""}
    return told | ({} if asked else {"reason": NOT_ASKED}) | sums
