"""Which tables may be released at all, and what does each of their columns hold?

The list stands in `tables.toml`; it is closed, and it is also the data dictionary that is published with the figures.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import pyarrow as pa

from assay.errors import DefinitionError

TEXT_KINDS = ("code", "name", "sentence")
TYPES: Mapping[str, pa.DataType] = {
    "code": pa.string(),
    "name": pa.string(),
    "sentence": pa.string(),
    "count": pa.int64(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "share": pa.float64(),
    "flag": pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """A declared column: its kind (see `tables.toml`), unit, meaning, and whether a cell may be empty."""

    name: str
    kind: str
    meaning: str
    unit: str = ""
    empty: bool = False
    values: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether it holds words or codes."""
        return self.kind in TEXT_KINDS


@dataclass(frozen=True)
class Table:
    """A declared table: what one row is, its key, and its columns in the order in which they are written."""

    name: str
    title: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema that a released table has."""
        return pa.schema([(column.name, TYPES[column.kind]) for column in self.columns])


def _table(name: str, form: Mapping[str, object]) -> Table:
    columns = form["columns"]
    assert isinstance(columns, dict)
    made = tuple(
        Column(name=column, **{**values, "values": tuple(values.get("values", ()))})
        for column, values in columns.items()
    )
    unknown = {column.kind for column in made} - set(TYPES)
    if unknown:
        raise DefinitionError(f"tables.toml, table {name}: unknown kind {', '.join(sorted(unknown))}.")
    key = form["key"]
    assert isinstance(key, list)
    return Table(name, str(form["title"]), str(form["row"]), tuple(key), made)


@lru_cache
def declared_tables() -> Mapping[str, Table]:
    """Every table that may be released, by name."""
    text = files("assay.disclosure").joinpath("tables.toml").read_text(encoding="utf-8")
    return {name: _table(name, form) for name, form in tomllib.loads(text).items()}
