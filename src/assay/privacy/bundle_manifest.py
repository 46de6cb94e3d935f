"""Read and write the manifest of an encrypted bundle, with a message authentication code (MAC).

`bundle.toml` has one section of fields and the hash of every file. It ends with a MAC made with the pseudonym key, so
that any change of the bundle, including its manifest, is detected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from assay.engine.provenance import file_hash
from assay.errors import ReturnRefused
from assay.privacy.pseudonyms import is_equal_constant_time, mac
from assay.reference.toml_files import InvalidTomlError, read_sent_toml, toml_text
from assay.wording import count_phrase

MANIFEST_FILE = "bundle.toml"
FORMAT_VERSION = "2"
ENCRYPTED_SUFFIX = ".sealed"
FILE_NAME_PATTERN = re.compile(r"[a-z_]{1,40}\.(parquet|sealed)")
SEND_AGAIN = "Nothing was taken in. Ask the sender for the bundle again, as it was made."


@dataclass(frozen=True)
class BundleManifest:
    """Manifest of a bundle: force, request, keys, destruction dates and file hashes.

    `sealed_for`, `coded_with` and `own_share` are names of keys; `own_share` is '' if the sender added none. `texts_of`
    is the number of crimes with encrypted texts. `summaries` says whether the sender scanned summaries ("scanned"), or
    why not; the manifest contains no text of them.
    """

    format: str
    spec_version: str
    code_version: str
    request: str
    force_code: str
    edition: int
    period_from: date
    period_to: date
    sealed_for: str
    coded_with: str
    own_share: str
    identities_destroy_by: date
    texts_destroy_by: date
    texts_of: int
    summaries: str
    files: Mapping[str, str]

    def unsigned_text(self) -> str:
        """Return the manifest as TOML without its MAC."""
        names = [field.name for field in fields(self) if field.name != "files"]
        lines = ["[bundle]", *(f"{name} = {toml_text(getattr(self, name))}" for name in names), "", "[files]"]
        return "\n".join([*lines, *(f"{toml_text(n)} = {toml_text(h)}" for n, h in sorted(self.files.items()))]) + "\n"

    def signed_text(self, key: bytes) -> str:
        """Return the manifest as it is written, with its MAC."""
        return f'{self.unsigned_text()}\n[proof]\nmac = "{mac(key, self.unsigned_text())}"\n'


def bundle_file_hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each file of a bundle except its manifest; symbolic links are skipped."""
    files = (path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink())
    return {path.name: file_hash(path) for path in files if path.name != MANIFEST_FILE}


def read_bundle_manifest(folder: Path, key: bytes | None) -> BundleManifest:
    """Read and verify the manifest of a bundle; raise ReturnRefused if anything was changed.

    Without the pseudonym key only the files can be checked, not the manifest itself.
    """
    text, manifest = _parse_manifest(folder / MANIFEST_FILE)
    is_authentic = (
        text.startswith(manifest.unsigned_text())
        if key is None
        else is_equal_constant_time(text, manifest.signed_text(key))
    )
    if not is_authentic:
        raise ReturnRefused(
            f"{MANIFEST_FILE} is not as it was made (R01): it was changed, or it was made with the keys of "
            f"another request. "
            f"{SEND_AGAIN}"
        )
    file_hashes = bundle_file_hashes(folder)
    changed = sorted(
        name for name in {*file_hashes, *manifest.files} if file_hashes.get(name) != manifest.files.get(name)
    )
    if changed:
        raise ReturnRefused(
            f"{_safe_file_names(changed)}: not as bundled (R01): changed, missing or added. {SEND_AGAIN}"
        )
    return manifest


def _safe_file_names(names: Sequence[str]) -> str:
    """Return the file names that a bundle can have; other names may contain anything, and are only counted."""
    known = [name for name in names if FILE_NAME_PATTERN.fullmatch(name)]
    return ", ".join(known + ([count_phrase(len(names) - len(known), "other file")] if len(known) < len(names) else []))


def _parse_manifest(path: Path) -> tuple[str, BundleManifest]:
    try:
        content: dict[str, Any] = read_sent_toml(path)
        text = path.read_text(encoding="utf-8")
        format_version = str(content["bundle"]["format"])
        manifest = (
            BundleManifest(**content["bundle"], files=content["files"]) if format_version == FORMAT_VERSION else None
        )
        if manifest is not None and not _has_valid_types(manifest):
            raise TypeError
    except (OSError, InvalidTomlError, UnicodeDecodeError, KeyError, TypeError):
        raise ReturnRefused(f"{MANIFEST_FILE} cannot be read as the manifest of a bundle (R01). {SEND_AGAIN}") from None
    if manifest is None:
        raise ReturnRefused(
            f"{MANIFEST_FILE} is of format {format_version!r} (R01), and this version of assay knows format "
            f"{FORMAT_VERSION}. Ask the sender to "
            "make it with this version."
        )
    return text, manifest


def _has_valid_types(manifest: BundleManifest) -> bool:
    """Return True if all fields have their declared type and the edition is at least 1."""
    kinds = {"str": str, "int": int, "date": date}
    type_pairs = (
        (type(getattr(manifest, field.name)), kinds.get(str(field.type), dict)) for field in fields(BundleManifest)
    )
    if not all(value_type is kind for value_type, kind in type_pairs) or manifest.edition < 1:
        return False
    return all(type(value) is str for value in manifest.files.values())
