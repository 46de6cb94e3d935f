"""Which headings of a file could be confused with one another, and which are safe to repeat in a letter?

A heading may be the name or number of a person: in a file without a header line the first record is read as headings.
So a heading is repeated only if every word in it is a known word for a field. Any other is given by its position, as
"column 7".
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

MAX_COLUMNS = 800
"""Columns of one table of an extract or export. Each is compared with each column of the contract."""
TOO_MANY_COLUMNS = (
    f"it has {{columns:,}} columns, and at most {MAX_COLUMNS} are read. Export only the columns of the record."
)
MAX_LENGTH = 60
"""Characters of a heading that may be repeated."""
MAX_DIGITS = 4
"""Digits of a heading that may be repeated: a date or a person's number has more."""
MIN_SIMILARITY = 0.85
"""How similar (0 to 1) a heading must be to a column name to count as a misspelling of it."""
_SPECIFICATION_PACKAGES = ("assay.contract", "assay.ingest.system_layouts")
_LOWER_CASE_WORD = re.compile(r"(?<![A-Za-z])[a-z]{2,}(?![A-Za-z'\u2019])")
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ALLOWED_CHARACTERS = re.compile(r"[A-Za-z][\w .,:/()#%&+-]*", re.ASCII)


def clean_heading(heading: str) -> str:
    """Return a heading without invisible characters, with single spaces between words and no outer spaces."""
    visible = "".join(character for character in heading if unicodedata.category(character) != "Cf")
    return " ".join(visible.split())


def normalise_heading(heading: str) -> str:
    """Return a heading for comparison, without differences in case, spaces and character width."""
    return clean_heading(unicodedata.normalize("NFKC", heading)).casefold()


def confusable_headings(header: Sequence[str], read: Iterable[str]) -> list[tuple[int, ...]]:
    """Return groups of headings that are equal after normalisation and of which one may name a column that is read.

    Parameters
    ----------
    header
        All headings of the file, in order.
    read
        The headings that may be read.

    Returns
    -------
    list of tuple of int
        The positions, from 0, of each group of equal headings.
    """
    read_names = {normalise_heading(name) for name in read}
    positions: dict[str, list[int]] = {}
    for position, name in enumerate(header):
        positions.setdefault(normalise_heading(name), []).append(position)
    return [tuple(group) for name, group in positions.items() if len(group) > 1 and name in read_names]


def safe_label(header: Sequence[str], position: int) -> str:
    """Return a heading if it is safe to repeat in a message, otherwise its position, such as 'column 7'."""
    return header[position] if is_repeatable(header[position]) else f"column {position + 1}"


def is_repeatable(heading: str) -> bool:
    """Return True if a heading consists of known words for fields, and contains no name, number or date of a person."""
    n_digits = sum(map(str.isdigit, heading))
    if len(heading) > MAX_LENGTH or not _ALLOWED_CHARACTERS.fullmatch(heading) or n_digits > MAX_DIGITS:
        return False
    words = [word.casefold() for word in re.findall(r"[A-Za-z]{2,}", _CAMEL_CASE.sub(" ", heading))]
    if not words or not all(_is_known(word) for word in words):
        return False
    names = [word for word in words if word in _word_list("names_too")]
    return len(names) < 2 and (len(words) > 1 or not names)


def is_safe_hint(heading: str, column: str) -> bool:
    """Return True if a heading may be suggested for a column: it is safe to repeat, or the column's name misspelt."""
    is_similar = difflib.SequenceMatcher(None, heading, column).ratio() >= MIN_SIMILARITY
    return is_repeatable(heading) or (is_similar and re.fullmatch(r"[a-z_]+", heading) is not None)


def _is_known(word: str) -> bool:
    forms = {word, word.removesuffix("s")}
    return not forms.isdisjoint(_word_list("field")) or not forms.isdisjoint(_specification_words())


@lru_cache
def _word_list(name: str) -> frozenset[str]:
    return frozenset(str(_word_lists()[name]).split())


@lru_cache
def _word_lists() -> dict[str, Any]:
    return tomllib.loads(files("assay.ingest").joinpath("headings.toml").read_text(encoding="utf-8"))


@lru_cache
def _specification_words() -> frozenset[str]:
    """Return the lower-case words of the specification and the layouts; names are written with a capital there."""
    words = set[str]()
    for package in _SPECIFICATION_PACKAGES:
        for file in files(package).iterdir():
            if file.name.endswith(".toml"):
                words |= set(_LOWER_CASE_WORD.findall(file.read_text(encoding="utf-8")))
    return frozenset(words)
