"""Which code stands for a reference?

HMAC-SHA256 (RFC 2104, FIPS 198-1) over whose reference it is, of what kind, and the reference itself, cut to 130 bits
and written in 26 letters and digits. The same reference has the same code wherever it stands and in every edition. A
code is a pseudonym: whoever holds the key can try references until one fits, so the key is guarded as the references.
"""

from __future__ import annotations

import hmac
from base64 import b32encode

import pyarrow as pa

LETTERS = 26


class Coder:
    """Makes codes with one key (bytes)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def code(self, owner: str, kind: str, reference: str) -> str:
        """The code of one reference; `owner` is the body whose reference it is."""
        return self._code(_told(owner) + _told(kind), reference)

    def _code(self, begun: bytes, reference: str) -> str:
        return b32encode(hmac.digest(self._key, begun + _told(reference), "sha256")).decode().lower()[:LETTERS]

    def column(self, owner: str, kind: str, references: pa.ChunkedArray) -> pa.ChunkedArray:
        """A column of references as codes; what is missing stays missing. Each reference is worked out once."""
        told = references.combine_chunks().dictionary_encode()
        if isinstance(told, pa.ChunkedArray):
            told = told.unify_dictionaries().combine_chunks()
        begun = _told(owner) + _told(kind)
        codes = [None if one is None else self._code(begun, one) for one in told.dictionary.to_pylist()]
        return pa.chunked_array([pa.array(codes, pa.string()).take(told.indices)])


def _told(part: str) -> bytes:
    """A part with its length before it, so that no two parts run into one another."""
    said = part.encode()
    return len(said).to_bytes(4, "big") + said


def mac(key: bytes, text: str) -> str:
    """What shows that a text was written by somebody who holds the key (hexadecimal)."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, told without giving away where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
