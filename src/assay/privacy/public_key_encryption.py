"""Encrypt with a public key so that only the private key decrypts (libsodium sealed boxes).

Sealed boxes of libsodium (X25519, XSalsa20-Poly1305), through PyNaCl: encryption needs the public key only, and the
sender cannot decrypt. A sealed box that was changed in one bit does not decrypt.
"""

from __future__ import annotations

from assay.errors import SourceError, UsageError

MISSING_LIBRARY = (
    "PyNaCl is not installed here, and without it nothing can be sealed or opened. Nothing was written. Install what "
    "the program's requirements name, and try again."
)


def encrypt(content: bytes, public: bytes) -> bytes:
    """Encrypt the content for the holder of the private key that belongs to `public` (32 bytes)."""
    try:
        from nacl.public import PublicKey, SealedBox
    except ImportError:
        raise UsageError(MISSING_LIBRARY) from None
    return bytes(SealedBox(PublicKey(public)).encrypt(content))


def decrypt(sealed: bytes, private: bytes, *, name: str) -> bytes:
    """Decrypt the content; raise SourceError with the file name if this key does not open it."""
    try:
        from nacl.exceptions import CryptoError
        from nacl.public import PrivateKey, SealedBox
    except ImportError:
        raise UsageError(MISSING_LIBRARY) from None
    try:
        return bytes(SealedBox(PrivateKey(private)).decrypt(sealed))
    except CryptoError:
        raise SourceError(
            f"{name} does not open: it was sealed for another key, or was changed on its way. Use the keys of the "
            "request that it answers, or ask its sender for a new bundle."
        ) from None


def new_key_pair() -> tuple[bytes, bytes]:
    """Return a new key pair as (private, public), 32 bytes each."""
    try:
        from nacl.public import PrivateKey
    except ImportError:
        raise UsageError(MISSING_LIBRARY) from None
    private = PrivateKey.generate()
    return bytes(private), bytes(private.public_key)
