"""Splink writes the same statements, in the same order, in every process.

Splink 5 collects the columns of a condition, and those whose values it counts (term frequencies), in sets of Python.
The order of a set is another in each process, and so were the statements that receipts quote: a run that was stopped
and taken up again left other receipts than one that was not. Splink has no setting for it.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def keep_columns_in_order() -> None:
    """Have Splink take those columns in order of their names; called before any level of a comparison is made."""
    from splink.internals import comparison_level, settings

    of_levels: Any = comparison_level
    of_settings: Any = settings.Settings
    columns_of, counted = of_levels.get_columns_used_from_sql, of_settings._term_frequency_columns.fget

    def columns_in_order(*given: Any, **named: Any) -> list[str]:
        return sorted(columns_of(*given, **named))

    def counted_in_order(held: Any) -> list[Any]:
        return sorted(counted(held), key=lambda column: str(column.name))

    of_levels.get_columns_used_from_sql = columns_in_order
    of_settings._term_frequency_columns = property(counted_in_order)
