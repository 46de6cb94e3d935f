"""Write short lists of our own codes as SQL literals.

Only codes from our own data files and tables become part of a statement. A value of a return never does, because
statements are stored in the provenance record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def sql_string(value: str | None) -> str:
    """Return a value as an SQL string; None is NULL."""
    return "null" if value is None else "'" + value.replace("'", "''") + "'"


def sql_list(values: Iterable[str]) -> str:
    """Return a non-empty list of values for use after IN."""
    return "(" + ", ".join(sql_string(value) for value in values) + ")"


def sql_table(rows: Iterable[Sequence[str | None]], name: str, columns: Sequence[str]) -> str:
    """Return rows of text as an SQL table for use after FROM or JOIN."""
    lines = ", ".join("(" + ", ".join(sql_string(cell) for cell in row) + ")" for row in rows)
    return f"(values {lines}) as {name}({', '.join(columns)})"


def birthday_18_sql(date_of_birth: str) -> str:
    """Return SQL for the 18th birthday; a birthday on 29 February falls on 1 March (contract, section 11)."""
    return (
        f"case when month({date_of_birth}) = 2 and day({date_of_birth}) = 29 "
        f"then make_date(year({date_of_birth}) + 18, 3, 1) "
        f"else cast({date_of_birth} + interval 18 year as date) end"
    )
