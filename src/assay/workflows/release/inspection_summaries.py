"""Summarise the inspection for the report: what was requested, of whom, and what was received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay.indicators import EVERYWHERE
from assay.ingest.inspection_folder import Inspection
from assay.ingest.return_manifest import NOT_ASKED
from assay.sdc import declared_tables

COUNT_COLUMNS = ("records", "accepted", "set_aside")
RETURN_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("place_code", "table_name", "supplied", "reason")]
    + [("complete", pa.bool_())]
    + [(name, pa.int64()) for name in COUNT_COLUMNS]
    + [("hidden", pa.string())]
)


def inspection_table(inspection: Inspection, received: int, refused: int) -> pa.Table:
    """Return one row: the request, its period, and the number of returns."""
    request = inspection.request
    row = {
        "request": request.key,
        "title": request.title,
        "register": request.register,
        "period_from": request.period_from.isoformat(),
        "period_to": request.period_to.isoformat(),
        "bodies_asked": len(request.organisations),
        "returns_received": received,
        "returns_refused": refused,
    }
    return pa.Table.from_pylist([row], declared_tables()["inspected"].schema)


def force_table(inspection: Inspection) -> pa.Table:
    """Return one row for each force or organisation in the request."""
    rows = [
        {
            "place_code": force.code,
            "slug": force.slug,
            "name": force.name,
            "kind": force.kind,
            "country": force.country,
            "region": "",
            "tile_column": force.tile_column,
            "tile_row": force.tile_row,
            "children": force.children,
            "population": force.population,
        }
        for force in inspection.request.organisations.values()
    ]
    return pa.Table.from_pylist(rows, declared_tables()["places"].schema)


def answerability_table(rows: pa.Table) -> pa.Table:
    """Return one row for each force and question: whether it is answerable there."""
    return rows.rename_columns({"force_code": "place_code"})


def return_table(manifests: pa.Table, counts: pa.Table) -> pa.Table:
    """Return one row for each force and table, and the totals: whether it was supplied, and rows accepted."""
    sizes = {(row["force_code"], row["table_name"]): row for row in counts.to_pylist()}
    rows = [_return_row(row, sizes.get((row["force_code"], row["table_name"]), {})) for row in manifests.to_pylist()]
    total_rows = [_total_row(name, rows) for name in dict.fromkeys(row["table_name"] for row in rows)]
    return pa.Table.from_pylist(rows + total_rows, schema=RETURN_SCHEMA)


def _return_row(manifest: Mapping[str, Any], sizes: Mapping[str, Any]) -> dict[str, Any]:
    refused = f"refused ({sizes['refused_rule']})" if sizes.get("refused_rule") else ""
    reason = refused if refused and manifest["reason"] != NOT_ASKED else manifest["reason"]
    row = {name: manifest[name] for name in ("table_name", "supplied", "complete")}
    row |= {"place_code": manifest["force_code"], "reason": reason, "hidden": ""}
    return row | {name: sizes.get(name) for name in COUNT_COLUMNS}


def _total_row(table: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    table_rows = [row for row in rows if row["table_name"] == table and row["supplied"] != "none"]
    sums = {name: sum(row[name] or 0 for row in table_rows) for name in COUNT_COLUMNS}
    from_all = len(table_rows) == sum(row["table_name"] == table for row in rows)
    supplied = "part" if table_rows else "none"
    if table_rows and from_all and all(row["supplied"] == "whole" for row in table_rows):
        supplied = "whole"
    was_requested = any(row["table_name"] == table and row["reason"] != NOT_ASKED for row in rows)
    total = {"place_code": EVERYWHERE, "table_name": table, "supplied": supplied, "hidden": ""}
    return total | ({} if was_requested else {"reason": NOT_ASKED}) | sums
