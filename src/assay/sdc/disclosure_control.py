"""What must be hidden, rounded or kept back before figures made from records may be shown to everyone?

Small counts go first, then rounding, then the counts without which a hidden one could be worked out; shares are made
last, from what is left, so that anybody can make them again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import floor, isfinite
from typing import Any

import pyarrow as pa

from assay.sdc.alert_suppression import STANDING, as_said, keep_calls_back, suppress_verdicts
from assay.sdc.cell_status import (
    KEPT_BACK,
    WENT_THROUGH,
    Row,
    is_hidden,
    is_kept_back,
    note,
    stands_empty,
    went_through,
)
from assay.sdc.curve_suppression import curves_that_may_leave
from assay.sdc.dependent_figures import suppress_dependent_figures
from assay.sdc.dominance import keep_dominated_back
from assay.sdc.duplicate_cells import duplicate_cells, equal_ordered_counts
from assay.sdc.estimate_suppression import RowKey, suppressed_estimates
from assay.sdc.linked_tables import Earlier, same_counts
from assay.sdc.release_tables import TEST_STATISTIC, Column, Table, declared_tables
from assay.sdc.released_estimates import recompute_force_estimates
from assay.sdc.rounding import add_margin, has_sufficient_counts, move_off_count, round_to_resolution, smallest_base
from assay.sdc.secondary_suppression import keep_back
from assay.sdc.staff_suppression import keep_staff_apart
from assay.sdc.sum_ranges import Cell, Sum
from assay.sdc.suppression_cache import Suppression
from assay.sdc.suppression_policy import Policy
from assay.sdc.voice_suppression import FLAG, keep_quiet

NOTED = (FLAG, "hidden")
"""Columns that are written here: whoever makes a table need not have them."""
ASKED = ("waits",)
"""Tables that are read here, though nothing in them is protected."""
_LAST: list[Any] = []
"""What was settled last, and what came of it."""
__all__ = [
    "KEPT_BACK", "NOTED", "apply_policy", "is_of_bodies", "protect_counts", "protected_forms", "rounded", "rows_of",
    "whole_percent", "with_changes",
]  # fmt: skip


@dataclass(frozen=True)
class EarlierEdition:
    """An edition that is out: its released tables, and the same tables as they were counted then (for us alone).

    Whoever reads a notice of corrections knows which counts moved, and that all others did not; so we must know it too.
    """

    released: Mapping[str, pa.Table]
    counted: Mapping[str, pa.Table]


def apply_policy(
    tables: Mapping[str, pa.Table], policy: Policy, *, earlier: Sequence[EarlierEdition] = ()
) -> dict[str, pa.Table]:
    """The same tables as they may leave under `policy`; applied twice it changes nothing more.

    Columns that are not declared are kept as they are, for `release` to refuse. Under a policy that protects nothing
    the tables come back untouched. Sums are held over all the tables given, so give together what leaves together;
    `earlier`: each edition that is already out, which a reader would lay beside this one.
    """
    return with_changes(tables, policy, earlier=earlier)[0]


def with_changes(
    tables: Mapping[str, pa.Table], policy: Policy, *, earlier: Sequence[EarlierEdition] = ()
) -> tuple[dict[str, pa.Table], list[Suppression]]:
    """As `apply_policy`, with each count that was kept back and one that it protects.

    The same tables given again beside others, as `release` does, are not settled twice.
    """
    forms = protected_forms(tables)
    if not policy.protects:
        return dict(tables), []
    if not forms:
        return round_other_numbers(tables, policy), []
    asked = (policy, tuple(tables[name] for name in forms), tuple(earlier), tuple(tables.get(name) for name in ASKED))
    if not _LAST or not _is_the_same(_LAST[0], asked):
        _LAST[:] = [asked, _protected(tables, forms, policy, earlier)]
    made, kept_back = _LAST[1]
    safe = {name: made.get(name, table) for name, table in tables.items()}
    return round_other_numbers(suppress_dependent_figures(safe | as_said(safe, policy)), policy), list(kept_back)


def _is_the_same(before: Any, now: Any) -> bool:
    """Whether it is the very same objects, none of which can change."""
    if isinstance(before, tuple) and isinstance(now, tuple):
        return len(before) == len(now) and all(map(_is_the_same, before, now))
    return before is now


def _protected(
    tables: Mapping[str, pa.Table], forms: Mapping[str, Table], policy: Policy, earlier: Sequence[EarlierEdition]
) -> tuple[dict[str, pa.Table], list[Suppression]]:
    every = {name: tables[name].to_pylist() for name in forms}
    of_bodies = {name: [row for row in rows if is_of_bodies(row, policy)] for name, rows in every.items()}
    rows = {name: [row for row in every[name] if not is_of_bodies(row, policy)] for name in forms}
    keep_quiet(rows, forms, policy)
    keep_staff_apart(rows, forms, policy)
    new = {name: form for name, form in forms.items() if not went_through(tables[name], policy)}
    keep_dominated_back(rows, new, policy)
    before = earlier_of(rows, earlier, policy)
    equal = [one for one in equal_ordered_counts(rows, new) if not _was_shown(one, before, forms)]
    kept_back = protect_counts(rows, forms, policy, before, _alike_since(rows, new, policy, before), equal)
    asked = tables["waits"].to_pylist() if "waits" in tables else []
    at, suppressed = _by_key(rows, forms), suppressed_estimates(rows, forms, policy)
    if STANDING in rows:
        recompute_force_estimates(rows[STANDING], policy)
    for name, form in forms.items():
        if form.calls and name in new:
            keep_calls_back(rows[name], form)
        suppress_verdicts(rows[name], form)
        kept = curves_that_may_leave(form, rows, forms, asked, suppressed, policy) if form.follows else rows[name]
        rows[name] = [_with_shares(row, form, forms, at, suppressed, policy, name in new) for row in kept]
    made = {
        name: pa.Table.from_pylist(rows[name] + of_bodies[name], schema=_schema(tables[name], form, policy))
        for name, form in forms.items()
    }
    return made, kept_back


def _alike_since(
    rows: Mapping[str, list[Row]], new: Mapping[str, Table], policy: Policy, before: Sequence[Earlier]
) -> list[list[Cell]]:
    """Counts that are equal everywhere, to be kept back together.

    Of two that are equal by rule both move or none does. So a count that has moved since an earlier edition equals one
    that has not by chance, and neither is held against the other; one that is there for the first time is held against
    both. What was shown and has not moved cannot be kept back any more.
    """
    found = [*duplicate_cells(rows, new, policy)]
    for edition in before:
        there = {(name, tuple(row[one] for one in new[name].key)): row
                 for name, held in edition.rows.items() if name in new for row in held}  # fmt: skip
        found = [part for cells in found for part in _apart_since(cells, edition, there)]
    return [cells for cells in found if len(cells) > 1]


def _was_shown(equality: Sum, before: Sequence[Earlier], forms: Mapping[str, Table]) -> bool:
    """Return True if an earlier edition shows one of two equal counts: it can no longer be suppressed."""
    table, key, more = equality.total
    [(_, _, less)] = equality.parts
    return any(
        not (stands_empty(row, more) and stands_empty(row, less))
        for edition in before
        for row in edition.rows.get(table, ())
        if tuple(row[name] for name in forms[table].key) == key
    )


def _apart_since(cells: Sequence[Cell], edition: Earlier, there: Mapping[tuple[str, Any], Row]) -> list[list[Cell]]:
    """Those that stayed hidden and those that moved, each with those that are there for the first time."""
    first = [cell for cell in cells if cell[:2] not in there]
    moved = [cell for cell in cells if cell[:2] in there and cell not in edition.same]
    stayed = [cell for cell in cells if cell in edition.same and stands_empty(there[cell[:2]], cell[2])]
    return [stayed + first, moved + first]


def protected_forms(tables: Mapping[str, pa.Table]) -> dict[str, Table]:
    """The forms of those of `tables` that are made from records."""
    return {name: form for name, form in declared_tables().items() if name in tables and form.protects}


def rows_of(tables: Mapping[str, pa.Table], policy: Policy) -> dict[str, list[Row]]:
    """The rows of tables that are made from records, without those that count police bodies."""
    forms = protected_forms(tables)
    return {name: [row for row in tables[name].to_pylist() if not is_of_bodies(row, policy)] for name in forms}


def earlier_of(rows: Mapping[str, list[Row]], editions: Sequence[EarlierEdition], policy: Policy) -> list[Earlier]:
    """Earlier editions beside rows that stand as they were counted."""
    forms = declared_tables()
    made = {name: forms[name] for name in rows}
    pairs = [(rows_of(one.released, policy), rows_of(one.counted, policy)) for one in editions]
    return [Earlier(released, same_counts(counted, rows, made)) for released, counted in pairs]


def protect_counts(
    rows: Mapping[str, list[Row]],
    forms: Mapping[str, Table],
    policy: Policy,
    earlier: Sequence[Earlier] = (),
    same: Sequence[Sequence[Cell]] = (),
    equal: Sequence[Sum] = (),
) -> list[Suppression]:
    """Hide, round and keep back the counts of `rows`; gives what was kept back, and what it protects. `same`: counts
    that are one and the same (`duplicate_cells`); `equal`: equalities of this inspection (`equal_ordered_counts`)."""
    for name, form in forms.items():
        for row in rows[name]:
            _hide_and_round(row, form, policy)
    return keep_back(rows, forms, policy, earlier, same, equal)


def is_of_bodies(row: Mapping[str, Any], policy: Policy) -> bool:
    """Whether a row counts police bodies: the policy file lists the indicators that do."""
    return row.get("indicator", row.get("measure")) in policy.of_bodies


def rounded(count: int, policy: Policy) -> int:
    """A count to the nearest multiple that the policy names, halves upward."""
    return (count + policy.round_to // 2) // policy.round_to * policy.round_to


def whole_percent(share: float) -> float:
    """A share as whole hundredths, halves upward."""
    return floor(100 * share + 0.5 + 1e-9) / 100


def _schema(table: pa.Table, form: Table, policy: Policy) -> pa.Schema:
    """As declared, what is not declared as it came, without what never leaves; what disclosure notes itself is added
    where it did not come."""
    known = {field.name: field for field in form.schema}
    added = [known[name] for name in NOTED if name in known and name not in table.column_names]
    came = [known.get(field.name, field) for field in table.schema if field.name not in form.inside]
    return pa.schema([*came, *added], metadata={WENT_THROUGH: policy.sha256.encode()})


def _hide_and_round(row: Row, form: Table, policy: Policy) -> None:
    for column in form.protected_counts:
        count = row.get(column)
        if count is not None and 0 < count <= policy.hide_up_to:
            row[column] = None
            note(row, column)
        elif count is not None:
            row[column] = rounded(count, policy)


def _with_shares(
    row: Row,
    form: Table,
    forms: Mapping[str, Table],
    at: Mapping[tuple[Any, ...], Row],
    suppressed: Collection[RowKey],
    policy: Policy,
    is_new: bool,
) -> Row:
    is_suppressed = (form.name, tuple(row[name] for name in form.key)) in suppressed
    for column in form.columns:
        if column.protect and column.kind != "count":
            counts = _row_of(row, forms.get(column.of), at) if column.of else row
            if _is_plain(row, column):
                row[column.name] = _share(row, counts, column, policy)
            elif is_suppressed and column.none_or_enough:
                _suppress_estimate(row, column)
            else:
                row[column.name] = _estimate(row, counts, column, policy, is_new)
    return row


def _by_key(rows: Mapping[str, list[Row]], forms: Mapping[str, Table]) -> dict[tuple[Any, ...], Row]:
    """The rows in which shares of other tables look up their counts."""
    wanted = {column.of for form in forms.values() for column in form.columns if column.of in forms}
    return {(name, *(row[k] for k in forms[name].key)): row for name in wanted for row in rows[name]}


def _row_of(row: Row, other: Table | None, at: Mapping[tuple[Any, ...], Row]) -> Row:
    """The other table's row of the same key; at the totals of what this row does not name. Empty without one."""
    if other is None:
        return {}
    return at.get((other.name, *(row.get(name, other.totals.get(name)) for name in other.key)), {})


