"""Parse a sentence into claims: what is counted, where, when, in which direction and by how much.

The grammar (`claim_vocabulary`) must match every word. A sentence that it does not match is not judged, and the answer
names the word that was not understood.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from assay.indicators.catalogue.scale.claim_rules import Matcher, Tag, grammar, words_of
from assay.indicators.catalogue.scale.claim_terms import TERMINALS, kinds, places
from assay.indicators.catalogue.scale.claim_tokens import Token, tokens_of
from assay.indicators.catalogue.scale.claim_vocabulary import EXPLOITATION, GRAMMAR, PEOPLE, REASONS

Unit = Literal["percent", "points", "count", "part", "fold", "in"]
Role = Literal["at", "from", "to"]
SHARES = ("in", "percent", "part")
QUANTITIES = {"size": "size", "also": "other_size", "start": "start", "end": "end", "level": "level"}
"""Tag of the grammar -> field of `Claim`."""
_INSIDE = ("bound", "number", "unit", "times", "whole", "part")
WRITE = "Write the claim as a sentence such as 'recorded offences fell by 9%' or 'police recorded 61,400 offences'."
MIN_SIMILARITY = 0.8
"""Least `difflib` ratio of a word that was not understood to a word of the vocabulary that is offered instead of it."""
MAX_TOKENS = 80
"""A longer text is not parsed: a claim is one sentence."""


@dataclass(frozen=True)
class Quantity:
    """The size of a change, or the level of a figure, as a claim states it."""

    value: float
    """In its unit: percent, percentage points, a count, a fraction ('part'), a factor ('fold') or a share ('in')."""
    unit: Unit
    bound: str = "rounded"
    """How the number is meant, such as 'about' or 'at_least'."""
    decimals: int = 0
    """Number of decimals that the text shows."""
    times: int = 1
    """1,000 for 'thousand', 1,000,000 for 'million'; `value` includes it."""
    out_of: int = 0
    """The 10 of 'one in ten'."""
    upper: float | None = None
    """The upper end of a range such as 'between 8% and 10%'."""


@dataclass(frozen=True)
class Claim:
    """One claim: a change (`direction` is not empty) or a level."""

    direction: Literal["fell", "rose", "unchanged", "changed", ""]
    denied: bool
    kind: str
    """What is counted: a key of `SERIES_OF`, an offence code, or a kind without a series."""
    measure: str
    """The outcome of the offences, a key of `MEASURES`; 'recorded' if the claim is about no outcome."""
    share: bool
    """True if the claim is about a share of offences."""
    closed: bool
    """True if the share is of closed offences."""
    recorded: bool
    """True if the text says 'recorded'."""
    total: bool
    """True if the text says 'total', 'all' or 'overall'."""
    strength: str
    """'strong' or 'slight' if a word gives the size without a number."""
    size: Quantity | None
    """Size of the change."""
    other_size: Quantity | None
    """Size of the change in a second unit, as in 'by 6,108, or 9%'."""
    start: Quantity | None
    """Level before the change."""
    end: Quantity | None
    """Level after the change."""
    level: Quantity | None
    """Level, if the claim is not about a change."""
    places: tuple[str, ...]
    years: tuple[tuple[Role, int], ...]
    """Role and first calendar year of each financial year in the text."""
    calendar_years: tuple[str, ...]
    spans: tuple[int, ...]
    """Numbers of years, as in 'over three years'."""
    latest: bool
    """True if the text says that a figure is the latest."""


@dataclass(frozen=True)
class Reading:
    """The result of parsing a text: every possible reading as claims, or what was not understood."""

    parses: tuple[tuple[Claim, ...], ...]
    """Each parse is a tuple of the claims in the text; empty if the text was not understood."""
    not_understood: str = ""
    """Why there is no parse, in a sentence."""


class _Contradictory(Exception):
    """The tags of one parse contradict each other: two sizes, or both a fall and a rise."""


def read_claim(text: str) -> Reading:
    """Parse the whole text as claims; if that fails, name the word that was not understood, and why."""
    tokens = tokens_of(text)
    if not tokens or len(tokens) > MAX_TOKENS:
        return Reading((), f"The text is {'empty' if not tokens else 'longer than one sentence'}. {WRITE}")
    matcher = Matcher(grammar(GRAMMAR), TERMINALS, tokens)
    parses = []
    for tags in matcher.parses("text"):
        try:
            parses.append(_with_years([_claim(part) for part in _split(tags)]))
        except _Contradictory:
            continue
    distinct = tuple(dict.fromkeys(parses))
    return Reading(distinct) if distinct else Reading((), _not_understood_sentence(tokens, matcher.farthest))


def _split(tags: Sequence[Tag]) -> list[list[Tag]]:
    """Split the tags of a text into those of each claim."""
    parts: list[list[Tag]] = [[]]
    for tag in tags:
        if tag[0] == "next":
            parts.append([])
        else:
            parts[-1].append(tag)
    return parts


def _claim(tags: Sequence[Tag]) -> Claim:
    values_of = {name: [value for key, value in tags if key == name] for name, _ in tags}
    quantities = _quantities(tags)
    claim = Claim(
        direction=_only(values_of, "way"),
        denied=len(values_of.get("not", [])) % 2 == 1,
        kind=_only(values_of, "kind") or "offences",
        measure=_only(values_of, "measure") or "recorded",
        share="share" in values_of or any(name == "level" and quantity.unit in SHARES for name, quantity in quantities),
        closed="closed" in values_of,
        recorded="recorded" in values_of,
        total="total" in values_of,
        strength=_only(values_of, "strength"),
        places=tuple(dict.fromkeys(values_of.get("place", []))),
        years=tuple(dict.fromkeys(_years(tags))),
        calendar_years=tuple(values_of.get("calendar", [])),
        spans=tuple(_spans(tags)),
        latest="latest" in values_of,
        **{
            field: _single([quantity for name, quantity in quantities if name == key])
            for key, field in QUANTITIES.items()
        },
    )
    if "crossed" in values_of and claim.end is not None and claim.start is None and not claim.denied:
        other_side = "at_least" if claim.end.bound == "less_than" else "at_most"
        claim = replace(claim, start=replace(claim.end, bound=other_side))  # what fell below 900 was not below it
    if claim.direction and claim.level is not None and claim.end is None:
        return replace(claim, end=claim.level, level=None)
    if bool(claim.direction) == (claim.level is not None):
        raise _Contradictory
    if claim.size and claim.end and (claim.size.unit, claim.end.unit) == ("count", "percent"):
        raise _Contradictory  # 'by 8 to 10%' is a range, not a fall by 8 offences to 10%
    return claim


def _with_years(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Give a level without a year the year of the nearest level before it in the text, or else after it.

    In '67,496 offences in 2021/22, and 8% of them ended in a charge', both levels are of 2021/22.
    """
    dated = list(claims)
    for order in (range(len(dated)), range(len(dated) - 1, -1, -1)):
        years: tuple[tuple[Role, int], ...] = ()
        for index in order:
            if not dated[index].direction and not dated[index].years:
                dated[index] = replace(dated[index], years=years)
            elif not dated[index].direction:
                years = dated[index].years
    return tuple(dated)


