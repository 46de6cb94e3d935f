"""Draft `mapping.toml`: certain matches as settings, guesses and open points as comments.

A line is certain, or was written by a person. A guess follows `# guess: ` with its evidence, and has no effect until a
person removes these words. What only the force can know follows `# TODO: `.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assay.contract import FORCE_CODE, Column
from assay.ingest.date_formats import mapping_notation
from assay.ingest.flag_cells import DERIVED_COLUMNS, FLAGS, NO, UNKNOWN, YES
from assay.ingest.preparation.cell_shapes import ColumnShape
from assay.ingest.preparation.code_meanings import WordMeanings, find_word_meanings, has_closed_list
from assay.ingest.preparation.column_fit import FORCE_COLUMN, TIME_KINDS, drafted_columns
from assay.ingest.preparation.column_matching import ColumnMatch, TableProposal
from assay.ingest.preparation.date_format_detection import DateForms, detect_date_forms
from assay.ingest.preparation.example_learning.column_lessons import TableLesson
from assay.ingest.preparation.example_learning.example_mapping import ExampleMapping, derive_example_mapping
from assay.ingest.preparation.export_files import ExportFile
from assay.ingest.preparation.flag_columns import (
    FLAG_COLUMN,
    FlagColumns,
    find_flag_columns,
    meaning_counts,
    part_counts,
)
from assay.ingest.preparation.previous_mapping import PreviousMapping, resolve_force_column

GUESS_PREFIX, TODO_PREFIX = "# guess: ", "# TODO: "
WHY_HIDDEN = "rare, long, too many, among the names, or in a column without known words"
AMBIGUOUS_ORDER = "no day is above 12, so it is not clear whether the day or the month comes first"
CONSTANT_NOTE = (
    "the one value in your example, in {rows} rows, but no column holds it: keep it only if it is right for every row"
)
RECALLED_NOTE = "from the counting rules, not checked in a source: compare it with your meaning"
HEAD = (
    "# Drafted by assay prepare. A line is read as it stands. A guess is not read until you take away the words",
    "# '# guess: ' before it. What only you can know is marked TODO.",
)


@dataclass(frozen=True)
class TableDraft:
    """The draft mapping of one table: proposed matches, date formats, code meanings, earlier mappings, flag columns."""

    proposal: TableProposal
    force_code: str
    forms: DateForms
    meanings: Mapping[str, WordMeanings]
    previous_mappings: Sequence[PreviousMapping]
    example_mapping: ExampleMapping
    flag_columns: FlagColumns = field(default_factory=FlagColumns)

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return self.proposal.table.name

    @property
    def sure_matches(self) -> tuple[ColumnMatch, ...]:
        """Return the column matches that are written as settings, if the match of the table itself is sure."""
        return tuple(match for match in self.proposal.matches.values() if match.is_sure and self.proposal.is_sure)

    @property
    def guessed_matches(self) -> tuple[ColumnMatch, ...]:
        """Return the columns that a person must confirm."""
        return tuple(match for match in self.proposal.matches.values() if match not in self.sure_matches)

    @property
    def missing_columns(self) -> tuple[Column, ...]:
        """Return the columns that nothing in the draft fills: no match, guess, flag column or constant value."""
        derived = DERIVED_COLUMNS if self.name == FLAGS and self.flag_columns.yes_no_flags else ()
        return tuple(
            column for column in self.proposal.unmatched_columns if column.name not in (*self.fixed_values, *derived)
        )

    def missing_column_names(self, *requirements: str) -> list[str]:
        """Return the missing columns that are required: "yes", "if known" or both."""
        return [
            column.name for column in self.missing_columns if self.proposal.table.requirement(column) in requirements
        ]

    @property
    def fixed_values(self) -> Mapping[str, str]:
        """Return the constant values: those that a person wrote, and the force's code if no column holds it."""
        found = {} if FORCE_CODE in self.proposal.matches else {FORCE_CODE: self.force_code}
        for item in self.previous_mappings:
            found |= item.tables.get(self.name, {}).get("fixed", {})
        requested = {FORCE_CODE, *(column.name for column in drafted_columns(self.proposal.table))}
        return {
            name: value
            for name, value in found.items()
            if name in requested - {item.column for item in self.sure_matches}
        }


