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

from assay import contract, linkage
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
from assay.privacy import RequestKeys, decrypt, unpack_tables
from assay.privacy.bundle_manifest import (
    ENCRYPTED_SUFFIX,
    MANIFEST_FILE,
    SEND_AGAIN,
    BundleManifest,
    read_bundle_manifest,
)
from assay.wording import count_phrase, join_words
from assay.workflows.receive.bundle_table_checks import check_part_tables, check_table_schemas

TABLE_NAMES = (*contract.tables(), *RETURN_TABLE_SCHEMAS, *linkage.OUTPUT_TABLES)
"""The tables of a bundle."""
FORMS = "forms"
"""Added when forces could send their forms: an older bundle lacks it."""


class Bundle:
    """A checked bundle in a folder; `keys` is None if the inspecting organisation lost them or may open nothing."""

    def __init__(self, folder: Path, inspection: Inspection, keys: RequestKeys | None, today: date) -> None:
        self.place, self.inspection, self.keys, self.today = folder, inspection, keys, today
        self.manifest = read_bundle_manifest(folder, keys.coding if keys else None)
        _refuse_other_request(self.manifest, inspection)
        _refuse_other_files(self.manifest)
        if keys and key_name(keys.public) != self.manifest.sealed_for:
            raise ReturnRefused(
                f"R04: {folder.name} was sealed for another key than that of the keys that were named, "
                f"{key_name(keys.public)}. Name the keys that were made for this request; if these are they, the force "
                "seals it again with the public key of the request."
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
                raise ReturnRefused(f"{name}.parquet (R61): {reason} Nothing was taken in.")
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
            return "No keys were named, so identities and texts stay sealed: nobody is tied to another force's persons"
        closed_parts = self.sealed_parts()
        reason = "not declared here, or its last day has passed"
        return f"Nothing was opened of what is {reason}: {join_words(list(closed_parts))}" if closed_parts else ""


@contextmanager
def refuse_unreadable(name: str) -> Iterator[None]:
    """Refuse the bundle if a file in it is unreadable or too large; the sentence quotes nothing of it."""
    try:
        yield
    except Unreadable:
        raise ReturnRefused(f"{name} cannot be read as what a bundle has under this name (R04). {SEND_AGAIN}") from None
    except TooLarge:
        reason = "it holds more than any return, or swells beyond any table when it is unpacked"
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
            f"{MANIFEST_FILE}: the bundle answers another request (R01). This inspection is {request.key}."
        )
    if manifest.force_code not in request.organisations:
        raise ReturnRefused(f"{MANIFEST_FILE}: force_code is not a body of this request (R01).")
    if (manifest.period_from, manifest.period_to) != (request.period_from, request.period_to):
        raise ReturnRefused(f"{MANIFEST_FILE}: the period is not that of the request (R01). Make the bundle anew.")


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
