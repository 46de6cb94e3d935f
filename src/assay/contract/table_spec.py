"""Tables and columns of the data return, read from the TOML files of the contract.

`Column` and `TableSpec` describe every table that is sent: the tables of forces here, of other senders in
`ingest.other_senders`, and of plug-ins.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from assay import reference
from assay.errors import DefinitionError

SPEC_VERSION = "2.1"
RECEIVED_VERSIONS = ("1.0", "2.0", SPEC_VERSION)
"""Versions of the contract by which a return may be made. A return of an earlier one is read as one of the latest."""
FORCE_CODE = "force_code"
READERS_FILE = "readers.toml"
KINDS = ("ref", "code", "text", "yesno", "int", "num", "date", "time", "when")
REQUIRED = ("yes", "if known", "no")
ORIGINS = MappingProxyType(
    {
        "system": "exported from a record system",
        "derived": "derived by assay if it is not sent",
        "person": "asked of a person",
    }
)
"""Where the values of a column come from in a police force."""
TIME_TYPE = pa.timestamp("us")

ARROW_TYPES = MappingProxyType(
    {
        "yesno": pa.bool_(),
        "int": pa.int64(),
        "num": pa.float64(),
        "date": pa.date32(),
        "time": TIME_TYPE,
        "when": TIME_TYPE,
    }
)


@dataclass(frozen=True)
class Column:
    """One column of a table: its type, whether it is required, its closed list, and what reads it.

    Parameters
    ----------
    kind
        The type: one of `KINDS`.
    required
        'yes', 'if known' or 'no'.
    values
        The name of its closed list; '' if it has none.
    rule, used_for
        What the column holds, and which questions use it, as printed on the reference page.
    identity
        True if the column identifies a person.
    empty_means
        What an empty cell means in a complete table; '' for "not known" (return contract, section 3.3).
    refers
        The table whose key the column holds; '' if it is no reference.
    values_by
        The column whose value decides the closed list (events.detail).
    minimum, maximum
        The bounds of a number. In tables of other senders, `maximum` also limits the characters of a text.
    readers
        The facts, checks and comparisons that read the column, such as "fact crime.charged", "check R50", "linkage",
        "scan", "narratives" or "key". A column without readers is not requested.
    origin
        Where its values come from in a police force: a key of `ORIGINS`.
    since
        The version of the contract that added the column.
    pattern
        A regular expression that the whole text must match; '' for any text.
    none
        The word in a cell that means "none"; '' if there is no such word.
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
    minimum: int | None = None
    maximum: int | None = None
    readers: tuple[str, ...] = ()
    origin: str = "system"
    since: str = "1.0"
    pattern: str = ""
    none: str = ""

    @property
    def none_name(self) -> str:
        """Return the name of the yes/no column that states whether a record has no value in this column.

        Yes: known to have none; no: has a value; empty: not known.
        """
        return f"{self.name}_none"

    @property
    def is_requested(self) -> bool:
        """Return True if forces must send the column: a column that nothing reads is not requested."""
        return bool(self.readers)

    @property
    def fields(self) -> tuple[pa.Field, ...]:
        """Return the typed fields of the column: three for kind `when`, otherwise one."""
        value_field = pa.field(self.name, ARROW_TYPES.get(self.kind, pa.string()))
        if self.kind != "when":
            return (value_field,)
        return (value_field, pa.field(f"{self.name}_last", TIME_TYPE), pa.field(f"{self.name}_day", pa.date32()))

    @property
    def field_names(self) -> tuple[str, ...]:
        """Return the names of the typed fields of the column."""
        return tuple(field.name for field in self.fields)


@dataclass(frozen=True)
class TableSpec:
    """The parts of every table specification: purpose, meaning of a row, key, and columns in order."""

    name: str
    purpose: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Return the names of the columns, as in a file, without force_code."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True)
class Table(TableSpec):
    """One table of a force's return, with tier, date column and what is in scope.

    `force_code` is not among the columns, because every table begins with it. `natural_key`: the columns from which the
    first column of the key is derived where a row has none; empty if every row must have a reference of its own.
    """

    tier: int
    date: str
    in_scope: str
    natural_key: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """Return the questions and failure modes that the columns serve; ranges such as 'Q33-Q37' are not expanded."""
        found = (mark for column in self.columns for mark in re.findall(r"[QF]\d+(?:-[QF]\d+)?", column.used_for))
        return tuple(dict.fromkeys(found))

    @property
    def requested_columns(self) -> tuple[Column, ...]:
        """Return the requested columns; empty if the whole table is not requested."""
        return tuple(column for column in self.columns if column.is_requested)

    def requirement(self, column: Column) -> str:
        """Return whether a column of a sent file is required: 'yes', 'if known' or 'no'.

        A column that is not requested is not required. In a table that is sent without being requested, the columns
        needed to read it are required.
        """
        if column.is_requested or column.name in self.key:
            return column.required
        return "no" if self.requested_columns or column.required == "if known" else column.required

    def column(self, name: str) -> Column:
        """Return the column of this name; for an unknown name raise an error that suggests the nearest one."""
        for column in self.columns:
            if column.name == name:
                return column
        similar_names = difflib.get_close_matches(name, self.column_names, n=1)
        hint = f" Did you mean {similar_names[0]}?" if similar_names else ""
        raise DefinitionError(f"The table {self.name} has no column {name}.{hint}")