def draft_table(
    proposal: TableProposal,
    force_code: str,
    previous_mappings: Sequence[PreviousMapping],
    withheld_words: Collection[str],
    lesson: TableLesson | None = None,
) -> TableDraft:
    """Infer date formats and code translations for the proposed mapping of a table."""
    proposal = resolve_force_column(proposal, force_code)
    example = derive_example_mapping(lesson, proposal, previous_mappings, withheld_words)
    previous_mappings = (example.as_previous_mapping(proposal.table.name), *previous_mappings)
    columns = {column.name: column for column in proposal.table.columns}
    dates = {
        name: proposal.export.shape(match.heading)
        for name, match in proposal.matches.items()
        if name in columns and columns[name].kind in TIME_KINDS
    }
    words = {
        name: _word_counts(columns[name], proposal.export.shape(match.heading))
        for name, match in proposal.matches.items()
        if name in columns and has_closed_list(columns[name])
    }
    return TableDraft(
        proposal=proposal,
        force_code=force_code,
        forms=detect_date_forms(dates, _previous_date_forms(previous_mappings, proposal.table.name)),
        meanings={
            name: find_word_meanings(
                columns[name], counts, _previous_translations(previous_mappings, proposal, name), withheld_words
            )
            for name, counts in words.items()
        },
        previous_mappings=previous_mappings,
        example_mapping=example,
        flag_columns=find_flag_columns(proposal, withheld_words),
    )


def _word_counts(column: Column, shape: ColumnShape) -> Mapping[str, int]:
    return part_counts(shape) if column == FLAG_COLUMN else shape.values


def _previous_date_forms(previous_mappings: Sequence[PreviousMapping], table: str) -> tuple[str, str]:
    """Return the forms of a day and of a time that a person wrote last, '' if none."""
    sections = [item.tables.get(table, {}) for item in reversed(previous_mappings)]
    pairs = (
        (mapping_notation(item.get("date_form", "")), mapping_notation(item.get("time_form", ""))) for item in sections
    )
    return next((pair for pair in pairs if any(pair)), ("", ""))


def _previous_translations(
    previous_mappings: Sequence[PreviousMapping], proposal: TableProposal, column: str
) -> dict[str, str]:
    return {
        force_word.strip().casefold(): value
        for previous in previous_mappings
        for force_word, value in previous.translations(proposal.table.name, column).items()
    }


def mapping_text(tables: Sequence[TableDraft]) -> str:
    """Return the text of `mapping.toml`."""
    return "\n".join((*HEAD, *(line for table in tables for line in ("", *_table_section(table))))) + "\n"


def _table_section(table: TableDraft) -> list[str]:
    lines = [f"[tables.{table.name}]", *_file_lines(table), "", f"[tables.{table.name}.columns]", *_column_lines(table)]
    for column, column_meanings in table.meanings.items():
        lines += _values_section(table, column, column_meanings)
    lines += _wide_section(table)
    if table.proposal.is_sure:
        return lines
    head = (
        f"# This may be the table {table.name}: {table.proposal.reason}. If so, remove each '# ' down to the "
        "next table."
    )
    return [head, *(f"# {line}" if line else "" for line in lines)]


def file_format_lines(export: ExportFile) -> Iterator[str]:
    """Return the lines that name the file and describe its format."""
    yield f"file = {toml_string(export.file)}"
    if export.delimiter != ",":
        yield f"delimiter = {toml_string(export.delimiter)}"
    if export.encoding != "utf-8":
        yield f"encoding = {toml_string(export.encoding)}"


def _file_lines(table: TableDraft) -> Iterator[str]:
    export = table.proposal.export
    yield from file_format_lines(export)
    prefix, note = ("", "") if table.forms.is_sure else (GUESS_PREFIX, f"  # {AMBIGUOUS_ORDER}")
    if table.forms.day:
        yield f"{prefix}date_form = {toml_string(table.forms.day)}{note}"
    if table.forms.time:
        yield f"{prefix}time_form = {toml_string(table.forms.time)}{note}"
    for name in table.forms.deviating_columns:
        yield (f"{TODO_PREFIX}{name} has another format than the other dates of the file: export it in the same format")
    for column, value in table.fixed_values.items():
        yield f"fixed.{column} = {toml_string(value)}"
    for column, value in table.example_mapping.fixed_values.items():
        yield (
            f"{GUESS_PREFIX}fixed.{column} = {toml_string(value)}  # "
            f"{CONSTANT_NOTE.format(rows=table.example_mapping.rows)}"
        )


def noticed_text(remarks: Sequence[str]) -> str:
    """Return remarks on the parts of the export that were not read, as comments; '' if there are none."""
    lines = [f"# Noticed: {printable_line(remark)}" for remark in dict.fromkeys(remarks)]
    return "\n".join(["", *lines]) + "\n" if lines else ""


