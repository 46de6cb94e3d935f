"""Row types of the released tables: one TypedDict for each table of `tables.toml`, with its columns and their types.

`LaddersRow` is a row of the table `ladders`. A cell that may be empty or suppressed has the type `... | None`.
`scripts/row_types.py` writes the modules of this package.
"""

import re
from functools import lru_cache

STANDARD_NAMES = {"faults": "ValidationErrorsRow"}
"""Row types of tables that are stored under an old word."""
STORED_NAMES = {row_type: table for table, row_type in STANDARD_NAMES.items()}


def row_type_name(table: str) -> str:
    """Return the name of the row type of a table: `LaddersRow` for `ladders`."""
    if table in STANDARD_NAMES:
        return STANDARD_NAMES[table]
    return "".join(word.capitalize() for word in table.split("_")) + "Row"


def table_name(table: type | str) -> str:
    """Return the name of a table that is given by its row type or its name: `ladders` for `LaddersRow`."""
    return table if isinstance(table, str) else _name_of(table)


@lru_cache
def _name_of(row_type: type) -> str:
    if row_type.__name__ in STORED_NAMES:
        return STORED_NAMES[row_type.__name__]
    return re.sub(r"(?<!^)(?=[A-Z])", "_", row_type.__name__.removesuffix("Row")).lower()
