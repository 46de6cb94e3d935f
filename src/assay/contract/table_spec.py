"""What is a table of the return, and what is a column of it?"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from assay import reference
from assay.errors import DefinitionError

SPEC_VERSION = "1.0"
FORCE_CODE = "force_code"
READERS = "readers.toml"
KINDS = ("ref", "code", "text", "yesno", "int", "num", "date", "time", "when")
REQUIRED = ("yes", "if known", "no")
MINUTE = pa.timestamp("us")

ARROW = MappingProxyType(
    {"yesno": pa.bool_(), "int": pa.int64(), "num": pa.float64(), "date": pa.date32(), "time": MINUTE, "when": MINUTE}
)


@dataclass(frozen=True)
class Column:
    """One column: its type, whether it must be there, its closed list or '', and what reads it.

    `values_by` names the column whose value decides the list (events.detail); `refers` the table whose key it
    holds, or ''; `least` and `most` the minimum and the maximum; `empty_means` what an empty
    cell says in a table that is complete, or '' for "not known" (return contract, section 3.3). `readers` are the
    facts, checks and comparisons that read it today ("fact crime.charged", "check R50", "linkage", "scan",
    "narratives", "key").
    """

    name: str
    kind: str
    required: str
    values: str = ""
    rule: str = ""
    used_for: str = ""
    identity: bool = False
    empty_means: str = ""
    refers: str = ""
    values_by: str = ""
    least: int | None = None
    most: int | None = None
    readers: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether forces are asked for it: what nobody reads is not asked."""
        return bool(self.readers)

    @property
    def fields(self) -> tuple[pa.Field, ...]:
        """The typed fields that this column becomes: three for a `when`, else one."""
        held = pa.field(self.name, ARROW.get(self.kind, pa.string()))
        if self.kind != "when":
            return (held,)
        return (held, pa.field(f"{self.name}_last", MINUTE), pa.field(f"{self.name}_day", pa.date32()))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those fields."""
        return tuple(field.name for field in self.fields)


@dataclass(frozen=True)
class Table:
    """One table: what it is for, what a row is, its key, the column that dates it, and its columns in order.

    `force_code` is not among the columns: every table begins with it.
    """

    name: str
    purpose: str
    row: str
    tier: int
    key: tuple[str, ...]
    date: str
    in_scope: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, as they stand in a file, without force_code."""
        return tuple(column.name for column in self.columns)

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions and failure modes that a column of this table serves, ranges as they are written."""
        found = (mark for column in self.columns for mark in re.findall(r"[QF]\d+(?:-[QF]\d+)?", column.used_for))
        return tuple(dict.fromkeys(found))

    @property
    def asked(self) -> tuple[Column, ...]:
        """The columns that forces are asked for; none, if the whole table is not asked."""
        return tuple(column for column in self.columns if column.asked)

    def demands(self, column: Column) -> str:
        """What is demanded of a column of a file that was sent: "yes", "if known" or "no".

        Nobody is chased for what is not asked. Of a table that is sent unasked, what it needs to be read is needed.
        """
        if column.asked or column.name in self.key:
            return column.required
        return "no" if self.asked or column.required == "if known" else column.required

    def column(self, name: str) -> Column:
        """The column of this name; refuses any other, with the nearest."""
        for column in self.columns:
            if column.name == name:
                return column
        near = difflib.get_close_matches(name, self.names, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise DefinitionError(f"The table {self.name} has no column {name}.{hint}")


@lru_cache
def tables() -> Mapping[str, Table]:
    """The 28 tables by name, in the order of the contract."""
    folder = files("assay.contract")
    names = sorted(one.name for one in folder.iterdir() if re.fullmatch(r"\d\d_\w+\.toml", one.name))
    readers = tomllib.loads(folder.joinpath(READERS).read_text(encoding="utf-8"))
    found = [_table(name, tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8")), readers) for name in names]
    return MappingProxyType({one.name: one for one in found})


def asked_tables() -> Mapping[str, Table]:
    """The tables that forces are asked for, by name: those with a column that something reads."""
    return MappingProxyType({name: one for name, one in tables().items() if one.asked})


@lru_cache
def not_asked() -> tuple[tuple[str, str], ...]:
    """What no column of the contract asks for, and why: (what, why), in the words of section 14."""
    told = tomllib.loads(files("assay.contract").joinpath("not_asked.toml").read_text(encoding="utf-8"))
    return tuple((one["what"], one["why"]) for one in told["not_asked"])


def table(name: str) -> Table:
    """The table of this name; refuses any other, with the nearest."""
    try:
        return tables()[name]
    except KeyError:
        near = difflib.get_close_matches(name, tables(), n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise DefinitionError(f"The return contract has no table {name}.{hint}") from None


@lru_cache
def typed_schema(name: str) -> pa.Schema:
    """The fields of a table after receipt: force_code, its columns (a `when` as three), the line of the file."""
    fields = [field for column in table(name).columns for field in column.fields]
    return pa.schema([pa.field(FORCE_CODE, pa.string()), *fields, pa.field("line", pa.int64())])


@lru_cache
def meanings(name: str) -> Mapping[str, str]:
    """A closed list as value -> meaning, whether it stands in section 9 or beside its column."""
    if name in _beside():
        return MappingProxyType(dict(_beside()[name]))
    return MappingProxyType(dict(reference.return_lists()[name]) if name in reference.return_lists() else _no(name))


def list_values(name: str) -> tuple[str, ...]:
    """The values of a closed list, in its own spelling and order."""
    return tuple(meanings(name))


def event_kinds() -> Mapping[str, reference.EventKind]:
    """Every kind of event by key (return contract, section 8)."""
    return MappingProxyType({kind.key: kind for kind in reference.event_kinds()})


@lru_cache
def _beside() -> Mapping[str, Mapping[str, str]]:
    text = files("assay.contract").joinpath("lists.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def _no(name: str) -> dict[str, str]:
    raise DefinitionError(f"The return contract has no closed list {name}.")


def _table(file: str, told: dict[str, Any], readers: Mapping[str, Mapping[str, list[str]]]) -> Table:
    name = file[3:].removesuffix(".toml")
    read_by = readers.get(name, {})
    of_columns = told.pop("columns").items()
    columns = tuple(
        _column(f"{file}, {key}", key, {**of, "readers": tuple(read_by.get(key, ()))}) for key, of in of_columns
    )
    known = {column.name for column in columns}
    one = Table(name=name, columns=columns, date=told.pop("date", ""), key=tuple(told.pop("key")), **told)
    if not set(one.key) <= known or not {one.date} <= known | {""}:
        raise DefinitionError(f"{file}: the key and the date must be columns of the table.")
    return one


def _column(where: str, name: str, told: dict[str, Any]) -> Column:
    if told["kind"] not in KINDS or told["required"] not in REQUIRED:
        raise DefinitionError(f"{where}: kind is one of {', '.join(KINDS)}; required is yes, if known or no.")
    column = Column(name=name, **told)
    if column.values:
        meanings(column.values)
    return column