def printable_line(text: str) -> str:
    """Return a text on one line, without characters that cannot be printed."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _column_lines(table: TableDraft) -> Iterator[str]:
    order = {column.name: position for position, column in enumerate((FORCE_COLUMN, *table.proposal.table.columns))}
    for match in sorted(table.proposal.matches.values(), key=lambda match: order[match.column]):
        yield f"{'' if match.is_sure else GUESS_PREFIX}{match.column} = {toml_string(match.heading)}  # {match.reason}"
    for name in table.missing_column_names("yes"):
        rule = table.proposal.table.column(name).rule.replace("`", "")
        yield f'{TODO_PREFIX}{name} = ""  # required, but no column was found: {rule}'
    if table.proposal.unmatched_headings:
        yield f"# Not used: {', '.join(toml_string(name) for name in table.proposal.unmatched_headings)}"
    if table.proposal.unrequested:
        headings = (f"{toml_string(heading)} ({name})" for name, heading in table.proposal.unrequested.items())
        yield f"# Recognised as columns that are not requested, and left out: {', '.join(headings)}"


def _values_section(table: TableDraft, column: str, column_meanings: WordMeanings) -> Iterator[str]:
    previous_translations = {
        force_word: value
        for previous in table.previous_mappings
        for force_word, value in previous.translations(table.name, column).items()
    }
    guesses, learnt_words = table.example_mapping.guesses.get(column, {}), table.example_mapping.words.get(column, {})
    if not (
        column_meanings.translations
        or column_meanings.unmapped
        or column_meanings.hidden_words
        or previous_translations
        or guesses
    ):
        return
    yield ""
    yield f"[tables.{table.name}.values.{column}]"
    for force_word, value in {**column_meanings.translations, **previous_translations}.items():
        yield (
            f"{toml_string(force_word)} = "
            f"{toml_string(value)}{'  # your example' if learnt_words.get(force_word) == value else ''}"
        )
    for force_word, value in guesses.items():
        yield (
            f"{GUESS_PREFIX}{toml_string(force_word)} = {toml_string(value)}  # from your example; the list "
            "gives the word another value"
        )
    yield from unknown_word_lines(column, column_meanings)


def unknown_word_lines(column: str, column_meanings: WordMeanings) -> Iterator[str]:
    """Yield the mapping lines for the words of a column that have no known meaning and may be shown."""
    for word in column_meanings.unmapped:
        recalled = column_meanings.guesses.get(word.word)
        if recalled:
            yield (
                f"{GUESS_PREFIX}{toml_string(word.word)} = {toml_string(recalled)}  # {word.rows} rows; {RECALLED_NOTE}"
            )
        else:
            yield f'{TODO_PREFIX}{toml_string(word.word)} = ""  # {word.rows} rows{_nearest_hint(column, word.nearest)}'
    if column_meanings.hidden_words:
        yield (
            f"# {column_meanings.hidden_words} further words in {column_meanings.hidden_rows} rows are not "
            f"shown: {WHY_HIDDEN}"
        )


def _nearest_hint(column: str, nearest: Sequence[str]) -> str:
    if nearest and column.endswith("offence_code"):
        return f"; one of {', '.join(nearest)}"
    return f"; nearest: {', '.join(nearest)}" if nearest else "; no similar value"


def _wide_section(table: TableDraft) -> Iterator[str]:
    for previous in table.previous_mappings:
        wide = previous.tables.get(table.name, {}).get("wide", {})
        if wide:
            yield ""
            yield f"[tables.{table.name}.wide]"
            yield from (f"{toml_string(heading)} = {toml_string(kind)}" for heading, kind in wide.items())
    if table.name == FLAGS and table.flag_columns.yes_no_flags:
        yield from ("", "[tables.flags.wide]")
        yield from (f"{GUESS_PREFIX}{line}" for line in yes_no_lines(table))


def yes_no_lines(table: TableDraft) -> Iterator[str]:
    """Yield the line of each yes/no column, with a comment that counts its cells."""
    for heading, flag in table.flag_columns.yes_no_flags.items():
        counts = meaning_counts(table.proposal.export.shape(heading), flag)
        unknown_text = f", {counts[UNKNOWN]} neither" if counts[UNKNOWN] else ""
        yield (
            f"{toml_string(heading)} = {toml_string(flag)}  # {counts[YES]} rows say yes, {counts[NO]} no{unknown_text}"
        )


def toml_string(text: str) -> str:
    """Return a text as a TOML string."""
    return json.dumps(text, ensure_ascii=False)
