"""Read the TOML file of a plug-in, and report every validation error at once.

    [plugin]              name, version, title, maker
    [tables.KEY]          a table that other senders may supply: purpose, row, key, senders, columns
    [indicators.KEY]      a share: title, question, why, population, met ... (`measure.Indicator`), with examples
    [definitions.KEY]     an additional definition of what is counted: term, words, condition, examples
    [rooms.KEY]           code of an installed package: title, what it reads, the name under which it is offered

All errors are reported together. A sentence names the place in the file, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from assay import contract
from assay.contract.table_spec import Column
from assay.engine.provenance import file_hash
from assay.errors import DefinitionError, UsageError
from assay.indicators import Count, Form, Indicator, check_form
from assay.indicators.conditions import Condition
from assay.indicators.form_checks import KEY, Columns
from assay.indicators.indicator_catalogue import forms
from assay.ingest import other_senders
from assay.ingest.other_senders.other_cells import InvalidValueError, parse_value
from assay.ingest.other_senders.other_table_spec import parse_table
from assay.ingest.return_manifest import did_you_mean
from assay.reference.toml_files import InvalidTomlError, read_sent_toml

NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,29}")
PARTS = ("tables", "indicators", "definitions", "rooms")
PLUGIN_FIELDS = ("name", "version", "title", "maker")
INDICATOR_FIELDS = (
    "title", "question", "why", "line", "asks", "record", "population", "met", "better", "limits", "assumptions",
)  # fmt: skip
FORMER_INDICATOR_FIELDS = {"leans_on": "assumptions"}
"""By the name in plug-ins for earlier versions: the present name of a key of an indicator."""
DEFINITION_FIELDS = ("term", "words", "leaves_out", "source", "record", "condition")
EXTENSION_FIELDS = ("title", "offered_as", "reads")
RESERVED_NAMES = ("added_tables", "answers", "ladders", "excluded_records", "counts_by_definition")


@dataclass(frozen=True)
class Definition:
    """A plug-in's definition of which records are counted; `population` is the set of records from which it selects."""

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
        """Return the definition as a count by definition, which can be checked and evaluated."""
        return Count(
            key=self.key, title=self.term, question=f"How many are there of: {self.term}?", why=self.words,
            line="scale", asks="Q1", record=self.record, population=self.population, limits=self.leaves_out,
            assumptions=self.source, definitions={self.key: self.condition},
            examples=tuple((row, (self.key,) if found else ()) for row, found in self.examples),
        )  # fmt: skip


@dataclass(frozen=True)
class Extension:
    """A function of an installed package that returns tables, and the tables that it reads."""

    key: str
    title: str
    reads: tuple[str, ...]
    offered_as: str


@dataclass(frozen=True)
class Plugin:
    """The content of one plug-in file; `checksum` is the SHA-256 of the file, `remarks` are sentences for its maker."""

    name: str
    version: str
    title: str
    maker: str
    checksum: str
    tables: Mapping[str, other_senders.Table]
    indicators: tuple[Indicator, ...]
    definitions: tuple[Definition, ...]
    extensions: tuple[Extension, ...]
    remarks: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[Form, ...]:
        """Return the plug-in's indicators and definitions of counts, which are evaluated for records."""
        return (*self.indicators, *(definition.count for definition in self.definitions))

    @property
    def keys(self) -> tuple[str, ...]:
        """Return every key that the plug-in defines."""
        extension_keys = (entry.key for entry in self.extensions)
        return (*self.tables, *(entry.key for entry in self.forms), *extension_keys)

    @property
    def receipt_settings(self) -> Mapping[str, str]:
        """Return the settings by which a provenance record names the plug-in."""
        return {f"plugin {self.name}": f"{self.version} {self.checksum}"}


def read_plugin(path: Path) -> Plugin:
    """Read the plug-in in a file.

    Raises
    ------
    UsageError
        If there is no such file.
    DefinitionError
        With every validation error in the file.
    """
    try:
        content = read_sent_toml(path)
    except FileNotFoundError:
        raise UsageError(f"There is no file {path}.") from None
    except InvalidTomlError as error:
        raise DefinitionError(f"{path.name}{f', line {error.line}' if error.line else ''}: {error}") from None
    errors: list[str] = []
    plugin = _parse_plugin(content, file_hash(path), errors)
    errors += _clashes(plugin)
    if errors:
        raise DefinitionError(f"{path.name} cannot be used. " + " ".join(errors))
    return plugin


