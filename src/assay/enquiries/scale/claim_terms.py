"""The terminals of the grammar of claims: numbers, years, places and names of offences, found among the tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from assay import commission
from assay.enquiries.scale.claim_rules import Marks, Terminal
from assay.enquiries.scale.claim_tokens import Token, tokens_of
from assay.enquiries.scale.claim_vocabulary import FOLDS, KINDS, NOT_FORCES, NUMBER_WORDS, PARTS, SHORT_NAMES

Phrases = Mapping[tuple[str, ...], str]


@lru_cache
def places() -> Phrases:
    """Every name of a force, of England and Wales, and of what is neither, as words; the value is a place code.

    A place for which no figures are published has its own name as its code. A local authority that bears the name of a
    force is the force.
    """
    named = {_words(name): name for name in NOT_FORCES}
    named |= {_words(one.name.partition(",")[0]): one.name for one in commission.authorities()}
    named |= {_words(name): force.code for force in commission.forces() for name in force.names}
    return named | {_words(name): code for code, names in SHORT_NAMES.items() for name in names}


@lru_cache
def kinds() -> Phrases:
    """Every name of what is counted, as words; the value is a key of `SERIES_OF`, a code, or a refused kind."""
    named = {_words(one.name): one.code for one in commission.offences().sexual}
    return named | {_words(name): kind for name, kind in KINDS}


def why_not_a_force(place: str) -> str:
    """Why there are no figures of a place that is not a force: '' for a force or for England and Wales."""
    if place.lower() in NOT_FORCES:
        return NOT_FORCES[place.lower()]
    for one in commission.authorities():
        if one.name == place:
            force = commission.forces().get(one.force_code).full_name
            return f"{place}, which is part of the area of {force}: the figures are by force"
    return ""


def _words(name: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens_of(name))


def _phrases(mark: str, named: Callable[[], Phrases]) -> Terminal:
    def found(tokens: Sequence[Token], at: int) -> Iterator[tuple[Marks, int]]:
        for words, value in named().items():
            if tuple(token.text for token in tokens[at : at + len(words)]) == words:
                yield ((mark, value),), at + len(words)

    return found


def _one(read: Callable[[Token], Iterable[Marks]]) -> Terminal:
    """A terminal of one token; `read` gives its marks, or nothing where the token is of another sort."""

    def found(tokens: Sequence[Token], at: int) -> Iterator[tuple[Marks, int]]:
        if at < len(tokens):
            for marks in read(tokens[at]):
                yield marks, at + 1

    return found


def _number(token: Token) -> Iterator[Marks]:
    if token.kind == "number":
        yield (("number", (token.value, token.decimals)),)


def _whole(token: Token) -> Iterator[int]:
    if token.kind == "number" and token.value.is_integer() and 0 < token.value <= 1000 and not token.decimals:
        yield int(token.value)
    if token.text in NUMBER_WORDS:
        yield NUMBER_WORDS[token.text]


def _counted(mark: str) -> Terminal:
    return _one(lambda token: (((mark, number),) for number in _whole(token)))


def _number_word(tokens: Sequence[Token], at: int) -> Iterator[tuple[Marks, int]]:
    """A number in words, of two words where a ten comes first: 'sixty one'."""
    values = [NUMBER_WORDS.get(token.text, 0) for token in tokens[at : at + 2]]
    if values and values[0]:
        yield (("number", (float(values[0]), 0)),), at + 1
    if len(values) > 1 and values[0] >= 20 and 0 < values[1] < 10:
        yield (("number", (float(sum(values)), 0)),), at + 2


def _part(token: Token) -> Iterator[Marks]:
    if token.text in PARTS:
        yield (("part", 1 / PARTS[token.text]),)


def _parts(token: Token) -> Iterator[Marks]:
    """'thirds' after a number: the number is multiplied by a third."""
    for word, divisor in PARTS.items():
        if token.text in (f"{word}s", "halves") and word != "half":
            yield (("of_parts", divisor),)


def _fold(token: Token) -> Iterator[Marks]:
    if token.text in FOLDS:
        yield (("whole", FOLDS[token.text]),)


def _year(kind: str, back: int) -> Terminal:
    return _one(lambda token: [(("year", int(token.value) - back),)] if token.kind == kind else [])


def _calendar(token: Token) -> Iterator[Marks]:
    if token.kind == "calendar year":
        yield (("calendar", token.text),)


def _code(token: Token) -> Iterator[Marks]:
    code = token.text.upper()
    if commission.offences().knows(code):
        yield (("kind", code),)


TERMINALS: Mapping[str, Terminal] = {
    "place": _phrases("place", places),
    "kind": _phrases("kind", kinds),
    "number": _one(_number),
    "upper": _one(lambda token: [(("upper", token.value),)] if token.kind == "number" else []),
    "number_word": _number_word,
    "small_number": _counted("whole"),
    "out_of": _counted("out_of"),
    "part": _one(_part),
    "parts": _one(_parts),
    "fold": _one(_fold),
    "code": _one(_code),
    "financial_year": _year("financial year", 0),
    "year_ending": _year("calendar year", 1),
    "year_starting": _year("calendar year", 0),
    "calendar_year": _one(_calendar),
}
