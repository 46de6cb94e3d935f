"""Pseudonymise references and encrypt identifiers, so that only the holder of the private key can read them.

`keys`: what the inspecting body keeps, and what it gives to those who send. `codes`: a reference as a code that only
who holds the key can make again. `box`: bytes that only the private key opens (PyNaCl, a kept library; without it
nothing is sealed, and nothing pretends to be). `pack`: tables as one run of bytes.
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