def check_against(plugin: Plugin, columns: Callable[[str], Columns | None]) -> None:
    """Refuse a plug-in whose measures do not fit the records (DefinitionError)."""
    errors: list[str] = []
    for form in plugin.forms:
        record_columns = columns(form.record)
        if record_columns is None:
            errors.append(f"{form.key}: there are no records called {form.record!r}.")
            continue
        try:
            check_form(form, record_columns)
        except DefinitionError as error:
            errors.append(str(error))
    if errors:
        raise DefinitionError(f"The plug-in {plugin.name} {plugin.version} does not fit. " + " ".join(errors))


def _parse_plugin(content: Mapping[str, Any], checksum: str, errors: list[str]) -> Plugin:
    header = _section(content, "plugin", errors)
    header_texts = _texts("[plugin]", header, PLUGIN_FIELDS, (), errors)
    if not NAME.fullmatch(header_texts["name"]):
        errors.append("[plugin] name: small letters, digits and hyphens, a letter first.")
    if not VERSION.fullmatch(header_texts["version"]):
        errors.append("[plugin] version: letters, digits, full stops, such as 1.0.")
    errors += [
        f"[{name}] is no part of a plug-in.{did_you_mean(name, ('plugin', *PARTS))}"
        for name in content
        if name not in ("plugin", *PARTS)
    ]
    parts = {name: _section(content, name, errors, needed=False) for name in PARTS}
    parts["indicators"], remarks = _with_present_keys(parts["indicators"])
    if not any(parts.values()):
        errors.append(f"It adds nothing: write a section of one of {', '.join(PARTS)}.")
    entries: dict[str, list[Any]] = {name: [] for name in PARTS}
    readers = (_table, _indicator, _definition, _extension)
    for name, reader in zip(PARTS, readers, strict=True):
        for key, section in parts[name].items():
            section_path = f"[{name}.{key}]"
            if not KEY.fullmatch(key) or not isinstance(section, Mapping):
                errors.append(f"{section_path}: a section whose key is small letters, digits and underscores.")
            elif (entry := reader(key, section_path, section, errors)) is not None:
                entries[name].append(entry)
    return Plugin(
        **header_texts,
        checksum=checksum,
        tables={entry.name: entry for entry in entries["tables"]},
        indicators=tuple(entries["indicators"]),
        definitions=tuple(entries["definitions"]),
        extensions=tuple(entries["rooms"]),
        remarks=remarks,
    )


