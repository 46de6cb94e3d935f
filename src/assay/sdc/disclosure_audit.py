"""What could a stranger work out from everything that was published together?

It takes what anybody can take: released tables, the policy, and the closed list of sums. Nobody's exact count is
needed, so that a reader can do it as well as we (`assay verify PACK`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from assay.sdc.disclosure_control import protected_forms, rows_of
from assay.sdc.linked_tables import groups
from assay.sdc.secondary_suppression import too_narrow
from assay.sdc.sum_ranges import Cell
from assay.sdc.suppression_policy import Policy


@dataclass(frozen=True)
class FoundOut:
    """An empty count whose possible values, `lowest` to `highest`, lie too close together."""

    cell: Cell
    lowest: float
    highest: float

    def __str__(self) -> str:
        table, key, column = self.cell
        where = ", ".join(str(part) for part in key)
        return f"Table '{table}', {where}: '{column}' can be narrowed down further than the policy allows."


def audit(tables: Mapping[str, pa.Table], policy: Policy) -> list[FoundOut]:
    """Each empty count of released `tables` that a linear programme could narrow down too far; there should be none."""
    if not policy.protects:
        return []
    found = [
        FoundOut(cell, *ends)
        for group in groups(rows_of(tables, policy), protected_forms(tables), policy)
        for cell, ends in too_narrow(group).items()
    ]
    return sorted(found, key=lambda one: repr(one.cell))
