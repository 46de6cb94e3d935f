"""Create and read the keys of a request: private key, public key and pseudonym key.

The inspectorate keeps `keys.toml`: the private key for decryption, and the pseudonym key. Senders get
`senders-keys.toml`: the public key and the pseudonym key. A sender may add its own share (`read_own_share`), which
never leaves it: then neither side alone can compute the pseudonyms of persons.
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
from assay.privacy.public_key_encryption import new_key_pair

PRIVATE_KEYS_FILE, SENDER_KEYS_FILE = "keys.toml", "senders-keys.toml"
SENDER_KEY_NAMES = ("public", "coding")
KEY_BYTES = 32
LOST_KEY_ADVICE = (
    "If it is lost, nobody can open what was sealed for it, ourselves included: make new keys "
    "(assay inspect keys) and ask "
    "each sender for a new bundle. What is not sealed can be taken in without it."
)


@dataclass(frozen=True)
class SenderKeys:
    """The keys of a sender: `public` encrypts, `coding` makes pseudonyms (32 bytes each)."""

    request: str
    public: bytes
    coding: bytes

    def text(self) -> str:
        """Return the file for senders, to be sent over a secure channel."""
        return _keys_text("Give this to each sender through a secure channel.", self, SENDER_KEY_NAMES)


@dataclass(frozen=True)
class RequestKeys:
    """The keys of the inspectorate: `private` decrypts what `public` encrypts, `coding` makes pseudonyms."""

    request: str
    private: bytes
    public: bytes
    coding: bytes

    @property
    def sender_keys(self) -> SenderKeys:
        """The part of the keys that senders receive."""
        return SenderKeys(self.request, self.public, self.coding)

    def text(self) -> str:
        """Return the private key file, which nobody else may read."""
        head = "Keep this apart from the data, and a copy in a safe place."
        return _keys_text(head, self, ("private", "public", "coding"))


def make_keys(folder: Path, request: str) -> tuple[Path, Path]:
    """Create keys for a request; return the private file and the sender file. Raise UsageError if keys exist."""
    private_path, sender_path = folder / PRIVATE_KEYS_FILE, folder / SENDER_KEYS_FILE
    if private_path.exists() or sender_path.exists():
        raise UsageError(f"{folder} holds keys already. Made anew, they would not open what was sealed for those.")
    private, public = new_key_pair()
    keys = RequestKeys(request, private, public, secrets.token_bytes(KEY_BYTES))
    folder.mkdir(parents=True, exist_ok=True)
    _write_private(private_path, keys.text())
    _write_private(sender_path, keys.sender_keys.text())
    return private_path, sender_path


def read_keys(path: Path) -> RequestKeys:
    """Read the private key file; raise UsageError if it is missing or invalid."""
    content = _read_key_file(path)
    return RequestKeys(
        content["request"], *(_key_bytes(path, content, name) for name in ("private", "public", "coding"))
    )


def read_sender_keys(path: Path) -> SenderKeys:
    """Read a sender's key file; raise UsageError if it also contains other keys, such as the private key."""
    content = _read_key_file(path)
    _refuse_private(path, content)
    if set(content) - {"request", *SENDER_KEY_NAMES}:
        raise UsageError(
            f"{path} holds more than the keys for senders: nothing but request, "
            f"{' and '.join(SENDER_KEY_NAMES)} may stand "
            f"in it. Ask the inspectorate for its {SENDER_KEYS_FILE} through a secure channel."
        )
    return SenderKeys(content["request"], *(_key_bytes(path, content, name) for name in SENDER_KEY_NAMES))


def _refuse_private(path: Path, content: Mapping[str, object]) -> None:
    """Raise UsageError if a sender's file contains the private key, which decrypts the data of every sender."""
    if any("private" in name.casefold() for name in content):
        raise UsageError(
            f"{path} holds the private key, which opens the identities and texts of every sender: no force may have "
            "it. Nothing was made. Delete it here, tell the inspectorate that it must make new keys "
            "(assay inspect keys), "
            f"and ask for the new {SENDER_KEYS_FILE}."
        )


def read_own_share(path: Path) -> bytes:
    """Read the sender's own share of the pseudonym key; create it at the first call."""
    if not path.exists():
        share = b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        _write_private(path, f'# Keep this: without it the same reference gets another code.\nshare = "{share}"\n')
    content = _read_key_file(path, required=("share",))
    _refuse_private(path, content)
    return _key_bytes(path, content, "share")


def join_key_shares(coding: bytes, share: bytes | None) -> bytes:
    """Return the pseudonym key combined from both shares; without a second share, the first."""
    return coding if share is None else hmac.digest(coding, b"joined" + share, "sha256")


def _keys_text(head: str, keys: SenderKeys | RequestKeys, names: tuple[str, ...]) -> str:
    lines = [f'{name} = "{b64encode(getattr(keys, name)).decode()}"' for name in names]
    return "\n".join([f"# {head}", f'request = "{keys.request}"', *lines]) + "\n"


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, on systems with file owners."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _read_key_file(path: Path, required: tuple[str, ...] = ("request", "coding")) -> dict[str, str]:
    if not path.is_file():
        raise UsageError(f"{path} is not there. {LOST_KEY_ADVICE}")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise UsageError(f"{path} cannot be read as a file of keys. {LOST_KEY_ADVICE}") from None
    if not all(isinstance(content.get(name), str) for name in required):
        raise UsageError(f"{path} is no file of keys that this needs: {', '.join(required)} must stand in it.")
    return content


def _key_bytes(path: Path, content: dict[str, str], name: str) -> bytes:
    try:
        key = b64decode(content.get(name, ""), validate=True)
    except NotBase64:
        key = b""
    if len(key) != KEY_BYTES:
        raise UsageError(f"{path} holds no key {name} that can be read. {LOST_KEY_ADVICE}")
    return key
