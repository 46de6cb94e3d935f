"""Pseudonymise references and encrypt identifiers, so that only the holder of the private key can read them.

`encryption_keys`: keys of the inspectorate and of senders. `pseudonyms`: keyed hashes of references, which only a
holder of the key can compute. `public_key_encryption`: content that only the private key decrypts (PyNaCl, without
which nothing is encrypted). `table_packing`: tables as one byte string. `separated_identifiers`: identifiers and free
texts separated from the other columns. `bundle_manifest`: manifest of an encrypted bundle.
"""

from assay.privacy.encryption_keys import (
    RequestKeys,
    SenderKeys,
    make_keys,
    read_keys,
    read_own_share,
    read_sender_keys,
)
from assay.privacy.pseudonyms import Pseudonymiser
from assay.privacy.public_key_encryption import decrypt, encrypt
from assay.privacy.table_packing import pack_tables, unpack_tables

__all__ = [
    "Pseudonymiser",
    "RequestKeys",
    "SenderKeys",
    "decrypt",
    "encrypt",
    "make_keys",
    "pack_tables",
    "read_keys",
    "read_own_share",
    "read_sender_keys",
    "unpack_tables",
]
