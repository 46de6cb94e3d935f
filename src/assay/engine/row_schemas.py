"""Arrow schema of a table from the type of its rows, so that each table has one declaration of its columns.

A row type is a `TypedDict`: a column of type `int` or `int | None` is stored as a 64-bit integer. A column that is
stored otherwise says so: `Annotated[int, pa.int32()]`.
"""

from __future__ import annotations

from datetime import date, datetime
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, NotRequired, Required, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from assay.errors import DefinitionError

ARROW_TYPES = MappingProxyType(
    {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        date: pa.date32(),
        datetime: pa.timestamp("us"),
    }
)


def arrow_schema(row_type: type) -> pa.Schema:
    """Return the schema of a table with rows of this type, in the order of its columns; all may be empty.

    Raises
    ------
    DefinitionError
        If a column has a type that is not in `ARROW_TYPES` and no `Annotated` Arrow type.
    """
    hints = get_type_hints(row_type, include_extras=True)
    return pa.schema([(name, _arrow_type(row_type, name, hint)) for name, hint in hints.items()])


def _arrow_type(row_type: type, name: str, hint: Any) -> pa.DataType:
    if get_origin(hint) in (Required, NotRequired):
        (hint,) = get_args(hint)
    if get_origin(hint) is Annotated:
        return get_args(hint)[1]
    parts = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    kinds = [kind for kind in parts if kind is not NoneType]
    if len(kinds) != 1 or kinds[0] not in ARROW_TYPES:
        raise DefinitionError(f"{row_type.__name__}.{name}: no Arrow type is known for {hint}.")
    return ARROW_TYPES[kinds[0]]
