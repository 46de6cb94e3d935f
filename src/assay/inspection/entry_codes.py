"""By which code does a ledger name an entry, so that it holds no reference when the inspection has ended?

The code is keyed (HMAC-SHA256, `sealing.codes`). Its key lies in the folder of the inspection, beside the texts that it
stands for, and is destroyed with them: while the inspection lasts an auditor can tell which entry a line is about, and
afterwards nobody can try references until one fits.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from assay.errors import EvidenceError
from assay.evidence.verify import CODES_KEY
from assay.sealing import Coder

BYTES = 32


def entry_code(folder: Path, body: str, table: str, reference: str) -> str:
    """The code of a reference that `body` gave to a row of a table; the key is made at the first call."""
    return Coder(_key(folder / CODES_KEY)).code(body, table, reference)


def _key(path: Path) -> bytes:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(b64encode(secrets.token_bytes(BYTES)).decode())
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    key = b64decode(path.read_bytes())
    if len(key) != BYTES:
        raise EvidenceError(f"{path.name} holds no key. Put it back from a copy of the folder; nothing was shown.")
    return key
