"""How are short lists of our own put into a question to the desk?

Only codes from our own data files and our own tables are written into a statement; a value of a return never is,
since statements are kept with the receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def quoted(value: str | None) -> str:
    """One value as SQL text; None is NULL."""
    return "null" if value is None else "'" + value.replace("'", "''") + "'"


def among(values: Iterable[str]) -> str:
    """A list to stand after IN; it is never empty."""
    return "(" + ", ".join(quoted(value) for value in values) + ")"


def listed(rows: Iterable[Sequence[str | None]], name: str, columns: Sequence[str]) -> str:
    """A table of text to stand after FROM or JOIN: `(values ...) as name(columns)`."""
    lines = ", ".join("(" + ", ".join(quoted(cell) for cell in row) + ")" for row in rows)
    return f"(values {lines}) as {name}({', '.join(columns)})"


def birthday_18(date_of_birth: str) -> str:
    """The day on which a person turns 18; a birthday on 29 February falls on 1 March (return contract, section 11)."""
    return (
        f"case when month({date_of_birth}) = 2 and day({date_of_birth}) = 29 "
        f"then make_date(year({date_of_birth}) + 18, 3, 1) "
        f"else cast({date_of_birth} + interval 18 year as date) end"
    )
