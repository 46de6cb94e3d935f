"""Ed25519 signatures of files, in a signature file beside each.

The signer keeps `signing.toml`; `signing-public.toml` is published where readers trust it. The signature of `pack.zip`
is `pack.zip.sig`, one line of text. Without the library PyNaCl nothing is signed, and nothing verifies.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path
from typing import Any

from assay.errors import EvidenceError, UsageError

PRIVATE_KEY_FILE, PUBLIC_KEY_FILE, SUFFIX = "signing.toml", "signing-public.toml", ".sig"
KEY_BYTES, SIGNATURE_BYTES = 32, 64


def key_name(key: bytes) -> str:
    """Return the fingerprint of a key: the first 12 hexadecimal digits of a SHA-256 hash."""
    return hashlib.sha256(b"assay key name" + key).hexdigest()[:12]


def make_signing_keys(folder: Path) -> tuple[Path, Path]:
    """Create signing keys; return the private and the public file. UsageError if keys exist already."""
    private_file, public_file = folder / PRIVATE_KEY_FILE, folder / PUBLIC_KEY_FILE
    if private_file.exists() or public_file.exists():
        raise UsageError(f"{folder} holds keys for signing already. Made anew, they would not fit what was signed.")
    key = _nacl().SigningKey.generate()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_private_file(
        private_file, f'# Keep this: whoever has it signs as you.\nsecret = "{b64encode(bytes(key)).decode()}"\n'
    )
    public = bytes(key.verify_key)
    text = (
        f"# Publish this where readers trust it. Its short name is {key_name(public)}.\npublic = "
        f'"{_base64_text(public)}"\n'
    )
    public_file.write_text(text, encoding="utf-8", newline="\n")
    return private_file, public_file


def sign_file(path: Path, keys: Path) -> Path:
    """Sign a file with the private key in `keys`; return the signature file beside it."""
    key = _nacl().SigningKey(_read_key(keys, "secret"))
    signature_path = _signature_path(path)
    signature_path.write_text(
        _base64_text(key.sign(_signed_payload(path)).signature) + "\n", encoding="utf-8", newline="\n"
    )
    return signature_path


def sign_bytes(content: bytes, keys: Path) -> str:
    """Return the signature (base64) of bytes, made with the private key in `keys`."""
    return _base64_text(_nacl().SigningKey(_read_key(keys, "secret")).sign(content).signature)


def is_signed_by(content: bytes, signature: str, public: bytes) -> bool:
    """Return True if the signature (base64) is one of these bytes by the holder of the key `public` (32 bytes)."""
    try:
        _nacl().VerifyKey(public).verify(content, b64decode(signature, validate=True))
    except (_bad_signature(), NotBase64, ValueError):
        return False
    return True


def derive_public_key(keys: Path) -> bytes:
    """Return the public key (32 bytes) of the private key in `keys`."""
    return bytes(_nacl().SigningKey(_read_key(keys, "secret")).verify_key)


def read_public_key(public: Path) -> bytes:
    """Return the public key (32 bytes) in a file; UsageError if it contains none."""
    return _read_key(public, "public")


def check_signature(path: Path, public: Path) -> str:
    """Verify a file and return the short name of its key; EvidenceError if changed or signed by another key."""
    signature_path = _signature_path(path)
    if not signature_path.is_file():
        raise EvidenceError(f"{path.name} has no signature: {signature_path.name} is not beside it.")
    key = _read_key(public, "public")
    try:
        signature = b64decode(signature_path.read_text(encoding="utf-8").strip(), validate=True)
        _nacl().VerifyKey(key).verify(_signed_payload(path), signature)
    except (_bad_signature(), NotBase64, ValueError):
        raise EvidenceError(
            f"{path.name} is not what was signed, or it was signed by another than {key_name(key)}: trust none of it."
        ) from None
    return key_name(key)


def _signed_payload(path: Path) -> bytes:
    """Return the signed bytes: a prefix and the hash of the file. The file name is not signed and may change."""
    try:
        with path.open("rb") as file:
            return b"assay signed file 1\n" + hashlib.file_digest(file, "sha512").digest()
    except (FileNotFoundError, IsADirectoryError):
        raise UsageError(f"{path} is not a file. Name the file that is signed.") from None


def _signature_path(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)


def _read_key(path: Path, name: str) -> bytes:
    try:
        key = b64decode(tomllib.loads(path.read_text(encoding="utf-8"))[name], validate=True)
    except (OSError, ValueError, KeyError, TypeError):
        key = b""
    if len(key) != KEY_BYTES:
        raise UsageError(f"{path} holds no {name} key for signing. Make keys with: assay signature make-keys FOLDER")
    return key


def _base64_text(value: bytes) -> str:
    return b64encode(value).decode()


def _write_private_file(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its creation."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _nacl() -> Any:
    try:
        from nacl import signing
    except ImportError:
        raise UsageError("Signing needs PyNaCl, and it is not here: pip install pynacl. Nothing was signed.") from None
    return signing


def _bad_signature() -> type[Exception]:
    from nacl.exceptions import BadSignatureError

    return BadSignatureError
