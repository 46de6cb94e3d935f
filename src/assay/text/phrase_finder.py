"""Find the occurrences of many patterns in one normalised text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from assay.text.normalisation import plain
from assay.text.phrase_patterns import WORD, Pattern

MASK = "\x1e"
"""Neither a blank nor part of a word, so that nothing matches across it."""
NO_BITS = (0, 0, 0, 0)
MAX_CACHED = 20_000
"""Maximum number of cached sets of patterns."""


class Words:
    """The words of a normalised text, or of its range that ends at `end`, with their positions."""

    __slots__ = ("_places", "end", "text", "tokens")

    def __init__(self, text: str, tokens: list[str], places: list[int] | None, end: int) -> None:
        self.text, self.tokens, self.end = text, tokens, end
        self._places = places

    @classmethod
    def from_text(cls, text: str) -> Words:
        """Return the words of a whole text."""
        return cls(text, WORD.findall(text), None, len(text))

    def part(self, start: int, end: int, text: str) -> Words:
        """Return the words in a range of the text; `text` is the same text with other punctuation."""
        first = bisect_left(self.places, start)
        after = bisect_left(self.places, end, first)
        return Words(text, self.tokens[first:after], self.places[first:after], end)

    @property
    def places(self) -> list[int]:
        """Start position of each word."""
        if self._places is None:
            self._places = [word.start() for word in WORD.finditer(self.text)]
        return self._places


class _Compiled:
    """A pattern whose regular expression is compiled when it is first needed.

    `needs`: the sets of words that a text must have, one bit for each. `match`: match at a position up to an end.
    """

    __slots__ = ("_regex", "key", "match", "needs")

    def __init__(self, pattern: Pattern, key: str, needs: int) -> None:
        self.key, self.needs = key, needs
        self._regex = rf"(?:{pattern.regex})\b"
        self.match: Callable[[str, int, int], re.Match[str] | None] = self._first_match

    def _first_match(self, text: str, place: int, end: int) -> re.Match[str] | None:
        self.match = re.compile(self._regex).match
        return self.match(text, place, end)


class Finder:
    """Index of patterns by their first two words and required words, for fast search in texts.

    An integer is a bit set of patterns (by position), or of needs.
    """

    def __init__(self, patterns: Iterable[tuple[Pattern, str]]) -> None:
        self._patterns: list[_Compiled] = []
        self._in_order: dict[int, tuple[_Compiled, ...]] = {}
        needs: dict[frozenset[str], int] = {}
        first: dict[str, int] = {}
        opened: dict[str, int] = {}
        second: dict[str, int] = {}
        needed: dict[str, int] = {}
        for place, (item, key) in enumerate(patterns):
            bits = [needs.setdefault(need, 1 << len(needs)) for need in set(item.needs)]
            self._patterns.append(_Compiled(item, key, sum(bits)))
            _add(first, item.first_words, 1 << place)
            _add(opened, item.open_words, 1 << place)
            _add(second, item.second_words, 1 << place)
        for need, bit in needs.items():
            _add(needed, need, bit)
        self._first = frozenset(first)
        tables = (first, opened, second, needed)
        self._known = {word: tuple(item.get(word, 0) for item in tables) for word in {*first, *second, *needed}}

    def found_in(self, text: str) -> list[tuple[str, int, int]]:
        """Return each match in a normalised text as (key, start, end), including overlapping ones."""
        return self.found_among(Words.from_text(text))

    def found_among(self, words: Words) -> list[tuple[str, int, int]]:
        """Return the matches of `found_in` for a text whose words are known."""
        found: list[tuple[str, int, int]] = []
        if self._first.isdisjoint(words.tokens):
            return found
        begun, met = self._starting_patterns(words.tokens)
        if begun:
            text, end, places, lacking, in_order = words.text, words.end, words.places, ~met, self._in_order
            for number, patterns in begun:
                for compiled in in_order.get(patterns) or self._ordered(patterns):
                    if not compiled.needs & lacking and (match := compiled.match(text, places[number], end)):
                        found.append((compiled.key, places[number], match.end()))
        return found

    def _starting_patterns(self, words: Sequence[str]) -> tuple[list[tuple[int, int]], int]:
        """Return the numbers of words with which patterns may begin, with these patterns, and the needs met."""
        known, begun, met = self._known, [], 0
        first = opened = 0
        number = -1
        for word in words:
            first_here, opened_here, second, needed = known.get(word, NO_BITS)
            if patterns := first & second | opened:
                begun.append((number, patterns))
            first, opened = first_here, opened_here
            if needed:
                met |= needed
            number += 1
        if opened:
            begun.append((number, opened))
        return begun, met

    def _ordered(self, begun: int) -> tuple[_Compiled, ...]:
        """Return the patterns of a bit set in order."""
        if len(self._in_order) >= MAX_CACHED:
            self._in_order.clear()
        ordered = tuple(compiled for place, compiled in enumerate(self._patterns) if begun >> place & 1)
        self._in_order[begun] = ordered
        return ordered


def _add(sets: dict[str, int], words: Iterable[str], bit: int) -> None:
    for word in words:
        sets[word] = sets.get(word, 0) | bit


def mask_spans(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return a text of the same length with these ranges masked."""
    parts, after = [], 0
    for start, end in sorted(places):
        if end > after:
            start = max(start, after)
            parts += [text[after:start], MASK * (end - start)]
            after = end
    return "".join([*parts, text[after:]])


def collapse_blanks(text: str) -> str:
    """Return a normalised text with single blanks."""
    return " ".join(plain(text).split())


def trim_to_words(text: str) -> str:
    """Return a normalised text from its first word to its last."""
    words = list(WORD.finditer(folded := collapse_blanks(text)))
    return folded[words[0].start() : words[-1].end()] if words else ""
