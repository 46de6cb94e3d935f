"""Replace references by pseudonyms with a keyed hash (HMAC-SHA256).

HMAC-SHA256 (RFC 2104, FIPS 198-1) over the owner of the reference, its kind and the reference itself, truncated to 130
bits and written in 26 letters and digits. The same reference has the same pseudonym in every table and edition. A
holder of the key can try references until one matches, so the key needs the same protection as the references.
"""

from __future__ import annotations

import hmac
from base64 import b32encode

import pyarrow as pa

CODE_LENGTH = 26


class Pseudonymiser:
    """A maker of pseudonyms: it replaces references by keyed hashes, all with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def pseudonym(self, owner: str, kind: str, reference: str) -> str:
        """Return the pseudonym of a reference; `owner` is the force that issued the reference."""
        return self._pseudonym(_length_prefixed(owner) + _length_prefixed(kind), reference)

    def _pseudonym(self, prefix: bytes, reference: str) -> str:
        return (
            b32encode(hmac.digest(self._key, prefix + _length_prefixed(reference), "sha256"))
            .decode()
            .lower()[:CODE_LENGTH]
        )

    def pseudonymise_column(self, owner: str, kind: str, references: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return a column of references as pseudonyms; missing values stay missing."""
        encoded = references.combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.unify_dictionaries().combine_chunks()
        prefix = _length_prefixed(owner) + _length_prefixed(kind)
        codes = [
            None if reference is None else self._pseudonym(prefix, reference)
            for reference in encoded.dictionary.to_pylist()
        ]
        return pa.chunked_array([pa.array(codes, pa.string()).take(encoded.indices)])


def _length_prefixed(part: str) -> bytes:
    """Return a part with its length as a prefix, so that concatenated parts are unambiguous."""
    encoded = part.encode()
    return len(encoded).to_bytes(4, "big") + encoded


def mac(key: bytes, text: str) -> str:
    """Return the message authentication code of a text (HMAC-SHA256, hexadecimal)."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def is_equal_constant_time(first: str, second: str) -> bool:
    """Compare two texts in constant time."""
    return hmac.compare_digest(first.encode(), second.encode())
