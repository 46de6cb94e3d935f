"""Make Splink run the same SQL statements in the same order in every process.

Splink 5 collects the columns of a condition, and those with term frequencies, in Python sets. Their order differs
between processes, so the statements recorded in provenance differed too: an interrupted and resumed run had other
records than an uninterrupted one. Splink has no setting for this.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def sort_splink_columns() -> None:
    """Patch Splink to sort these columns by name; must be called before any comparison level is created."""
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
