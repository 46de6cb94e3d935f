"""Check that each table of a bundle has the contract's schema, comes from its sender, and fits its counts.

The rules of the contract were applied where the bundle was made. But whoever holds the key of the codes can make a
bundle by hand, so everything that later stages rely on is checked again here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from assay import contract, linkage
from assay.contract import separated_columns
from assay.errors import ReturnRefused
from assay.ingest import summary_scan
from assay.ingest.accepted_tables import RETURN_TABLE_SCHEMAS
from assay.privacy import separated_identifiers
from assay.privacy.bundle_manifest import BundleManifest

Tables = Mapping[str, pa.Table]
REBUILD_ADVICE = "Make the bundle anew."


def check_table_schemas(tables: Tables, manifest: BundleManifest) -> None:
    """Refuse tables of a bundle (R01, R04) with another schema, sender or count."""
    for name, rows in tables.items():
        check_table_schema(name, rows, _expected_schema(name), manifest.force_code)
    _check_declarations(tables, manifest)
    _check_scan(tables)


def check_part_tables(part: str, tables: Tables, manifest: BundleManifest) -> None:
    """Refuse a decrypted part if its tables differ from those of the contract."""
    if set(tables) != set(separated_columns.columns_of_part(part)):
        raise ReturnRefused(f"{part} holds other tables than a bundle has (R04). {REBUILD_ADVICE}")
    for name, rows in tables.items():
        schema = separated_identifiers.select_separated_columns(
            part, name, contract.typed_schema(name).empty_table()
        ).schema
        check_table_schema(f"{part}/{name}", rows, schema, manifest.force_code)


def check_table_schema(name: str, rows: pa.Table, schema: pa.Schema, force_code: str) -> None:
    """Refuse one table that has other columns, or rows of another force."""
    if not rows.schema.equals(schema):
        raise ReturnRefused(f"{name}.parquet is not in the form of the contract (R04). {REBUILD_ADVICE}")
    if pc.unique(rows[contract.FORCE_CODE]).to_pylist() not in ([], [force_code]):
        raise ReturnRefused(f"{name}.parquet holds rows of another body than {force_code} (R01). {REBUILD_ADVICE}")


def _expected_schema(name: str) -> pa.Schema:
    if name in linkage.OUTPUT_SCHEMAS:
        return linkage.OUTPUT_SCHEMAS[name]
    if name in contract.tables():
        return separated_identifiers.drop_separated_columns(name, contract.typed_schema(name).empty_table()).schema
    return pa.schema(
        [
            field
            for field in RETURN_TABLE_SCHEMAS[name]
            if (name, field.name) != (separated_identifiers.SET_ASIDE_TABLE, separated_identifiers.RECORD_COLUMN)
        ]
    )


def _check_declarations(tables: Tables, manifest: BundleManifest) -> None:
    declared = tables["returns"].select(["edition", "period_from", "period_to"]).to_pylist()
    if declared != [{name: getattr(manifest, name) for name in ("edition", "period_from", "period_to")}]:
        raise ReturnRefused(f"returns.parquet does not say what the cover of the bundle says (R01). {REBUILD_ADVICE}")
    for name in ("covers", "counted"):
        if sorted(map(str, tables[name]["table_name"].to_pylist())) != sorted(contract.tables()):
            raise ReturnRefused(f"{name}.parquet does not speak of every table once (R01). {REBUILD_ADVICE}")
    for name in ("columns", "aside", "faults"):
        if not set(tables[name]["table_name"].to_pylist()) <= set(contract.tables()):
            raise ReturnRefused(
                f"{name}.parquet speaks of a table that the contract does not know (R01). {REBUILD_ADVICE}"
            )
    differing_tables = [row["table_name"] for row in tables["counted"].to_pylist() if _counts_differ(row, tables)]
    if differing_tables:
        raise ReturnRefused(
            f"counted.parquet does not fit what came of {', '.join(differing_tables)} (R01). {REBUILD_ADVICE}"
        )


def _counts_differ(row: Mapping[str, int | str | None], tables: Tables) -> bool:
    name, records, accepted = str(row["table_name"]), int(row["records"] or 0), int(row["accepted"] or 0)
    set_aside_count = pc.sum(pc.equal(tables["aside"]["table_name"], name)).as_py() or 0
    if row["refused_rule"]:
        return bool(tables[name].num_rows or accepted or set_aside_count or records < 0)
    return bool(tables[name].num_rows != accepted or records != accepted + set_aside_count)


def _check_scan(tables: Tables) -> None:
    """Refuse scan results that are not about these summaries, one row each."""
    scanned, crimes = tables["scanned"], tables["scanned"]["crime_ref"].to_pylist()
    if sorted(map(str, crimes)) != sorted(map(str, tables["summaries"]["crime_ref"].to_pylist())):
        raise ReturnRefused(f"scanned.parquet does not say what became of each summary (R01). {REBUILD_ADVICE}")
    scan_values = set(scanned["reason"].to_pylist()), set(scanned["state"].to_pylist())
    words = {*summary_scan.REASONS, ""}, {summary_scan.SCANNED, summary_scan.EMPTY, summary_scan.NOT_READ}
    unknown_crimes = set(tables["signs"]["crime_ref"].to_pylist()) - set(crimes)
    if unknown_crimes or not all(found <= known for found, known in zip(scan_values, words, strict=True)):
        raise ReturnRefused(
            f"scanned.parquet or signs.parquet holds words or crimes of no list (R01). {REBUILD_ADVICE}"
        )
