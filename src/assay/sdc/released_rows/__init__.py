"""Row types of the released tables: one TypedDict for each table of `tables.toml`, with its columns and their types.

`LaddersRow` is a row of the table `ladders`. A cell that may be empty or suppressed has the type `... | None`.
`scripts/row_types.py` writes the modules of this package.
"""

import re
from functools import lru_cache


def row_type_name(table: str) -> str:
    """Return the name of the row type of a table: `LaddersRow` for `ladders`."""
    return "".join(word.capitalize() for word in table.split("_")) + "Row"


def table_name(table: type | str) -> str:
    """Return the name of a table that is given by its row type or its name: `ladders` for `LaddersRow`."""
    return table if isinstance(table, str) else _name_of(table)


@lru_cache
def _name_of(row_type: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", row_type.__name__.removesuffix("Row")).lower()
