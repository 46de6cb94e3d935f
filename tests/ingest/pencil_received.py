"""A received return as a letter sees it, made from a staging store: counts, errors and how full the columns are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay import contract
from assay.ingest.return_manifest import ReturnManifest
from assay.ingest.staging_store import StagingStore

TEXT, NUMBER = pa.string(), pa.int64()
ERRORS = pa.schema(
    [
        ("force_code", TEXT),
        ("table_name", TEXT),
        ("file", TEXT),
        ("line", NUMBER),
        ("column_name", TEXT),
        ("rule", TEXT),
    ]
)
COMPLETENESS = pa.schema([
    *((name, TEXT) for name in ("force_code", "table_name", "column_name", "month")),
    *((name, NUMBER) for name in ("rows", "filled", "missing", "value_set_aside", "with_reason")),
])  # fmt: skip


@dataclass(frozen=True)
class PencilReceived:
    """Manifest and tables."""

    manifest: ReturnManifest
    tables: dict[str, pa.Table]


def received(store: StagingStore, completeness: list[dict[str, Any]] | None = None) -> PencilReceived:
    """The content of the staging store, in the form that `receive` gives it."""
    errors = store.query("select * from faults").to_pylist()
    rows_aside = store.query("select * from aside").to_pylist()
    lost = Counter(row["table_name"] for row in rows_aside)
    table_counts, manifest_rows = [], []
    for name in contract.tables():
        table_manifest = store.manifest.table(name)
        query_number = store.query_number(f"select count(*) from {name}")
        refused = store.refused.get(name, "")
        records = store.query_number(f"select count(*) from raw_{name}") if table_manifest.supplied != "none" else None
        manifest_rows.append(
            {
                "table_name": name,
                "supplied": table_manifest.supplied,
                "reason": table_manifest.reason,
                "complete": table_manifest.complete,
            }
        )
        table_counts.append({
            "table_name": name, "file": f"{name}.csv" if table_manifest.supplied != "none" else "", "records": records, "accepted": query_number, "set_aside": lost[name], "rows_stated": table_manifest.rows,
            "refused_rule": refused,
        })  # fmt: skip
    return PencilReceived(
        store.manifest,
        {
            "faults": with_force_and_file(store, errors, ERRORS),
            "aside": with_force_and_file(store, rows_aside, ERRORS),
            "counted": pa.Table.from_pylist(table_counts),
            "covers": pa.Table.from_pylist(manifest_rows),
            "incomplete": store.query("select * from incomplete"),
            "completeness": pa.Table.from_pylist(completeness or [], schema=COMPLETENESS),
        },
    )


def with_force_and_file(store: StagingStore, rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Errors with the force and the file."""
    full = [{"force_code": store.manifest.force_code, "file": f"{row['table_name']}.csv"} | row for row in rows]
    return pa.Table.from_pylist(full, schema=schema)


def filled(table: str, column: str, month: str, rows: int, full: int, with_reason: int = 0) -> dict[str, Any]:
    """One line of completeness."""
    return {"force_code": "INV01", "table_name": table, "column_name": column, "month": month, "rows": rows,
            "filled": full, "missing": rows - full, "value_set_aside": 0, "with_reason": with_reason}  # fmt: skip
