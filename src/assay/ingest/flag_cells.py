"""Which flags does a cell of a force's own file hold: one, several, yes or no for one flag, or none?

A record system stores the flags of a crime in one of two ways: one yes/no column for each flag, or one column with all
flags of the crime, such as `CSE; DA`. In both, a cell that says no or nothing is not a flag.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assay import contract
from assay.ingest.yes_no_words import is_empty_word, is_no_word, is_yes_word, normalise_cell

FLAGS, FLAG, FLAG_REF = "flags", "flag", "flag_ref"
DERIVED_COLUMNS = (FLAG_REF, FLAG)
"""Columns of the table `flags` that are derived where a file has a column for each flag."""
YES, NO, EMPTY, IGNORED, UNKNOWN = "yes", "no", "empty", "ignored", "unknown"
"""Meanings of a part of a cell: a flag, no flag, nothing, a word that the mapping ignores, an unknown word."""
SEPARATORS = re.compile(r"[;,|\r\n\t]+")
POSSIBLE_SEPARATORS = re.compile(r"\s*[/+&]\s*")
_CAMEL_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BRACKETS_AND_QUOTES = "[](){}<>'\"\u2018\u2019\u201c\u201d \u00a0"
WORDS_BESIDE_A_FLAG = frozenset({
    "is", "a", "the", "flag", "flags", "markers", "marker", "mkr", "mk", "mark", "ind", "indicator", "tag", "yn", "y",
    "n", "crime", "keyword", "qualifier",
})  # fmt: skip
"""Words beside the name of a flag in a heading that do not change what it names."""
SPELLED_OUT = {
    "child sexual exploitation": "cse", "child sexual abuse": "csa", "child criminal exploitation": "cce",
    "group based cse": "group_cse", "group based child sexual exploitation": "group_cse",
}  # fmt: skip


@dataclass(frozen=True)
class CellPart:
    """One of the parts into which a cell is split, such as a single flag keyword."""

    meaning: str
    """YES, NO, EMPTY, IGNORED or UNKNOWN."""
    value: str
    """The flag; the text as it stands in the file where it is unknown; '' otherwise."""


def find_heading_flag(heading: str) -> str:
    """Return the flag that the heading of a yes/no column names; '' if it names none."""
    words = _word_set(heading) - WORDS_BESIDE_A_FLAG
    return next((flag for name, flag in _flag_names() if name == words), "")


def _word_set(heading: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", _CAMEL_CASE.sub(" ", heading).casefold()))


@lru_cache
def _flag_names() -> tuple[tuple[frozenset[str], str], ...]:
    names = {**{flag: flag for flag in contract.list_values("flag")}, **SPELLED_OUT, "ms": "modern_slavery"}
    return tuple((_word_set(name), flag) for name, flag in names.items())


def split_cell(cell: str, known: Collection[str]) -> Iterator[str]:
    """Split a cell of a flag column into its parts.

    A cell is split at semicolons, commas, bars, tabs and line ends. It is split at `/`, `+`, `&` and spaces only if
    known words result, because these also occur inside the name of a flag. A cell that is known as a whole is one part.

    Parameters
    ----------
    cell
        The text of the cell.
    known
        Known words, in lower case.
    """
    if normalise_cell(cell) in known:
        yield cell.strip()
        return
    for piece in SEPARATORS.split(cell):
        if part := _strip_brackets(piece, known):
            yield from _split_further(part, known)


def _strip_brackets(piece: str, known: Collection[str]) -> str:
    return piece.strip() if normalise_cell(piece) in known else piece.strip(_BRACKETS_AND_QUOTES)


def _split_further(part: str, known: Collection[str]) -> list[str]:
    if normalise_cell(part) in known or is_empty_word(part):
        return [part]
    pieces = [_strip_brackets(piece, known) for piece in POSSIBLE_SEPARATORS.split(part)]
    if len(pieces) > 1 and any(normalise_cell(piece) in known for piece in pieces):
        return [piece for piece in pieces if piece]
    words = part.split()
    return words if len(words) > 1 and all(normalise_cell(word) in known for word in words) else [part]


def read_list_cell(
    cell: str, translations: Mapping[str, str], *, from_other_table: bool, heading_flag: str = ""
) -> list[CellPart]:
    """Read a cell of a column that lists flags.

    Parameters
    ----------
    cell
        The text of the cell.
    translations
        The mapping's values: the force's word in lower case -> our flag, or '' if the word is ignored.
    from_other_table
        True if the file has one row for each crime and not one for each flag. An empty cell is then not an error.
    heading_flag
        The flag that the heading of the column names, or ''. A yes then means that flag.
    """
    known = {*translations, *(flag.casefold() for flag in contract.list_values("flag"))}
    parts = [_read_part(part, translations, from_other_table, heading_flag) for part in split_cell(cell, known)]
    parts = list(dict.fromkeys(parts)) or [CellPart(EMPTY, "")]
    if not from_other_table and len(parts) > 1 and all(part.meaning == UNKNOWN for part in parts):
        return [CellPart(UNKNOWN, cell)]  # one wrong row of a table of flags stays one wrong row
    filled = [part for part in parts if part.meaning != EMPTY]
    return filled or parts[:1]


def _read_part(part: str, translations: Mapping[str, str], from_other_table: bool, heading_flag: str) -> CellPart:
    word = normalise_cell(part)
    if word in translations:
        return CellPart(YES, translations[word]) if translations[word] else CellPart(IGNORED, "")
    if flag := _listed_flag(word):
        return CellPart(YES, flag)
    if heading_flag and is_yes_word(part):
        return CellPart(YES, heading_flag)
    if (from_other_table or heading_flag) and is_no_word(part):
        return CellPart(NO, "")
    if from_other_table and is_empty_word(part):
        return CellPart(EMPTY, "")
    return CellPart(UNKNOWN, part)


def read_yes_no_cell(cell: str, flag: str, translations: Mapping[str, str]) -> CellPart:
    """Read a cell of a yes/no column for one flag: flag, no flag, or not understood.

    A plain yes means the column's own flag, whatever the mapping makes of the word in another column.

    Parameters
    ----------
    cell
        The text of the cell.
    flag
        The flag of the column.
    translations
        As for `read_list_cell`.
    """
    word = normalise_cell(cell)
    if translations.get(word) == "" or is_no_word(cell):
        return CellPart(NO, "")
    if is_yes_word(cell) or _listed_flag(translations.get(word, word)) == flag:
        return CellPart(YES, flag)
    if is_empty_word(cell):
        return CellPart(EMPTY, "")
    # A word that the mapping translates to another flag must not become that flag in this column.
    return CellPart(UNKNOWN, f"{flag}: {cell.strip()}" if word in translations else cell.strip())


def _listed_flag(word: str) -> str:
    return next((flag for flag in contract.list_values("flag") if flag.casefold() == word), "")
