"""Check that a table matches its declaration and that no cell can hold the content of a record.

Each check returns sentences that name the table, the column and the rule, and never a value.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.sdc.cell_status import STATUS_COLUMN, Row, longest_status_text
from assay.sdc.estimate_suppression import suppressed_estimates
from assay.sdc.release_tables import Column, Table, declared_tables
from assay.sdc.rounding import (
    has_sufficient_counts,
    is_finer_than_declared,
    move_off_count,
    needs_shown_counts,
    smallest_base,
)
from assay.sdc.suppression_policy import Policy
from assay.text import holds_details

LINE_BREAK = re.compile(r"[\r\n\x0b\x0c\u2028\u2029]")


def policy_errors(form: Table, policy: Policy) -> Iterator[str]:
    """Yield an error if the policy does not allow the table at all."""
    if policy.tables and form.name not in policy.tables:
        yield f"Table '{form.name}' is not among the tables that may leave under the policy '{policy.name}'."
    if form.protects and not policy.protects:
        yield (
            f"Table '{form.name}' is made from records, and the policy '{policy.name}' protects none. Release it under "
            "'record level'."
        )


def column_errors(
    table: pa.Table, form: Table, optional_columns: Collection[str] = (), extra_columns: Collection[str] = ()
) -> Iterator[str]:
    """Yield an error for each undeclared, missing or repeated column."""
    declared = [column.name for column in form.columns]
    for name in table.column_names:
        if name not in declared and name not in extra_columns:
            yield f"Table '{form.name}' has a column '{name}' that is not declared. Declare it, or leave it out."
        if table.column_names.count(name) > 1:
            yield f"Table '{form.name}' has more than one column '{name}'."
    for name in declared:
        if name not in table.column_names and name not in optional_columns:
            yield f"Table '{form.name}' has no column '{name}', which it declares."


def cast_table(table: pa.Table, form: Table) -> tuple[pa.Table, list[str]]:
    """Return the table with columns in the declared order and types, and the errors; NaN becomes null."""
    columns, errors = [], []
    for column, field in zip(form.columns, form.schema, strict=True):
        if column.name not in table.column_names:
            continue
        values = table[column.name].combine_chunks()
        try:
            columns.append(_cast_column(values, field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, TypeError):
            errors.append(
                f"Table '{form.name}', column '{column.name}' holds {values.type}, which is not the {column.kind} "
                "that it declares."
            )
    schema = pa.schema([field for field in form.schema if field.name in table.column_names])
    return (pa.table(columns, schema=schema) if not errors else table), errors


def _cast_column(values: pa.Array, data_type: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    type_tests = {pa.types.is_string: _is_text, pa.types.is_boolean: pa.types.is_boolean}
    for is_declared, is_actual in type_tests.items():
        if is_declared(data_type) and not (is_actual(values.type) or pa.types.is_null(values.type)):
            raise TypeError
    if not pa.types.is_string(data_type) and _is_text(values.type):
        raise TypeError
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)
    return values.cast(data_type)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def value_errors(
    table: pa.Table, form: Table, policy: Policy, released_tables: Mapping[str, pa.Table] | None = None
) -> Iterator[str]:
    """Yield a sentence for each column with a value that its declaration does not allow.

    Parameters
    ----------
    table
        The table, with the declared types.
    released_tables
        All tables that are released together, by name.
    """
    if policy.protects:
        yield from _resolution_errors(table, form, policy, released_tables or {})
    for column in form.columns:
        where = f"Table '{form.name}', column '{column.name}'"
        values = table[column.name]
        if not column.empty and values.null_count:
            yield f"{where} has {values.null_count} empty cells, and it declares none."
        if policy.protects and (column.rounded or (column.protect and column.kind == "count")):
            yield from _rounding_errors(where, _record_rows(table, policy)[column.name], policy)
        if column.is_text:
            yield from _text_errors(where, column, values, _max_length(form, column, policy))
        elif column.is_float:
            yield from _number_errors(where, column, values)


def _record_rows(table: pa.Table, policy: Policy) -> pa.Table:
    """Return the rows that count records, without those that count forces."""
    indicator_column = next((name for name in ("indicator", "measure") if name in table.column_names), "")
    return (
        table.filter(pc.invert(pc.is_in(table[indicator_column], pa.array(policy.organisation_counts, pa.string()))))
        if indicator_column
        else table
    )


def _resolution_errors(
    table: pa.Table, form: Table, policy: Policy, released_tables: Mapping[str, pa.Table]
) -> Iterator[str]:
    """Yield an error for values finer than their resolution, and for estimates of suppressed or too small counts."""
    if form.computed_from and form.computed_from not in released_tables and table.num_rows:
        yield f"Table '{form.name}' is computed from '{form.computed_from}' as released. Release the two together."
    columns = [column for column in form.columns if _has_step(column)]
    rows = _record_rows(table, policy).to_pylist() if columns else []
    row_at = {
        name: _rows_by_key(name, released_tables)
        for name in {column.counts_table for column in columns if column.counts_table}
    }
    for column in columns:
        shown_rows = [(row, _counts_row(row, column, row_at)) for row in rows if row[column.name] is not None]
        for error in _column_resolution_errors(shown_rows, column, policy):
            yield f"Table '{form.name}', column '{column.name}' {error}"
    if any(column.zero_or_sufficient for column in columns):
        yield from _differencing_errors(rows, form, policy, released_tables)


ShownRows = Sequence[tuple[Row, Mapping[str, Any]]]
"""Rows that show a value, each with the row that has its counts."""


def _column_resolution_errors(shown_rows: ShownRows, column: Column, policy: Policy) -> Iterator[str]:
    if shown_rows and column.is_float and not column.step:
        yield f"declares no resolution, so it cannot leave under '{policy.name}'. Declare its `step`."
    elif needs_shown_counts(column) and not all(
        has_sufficient_counts(counts, column, policy) for _, counts in shown_rows
    ):
        yield (
            f"holds a value where a count that it rests on is not shown, or is below {policy.minimum_base}. Make "
            "it from tables that have been through disclosure.apply_policy."
        )
    elif column.is_numeric and any(_is_finer(row[column.name], counts, column, policy) for row, counts in shown_rows):
        yield (
            "holds a value finer than its declared resolution. Make it from tables that have been through "
            "disclosure.apply_policy."
        )


def _has_step(column: Column) -> bool:
    return column.is_float or (column.protect and column.kind != "count" and not column.is_text)


def _is_finer(value: float, counts: Mapping[str, Any], column: Column, policy: Policy) -> bool:
    if not isfinite(value):
        return False  # `_number_errors` reports it
    count = counts.get(column.clear_of) if column.clear_of else None
    is_at_count = count is not None and move_off_count(value, count, column) != value
    return is_at_count or is_finer_than_declared(value, column, smallest_base(counts, column, policy))


def _rows_by_key(name: str, tables: Mapping[str, pa.Table]) -> Mapping[tuple[Any, ...], Row]:
    rows = tables[name].to_pylist() if name in tables else []
    return {tuple(row[part] for part in declared_tables()[name].key): row for row in rows}


def _counts_row(row: Row, column: Column, row_at: Mapping[str, Mapping[tuple[Any, ...], Row]]) -> Mapping[str, Any]:
    """Return the row that has the counts of an estimate: its own, or that of another table with the same key."""
    if not column.counts_table:
        return row
    form = declared_tables()[column.counts_table]
    return row_at[column.counts_table].get(tuple(row.get(name, form.totals.get(name)) for name in form.key), {})


def _differencing_errors(
    rows: Sequence[Row], form: Table, policy: Policy, released_tables: Mapping[str, pa.Table]
) -> Iterator[str]:
    """Yield an error if differencing gives the estimate of a part with too few records (`estimate_suppression`)."""
    forms = {name: declared_tables()[name] for name in released_tables if name in declared_tables()} | {form.name: form}
    forms = {name: other for name, other in forms.items() if any(column.zero_or_sufficient for column in other.columns)}
    rows_of_tables = {name: rows if name == form.name else released_tables[name].to_pylist() for name in forms}
    suppressed = suppressed_estimates(rows_of_tables, forms, policy)
    estimates = [column.name for column in form.columns if column.zero_or_sufficient]
    shown_rows = (row for row in rows if any(row[name] is not None for name in estimates))
    if any((form.name, tuple(row[name] for name in form.key)) in suppressed for row in shown_rows):
        yield (
            f"Table '{form.name}' holds an estimate of a part that, taken from that of the whole, gives the estimate "
            "of a smaller part. Make it from tables that have been through disclosure.apply_policy."
        )


def _rounding_errors(where: str, values: pa.ChunkedArray, policy: Policy) -> Iterator[str]:
    if any(value % policy.rounding_base for value in pc.unique(values).to_pylist() if value is not None):
        yield (
            f"{where} holds a count that is small or not rounded to {policy.rounding_base}. Make it from tables that "
            "have been through disclosure.apply_policy."
        )


def _number_errors(where: str, column: Column, values: pa.ChunkedArray) -> Iterator[str]:
    if pc.any(pc.is_inf(values)).as_py():
        yield f"{where} holds an infinite number."
    if column.kind == "share" and len(values) and values.null_count < len(values):
        extremes = pc.min_max(values).as_py()
        # Published corrections can be negative, so a share made of counts may lie a little outside.
        if extremes["min"] < -1 or extremes["max"] > 2:
            yield f"{where} is a share from 0 to 1, and holds numbers far outside it. Is it in per cent?"


def _max_length(form: Table, column: Column, policy: Policy) -> int:
    """Return the maximum length of a text; the status column may contain the status of every column."""
    if column.name != STATUS_COLUMN:
        return policy.longest[column.kind]
    return max(policy.longest[column.kind], len(longest_status_text(column.name for column in form.columns)))


def _text_errors(where: str, column: Column, values: pa.ChunkedArray, max_length: int) -> Iterator[str]:
    texts = [text for text in pc.unique(values).to_pylist() if text]
    if column.values and not column.empty and "" in pc.unique(values).to_pylist() and "" not in column.values:
        yield f"{where} holds an empty text, which is not in its closed list."
    if column.values and set(texts) - set(column.values):
        yield f"{where} holds a value that is not in its closed list: {', '.join(v for v in column.values if v)}."
    if any(len(text) > max_length for text in texts):
        yield f"{where} is declared a {column.kind} and holds a text longer than {max_length} characters."
    if column.kind != "sentence" and any(LINE_BREAK.search(text) for text in texts):
        yield f"{where} is declared a {column.kind} and holds a line break, as only running text does."
    if column.kind != "code" and any(holds_details(text) for text in texts):
        yield f"{where} holds text shaped like a telephone number, a postcode or an address. Look, and leave it out."