def _with_present_keys(indicators: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the indicators with the present names of their keys, and a sentence for each former name.

    If a section has both names, the former one stays, and is refused as unknown.
    """
    present_indicators, remarks = dict(indicators), []
    for key, section in indicators.items():
        for former, present in FORMER_INDICATOR_FIELDS.items():
            if isinstance(section, Mapping) and former in section and present not in section:
                section = {present if name == former else name: value for name, value in section.items()}
                remarks.append(f"[indicators.{key}]: the key {former} is now named {present}. Both are read.")
        present_indicators[key] = section
    return present_indicators, tuple(remarks)


def _clashes(plugin: Plugin) -> Iterator[str]:
    """Return names that are taken: by the program, or twice in the file."""
    names = {
        *contract.tables(),
        *other_senders.tables(),
        *(form.key for form in forms()),
        *RESERVED_NAMES,
    }
    for number, key in enumerate(plugin.keys):
        if key in names or key in plugin.keys[:number]:
            yield f"The name {key!r} is taken: choose another."


def _section(content: Mapping[str, Any], name: str, errors: list[str], needed: bool = True) -> Mapping[str, Any]:
    section = content.get(name, {})
    if not isinstance(section, Mapping) or (needed and not section):
        errors.append(f"It needs a section [{name}].")
        return {}
    return section


def _texts(
    section_path: str,
    section: Mapping[str, Any],
    required: tuple[str, ...],
    optional: tuple[str, ...],
    errors: list[str],
) -> dict[str, Any]:
    """Return the required texts of a section, '' for a missing one; report keys that are not in `optional`."""
    lacking = [name for name in required if not isinstance(section.get(name), str | list) or not section[name]]
    if lacking:
        errors.append(f"{section_path} lacks {', '.join(lacking)}.")
    errors += [
        f"{section_path} has {name!r}, which nobody reads.{did_you_mean(name, (*required, *optional))}"
        for name in section
        if name not in (*required, *optional)
    ]
    return {name: "" if name in lacking else section[name] for name in required}


def _table(key: str, section_path: str, section: Mapping[str, Any], errors: list[str]) -> other_senders.Table | None:
    try:
        table = parse_table(key, dict(section), section_path)
    except DefinitionError as error:
        errors.append(str(error))
        return None
    if any(column.refers for column in table.columns):
        errors.append(f"{section_path}: a table that is added refers to no other.")
    if {"force_code", "record_ref", "sender", "file_line"} & {column.name for column in table.columns}:
        errors.append(f"{section_path}: force_code, record_ref, sender and file_line are filled in by the program.")
    errors += [
        f"{section_path} {column.name}: {reason}" for column in table.columns for reason in _none_errors(column, table)
    ]
    return table


def _none_errors(column: Column, table: other_senders.Table) -> Iterator[str]:
    """Return why a column cannot have this word for "known to have none"."""
    word: object = column.none  # whatever the file holds
    if word == "" and isinstance(word, str):
        return
    if not isinstance(word, str) or word != word.strip():
        yield 'none is a word in a cell, such as none = "never".'
    elif column.required == "yes" or column.name in table.key:
        yield "it must be filled, so it cannot be none."
    elif column.none_name in {table_column.name for table_column in table.columns}:
        yield f"the program adds {column.none_name}; give your own column another name."
    elif column.kind not in ("text", "ref") and _is_value(column, word):
        yield "the word for none is a value of its own; choose another."


def _is_value(column: Column, word: str) -> bool:
    try:
        return parse_value(replace(column, none=""), word, ()) is not None
    except InvalidValueError:
        return False


def _indicator(key: str, section_path: str, section: Mapping[str, Any], errors: list[str]) -> Indicator | None:
    error_count = len(errors)
    texts = _texts(section_path, section, INDICATOR_FIELDS, ("excluding", "needs", "examples"), errors)
    examples = _examples(section_path, section, "answer", str, errors)
    excluding = section.get("excluding", {})
    indicator = Indicator(
        key=key, **texts, excluding=dict(excluding), needs=tuple(section.get("needs", ())), graded=False,
        examples=examples,
    )  # fmt: skip
    errors += _conditions(section_path, (indicator.population, indicator.met, *map(str, indicator.excluding.values())))
    return indicator if len(errors) == error_count else None


def _definition(key: str, section_path: str, section: Mapping[str, Any], errors: list[str]) -> Definition | None:
    error_count = len(errors)
    texts = _texts(section_path, section, DEFINITION_FIELDS, ("population", "examples"), errors)
    examples = _examples(section_path, section, "found", bool, errors)
    if {found for _, found in examples} != {True, False}:
        errors.append(f"{section_path} needs an example that is found and one that is not.")
    definition = Definition(key, **texts, population=str(section.get("population", "true")), examples=examples)
    errors += _conditions(section_path, (definition.population, definition.condition))
    return definition if len(errors) == error_count else None


def _extension(key: str, section_path: str, section: Mapping[str, Any], errors: list[str]) -> Extension:
    texts = _texts(section_path, section, EXTENSION_FIELDS, (), errors)
    return Extension(key, texts["title"], tuple(map(str, texts["reads"])), texts["offered_as"])


def _examples(
    section_path: str, section: Mapping[str, Any], answer: str, kind: type, errors: list[str]
) -> tuple[tuple[Mapping[str, object], Any], ...]:
    """Return rows, each with the answer that it must get: {row = {...}, answer = "met"}."""
    entries = section.get("examples", ())
    valid_examples = [
        example
        for example in entries
        if isinstance(example, Mapping)
        and isinstance(example.get("row"), Mapping)
        and isinstance(example.get(answer), kind)
    ]
    if len(valid_examples) < len(entries) or not entries:
        errors.append(f"{section_path} needs examples, each with a row and {answer!r}.")
    return tuple((dict(example["row"]), example[answer]) for example in valid_examples)


def _conditions(section_path: str, texts: tuple[str, ...]) -> Iterator[str]:
    for text in filter(None, texts):
        try:
            Condition(text)
        except DefinitionError as error:
            yield f"{section_path}: {error}"
