"""Which word of a force is which value of a closed list, and which words are left over?

A word is taken for a value only if it is that value, its meaning or a name that is known for it. What is merely near is
a suggestion. A word that nobody knows may be told if it stands in a coded column and in at least five rows, so that it
is a code and no record's content, and if nothing of it stands in a column of names or text; else it is counted. A
column of which no word is known may hold anything, and none of its words is told.
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
from assay.ingest.preparation.heading_words import plain
from assay.ingest.system_layouts import layouts
from assay.ingest.yes_no_words import says_nothing
from assay.reference import ethnicities, offences, outcomes

SHOWN_FROM = 5
"""Rows in which an unknown word stands before it is shown."""
MOST_SHOWN = 30
"""More different unknown words than these are no list, and none of them is shown."""
LONGEST_SHOWN = 40
MAX_CODE_LENGTH = 3
"""Words up to this length are codes: a code in nearly the same letters has another meaning (NFA is not NOA)."""
NEGATIONS = frozenset({"not", "non", "never", "without"})
"""A word with a negation is not suggested for a value without one, nor the other way round."""
YES_NO = ("yes", "no")


@dataclass(frozen=True)
class Unmapped:
    """A word that no list knows: in how many rows it stands, and the values that are nearest to it."""

    word: str
    rows: int
    nearest: tuple[str, ...]


@dataclass(frozen=True)
class Meant:
    """The words of one column. `translated`: theirs -> ours, '' where nothing is known; `unmapped` may be shown, and
    for those in `guessed` a value is recalled; `hidden` counts further unknown words and `hidden_rows` the rows that
    they stand in."""

    translated: Mapping[str, str] = field(default_factory=dict)
    unmapped: tuple[Unmapped, ...] = ()
    guessed: Mapping[str, str] = field(default_factory=dict)
    hidden: int = 0
    hidden_rows: int = 0


def listed(column: Column) -> bool:
    """Whether a column holds words of a closed list, and may have its unknown words shown."""
    return not column.identity and (column.kind == "yesno" or bool(column.values or column.values_by))


def meant(
    column: Column, counts: Mapping[str, int], yours: Mapping[str, str] | None = None, never: Collection[str] = ()
) -> Meant:
    """What the words of a column mean.

    `yours` are translations that a person wrote, by their word in small letters; `never` are words in small letters
    that stand in a column of identity or text too: what they are part of is not shown.
    """
    yours = yours or {}
    left = {word: rows for word, rows in counts.items() if not is_value(column, word) and word.casefold() not in yours}
    translated = {word: ours for word in left if (ours := translation(column, word)) is not None}
    unknown = {word: rows for word, rows in left.items() if word not in translated}
    shown = may_be_shown(unknown, never) if _is_a_list(column, counts, yours) else ()
    shown = (*(word for word in unknown if is_of_divided_class(column, word)), *shown)
    shown = tuple(dict.fromkeys(shown))
    hidden = {word: rows for word, rows in unknown.items() if word not in shown}
    return Meant(
        translated,
        tuple(Unmapped(word, unknown[word], nearest(column, word)) for word in shown),
        {word: value for word in shown if (value := recalled_value(column, word))},
        len(hidden),
        sum(hidden.values()),
    )


def is_of_divided_class(column: Column, word: str) -> bool:
    """Return True if a word is an offence class that the list divides, with or without a sub-code.

    Such a word is a code and not a name, so it may be shown however rare it is.
    """
    parts = offence_codes.class_and_sub_code(word) if column.values == "offence_code" else None
    return parts is not None and parts[0] in offence_codes.divided_classes()


def _is_question(word: str) -> bool:
    """Return True if a word ends in a question mark: 'CSE?' may be a flag, and only the force knows."""
    return word.rstrip().endswith("?") and bool(plain(word))


def recalled_value(column: Column, word: str) -> str:
    """Return the value that a word is recalled to mean, without a source, so a person must confirm it; '' if none."""
    if _is_question(word):
        return translation(column, word.rstrip("? ")) or ""
    parts = offence_codes.class_and_sub_code(word) if column.values == "offence_code" else None
    code = f"{parts[0]}/{parts[1]}" if parts else word
    return _recalled_values(_list_of(column)).get(code, "")


@lru_cache
def _recalled_values(list_name: str) -> Mapping[str, str]:
    return {
        word: value
        for layout in layouts()
        for value, words in layout.may_values.get(list_name, {}).items()
        for word in words
    }


def _is_a_list(column: Column, counts: Mapping[str, int], yours: Mapping[str, str]) -> bool:
    """Whether any word of a column says something that its list knows; a word for "not known" stands anywhere."""
    return any(
        is_value(column, word)
        or bool(translation(column, word) or yours.get(word.casefold()) or is_of_divided_class(column, word))
        for word in counts
    )


def known_share(column: Column, counts: Mapping[str, int]) -> float:
    """The share of cells whose word is a value of the column, is known to mean one or may be one of several; 0 to 1."""
    known = (
        rows
        for word, rows in counts.items()
        if is_value(column, word) or translation(column, word) is not None or is_of_divided_class(column, word)
    )
    total = sum(counts.values())
    return sum(known) / total if total else 0.0


def may_be_shown(unknown: Mapping[str, int], never: Collection[str] = ()) -> tuple[str, ...]:
    """The unknown words of a column that may be told, the commonest first, if it is a list at all; `never` are words
    that may not, in small letters."""
    if len(unknown) > MOST_SHOWN:
        return ()
    often = [
        word
        for word, rows in unknown.items()
        if rows >= SHOWN_FROM and len(word) <= LONGEST_SHOWN and not _tells_of_somebody(word, never)
    ]
    return tuple(sorted(often, key=lambda word: (-unknown[word], word)))


def _tells_of_somebody(word: str, never: Collection[str]) -> bool:
    """Whether a word holds a long number, or it or a single word of it stands where names and text do."""
    said = word.casefold()
    return bool(re.search(r"\d{5}", word)) or any(one in never for one in (said, *single_words(said)))


def single_words(text: str) -> list[str]:
    """The words of a text that have two letters or more, as they stand."""
    return re.findall(r"[^\W\d_]{2,}", text)


@lru_cache(maxsize=65536)
def is_value(column: Column, word: str) -> bool:
    """Whether a word is a value of the column as it stands."""
    text = word.casefold()
    if column.values == "outcome_code":
        text = text.lstrip("0")
    if column.values == "offence_code":
        return offence_codes.code_of(word) is not None
    return text in _values(column)


@lru_cache(maxsize=65536)
def translation(column: Column, word: str) -> str | None:
    """The value that a word is known to mean: '' if it says that nothing is known, None if no list knows the word."""
    said = plain(word)
    if _is_question(word):
        return None
    if (ours := _names(_list_of(column)).get(said)) is not None:
        return ours
    return "" if said in _empty() or says_nothing(word) else None


@lru_cache
def known_words(name: str) -> frozenset[str]:
    """Return the known words for the values of a list, in lower case."""
    layout_words = (word for layout in layouts() for words in layout.values.get(name, {}).values() for word in words)
    return frozenset(word.casefold() for word in (*_meanings(name), *layout_words))


def nearest(column: Column, word: str, most: int = 2) -> tuple[str, ...]:
    """Return the values most similar to a word, in spelling or in meaning; for an offence, the codes of its class."""
    if column.values == "offence_code" and (parts := offence_codes.class_and_sub_code(word)):
        return offence_codes.divided_classes().get(parts[0], ())
    names = _names(_list_of(column))
    said = plain(word)
    near = difflib.get_close_matches(said, names, n=4, cutoff=0.6) if len(said) > MAX_CODE_LENGTH else []
    near += [name for name in names if len(set(said.split()) & set(name.split())) > 0 and len(said) > MAX_CODE_LENGTH]
    near = [name for name in near if _is_negated(name) == _is_negated(said)]
    return tuple(dict.fromkeys(names[name] for name in near))[:most]


def _is_negated(words: str) -> bool:
    return bool(set(words.split()) & NEGATIONS)


@lru_cache
def _empty() -> frozenset[str]:
    return frozenset(plain(one) for layout in layouts() for one in layout.empty)


def _list_of(column: Column) -> str:
    return "yesno" if column.kind == "yesno" else column.values or "events.detail"


@lru_cache(maxsize=512)
def _values(column: Column) -> frozenset[str]:
    return frozenset(value.casefold() for value in _meanings(_list_of(column)))


def _meanings(name: str) -> Mapping[str, str]:
    if name == "yesno":
        return dict.fromkeys(YES_NO, "")
    if name == "events.detail":
        lists = {kind.detail_list for kind in contract.event_kinds().values() if kind.detail_list}
        return {value: "" for one in sorted(lists) for value in contract.list_values(one)}
    return contract.meanings(name)


@lru_cache
def _names(name: str) -> Mapping[str, str]:
    """Every word that is known for a value of a list -> the value; a word that is known for two is left out."""
    found: dict[str, set[str]] = {}
    pairs = [(word, value) for value, said in _meanings(name).items() for word in (value, said)]
    pairs += [
        (word, value) for layout in layouts() for value, said in layout.values.get(name, {}).items() for word in said
    ]
    for word, value in (*pairs, *_names_elsewhere(name)):
        found.setdefault(plain(word), set()).add(value)
    return {word: next(iter(values)) for word, values in found.items() if word and len(values) == 1}


def _names_elsewhere(name: str) -> Iterable[tuple[str, str]]:
    """Names that the commission's own code lists hold beside the meaning."""
    if name == "outcome_code":
        return ((word, "NOA" if one.code == "0" else one.code) for one in outcomes() for word in one.names_used)
    if name == "offence_code":
        return ((word, one.code) for one in offences() for word in one.names_used)
    if name == "ethnicity_self":
        return ((f"{one.group} {one.label}", one.code) for one in ethnicities() if one.scheme != "IC")
    return ()
