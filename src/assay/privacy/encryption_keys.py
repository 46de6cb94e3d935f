"""Who holds which key, and what does a person read who has the wrong one, or none?

The inspecting body keeps `keys.toml`: the private key that opens what is sealed, and the key of the codes. Senders get
`senders-keys.toml`: the public key, and the key of the codes. A sender may add a share of its own (`own_share`), which
never leaves it: then neither can make the codes of persons alone.
"""

from __future__ import annotations

import hmac
import os
import secrets
import tomllib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.errors import UsageError
from assay.privacy.public_key_encryption import new_pair

KEEP, GIVE = "keys.toml", "senders-keys.toml"
OF_SENDERS = ("public", "coding")
BYTES = 32
LOST = (
    "If it is lost, nobody can open what was sealed for it, ourselves included: make new keys (assay keys) and ask "
    "each sender for a new bundle. What is not sealed can be taken in without it."
)


@dataclass(frozen=True)
class SendersKeys:
    """What a sender needs: `public` seals, `coding` makes codes (32 bytes each)."""

    request: str
    public: bytes
    coding: bytes

    def text(self) -> str:
        """The file that senders get, over a safe way."""
        return _text("Give this to those who send, over a safe way.", self, OF_SENDERS)


@dataclass(frozen=True)
class Keys:
    """What the inspecting body keeps: `private` opens what `public` sealed, `coding` makes codes."""

    request: str
    private: bytes
    public: bytes
    coding: bytes

    @property
    def for_senders(self) -> SendersKeys:
        """The part that senders get."""
        return SendersKeys(self.request, self.public, self.coding)

    def text(self) -> str:
        """The file that nobody else may see."""
        head = "Keep this apart from the data, and a copy in a safe place."
        return _text(head, self, ("private", "public", "coding"))


def make_keys(folder: Path, request: str) -> tuple[Path, Path]:
    """New keys for a request: the file to keep and the file to give; UsageError if there are keys already."""
    keep, give = folder / KEEP, folder / GIVE
    if keep.exists() or give.exists():
        raise UsageError(f"{folder} holds keys already. Made anew, they would not open what was sealed for those.")
    private, public = new_pair()
    made = Keys(request, private, public, secrets.token_bytes(BYTES))
    folder.mkdir(parents=True, exist_ok=True)
    _write(keep, made.text())
    _write(give, made.for_senders.text())
    return keep, give


def read_keys(path: Path) -> Keys:
    """The keys that the inspecting body keeps; UsageError in a sentence if they are not there or are none."""
    told = _read(path)
    return Keys(told["request"], *(_bytes(path, told, name) for name in ("private", "public", "coding")))


def read_senders_keys(path: Path) -> SendersKeys:
    """The keys that a sender was given; UsageError for a file that holds more, above all the private key."""
    told = _read(path)
    _refuse_private(path, told)
    if set(told) - {"request", *OF_SENDERS}:
        raise UsageError(
            f"{path} holds more than the keys for senders: nothing but request, {' and '.join(OF_SENDERS)} may stand "
            f"in it. Ask the inspecting body for its {GIVE}, over a safe way."
        )
    return SendersKeys(told["request"], *(_bytes(path, told, name) for name in OF_SENDERS))


def _refuse_private(path: Path, told: Mapping[str, object]) -> None:
    """Refuse the private key where a sender works: whoever holds it opens what every sender sealed."""
    if any("private" in name.casefold() for name in told):
        raise UsageError(
            f"{path} holds the private key, which opens the identities and texts of every sender: no force may have "
            f"it. Nothing was made. Delete it here, tell the inspecting body that it must make new keys (assay keys), "
            f"and ask for the new {GIVE}."
        )


def own_share(path: Path) -> bytes:
    """The sender's own share of the key of the codes, made at the first call and kept by the sender alone."""
    if not path.exists():
        share = b64encode(secrets.token_bytes(BYTES)).decode()
        _write(path, f'# Keep this: without it the same reference gets another code.\nshare = "{share}"\n')
    told = _read(path, needs=("share",))
    _refuse_private(path, told)
    return _bytes(path, told, "share")


def joined(coding: bytes, share: bytes | None) -> bytes:
    """The key of both shares together; without a second share, the first."""
    return coding if share is None else hmac.digest(coding, b"joined" + share, "sha256")


def _text(head: str, keys: SendersKeys | Keys, names: tuple[str, ...]) -> str:
    lines = [f'{name} = "{b64encode(getattr(keys, name)).decode()}"' for name in names]
    return "\n".join([f"# {head}", f'request = "{keys.request}"', *lines]) + "\n"


def _write(path: Path, text: str) -> None:
    """Readable by its owner alone, where the system knows owners."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _read(path: Path, needs: tuple[str, ...] = ("request", "coding")) -> dict[str, str]:
    if not path.is_file():
        raise UsageError(f"{path} is not there. {LOST}")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise UsageError(f"{path} cannot be read as a file of keys. {LOST}") from None
    if not all(isinstance(told.get(name), str) for name in needs):
        raise UsageError(f"{path} is no file of keys that this needs: {', '.join(needs)} must stand in it.")
    return told


def _bytes(path: Path, told: dict[str, str], name: str) -> bytes:
    try:
        key = b64decode(told.get(name, ""), validate=True)
    except NotBase64:
        key = b""
    if len(key) != BYTES:
        raise UsageError(f"{path} holds no key {name} that can be read. {LOST}")
    return key
