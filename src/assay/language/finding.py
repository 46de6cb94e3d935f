"""Where in one folded text does each of many patterns stand?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from assay.language.folding import plain
from assay.language.patterns import WORD, Pattern

MASK = "\x1e"
"""No blank and no part of a word, so that nothing is found across it."""
COMMON = frozenset((
    "a", "an", "and", "as", "at", "be", "been", "by", "for", "from", "had", "has", "have", "he", "her", "him", "his",
    "i", "in", "is", "it", "no", "not", "of", "on", "or", "she", "that", "the", "their", "them", "they", "this", "to",
    "was", "were", "which", "who", "with",
))  # fmt: skip
"""Words by which no pattern is looked for if there is another."""


class _Compiled:
    """A pattern whose expression is compiled when a text first holds the words without which it cannot stand there.
    `place`: its place among all patterns, by which it is looked at."""

    __slots__ = ("_match", "_regex", "key", "needs", "others", "place")

    def __init__(self, pattern: Pattern, key: str, place: int) -> None:
        self.key, self.needs, self.place = key, pattern.needs, place
        self.others: tuple[frozenset[str], ...] = ()
        self._regex = rf"(?:{pattern.regex})\b"
        self._match: Callable[[str, int], re.Match[str] | None] | None = None

    def match(self, text: str, place: int) -> re.Match[str] | None:
        """What stands at a place of a text."""
        if self._match is None:
            self._match = re.compile(self._regex).match
        return self._match(text, place)


class _Begun:
    """Patterns that begin with one word: those that need no other, and the rest by a word that they need."""

    __slots__ = ("alone", "by_need", "needed")

    def __init__(self) -> None:
        self.alone: list[_Compiled] = []
        self.by_need: dict[str, list[_Compiled]] = {}
        self.needed: frozenset[str] = frozenset()

    def add(self, one: _Compiled) -> None:
        if not one.needs:
            self.alone.append(one)
            return
        rarest = min(one.needs, key=_how_common)
        one.others = tuple(need for need in one.needs if need is not rarest)
        for word in rarest:
            self.by_need.setdefault(word, []).append(one)

    def standing(self, present: set[str]) -> list[_Compiled]:
        """Those that may stand in a text of these words, by their place."""
        words = present & self.needed
        if not words:
            return self.alone
        held = []
        for word in words:
            for one in self.by_need[word]:
                for need in one.others:
                    if need.isdisjoint(present):
                        break
                else:
                    held.append(one)
        if not held:
            return self.alone
        # One that is needed by two words that stand there comes twice, and stands there once.
        return sorted({*self.alone, *held}, key=_place)


def _how_common(need: frozenset[str]) -> tuple[bool, int]:
    """Whether words that stand in most texts are among it, and how many it has."""
    return not need.isdisjoint(COMMON), len(need)


def _place(one: _Compiled) -> int:
    return one.place


class Finder:
    """Patterns by their first words, and then by another word that they need: most begin in no text."""

    def __init__(self, patterns: Iterable[tuple[Pattern, str]]) -> None:
        self._by_first: dict[str, _Begun] = {}
        for place, (one, key) in enumerate(patterns):
            compiled = _Compiled(one, key, place)
            for first in one.first_words:
                self._by_first.setdefault(first, _Begun()).add(compiled)
        for begun in self._by_first.values():
            begun.needed = frozenset(begun.by_need)
        self._first = frozenset(self._by_first)

    def found_in(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Each pattern in a folded text as (key, start, end), overlapping ones too; one place by where it begins."""
        if not self._first:
            return
        present = set(WORD.findall(text))
        standing = {}
        for word in present & self._first:
            if held := self._by_first[word].standing(present):
                standing[word] = held
        if not standing:
            return
        for one_word in WORD.finditer(text):
            for one in standing.get(one_word[0], ()):
                if found := one.match(text, one_word.start()):
                    yield one.key, found.start(), found.end()


def masked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """A text with a mask over each place, as long as it was."""
    parts, after = [], 0
    for start, end in sorted(places):
        if end > after:
            start = max(start, after)
            parts += [text[after:start], MASK * (end - start)]
            after = end
    return "".join([*parts, text[after:]])


def one_blank(text: str) -> str:
    """A text folded, with one blank where any blanks stood."""
    return " ".join(plain(text).split())


def ends_cut(text: str) -> str:
    """A text folded, from its first word to its last."""
    words = list(WORD.finditer(folded := one_blank(text)))
    return folded[words[0].start() : words[-1].end()] if words else ""
