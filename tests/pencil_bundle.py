"""A small bundle made without linkage, by whoever holds the key of the codes: so also a bundle that nobody should make."""

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
from assay.ingest.return_validation import receive
from assay.privacy import Keys, make_keys, packed, read_keys, seal, separated_identifiers
from assay.privacy.bundle_manifest import FILE, FORMAT, SEALED, Manifest, hashes_of_files
from assay.privacy.encryption_keys import KEEP
from mutated_returns import Base, write_sound


@dataclass(frozen=True)
class Whole:
    """What a sound bundle of an invented force holds: its tables, what is sealed in it, and the keys of its request."""

    keys: Keys
    tables: Mapping[str, pa.Table]
    parts: Mapping[str, bytes]
    told: Mapping[str, object]

    def write(
        self, folder: Path, files: Mapping[str, bytes] | None = None, *, without: Collection[str] = (), **told: object
    ) -> Path:
        """The bundle in a folder, its manifest made for what lies there; `files` take the place of those of their name, and
        `told` of what the manifest says. `without` names files that are gone."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, rows in self.tables.items():
            pq.write_table(rows, folder / f"{name}.parquet")
        for name, content in self.parts.items():
            (folder / f"{name}{SEALED}").write_bytes(seal(content, self.keys.public))
        for name, content in (files or {}).items():
            (folder / name).write_bytes(content)
        for name in without:
            (folder / name).unlink()
        manifest = Manifest(**{**self.told, "files": hashes_of_files(folder), **told})  # type: ignore[arg-type]
        text = manifest.text(self.keys.coding)
        (folder / FILE).write_text(text, encoding="utf-8", errors="surrogatepass", newline="\n")
        return folder


def whole_bundle(sound: Base, folder: Path) -> Whole:
    """The bundle of a sound return; references stay as they are, since no reader tells a code from another word."""
    received = receive(write_sound(sound, folder / "return"), sound.request, threads=1)
    kept, names = (
        separated_identifiers.kept(received.tables),
        separated_columns.columns_apart(separated_columns.IDENTITIES),
    )
    tables = {name: kept[name] for name in kept}
    tables |= {name: form.empty_table() for name, form in linkage.FORMS.items()}
    identities = {
        name: rows for name, rows in separated_identifiers.identities(received.tables).items() if name in names
    }
    parts = {
        separated_columns.IDENTITIES: packed(identities),
        separated_columns.TEXTS: packed(separated_identifiers.texts(received.tables)),
    }
    received.close()
    make_keys(folder / "keys", sound.request.key)
    keys, cover = read_keys(folder / "keys" / KEEP), received.cover
    told = {
        "format": FORMAT, "spec_version": cover.spec_version, "code_version": "0", "request": sound.request.key,
        "force_code": cover.force_code, "edition": cover.edition, "period_from": cover.period_from,
        "period_to": cover.period_to, "sealed_for": key_name(keys.public), "coded_with": key_name(keys.coding),
        "own_share": "", "identities_destroy_by": date(2099, 12, 31), "texts_destroy_by": date(2099, 12, 31),
        "texts_of": 2, "summaries": "scanned",
    }  # fmt: skip
    return Whole(keys, tables, parts, told)