@lru_cache
def tables() -> Mapping[str, Table]:
    """Return the 28 tables by name, in the order of the contract."""
    folder = files("assay.contract")
    names = sorted(entry.name for entry in folder.iterdir() if re.fullmatch(r"\d\d_\w+\.toml", entry.name))
    readers = tomllib.loads(folder.joinpath(READERS_FILE).read_text(encoding="utf-8"))
    found = [
        _read_table(name, tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8")), readers) for name in names
    ]
    return MappingProxyType({entry.name: entry for entry in found})


def requested_tables() -> Mapping[str, Table]:
    """Return the requested tables by name: tables with a column that something reads."""
    return MappingProxyType({name: spec for name, spec in tables().items() if spec.requested_columns})


@lru_cache
def out_of_scope_topics() -> tuple[tuple[str, str], ...]:
    """Return the topics that the contract leaves out on purpose, each with the reason (section 14)."""
    content = tomllib.loads(files("assay.contract").joinpath("not_asked.toml").read_text(encoding="utf-8"))
    return tuple((topic["what"], topic["why"]) for topic in content["not_asked"])


def table(name: str) -> Table:
    """Return the table of this name; for an unknown name raise an error that suggests the nearest one."""
    try:
        return tables()[name]
    except KeyError:
        similar_names = difflib.get_close_matches(name, tables(), n=1)
        hint = f" Did you mean {similar_names[0]}?" if similar_names else ""
        raise DefinitionError(f"The return contract has no table {name}.{hint}") from None


@lru_cache
def typed_schema(name: str) -> pa.Schema:
    """Return the schema of a table after intake: force_code, the columns (three fields for a `when`), file line."""
    fields = [field for column in table(name).columns for field in column.fields]
    return pa.schema([pa.field(FORCE_CODE, pa.string()), *fields, pa.field("line", pa.int64())])


@lru_cache
def list_meanings(name: str) -> Mapping[str, str]:
    """Return a closed list as value and meaning, from section 9 of the contract or from its column."""
    if name in _column_lists():
        return MappingProxyType(dict(_column_lists()[name]))
    return MappingProxyType(
        dict(reference.return_lists()[name]) if name in reference.return_lists() else _refuse_unknown_list(name)
    )


def list_values(name: str) -> tuple[str, ...]:
    """Return the values of a closed list, in its own spelling and order."""
    return tuple(list_meanings(name))


def event_kinds() -> Mapping[str, reference.EventKind]:
    """Return every kind of event by key (return contract, section 8)."""
    return MappingProxyType({kind.key: kind for kind in reference.event_kinds()})


@lru_cache
def _column_lists() -> Mapping[str, Mapping[str, str]]:
    text = files("assay.contract").joinpath("lists.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def _refuse_unknown_list(name: str) -> dict[str, str]:
    raise DefinitionError(f"The return contract has no closed list {name}.")


def _read_table(file: str, content: dict[str, Any], readers: Mapping[str, Mapping[str, list[str]]]) -> Table:
    name = file[3:].removesuffix(".toml")
    read_by = readers.get(name, {})
    column_entries = content.pop("columns").items()
    columns = tuple(
        _read_column(f"{file}, {key}", key, {**entry, "readers": tuple(read_by.get(key, ()))})
        for key, entry in column_entries
    )
    known = {column.name for column in columns}
    natural_key = tuple(content.pop("natural_key", ()))
    spec = Table(
        name=name, columns=columns, date=content.pop("date", ""), key=tuple(content.pop("key")),
        natural_key=natural_key, **content,
    )  # fmt: skip
    if not {*spec.key, *natural_key} <= known or not {spec.date} <= known | {""}:
        raise DefinitionError(f"{file}: the key, the natural key and the date must be columns of the table.")
    if any(spec.column(column_name).identity for column_name in natural_key):
        raise DefinitionError(f"{file}: no reference is derived from a column that identifies a person.")
    return spec


EARLIER_KEYS = {"least": "minimum", "most": "maximum"}
"""Keys of a column in plug-in files that were written for an earlier version."""


def parse_column(place: str, name: str, entry: Mapping[str, Any], kinds: Collection[str] = KINDS) -> Column:
    """Parse a column of a table from its TOML section.

    Raises
    ------
    DefinitionError
        If its kind is none of `kinds`, or it does not say whether it is required.
    KeyError, TypeError
        If the section lacks a part or has an unknown one.
    """
    if entry["kind"] not in kinds or entry["required"] not in REQUIRED:
        raise DefinitionError(f"{place}: kind is one of {', '.join(kinds)}; required is yes, if known or no.")
    return Column(name=name, **{EARLIER_KEYS.get(key, key): value for key, value in entry.items()})


def _read_column(place: str, name: str, entry: dict[str, Any]) -> Column:
    if entry.get("origin") not in ORIGINS:
        raise DefinitionError(f"{place}: origin is one of {', '.join(ORIGINS)}.")
    column = parse_column(place, name, entry)
    if column.values:
        list_meanings(column.values)
    return column
