"""Read a bundle: check that it is intact and answers this request, and decrypt what may be opened.

The rules of the contract were applied where the bundle was made, by the same program. Here it is checked that the
bundle is complete, that it answers this request, that its tables have the schema of the contract, and that it holds
nothing undeclared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from assay import contract, linkage
from assay.contract import separated_columns
from assay.contract.earlier_versions import add_missing_columns
from assay.contract.separated_columns import IDENTITIES, PARTS, TEXTS
from assay.engine.provenance.file_signatures import key_name
from assay.engine.safe_files.archive_limits import TooLarge, Unreadable
from assay.engine.safe_files.parquet_limits import read_bounded_parquet
from assay.errors import ReturnRefused, UsageError
from assay.ingest import summary_scan
from assay.ingest.accepted_tables import RETURN_TABLE_SCHEMAS
from assay.ingest.inspection_folder import Inspection
from assay.ingest.request_window_checks import table_refusal
from assay.ingest.table_permission import is_part_allowed
from assay.privacy import RequestKeys, decrypt, separated_identifiers, unpack_tables
from assay.privacy.bundle_manifest import (
    ENCRYPTED_SUFFIX,
    MANIFEST_FILE,
    SEND_AGAIN,
    BundleManifest,
    read_bundle_manifest,
)
from assay.wording import count_phrase, join_words

# Check that each table of a bundle has the contract's schema, comes from its sender, and fits its counts.
#
# The rules of the contract were applied where the bundle was made. But whoever holds the key of the codes can make a
# bundle by hand, so everything that later stages rely on is checked again here.

Tables = Mapping[str, pa.Table]
REBUILD_ADVICE = "Make a new bundle: assay bundle"


def check_table_schemas(tables: Tables, manifest: BundleManifest) -> None:
    """Refuse a bundle (R01, R04) if one of its tables has other columns, another sender or another row count than
    stated."""
    for name, rows in tables.items():
        check_table_schema(name, rows, _expected_schema(name), manifest.force_code)
    _check_declarations(tables, manifest)
    _check_scan(tables)


def check_part_tables(part: str, tables: Tables, manifest: BundleManifest) -> None:
    """Refuse a decrypted part of a bundle if its tables differ from those of the contract."""
    if set(tables) != set(separated_columns.columns_of_part(part)):
        raise ReturnRefused(f"{part} holds tables that do not belong in a bundle (R04). {REBUILD_ADVICE}")
    for name, rows in tables.items():
        schema = separated_identifiers.select_separated_columns(
            part, name, contract.typed_schema(name).empty_table()
        ).schema
        check_table_schema(f"{part}/{name}", rows, schema, manifest.force_code)


def check_table_schema(name: str, rows: pa.Table, schema: pa.Schema, force_code: str) -> None:
    """Refuse one table that has other columns, or rows of another force."""
    if not rows.schema.equals(schema):
        raise ReturnRefused(f"{name}.parquet is not in the format of the contract (R04). {REBUILD_ADVICE}")
    if pc.unique(rows[contract.FORCE_CODE]).to_pylist() not in ([], [force_code]):
        raise ReturnRefused(f"{name}.parquet holds rows of a force other than {force_code} (R01). {REBUILD_ADVICE}")


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
        raise ReturnRefused(f"returns.parquet contradicts the manifest of the bundle (R01). {REBUILD_ADVICE}")
    for name in ("covers", "counted"):
        if sorted(map(str, tables[name]["table_name"].to_pylist())) != sorted(contract.tables()):
            raise ReturnRefused(f"{name}.parquet does not list every table exactly once (R01). {REBUILD_ADVICE}")
    for name in ("columns", "aside", "faults"):
        if not set(tables[name]["table_name"].to_pylist()) <= set(contract.tables()):
            raise ReturnRefused(f"{name}.parquet lists a table that is not in the contract (R01). {REBUILD_ADVICE}")
    differing_tables = [row["table_name"] for row in tables["counted"].to_pylist() if _counts_differ(row, tables)]
    if differing_tables:
        raise ReturnRefused(
            f"counted.parquet does not match the rows of {', '.join(differing_tables)} (R01). {REBUILD_ADVICE}"
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
        raise ReturnRefused(f"scanned.parquet does not give the result for each summary (R01). {REBUILD_ADVICE}")
    scan_values = set(scanned["reason"].to_pylist()), set(scanned["state"].to_pylist())
    words = {*summary_scan.REASONS, ""}, {summary_scan.SCANNED, summary_scan.EMPTY, summary_scan.NOT_READ}
    unknown_crimes = set(tables["signs"]["crime_ref"].to_pylist()) - set(crimes)
    if unknown_crimes or not all(found <= known for found, known in zip(scan_values, words, strict=True)):
        raise ReturnRefused(
            f"scanned.parquet or signs.parquet holds words or crimes that are in no list (R01). {REBUILD_ADVICE}"
        )


TABLE_NAMES = (*contract.tables(), *RETURN_TABLE_SCHEMAS, *linkage.OUTPUT_TABLES)
"""The tables of a bundle."""
FORMS = "forms"
"""Added when forces could send their forms: an older bundle lacks it."""


class Bundle:
    """A checked bundle in a folder; `keys` is None if the inspecting organisation has lost its keys or may open
    nothing."""

    def __init__(self, folder: Path, inspection: Inspection, keys: RequestKeys | None, today: date) -> None:
        self.place, self.inspection, self.keys, self.today = folder, inspection, keys, today
        self.manifest = read_bundle_manifest(folder, keys.coding if keys else None)
        _refuse_other_request(self.manifest, inspection)
        _refuse_other_files(self.manifest)
        if keys and key_name(keys.public) != self.manifest.sealed_for:
            raise ReturnRefused(
                f"R04: {folder.name} was encrypted for another key than {key_name(keys.public)}. Give the keys "
                "of this request with --keys. If these are the right keys, the force must make the bundle again "
                "with the public key of the request."
            )

    def tables(self) -> dict[str, pa.Table]:
        """Return the tables of the return, the additional tables, and the sender's record linkage."""
        names = [name for name in TABLE_NAMES if name != FORMS or f"{FORMS}.parquet" in self.manifest.files]
        bundle_tables = {FORMS: RETURN_TABLE_SCHEMAS[FORMS].empty_table()}
        bundle_tables |= {name: add_missing_columns(name, _read(self.place, f"{name}.parquet")) for name in names}
        check_table_schemas(bundle_tables, self.manifest)
        if not summary_scan.is_search_allowed(self.inspection.declarations, self.today):
            bundle_tables |= summary_scan.scan_without_findings(bundle_tables, summary_scan.NOT_DECLARED)
        for name in contract.tables():
            reason = (
                table_refusal(self.inspection.declarations, name, self.today) if bundle_tables[name].num_rows else ""
            )
            if reason:
                raise ReturnRefused(f"{name}.parquet (R61): {reason} Nothing was accepted.")
        return bundle_tables

    def open_part(self, part: str) -> Mapping[str, pa.Table]:
        """Return the decrypted tables of a part; UsageError if it must stay encrypted."""
        if self.keys is None or part in self.sealed_parts():
            raise UsageError(f"{part} of {self.place.name} cannot be opened. {self.sealed_note()}")
        name = f"{part}{ENCRYPTED_SUFFIX}"
        opened = decrypt((self.place / name).read_bytes(), self.keys.private, name=name)
        with refuse_unreadable(name):
            part_tables = unpack_tables(opened)
        check_part_tables(part, part_tables, self.manifest)
        return part_tables

    def sealed_parts(self) -> tuple[str, ...]:
        """Return the parts that stay encrypted: all without keys, else those that may not be opened."""
        return tuple(part for part in PARTS if self.keys is None or not self._may_be_opened(part))

    def _may_be_opened(self, part: str) -> bool:
        destruction_dates = {IDENTITIES: self.manifest.identities_destroy_by, TEXTS: self.manifest.texts_destroy_by}
        return self.today <= destruction_dates[part] and is_part_allowed(self.inspection, part, self.today)

    def sealed_note(self) -> str:
        """Return a sentence about the parts that stay encrypted, or ''."""
        if self.keys is None:
            return (
                "No keys were given, so identities and texts stay encrypted: no person is linked to persons of other "
                "forces, and which records of a force are of one person rests on its own records alone"
            )
        closed_parts = self.sealed_parts()
        reason = "not declared here, or past its last day"
        return f"Not decrypted, because {reason}: {join_words(list(closed_parts))}" if closed_parts else ""


