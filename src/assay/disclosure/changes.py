"""What was done to the figures before they left, cell by cell, and why?

For the inspection's own people: it holds no count, but says which count was kept back for the sake of which other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from assay.disclosure.kept_back import KeptBack
from assay.disclosure.marks import is_hidden, is_kept_back
from assay.disclosure.policy import Policy
from assay.disclosure.protect import protected_forms, rows_of
from assay.disclosure.sums import Cell

CHANGES = pa.schema([(name, pa.string()) for name in ("table", "row", "column", "change", "why")])


def changes(tables: Mapping[str, pa.Table], kept: Sequence[KeptBack], policy: Policy) -> pa.Table:
    """One row a cell of the protected `tables` that does not stand as it was counted; of those that are shown and were
    rounded, one row a column, since every count is rounded.
    """
    forms, rows = protected_forms(tables), rows_of(tables, policy)
    because = {one.cell: one.protects for one in kept}
    told = []
    for name, form in forms.items():
        for row in rows[name]:
            key = tuple(row[column] for column in form.key)
            for column in (one.name for one in form.columns if one.protect):
                if is_kept_back(row, column):
                    told.append((*_place((name, key, column)), "kept back", _why(because.get((name, key, column)))))
                elif is_hidden(row, column):
                    few = f"it is 1 to {policy.hide_up_to}" if column in form.protected_counts else "it rests on few"
                    told.append((*_place((name, key, column)), "hidden", few))
        whole = f"every count that is shown is rounded to {policy.round_to}"
        told += [(name, "", column, "rounded", whole) for column in form.protected_counts]
    return pa.Table.from_pylist([dict(zip(CHANGES.names, one, strict=True)) for one in told], schema=CHANGES)


def _place(cell: Cell) -> tuple[str, str, str]:
    return cell[0], " / ".join(str(part) for part in cell[1]), cell[2]


def _why(protects: Cell | None) -> str:
    if protects is None:
        return "it was kept back in an earlier edition and has not moved"
    table, row, column = _place(protects)
    return f"else {column} of {table}, {row}, could be worked out"
