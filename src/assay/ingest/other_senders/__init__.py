"""Read what senders other than forces supply: victims' accounts, documents, fieldwork notes and list overlaps.

    `other_table_spec`      what may be sent and by whom: one TOML file for each table, and closed lists
    `sender_manifest`       `sent.toml`: sender, request and edition
    `other_cells`           types and closed lists of single cells
    `other_table_reader`    a folder, table by table
    `other_row_checks`, `list_overlap_checks`    cross-field checks (V10 to V24)

Such a folder is separate from the return of a force: other people send it, and it holds no person's record.
"""

from assay.ingest.other_senders.other_table_reader import SenderSubmission, read_submission
from assay.ingest.other_senders.other_table_spec import Table, list_values, meaning, rules, tables
from assay.ingest.other_senders.sender_manifest import MANIFEST_FILE, SenderManifest, read_sender_manifest

__all__ = [
    "MANIFEST_FILE",
    "SenderManifest",
    "SenderSubmission",
    "Table",
    "list_values",
    "meaning",
    "read_sender_manifest",
    "read_submission",
    "rules",
    "tables",
]  # fmt: skip
