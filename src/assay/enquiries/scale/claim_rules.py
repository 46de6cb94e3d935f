"""Match the tokens of a claim against a grammar that is written as text.

The notation: words stand for themselves, `<name>` for another rule, `#name` for a terminal that is looked up (a number,
a year, a place), `{name=value}` for a mark that goes into the reading and takes no token, `|` parts choices, `( )`
group, `[ ]` may be left out, and `*` after a group repeats it. All readings of the whole text are found, so that a text
with two meanings is seen to have two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from assay.enquiries.scale.claim_tokens import Token

Mark = tuple[str, Any]
Marks = tuple[Mark, ...]
Terminal = Callable[[Sequence[Token], int], Iterator[tuple[Marks, int]]]
Matched = dict[tuple[Marks, int], None]

_SYMBOL = re.compile(r"\{[^}]*\}|<\w+>|#\w+|[()\[\]|*]|[^\s()\[\]|*]+")


@dataclass(frozen=True, eq=False)
class Node:
    """A piece of a rule: `parts` for sequences, choices and repetitions, `name` for the rest."""

    kind: Literal["word", "rule", "terminal", "mark", "sequence", "choice", "repeated"]
    name: str = ""
    mark: Mark = ("", "")
    parts: tuple[Node, ...] = ()


@lru_cache
def grammar(text: str) -> Mapping[str, Node]:
    """The rules of a grammar, one a line (`name = ...`); a line that begins with a space continues the one before."""
    rules: dict[str, Node] = {}
    for line in re.sub(r"\n[ \t]+", " ", text.strip()).splitlines():
        if line.strip() and not line.startswith("--"):
            name, _, body = line.partition(" = ")
            symbols = _SYMBOL.findall(body)
            rules[name.strip()] = _choice(symbols)
            if symbols:
                raise ValueError(f"The rule {name.strip()!r} has a bracket too many: {' '.join(symbols)}")
    return rules


def words_of(rules: Mapping[str, Node]) -> frozenset[str]:
    """Every word that stands for itself somewhere in the grammar."""
    return frozenset(word for rule in rules.values() for word in _words(rule))


def _words(node: Node) -> Iterator[str]:
    if node.kind == "word":
        yield node.name
    for part in node.parts:
        yield from _words(part)


def _choice(symbols: list[str]) -> Node:
    """Read alternatives until a closing bracket or the end; takes the symbols that it read from the list."""
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
        return Node("mark", mark=(name, value))
    if symbol.startswith("<"):
        return Node("rule", symbol.strip("<>"))
    return Node("terminal", symbol[1:]) if symbol.startswith("#") else Node("word", symbol)


@dataclass
class Matcher:
    """Matches one text; `farthest` is the first token that no rule could take, counted from 0."""

    rules: Mapping[str, Node]
    terminals: Mapping[str, Terminal]
    tokens: Sequence[Token]
    farthest: int = 0
    _known: dict[tuple[int, int], Matched] = field(default_factory=dict)

    def readings(self, rule: str) -> list[Marks]:
        """The marks of every way to read the whole text by this rule."""
        found = self._match(self.rules[rule], 0)
        return list(dict.fromkeys(marks for marks, end in found if end == len(self.tokens)))

    def _match(self, node: Node, at: int) -> Matched:
        key = (id(node), at)
        if key not in self._known:
            self._known[key] = dict.fromkeys(self._ways(node, at))
        return self._known[key]

    def _ways(self, node: Node, at: int) -> Iterator[tuple[Marks, int]]:
        if node.kind == "mark":
            yield (node.mark,), at
        elif node.kind == "word":
            yield from self._word(node.name, at)
        elif node.kind == "terminal":
            for marks, end in self.terminals[node.name](self.tokens, at):
                self.farthest = max(self.farthest, end)
                yield marks, end
        elif node.kind == "rule":
            yield from self._match(self.rules[node.name], at)
        elif node.kind == "choice":
            for part in node.parts:
                yield from self._match(part, at)
        elif node.kind == "sequence":
            yield from self._in_order(node.parts, at)
        else:
            yield from self._repeated(node.parts[0], at)

    def _word(self, word: str, at: int) -> Iterator[tuple[Marks, int]]:
        if at < len(self.tokens) and self.tokens[at].text == word:
            self.farthest = max(self.farthest, at + 1)
            yield (), at + 1

    def _in_order(self, parts: Sequence[Node], at: int) -> Iterator[tuple[Marks, int]]:
        ways: Matched = {((), at): None}
        for part in parts:
            ways = {
                (marks + more, after): None for marks, end in ways for more, after in self._match(part, end)
            }
        yield from ways

    def _repeated(self, part: Node, at: int) -> Iterator[tuple[Marks, int]]:
        ways: Matched = {((), at): None}
        latest = ways
        while latest:
            yield from latest
            latest = {
                (marks + more, after): None
                for marks, end in latest
                for more, after in self._match(part, end)
                if after > end and (marks + more, after) not in ways
            }
            ways |= latest
