"""Which of many phrases stand in each text of a column, and where?

First one expression tells which texts may hold a phrase at all; places are sought in those alone. A phrase is found in
any writing that folds to it (`folding`), with any blanks and line ends between its words, where it begins and ends
with whole words; every phrase that stands there is told, also where phrases overlap. A place is told in characters of
the text as it stood. Each text is looked at by itself, so no phrase crosses from one into the next.

The printed words of a form (`templates`) are masked before: what the form says is not what its writer said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl
import pyarrow as pa

from assay.errors import DefinitionError
from assay.language.folding import fold, plain

SCANNER_VERSION = "1"
"""Counted up when the same phrases would be found in other texts."""
BLANKS = " \t\n\v\f\r"
BETWEEN_WORDS = r"[ \t\n\x0b\x0c\r]+"
MASK = "\x1e"
"""No blank and no part of a word, so that nothing is found across it."""
TOGETHER = 1000
"""So many forms go into one expression: it is compiled whole, and grows with them."""
WORD = re.compile(r"\w+")
HITS = {"record": pl.UInt32, "key": pl.String, "start": pl.UInt32, "end": pl.UInt32}


@dataclass(frozen=True)
class Phrase:
    """One thing to look for, and the ways in which it is said; each begins and ends with a letter or a digit."""

    key: str
    forms: tuple[str, ...]


class Engine(Protocol):
    """What tells quickly which texts are worth a closer look."""

    def may_hold(self, texts: pl.Series) -> pl.Series:
        """Of each text, plain ASCII or folded, whether a form may stand in it: true wherever one does, and often only
        there."""


class PolarsEngine:
    """The regular expressions of Polars, which read each text once."""

    def __init__(self, forms: Sequence[str]) -> None:
        plainly, others = ([one for one in forms if one.isascii() == ascii] for ascii in (True, False))
        # Words as ASCII has them, which is four times faster. What ends where a letter beyond ASCII follows is found
        # too, and told apart by the closer look; a form with such a letter is sought without regard to what follows.
        self._patterns = [rf"(?i-u)\b(?:{one})\b" for one in _batches(plainly)] + list(_batches(others))

    def may_hold(self, texts: pl.Series) -> pl.Series:
        """See `Engine`."""
        found = pl.repeat(False, len(texts), eager=True)
        for pattern in self._patterns:
            found = found | texts.str.contains(pattern)
        return found


class Scanner:
    """Looks for phrases in columns of texts. `engine` makes the first, quick look from the folded forms."""

    def __init__(
        self,
        phrases: Iterable[Phrase],
        *,
        templates: Iterable[str] = (),
        engine: Callable[[Sequence[str]], Engine] = PolarsEngine,
    ) -> None:
        keys: dict[str, list[str]] = {}
        for phrase in phrases:
            for form in phrase.forms:
                keys.setdefault(_folded_form(phrase.key, form), []).append(phrase.key)
        self._keys = {form: tuple(dict.fromkeys(of)) for form, of in keys.items()}
        self._phrases = _Words(self._keys)
        self._templates = _Words(filter(None, (_ends_cut(template) for template in templates)))
        self._engine = engine(tuple(self._keys))

    def hits(self, texts: pl.Series | pa.Array | Sequence[str | None]) -> pl.DataFrame:
        """Every place where a phrase stands: `record` (the row, from 0), `key`, `start` and `end` (the first character,
        and the one after the last), in order of record, place and key. A text that is missing holds none."""
        column = _column(texts)
        found = [(record, *hit) for record, text in self._candidates(column) for hit in self._found_in(text)]
        return pl.DataFrame(found, schema=HITS, orient="row")

    def _candidates(self, column: pl.Series) -> list[tuple[int, str]]:
        """The texts that may hold a phrase, each with its row. Those that are not plain ASCII are folded to see."""
        whole = (column.str.len_bytes() == column.str.len_chars()).fill_null(False)
        others = (~whole & column.is_not_null()).arg_true()
        folded = pl.Series([plain(text) for text in column.gather(others).to_list()], dtype=pl.String)
        looked_at = ((whole.arg_true(), column.filter(whole)), (others, folded))
        rows = pl.concat([rows.gather(self._engine.may_hold(texts).arg_true()) for rows, texts in looked_at]).sort()
        return list(zip(rows.to_list(), column.gather(rows).to_list(), strict=True))

    def _found_in(self, text: str) -> list[tuple[str, int, int]]:
        """Every phrase in one text, by place and key."""
        folded = fold(text)
        words = self._masked(folded.text)
        places = {
            (*folded.original(start, end), key)
            for form, start, end in self._phrases.found_in(words)
            for key in self._keys[form]
        }
        return [(key, start, end) for start, end, key in sorted(places)]

    def _masked(self, text: str) -> str:
        """A folded text with a mask over the words of templates, as long as it was."""
        masked = text
        for _, start, end in self._templates.found_in(text):
            masked = masked[:start] + MASK * (end - start) + masked[end:]
        return masked


class _Words:
    """Forms by their first word: the words of a text are gone through once, and most begin no form."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for form in forms:
            first = WORD.match(form)
            assert first is not None
            self._by_first.setdefault(first[0], []).append((form, re.compile(rf"{_spaced(form)}\b")))

    def found_in(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Each form in a folded text with its place, overlapping ones too."""
        if self._by_first:
            for word in WORD.finditer(text):
                for form, pattern in self._by_first.get(word[0], ()):
                    if found := pattern.match(text, word.start()):
                        yield form, found.start(), found.end()


def _column(texts: Any) -> pl.Series:
    if isinstance(texts, pl.Series):
        return texts.cast(pl.String)
    if isinstance(texts, pa.Array | pa.ChunkedArray):
        return pl.Series(pl.from_arrow(texts), dtype=pl.String)
    return pl.Series(texts, dtype=pl.String)


def _batches(forms: Sequence[str]) -> Iterator[str]:
    """Forms as alternatives of one expression, so many at once."""
    for start in range(0, len(forms), TOGETHER):
        yield "|".join(_spaced(form) for form in forms[start : start + TOGETHER])


def _spaced(form: str) -> str:
    """A folded form as an expression, with any blanks between its words."""
    return BETWEEN_WORDS.join(re.escape(word) for word in form.split())


def _folded_form(key: str, form: str) -> str:
    folded = _one_blank(form)
    if folded != _ends_cut(form) or not folded:
        raise DefinitionError(f"The phrase {key!r}: {form!r} must begin and end with a letter or a digit.")
    return folded


def _one_blank(text: str) -> str:
    return " ".join(plain(text).split())


def _ends_cut(text: str) -> str:
    """A folded text from its first word to its last."""
    words = list(WORD.finditer(folded := _one_blank(text)))
    return folded[words[0].start() : words[-1].end()] if words else ""
