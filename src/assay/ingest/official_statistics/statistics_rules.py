"""Rules for reading the file of one statistic, and for setting its rows aside with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

NOTE_BELOW = "a note, not a row of the table"


@dataclass(frozen=True)
class Rung:
    """One exclusion rule: the reason for which a row is set aside, and the condition; the first that is met counts.

    With a `rule` it is also a validation error of the cell in `column` (an SQL expression that names a field). Equal
    errors are reported once for each value of `grouping_field`.
    """

    reason: str
    condition: str
    column: str = "''"
    rule: str = ""
    what_to_do: str = ""
    grouping_field: str = ""
    hint: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Rules:
    """The rules for reading the file of one statistic.

    `fields`: its text fields; `wide_fields`: wide fields that become (factor, value) cells; `prepare`: lookup tables to
    create and join; `parsed_columns`: SQL for parsed values; `rungs`: the rules; the key of a row and its measures;
    `select`: what is passed on; `remarks`: rungs that are only reported; `row_unit`: SQL for the unit of which each
    force has one row in each quarter; `combined_code`: SQL for rows of a code that combines several offences.
    """

    fields: tuple[str, ...]
    parsed_columns: dict[str, str]
    rungs: tuple[Rung, ...]
    key: tuple[str, ...]
    measures: tuple[str, ...]
    select: str
    remarks: tuple[Rung, ...] = ()
    wide_fields: tuple[str, ...] = ()
    prepare: Callable[[duckdb.DuckDBPyConnection], None] | None = None
    joins: str = ""
    row_unit: str = ""
    combined_code: str = ""


TWO_COUNTS = "two counts for one key"
DUPLICATE_RUNGS = (
    Rung(
        TWO_COUNTS,
        "",
        "''",
        "one force, quarter and offence has one count",
        "Two rows with the same key give different counts, so both were set aside. Keep the correct row.",
    ),
)


def formula_rung(fields: tuple[str, ...]) -> Rung:
    """Return the rule that sets a row with a formula aside, because its cached value may not be the published one."""
    # An unpivoted cell is in `value`; the column that a person sees is that of its factor.
    cases = " ".join(f"when {name} like '=%' then {'factor' if name == 'value' else repr(name)}" for name in fields)
    column = f"coalesce({_first_marked_field_sql('formula')}, case {cases} end)"
    is_formula = " or ".join(f"{name} like '=%'" for name in fields)
    return Rung(
        "formula",
        f"(marks is not null and {_first_marked_field_sql('formula')} is not null) or {is_formula}",
        column,
        "a cell holds a value and not a formula",
        "Formulas are not calculated. Replace the formula by its value.",
    )


def error_rung() -> Rung:
    """Return the rule that sets a row aside if a cell that is read holds a spreadsheet error."""
    return Rung(
        "error in a cell",
        f"marks is not null and {_first_marked_field_sql('error')} is not null",
        _first_marked_field_sql("error"),
        "a cell holds a value and not an error",
        "The spreadsheet shows an error in this cell. Enter the published value.",
    )


def _first_marked_field_sql(rule: str) -> str:
    """Return SQL for the first field of a row with this mark; NULL if there is none."""
    return f"split_part(list_filter(marks, lambda m: starts_with(m, '{rule}:'))[1], ':', 2)"


def field_marks_sql(wide: list[str], name: str) -> str:
    """Return SQL for the formula and error marks of a row that concern the wide field `name` or the other fields."""
    other_marks = [
        f"'{rule}:{other_name}'" for other_name in wide if other_name != name for rule in ("formula", "error")
    ]
    return f"list_filter(marks, lambda m: m not in ({', '.join(other_marks)}))" if other_marks else "marks"


def standard_rungs(rules: Rules) -> tuple[Rung, ...]:
    """Return the exclusion rules that apply to every statistic: a row is set aside if it is empty."""
    fields = (*rules.fields, *(("value",) if rules.wide_fields else ()))
    is_empty = " and ".join(f"{name} is null" for name in fields)
    return (Rung("an empty row", f"marks is null and {is_empty}"),)
