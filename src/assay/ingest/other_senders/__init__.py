"""Read what senders other than forces supply: voices, documents, lessons, fieldwork notes and list overlaps.

`spec`      what may be sent, by whom: one TOML file a table, and closed lists
`cover`     `sent.toml`: who sends, to which request, in which edition
`cells`     one cell: is it of its type, in its list?
`reading`   a folder, table by table; `checks` what one row says of another (V10 to V24)
`letter`    what the sender is told: table, line, rule, what to do; never what a cell holds

A folder of this kind stands outside a force's return: other people send it, and nobody's record is in it.
"""

from assay.ingest.other_senders.other_table_reader import SenderSubmission, ValidationError, read_submission
from assay.ingest.other_senders.other_table_spec import Table, list_values, meaning, rules, tables
from assay.ingest.other_senders.sender_manifest import MANIFEST_FILE, SenderManifest, read_sender_manifest

__all__ = [
    "MANIFEST_FILE",
    "SenderManifest",
    "SenderSubmission",
    "Table",
    "ValidationError",
    "list_values",
    "meaning",
    "read_sender_manifest",
    "read_submission",
    "rules",
    "tables",
]  # fmt: skip
