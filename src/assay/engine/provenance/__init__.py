"""How does a reader know that these are the figures that were made, from the files that were sent?

`content` gives tables and files their hashes, `receipts` says what each stage took and gave, `stages` writes a stage
whole or not at all, `alone` lets one process at a time write many, `turns` lets one write at a time, `watching` sees
what changes meanwhile, `ledger` remembers what was done and when, `ledger_signatures` signs the ledger, `seals`
computes the seal that a report prints, `destruction` takes content away so that it is seen to be gone, `report_age`
finds what is newer than the report, and `verify` recomputes all of it.
"""

from assay.engine.provenance.content_hashes import content_hash, file_hash, sources_hash
from assay.engine.provenance.destruction import destroy, destroyed_files
from assay.engine.provenance.folder_lock import alone, one_at_a_time
from assay.engine.provenance.ledger import Entry, EventKind, Ledger
from assay.engine.provenance.ledger_signatures import sign_head, without_signing
from assay.engine.provenance.receipts import SENT, Receipt
from assay.engine.provenance.release_seals import seal_of, stages_listed
from assay.engine.provenance.report_staleness import in_sentences, newer_than_report
from assay.engine.provenance.stage_folders import current_stage, read_receipt, read_stage, write_stage
from assay.engine.provenance.verification import (
    Difference,
    describe_settings_changes,
    describe_signature,
    destroyed,
    verify,
)

__all__ = [
    "SENT",
    "Difference",
    "Entry",
    "EventKind",
    "Ledger",
    "Receipt",
    "alone",
    "content_hash",
    "current_stage",
    "describe_settings_changes",
    "describe_signature",
    "destroy",
    "destroyed",
    "destroyed_files",
    "file_hash",
    "in_sentences",
    "newer_than_report",
    "one_at_a_time",
    "read_receipt",
    "read_stage",
    "seal_of",
    "sign_head",
    "sources_hash",
    "stages_listed",
    "verify",
    "without_signing",
    "write_stage",
]
