"""Match the tokens of a claim against a grammar that is written as text.

Notation: a word matches itself, `<name>` another rule, and `#name` a terminal that is looked up (a number, a year, a
place). `{name=value}` adds a tag to the parse and matches no token. `|` separates alternatives, `( )` groups,
`[ ]` is optional, and `*` after a group repeats it. All parses of the whole text are found, so that an ambiguous text
is recognised.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from assay.indicators.catalogue.scale.claim_tokens import Token

Tag = tuple[str, Any]
Tags = tuple[Tag, ...]
Terminal = Callable[[Sequence[Token], int], Iterator[tuple[Tags, int]]]
"""Takes the tokens and a position; yields the tags and the end of each match."""
Matched = dict[tuple[Tags, int], None]
"""Ordered set of (tags, end of the match)."""

_SYMBOL = re.compile(r"\{[^}]*\}|<\w+>|#\w+|[()\[\]|*]|[^\s()\[\]|*]+")


@dataclass(frozen=True, eq=False)
class Node:
    """A node of a grammar rule: `parts` for sequences, choices and repetitions, `name` for the others."""

    kind: Literal["word", "rule", "terminal", "tag", "sequence", "choice", "repeated"]
    name: str = ""
    tag: Tag = ("", "")
    parts: tuple[Node, ...] = ()


@lru_cache
def grammar(text: str) -> Mapping[str, Node]:
    """Parse the text of a grammar: one rule per line (`name = ...`); a line that begins with a space continues it.

    Raises
    ------
    ValueError
        If the brackets of a rule do not match.
    """
    rules: dict[str, Node] = {}
    for line in re.sub(r"\n[ \t]+", " ", text.strip()).splitlines():
        if line.strip() and not line.startswith("--"):
            name, _, definition = line.partition(" = ")
            symbols = _SYMBOL.findall(definition)
            rules[name.strip()] = _choice(symbols)
            if symbols:
                raise ValueError(f"The rule {name.strip()!r} has a closing bracket too many: {' '.join(symbols)}")
    return rules


def words_of(rules: Mapping[str, Node]) -> frozenset[str]:
    """Return every word that the grammar matches literally."""
    return frozenset(word for rule in rules.values() for word in _words(rule))


def _words(node: Node) -> Iterator[str]:
    if node.kind == "word":
        yield node.name
    for part in node.parts:
        yield from _words(part)


def _choice(symbols: list[str]) -> Node:
    """Parse alternatives up to a closing bracket or the end, and remove their symbols from the list."""
    choices = [_sequence(symbols)]
    while symbols and symbols[0] == "|":
        symbols.pop(0)
        choices.append(_sequence(symbols))
    return choices[0] if len(choices) == 1 else Node("choice", parts=tuple(choices))


def _sequence(symbols: list[str]) -> Node:
    parts: list[Node] = []
    while symbols and symbols[0] not in "|)]":
        parts.append(_piece(symbols))
    return Node("sequence", parts=tuple(parts))


def _piece(symbols: list[str]) -> Node:
    symbol = symbols.pop(0)
    if symbol in "([":
        inside = _choice(symbols)
        symbols.pop(0)
        if symbol == "[":
            return Node("choice", parts=(inside, Node("sequence")))
        if symbols and symbols[0] == "*":
            symbols.pop(0)
            return Node("repeated", parts=(inside,))
        return inside
    if symbol.startswith("{"):
        name, _, value = symbol.strip("{}").partition("=")
        return Node("tag", tag=(name, value))
    if symbol.startswith("<"):
        return Node("rule", symbol.strip("<>"))
    return Node("terminal", symbol[1:]) if symbol.startswith("#") else Node("word", symbol)


@dataclass
class Matcher:
    """A parser that returns every parse of one text, by backtracking with memoisation (packrat)."""

    rules: Mapping[str, Node]
    terminals: Mapping[str, Terminal]
    tokens: Sequence[Token]
    farthest: int = 0
    """Position of the first token that no rule could match, from 0."""
    _memo: dict[tuple[int, int], Matched] = field(default_factory=dict)

    def parses(self, rule: str) -> list[Tags]:
        """Return the tags of every parse of the whole text by a rule."""
        parses = self._match(self.rules[rule], 0)
        return list(dict.fromkeys(tags for tags, end in parses if end == len(self.tokens)))

    def _match(self, node: Node, start: int) -> Matched:
        key = (id(node), start)
        if key not in self._memo:
            self._memo[key] = dict.fromkeys(self._parses(node, start))
        return self._memo[key]

    def _parses(self, node: Node, start: int) -> Iterator[tuple[Tags, int]]:
        if node.kind == "tag":
            yield (node.tag,), start
        elif node.kind == "word":
            yield from self._word(node.name, start)
        elif node.kind == "terminal":
            for tags, end in self.terminals[node.name](self.tokens, start):
                self.farthest = max(self.farthest, end)
                yield tags, end
        elif node.kind == "rule":
            yield from self._match(self.rules[node.name], start)
        elif node.kind == "choice":
            for part in node.parts:
                yield from self._match(part, start)
        elif node.kind == "sequence":
            yield from self._sequence(node.parts, start)
        else:
            yield from self._repeated(node.parts[0], start)

    def _word(self, word: str, start: int) -> Iterator[tuple[Tags, int]]:
        if start < len(self.tokens) and self.tokens[start].text == word:
            self.farthest = max(self.farthest, start + 1)
            yield (), start + 1

    def _sequence(self, parts: Sequence[Node], start: int) -> Iterator[tuple[Tags, int]]:
        matched: Matched = {((), start): None}
        for part in parts:
            matched = {(tags + more, after): None for tags, end in matched for more, after in self._match(part, end)}
        yield from matched

    def _repeated(self, part: Node, start: int) -> Iterator[tuple[Tags, int]]:
        matched: Matched = {((), start): None}
        newest = matched
        while newest:
            yield from newest
            newest = {
                (tags + more, after): None
                for tags, end in newest
                for more, after in self._match(part, end)
                if after > end and (tags + more, after) not in matched
            }
            matched |= newest
