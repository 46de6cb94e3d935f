"""Statistical disclosure control: suppress, round and check tables before they are released.

`release(tables, policy=..., ledger_head=..., edition=...)` looks at every table, refuses what the policy does not
allow, and returns a `Released`; `restore_released` takes one up from the stage in which it was kept. Nothing else can
make one, and `assay.report` takes nothing else. Words that quote figures made from records are written from
`apply_policy(tables, policy)`: the same figures that everyone will see.

`audit(tables, policy)` tries to work out what was hidden, from what everyone can read.

`ToSender(body, tables)` is the other door: exact counts of one body's own records, for that body alone.
"""

from assay.sdc.change_log import cells_changed, changes
from assay.sdc.disclosure_audit import UnderprotectedCell, audit
from assay.sdc.disclosure_control import (
    SECONDARY_SUPPRESSED_PREFIX,
    PriorRelease,
    apply_policy,
    apply_policy_with_suppressions,
)
from assay.sdc.release_tables import Column, Table, declared_tables
from assay.sdc.released import Released, is_released, release, restore_released
from assay.sdc.suppression_cache import cached_suppressions, restore_suppressions, start_recording
from assay.sdc.suppression_policy import Policy, policy
from assay.sdc.to_sender import ToSender

__all__ = [
    "SECONDARY_SUPPRESSED_PREFIX",
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
]
