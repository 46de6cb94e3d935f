"""Apply a policy to tables: primary suppression, rounding, secondary suppression, then shares from released counts.

The order matters. Secondary suppression needs the counts as suppressed and rounded, because these are what a reader
can use in a linear programming attack. Shares are computed last, from released counts only, so that a reader can
compute the same shares and no share reveals more than the counts beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, isfinite
from typing import Any

import pyarrow as pa

from assay.sdc.alert_suppression import (
    FORCE_ESTIMATES,
    recompute_from_released,
    suppress_alerts,
    suppress_comparisons,
    suppress_verdicts,
)
from assay.sdc.cell_status import (
    PROTECTED_METADATA_KEY,
    STATUS_COLUMN,
    Row,
    add_status,
    is_primary_suppressed,
    is_protected,
    is_secondary_suppressed,
    is_suppressed,
)
from assay.sdc.dominance import suppress_dominated
from assay.sdc.duplicate_cells import duplicate_cells, equal_ordered_counts
from assay.sdc.estimate_suppression import (
    TOO_FEW_COLUMN,
    RowKey,
    releasable_curves,
    suppress_dependent_figures,
    suppress_few_respondents,
    suppress_few_staff,
    suppressed_estimates,
)
from assay.sdc.independent_tables import independent_tables
from assay.sdc.linked_tables import PriorReleaseRows, unchanged_counts
from assay.sdc.release_tables import TEST_STATISTIC, Column, Table, declared_tables
from assay.sdc.released_estimates import recompute_force_estimates
from assay.sdc.rounding import add_margin, has_sufficient_counts, move_off_count, round_to_resolution, smallest_base
from assay.sdc.secondary_suppression import suppress_secondary
from assay.sdc.sum_ranges import Cell, Sum
from assay.sdc.suppression_cache import Suppression
from assay.sdc.suppression_policy import Policy
from assay.sdc.usual_constraints import DefaultConstraints, usual_constraints

STATUS_COLUMNS = (TOO_FEW_COLUMN, STATUS_COLUMN)
"""Columns that disclosure control adds if a table lacks them."""
CONTEXT_TABLES = ("waits",)
"""Tables without protected columns that decide how other tables are protected."""
_LAST_RESULTS: dict[tuple[str, ...], tuple[Any, Any]] = {}
"""By names of tables that are protected together: the arguments and the result of the last call. The same tables are
protected for sentences and for the release, which has further tables."""
__all__ = [
    "STATUS_COLUMNS",
    "apply_policy",
    "apply_policy_with_suppressions",
    "is_force_count",
    "protect_counts",
    "protected_forms",
    "record_rows",
    "round_count",
    "whole_percent",
]  # fmt: skip


@dataclass(frozen=True)
class PriorRelease:
    """A prior release: its released tables, and their exact counts (for internal use only).

    A notice of corrections tells readers which counts changed, and so which are unchanged. An unchanged count is one
    count in both releases, so a reader can combine both tables; disclosure control must do the same.
    """

    released: Mapping[str, pa.Table]
    exact: Mapping[str, pa.Table]


def apply_policy(
    tables: Mapping[str, pa.Table], policy: Policy, *, prior_releases: Sequence[PriorRelease] = ()
) -> dict[str, pa.Table]:
    """Return the tables as they may be released under the policy; a second application changes nothing.

    Undeclared columns are not changed; `release` refuses them. A policy that protects no records changes nothing.

    Parameters
    ----------
    tables
        All tables that are released together, by name: additivity constraints link counts of different tables.
    prior_releases
        All releases that are already public, which a reader can combine with this one.
    """
    return apply_policy_with_suppressions(tables, policy, prior_releases=prior_releases)[0]


def apply_policy_with_suppressions(
    tables: Mapping[str, pa.Table], policy: Policy, *, prior_releases: Sequence[PriorRelease] = ()
) -> tuple[dict[str, pa.Table], list[Suppression]]:
    """Return the result of `apply_policy` with the secondary suppressions.

    Independent tables are protected separately. The result of the last call is reused for those that are the same
    objects, as in `release`.
    """
    forms = protected_forms(tables)
    if not policy.protects:
        return dict(tables), []
    if not forms:
        return round_other_numbers(tables, policy), []
    protected_tables: dict[str, pa.Table] = {}
    suppressions: list[Suppression] = []
    for group in independent_tables(forms):
        group_tables, group_suppressions = _protect_group(tables, group, policy, prior_releases)
        protected_tables |= group_tables
        suppressions += group_suppressions
    result = {name: protected_tables.get(name, table) for name, table in tables.items()}
    return round_other_numbers(
        suppress_dependent_figures(result | recompute_from_released(result, policy)), policy
    ), suppressions


def _protect_group(
    tables: Mapping[str, pa.Table], forms: Mapping[str, Table], policy: Policy, prior_releases: Sequence[PriorRelease]
) -> tuple[dict[str, pa.Table], list[Suppression]]:
    """Return the result of `_protect_tables`, or that of the last call if these tables are the same objects."""
    names = tuple(forms)
    inputs = (
        policy,
        tuple(tables[name] for name in names),
        tuple(prior_releases),
        tuple(tables.get(name) for name in CONTEXT_TABLES),
    )
    if names not in _LAST_RESULTS or not _are_identical(_LAST_RESULTS[names][0], inputs):
        _LAST_RESULTS[names] = inputs, _protect_tables(tables, forms, policy, prior_releases)
    result: tuple[dict[str, pa.Table], list[Suppression]] = _LAST_RESULTS[names][1]
    return result


def _are_identical(first: Any, second: Any) -> bool:
    """Return True if both are the same immutable objects."""
    if isinstance(first, tuple) and isinstance(second, tuple):
        return len(first) == len(second) and all(map(_are_identical, first, second))
    return first is second


def _protect_tables(
    tables: Mapping[str, pa.Table], forms: Mapping[str, Table], policy: Policy, prior_releases: Sequence[PriorRelease]
) -> tuple[dict[str, pa.Table], list[Suppression]]:
    """Return the tables that are made from records with the policy applied, and the secondary suppressions.

    Dominance rules, duplicate cells and the margins of limits need exact counts, so they are applied only to tables
    that are not protected yet (`new_forms`).
    """
    all_rows = {name: tables[name].to_pylist() for name in forms}
    force_count_rows = {name: [row for row in rows if is_force_count(row, policy)] for name, rows in all_rows.items()}
    rows = {name: [row for row in all_rows[name] if not is_force_count(row, policy)] for name in forms}
    suppress_few_respondents(rows, forms, policy)
    suppress_few_staff(rows, forms, policy)
    new_forms = {name: form for name, form in forms.items() if not is_protected(tables[name], policy)}
    suppress_dominated(rows, new_forms, policy)
    prior_rows = prior_release_rows(rows, prior_releases, policy)
    equal_counts = [
        equality for equality in equal_ordered_counts(rows, new_forms) if not _was_shown(equality, prior_rows, forms)
    ]
    defaults = DefaultConstraints(rows, new_forms)
    equal_counts += _never_contradicted(defaults.true(), new_forms, prior_rows)
    suppressions = protect_counts(
        rows,
        forms,
        policy,
        prior_rows,
        _duplicates_since_release(rows, new_forms, policy, prior_rows),
        equal_counts,
        lambda: _never_contradicted(defaults.not_contradicted(policy), new_forms, prior_rows),
    )
    waits = tables["waits"].to_pylist() if "waits" in tables else []
    row_at, suppressed = _count_rows_by_key(rows, forms), suppressed_estimates(rows, forms, policy)
    if FORCE_ESTIMATES in new_forms:
        # A protected table has its comparisons suppressed already, and no internal column that says who decided.
        suppress_comparisons(rows[FORCE_ESTIMATES], forms[FORCE_ESTIMATES], rows.get("ladders", ()))
    if FORCE_ESTIMATES in rows:
        recompute_force_estimates(rows[FORCE_ESTIMATES], policy)
    for name, form in forms.items():
        if form.alert_columns and name in new_forms:
            suppress_alerts(rows[name], form)
        suppress_verdicts(rows[name], form)
        released_rows = (
            releasable_curves(form, rows, forms, waits, suppressed, policy) if form.curve_source else rows[name]
        )
        rows[name] = [
            _with_shares(row, form, forms, row_at, suppressed, policy, name in new_forms) for row in released_rows
        ]
    result = {
        name: pa.Table.from_pylist(
            rows[name] + force_count_rows[name], schema=_protected_schema(tables[name], form, policy)
        )
        for name, form in forms.items()
    }
    return result, suppressions


def _duplicates_since_release(
    rows: Mapping[str, list[Row]],
    new_forms: Mapping[str, Table],
    policy: Policy,
    prior_rows: Sequence[PriorReleaseRows],
) -> list[list[Cell]]:
    """Return the duplicate cells, which are suppressed together, given what prior releases already show.

    Of two counts that are equal by definition, both change between releases or neither does. So the equality of a
    changed and an unchanged count is a coincidence, and they are not treated as duplicates; a new count is treated as
    a duplicate of both. A count that a prior release shows and that is unchanged cannot be suppressed any more.
    """
    duplicates = [*duplicate_cells(rows, new_forms, policy)]
    for prior in prior_rows:
        prior_row_at = {(name, tuple(row[column] for column in new_forms[name].key)): row
                 for name, table_rows in prior.rows.items() if name in new_forms for row in table_rows}  # fmt: skip
        duplicates = [part for cells in duplicates for part in _split_by_change(cells, prior, prior_row_at)]
    return [cells for cells in duplicates if len(cells) > 1]


def _was_shown(equality: Sum, prior_rows: Sequence[PriorReleaseRows], forms: Mapping[str, Table]) -> bool:
    """Return True if a prior release shows one of two equal counts: it can no longer be suppressed."""
    table, key, upper_column = equality.total
    [(_, _, lower_column)] = equality.parts
    return any(
        not (is_suppressed(row, upper_column) and is_suppressed(row, lower_column))
        for prior in prior_rows
        for row in prior.rows.get(table, ())
        if tuple(row[name] for name in forms[table].key) == key
    )


def _never_contradicted(
    constraints: Iterable[Sum], forms: Mapping[str, Table], prior_rows: Sequence[PriorReleaseRows]
) -> list[Sum]:
    """Return the default constraints that a reader may also assume in every prior release that has all their rows.

    Where one was contradicted, that release was not protected against it, and may show what it needs.
    """
    prior_keys = [
        {(name, tuple(row[column] for column in forms[name].key)) for name in forms for row in prior.rows.get(name, ())}
        for prior in prior_rows
    ]
    return [
        constraint
        for constraint in constraints
        if all(
            constraint in prior.equal_counts
            or not keys.issuperset(cell[:2] for cell in (constraint.total, *constraint.parts))
            for prior, keys in zip(prior_rows, prior_keys, strict=True)
        )
    ]


def _split_by_change(
    cells: Sequence[Cell], prior: PriorReleaseRows, prior_row_at: Mapping[tuple[str, Any], Row]
) -> list[list[Cell]]:
    """Split duplicate cells by a prior release into unchanged (and still suppressed) and changed cells.

    Each of the two lists also contains the cells that the prior release did not have.
    """
    new = [cell for cell in cells if cell[:2] not in prior_row_at]
    changed = [cell for cell in cells if cell[:2] in prior_row_at and cell not in prior.unchanged_cells]
    unchanged = [
        cell for cell in cells if cell in prior.unchanged_cells and is_suppressed(prior_row_at[cell[:2]], cell[2])
    ]
    return [unchanged + new, changed + new]


def protected_forms(tables: Mapping[str, pa.Table]) -> dict[str, Table]:
    """Return the declarations of the tables that are computed from records, by table name."""
    return {name: form for name, form in declared_tables().items() if name in tables and form.protects}


def record_rows(tables: Mapping[str, pa.Table], policy: Policy) -> dict[str, list[Row]]:
    """Return the rows that count records; rows that count forces are left out."""
    forms = protected_forms(tables)
    return {name: [row for row in tables[name].to_pylist() if not is_force_count(row, policy)] for name in forms}


def prior_release_rows(
    rows: Mapping[str, list[Row]], prior_releases: Sequence[PriorRelease], policy: Policy
) -> list[PriorReleaseRows]:
    """Return the rows of prior releases, and the cells whose exact counts have not changed since."""
    forms = declared_tables()
    row_forms = {name: forms[name] for name in rows}
    pairs = [(record_rows(prior.released, policy), record_rows(prior.exact, policy)) for prior in prior_releases]
    return [
        PriorReleaseRows(
            released,
            unchanged_counts(exact, rows, row_forms),
            frozenset(
                usual_constraints(
                    released, {name: row_forms[name] for name in row_forms if name in released}, policy=policy
                )
            ),
        )
        for released, exact in pairs
    ]


def protect_counts(
    rows: Mapping[str, list[Row]],
    forms: Mapping[str, Table],
    policy: Policy,
    prior_rows: Sequence[PriorReleaseRows] = (),
    duplicates: Sequence[Sequence[Cell]] = (),
    equal_counts: Sequence[Sum] = (),
    find_usual: Callable[[], Sequence[Sum]] = tuple,
) -> list[Suppression]:
    """Suppress and round the counts of `rows`, in place, and return the secondary suppressions.

    Parameters
    ----------
    rows
        Rows by table, with exact counts.
    prior_rows
        Prior releases, with their unchanged cells (`prior_release_rows`).
    duplicates
        Groups of cells that are treated as one count (`duplicate_cells`).
    equal_counts
        Constraints that hold in this inspection only (`equal_ordered_counts`, `true_constraints`).
    find_usual
        Returns the default constraints that `rows`, as suppressed so far, do not contradict (`usual_constraints`).
    """
    for name, form in forms.items():
        for row in rows[name]:
            _suppress_and_round(row, form, policy)
    return suppress_secondary(rows, forms, policy, prior_rows, duplicates, equal_counts, find_usual)


def is_force_count(row: Mapping[str, Any], policy: Policy) -> bool:
    """Return True if a row counts forces instead of records; the policy lists these indicators."""
    return row.get("indicator", row.get("measure")) in policy.organisation_counts


def round_count(count: int, policy: Policy) -> int:
    """Return a count rounded to the nearest multiple of the policy's base; halves round up."""
    return (count + policy.rounding_base // 2) // policy.rounding_base * policy.rounding_base


def whole_percent(share: float) -> float:
    """Return a share rounded to whole per cent; halves round up."""
    return floor(100 * share + 0.5 + 1e-9) / 100


def _protected_schema(table: pa.Table, form: Table, policy: Policy) -> pa.Schema:
    """Return the schema of a protected table: declared types, no internal columns, and the status columns.

    Undeclared columns keep their type. The metadata records that the policy was applied.
    """
    declared = {field.name: field for field in form.schema}
    status_fields = [declared[name] for name in STATUS_COLUMNS if name in declared and name not in table.column_names]
    table_fields = [
        declared.get(field.name, field) for field in table.schema if field.name not in form.internal_columns
    ]
    return pa.schema([*table_fields, *status_fields], metadata={PROTECTED_METADATA_KEY: policy.sha256.encode()})


def _suppress_and_round(row: Row, form: Table, policy: Policy) -> None:
    """Apply primary suppression and rounding to the protected counts of a row, in place."""
    for column in form.protected_counts:
        count = row.get(column)
        if count is not None and 0 < count <= policy.suppression_threshold:
            row[column] = None
            add_status(row, column)
        elif count is not None:
            row[column] = round_count(count, policy)


def _with_shares(
    row: Row,
    form: Table,
    forms: Mapping[str, Table],
    row_at: Mapping[tuple[Any, ...], Row],
    suppressed: Collection[RowKey],
    policy: Policy,
    is_new: bool,
) -> Row:
    """Return the row with its shares computed from released counts, and its estimates suppressed or rounded."""
    is_estimate_suppressed = (form.name, tuple(row[name] for name in form.key)) in suppressed
    for column in form.columns:
        if column.protect and column.kind != "count":
            counts = _count_row(row, forms.get(column.counts_table), row_at) if column.counts_table else row
            if _is_share_of_counts(row, column):
                row[column.name] = _share(row, counts, column, policy)
            elif is_estimate_suppressed and column.zero_or_sufficient:
                _suppress_estimate(row, column)
            else:
                row[column.name] = _estimate(row, counts, column, policy, is_new)
    return row


def _count_rows_by_key(rows: Mapping[str, list[Row]], forms: Mapping[str, Table]) -> dict[tuple[Any, ...], Row]:
    """Return the rows that have the counts of shares in other tables, by table name and key values."""
    count_tables = {
        column.counts_table for form in forms.values() for column in form.columns if column.counts_table in forms
    }
    return {
        (name, *(row[column_name] for column_name in forms[name].key)): row
        for name in count_tables
        for row in rows[name]
    }


def _count_row(row: Row, count_form: Table | None, row_at: Mapping[tuple[Any, ...], Row]) -> Row:
    """Return the row with the counts under a row of another table; an empty row if there is none.

    It has the same key; key columns that the row lacks have the value of the total.
    """
    if count_form is None:
        return {}
    return row_at.get((count_form.name, *(row.get(name, count_form.totals.get(name)) for name in count_form.key)), {})


def _is_share_of_counts(row: Row, column: Column) -> bool:
    """Return True if the value of the row is a share of counts, not an estimate."""
    return bool(column.numerator_counts) and (not column.plain_without or row[column.plain_without] is None)


def _share(row: Row, count_row: Row, column: Column, policy: Policy) -> float | None:
    """Return a share computed from released counts, in whole per cent, or None if it may not be released.

    In a bound, a primary suppressed count is replaced by 1 or by the suppression threshold, whichever makes the bound
    wider.

    Parameters
    ----------
    count_row
        The row that has the counts, as released.
    """
    if row[column.name] is None and not is_primary_suppressed(row, column.name):
        return None  # the table gave no share here, so none is computed
    counts = {name: _count_for_share(count_row, name, column, policy) for name in column.base_counts}
    values = [count for count in counts.values() if count is not None]
    if len(values) < len(counts):
        _add_status_if(
            any(
                is_primary_suppressed(count_row, count_name) or is_secondary_suppressed(count_row, count_name)
                for count_name in counts
            ),
            row,
            column,
        )
        return None
    smallest_sum = sum(
        1 if is_primary_suppressed(count_row, name) else count for name, count in zip(counts, values, strict=True)
    )
    # Decided from the smallest possible base, which is the same for both bounds, so both are shown or neither.
    if smallest_sum < max(policy.minimum_base, 1):
        _add_status_if(smallest_sum > 0, row, column)
        return None
    return whole_percent(sum(counts[name] or 0 for name in column.numerator_counts) / sum(values))


def _count_for_share(row: Row, name: str, column: Column, policy: Policy) -> int | None:
    if column.bound and is_primary_suppressed(row, name):
        use_maximum = (name in column.numerator_counts) == (column.bound == "highest")
        return policy.suppression_threshold if use_maximum else 1
    count: int | None = row.get(name)
    return count


def _estimate(row: Row, counts: Row, column: Column, policy: Policy, is_new: bool) -> Any:
    """Return an estimate rounded to its resolution, or None if its counts are suppressed or too small.

    Parameters
    ----------
    counts
        The row that has these counts, as released.
    is_new
        False if disclosure control was applied to the table before: then the margin of a limit is not added again.
    """
    value = row[column.name]
    if column.base_counts and not has_sufficient_counts(counts, column, policy):
        # A test statistic is marked as suppressed even if there was none: otherwise a missing mark would reveal that
        # the suppressed count was too small for a test.
        is_test_of_suppressed = column.statistic == TEST_STATISTIC and any(
            is_suppressed(counts, count_name) for count_name in column.base_counts
        )
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
    if row[column.name] is not None or column.statistic == TEST_STATISTIC:
        add_status(row, column.name)
    row[column.name] = None


def round_other_numbers(tables: Mapping[str, pa.Table], policy: Policy) -> dict[str, pa.Table]:
    """Round every number outside the protected columns to its declared resolution.

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


def _add_status_if(condition: bool, row: Row, column: Column) -> None:
    if condition:
        add_status(row, column.name)
