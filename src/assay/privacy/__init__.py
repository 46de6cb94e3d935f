"""Which code stands for a reference, and what is sealed so that only one key opens it?

`keys`: what the inspecting body keeps, and what it gives to those who send. `codes`: a reference as a code that only
who holds the key can make again. `box`: bytes that only the private key opens (PyNaCl, a kept library; without it
nothing is sealed, and nothing pretends to be). `pack`: tables as one run of bytes.
"""

from assay.privacy.encryption_keys import Keys, SendersKeys, make_keys, own_share, read_keys, read_senders_keys
from assay.privacy.pseudonyms import Coder
from assay.privacy.public_key_encryption import open_box, seal
from assay.privacy.table_packing import packed, unpacked

__all__ = [
    "Coder",
    "Keys",
    "SendersKeys",
    "make_keys",
    "open_box",
    "own_share",
    "packed",
    "read_keys",
    "read_senders_keys",
    "seal",
    "unpacked",
]
