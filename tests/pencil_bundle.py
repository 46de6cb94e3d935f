"""Write a small bundle without linkage with the key of the codes, including bundles that must be rejected."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay import linkage
from assay.contract import separated_columns
from assay.engine.provenance.file_signatures import key_name
from assay.ingest.return_validation import validate_return
from assay.privacy import RequestKeys, encrypt, make_keys, pack_tables, read_keys, separated_identifiers
from assay.privacy.bundle_manifest import (
    ENCRYPTED_SUFFIX,
    FORMAT_VERSION,
    MANIFEST_FILE,
    BundleManifest,
    bundle_file_hashes,
)
from assay.privacy.encryption_keys import PRIVATE_KEYS_FILE
from mutated_returns import Base, write_sound


@dataclass(frozen=True)
class Whole:
    """What a sound bundle of a synthetic force holds: its tables, what is sealed in it, and the keys of its request."""

    keys: RequestKeys
    tables: Mapping[str, pa.Table]
    parts: Mapping[str, bytes]
    result_fields: Mapping[str, object]

    def write(
        self,
        folder: Path,
        files: Mapping[str, bytes] | None = None,
        *,
        left_files: Collection[str] = (),
        **result_fields: object,
    ) -> Path:
        """The bundle in a folder, its manifest made for what lies there; `files` take the place of those of their name, and
        `result_fields` of what the manifest says. `left_files` names files that are gone."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, rows in self.tables.items():
            pq.write_table(rows, folder / f"{name}.parquet")
        for name, content in self.parts.items():
            (folder / f"{name}{ENCRYPTED_SUFFIX}").write_bytes(encrypt(content, self.keys.public))
        for name, content in (files or {}).items():
            (folder / name).write_bytes(content)
        for name in left_files:
            (folder / name).unlink()
        manifest = BundleManifest(**{**self.result_fields, "files": bundle_file_hashes(folder), **result_fields})  # type: ignore[arg-type]
        text = manifest.signed_text(self.keys.coding)
        (folder / MANIFEST_FILE).write_text(text, encoding="utf-8", errors="surrogatepass", newline="\n")
        return folder


def whole_bundle(sound: Base, folder: Path) -> Whole:
    """The bundle of a sound return; references stay as they are, since no reader tells a code from another word."""
    received = validate_return(write_sound(sound, folder / "return"), sound.request, threads=1)
    tables_kept, names = (
        separated_identifiers.tables_without_identifiers(received.tables),
        separated_columns.columns_of_part(separated_columns.IDENTITIES),
    )
    tables = {name: tables_kept[name] for name in tables_kept}
    tables |= {name: form.empty_table() for name, form in linkage.OUTPUT_SCHEMAS.items()}
    identities = {
        name: rows for name, rows in separated_identifiers.identity_tables(received.tables).items() if name in names
    }
    parts = {
        separated_columns.IDENTITIES: pack_tables(identities),
        separated_columns.TEXTS: pack_tables(separated_identifiers.text_tables(received.tables)),
    }
    received.close()
    make_keys(folder / "keys", sound.request.key)
    keys, manifest = read_keys(folder / "keys" / PRIVATE_KEYS_FILE), received.manifest
    fields = {
        "format": FORMAT_VERSION, "spec_version": manifest.spec_version, "code_version": "0", "request": sound.request.key,
        "force_code": manifest.force_code, "edition": manifest.edition, "period_from": manifest.period_from,
        "period_to": manifest.period_to, "sealed_for": key_name(keys.public), "coded_with": key_name(keys.coding),
        "own_share": "", "identities_destroy_by": date(2099, 12, 31), "texts_destroy_by": date(2099, 12, 31),
        "texts_of": 2, "summaries": "scanned",
    }  # fmt: skip
    return Whole(keys, tables, parts, fields)
