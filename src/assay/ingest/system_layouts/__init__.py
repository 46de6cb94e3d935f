"""In which words do forces head their columns and write their codes, and how do we know?

One TOML file a source, each with the grade of its evidence: `seen` (the publication was read), `recalled` (common
words, from no publication), `by example` (worked out from rows that a force prepared by hand). A layout of a record
system that is not public is not here: no name in these files claims to be one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from assay import contract
from assay.errors import DefinitionError

STATUSES = ("seen", "recalled", "by example")
ANY = "any"
KEYS = ("name", "status", "source", "files", "same", "may", "values", "may_values", "empty")
Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Layout:
    """The words of one source. `files`: table -> words for it; `same` and `may`: (table or 'any') -> column -> headings
    that mean it, or may; `values` and `may_values`: list -> our value -> theirs, that mean it, or may; `empty`: words
    that mean that nothing is known."""

    name: str
    status: str
    source: str
    files: Words = field(default_factory=dict)
    same: Mapping[str, Words] = field(default_factory=dict)
    may: Mapping[str, Words] = field(default_factory=dict)
    values: Mapping[str, Words] = field(default_factory=dict)
    may_values: Mapping[str, Words] = field(default_factory=dict)
    empty: tuple[str, ...] = ()

    def headings(self, table: str, column: str, sure: bool) -> tuple[str, ...]:
        """The headings that mean a column of a table, or with `sure` false those that may."""
        of = self.same if sure else self.may
        return (*of.get(ANY, {}).get(column, ()), *of.get(table, {}).get(column, ()))


@lru_cache
def layouts() -> tuple[Layout, ...]:
    """Every layout that is held, by file name; DefinitionError if one names a table or column that does not exist."""
    folder = files("assay.ingest.system_layouts")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    return tuple(_layout(name, tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))) for name in names)


def _layout(file: str, told: dict[str, object]) -> Layout:
    layout = Layout(
        name=str(told.get("name", "")),
        status=str(told.get("status", "")),
        source=str(told.get("source", "")),
        files=_words(told.get("files")),
        same=_tables(told.get("same")),
        may=_tables(told.get("may")),
        values=_tables(told.get("values")),
        may_values=_tables(told.get("may_values")),
        empty=_words(told.get("empty")).get("words", ()),
    )
    for fault in _faults(layout, told):
        raise DefinitionError(f"layouts/{file}: {fault}")
    return layout


def _words(told: object) -> Words:
    return {key: tuple(words) for key, words in told.items()} if isinstance(told, dict) else {}


def _tables(told: object) -> Mapping[str, Words]:
    return {key: _words(words) for key, words in told.items()} if isinstance(told, dict) else {}


def _faults(layout: Layout, told: Mapping[str, object]) -> Iterator[str]:
    if set(told) - set(KEYS) or not layout.name or not layout.source:
        yield f"it needs a name and a source, and knows no other keys than {', '.join(KEYS)}."
    if layout.status not in STATUSES:
        yield f"its status is one of {', '.join(STATUSES)}."
    for of in (layout.same, layout.may):
        for table, columns in of.items():
            yield from (f"{table} has no column {name}." for name in columns if not _known(table, name))
    for name, values in (*layout.values.items(), *layout.may_values.items()):
        known = ("yes", "no") if name == "yesno" else contract.list_values(name)
        yield from (f"the list {name} has no value {value}." for value in values if value not in known)


def _known(table: str, column: str) -> bool:
    tables = contract.tables().values() if table == ANY else (contract.table(table),)
    return any(column in (contract.FORCE_CODE, *one.names) for one in tables)
