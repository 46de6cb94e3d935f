"""Which words of a column may be written in a mapping file without naming a person?

A cell of free text may name a person. A word is written only if it is listed for the column of the contract, if it
consists of the words of that list alone, or if at least five crimes have it and it is as short as a code. A check that
is run again reads the other words as before; in a return they are cells that were not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import polars as pl

from assay import contract
from assay.errors import DefinitionError
from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.flag_pieces import MARKS_AROUND
from assay.ingest.extracts.value_kinds_coded import plain_words, read_yes_no, says_not_known, value_word_lists
from assay.reference.outcome_codes import outcome_families
from assay.wording import count_phrase

MAX_WORD_LENGTH = 80
MAX_DIGITS = 4
"""A word with more digits in sequence may be a number of a person."""
MIN_CRIMES = 5
CRIME = "crime_ref"


def without_private_words(
    plan: SplitPlan, sheets: Sequence[Sheet], person_files: Collection[str] = ()
) -> tuple[SplitPlan, tuple[str, ...]]:
    """Return the split plan without values that may identify a person, and sentences on what was removed.

    The parts of `person_files` stay as they are, because a person wrote them.
    """
    by_name = {(sheet.file, sheet.name): sheet for sheet in sheets}
    n_removed: dict[str, int] = {}
    parts = tuple(
        part if part.file in person_files else _part_to_write(part, by_name.get((part.file, part.sheet)), n_removed)
        for part in plan.parts
    )
    keys = {(part.file, part.sheet): part for part in plan.parts}
    waiting = []
    for file, name, meaning in plan.waiting:
        part = keys.get((file, name), SplitPart(file, name, meaning.table, {}))
        writable = _meaning_to_write(meaning, replace(part, separator=""), by_name.get((file, name)), n_removed)
        waiting.append((file, name, writable))
    sentences = tuple(
        f"{count_phrase(count, 'more word is', 'more words are')} read in {heading} and not written here, since fewer "
        f"than {MIN_CRIMES} crimes have it or it may be free text."
        for heading, count in n_removed.items()
    )
    return replace(plan, parts=parts, waiting=tuple(waiting)), sentences


def with_private_words(plan: SplitPlan, recognised: SplitPlan, sheets: Sequence[Sheet]) -> SplitPlan:
    """Return a plan read from its file, with the meanings of words that the file leaves out for confidentiality."""
    by_name = {(sheet.file, sheet.name): sheet for sheet in sheets}
    private: dict[tuple[str, ...], dict[str, str]] = {}
    for part in recognised.parts:
        for meaning in _meanings(part):
            writable = _written_words(meaning, part, by_name.get((part.file, part.sheet)))
            rest = {word: value for word, value in meaning.values.items() if word not in writable}
            private.setdefault(_key(part, meaning), {}).update(rest)
    return replace(plan, parts=tuple(_completed(part, private) for part in plan.parts))


def _completed(part: SplitPart, private: Mapping[tuple[str, ...], Mapping[str, str]]) -> SplitPart:
    def complete(meaning: ColumnMeaning) -> ColumnMeaning:
        return replace(meaning, values={**private.get(_key(part, meaning), {}), **meaning.values})

    return with_each_meaning(part, complete)


def _key(part: SplitPart, meaning: ColumnMeaning) -> tuple[str, ...]:
    return part.file, part.sheet, meaning.heading, meaning.table, meaning.column


def _meanings(part: SplitPart) -> Iterator[ColumnMeaning]:
    yield from part.columns.values()
    yield from (meaning for meanings in part.otherwise.values() for meaning in meanings)


def with_each_meaning(part: SplitPart, change: Callable[[ColumnMeaning], ColumnMeaning]) -> SplitPart:
    """Return a copy of a part of a split plan, with a function applied to the meaning of each column."""
    return replace(
        part,
        columns={column: change(meaning) for column, meaning in part.columns.items()},
        otherwise={column: tuple(map(change, meanings)) for column, meanings in part.otherwise.items()},
    )


def _part_to_write(part: SplitPart, sheet: Sheet | None, n_removed: dict[str, int]) -> SplitPart:
    return with_each_meaning(part, lambda meaning: _meaning_to_write(meaning, part, sheet, n_removed))


def _meaning_to_write(
    meaning: ColumnMeaning, part: SplitPart, sheet: Sheet | None, n_removed: dict[str, int]
) -> ColumnMeaning:
    writable = _written_words(meaning, part, sheet)
    values = {word: value for word, value in meaning.values.items() if word in writable}
    if len(values) < len(meaning.values):
        n_removed[meaning.heading] = len(meaning.values) - len(values)
    return replace(meaning, values=values)


def _written_words(meaning: ColumnMeaning, part: SplitPart, sheet: Sheet | None) -> set[str]:
    """Return the words of a meaning that may be written."""
    writable = {word for word in meaning.values if is_listed_word(word, meaning.table, meaning.column)}
    code_words = [word for word in meaning.values if word not in writable and is_code_word(word)]
    return writable | (_frequent_words(code_words, meaning, part, sheet) if code_words and sheet else set())


def is_code_word(word: str) -> bool:
    """Return True if a word is short like a code or label, and has no run of digits that may identify a person."""
    return len(word) <= MAX_WORD_LENGTH and not re.search(rf"\d{{{MAX_DIGITS + 1}}}", word) and word.isprintable()


def consists_of_listed_words(text: str) -> bool:
    """Return True if a text consists only of words from closed lists of the contract and short numbers."""
    return _consists_of(text, _words_of_all_lists())


@lru_cache
def _words_of_all_lists() -> frozenset[str]:
    columns = [(table.name, column.name) for table in contract.tables().values() for column in table.columns]
    return frozenset().union(*(_single_words(*names) for names in columns))


def is_listed_word(word: str, table: str, column: str) -> bool:
    """Return True if a word is in the list of a contract column, is made of such words, or means yes or no."""
    is_listed = plain_words(word) in listed_words(table, column)
    return is_listed or _is_answer(word) or _consists_of(word, _single_words(table, column))


def _is_answer(word: str) -> bool:
    return says_not_known(word) or (len(plain_words(word).split()) == 1 and read_yes_no([word]) in (["yes"], ["no"]))


@lru_cache
def listed_words(table: str, column: str) -> frozenset[str]:
    """Return the codes and labels, as plain words, that are known for a coded column of the contract."""
    try:
        name = contract.table(table).column(column).values
    except DefinitionError:
        return frozenset()
    codes = contract.list_values(name) if name else ()
    by_value = value_word_lists().get(LISTS.get(column, column), {})
    labels = [word for words in by_value.values() for word in words] if isinstance(by_value, dict) else []
    outcomes = [outcome.label for outcome in outcome_families().values()] if column == "outcome_code" else []
    other_keywords = value_word_lists()["other_keywords"]["words"] if column == "flag" else []
    return frozenset(map(plain_words, (*codes, *labels, *outcomes, *other_keywords)))


@lru_cache
def _single_words(table: str, column: str) -> frozenset[str]:
    return frozenset(word for phrase in listed_words(table, column) for word in phrase.split())


def _consists_of(text: str, known: Collection[str]) -> bool:
    """Return True if a text holds known words and short numbers alone: "Type 5 - Offender died" for an outcome."""
    words = plain_words(text).split()
    has_known = any(word in known and not word.isdigit() for word in words)
    return text.isprintable() and has_known and all(word in known or _NUMBER.fullmatch(word) for word in words)


_NUMBER = re.compile(r"(oc|type)?\d{1,3}[a-z]?|type|outcome|code")
LISTS = {"outcome_code": "outcome"}
"""The lists of words that are not called as their column."""


def _frequent_words(words: Collection[str], meaning: ColumnMeaning, part: SplitPart, sheet: Sheet) -> set[str]:
    """Return the words that at least five crimes have."""
    stripped = {word.strip(MARKS_AROUND): word for word in words}
    n_crimes = crimes_by_word(meaning, part, sheet)
    return {word for cell, word in stripped.items() if n_crimes.get(cell, 0) >= MIN_CRIMES}


def crimes_by_word(meaning: ColumnMeaning, part: SplitPart, sheet: Sheet) -> dict[str, int]:
    """Return the number of crimes by word of a column; brackets, quotes and punctuation around a word are removed.

    Rows are counted where the sheet has no crime number.
    """
    headings = sheet.cells.column_names
    if meaning.heading not in headings:
        return {}
    frame = pl.Series(pl.from_arrow(sheet.cells[meaning.heading]), dtype=pl.String).to_frame(":cell")
    key = part.columns[CRIME].heading if CRIME in part.columns else ""
    has_key = key in headings
    crimes = pl.from_arrow(sheet.cells[key]) if has_key else pl.int_range(frame.height, eager=True)
    frame = frame.with_columns(pl.Series(":crime", crimes))
    frame = frame.with_columns(pl.col(":crime").forward_fill()) if key in part.carried_down else frame
    if part.separator and part.separated == meaning.column:
        frame = frame.with_columns(pl.col(":cell").str.split(part.separator)).explode(":cell", empty_as_null=True)
    words_by_cell = frame.with_columns(pl.col(":cell").str.strip_chars(MARKS_AROUND))
    counts = words_by_cell.group_by(":cell").agg(pl.col(":crime").drop_nulls().n_unique())
    return {cell: count for cell, count in counts.iter_rows() if cell is not None}
