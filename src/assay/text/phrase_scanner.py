"""Scan a column of texts for many phrases: a quick prefilter, then exact matching.

The prefilter selects the texts that may contain a phrase; only these are matched exactly. A phrase matches any spelling
with the same normalised form (`normalisation`), with any blanks and line ends between its words, as whole words. All
phrases are reported, also overlapping ones; a pattern (`phrase_patterns`) is reported once for each start. Positions
are characters of the original text. No match crosses two texts.

The printed words of a form (`templates`) are masked first, because they are not the words of its writer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl
import pyarrow as pa

from assay.errors import DefinitionError
from assay.text.normalisation import fold, plain_keeping_case
from assay.text.phrase_finder import Finder, Words, collapse_blanks, mask_spans, trim_to_words
from assay.text.phrase_patterns import ANY_WORD, Pattern, literal

SCANNER_VERSION = "1"
"""Increased when a change of the scanner would find the same phrases in other texts."""
MAX_BATCH_CHARACTERS = 40_000
"""Approximate length of one combined expression: a longer one exceeds the memory of the automaton in Polars and is ten
times slower; many short ones scan each text many times."""
HITS = {"record": pl.UInt32, "key": pl.String, "start": pl.UInt32, "end": pl.UInt32}


@dataclass(frozen=True)
class Phrase:
    """A phrase to search for: its key, its literal forms (each beginning and ending with a letter or digit), and its
    patterns."""

    key: str
    forms: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()


class Engine(Protocol):
    """Interface of a prefilter, which selects the texts that may contain a phrase before exact matching."""

    def may_hold(self, texts: pl.Series) -> pl.Series:
        """Return for each text, normalised except for its capitals, whether a form of a phrase may occur in it.

        There are no false negatives, and few false positives.
        """


class PolarsEngine:
    """Prefilter that uses the regular expressions of Polars."""

    def __init__(self, forms: Sequence[str]) -> None:
        plainly, other_forms = ([form for form in forms if form.isascii() == ascii] for ascii in (True, False))
        # ASCII word boundaries are four times faster. They also match before a letter beyond ASCII, which exact
        # matching corrects; a form with such a letter is searched without boundaries. A gap word may have any letter.
        ascii_forms = [form.replace(ANY_WORD, f"(?u:{ANY_WORD})") for form in plainly]
        self._patterns = [rf"(?i-u)\b(?:{form})\b" for form in _batches(ascii_forms)]
        self._patterns += [f"(?i){form}" for form in _batches(other_forms)]

    def may_hold(self, texts: pl.Series) -> pl.Series:
        """Return for each text whether a form of a phrase may occur in it (see `Engine`)."""
        found = pl.repeat(False, len(texts), eager=True)
        for pattern in self._patterns:
            found = found | texts.str.contains(pattern)
        return found


class Scanner:
    """Scans columns of texts for phrases; `engine` creates the prefilter from the regular expressions."""

    def __init__(
        self,
        phrases: Iterable[Phrase],
        *,
        templates: Iterable[str] = (),
        engine: Callable[[Sequence[str]], Engine] = PolarsEngine,
    ) -> None:
        keys: dict[Pattern, list[str]] = {}
        for phrase in phrases:
            for form in phrase.forms:
                keys.setdefault(literal(_folded_form(phrase.key, form)), []).append(phrase.key)
            for pattern in phrase.patterns:
                keys.setdefault(pattern, []).append(phrase.key)
        self._phrases = Finder(
            (pattern, key) for pattern, phrase_keys in keys.items() for key in dict.fromkeys(phrase_keys)
        )
        self._templates = Finder((literal(cut), "") for cut in dict.fromkeys(map(trim_to_words, templates)) if cut)
        self.engine = engine(tuple(dict.fromkeys(pattern.regex for pattern in keys)))

    def hits(self, texts: pl.Series | pa.Array | Sequence[str | None]) -> pl.DataFrame:
        """Return every match, in order of record, position and key; a missing text has none.

        Columns: `record` (row from 0), `key`, `start` and `end` (first character, and the one after the last).
        """
        column = _column(texts)
        found = [(record, *hit) for record, text in self._candidates(column) for hit in self._found_in(text)]
        return pl.DataFrame(found, schema=HITS, orient="row")

    def may_hold(self, folded_texts: Sequence[str]) -> list[bool]:
        """Return whether each normalised text may contain a phrase (prefilter)."""
        texts = pl.Series(folded_texts, dtype=pl.String)
        return self.engine.may_hold(texts).to_list()

    def found_in(self, folded_text: str) -> list[tuple[str, int, int]]:
        """Return every phrase in one normalised text, by position and key; templates are masked."""
        return self.found_among(Words.from_text(folded_text))

    def found_among(self, words: Words) -> list[tuple[str, int, int]]:
        """Return the phrases of `found_in` for a text whose words are known."""
        if printed := self._templates.found_among(words):
            words = Words.from_text(mask_spans(words.text, ((start, end) for _, start, end in printed)))
        return sorted(set(self._phrases.found_among(words)), key=lambda hit: (hit[1], hit[2], hit[0]))

    def _candidates(self, column: pl.Series) -> list[tuple[int, str]]:
        """Return the texts that may contain a phrase, each with its row; those beyond ASCII are normalised first."""
        whole = (column.str.len_bytes() == column.str.len_chars()).fill_null(False)
        other_rows = (~whole & column.is_not_null()).arg_true()
        looked_at = (
            (whole.arg_true(), column.filter(whole)),
            (other_rows, plain_keeping_case(column.gather(other_rows))),
        )
        rows = pl.concat([rows.gather(self.engine.may_hold(texts).arg_true()) for rows, texts in looked_at]).sort()
        return list(zip(rows.to_list(), column.gather(rows).to_list(), strict=True))

    def _found_in(self, text: str) -> list[tuple[str, int, int]]:
        """Return every phrase in one original text, by position and key."""
        folded = fold(text)
        places = {(*folded.original(start, end), key) for key, start, end in self.found_in(folded.text)}
        return [(key, start, end) for start, end, key in sorted(places)]


def _column(texts: Any) -> pl.Series:
    if isinstance(texts, pl.Series):
        return texts.cast(pl.String)
    if isinstance(texts, pa.Array | pa.ChunkedArray):
        return pl.Series(pl.from_arrow(texts), dtype=pl.String)
    return pl.Series(texts, dtype=pl.String)


def _batches(forms: Sequence[str]) -> Iterator[str]:
    """Yield combined expressions of alternatives of limited length."""
    batch: list[str] = []
    for form in sorted(forms):
        if batch and sum(map(len, batch)) + len(form) > MAX_BATCH_CHARACTERS:
            yield "|".join(batch)
            batch = []
        batch.append(form)
    if batch:
        yield "|".join(batch)


def _folded_form(key: str, form: str) -> str:
    folded = collapse_blanks(form)
    if folded != trim_to_words(form) or not folded:
        raise DefinitionError(f"The phrase {key!r}: {form!r} must begin and end with a letter or a digit.")
    return folded
