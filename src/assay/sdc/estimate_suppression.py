"""Suppress estimates that rest on too few records, and secondary suppress others against differencing.

If the mean wait of a whole and of all its parts but one are released, the last mean follows: (mean of the whole x its
base - sum of mean x base of the other parts) / base of the last part. So estimates of parts are suppressed, smallest
base first, until the suppressed parts together have the minimum base of an estimate: suppressing one more part that is
as small would not be enough. The choice uses only counts as released, so it reveals nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assay.sdc.cell_status import Row, is_suppressed
from assay.sdc.release_tables import Column, Table
from assay.sdc.rounding import has_sufficient_counts
from assay.sdc.suppression_policy import Policy

RowKey = tuple[str, tuple[Any, ...]]
"""A row, identified by its table and its key."""
Breakdown = tuple[RowKey, list[RowKey]]
"""A whole, and its parts."""


def suppressed_estimates(rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Table], policy: Policy) -> set[RowKey]:
    """Return the rows whose estimates must be suppressed: too few records (primary), or differencing (secondary).

    Parameters
    ----------
    rows
        Rows by table, with counts as released.
    forms
        The declared tables. Only tables with a column that declares `none_or_enough` are considered.
    """
    columns = {name: column for name, form in forms.items() if (column := _estimate_column(form)) is not None}
    row_at = {(name, _key(row, forms[name])): row for name in columns for row in rows[name]}
    suppressed = {key for key, row in row_at.items() if not has_sufficient_counts(row, columns[key[0]], policy)}
    smallest_base = {key: _smallest_base(row, columns[key[0]]) for key, row in row_at.items()}
    breakdowns = [
        breakdown
        for name in columns
        for breakdown in _breakdowns(forms[name], rows[name], forms)
        if breakdown[0] in row_at
    ]
    # A part may itself be a whole, so each suppression can make another breakdown disclosive: repeat until stable.
    changed = True
    while changed:
        changed = any(_suppress_parts(breakdown, smallest_base, suppressed, policy) for breakdown in breakdowns)
    return suppressed


def _estimate_column(form: Table) -> Column | None:
    """Return the first column that declares counts that must be 0 or reach the minimum; None if there is none."""
    return next((column for column in form.columns if column.none_or_enough and column.over), None)


def _suppress_parts(
    breakdown: Breakdown, smallest_base: Mapping[RowKey, int], suppressed: set[RowKey], policy: Policy
) -> bool:
    """Suppress the smallest shown parts while the suppressed parts have too few records; True if any was suppressed."""
    whole, parts = breakdown
    if whole in suppressed:
        return False
    unknown = [part for part in parts if part in suppressed and smallest_base[part] > 0]
    shown_parts = sorted(
        (part for part in parts if part not in suppressed), key=lambda part: (-smallest_base[part], part)
    )
    number_before = len(suppressed)
    while unknown and shown_parts and sum(smallest_base[part] for part in unknown) < policy.fewest_for_share:
        unknown.append(shown_parts.pop())
        suppressed.add(unknown[-1])
    return len(suppressed) > number_before


def _smallest_base(row: Row, column: Column) -> int:
    """Return the smallest base that is possible: a suppressed count is at least 1, and an absent one is 0."""
    if all(row.get(name) is None and not is_suppressed(row, name) for name in column.none_or_enough):
        return 0
    counts = [row.get(name) for name in column.none_or_enough]
    return sum(1 if count is None else count for count in counts)


def _key(row: Row, form: Table) -> tuple[Any, ...]:
    return tuple(row[name] for name in form.key)


def _breakdowns(form: Table, rows: Iterable[Row], forms: Mapping[str, Table]) -> Iterator[Breakdown]:
    """Yield each whole with its parts: totals within the table, and rows of the table that its counts add up to."""
    breakdowns: dict[tuple[Any, ...], Breakdown] = {}
    targets = {target.partition(".")[0] for target in form.adds_up_to.values()}
    for row in rows:
        key = _key(row, form)
        wholes: list[tuple[Any, ...]] = []
        for name, total in form.totals.items():
            if row[name] != total:
                wholes.append((form.name, tuple(total if part == name else row[part] for part in form.key)))
        for other_table in targets & set(forms):
            target = tuple(
                row[part] if part in form.key else forms[other_table].totals[part] for part in forms[other_table].key
            )
            wholes.append((other_table, target, *(row[part] for part in form.separate_columns)))
        for whole in wholes:
            breakdowns.setdefault(whole, ((whole[0], whole[1]), []))[1].append((form.name, key))
    yield from breakdowns.values()
