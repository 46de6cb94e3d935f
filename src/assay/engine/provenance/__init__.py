"""Provenance: content hashes, stage receipts, the ledger, signatures, and verification.

`content_hashes` hashes tables and files, `receipts` records inputs and outputs of each stage, `stage_folders` writes a
stage atomically, `folder_lock` and `write_lock` lock the folder and single files, `ledger` is the hash chain of events,
`ledger_signatures` signs it, `release_seals` computes the seal that a report prints, `destruction` destroys content
with a record, `report_staleness` finds changes since the report, and `verification` recomputes all of it.
"""

from assay.engine.provenance.content_hashes import content_hash, file_hash, sources_hash
from assay.engine.provenance.destruction import destroy_stage, destroyed_files
from assay.engine.provenance.folder_lock import lock_folder, with_folder_lock
from assay.engine.provenance.ledger import EventKind, Ledger, LedgerEntry
from assay.engine.provenance.ledger_signatures import sign_head, without_signing
from assay.engine.provenance.receipts import RECEIVED_PREFIX, Receipt
from assay.engine.provenance.release_seals import compute_seal, list_stages
from assay.engine.provenance.report_staleness import changes_since_report, staleness_sentences
from assay.engine.provenance.stage_folders import current_stage, read_receipt, read_stage, write_stage
from assay.engine.provenance.verification import (
    Difference,
    describe_settings_changes,
    describe_signature,
    list_destructions,
    verify,
)

__all__ = [
    "RECEIVED_PREFIX",
    "Difference",
    "EventKind",
    "Ledger",
    "LedgerEntry",
    "Receipt",
    "changes_since_report",
    "compute_seal",
    "content_hash",
    "current_stage",
    "describe_settings_changes",
    "describe_signature",
    "destroy_stage",
    "destroyed_files",
    "file_hash",
    "list_destructions",
    "list_stages",
    "lock_folder",
    "read_receipt",
    "read_stage",
    "sign_head",
    "sources_hash",
    "staleness_sentences",
    "verify",
    "with_folder_lock",
    "without_signing",
    "write_stage",
]