def _is_plain(row: Row, column: Column) -> bool:
    """Whether it is a share of counts, and no estimate."""
    return bool(column.part) and (not column.plain_without or row[column.plain_without] is None)


def _share(row: Row, held: Row, column: Column, policy: Policy) -> float | None:
    """A share from the counts as released, which `held` has; of a bound, a hidden count is taken at the safe end."""
    if row[column.name] is None and not is_hidden(row, column.name):
        return None  # whoever made the table gives no share here, and none is made for them
    counts = {name: _taken(held, name, column, policy) for name in column.over}
    values = [count for count in counts.values() if count is not None]
    if len(values) < len(counts):
        _note_if(any(is_hidden(held, n) or is_kept_back(held, n) for n in counts), row, column)
        return None
    least = sum(1 if is_hidden(held, name) else count for name, count in zip(counts, values, strict=True))
    if least < max(policy.fewest_for_share, 1):  # so that of two bounds both are shown, or neither
        _note_if(least > 0, row, column)
        return None
    return whole_percent(sum(counts[name] or 0 for name in column.part) / sum(values))


def _taken(row: Row, name: str, column: Column, policy: Policy) -> int | None:
    if column.bound and is_hidden(row, name):
        high = (name in column.part) == (column.bound == "highest")
        return policy.hide_up_to if high else 1
    count: int | None = row.get(name)
    return count


