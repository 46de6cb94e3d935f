"""Terminals of the claim grammar: numbers, years, places and names of offences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from assay import reference
from assay.indicators.catalogue.scale.claim_rules import Tags, Terminal
from assay.indicators.catalogue.scale.claim_tokens import Token, tokens_of
from assay.indicators.catalogue.scale.claim_vocabulary import FOLDS, KINDS, NOT_FORCES, NUMBER_WORDS, PARTS, SHORT_NAMES

Phrases = Mapping[tuple[str, ...], str]


@lru_cache
def places() -> Phrases:
    """Return the place code of every known name of a place, keyed by the words of the name.

    Names are those of forces, of England and Wales, and of other places. A place without published figures has its own
    name as its code. A local authority that has the name of a force counts as the force.
    """
    phrases = {_words(name): name for name in NOT_FORCES}
    phrases |= {_words(authority.name.partition(",")[0]): authority.name for authority in reference.authorities()}
    phrases |= {_words(name): force.code for force in reference.forces() for name in force.names}
    return phrases | {_words(name): code for code, names in SHORT_NAMES.items() for name in names}


@lru_cache
def kinds() -> Phrases:
    """Return the meaning of each phrase for a count: a key of `SERIES_OF`, an offence code, or no known series."""
    phrases = {_words(offence.name): offence.code for offence in reference.offences().sexual}
    return phrases | {_words(name): kind for name, kind in KINDS}


def why_not_a_force(place: str) -> str:
    """Return why there are no figures for a place that is not a force; '' for a force or England and Wales."""
    if place.lower() in NOT_FORCES:
        return NOT_FORCES[place.lower()]
    for authority in reference.authorities():
        if authority.name == place:
            force = reference.forces().get(authority.force_code).full_name
            return f"{place}, which is part of the area of {force}: the figures are by force"
    return ""


def _words(name: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens_of(name))


def _phrase_terminal(tag: str, phrases: Callable[[], Phrases]) -> Terminal:
    def found(tokens: Sequence[Token], start: int) -> Iterator[tuple[Tags, int]]:
        for words, value in phrases().items():
            if tuple(token.text for token in tokens[start : start + len(words)]) == words:
                yield ((tag, value),), start + len(words)

    return found


def _token_terminal(read: Callable[[Token], Iterable[Tags]]) -> Terminal:
    """Return a terminal for one token; `read` yields its tags, or nothing if the token does not match."""

    def found(tokens: Sequence[Token], start: int) -> Iterator[tuple[Tags, int]]:
        if start < len(tokens):
            for tags in read(tokens[start]):
                yield tags, start + 1

    return found


def _number(token: Token) -> Iterator[Tags]:
    if token.kind == "number":
        yield (("number", (token.value, token.decimals)),)


def _whole(token: Token) -> Iterator[int]:
    if token.kind == "number" and token.value.is_integer() and 0 < token.value <= 1000 and not token.decimals:
        yield int(token.value)
    if token.text in NUMBER_WORDS:
        yield NUMBER_WORDS[token.text]


def _number_terminal(tag: str) -> Terminal:
    return _token_terminal(lambda token: (((tag, number),) for number in _whole(token)))


def _number_word(tokens: Sequence[Token], start: int) -> Iterator[tuple[Tags, int]]:
    """Match a number in words, of one word or of two ('sixty one')."""
    values = [NUMBER_WORDS.get(token.text, 0) for token in tokens[start : start + 2]]
    if values and values[0]:
        yield (("number", (float(values[0]), 0)),), start + 1
    if len(values) > 1 and values[0] >= 20 and 0 < values[1] < 10:
        yield (("number", (float(sum(values)), 0)),), start + 2


def _part(token: Token) -> Iterator[Tags]:
    if token.text in PARTS:
        yield (("part", 1 / PARTS[token.text]),)


def _parts(token: Token) -> Iterator[Tags]:
    """Match a plural such as 'thirds', which divides the number before it."""
    for word, divisor in PARTS.items():
        if token.text in (f"{word}s", "halves") and word != "half":
            yield (("of_parts", divisor),)


def _fold(token: Token) -> Iterator[Tags]:
    if token.text in FOLDS:
        yield (("whole", FOLDS[token.text]),)


def _year_terminal(kind: str, back: int) -> Terminal:
    return _token_terminal(lambda token: [(("year", int(token.value) - back),)] if token.kind == kind else [])


def _calendar(token: Token) -> Iterator[Tags]:
    if token.kind == "calendar year":
        yield (("calendar", token.text),)


def _code(token: Token) -> Iterator[Tags]:
    code = token.text.upper()
    if reference.offences().knows(code):
        yield (("kind", code),)


TERMINALS: Mapping[str, Terminal] = {
    "place": _phrase_terminal("place", places),
    "kind": _phrase_terminal("kind", kinds),
    "number": _token_terminal(_number),
    "upper": _token_terminal(lambda token: [(("upper", token.value),)] if token.kind == "number" else []),
    "number_word": _number_word,
    "small_number": _number_terminal("whole"),
    "out_of": _number_terminal("out_of"),
    "part": _token_terminal(_part),
    "parts": _token_terminal(_parts),
    "fold": _token_terminal(_fold),
    "code": _token_terminal(_code),
    "financial_year": _year_terminal("financial year", 0),
    "year_ending": _year_terminal("calendar year", 1),
    "year_starting": _year_terminal("calendar year", 0),
    "calendar_year": _token_terminal(_calendar),
}
