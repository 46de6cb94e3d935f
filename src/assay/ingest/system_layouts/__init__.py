"""Known headings and codes of record systems, each with its source and evidence.

There is one TOML file for each source, with the grade of its evidence: `seen` (the publication was read), `recalled`
(common words, from no publication), `by example` (derived from rows that a force prepared by hand). The layout of a
record system that is not public is not here, and no name in these files claims to be one.
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
ANY_TABLE = "any"
KEYS = ("name", "status", "source", "files", "same", "may", "values", "may_values", "empty")
Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class SystemLayout:
    """The file names, headings and words that one record system uses, with their meanings in the contract.

    `files`: table -> words for it; `certain_headings` and `possible_headings`: (table or 'any') -> column -> headings
    that mean it, or may; `values` and `possible_values`: list -> contract value -> words that mean it, or may; `empty`:
    words that mean that nothing is known.
    """

    name: str
    status: str
    source: str
    files: Words = field(default_factory=dict)
    certain_headings: Mapping[str, Words] = field(default_factory=dict)
    possible_headings: Mapping[str, Words] = field(default_factory=dict)
    values: Mapping[str, Words] = field(default_factory=dict)
    possible_values: Mapping[str, Words] = field(default_factory=dict)
    empty: tuple[str, ...] = ()

    def headings(self, table: str, column: str, is_certain: bool) -> tuple[str, ...]:
        """Return the headings that certainly mean a column of a table or, if not `is_certain`, that may mean it."""
        headings_by_table = self.certain_headings if is_certain else self.possible_headings
        return (
            *headings_by_table.get(ANY_TABLE, {}).get(column, ()),
            *headings_by_table.get(table, {}).get(column, ()),
        )


@lru_cache
def system_layouts() -> tuple[SystemLayout, ...]:
    """Return all layouts by file name; raise DefinitionError for unknown tables or columns."""
    folder = files("assay.ingest.system_layouts")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(_read_layout(name, tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))) for name in names)


def read_layout(file: str, text: str) -> SystemLayout:
    """Return the layout in the text of a TOML file; raise DefinitionError for unknown tables, columns or values."""
    return _read_layout(file, tomllib.loads(text))


def _read_layout(file: str, content: dict[str, object]) -> SystemLayout:
    layout = SystemLayout(
        name=str(content.get("name", "")),
        status=str(content.get("status", "")),
        source=str(content.get("source", "")),
        files=_read_words(content.get("files")),
        certain_headings=_read_word_tables(content.get("same")),
        possible_headings=_read_word_tables(content.get("may")),
        values=_read_word_tables(content.get("values")),
        possible_values=_read_word_tables(content.get("may_values")),
        empty=_read_words(content.get("empty")).get("words", ()),
    )
    for error in _layout_errors(layout, content):
        raise DefinitionError(f"layouts/{file}: {error}")
    return layout


def _read_words(entries: object) -> Words:
    return {key: tuple(words) for key, words in entries.items()} if isinstance(entries, dict) else {}


def _read_word_tables(entries: object) -> Mapping[str, Words]:
    return {key: _read_words(words) for key, words in entries.items()} if isinstance(entries, dict) else {}


def _layout_errors(layout: SystemLayout, content: Mapping[str, object]) -> Iterator[str]:
    if set(content) - set(KEYS) or not layout.name or not layout.source:
        yield f"it needs a name and a source, and may have only the keys {', '.join(KEYS)}."
    if layout.status not in STATUSES:
        yield f"its status is one of {', '.join(STATUSES)}."
    for headings_by_table in (layout.certain_headings, layout.possible_headings):
        for table, columns in headings_by_table.items():
            yield from (f"{table} has no column {name}." for name in columns if not _is_known_column(table, name))
    for name, values in (*layout.values.items(), *layout.possible_values.items()):
        known = ("yes", "no") if name == "yesno" else contract.list_values(name)
        yield from (f"the list {name} has no value {value}." for value in values if value not in known)


def _is_known_column(table: str, column: str) -> bool:
    tables = contract.tables().values() if table == ANY_TABLE else (contract.table(table),)
    return any(column in (contract.FORCE_CODE, *spec.column_names) for spec in tables)
