"""What does a sentence claim of a series: what is counted, where, when, which way, and how far?

The sentence is read by a grammar (`claim_vocabulary`) that must account for every word; a sentence that it cannot read
whole is not judged, and the word that was not understood is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from assay.enquiries.scale.claim_rules import Mark, Matcher, grammar, words_of
from assay.enquiries.scale.claim_terms import TERMINALS, kinds, places
from assay.enquiries.scale.claim_tokens import Token, tokens_of
from assay.enquiries.scale.claim_vocabulary import EXPLOITATION, GRAMMAR, PEOPLE, REASONS

Unit = Literal["percent", "points", "count", "part", "fold", "in"]
Role = Literal["at", "from", "to"]
SHARES = ("in", "percent", "part")
QUANTITIES = ("size", "also", "start", "end", "level")
_INSIDE = ("bound", "number", "unit", "times", "whole", "part")
WRITE = "Write the claim as a sentence such as 'recorded offences fell by 9%' or 'police recorded 61,400 offences'."
LONGEST = 80
"""Tokens of the longest text that is read: a claim is a sentence, not a page."""


@dataclass(frozen=True)
class Quantity:
    """A size or a level as the text states it.

    `value` is a percentage, percentage points, a count, a part of 1, how many times, or a share ('in': one in ten is
    0.1); `out_of` is the 10 of 'one in ten'; `upper` is the other end of 'between 8% and 10%'.
    """

    value: float
    unit: Unit
    bound: str = "rounded"
    decimals: int = 0
    times: int = 1
    out_of: int = 0
    upper: float | None = None


@dataclass(frozen=True)
class Claim:
    """What one claim says: a change (`way` is not empty) or a level.

    `kind` is the word for what is counted, `measure` what became of it ('recorded' where nothing is said of that),
    `share` whether a share of offences is meant and `closed` whether of those closed. `years` are the financial years
    that are named, each by the year in which it starts, with its role; `spans` are numbers of years.
    `also` is the size in another unit ('by 6,108, or 9%').
    """

    way: Literal["fell", "rose", "unchanged", "changed", ""]
    denied: bool
    kind: str
    measure: str
    share: bool
    closed: bool
    recorded: bool
    total: bool
    strength: str
    size: Quantity | None
    also: Quantity | None
    start: Quantity | None
    end: Quantity | None
    level: Quantity | None
    places: tuple[str, ...]
    years: tuple[tuple[Role, int], ...]
    calendar: tuple[str, ...]
    spans: tuple[int, ...]
    latest: bool


@dataclass(frozen=True)
class Reading:
    """Every way in which the grammar reads a text; none, and the reason, where it does not read it.

    A text may hold several claims, so that each way is a tuple of them.
    """

    ways: tuple[tuple[Claim, ...], ...]
    not_understood: str = ""


class _Contradictory(Exception):
    """The marks of one reading do not make a claim: it says two sizes, or both a fall and a rise."""


def read_claim(text: str) -> Reading:
    """Read the whole text, or say which word was not understood and why that matters."""
    tokens = tokens_of(text)
    if not tokens or len(tokens) > LONGEST:
        return Reading((), f"The text is {'empty' if not tokens else 'longer than one sentence'}. {WRITE}")
    matcher = Matcher(grammar(GRAMMAR), TERMINALS, tokens)
    ways = []
    for marks in matcher.readings("text"):
        try:
            ways.append(_with_years([_claim(part) for part in _split(marks)]))
        except _Contradictory:
            continue
    found = tuple(dict.fromkeys(ways))
    return Reading(found) if found else Reading((), _why(tokens, matcher.farthest))


def _split(marks: Sequence[Mark]) -> list[list[Mark]]:
    """The marks of each claim of a text."""
    parts: list[list[Mark]] = [[]]
    for mark in marks:
        if mark[0] == "next":
            parts.append([])
        else:
            parts[-1].append(mark)
    return parts


def _claim(marks: Sequence[Mark]) -> Claim:
    said = {name: [value for mark, value in marks if mark == name] for name, _ in marks}
    quantities = _quantities(marks)
    claim = Claim(
        way=_only(said, "way"),
        denied=len(said.get("not", [])) % 2 == 1,
        kind=_only(said, "kind") or "offences",
        measure=_only(said, "measure") or "recorded",
        share="share" in said or any(name == "level" and one.unit in SHARES for name, one in quantities),
        closed="closed" in said,
        recorded="recorded" in said,
        total="total" in said,
        strength=_only(said, "strength"),
        places=tuple(dict.fromkeys(said.get("place", []))),
        years=tuple(dict.fromkeys(_years(marks))),
        calendar=tuple(said.get("calendar", [])),
        spans=tuple(_spans(marks)),
        latest="latest" in said,
        **{name: _single([one for which, one in quantities if which == name]) for name in QUANTITIES},
    )
    if "crossed" in said and claim.end is not None and claim.start is None and not claim.denied:
        other_side = "at_least" if claim.end.bound == "less_than" else "at_most"
        claim = replace(claim, start=replace(claim.end, bound=other_side))  # what fell below 900 was not below it
    if claim.way and claim.level is not None and claim.end is None:
        return replace(claim, end=claim.level, level=None)
    if bool(claim.way) == (claim.level is not None):
        raise _Contradictory
    if claim.size and claim.end and (claim.size.unit, claim.end.unit) == ("count", "percent"):
        raise _Contradictory  # 'by 8 to 10%' is a range, not a fall by 8 offences to 10%
    return claim


def _with_years(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Give a level that names no year the year of the nearest level before it in the text, or else after it.

    '67,496 offences in 2021/22, and 8% of them ended in a charge' says both of 2021/22.
    """
    found = list(claims)
    for order in (range(len(found)), range(len(found) - 1, -1, -1)):
        years: tuple[tuple[Role, int], ...] = ()
        for at in order:
            if not found[at].way and not found[at].years:
                found[at] = replace(found[at], years=years)
            elif not found[at].way:
                years = found[at].years
    return tuple(found)


