"""What does the file of a plug-in say, and can it be used as it stands?

    [plugin]              name, version, title, maker
    [tables.KEY]          a table that may be sent beside returns: purpose, row, key, senders, columns
    [indicators.KEY]      a share: title, question, why, population, met ... (`measure.Indicator`), with examples
    [definitions.KEY]     one more way to say what is counted, beside those in use: term, words, condition, examples
    [rooms.KEY]           code of an installed package: title, what it reads, the name under which it is offered

Everything that is wrong is gathered and told at once. A sentence names the place in the file, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from assay import contract
from assay.engine.provenance import file_hash
from assay.errors import DefinitionError, UsageError
from assay.indicators import Count, Form, Indicator, check
from assay.indicators.conditions import Condition
from assay.indicators.form_checks import KEY, Columns
from assay.indicators.indicator_catalogue import forms
from assay.ingest import other_senders
from assay.ingest.other_senders.other_cells import NotAValue, value_of
from assay.ingest.other_senders.other_table_spec import Column, table_told
from assay.ingest.return_manifest import did_you_mean
from assay.reference.toml_files import NotToml, sent_toml

NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,29}")
PARTS = ("tables", "indicators", "definitions", "rooms")
OF_PLUGIN = ("name", "version", "title", "maker")
OF_INDICATOR = (
    "title", "question", "why", "line", "asks", "record", "population", "met", "better", "limits", "leans_on",
)  # fmt: skip
OF_DEFINITION = ("term", "words", "leaves_out", "source", "record", "condition")
OF_ROOM = ("title", "offered_as", "reads")
MAY_HOLD = ("added_tables", "answers", "ladders", "left_out", "counts")


@dataclass(frozen=True)
class Definition:
    """One more way to say which records are counted; `population`: of which records at all."""

    key: str
    term: str
    words: str
    leaves_out: str
    source: str
    record: str
    condition: str
    population: str = "true"
    examples: tuple[tuple[Mapping[str, object], bool], ...] = ()

    @cached_property
    def count(self) -> Count:
        """The definition alone, as a count that can be checked and asked."""
        return Count(
            key=self.key, title=self.term, question=f"How many are there of: {self.term}?", why=self.words,
            line="scale", asks="Q1", record=self.record, population=self.population, limits=self.leaves_out,
            leans_on=self.source, definitions={self.key: self.condition},
            examples=tuple((row, (self.key,) if found else ()) for row, found in self.examples),
        )  # fmt: skip


@dataclass(frozen=True)
class Room:
    """A function of an installed package: from the tables it reads to tables of its own."""

    key: str
    title: str
    reads: tuple[str, ...]
    offered_as: str


@dataclass(frozen=True)
class Plugin:
    """What one file adds; `checksum` is the SHA-256 of the file."""

    name: str
    version: str
    title: str
    maker: str
    checksum: str
    tables: Mapping[str, other_senders.Table]
    indicators: tuple[Indicator, ...]
    definitions: tuple[Definition, ...]
    rooms: tuple[Room, ...]

    @property
    def forms(self) -> tuple[Form, ...]:
        """Everything that is asked of records."""
        return (*self.indicators, *(one.count for one in self.definitions))

    @property
    def keys(self) -> tuple[str, ...]:
        """Every name that it gives to something."""
        rooms = (one.key for one in self.rooms)
        return (*self.tables, *(one.key for one in self.forms), *rooms)

    @property
    def told(self) -> Mapping[str, str]:
        """How a receipt names it."""
        return {f"plugin {self.name}": f"{self.version} {self.checksum}"}


def read_plugin(path: Path) -> Plugin:
    """The plug-in in a file; UsageError if it is not there, DefinitionError with everything that is wrong with it."""
    try:
        told = sent_toml(path)
    except FileNotFoundError:
        raise UsageError(f"There is no file {path}.") from None
    except NotToml as error:
        raise DefinitionError(f"{path.name}{f', line {error.line}' if error.line else ''}: {error}") from None
    faults: list[str] = []
    made = _made(told, file_hash(path), faults)
    faults += _clashes(made)
    if faults:
        raise DefinitionError(f"{path.name} cannot be used. " + " ".join(faults))
    return made


def check_against(plugin: Plugin, columns: Callable[[str], Columns | None]) -> None:
    """Refuses a plug-in whose forms do not fit the records (DefinitionError); `columns`: of a record by its name, None
    if there is none of that name."""
    faults: list[str] = []
    for form in plugin.forms:
        known = columns(form.record)
        if known is None:
            faults.append(f"{form.key}: there are no records called {form.record!r}.")
            continue
        try:
            check(form, known)
        except DefinitionError as fault:
            faults.append(str(fault))
    if faults:
        raise DefinitionError(f"The plug-in {plugin.name} {plugin.version} does not fit. " + " ".join(faults))


def _made(told: Mapping[str, Any], checksum: str, faults: list[str]) -> Plugin:
    head = _section(told, "plugin", faults)
    words = _texts("[plugin]", head, OF_PLUGIN, (), faults)
    if not NAME.fullmatch(words["name"]):
        faults.append("[plugin] name: small letters, digits and hyphens, a letter first.")
    if not VERSION.fullmatch(words["version"]):
        faults.append("[plugin] version: letters, digits, full stops, such as 1.0.")
    faults += [
        f"[{name}] is no part of a plug-in.{did_you_mean(name, ('plugin', *PARTS))}"
        for name in told
        if name not in ("plugin", *PARTS)
    ]
    parts = {name: _section(told, name, faults, needed=False) for name in PARTS}
    if not any(parts.values()):
        faults.append(f"It adds nothing: write a section of one of {', '.join(PARTS)}.")
    made: dict[str, list[Any]] = {name: [] for name in PARTS}
    readers = (_table, _indicator, _definition, _room)
    for name, one_of in zip(PARTS, readers, strict=True):
        for key, of in parts[name].items():
            place = f"[{name}.{key}]"
            if not KEY.fullmatch(key) or not isinstance(of, Mapping):
                faults.append(f"{place}: a section whose key is small letters, digits and underscores.")
            elif (one := one_of(key, place, of, faults)) is not None:
                made[name].append(one)
    return Plugin(
        **words, checksum=checksum, tables={one.name: one for one in made["tables"]},
        indicators=tuple(made["indicators"]), definitions=tuple(made["definitions"]), rooms=tuple(made["rooms"]),
    )  # fmt: skip


def _clashes(plugin: Plugin) -> Iterator[str]:
    """Names that are taken: by the program, or twice in the file."""
    taken = {*contract.tables(), *other_senders.tables(), *(one.key for one in forms()), *MAY_HOLD}
    for number, key in enumerate(plugin.keys):
        if key in taken or key in plugin.keys[:number]:
            yield f"The name {key!r} is taken: choose another."


def _section(told: Mapping[str, Any], name: str, faults: list[str], needed: bool = True) -> Mapping[str, Any]:
    found = told.get(name, {})
    if not isinstance(found, Mapping) or (needed and not found):
        faults.append(f"It needs a section [{name}].")
        return {}
    return found


def _texts(
    place: str, told: Mapping[str, Any], needed: tuple[str, ...], more: tuple[str, ...], faults: list[str]
) -> dict[str, Any]:
    """The texts that a section must have, '' where one lacks; what else it holds must be among `more`."""
    lacking = [name for name in needed if not isinstance(told.get(name), str | list) or not told[name]]
    if lacking:
        faults.append(f"{place} lacks {', '.join(lacking)}.")
    faults += [
        f"{place} has {name!r}, which nobody reads.{did_you_mean(name, (*needed, *more))}"
        for name in told
        if name not in (*needed, *more)
    ]
    return {name: "" if name in lacking else told[name] for name in needed}


def _table(key: str, place: str, told: Mapping[str, Any], faults: list[str]) -> other_senders.Table | None:
    try:
        made = table_told(key, dict(told), place)
    except DefinitionError as fault:
        faults.append(str(fault))
        return None
    if any(column.refers for column in made.columns):
        faults.append(f"{place}: a table that is added refers to no other.")
    if {"force_code", "record_ref", "sender", "file_line"} & {column.name for column in made.columns}:
        faults.append(f"{place}: force_code, record_ref, sender and file_line are filled in by the program.")
    faults += [f"{place} {column.name}: {why}" for column in made.columns for why in _none_faults(column, made)]
    return made


def _none_faults(column: Column, table: other_senders.Table) -> Iterator[str]:
    """Why a column cannot have this word for "known to have none"."""
    word: object = column.none  # whatever the file holds
    if word == "" and isinstance(word, str):
        return
    if not isinstance(word, str) or word != word.strip():
        yield 'none is a word in a cell, such as none = "never".'
    elif column.required == "yes" or column.name in table.key:
        yield "it must be filled, so it cannot be none."
    elif column.none_name in {one.name for one in table.columns}:
        yield f"the program adds {column.none_name}; give your own column another name."
    elif column.kind not in ("text", "ref") and _is_value(column, word):
        yield "the word for none is a value of its own; choose another."


def _is_value(column: Column, word: str) -> bool:
    try:
        return value_of(replace(column, none=""), word, ()) is not None
    except NotAValue:
        return False


def _indicator(key: str, place: str, told: Mapping[str, Any], faults: list[str]) -> Indicator | None:
    before = len(faults)
    words = _texts(place, told, OF_INDICATOR, ("excluding", "needs", "examples"), faults)
    examples = _examples(place, told, "answer", str, faults)
    excluding = told.get("excluding", {})
    made = Indicator(
        key=key, **words, excluding=dict(excluding), needs=tuple(told.get("needs", ())), graded=False,
        examples=examples,
    )  # fmt: skip
    faults += _conditions(place, (made.population, made.met, *map(str, made.excluding.values())))
    return made if len(faults) == before else None


def _definition(key: str, place: str, told: Mapping[str, Any], faults: list[str]) -> Definition | None:
    before = len(faults)
    words = _texts(place, told, OF_DEFINITION, ("population", "examples"), faults)
    examples = _examples(place, told, "found", bool, faults)
    if {found for _, found in examples} != {True, False}:
        faults.append(f"{place} needs an example that is found and one that is not.")
    made = Definition(key, **words, population=str(told.get("population", "true")), examples=examples)
    faults += _conditions(place, (made.population, made.condition))
    return made if len(faults) == before else None


def _room(key: str, place: str, told: Mapping[str, Any], faults: list[str]) -> Room:
    words = _texts(place, told, OF_ROOM, (), faults)
    return Room(key, words["title"], tuple(map(str, words["reads"])), words["offered_as"])


def _examples(
    place: str, told: Mapping[str, Any], answer: str, kind: type, faults: list[str]
) -> tuple[tuple[Mapping[str, object], Any], ...]:
    """Rows, each with the answer that it must get: {row = {...}, answer = "met"}."""
    found = told.get("examples", ())
    fit = [
        one
        for one in found
        if isinstance(one, Mapping) and isinstance(one.get("row"), Mapping) and isinstance(one.get(answer), kind)
    ]
    if len(fit) < len(found) or not found:
        faults.append(f"{place} needs examples, each with a row and {answer!r}.")
    return tuple((dict(one["row"]), one[answer]) for one in fit)


def _conditions(place: str, texts: tuple[str, ...]) -> Iterator[str]:
    for text in filter(None, texts):
        try:
            Condition(text)
        except DefinitionError as fault:
            yield f"{place}: {fault}"
