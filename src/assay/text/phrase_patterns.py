"""Pattern language for phrases: compile a short notation to regular expressions.

A pattern is a sequence of words, `(this|that other)` for alternatives, `[maybe]` for an optional part, `{name}` for one
of a named list, `~3` for up to three words of any kind. A hyphen also matches a blank or nothing, an apostrophe also
nothing; `{name}'s` is the possessive. `{puts} (herself|himself) [further] at risk` is one line for a dozen phrases.

Every regular expression engine gives the same matches: a pattern is compiled only to alternatives, optional groups and
one class of characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.errors import DefinitionError
from assay.text.normalisation import plain

BETWEEN_WORDS = r"[ \t\n\x0b\x0c\r]+"
ANY_WORD = r'[^ \t\n\x0b\x0c\r.;:!?"]+'
"""A word of a gap. A gap does not cross the end of a sentence or a quotation mark."""
AFTER_A_WORD = rf",?{BETWEEN_WORDS}"
"""Separator of two words of a pattern: blanks, with an optional comma."""
OPTIONAL_JOINTS = (rf"(?:-|{BETWEEN_WORDS})?", "'?")
JOINTS = {"-": OPTIONAL_JOINTS[0], "'": OPTIONAL_JOINTS[1], " ": AFTER_A_WORD}
WORD = re.compile(r"\w+")
TOKEN = re.compile(r"\s*([(|)\[\]]|\{[a-z_]+\}|~\d|[^\s(|)\[\]{}~]+)")
CLOSING = {"(": ")", "[": "]"}
NONE: frozenset[str] = frozenset()

Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Pattern:
    """A phrase pattern compiled to a regular expression.

    `regex`: regular expression over normalised text. `first_words`: words with which a match may begin. `open_words`:
    those of them after which any word may follow. `second_words`: words that may follow the others. `needs`: sets of
    words, from each of which a text with a match must have one.
    """

    source: str
    regex: str
    first_words: frozenset[str]
    open_words: frozenset[str]
    second_words: frozenset[str]
    needs: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True)
class _Node:
    """A parsed part of a pattern.

    `ends`: first words with which it may end; `open`: first words that a gap may follow; `second`: words that may
    follow the other first words. `literals`: its spellings, character by character, if it is only a set of spellings.
    """

    regex: str
    first: frozenset[str]
    ends: frozenset[str] = NONE
    open: frozenset[str] = NONE
    second: frozenset[str] = NONE
    needs: tuple[frozenset[str], ...] = ()
    optional: bool = False
    gap: bool = False
    literals: tuple[tuple[str, ...], ...] = ()


def compile_pattern(source: str, lists: Lists | None = None) -> Pattern:
    """Compile one pattern with the named lists of words; DefinitionError, with the pattern, if it is invalid."""
    return Patterns(lists or {})(source)


def literal(folded_form: str) -> Pattern:
    """Return the pattern of a literal phrase, with any blanks between its words."""
    first, *further = WORD.findall(folded_form)
    regex = BETWEEN_WORDS.join(re.escape(word) for word in folded_form.split())
    begun = frozenset({first})
    return Pattern(folded_form, regex, begun, NONE if further else begun, frozenset(further[:1]))


class Patterns:
    """Compiles patterns that share named lists; each list is compiled once."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self._nodes: dict[str, _Node] = {}
        self._open: list[str] = []

    def __call__(self, source: str) -> Pattern:
        """Return the compiled pattern; DefinitionError, with the pattern, if it is invalid."""
        try:
            node, rest = self._alternatives(_tokens(plain(source)))
        except _Unreadable as error:
            raise DefinitionError(f"The pattern {source!r} cannot be read: {error}") from None
        if rest:
            raise DefinitionError(f"The pattern {source!r} cannot be read: {rest[0]!r} closes nothing.")
        if node.optional or not node.first:
            raise DefinitionError(f"The pattern {source!r} must hold a word that cannot be missing.")
        return Pattern(source, node.regex, node.first, node.ends | node.open, node.second, node.needs)

    def _alternatives(self, tokens: Sequence[str]) -> tuple[_Node, Sequence[str]]:
        """Parse one or more sequences separated by bars, up to a closing bracket."""
        nodes = []
        while True:
            node, tokens = self._sequence(tokens)
            nodes.append(node)
            if not tokens or tokens[0] != "|":
                return _one_of(nodes), tokens
            tokens = tokens[1:]

    def _sequence(self, tokens: Sequence[str]) -> tuple[_Node, Sequence[str]]:
        parts: list[_Node] = []
        while tokens and tokens[0] not in ("|", ")", "]"):
            token, tokens = tokens[0], tokens[1:]
            if token in CLOSING:
                inner, tokens = self._alternatives(tokens)
                if not tokens or tokens[0] != CLOSING[token]:
                    raise _Unreadable("a bracket is not closed.")
                tokens = tokens[1:]
                parts.append(replace(inner, optional=token == "[" or inner.optional))
            elif token.startswith("{"):
                parts.append(self._list_node(token[1:-1]))
            elif token == "'s" and parts and not parts[-1].gap:
                parts[-1] = _owning(parts[-1])
            elif token.startswith("~"):
                parts.append(_Node(token[1:], NONE, optional=True, gap=True))
            else:
                parts.append(_word(token))
        if not parts:
            raise _Unreadable("something is empty.")
        return _concatenate(parts), tokens

    def _list_node(self, name: str) -> _Node:
        if name not in self._lists or name in self._open:
            raise _Unreadable(f"there is no list {name!r}, or it stands within itself.")
        if name not in self._nodes:
            self._open.append(name)
            members = [self._alternatives(_tokens(plain(member)))[0] for member in self._lists[name]]
            self._open.pop()
            self._nodes[name] = _one_of(members)
        return self._nodes[name]


