"""In what form does a return state which of its rows cannot be used?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

NOTE_BELOW = "a note, not a row of the table"


@dataclass(frozen=True)
class Rung:
    """A reason to set a row aside. With a `rule` it is also a fault of the cell in `column` (an SQL
    expression that names a field); equal faults are told once for each value of the field `once_for`."""

    reason: str
    when: str
    column: str = "''"
    rule: str = ""
    what_to_do: str = ""
    once_for: str = ""
    hint: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Rules:
    """How one return is read: its text `fields`, the wide fields to `unfold` into (factor, value) cells, the
    tables to `prepare` and join, what is `parsed`, the `rungs`, the key of a row, its measures, what is
    passed on (`select`), what is told of rows that pass (`remarks`), SQL for what each force has one row
    of in each quarter (`row_of`), and SQL for rows of a code that combines several offences (`combined_code`)."""

    fields: tuple[str, ...]
    parsed: dict[str, str]
    rungs: tuple[Rung, ...]
    key: tuple[str, ...]
    measures: tuple[str, ...]
    select: str
    remarks: tuple[Rung, ...] = ()
    unfold: tuple[str, ...] = ()
    prepare: Callable[[duckdb.DuckDBPyConnection], None] | None = None
    joins: str = ""
    row_of: str = ""
    combined_code: str = ""


TWO_COUNTS = "two counts for one key"
DOUBLES = (
    Rung(
        TWO_COUNTS,
        "",
        "''",
        "one force, quarter and offence has one count",
        "Two rows with the same key give different counts, so both were set aside. Keep the right one.",
    ),
)


def formula_rung(fields: tuple[str, ...]) -> Rung:
    """A formula is never worked out, and the value it once had is not what was published."""
    # A cell that was unfolded stands in `value`; the column a person sees is that of its factor.
    cases = " ".join(f"when {name} like '=%' then {'factor' if name == 'value' else repr(name)}" for name in fields)
    column = f"coalesce({_first('formula')}, case {cases} end)"
    return Rung(
        "formula",
        f"{column} is not null",
        column,
        "a cell holds a value and not a formula",
        "Formulas are never worked out here. Replace the formula by its value.",
    )


def error_rung() -> Rung:
    """A spreadsheet error in a cell that we need."""
    return Rung(
        "error in a cell",
        f"{_first('error')} is not null",
        _first("error"),
        "a cell holds a value and not an error",
        "The spreadsheet shows an error in this cell. Put the published value there.",
    )


def _first(rule: str) -> str:
    """SQL for the first field of a row that is so marked; NULL when none is."""
    return f"split_part(list_filter(marks, lambda m: starts_with(m, '{rule}:'))[1], ':', 2)"


def marks_without(wide: list[str], name: str) -> str:
    """SQL for a row's marks without those of the wide fields other than `name`."""
    others = [f"'{rule}:{one}'" for one in wide if one != name for rule in ("formula", "error")]
    return f"list_filter(marks, lambda m: m not in ({', '.join(others)}))" if others else "marks"


def always(rules: Rules) -> tuple[Rung, ...]:
    """The rungs that every return has: a row without anything in it."""
    fields = (*rules.fields, *(("value",) if rules.unfold else ()))
    nothing = " and ".join(f"{name} is null" for name in fields)
    return (Rung("an empty row", f"marks is null and {nothing}"),)