def _only(values_of: dict[str, list[Any]], name: str) -> Any:
    """Return the only value of a tag, '' if there is none; two different values drop the parse."""
    values = dict.fromkeys(values_of.get(name, []))
    if name == "kind" and len(values) > 1:
        values.pop("offences", None)
    return _single(list(values)) or ""


def _single(values: Sequence[Any]) -> Any:
    if len(values) > 1:
        raise _Contradictory
    return values[0] if values else None


def _years(tags: Sequence[Tag]) -> Iterable[tuple[Role, int]]:
    """Yield the role and the year of each year; 'in 2021/22' right after the earlier level is the earlier year."""
    role: Role = "at"
    last_opened = ""
    for name, value in tags:
        if name in ("at", "from", "to"):
            role = "from" if name == "at" and last_opened == "start" else name  # type: ignore[assignment]
        elif name == "year":
            yield role, value
        elif name not in _INSIDE:
            last_opened = name


def _spans(tags: Sequence[Tag]) -> Iterable[int]:
    for (before, _), (name, value) in zip((("", ""), *tags), tags, strict=False):
        if name == "years" or (name == "whole" and before == "span"):
            yield int(value)


def _quantities(tags: Sequence[Tag]) -> list[tuple[str, Quantity]]:
    """Return each size and level with the name of its tag, in the order of the text."""
    groups: list[tuple[str, list[Tag]]] = []
    in_span = False
    for name, value in tags:
        if name in QUANTITIES:
            groups.append((name, []))
        elif groups and not in_span:
            groups[-1][1].append((name, value))
        in_span = name == "span"
    return [(name, _quantity(group)) for name, group in groups]


def _quantity(tags: Sequence[Tag]) -> Quantity:
    first: dict[str, Any] = {}
    for name, value in tags:
        first.setdefault(name, value)  # a later value belongs to another part of the sentence
    bounds = [value for name, value in tags if name == "bound"]
    unit = first.get("unit", "part")
    value, decimals = first.get("number", (float(first.get("whole", 1)), 0))
    if unit == "part":
        value = float(first["part"]) if "part" in first else value / first["of_parts"]
    if unit == "in":
        value = value / first["out_of"]
    times = int(first.get("times", 1))
    bound = bounds[-1] if bounds else "rounded"
    lower, upper = value * times, first.get("upper")
    if upper is not None and upper < lower:
        lower, upper = upper, lower  # 'between 10% and 8%'
    return Quantity(lower, unit, bound, decimals, times, first.get("out_of", 0), upper)


def _not_understood_sentence(tokens: Sequence[Token], farthest: int) -> str:
    """Return a sentence that names the word that was not understood and, if known, why it matters.

    It is the first word that is in no rule, or else the word at which every rule stopped.
    """
    words = [token.text for token in tokens]
    known = words_of(grammar(GRAMMAR)) | {word for phrase in (*places(), *kinds()) for word in phrase}
    unknown = [word for word, token in zip(words, tokens, strict=True) if token.kind == "word" and word not in known]
    nearby_phrases = [
        " ".join(words[start : start + length])
        for start in range(max(0, farthest - 2), len(words))
        for length in (2, 1)
    ]
    about_people = [(word, why) for word, why in REASONS if why in (EXPLOITATION, PEOPLE) and word in words]
    reasons = [
        (word, why) for group in (unknown, nearby_phrases) for word, why in REASONS if word in group
    ] + about_people
    known_word, reason = reasons[0] if reasons else ("", "")
    stopped = words[farthest] if farthest < len(words) else ""
    word = unknown[0] if unknown and known_word not in unknown else known_word or stopped
    problem = f"The word {word!r} was not understood here" if word else "The sentence is not a whole claim"
    advice = reason or (_similar_word_sentence(word, known) if word in unknown else "")
    return " ".join(part for part in (f"{problem}, and so nothing was judged.", advice, WRITE) if part)


def _similar_word_sentence(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names the most similar word of the vocabulary, for a spelling mistake; '' without one."""
    similar = difflib.get_close_matches(word, sorted(known), n=1, cutoff=MIN_SIMILARITY)
    return f"A similar word that is understood is {similar[0]!r}." if similar else ""
