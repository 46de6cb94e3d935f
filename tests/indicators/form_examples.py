"""Fact tables made from the examples of indicator forms, so that tests evaluate the examples that experts sign."""

import pyarrow as pa

from assay.engine.expressions import ExpressionEngine
from assay.indicators import Count, Wait, columns_read
from assay.indicators.indicator_answers import evaluate_indicators
from assay.reference import Organisation

TYPES = {bool: pa.bool_(), int: pa.int64(), str: pa.string()}


def types_of(forms):
    """By record and column the Arrow type, as the examples show it; a column never shown is yes or no, or days."""
    found = {}
    for form in forms:
        record_forms = found.setdefault(form.record, {})
        for row, _ in form.examples:
            record_forms |= {name: TYPES[type(value)] for name, value in row.items() if value is not None}
        for name in columns_read(form):
            record_forms.setdefault(name, pa.int64() if name.startswith("days_") else pa.bool_())
    return found


def as_facts(types, rows):
    """A table of facts from rows (dictionaries with force_code and record_ref); what a row lacks is missing."""
    schema = pa.schema([("force_code", pa.string()), ("record_ref", pa.string()), *types.items()])
    return pa.Table.from_pylist([{**dict.fromkeys(schema.names), **row} for row in rows], schema=schema)


def as_rows(rows, force_code="INV01", start=1):
    """Rows of facts with their keys."""
    return [{"force_code": force_code, "record_ref": f"R{n}", **row} for n, row in enumerate(rows, start=start)]


def organisation(code, kind="territorial"):
    return Organisation(code, f"Body {code} (invented)", code.lower(), kind, "England")


def sent_tables(forms, force_codes, omissions=(), not_asked=(), not_complete=()):
    """covers, kinds, columns of forces that sent all that the forms need, less `omissions` (force, need).

    `not_asked`: tables that the inspection did not ask for. `not_complete`: what is not declared complete (force, need).
    """
    manifest_rows, kinds, columns = [], [], []
    needs = {column for form in forms for need in form.needs for column in need.split("|")}
    tables = {need.partition(".")[0] for need in needs}
    for force_code in force_codes:
        left = {need for force, need in omissions if force == force_code}
        manifest_rows += [
            {
                "force_code": force_code,
                "table_name": t,
                "supplied": "none" if t in {*left, *not_asked} else "whole",
                "reason": "not_asked" if t in not_asked else "",
                "used": t not in {*left, *not_asked},
                "complete": (force_code, t) not in not_complete,
            }
            for t in sorted(tables)
        ]
        for need in sorted(need for need in needs if "." in need):
            table, _, name = need.partition(".")
            if table == "events":
                kinds.append(
                    {
                        "force_code": force_code,
                        "kind": name,
                        "supplied": need not in left and table not in not_asked,
                        "complete": (force_code, need) not in not_complete,
                    }
                )
            else:
                columns.append(
                    {"force_code": force_code, "table_name": table, "column_name": name, "in_file": need not in left}
                )
    text = pa.string()
    return {
        "covers": pa.Table.from_pylist(manifest_rows),
        "kinds": pa.Table.from_pylist(
            kinds,
            schema=pa.schema(
                [("force_code", text), ("kind", text), ("supplied", pa.bool_()), ("complete", pa.bool_())]
            ),
        ),
        "columns": pa.Table.from_pylist(
            columns,
            schema=pa.schema(
                [("force_code", text), ("table_name", text), ("column_name", text), ("in_file", pa.bool_())]
            ),
        ),
    }


def ask(forms, tables, organisations, omissions=(), not_asked=(), not_complete=()):
    """What `evaluate_indicators` finds in these tables of facts."""
    codes = [organisation.code for organisation in organisations]
    with ExpressionEngine() as engine:
        facts = {record: engine.table(record, rows) for record, rows in tables.items()}
        return evaluate_indicators(
            forms,
            facts,
            engine,
            sent_tables(forms, codes, omissions, not_asked, not_complete),
            {organisation.code: organisation for organisation in organisations},
        )


def ask_examples(form, organisations=None, omissions=(), not_asked=()):
    """The answers to a form's own examples, all of the first body."""
    rows = as_rows([row for row, _ in form.examples], (organisations or [organisation("INV01")])[0].code)
    facts = {form.record: as_facts(types_of([form])[form.record], rows)}
    return ask([form], facts, organisations or [organisation("INV01")], omissions, not_asked)


def rows_where(table, **values):
    return [row for row in table.to_pylist() if all(row[name] == value for name, value in values.items())]


def only(table, **values):
    (row,) = rows_where(table, **values)
    return row


__all__ = [
    "Count",
    "Wait",
    "as_facts",
    "as_rows",
    "ask",
    "ask_examples",
    "only",
    "organisation",
    "rows_where",
    "types_of",
]
