"""Make Splink write the same statements in the same order in every process.

Splink 5 collects the columns of a condition, and those whose values it counts (term frequencies), in sets of Python.
The order of a set is another in each process, and so were the statements that receipts quote: a run that was stopped
and taken up again left other receipts than one that was not. Splink has no setting for it.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def sort_splink_columns() -> None:
    """Have Splink take those columns in order of their names; called before any level of a comparison is made."""
    from splink.internals import comparison_level, settings

    level_module: Any = comparison_level
    settings_class: Any = settings.Settings
    columns_of, frequency_columns = level_module.get_columns_used_from_sql, settings_class._term_frequency_columns.fget

    def sorted_columns(*args: Any, **kwargs: Any) -> list[str]:
        return sorted(columns_of(*args, **kwargs))

    def sorted_frequency_columns(settings_object: Any) -> list[Any]:
        return sorted(frequency_columns(settings_object), key=lambda column: str(column.name))

    level_module.get_columns_used_from_sql = sorted_columns
    settings_class._term_frequency_columns = property(sorted_frequency_columns)
