"""Where in one folded text does each of many patterns stand?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from assay.language.folding import plain
from assay.language.patterns import WORD, Pattern

MASK = "\x1e"
"""No blank and no part of a word, so that nothing is found across it."""


class _Compiled:
    """A pattern whose expression is compiled when a text first holds the words without which it cannot stand there."""

    __slots__ = ("_match", "_regex", "key", "needs")

    def __init__(self, pattern: Pattern, key: str) -> None:
        self.key, self.needs = key, pattern.needs
        self._regex = rf"(?:{pattern.regex})\b"
        self._match: Callable[[str, int], re.Match[str] | None] | None = None

    def match(self, text: str, place: int) -> re.Match[str] | None:
        """What stands at a place of a text."""
        if self._match is None:
            self._match = re.compile(self._regex).match
        return self._match(text, place)


class Finder:
    """Patterns by their first words: the words of a text are gone through once, and most begin no pattern."""

    def __init__(self, patterns: Iterable[tuple[Pattern, str]]) -> None:
        self._by_first: dict[str, list[_Compiled]] = {}
        for one, key in patterns:
            compiled = _Compiled(one, key)
            for first in one.first_words:
                self._by_first.setdefault(first, []).append(compiled)

    def found_in(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Each pattern in a folded text as (key, start, end), overlapping ones too; one place by where it begins."""
        by_first = self._by_first
        if not by_first:
            return
        present = set(WORD.findall(text))
        if present.isdisjoint(by_first):
            return
        for word in WORD.finditer(text):
            for one in by_first.get(word[0], ()):
                for need in one.needs:
                    if need.isdisjoint(present):
                        break
                else:
                    if found := one.match(text, word.start()):
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