def _only(said: dict[str, list[Any]], name: str) -> Any:
    """The one value of a mark, '' without it; a reading with two that differ is dropped."""
    values = dict.fromkeys(said.get(name, []))
    if name == "kind" and len(values) > 1:
        values.pop("offences", None)
    return _single(list(values)) or ""


def _single(values: Sequence[Any]) -> Any:
    if len(values) > 1:
        raise _Contradictory
    return values[0] if values else None


def _years(marks: Sequence[Mark]) -> Iterable[tuple[Role, int]]:
    """Each year with its role; 'in 2021/22' straight after the earlier level is the earlier year."""
    role: Role = "at"
    opened = ""
    for name, value in marks:
        if name in ("at", "from", "to"):
            role = "from" if name == "at" and opened == "start" else name  # type: ignore[assignment]
        elif name == "year":
            yield role, value
        elif name not in _INSIDE:
            opened = name


def _spans(marks: Sequence[Mark]) -> Iterable[int]:
    for (before, _), (name, value) in zip((("", ""), *marks), marks, strict=False):
        if name == "years" or (name == "whole" and before == "span"):
            yield int(value)


def _quantities(marks: Sequence[Mark]) -> list[tuple[str, Quantity]]:
    """Each size and level with its name, in the order of the text."""
    found: list[tuple[str, list[Mark]]] = []
    span = False
    for name, value in marks:
        if name in QUANTITIES:
            found.append((name, []))
        elif found and not span:
            found[-1][1].append((name, value))
        span = name == "span"
    return [(name, _quantity(inside)) for name, inside in found]


def _quantity(marks: Sequence[Mark]) -> Quantity:
    said: dict[str, Any] = {}
    for name, value in marks:
        said.setdefault(name, value)  # what comes later belongs to something else
    bounds = [value for name, value in marks if name == "bound"]
    unit = said.get("unit", "part")
    value, decimals = said.get("number", (float(said.get("whole", 1)), 0))
    if unit == "part":
        value = float(said["part"]) if "part" in said else value / said["of_parts"]
    if unit == "in":
        value = value / said["out_of"]
    one = Quantity(value, unit, bounds[-1] if bounds else "rounded", decimals, int(said.get("times", 1)))
    return replace(one, value=value * one.times, out_of=said.get("out_of", 0), upper=said.get("upper"))


def _why(tokens: Sequence[Token], farthest: int) -> str:
    """Which word was not understood, and why it matters where that is known.

    It is the first word that stands in no rule, or else the place beyond which no rule could go on.
    """
    words = [token.text for token in tokens]
    known = words_of(grammar(GRAMMAR)) | {word for phrase in (*places(), *kinds()) for word in phrase}
    strange = [word for word, token in zip(words, tokens, strict=True) if token.kind == "word" and word not in known]
    near = [" ".join(words[at : at + many]) for at in range(max(0, farthest - 2), len(words)) for many in (2, 1)]
    whom = [(word, why) for word, why in REASONS if why in (EXPLOITATION, PEOPLE) and word in words]
    reasons = [(word, why) for where in (strange, near) for word, why in REASONS if word in where] + whom
    named, reason = reasons[0] if reasons else ("", "")
    stopped = words[farthest] if farthest < len(words) else ""
    word = strange[0] if strange and named not in strange else named or stopped
    what = f"The word {word!r} was not understood here" if word else "The sentence is not a whole claim"
    return " ".join(part for part in (f"{what}, and so nothing was judged.", reason, WRITE) if part)
