"""Which tables may be released at all, and what does each of their columns hold?

The list stands in `tables.toml`; it is closed, and it is also the data dictionary that is published with the figures.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

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
    """A declared column: its kind (see `tables.toml`), unit, meaning, and whether a cell may be empty.

    `protect`: it is made from records, and a policy that protects them hides and rounds it. `over` are the counts that
    a protected share or number rests on; `part` those that make its numerator, where it is a plain share (with
    `plain_without`: where that column is empty; `of`: where they stand in the row of another table that has the same
    key, or its totals); `bound` ("lowest", "highest") the end at which hidden counts are taken. `rounded`: it must come
    rounded already.
    """

    name: str
    kind: str
    meaning: str
    unit: str = ""
    empty: bool = False
    values: tuple[str, ...] = ()
    protect: bool = False
    part: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    bound: str = ""
    plain_without: str = ""
    of: str = ""
    rounded: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it holds words or codes."""
        return self.kind in TEXT_KINDS


@dataclass(frozen=True)
class Table:
    """A declared table: what one row is, its key, and its columns in the order in which they are written.

    `sums`: which columns of a row add up to which; `totals`: which value of a key column stands for all the others
    together; `adds_up_to`: which column of another table the rows add up to, rows that differ in `each` apart;
    `follows`: of a curve, how much of what it follows must be shown (`curves`). `voice`: it holds what people said, so
    it may hold no share (DefinitionError); `enough`: of how many who answered, in another table, it may leave; where it
    is a column of its own, rows of too few leave with what `quiet` says in place of what they said. `together_only`:
    that count leaves of these values of the key alone. `conduct`: it tells what members of staff did (`staff`);
    `largest`: of a total of amounts, the columns that hold its largest contributions, which never leave (`dominance`);
    `parted`: a count of which the table holds several partings, and the part of the key at which their whole stands
    (its first column names the parting); `never_more`: counts of a row in rising order; `calls`: the columns that say
    whether a place is named, how probable that is, and for each count the column that says whether a call would tell of
    it, which never leaves (`calls`).
    """

    name: str
    title: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sums: Mapping[str, tuple[str, ...]]
    totals: Mapping[str, str]
    adds_up_to: Mapping[str, str]
    follows: Mapping[str, Any]
    each: tuple[str, ...] = ()
    voice: bool = False
    enough: str = ""
    quiet: Mapping[str, str] = field(default_factory=dict)
    together_only: Mapping[str, str] = field(default_factory=dict)
    conduct: Mapping[str, Any] = field(default_factory=dict)
    parted: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    largest: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never_more: tuple[tuple[str, ...], ...] = ()
    calls: Mapping[str, Any] = field(default_factory=dict)

    @property
    def protected_counts(self) -> tuple[str, ...]:
        """The counts that a policy hides and rounds."""
        return tuple(column.name for column in self.columns if column.protect and column.kind == "count")

    @property
    def inside(self) -> tuple[str, ...]:
        """Columns that whoever makes the table gives to disclosure, and that never leave."""
        largest = (name for parts in self.largest.values() for name in parts)
        return (*largest, *self.calls.get("tells", {}).values())

    @property
    def protects(self) -> bool:
        """Whether anything in it is made from records."""
        return any(column.protect for column in self.columns)

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema that a released table has."""
        return pa.schema([(column.name, TYPES[column.kind]) for column in self.columns])


LISTS = ("values", "part", "over")


def _column(name: str, form: Mapping[str, Any]) -> Column:
    parts: dict[str, Any] = {key: tuple(value) if key in LISTS else value for key, value in form.items()}
    return Column(name=name, **parts)


def _table(name: str, form: Mapping[str, Any]) -> Table:
    made = tuple(_column(column, values) for column, values in form["columns"].items())
    unknown = {column.kind for column in made} - set(TYPES)
    if unknown:
        raise DefinitionError(f"tables.toml, table {name}: unknown kind {', '.join(sorted(unknown))}.")
    if form.get("voice") and any(column.kind in ("share", "number") for column in made):
        raise DefinitionError(f"tables.toml, table {name}: what people said is counted, and never a share.")
    return Table(
        name=name,
        title=form["title"],
        row=form["row"],
        key=tuple(form["key"]),
        columns=made,
        sums={total: tuple(parts) for total, parts in form.get("sums", {}).items()},
        totals=form.get("totals", {}),
        adds_up_to=form.get("adds_up_to", {}),
        follows=form.get("follows", {}),
        each=tuple(form.get("each", ())),
        voice=form.get("voice", False),
        enough=form.get("enough", ""),
        quiet=form.get("quiet", {}),
        together_only=form.get("together_only", {}),
        conduct=form.get("conduct", {}),
        parted=form.get("parted", {}),
        never_more=tuple(tuple(one) for one in form.get("never_more", ())),
        largest={total: tuple(parts) for total, parts in form.get("largest", {}).items()},
        calls=form.get("calls", {}),
    )


@lru_cache
def declared_tables() -> Mapping[str, Table]:
    """Every table that may be released, by name."""
    text = files("assay.disclosure").joinpath("tables.toml").read_text(encoding="utf-8")
    return {name: _table(name, form) for name, form in tomllib.loads(text).items()}
