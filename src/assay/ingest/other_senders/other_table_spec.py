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
from assay.contract.validation_rules import Rule
from assay.errors import DefinitionError
from assay.reference.return_code_lists import return_lists

PACKAGE = "assay.ingest.other_senders"
ARROW_TYPES = MappingProxyType(
    {"ref": pa.string(), "code": pa.string(), "text": pa.string(), "int": pa.int64(), "date": pa.date32()}
)
ALL_FORCES = "ALL"
"""Takes the place of a force code: surveyed across forces, not force by force."""
PLACE, ORGANISATION, LINE, REGISTER_QUESTION = "place", "body", "line", "register_question"
ROLE = "role"
CHILD_LIST, DEFINITION = "child_list", "definition"
"""Lists that are defined elsewhere: the organisations of the request, the inspection themes, the questions of the mode
register, the roles of the return contract, and the commission's lists of children and definitions."""


@dataclass(frozen=True)
class Column:
    """One column of a table of another sender.

    It has a type, whether a cell may be empty ("yes": never), a closed list or '', the table whose key it holds or '',
    a minimum, the maximum number of characters of a text, and the word in a cell by which the sender declares that
    there is none ('': no word does). An empty cell means not known.
    """

    name: str
    kind: str
    required: str
    values: str = ""
    rule: str = ""
    refers: str = ""
    least: int | None = None
    most: int = 0
    none: str = ""

    @property
    def none_name(self) -> str:
        """Return the name of the yes/no column beside it.

        Yes: known to have none; no: has a value; empty: not known.
        """
        return f"{self.name}_none"


@dataclass(frozen=True)
class Table:
    """One table: purpose, meaning of a row, key, and permitted kinds of sender."""

    name: str
    purpose: str
    row: str
    key: tuple[str, ...]
    senders: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """Return the stored columns: the sender first, then the table's own columns, then the line of the file."""
        fields = [(column.name, ARROW_TYPES[column.kind]) for column in self.columns]
        nones = [(column.none_name, pa.bool_()) for column in self.columns if column.none]
        return pa.schema([("sender", pa.string()), *fields, *nones, ("file_line", pa.int64())])


@lru_cache
def tables() -> Mapping[str, Table]:
    """Return the tables by name, each after those it refers to."""
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


EFFECTS = {
    "kept": "kept and counted",
    "value": "value set aside",
    "row": "row set aside",
    "table": "table refused",
    "return": "refused as a whole",
}


def parse_table(name: str, section: dict[str, Any], place: str) -> Table:
    """Return a table from a TOML section; raise DefinitionError with the place if it is invalid."""
    column_section = section.get("columns")
    column_entries = column_section if isinstance(column_section, Mapping) else {}
    try:
        columns = tuple(Column(name=column, **entry) for column, entry in column_entries.items())
        key, senders = tuple(section["key"]), tuple(section["senders"])
        purpose, row = str(section["purpose"]), str(section["row"])
    except (KeyError, TypeError) as error:
        raise DefinitionError(f"{place}: a table needs purpose, row, key, senders and columns ({error}).") from None
    known, known_lists = {column.name for column in columns}, {*lists(), PLACE, ORGANISATION, ""}
    unknown_keys = sorted(set(section) - {"purpose", "row", "key", "senders", "columns"})
    if not key or not set(key) <= known or unknown_keys:
        raise DefinitionError(f"{place}: the key must be columns of the table{', with no ' if unknown_keys else ''}"
                              f"{', '.join(unknown_keys)}.")  # fmt: skip
    if any(
        c.kind not in ARROW_TYPES or c.values not in known_lists or (c.kind == "code") != bool(c.values)
        for c in columns
    ):
        raise DefinitionError(f"{place}: kind must be one of {', '.join(ARROW_TYPES)}, and a code needs a known list.")
    if not senders or not set(senders) <= set(list_values("sender_kind")):
        raise DefinitionError(f"{place}: senders are some of {', '.join(list_values('sender_kind'))}.")
    return Table(name=name, purpose=purpose, row=row, key=key, senders=senders, columns=columns)


def _read_table(file: str, content: dict[str, Any]) -> Table:
    return parse_table(file[3:].removesuffix(".toml"), content, file)
