"""Change log of disclosure control: what was changed in each cell, and why.

For inspectors only, and never released: it has no counts, but it names, for each secondary suppression, the cell that
the suppression protects. The provenance record of its stage gives the number of suppressed cells by kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from assay.sdc.cell_status import CellStatus, Row, cell_status, has_few_staff, is_primary_suppressed
from assay.sdc.disclosure_control import protected_forms, record_rows
from assay.sdc.release_tables import Table
from assay.sdc.sum_ranges import Cell
from assay.sdc.suppression_cache import Suppression
from assay.sdc.suppression_policy import Policy

CHANGES = pa.schema([(name, pa.string()) for name in ("table", "row", "column", "change", "why")])
PRIMARY, SECONDARY = "primary suppression", "secondary suppression"
ROUNDED, ROWS_OMITTED = "rounded", "rows left out"
Change = tuple[str, str, str, str, str]


def changes(
    tables: Mapping[str, pa.Table],
    suppressions: Sequence[Suppression],
    policy: Policy,
    input_tables: Mapping[str, pa.Table] | None = None,
) -> pa.Table:
    """Return one row for each cell that was suppressed, with the reason, and one for each column that was rounded.

    Parameters
    ----------
    tables
        The tables after disclosure control.
    suppressions
        The secondary suppressions, each with the cell that it protects.
    input_tables
        The tables before disclosure control; with them, tables whose rows were omitted are listed as well.
    """
    forms, rows = protected_forms(tables), record_rows(tables, policy)
    protected_cells = {entry.cell: entry.protects for entry in suppressions}
    entries: list[Change] = []
    for name, form in forms.items():
        for row in rows[name]:
            key = tuple(row[column] for column in form.key)
            row_changes = _row_changes(
                row, form, policy, {column: protected_cells.get((name, key, column)) for column in row}
            )
            entries += [(*_cell_labels((name, key, column)), change, why) for column, change, why in row_changes]
        entries += [(name, "", column, ROUNDED, _rounding_reason(policy)) for column in form.protected_counts]
        if input_tables and input_tables[name].num_rows > tables[name].num_rows:
            entries.append((name, "", "", ROWS_OMITTED, _omission_reason(form)))
    return pa.Table.from_pylist([dict(zip(CHANGES.names, entry, strict=True)) for entry in entries], schema=CHANGES)


def cells_changed(log: pa.Table) -> dict[str, int]:
    """Return the number of suppressed cells by kind of change."""
    counts = Counter(log["change"].to_pylist())
    return {change: cells for change, cells in sorted(counts.items()) if change not in (ROUNDED, ROWS_OMITTED)}


def _row_changes(
    row: Row, form: Table, policy: Policy, protected_cells: Mapping[str, Cell | None]
) -> Iterator[tuple[str, str, str]]:
    """Yield column, change and reason of each suppressed cell of a row."""
    for column in (declaration.name for declaration in form.columns if declaration.protect):
        status = cell_status(row, column)
        if status is CellStatus.SECONDARY:
            yield column, SECONDARY, _secondary_suppression_reason(protected_cells[column])
        elif status is CellStatus.PRIMARY:
            reason = (
                f"it is 1 to {policy.suppression_threshold}" if column in form.protected_counts else "it rests on few"
            )
            yield column, PRIMARY, reason
        elif status is CellStatus.DOMINATED:
            yield column, "withheld", "one or two contributed nearly all of it, or its contributors are not known"
    if form.alert_columns and is_primary_suppressed(row, form.alert_columns["alert_column"]):
        yield form.alert_columns["alert_column"], "withheld", "it would reveal a suppressed count in the same row"
    if has_few_staff(row):
        limits = f"fewer than {policy.minimum_authors} authors or {policy.minimum_teams} teams"
        yield from ((column, "withheld", f"{limits} are known for it") for column in form.conduct["conduct_columns"])


def _rounding_reason(policy: Policy) -> str:
    return f"every count that is shown is rounded to {policy.rounding_base}"


def _omission_reason(form: Table) -> str:
    if form.curve_source:
        return "a curve is shown only on some days, and only if all counts of its waits are shown"
    return "too few people answered"


def _cell_labels(cell: Cell) -> tuple[str, str, str]:
    return cell[0], " / ".join(str(part) for part in cell[1]), cell[2]


def _secondary_suppression_reason(protects: Cell | None) -> str:
    if protects is None:
        return "it was suppressed in a prior release, and its count is unchanged"
    table, row, column = _cell_labels(protects)
    return f"otherwise {column} of {table}, {row}, could be derived"
