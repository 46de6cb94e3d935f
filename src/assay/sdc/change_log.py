"""What was done to the figures before they left, cell by cell, and why?

For the inspection's own people: it holds no count, but says which count was kept back for the sake of which other. It
is written with the run and never leaves; its receipt counts what was changed, by what was done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from assay.sdc.cell_status import Row, is_hidden, is_kept_back
from assay.sdc.disclosure_control import protected_forms, rows_of
from assay.sdc.dominance import DOMINATED
from assay.sdc.release_tables import Table
from assay.sdc.staff_suppression import FEW_STAFF
from assay.sdc.sum_ranges import Cell
from assay.sdc.suppression_cache import Suppression
from assay.sdc.suppression_policy import Policy

CHANGES = pa.schema([(name, pa.string()) for name in ("table", "row", "column", "change", "why")])
ROUNDED, LEFT_OUT = "rounded", "rows left out"
Change = tuple[str, str, str, str, str]


def changes(
    tables: Mapping[str, pa.Table],
    kept: Sequence[Suppression],
    policy: Policy,
    came: Mapping[str, pa.Table] | None = None,
) -> pa.Table:
    """One row a cell of the protected `tables` that does not stand as it was counted; of those that are shown and were
    rounded, one row a column, since every count is rounded. `came`: the tables before anything was done to them, which
    tell of whole rows that did not leave.
    """
    forms, rows = protected_forms(tables), rows_of(tables, policy)
    because = {one.cell: one.protects for one in kept}
    told: list[Change] = []
    for name, form in forms.items():
        for row in rows[name]:
            key = tuple(row[column] for column in form.key)
            found = _of_row(row, form, policy, {column: because.get((name, key, column)) for column in row})
            told += [(*_place((name, key, column)), change, why) for column, change, why in found]
        told += [(name, "", column, ROUNDED, _rounding(policy)) for column in form.protected_counts]
        if came and came[name].num_rows > tables[name].num_rows:
            told.append((name, "", "", LEFT_OUT, _left_out(form)))
    return pa.Table.from_pylist([dict(zip(CHANGES.names, one, strict=True)) for one in told], schema=CHANGES)


def cells_changed(log: pa.Table) -> dict[str, int]:
    """How many cells were left empty, by what was done."""
    told = Counter(log["change"].to_pylist())
    return {change: cells for change, cells in sorted(told.items()) if change not in (ROUNDED, LEFT_OUT)}


def _of_row(
    row: Row, form: Table, policy: Policy, because: Mapping[str, Cell | None]
) -> Iterator[tuple[str, str, str]]:
    """Column, change and why."""
    words = (row.get("hidden") or "").split()
    for column in (one.name for one in form.columns if one.protect):
        if is_kept_back(row, column):
            yield column, "kept back", _why(because[column])
        elif is_hidden(row, column):
            few = f"it is 1 to {policy.hide_up_to}" if column in form.protected_counts else "it rests on few"
            yield column, "hidden", few
        elif DOMINATED + column in words:
            yield column, "withheld", "one or two contributed nearly all of it, or it is not known who did"
    if form.calls and is_hidden(row, form.calls["named"]):
        yield form.calls["named"], "withheld", "it would tell of a count beside it that is not shown"
    if FEW_STAFF in words:
        limits = f"fewer than {policy.fewest_authors} authors or {policy.fewest_teams} teams"
        yield from ((column, "withheld", f"{limits} are known to stand behind it") for column in form.conduct["tells"])


def _rounding(policy: Policy) -> str:
    return f"every count that is shown is rounded to {policy.round_to}"


def _left_out(form: Table) -> str:
    if form.follows:
        return "a curve is shown on some days only, and where all counts of its waits are"
    return "too few answered for what they said to be told"


def _place(cell: Cell) -> tuple[str, str, str]:
    return cell[0], " / ".join(str(part) for part in cell[1]), cell[2]


def _why(protects: Cell | None) -> str:
    if protects is None:
        return "it was kept back in an earlier edition and has not moved"
    table, row, column = _place(protects)
    return f"else {column} of {table}, {row}, could be worked out"