class _Unreadable(Exception):
    pass


def _tokens(source: str) -> list[str]:
    found: list[str] = []
    place = 0
    while place < len(source.rstrip()):
        token = TOKEN.match(source, place)
        if not token:
            raise _Unreadable(f"the text from {source[place:]!r} on is not part of a pattern.")
        place = token.end()
        found.append(token[1])
    return found


def _one_of(nodes: Sequence[_Node]) -> _Node:
    if len(nodes) == 1:
        return nodes[0]
    if any(node.optional for node in nodes):
        raise _Unreadable("one of several may not be missing; write [ ] around all of them.")
    if all(node.literals for node in nodes):
        return _spelling_node({literal for node in nodes for literal in node.literals})
    ordered = sorted(nodes, key=lambda node: -len(node.regex))  # the longer first: exact matching takes the first
    return _Node(
        f"(?:{'|'.join(node.regex for node in ordered)})",
        NONE.union(*(node.first for node in nodes)),
        NONE.union(*(node.ends for node in nodes)),
        NONE.union(*(node.open for node in nodes)),
        NONE.union(*(node.second for node in nodes)),
    )


def _owning(part: _Node) -> _Node:
    """Return the possessive of a part."""
    first, ends, second = (words | {f"{word}s" for word in words} for words in (part.first, part.ends, part.second))
    return _Node(f"(?:{part.regex})'?s", first, ends, part.open, second | {"s"}, optional=part.optional)


def _word(token: str) -> _Node:
    if not (token[0].isalnum() and token[-1].isalnum()):
        raise _Unreadable(f"{token!r} must begin and end with a letter or a digit.")
    return _spelling_node({tuple(JOINTS.get(sign, re.escape(sign)) for sign in token)})


def _spelling_node(literals: Iterable[tuple[str, ...]]) -> _Node:
    """Return spellings as one expression that shares their common prefixes."""
    ordered = tuple(sorted(literals))
    words = [words for item in ordered for words in _ways_of_words(item)]
    first = frozenset(item[0] for item in words)
    ends, second = (
        frozenset(item[0] for item in words if not item[1:]),
        frozenset(item[1] for item in words if item[1:]),
    )
    return _Node(_branches(ordered), first, ends, second=second, literals=ordered)


def _branches(literals: Sequence[tuple[str, ...]]) -> str:
    if len(literals) == 1:
        return "".join(literals[0])
    ends = not literals[0]
    further: dict[str, list[tuple[str, ...]]] = {}
    for spelling in literals:
        if spelling:
            further.setdefault(spelling[0], []).append(spelling[1:])
    branches = [sign + _branches(rest) for sign, rest in further.items()]
    if len(branches) == 1 and not ends:
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' if ends else ''}"


def _ways_of_words(spelling: Sequence[str]) -> Iterator[list[str]]:
    """Yield the words of each spelling: "life-style" is `life` and `style`, or `lifestyle`."""
    ways = [""]
    for sign in spelling:
        if sign.isalnum() or sign == "_":
            ways = [way + sign for way in ways]
        else:
            spaced = [f"{way} " for way in ways]
            ways = [*ways, *spaced] if sign in OPTIONAL_JOINTS else spaced
    return (way.split() for way in ways)


def _concatenate(parts: Sequence[_Node]) -> _Node:
    """Concatenate parts, with blanks between those that are present."""
    needed = [number for number, part in enumerate(parts) if not part.optional]
    if len(needed) == len(parts) and all(len(part.literals) == 1 for part in parts):
        return _spelling_node({_join_spellings(part.literals[0] for part in parts)})
    if not needed:
        if len(parts) > 1:
            raise _Unreadable("every word in it is optional; write it as alternatives.")
        return parts[0]
    anchor = needed[0]
    if any(part.gap for part in (*parts[:anchor], parts[-1])):
        raise _Unreadable("a gap must be between required words.")
    regex = "".join(_optional(part, before=True) for part in parts[:anchor]) + parts[anchor].regex
    for part in parts[anchor + 1 :]:
        regex += _optional(part, before=False) if part.optional else AFTER_A_WORD + part.regex
    begins = parts[: anchor + 1]
    ends, opened, second = _after_the_first(parts, anchor)
    must = [parts[number] for number in needed]
    needs = [part.first for part in (must if anchor else must[1:])]
    first, needs = (
        NONE.union(*(part.first for part in begins)),
        [*(need for part in must for need in part.needs), *needs],
    )
    return _Node(regex, first, ends, opened, second, tuple(needs))


def _after_the_first(parts: Sequence[_Node], anchor: int) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return `ends`, `open` and `second` of a sequence whose parts before the anchor are all optional."""
    ends: set[str] = set()
    opened = set(NONE.union(*(part.open for part in parts[: anchor + 1])))
    second = set(NONE.union(*(part.second for part in parts[: anchor + 1])))
    for number, begun in enumerate(parts[: anchor + 1]):
        for after in parts[number + 1 :]:
            if after.gap:
                opened |= begun.ends
            second |= after.first
            if not after.optional:
                break
        else:
            ends |= begun.ends
    return frozenset(ends), frozenset(opened), frozenset(second)


def _join_spellings(literals: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(
        sign for number, spelling in enumerate(literals) for sign in ((AFTER_A_WORD,) if number else ()) + spelling
    )


def _optional(part: _Node, *, before: bool) -> str:
    """Return the expression of an optional part, with the separator on the side of the required part."""
    inner = ANY_WORD if part.gap else part.regex
    expression = inner + AFTER_A_WORD if before else AFTER_A_WORD + inner
    return f"(?:{expression}){{0,{part.regex}}}" if part.gap else f"(?:{expression})?"
