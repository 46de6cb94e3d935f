"""Scan a column of texts for many phrases: a quick prefilter, then exact matching.

First one expression tells which texts may hold a phrase at all; places are sought in those alone. A phrase is found
in any writing that folds to it (`folding`), with any blanks and line ends between its words, where it begins and ends
with whole words; every phrase that stands there is told, also where phrases overlap; of a pattern (`patterns`) the
place where it begins is told once. A place is told in characters of the text as it stood. Each text is looked at by
itself, so no phrase crosses from one into the next.

The printed words of a form (`templates`) are masked before: what the form says is not what its writer said.
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
"""Counted up when the same phrases would be found in other texts."""
MAX_BATCH_CHARACTERS = 40_000
"""About so many characters of forms go into one expression: a longer one outgrows the memory of the machine that Polars
makes of it, and is then ten times slower; many short ones read each text many times."""
HITS = {"record": pl.UInt32, "key": pl.String, "start": pl.UInt32, "end": pl.UInt32}


@dataclass(frozen=True)
class Phrase:
    """One thing to look for, and the ways in which it is said: forms that stand for themselves, each beginning and
    ending with a letter or a digit, and patterns."""

    key: str
    forms: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()


class Engine(Protocol):
    """What tells quickly which texts are worth a closer look."""

    def may_hold(self, texts: pl.Series) -> pl.Series:
        """Of each text, plain but for its capitals, whether a form may stand in it: true wherever one does, and often
        only there."""


class PolarsEngine:
    """The regular expressions of Polars, which read each text once."""

    def __init__(self, forms: Sequence[str]) -> None:
        plainly, other_forms = ([form for form in forms if form.isascii() == ascii] for ascii in (True, False))
        # Words as ASCII has them, which is four times faster. What ends where a letter beyond ASCII follows is found
        # too, and told apart by the closer look; a form with such a letter is sought without regard to what follows.
        # A word of a gap may hold any letter.
        ascii_forms = [form.replace(ANY_WORD, f"(?u:{ANY_WORD})") for form in plainly]
        self._patterns = [rf"(?i-u)\b(?:{form})\b" for form in _batches(ascii_forms)]
        self._patterns += [f"(?i){form}" for form in _batches(other_forms)]

    def may_hold(self, texts: pl.Series) -> pl.Series:
        """See `Engine`."""
        found = pl.repeat(False, len(texts), eager=True)
        for pattern in self._patterns:
            found = found | texts.str.contains(pattern)
        return found


class Scanner:
    """Looks for phrases in columns of texts. `engine` makes the first, quick look from the forms and patterns, as
    regular expressions."""

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
        """Every place where a phrase stands: `record` (the row, from 0), `key`, `start` and `end` (the first character,
        and the one after the last), in order of record, place and key. A text that is missing holds none."""
        column = _column(texts)
        found = [(record, *hit) for record, text in self._candidates(column) for hit in self._found_in(text)]
        return pl.DataFrame(found, schema=HITS, orient="row")

    def may_hold(self, folded_texts: Sequence[str]) -> list[bool]:
        """Of each folded text, whether a closer look is worth while."""
        texts = pl.Series(folded_texts, dtype=pl.String)
        return self.engine.may_hold(texts).to_list()

    def found_in(self, folded_text: str) -> list[tuple[str, int, int]]:
        """Every phrase in one text that is folded already, by place and key; templates are masked."""
        return self.found_among(Words.from_text(folded_text))

    def found_among(self, words: Words) -> list[tuple[str, int, int]]:
        """The same of a folded text whose words are known."""
        if printed := self._templates.found_among(words):
            words = Words.from_text(mask_spans(words.text, ((start, end) for _, start, end in printed)))
        return sorted(set(self._phrases.found_among(words)), key=lambda hit: (hit[1], hit[2], hit[0]))

    def _candidates(self, column: pl.Series) -> list[tuple[int, str]]:
        """The texts that may hold a phrase, each with its row. Those that are not ASCII are made plain to see."""
        whole = (column.str.len_bytes() == column.str.len_chars()).fill_null(False)
        other_rows = (~whole & column.is_not_null()).arg_true()
        looked_at = (
            (whole.arg_true(), column.filter(whole)),
            (other_rows, plain_keeping_case(column.gather(other_rows))),
        )
        rows = pl.concat([rows.gather(self.engine.may_hold(texts).arg_true()) for rows, texts in looked_at]).sort()
        return list(zip(rows.to_list(), column.gather(rows).to_list(), strict=True))

    def _found_in(self, text: str) -> list[tuple[str, int, int]]:
        """Every phrase in one text as it stands, by place and key."""
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
    """Expressions as alternatives of one, as many at once as stay small."""
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
