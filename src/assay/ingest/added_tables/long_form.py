"""The long form of a published table: one figure in each row, with columns that say what it counts, where and when."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import pyarrow as pa

ARROW_TYPES = {"string": pa.string(), "number": pa.float64()}
ALL = "all"
"""The breakdown of a figure that is of everybody."""


@dataclass(frozen=True)
class LongColumn:
    """One column of the long form; `pattern` is a regular expression for the whole cell, '' for any text."""

    name: str
    type: str
    required: bool
    meaning: str
    pattern: str = ""


@dataclass(frozen=True)
class LongForm:
    """The columns of the long form in their order, and the columns that identify a row."""

    title: str
    description: str
    key: tuple[str, ...]
    columns: tuple[LongColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def fits(self, name: str, text: str) -> bool:
        """Return True if a text is permitted in a column of the long form."""
        column = next(column for column in self.columns if column.name == name)
        return not column.pattern or re.fullmatch(column.pattern, text) is not None

    @property
    def schema(self) -> pa.Schema:
        """The columns as an Arrow schema."""
        return pa.schema([(column.name, ARROW_TYPES[column.type]) for column in self.columns])


@dataclass(frozen=True)
class LongRow:
    """One published figure: its value, or the marker that the publisher printed instead."""

    source: str
    edition: str
    area_code: str
    period: str
    measure: str
    breakdown: str
    value: float | None
    marker: str

    @property
    def key(self) -> tuple[str, ...]:
        """The values that identify the row."""
        return (self.source, self.edition, self.area_code, self.period, self.measure, self.breakdown)


@lru_cache
def long_form() -> LongForm:
    """Return the long form as declared in long_form.toml."""
    data = tomllib.loads((files(__package__) / "long_form.toml").read_text("utf-8"))
    columns = tuple(LongColumn(**column) for column in data["column"])
    return LongForm(data["title"], data["description"], tuple(data["key"]), columns)
