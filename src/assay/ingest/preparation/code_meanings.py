"""Match the words of a force to the values of a closed list, and select which unknown words may be shown.

A word means a value only if it is that value, its meaning or a known name of it. A similar word is only a suggestion.
An unknown word may be shown if it is in a coded column, in at least five rows (so that it is a code and no content of a
record), and no part of it occurs in a column of names or text; otherwise it is only counted. A column without any known
word may hold anything, so none of its words is shown.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from assay import contract
from assay.contract import Column
from assay.ingest import offence_codes
from assay.ingest.preparation.heading_words import normalise_text
from assay.ingest.system_layouts import system_layouts
from assay.ingest.yes_no_words import is_empty_word
from assay.reference import ethnicities, offences, outcomes

MIN_ROWS_SHOWN = 5
"""Minimum number of rows with an unknown word before it is shown."""
MAX_WORDS_SHOWN = 30
"""A column with more distinct unknown words is not coded, and none of them is shown."""
MAX_WORD_LENGTH_SHOWN = 40
MAX_CODE_LENGTH = 3
"""Words up to this length are codes: a code in nearly the same letters has another meaning (NFA is not NOA)."""
NEGATIONS = frozenset({"not", "non", "never", "without"})
"""A word with a negation is not suggested for a value without one, nor the other way round."""
YES_NO = ("yes", "no")


@dataclass(frozen=True)
class UnmappedWord:
    """A word that is in no code list, with its number of rows and the nearest values."""

    word: str
    rows: int
    nearest: tuple[str, ...]


@dataclass(frozen=True)
class WordMeanings:
    """What each word in one column means, and which words are unknown.

    `translations`: force's word -> contract value, '' for "nothing is known"; `unmapped` words may be shown, and
    `guesses` holds a recalled value for some of them; `hidden_words` counts further unknown words, and `hidden_rows`
    the rows that contain them.
    """

    translations: Mapping[str, str] = field(default_factory=dict)
    unmapped: tuple[UnmappedWord, ...] = ()
    guesses: Mapping[str, str] = field(default_factory=dict)
    hidden_words: int = 0
    hidden_rows: int = 0


def has_closed_list(column: Column) -> bool:
    """Return True if a column holds words of a closed list, so that its unknown words may be shown."""
    return not column.identity and (column.kind == "yesno" or bool(column.values or column.values_by))


def find_word_meanings(
    column: Column,
    counts: Mapping[str, int],
    previous_translations: Mapping[str, str] | None = None,
    withheld_words: Collection[str] = (),
) -> WordMeanings:
    """Return what each word in a column means.

    Parameters
    ----------
    previous_translations
        Translations that a person wrote, by the force's word in lower case.
    withheld_words
        Lower-case words that also occur in an identity or text column; a word that is part of them is not shown.
    """
    previous_translations = previous_translations or {}
    open_words = {
        word: rows
        for word, rows in counts.items()
        if not is_value(column, word) and word.casefold() not in previous_translations
    }
    translations = {word: list_value for word in open_words if (list_value := translation(column, word)) is not None}
    unknown_counts = {word: rows for word, rows in open_words.items() if word not in translations}
    shown_words = (
        showable_words(unknown_counts, withheld_words) if _has_known_word(column, counts, previous_translations) else ()
    )
    shown_words = (*(word for word in unknown_counts if _is_open_code(column, word)), *shown_words)
    shown_words = tuple(dict.fromkeys(shown_words))
    hidden_counts = {word: rows for word, rows in unknown_counts.items() if word not in shown_words}
    return WordMeanings(
        translations,
        tuple(UnmappedWord(word, unknown_counts[word], nearest_values(column, word)) for word in shown_words),
        {word: value for word in shown_words if (value := recalled_value(column, word))},
        len(hidden_counts),
        sum(hidden_counts.values()),
    )


def is_of_divided_class(column: Column, word: str) -> bool:
    """Return True if a word is an offence class that is divided into several codes, with or without a sub-code.

    Such a word is a code and not a name, so it may be shown however rare it is.
    """
    parts = offence_codes.class_and_sub_code(word) if column.values == "offence_code" else None
    return parts is not None and parts[0] in offence_codes.divided_classes()


def _is_open_code(column: Column, word: str) -> bool:
    """Return True if a word is an offence class that the list divides, or a text that several codes share."""
    is_phrase = len(single_words(word)) > 1  # a single word may also be a surname
    return is_of_divided_class(column, word) or (is_phrase and bool(_possible_codes(column, word)))


def _possible_codes(column: Column, word: str) -> tuple[str, ...]:
    """Return the codes that the text of an offence or outcome could be if it fits several; () for any other word."""
    from assay.ingest.extracts.open_codes import POSSIBLE_CODES  # uses `heading_words` of this package

    find = POSSIBLE_CODES.get(column.values or "")
    return find(word) if find else ()


def _is_question(word: str) -> bool:
    """Return True if a word ends in a question mark: 'CSE?' may be a flag, and only the force knows."""
    return word.rstrip().endswith("?") and bool(normalise_text(word))


def recalled_value(column: Column, word: str) -> str:
    """Return the unverified meaning of a word, which has no source and which a person must confirm; '' if none."""
    if _is_question(word):
        return translation(column, word.rstrip("? ")) or ""
    parts = offence_codes.class_and_sub_code(word) if column.values == "offence_code" else None
    code = f"{parts[0]}/{parts[1]}" if parts else word
    return _recalled_values(_list_name(column)).get(code, "")


@lru_cache
def _recalled_values(list_name: str) -> Mapping[str, str]:
    return {
        word: value
        for layout in system_layouts()
        for value, words in layout.possible_values.get(list_name, {}).items()
        for word in words
    }


def _has_known_word(column: Column, counts: Mapping[str, int], previous_translations: Mapping[str, str]) -> bool:
    """Return True if the list knows any word of a column; a word for "not known" may be in any column."""
    return any(
        is_value(column, word)
        or bool(
            translation(column, word) or previous_translations.get(word.casefold()) or is_of_divided_class(column, word)
        )
        for word in counts
    )


def known_share(column: Column, counts: Mapping[str, int]) -> float:
    """Return the share of cells, 0 to 1, whose word is a value of the column or may mean one."""
    known = (
        rows
        for word, rows in counts.items()
        if is_value(column, word) or translation(column, word) is not None or is_of_divided_class(column, word)
    )
    total = sum(counts.values())
    return sum(known) / total if total else 0.0


def showable_words(unknown: Mapping[str, int], withheld_words: Collection[str] = ()) -> tuple[str, ...]:
    """Return the words of a column in no code list that are safe to show, the commonest first."""
    if len(unknown) > MAX_WORDS_SHOWN:
        return ()
    frequent_words = [
        word
        for word, rows in unknown.items()
        if rows >= MIN_ROWS_SHOWN
        and len(word) <= MAX_WORD_LENGTH_SHOWN
        and not _may_identify_person(word, withheld_words)
    ]
    return tuple(sorted(frequent_words, key=lambda word: (-unknown[word], word)))


def _may_identify_person(word: str, withheld_words: Collection[str]) -> bool:
    """Return True if a word holds a long number, or it or a single word of it occurs among names and text."""
    text = word.casefold()
    return bool(re.search(r"\d{5}", word)) or any(part in withheld_words for part in (text, *single_words(text)))


def single_words(text: str) -> list[str]:
    """Return the words of a text that have two letters or more, as they are written."""
    return re.findall(r"[^\W\d_]{2,}", text)


@lru_cache(maxsize=65536)
def is_value(column: Column, word: str) -> bool:
    """Return True if a word is already a value of the column, without any translation."""
    text = word.casefold()
    if column.values == "outcome_code":
        text = text.lstrip("0")
    if column.values == "offence_code":
        return offence_codes.parse_offence_code(word) is not None
    return text in _list_values(column)


@lru_cache(maxsize=65536)
def translation(column: Column, word: str) -> str | None:
    """Return the value that a word means: '' if it means "not known", None if no list has the word."""
    text = normalise_text(word)
    if _is_question(word):
        return None
    if (value := _value_names(_list_name(column)).get(text)) is not None:
        return value
    return "" if text in _empty_words() or is_empty_word(word) else None


@lru_cache
def known_words(name: str) -> frozenset[str]:
    """Return the words that are known to mean a value of a list, in lower case."""
    layout_words = (
        word for layout in system_layouts() for words in layout.values.get(name, {}).values() for word in words
    )
    return frozenset(word.casefold() for word in (*_meanings(name), *layout_words))


def nearest_values(column: Column, word: str, max_values: int = 2) -> tuple[str, ...]:
    """Return the values most similar to a word in spelling or meaning; for a text of several codes, these codes."""
    if column.values == "offence_code" and (parts := offence_codes.class_and_sub_code(word)):
        return offence_codes.divided_classes().get(parts[0], ())
    if codes := _possible_codes(column, word):
        return codes
    names = _value_names(_list_name(column))
    text = normalise_text(word)
    similar_names = difflib.get_close_matches(text, names, n=4, cutoff=0.6) if len(text) > MAX_CODE_LENGTH else []
    similar_names += [
        name for name in names if len(set(text.split()) & set(name.split())) > 0 and len(text) > MAX_CODE_LENGTH
    ]
    similar_names = [name for name in similar_names if _is_negated(name) == _is_negated(text)]
    return tuple(dict.fromkeys(names[name] for name in similar_names))[:max_values]


def _is_negated(words: str) -> bool:
    return bool(set(words.split()) & NEGATIONS)


@lru_cache
def _empty_words() -> frozenset[str]:
    return frozenset(normalise_text(empty_word) for layout in system_layouts() for empty_word in layout.empty)


def _list_name(column: Column) -> str:
    return "yesno" if column.kind == "yesno" else column.values or "events.detail"


@lru_cache(maxsize=512)
def _list_values(column: Column) -> frozenset[str]:
    return frozenset(value.casefold() for value in _meanings(_list_name(column)))


def _meanings(name: str) -> Mapping[str, str]:
    if name == "yesno":
        return dict.fromkeys(YES_NO, "")
    if name == "events.detail":
        lists = {kind.detail_list for kind in contract.event_kinds().values() if kind.detail_list}
        return {value: "" for list_name in sorted(lists) for value in contract.list_values(list_name)}
    return contract.list_meanings(name)


@lru_cache
def _value_names(name: str) -> Mapping[str, str]:
    """Return every known word for a value of a list -> the value; a word for two values is left out."""
    found: dict[str, set[str]] = {}
    pairs = [(word, value) for value, label_or_words in _meanings(name).items() for word in (value, label_or_words)]
    pairs += [
        (word, value)
        for layout in system_layouts()
        for value, label_or_words in layout.values.get(name, {}).items()
        for word in label_or_words
    ]
    for word, value in (*pairs, *_register_names(name)):
        found.setdefault(normalise_text(word), set()).add(value)
    return {word: next(iter(values)) for word, values in found.items() if word and len(values) == 1}


def _register_names(name: str) -> Iterable[tuple[str, str]]:
    """Return the names that the commission's code lists give in addition to the meaning."""
    if name == "outcome_code":
        return (
            (word, "NOA" if member.code == "0" else member.code) for member in outcomes() for word in member.names_used
        )
    if name == "offence_code":
        return ((word, member.code) for member in offences() for word in member.names_used)
    if name == "ethnicity_self":
        return ((f"{member.group} {member.label}", member.code) for member in ethnicities() if member.scheme != "IC")
    return ()
