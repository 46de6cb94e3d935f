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

from assay.disclosure.alike import alike, equal_in_order
from assay.disclosure.calls import STANDING, as_said, keep_calls_back, keep_verdicts_back
from assay.disclosure.curves import curves_that_may_leave
from assay.disclosure.declared import TEST_STATISTIC, Column, Table, declared_tables
from assay.disclosure.differences import Place, closed_rows
from assay.disclosure.dominance import keep_dominated_back
from assay.disclosure.kept_back import KeptBack, keep_back
from assay.disclosure.marks import (
    KEPT_BACK,
    WENT_THROUGH,
    Row,
    is_hidden,
    is_kept_back,
    note,
    stands_empty,
    went_through,
)
from assay.disclosure.policy import Policy
from assay.disclosure.released_estimates import recompute_force_estimates
from assay.disclosure.resolution import base_of, clear_of_count, is_enough, to_resolution, widened
from assay.disclosure.shown_with import withhold_what_is_made_of_it
from assay.disclosure.small_voices import FLAG, keep_quiet
from assay.disclosure.staff import keep_staff_apart
from assay.disclosure.sums import Cell, Sum
from assay.disclosure.together import Earlier, same_counts

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
) -> tuple[dict[str, pa.Table], list[KeptBack]]:
    """As `apply_policy`, with each count that was kept back and one that it protects.

    The same tables given again beside others, as `release` does, are not settled twice.
    """
    forms = protected_forms(tables)
    if not policy.protects:
        return dict(tables), []
    if not forms:
        return in_resolution(tables, policy), []
    asked = (policy, tuple(tables[name] for name in forms), tuple(earlier), tuple(tables.get(name) for name in ASKED))
    if not _LAST or not _is_the_same(_LAST[0], asked):
        _LAST[:] = [asked, _protected(tables, forms, policy, earlier)]
    made, kept_back = _LAST[1]
    safe = {name: made.get(name, table) for name, table in tables.items()}
    return in_resolution(withhold_what_is_made_of_it(safe | as_said(safe, policy)), policy), list(kept_back)


def _is_the_same(before: Any, now: Any) -> bool:
    """Whether it is the very same objects, none of which can change."""
    if isinstance(before, tuple) and isinstance(now, tuple):
        return len(before) == len(now) and all(map(_is_the_same, before, now))
    return before is now


def _protected(
    tables: Mapping[str, pa.Table], forms: Mapping[str, Table], policy: Policy, earlier: Sequence[EarlierEdition]
) -> tuple[dict[str, pa.Table], list[KeptBack]]:
    every = {name: tables[name].to_pylist() for name in forms}
    of_bodies = {name: [row for row in rows if is_of_bodies(row, policy)] for name, rows in every.items()}
    rows = {name: [row for row in every[name] if not is_of_bodies(row, policy)] for name in forms}
    keep_quiet(rows, forms, policy)
    keep_staff_apart(rows, forms, policy)
    new = {name: form for name, form in forms.items() if not went_through(tables[name], policy)}
    keep_dominated_back(rows, new, policy)
    before = earlier_of(rows, earlier, policy)
    equal = [one for one in equal_in_order(rows, new) if not _was_shown(one, before, forms)]
    kept_back = protect_counts(rows, forms, policy, before, _alike_since(rows, new, policy, before), equal)
    asked = tables["waits"].to_pylist() if "waits" in tables else []
    at, closed = _by_key(rows, forms), closed_rows(rows, forms, policy)
    if STANDING in rows:
        recompute_force_estimates(rows[STANDING], policy)
    for name, form in forms.items():
        if form.calls and name in new:
            keep_calls_back(rows[name], form)
        keep_verdicts_back(rows[name], form)
        kept = curves_that_may_leave(form, rows, forms, asked, closed, policy) if form.follows else rows[name]
        rows[name] = [_with_shares(row, form, forms, at, closed, policy, name in new) for row in kept]
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
    found = [*alike(rows, new, policy)]
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


def earlier_of(
    rows: Mapping[str, list[Row]], editions: Sequence[EarlierEdition], policy: Policy
) -> list[Earlier]:
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
) -> list[KeptBack]:
    """Hide, round and keep back the counts of `rows`; gives what was kept back, and what it protects. `same`: counts
    that are one and the same (`alike`); `equal`: equalities of this inspection (`equal_in_order`)."""
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
    closed: Collection[Place],
    policy: Policy,
    is_new: bool,
) -> Row:
    is_closed = (form.name, tuple(row[name] for name in form.key)) in closed
    for column in form.columns:
        if column.protect and column.kind != "count":
            counts = _row_of(row, forms.get(column.of), at) if column.of else row
            if _is_plain(row, column):
                row[column.name] = _share(row, counts, column, policy)
            elif is_closed and column.none_or_enough:
                _withhold(row, column)
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


def _estimate(row: Row, held: Row, column: Column, policy: Policy, is_new: bool) -> Any:
    """An estimate at its resolution, shown only with the counts that it rests on, which `held` has; `is_new`: it has
    not been through disclosure before.

    That a test statistic is not shown beside a hidden count is noted whether there was one or none: else that there was
    none would tell that the count was too small to be tried.
    """
    value = row[column.name]
    if column.over and not is_enough(held, column, policy):
        if value is not None or (column.what == TEST_STATISTIC and any(stands_empty(held, n) for n in column.over)):
            _withhold(row, column)
        return None
    if value is None or not column.is_numeric:
        return value
    shown = to_resolution(widened(value, column, row) if is_new else value, column, base_of(held, column, policy))
    if column.clear_of:
        shown = clear_of_count(shown, held[column.clear_of], column)
    return int(shown) if column.kind == "whole" else shown


def _withhold(row: Row, column: Column) -> None:
    if row[column.name] is not None or column.what == TEST_STATISTIC:
        note(row, column.name)
    row[column.name] = None


def in_resolution(tables: Mapping[str, pa.Table], policy: Policy) -> dict[str, pa.Table]:
    """The same tables with every other number rounded as its column declares; figures of police bodies are whole."""
    forms = declared_tables()
    return {name: _rounded_table(table, forms[name]) if name in forms and policy.protects else table
            for name, table in tables.items()}  # fmt: skip


def _rounded_table(table: pa.Table, form: Table) -> pa.Table:
    for column in form.columns:
        place = table.schema.get_field_index(column.name)
        if column.protect or not column.is_float or not column.step or place < 0:
            continue
        if not pa.types.is_floating(table.schema.field(place).type):
            continue
        told = table.column(place).to_pylist()
        fine = [None if one is None or not isfinite(one) else to_resolution(one, column) for one in told]
        if fine != told:
            table = table.set_column(place, table.schema.field(place), pa.array(fine, table.schema.field(place).type))
    return table


def _note_if(because_small: bool, row: Row, column: Column) -> None:
    if because_small:
        note(row, column.name)
