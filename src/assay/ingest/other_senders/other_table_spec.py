"""Specification of the tables that senders other than forces may supply, with their closed lists."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from assay import reference
from assay.contract.table_spec import TableSpec, parse_column
from assay.contract.validation_rules import EFFECTS as RETURN_EFFECTS
from assay.contract.validation_rules import Rule
from assay.errors import DefinitionError
from assay.reference.return_code_lists import return_lists

PACKAGE = "assay.ingest.other_senders"
KINDS = ("ref", "code", "text", "int", "date")
"""The kinds of column that other senders use."""
ALL_FORCES = "ALL"
"""Takes the place of a force code: surveyed across forces, not force by force."""
PLACE, ORGANISATION, LINE, REGISTER_QUESTION = "place", "body", "line", "register_question"
ROLE = "role"
CHILD_LIST, DEFINITION = "child_list", "definition"
"""Lists that are defined elsewhere: the organisations of the request, the inspection themes, the questions of the mode
register, the roles of the return contract, and the commission's lists of children and definitions."""


@dataclass(frozen=True)
class Table(TableSpec):
    """One table of other senders, with the kinds of sender that may send it. An empty cell means not known."""

    senders: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """Return the stored columns: the sender first, then the table's own columns, then the line of the file."""
        fields = [field for column in self.columns for field in column.fields]
        nones = [pa.field(column.none_name, pa.bool_()) for column in self.columns if column.none]
        return pa.schema([pa.field("sender", pa.string()), *fields, *nones, pa.field("file_line", pa.int64())])


EFFECTS = MappingProxyType({**RETURN_EFFECTS, "return": "refused as a whole"})


@lru_cache
def tables() -> Mapping[str, Table]:
    """Return the tables by name, each after the tables to which it refers."""
    folder = files(PACKAGE).joinpath("tables")
    found = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            entry = _read_table(file.name, tomllib.loads(file.read_text(encoding="utf-8")))
            found[entry.name] = entry
    return MappingProxyType(found)


@lru_cache
def lists() -> Mapping[str, Mapping[str, str]]:
    """Return every closed list of these tables: value -> meaning."""
    list_meanings = tomllib.loads(files(PACKAGE).joinpath("lists.toml").read_text(encoding="utf-8"))
    list_meanings[LINE] = {line.key: line.name for line in reference.inspection_themes()}
    list_meanings[REGISTER_QUESTION] = {
        member.number: member.text for member in reference.questions() if "register" in member.modes
    }
    list_meanings[ROLE] = {value: label or value.replace("_", " ") for value, label in return_lists()[ROLE]}
    list_meanings[CHILD_LIST] = {member.key: member.name for member in reference.child_lists()}
    list_meanings[DEFINITION] = {member.key: member.term for member in reference.definitions()}
    return MappingProxyType(list_meanings)


def list_values(name: str, places: Collection[str] = ()) -> tuple[str, ...]:
    """Return the values of a closed list, in its own order; `places`: the codes of the organisations in the request."""
    if name in (PLACE, ORGANISATION):
        return (*((ALL_FORCES,) if name == PLACE else ()), *places)
    return tuple(lists()[name])


def meaning(name: str, value: str) -> str:
    """Return the meaning of a value of a closed list, as a page shows it."""
    return lists()[name][value]


@lru_cache
def rules() -> Mapping[str, Rule]:
    """Return rules V01 to V24 by key, in the same form as the rules of a force's return."""
    entries = tomllib.loads(files(PACKAGE).joinpath("rules.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {key: Rule(key=key, what_happens=EFFECTS[entry["effect"]], **entry) for key, entry in entries.items()}
    )


def parse_table(name: str, section: dict[str, Any], place: str) -> Table:
    """Return a table from a TOML section; raise DefinitionError, naming the section, if it is invalid."""
    column_section = section.get("columns")
    column_entries = column_section if isinstance(column_section, Mapping) else {}
    try:
        columns = tuple(
            parse_column(f"{place}, {column}", column, entry, KINDS) for column, entry in column_entries.items()
        )
        key, senders = tuple(section["key"]), tuple(section["senders"])
        purpose, row = str(section["purpose"]), str(section["row"])
    except (KeyError, TypeError) as error:
        raise DefinitionError(f"{place}: a table needs purpose, row, key, senders and columns ({error}).") from None
    known, known_lists = {column.name for column in columns}, {*lists(), PLACE, ORGANISATION, ""}
    unknown_keys = sorted(set(section) - {"purpose", "row", "key", "senders", "columns"})
    if not key or not set(key) <= known or unknown_keys:
        raise DefinitionError(f"{place}: the key must be columns of the table{', with no ' if unknown_keys else ''}"
                              f"{', '.join(unknown_keys)}.")  # fmt: skip
    if any(c.values not in known_lists or (c.kind == "code") != bool(c.values) for c in columns):
        raise DefinitionError(f"{place}: a code needs a known list, and no other kind has one.")
    if not senders or not set(senders) <= set(list_values("sender_kind")):
        raise DefinitionError(f"{place}: senders are some of {', '.join(list_values('sender_kind'))}.")
    return Table(name=name, purpose=purpose, row=row, key=key, senders=senders, columns=columns)


def _read_table(file: str, content: dict[str, Any]) -> Table:
    return parse_table(file[3:].removesuffix(".toml"), content, file)
