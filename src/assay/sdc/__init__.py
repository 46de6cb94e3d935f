"""Statistical disclosure control: suppress, round and check tables before they are released.

`release(tables, policy=..., ledger_head=..., edition=...)` applies the policy, checks every table, and returns a
`Released`, or raises an error for what the policy does not allow. `restore_released` restores a `Released` from the
stage that holds its tables. Nothing else can create one, and `assay.report` accepts nothing else. Sentences that quote
figures made from records are written from the result of `apply_policy(tables, policy)`, so they quote released figures.

`audit(tables, policy)` attacks the released tables with linear programming, as any reader can, and reports
under-protected cells.

`ToSender(addressee, tables)` has the exact counts of one organisation's own records, for that organisation only.
"""

from assay.sdc.change_log import cells_changed, changes
from assay.sdc.disclosure_audit import UnderprotectedCell, audit
from assay.sdc.disclosure_control import (
    PriorRelease,
    apply_policy,
    apply_policy_with_suppressions,
)
from assay.sdc.release_tables import Column, Table, declared_tables, with_current_names
from assay.sdc.released import Released, is_released, release, restore_released
from assay.sdc.suppression_cache import cached_suppressions, restore_suppressions, start_recording
from assay.sdc.suppression_policy import Policy, policy
from assay.sdc.to_sender import ToSender

__all__ = [
    "Column",
    "Policy",
    "PriorRelease",
    "Released",
    "Table",
    "ToSender",
    "UnderprotectedCell",
    "apply_policy",
    "apply_policy_with_suppressions",
    "audit",
    "cached_suppressions",
    "cells_changed",
    "changes",
    "declared_tables",
    "is_released",
    "policy",
    "release",
    "restore_released",
    "restore_suppressions",
    "start_recording",
    "with_current_names",
]
