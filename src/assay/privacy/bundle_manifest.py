"""What does a bundle say of itself: whose it is, for which request, sealed for which key, and what lies in it?

`bundle.toml`, one section and the hash of every file. A proof made with the key of the codes stands at its end, so that
a bundle changed by one byte, its own cover among them, is told from the one that was made.
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
from assay.privacy.pseudonyms import mac, same
from assay.reference.toml_files import NotToml, sent_toml, toml_text
from assay.wording import counted

FILE = "bundle.toml"
FORMAT = "2"
SEALED = ".sealed"
NAME = re.compile(r"[a-z_]{1,40}\.(parquet|sealed)")
SEND_AGAIN = "Nothing was taken in. Ask the sender for the bundle again, as it was made."


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself. `sealed_for`, `coded_with` and `own_share` are names of keys; `own_share` is ''
    where the sender added none. `texts_of` is how many crimes have their texts sealed in it. `summaries` says
    whether signs were looked for in them where it was made ("scanned"), or why not; no text of them is in it."""

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

    def said(self) -> str:
        """All of it but the proof, as TOML."""
        told = [field.name for field in fields(self) if field.name != "files"]
        lines = ["[bundle]", *(f"{name} = {toml_text(getattr(self, name))}" for name in told), "", "[files]"]
        return "\n".join([*lines, *(f"{toml_text(n)} = {toml_text(h)}" for n, h in sorted(self.files.items()))]) + "\n"

    def text(self, coding: bytes) -> str:
        """As it is written, with its proof."""
        return f'{self.said()}\n[proof]\nmac = "{mac(coding, self.said())}"\n'


def hashes_of_files(folder: Path) -> dict[str, str]:
    """The hash of the bytes of every file of a bundle but its manifest; a link may lead anywhere, and is none."""
    files = (path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink())
    return {path.name: file_hash(path) for path in files if path.name != FILE}


def read_manifest(folder: Path, coding: bytes | None) -> Manifest:
    """What the bundle in a folder says of itself; ReturnRefused if it is not as it was made, to the byte.

    Without the key of the codes only the files can be checked, not what the bundle says of them.
    """
    text, manifest = _read(folder / FILE)
    as_made = text.startswith(manifest.said()) if coding is None else same(text, manifest.text(coding))
    if not as_made:
        raise ReturnRefused(
            f"{FILE} is not as it was made (R01): it was changed, or it was made with the keys of another request. "
            f"{SEND_AGAIN}"
        )
    there = hashes_of_files(folder)
    changed = sorted(name for name in {*there, *manifest.files} if there.get(name) != manifest.files.get(name))
    if changed:
        raise ReturnRefused(f"{_told(changed)}: not as bundled (R01): changed, missing or added. {SEND_AGAIN}")
    return manifest


def _told(names: Sequence[str]) -> str:
    """Names of files, as far as they can be names of a bundle's: others may hold anything."""
    known = [name for name in names if NAME.fullmatch(name)]
    return ", ".join(known + ([counted(len(names) - len(known), "other file")] if len(known) < len(names) else []))


def _read(path: Path) -> tuple[str, Manifest]:
    try:
        told: dict[str, Any] = sent_toml(path)
        text = path.read_text(encoding="utf-8")
        form = str(told["bundle"]["format"])
        manifest = Manifest(**told["bundle"], files=told["files"]) if form == FORMAT else None
        if manifest is not None and not _typed(manifest):
            raise TypeError
    except (OSError, NotToml, UnicodeDecodeError, KeyError, TypeError):
        raise ReturnRefused(f"{FILE} cannot be read as the cover of a bundle (R01). {SEND_AGAIN}") from None
    if manifest is None:
        raise ReturnRefused(
            f"{FILE} is of format {form!r} (R01), and this version of assay knows format {FORMAT}. Ask the sender to "
            "make it with this version."
        )
    return text, manifest


def _typed(manifest: Manifest) -> bool:
    """Whether all that it says is of the kind that it must be, its edition a whole number from 1 up."""
    kinds = {"str": str, "int": int, "date": date}
    held = ((type(getattr(manifest, field.name)), kinds.get(str(field.type), dict)) for field in fields(Manifest))
    if not all(one is kind for one, kind in held) or manifest.edition < 1:
        return False
    return all(type(value) is str for value in manifest.files.values())
