"""Has each table of a bundle the form of the contract, is all of it of its sender, and do its counts fit its rows?

The rules of the contract were applied where the bundle was made. Who holds the key of the codes can make another by
hand, so what everything after it leans on is looked at again here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from assay import contract, linkage
from assay.contract import separated_columns
from assay.errors import ReturnRefused
from assay.ingest import summary_scan
from assay.ingest.accepted_tables import BESIDE
from assay.privacy import separated_identifiers
from assay.privacy.bundle_manifest import Manifest

Tables = Mapping[str, pa.Table]
ANEW = "Make the bundle anew."


def refuse_other_forms(tables: Tables, manifest: Manifest) -> None:
    """Refuses tables of a bundle (R01, R04) that a bundle of this program and this sender cannot hold."""
    for name, rows in tables.items():
        refuse_other_form(name, rows, _form(name), manifest.force_code)
    _refuse_other_account(tables, manifest)
    _refuse_other_scan(tables)


def refuse_other_part(part: str, tables: Tables, manifest: Manifest) -> None:
    """Refuses what was sealed, if it is not the tables of the part in the form of the contract."""
    if set(tables) != set(separated_columns.columns_apart(part)):
        raise ReturnRefused(f"{part} holds other tables than a bundle has (R04). {ANEW}")
    for name, rows in tables.items():
        form = separated_identifiers.apart_of(part, name, contract.typed_schema(name).empty_table()).schema
        refuse_other_form(f"{part}/{name}", rows, form, manifest.force_code)


def refuse_other_form(name: str, rows: pa.Table, form: pa.Schema, force_code: str) -> None:
    """Refuses one table that has other columns, or rows of another body."""
    if not rows.schema.equals(form):
        raise ReturnRefused(f"{name}.parquet is not in the form of the contract (R04). {ANEW}")
    if pc.unique(rows[contract.FORCE_CODE]).to_pylist() not in ([], [force_code]):
        raise ReturnRefused(f"{name}.parquet holds rows of another body than {force_code} (R01). {ANEW}")


def _form(name: str) -> pa.Schema:
    if name in linkage.FORMS:
        return linkage.FORMS[name]
    if name in contract.tables():
        return separated_identifiers.apart_from(name, contract.typed_schema(name).empty_table()).schema
    return pa.schema(
        [
            field
            for field in BESIDE[name]
            if (name, field.name) != (separated_identifiers.ASIDE, separated_identifiers.RECORD)
        ]
    )


def _refuse_other_account(tables: Tables, manifest: Manifest) -> None:
    told = tables["returns"].select(["edition", "period_from", "period_to"]).to_pylist()
    if told != [{name: getattr(manifest, name) for name in ("edition", "period_from", "period_to")}]:
        raise ReturnRefused(f"returns.parquet does not say what the cover of the bundle says (R01). {ANEW}")
    for name in ("covers", "counted"):
        if sorted(map(str, tables[name]["table_name"].to_pylist())) != sorted(contract.tables()):
            raise ReturnRefused(f"{name}.parquet does not speak of every table once (R01). {ANEW}")
    for name in ("columns", "aside", "faults"):
        if not set(tables[name]["table_name"].to_pylist()) <= set(contract.tables()):
            raise ReturnRefused(f"{name}.parquet speaks of a table that the contract does not know (R01). {ANEW}")
    wrong = [row["table_name"] for row in tables["counted"].to_pylist() if _does_not_fit(row, tables)]
    if wrong:
        raise ReturnRefused(f"counted.parquet does not fit what came of {', '.join(wrong)} (R01). {ANEW}")


def _does_not_fit(row: Mapping[str, int | str | None], tables: Tables) -> bool:
    name, records, accepted = str(row["table_name"]), int(row["records"] or 0), int(row["accepted"] or 0)
    aside = pc.sum(pc.equal(tables["aside"]["table_name"], name)).as_py() or 0
    if row["refused_rule"]:
        return bool(tables[name].num_rows or accepted or aside or records < 0)
    return bool(tables[name].num_rows != accepted or records != accepted + aside)


def _refuse_other_scan(tables: Tables) -> None:
    """Refuses what was found in summaries, if it is not of these summaries, one row each."""
    scanned, crimes = tables["scanned"], tables["scanned"]["crime_ref"].to_pylist()
    if sorted(map(str, crimes)) != sorted(map(str, tables["summaries"]["crime_ref"].to_pylist())):
        raise ReturnRefused(f"scanned.parquet does not say what became of each summary (R01). {ANEW}")
    said = set(scanned["reason"].to_pylist()), set(scanned["state"].to_pylist())
    words = {*summary_scan.REASONS, ""}, {summary_scan.SCANNED, summary_scan.EMPTY, summary_scan.NOT_READ}
    strangers = set(tables["signs"]["crime_ref"].to_pylist()) - set(crimes)
    if strangers or not all(found <= known for found, known in zip(said, words, strict=True)):
        raise ReturnRefused(f"scanned.parquet or signs.parquet holds words or crimes of no list (R01). {ANEW}")
