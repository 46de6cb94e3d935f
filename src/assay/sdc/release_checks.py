"""Is a table what it declares to be, and could the content of a record stand in it?

Each check returns sentences that name the table, the column and the rule, and never a value.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.sdc.cell_status import KEPT_BACK, Row
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


def policy_faults(form: Table, policy: Policy) -> Iterator[str]:
    """A table that this policy does not let out at all."""
    if policy.tables and form.name not in policy.tables:
        yield f"Table '{form.name}' is not among the tables that may leave under the policy '{policy.name}'."
    if form.protects and not policy.protects:
        yield (
            f"Table '{form.name}' is made from records, and the policy '{policy.name}' protects none. Release it under "
            "'record level'."
        )


def column_faults(
    table: pa.Table, form: Table, may_lack: Collection[str] = (), may_have: Collection[str] = ()
) -> Iterator[str]:
    """Columns that are not declared, declared columns that are missing, columns named twice."""
    known = [column.name for column in form.columns]
    for name in table.column_names:
        if name not in known and name not in may_have:
            yield f"Table '{form.name}' has a column '{name}' that is not declared. Declare it, or leave it out."
        if table.column_names.count(name) > 1:
            yield f"Table '{form.name}' has more than one column '{name}'."
    for name in known:
        if name not in table.column_names and name not in may_lack:
            yield f"Table '{form.name}' has no column '{name}', which it declares."


def cast(table: pa.Table, form: Table) -> tuple[pa.Table, list[str]]:
    """The table with its columns in the declared order and types; NaN becomes empty. Faults instead of a bad cast."""
    columns, faults = [], []
    for column, field in zip(form.columns, form.schema, strict=True):
        if column.name not in table.column_names:
            continue
        found = table[column.name].combine_chunks()
        try:
            columns.append(_one(found, field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, TypeError):
            faults.append(
                f"Table '{form.name}', column '{column.name}' holds {found.type}, which is not the {column.kind} "
                "that it declares."
            )
    kept = pa.schema([field for field in form.schema if field.name in table.column_names])
    return (pa.table(columns, schema=kept) if not faults else table), faults


def _one(found: pa.Array, wanted: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(found.type):
        found = found.dictionary_decode()
    same = {pa.types.is_string: _is_text, pa.types.is_boolean: pa.types.is_boolean}
    for is_wanted, is_found in same.items():
        if is_wanted(wanted) and not (is_found(found.type) or pa.types.is_null(found.type)):
            raise TypeError
    if not pa.types.is_string(wanted) and _is_text(found.type):
        raise TypeError
    if pa.types.is_floating(found.type):
        found = pc.if_else(pc.is_nan(found), pa.scalar(None, found.type), found)
    return found.cast(wanted)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def value_faults(
    table: pa.Table, form: Table, policy: Policy, beside: Mapping[str, pa.Table] | None = None
) -> Iterator[str]:
    """Yield a sentence for each column with a value that its declaration does not allow.

    Parameters
    ----------
    table
        The table, with the declared types.
    beside
        All tables that are released together, by name.
    """
    if policy.protects:
        yield from _resolution_faults(table, form, policy, beside or {})
    for column in form.columns:
        where = f"Table '{form.name}', column '{column.name}'"
        found = table[column.name]
        if not column.empty and found.null_count:
            yield f"{where} has {found.null_count} empty cells, and it declares none."
        if policy.protects and (column.rounded or (column.protect and column.kind == "count")):
            yield from _rounding_faults(where, _of_records(table, policy)[column.name], policy)
        if column.is_text:
            yield from _text_faults(where, column, found, _longest(form, column, policy))
        elif column.is_float:
            yield from _number_faults(where, column, found)


def _of_records(table: pa.Table, policy: Policy) -> pa.Table:
    """The rows that do not count police bodies."""
    named = next((name for name in ("indicator", "measure") if name in table.column_names), "")
    return table.filter(pc.invert(pc.is_in(table[named], pa.array(policy.of_bodies, pa.string())))) if named else table


def _resolution_faults(table: pa.Table, form: Table, policy: Policy, beside: Mapping[str, pa.Table]) -> Iterator[str]:
    """Find values finer than their resolution, and estimates whose counts are suppressed or too small."""
    if form.made_from and form.made_from not in beside and table.num_rows:
        yield f"Table '{form.name}' is computed from '{form.made_from}' as released. Release the two together."
    columns = [column for column in form.columns if _has_step(column)]
    rows = _of_records(table, policy).to_pylist() if columns else []
    row_at = {name: _rows_by_key(name, beside) for name in {column.of for column in columns if column.of}}
    for column in columns:
        shown = [(row, _counts_row(row, column, row_at)) for row in rows if row[column.name] is not None]
        for fault in _column_resolution_faults(shown, column, policy):
            yield f"Table '{form.name}', column '{column.name}' {fault}"
    if any(column.none_or_enough for column in columns):
        yield from _differencing_faults(rows, form, policy, beside)


ShownRows = Sequence[tuple[Row, Mapping[str, Any]]]
"""Rows that show a value, each with the row that has the counts under it."""


def _column_resolution_faults(shown: ShownRows, column: Column, policy: Policy) -> Iterator[str]:
    if shown and column.is_float and not column.step:
        yield f"declares no resolution, so it cannot leave under '{policy.name}'. Declare its `step`."
    elif needs_shown_counts(column) and not all(has_sufficient_counts(counts, column, policy) for _, counts in shown):
        yield (
            f"holds a value where a count that it rests on is not shown, or is below {policy.fewest_for_share}. Make "
            "it from tables that have been through disclosure.apply_policy."
        )
    elif column.is_numeric and any(_is_finer(row[column.name], counts, column, policy) for row, counts in shown):
        yield (
            "holds a value finer than its declared resolution. Make it from tables that have been through "
            "disclosure.apply_policy."
        )


def _has_step(column: Column) -> bool:
    return column.is_float or (column.protect and column.kind != "count" and not column.is_text)


def _is_finer(value: float, counts: Mapping[str, Any], column: Column, policy: Policy) -> bool:
    if not isfinite(value):
        return False  # `_number_faults` reports it
    count = counts.get(column.clear_of) if column.clear_of else None
    is_at_count = count is not None and move_off_count(value, count, column) != value
    return is_at_count or is_finer_than_declared(value, column, smallest_base(counts, column, policy))


def _rows_by_key(name: str, tables: Mapping[str, pa.Table]) -> Mapping[tuple[Any, ...], Row]:
    rows = tables[name].to_pylist() if name in tables else []
    return {tuple(row[part] for part in declared_tables()[name].key): row for row in rows}


def _counts_row(row: Row, column: Column, row_at: Mapping[str, Mapping[tuple[Any, ...], Row]]) -> Mapping[str, Any]:
    """Return the row that has the counts under an estimate: its own, or that of another table with the same key."""
    if not column.of:
        return row
    form = declared_tables()[column.of]
    return row_at[column.of].get(tuple(row.get(name, form.totals.get(name)) for name in form.key), {})


def _differencing_faults(
    rows: Sequence[Row], form: Table, policy: Policy, beside: Mapping[str, pa.Table]
) -> Iterator[str]:
    """Find shown estimates of parts that, with the estimate of the whole, give the one of a part with few records."""
    forms = {name: declared_tables()[name] for name in beside if name in declared_tables()} | {form.name: form}
    forms = {name: other for name, other in forms.items() if any(column.none_or_enough for column in other.columns)}
    rows_of_tables = {name: rows if name == form.name else beside[name].to_pylist() for name in forms}
    suppressed = suppressed_estimates(rows_of_tables, forms, policy)
    estimates = [column.name for column in form.columns if column.none_or_enough]
    shown = (row for row in rows if any(row[name] is not None for name in estimates))
    if any((form.name, tuple(row[name] for name in form.key)) in suppressed for row in shown):
        yield (
            f"Table '{form.name}' holds an estimate of a part that, taken from that of the whole, gives the estimate "
            "of a smaller part. Make it from tables that have been through disclosure.apply_policy."
        )


def _rounding_faults(where: str, found: pa.ChunkedArray, policy: Policy) -> Iterator[str]:
    if any(value % policy.round_to for value in pc.unique(found).to_pylist() if value is not None):
        yield (
            f"{where} holds a count that is small or not rounded to {policy.round_to}. Make it from tables that "
            "have been through disclosure.apply_policy."
        )


def _number_faults(where: str, column: Column, found: pa.ChunkedArray) -> Iterator[str]:
    if pc.any(pc.is_inf(found)).as_py():
        yield f"{where} holds an infinite number."
    if column.kind == "share" and len(found) and found.null_count < len(found):
        ends = pc.min_max(found).as_py()
        # Published corrections can be negative, so a share made of counts may lie a little outside.
        if ends["min"] < -1 or ends["max"] > 2:
            yield f"{where} is a share from 0 to 1, and holds numbers far outside it. Is it in per cent?"


def _longest(form: Table, column: Column, policy: Policy) -> int:
    """As the policy says of a kind of text; what names the columns that are empty may name them all."""
    every = " ".join(f"{KEPT_BACK}{one.name}" for one in form.columns) if column.name == "hidden" else ""
    return max(policy.longest[column.kind], len(every))


def _text_faults(where: str, column: Column, found: pa.ChunkedArray, longest: int) -> Iterator[str]:
    texts = [text for text in pc.unique(found).to_pylist() if text]
    if column.values and not column.empty and "" in pc.unique(found).to_pylist() and "" not in column.values:
        yield f"{where} holds an empty text, which is not in its closed list."
    if column.values and set(texts) - set(column.values):
        yield f"{where} holds a value that is not in its closed list: {', '.join(v for v in column.values if v)}."
    if any(len(text) > longest for text in texts):
        yield f"{where} is declared a {column.kind} and holds a text longer than {longest} characters."
    if column.kind != "sentence" and any(LINE_BREAK.search(text) for text in texts):
        yield f"{where} is declared a {column.kind} and holds a line break, as only running text does."
    if column.kind != "code" and any(holds_details(text) for text in texts):
        yield f"{where} holds text shaped like a telephone number, a postcode or an address. Look, and leave it out."
