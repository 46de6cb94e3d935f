"""What may be sent beside the returns of forces, by whom, and what does each word of a closed list mean?"""

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

HOME = "assay.ingest.other_senders"
KINDS = MappingProxyType(
    {"ref": pa.string(), "code": pa.string(), "text": pa.string(), "int": pa.int64(), "date": pa.date32()}
)
ACROSS = "ALL"
"""In the place of a force: asked across forces, not force by force."""
PLACE, BODY, LINE, REGISTER_QUESTION = "place", "body", "line", "register_question"
ROLE = "role"
CHILD_LIST, DEFINITION = "child_list", "definition"
"""Lists that stand elsewhere: the bodies of the request, the lines of enquiry, the questions of mode register, the
roles of the return contract, and the commission's lists of children and definitions."""


@dataclass(frozen=True)
class Column:
    """One column: its type, whether a cell may be empty ("yes": never), its closed list or '', the table whose key it
    holds or '', the least number, how many characters a text may have, and the word in a cell that says that the sender
    knows that there is none ('': no word does). An empty cell says that it is not known."""

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
        """The yes/no column beside it: yes, known to have none; no, there is a value; empty, not known."""
        return f"{self.name}_none"


@dataclass(frozen=True)
class Table:
    """One table: what it is for, what a row is, its key, and which kinds of sender may send it."""

    name: str
    purpose: str
    row: str
    key: tuple[str, ...]
    senders: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The columns as they are kept: the sender first, then its own, then the line of the file."""
        held = [(column.name, KINDS[column.kind]) for column in self.columns]
        nones = [(column.none_name, pa.bool_()) for column in self.columns if column.none]
        return pa.schema([("sender", pa.string()), *held, *nones, ("file_line", pa.int64())])


@lru_cache
def tables() -> Mapping[str, Table]:
    """The tables by name, each after those it refers to."""
    folder = files(HOME).joinpath("tables")
    found = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            one = _table(file.name, tomllib.loads(file.read_text(encoding="utf-8")))
            found[one.name] = one
    return MappingProxyType(found)


@lru_cache
def lists() -> Mapping[str, Mapping[str, str]]:
    """Every closed list of these tables: value -> meaning."""
    told = tomllib.loads(files(HOME).joinpath("lists.toml").read_text(encoding="utf-8"))
    told[LINE] = {line.key: line.name for line in reference.lines()}
    told[REGISTER_QUESTION] = {one.number: one.text for one in reference.questions() if "register" in one.modes}
    told[ROLE] = {value: says or value.replace("_", " ") for value, says in return_lists()[ROLE]}
    told[CHILD_LIST] = {one.key: one.name for one in reference.child_lists()}
    told[DEFINITION] = {one.key: one.term for one in reference.definitions()}
    return MappingProxyType(told)


def list_values(name: str, places: Collection[str] = ()) -> tuple[str, ...]:
    """The values of a closed list, in its own order; `places`: the codes of the bodies that are asked."""
    if name in (PLACE, BODY):
        return (*((ACROSS,) if name == PLACE else ()), *places)
    return tuple(lists()[name])


def meaning(name: str, value: str) -> str:
    """What a value of a closed list means, as a page says it."""
    return lists()[name][value]


@lru_cache
def rules() -> Mapping[str, Rule]:
    """V01 to V24 by key, in the form in which the rules of a force's return stand."""
    told = tomllib.loads(files(HOME).joinpath("rules.toml").read_text(encoding="utf-8"))
    return MappingProxyType({key: Rule(key=key, what_happens=EFFECT[of["effect"]], **of) for key, of in told.items()})


EFFECT = {
    "kept": "kept and counted",
    "value": "value set aside",
    "row": "row set aside",
    "table": "table refused",
    "return": "refused as a whole",
}


def table_told(name: str, told: dict[str, Any], place: str) -> Table:
    """A table as a TOML section tells it; DefinitionError, with the place, where it cannot be one."""
    told_columns = told.get("columns")
    columns_told = told_columns if isinstance(told_columns, Mapping) else {}
    try:
        columns = tuple(Column(name=column, **of) for column, of in columns_told.items())
        key, senders = tuple(told["key"]), tuple(told["senders"])
        purpose, row = str(told["purpose"]), str(told["row"])
    except (KeyError, TypeError) as error:
        raise DefinitionError(f"{place}: a table needs purpose, row, key, senders and columns ({error}).") from None
    known, lists_known = {column.name for column in columns}, {*lists(), PLACE, BODY, ""}
    strangers = sorted(set(told) - {"purpose", "row", "key", "senders", "columns"})
    if not key or not set(key) <= known or strangers:
        raise DefinitionError(f"{place}: the key must be columns of the table{', with no ' if strangers else ''}"
                              f"{', '.join(strangers)}.")  # fmt: skip
    if any(c.kind not in KINDS or c.values not in lists_known or (c.kind == "code") != bool(c.values) for c in columns):
        raise DefinitionError(f"{place}: kind must be one of {', '.join(KINDS)}, and a code needs a known list.")
    if not senders or not set(senders) <= set(list_values("sender_kind")):
        raise DefinitionError(f"{place}: senders are some of {', '.join(list_values('sender_kind'))}.")
    return Table(name=name, purpose=purpose, row=row, key=key, senders=senders, columns=columns)


def _table(file: str, told: dict[str, Any]) -> Table:
    return table_told(file[3:].removesuffix(".toml"), told, file)
