"""Is a table what it declares to be, and could the content of a record stand in it?

Each check returns sentences that name the table, the column and the rule, and never a value.
"""

import re
from collections.abc import Collection, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from assay.disclosure.declared import Column, Table
from assay.disclosure.marks import KEPT_BACK
from assay.disclosure.policy import Policy
from assay.language import holds_details

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


def value_faults(table: pa.Table, form: Table, policy: Policy) -> Iterator[str]:
    """Values that their column does not allow, among tables that have been cast."""
    for column in form.columns:
        where = f"Table '{form.name}', column '{column.name}'"
        found = table[column.name]
        if not column.empty and found.null_count:
            yield f"{where} has {found.null_count} empty cells, and it declares none."
        if policy.protects and (column.rounded or (column.protect and column.kind == "count")):
            yield from _rounding_faults(where, _of_records(table, policy)[column.name], policy)
        if column.is_text:
            yield from _text_faults(where, column, found, _longest(form, column, policy))
        elif column.kind in ("number", "share"):
            yield from _number_faults(where, column, found)


def _of_records(table: pa.Table, policy: Policy) -> pa.Table:
    """The rows that do not count police bodies."""
    named = next((name for name in ("indicator", "measure") if name in table.column_names), "")
    return table.filter(pc.invert(pc.is_in(table[named], pa.array(policy.of_bodies, pa.string())))) if named else table


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