@contextmanager
def refuse_unreadable(name: str) -> Iterator[None]:
    """Refuse the bundle if one of its files is unreadable or too large; the error quotes nothing from it."""
    try:
        yield
    except Unreadable:
        raise ReturnRefused(f"{name} is not the file that a bundle has under this name (R04). {SEND_AGAIN}") from None
    except TooLarge:
        reason = "it is larger than any return, or becomes too large when it is unpacked"
        raise ReturnRefused(f"{name} was not read (R04): {reason}. {SEND_AGAIN}") from None


def _read(folder: Path, name: str) -> pa.Table:
    with refuse_unreadable(name):
        return read_bounded_parquet(folder / name)


def is_bundle(folder: Path) -> bool:
    """Return True if a folder holds a bundle, and not a return."""
    return (folder / MANIFEST_FILE).is_file()


def _refuse_other_request(manifest: BundleManifest, inspection: Inspection) -> None:
    request = inspection.request
    if manifest.request != request.key:
        raise ReturnRefused(
            f"{MANIFEST_FILE}: the bundle is for another request (R01). This inspection is {request.key}."
        )
    if manifest.force_code not in request.organisations:
        raise ReturnRefused(f"{MANIFEST_FILE}: force_code is not the code of a force in this request (R01).")
    if (manifest.period_from, manifest.period_to) != (request.period_from, request.period_to):
        raise ReturnRefused(
            f"{MANIFEST_FILE}: the period differs from the request (R01). Make a new bundle: assay bundle"
        )


def _refuse_other_files(manifest: BundleManifest) -> None:
    """Refuse a bundle with a missing or additional file.

    The name of an additional file may be anything, so it is not quoted.
    """
    known = {*(f"{name}.parquet" for name in TABLE_NAMES), *(f"{part}{ENCRYPTED_SUFFIX}" for part in PARTS)}
    lacking = known - {f"{FORMS}.parquet"} - set(manifest.files)
    if lacking or set(manifest.files) - known:
        more = count_phrase(len(set(manifest.files) - known), "file")
        raise ReturnRefused(
            f"{MANIFEST_FILE} lacks {join_words(sorted(lacking)) or 'nothing'} and has {more} more than a bundle "
            f"(R01). {SEND_AGAIN}"
        )
