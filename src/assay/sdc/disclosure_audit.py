"""Attack the released tables as a reader could, and report under-protected cells.

The attack uses only public input: the released tables, the policy, and the declared additivity constraints. No exact
count is needed, so any reader can repeat it (`assay inspect verify PACK`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from assay.sdc.disclosure_control import protected_forms, record_rows
from assay.sdc.linked_tables import linked_groups
from assay.sdc.secondary_suppression import underprotected_cells
from assay.sdc.sum_ranges import Cell
from assay.sdc.suppression_policy import Policy


@dataclass(frozen=True)
class UnderprotectedCell:
    """A suppressed count whose feasibility interval, `lowest` to `highest`, is too narrow."""

    cell: Cell
    lowest: float
    highest: float

    def __str__(self) -> str:
        table, key, column = self.cell
        where = ", ".join(str(part) for part in key)
        return f"Table '{table}', {where}: '{column}' can be narrowed down further than the policy allows."


def audit(tables: Mapping[str, pa.Table], policy: Policy) -> list[UnderprotectedCell]:
    """Return the suppressed counts whose feasibility interval (linear programming) is too narrow; ideally none."""
    if not policy.protects:
        return []
    cells = [
        UnderprotectedCell(cell, *bounds)
        for group in linked_groups(record_rows(tables, policy), protected_forms(tables), policy)
        for cell, bounds in underprotected_cells(group).items()
    ]
    return sorted(cells, key=lambda finding: repr(finding.cell))