def _estimate(row: Row, counts: Row, column: Column, policy: Policy, is_new: bool) -> Any:
    """Return an estimate rounded to its resolution, or None if the counts under it are suppressed or too small.

    Parameters
    ----------
    counts
        The row that has these counts, as released.
    is_new
        False if disclosure control was applied to the table before: then the margin of a limit is not added again.
    """
    value = row[column.name]
    if column.over and not has_sufficient_counts(counts, column, policy):
        # A test statistic is marked as suppressed even if there was none: otherwise a missing mark would reveal that
        # the suppressed count was too small for a test.
        is_test_of_suppressed = column.what == TEST_STATISTIC and any(stands_empty(counts, n) for n in column.over)
        if value is not None or is_test_of_suppressed:
            _suppress_estimate(row, column)
        return None
    if value is None or not column.is_numeric:
        return value
    base = smallest_base(counts, column, policy)
    rounded_value = round_to_resolution(add_margin(value, column, row) if is_new else value, column, base)
    if column.clear_of:
        rounded_value = move_off_count(rounded_value, counts[column.clear_of], column)
    return int(rounded_value) if column.kind == "whole" else rounded_value


def _suppress_estimate(row: Row, column: Column) -> None:
    if row[column.name] is not None or column.what == TEST_STATISTIC:
        note(row, column.name)
    row[column.name] = None


def round_other_numbers(tables: Mapping[str, pa.Table], policy: Policy) -> dict[str, pa.Table]:
    """Return the tables with all numbers rounded to their resolution that are not protected columns.

    These are numbers that were computed from released counts, such as the mean of all forces. Protected columns were
    rounded with their counts, and counts are whole numbers.
    """
    forms = declared_tables()
    return {name: _rounded_table(table, forms[name]) if name in forms and policy.protects else table
            for name, table in tables.items()}  # fmt: skip


def _rounded_table(table: pa.Table, form: Table) -> pa.Table:
    for column in form.columns:
        index = table.schema.get_field_index(column.name)
        if column.protect or not column.is_float or not column.step or index < 0:
            continue
        field = table.schema.field(index)
        if not pa.types.is_floating(field.type):
            continue
        values = table.column(index).to_pylist()
        rounded_values = [
            None if value is None or not isfinite(value) else round_to_resolution(value, column) for value in values
        ]
        if rounded_values != values:
            table = table.set_column(index, field, pa.array(rounded_values, field.type))
    return table


def _note_if(because_small: bool, row: Row, column: Column) -> None:
    if because_small:
        note(row, column.name)
