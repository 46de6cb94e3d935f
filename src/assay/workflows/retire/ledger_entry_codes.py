"""Replace references of entries in the ledger by keyed codes (HMAC-SHA256).

The code is made by `privacy.pseudonyms`. Its key is in the folder of the inspection, beside the texts to which the
codes refer, and is destroyed with them: during the inspection an auditor can find the entry of a ledger line, and
afterwards nobody can find a reference by trial.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from assay.engine.provenance.folder_lock import LEDGER
from assay.engine.provenance.stage_folders import UNFINISHED_PREFIX
from assay.engine.provenance.verification import CODES_KEY
from assay.engine.provenance.write_lock import lock_file
from assay.errors import EvidenceError
from assay.privacy import Pseudonymiser

KEY_BYTES = 32


def entry_code(folder: Path, force_code: str, table: str, reference: str) -> str:
    """Return the code of the reference that a force gave to an entry; the key is created at the first call."""
    path = folder / CODES_KEY
    if not path.is_file():
        _make_key(path)
    return Pseudonymiser(_key(path)).pseudonym(force_code, table, reference)


def existing_coder(folder: Path) -> Pseudonymiser | None:
    """Return the pseudonymiser of a folder; None if the folder has no key, or the key was destroyed."""
    path = folder / CODES_KEY
    return Pseudonymiser(_key(path)) if path.is_file() else None


def _make_key(path: Path) -> None:
    """Write a key completely or not at all; of two concurrent processes, the second uses the key of the first."""
    with lock_file(path.with_name(LEDGER)):
        if path.is_file():
            return
        unfinished = path.with_name(f"{UNFINISHED_PREFIX}{path.name}")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(b64encode(secrets.token_bytes(KEY_BYTES)).decode())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)


def _key(path: Path) -> bytes:
    try:
        key = b64decode(path.read_bytes(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise EvidenceError(f"{path.name} holds no key, so nothing was shown. Restore it from a copy of the folder.")
    return key
