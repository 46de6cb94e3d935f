"""Somebody says that the count fell by a fifth: is that supported, is it not, or can it not be said?

A claim is read for its direction, its size, and three things that no count can bear: a cause, a statement about
exploitation itself, and a record ("the highest ever"). The answer always says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assay.enquiries.wording import NO_FLAG, chance, change, number
from assay.errors import UsageError

Verdict = Literal["supported", "not supported", "cannot be said"]

_FELL = r"fell|fall\w*|drop\w*|decreas\w*|declin\w*|down|lower|fewer|reduc\w*|halv\w*|wan(?:e|ing)|shr[aiu]nk\w*"
_ROSE = r"rose|ris(?:e|es|en|ing)|increas\w*|up|grew|grow\w*|higher|more|doubl\w*|tripl\w*|trebl\w*|surg\w*|soar\w*"
_SAME = r"stable|steady|unchanged|flat|no change|the same"
_NOT = r"\b(?:not|never|no longer|hardly|didn't|hasn't|haven't)\b(?:\W+\w+){0,2}?\W+$"
_CAUSE = r"\b(because|due to|thanks to|owing to|as a result|caused|drove|driven by|led to)\b"
_EXPLOITATION = r"\b(exploit\w*|cse|grooming gangs?)\b"
_ABUSE = r"\b(abuse\w*)\b"
_RECORD = r"\b(highest|lowest|record|most|fewest|ever|worst|best)\b"
_WORDS = {"halv": -0.5, "doubl": 1.0, "tripl": 2.0, "trebl": 2.0}
_PARTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10}


@dataclass(frozen=True)
class Claim:
    """What a sentence says of a series: direction, size (a proportion, signed) and what it adds."""

    direction: Literal["fell", "rose", "unchanged"]
    denied: bool
    size: float | None
    about: bool
    cause: bool
    exploitation: bool
    record: bool


@dataclass(frozen=True)
class Evidence:
    """What the series did between two full years.

    `before` and `after` are published counts (None where the year is not full); `probability_fell` is of the level,
    None with `refusal` where the model gives none; `uncrossable` and `with_care` are reasons from the register of
    breaks; `counts_exploitation` is False for every published series of offences.
    """

    series: str
    from_year: str
    to_year: str
    before: int | None
    after: int | None
    probability_fell: float | None
    refusal: str
    uncrossable: tuple[str, ...]
    with_care: tuple[str, ...]
    edition: str

    @property
    def change(self) -> float | None:
        """The published change as a proportion of the earlier count."""
        return None if not self.before or self.after is None else self.after / self.before - 1


@dataclass(frozen=True)
class Answer:
    """The verdict, and the sentences that give its reasons."""

    verdict: Verdict
    because: tuple[str, ...]


def read_claim(text: str) -> Claim:
    """Read the sentence; UsageError when it says nothing that a series could bear out."""
    words = text.lower()
    found = [
        (m.start(), way)
        for way, forms in (("fell", _FELL), ("rose", _ROSE), ("unchanged", _SAME))
        for m in re.finditer(rf"\b(?:{forms})\b", words)
    ]
    if not found:
        raise UsageError(
            "The claim says neither that something fell, nor that it rose, nor that it stayed the same. "
            "Write it as a sentence such as 'recorded offences fell by 9%'."
        )
    start, way = min(found)
    size = _size(words)
    if size is not None and way == "fell":
        size = -abs(size)
    return Claim(
        direction=way,  # type: ignore[arg-type]
        denied=bool(re.search(_NOT, words[:start])),
        size=size,
        about=bool(re.search(r"\b(about|around|nearly|almost|roughly|some|approximately|over|more than)\b", words)),
        cause=bool(re.search(_CAUSE, words)),
        exploitation=_beyond_the_record(words),
        record=bool(re.search(_RECORD, words)) and "more than" not in words,
    )


def _beyond_the_record(words: str) -> bool:
    """Whether the sentence speaks of exploitation or abuse itself, rather than of an offence code as recorded."""
    if "code 71" in words:
        return False
    return bool(re.search(_EXPLOITATION, words) or (re.search(_ABUSE, words) and "recorded" not in words))


def _size(words: str) -> float | None:
    percents = re.search(r"(\d+(?:\.\d+)?)\s*(?:%|per\s?cent)", words)
    if percents:
        return float(percents[1]) / 100
    for stem, size in _WORDS.items():
        if re.search(rf"\b{stem}\w*", words):
            return size
    part = re.search(rf"\b(?:a|one)\s+({'|'.join(_PARTS)})\b|\bby ({'|'.join(_PARTS)})\b", words)
    return _PARTS[part[1] or part[2]] if part else None


def check(claim: Claim, seen: Evidence) -> Answer:
    """Hold the claim against what the series did; each reason is a sentence, the strongest first."""
    if seen.change is None or seen.before is None or seen.after is None:
        return Answer("cannot be said", (_no_full_years(seen),))
    what = _what_it_did(seen)
    bars = [*_not_borne(claim), *(_across(reason) for reason in seen.uncrossable)]
    if bars:
        return Answer("cannot be said", (*bars, what))
    care = tuple(f"Take care: {reason}" for reason in seen.with_care)
    if claim.size is not None and not _size_matches(claim, seen.change):
        return Answer("not supported", (what, f"That is {change(seen.change)}, not {change(claim.size)}.", *care))
    verdict, why = _direction_holds(claim, seen)
    return Answer(verdict, (what, why, *care))


def _no_full_years(seen: Evidence) -> str:
    return (
        f"The series has no full count for both {seen.from_year} and {seen.to_year}: "
        "a part year is never compared with a year."
    )


def _what_it_did(seen: Evidence) -> str:
    assert seen.before is not None
    assert seen.after is not None
    assert seen.change is not None
    return (
        f"The count of {seen.series} went from {number(seen.before)} in {seen.from_year} to {number(seen.after)} "
        f"in {seen.to_year} ({change(seen.change)}). Source: {seen.edition}."
    )


def _not_borne(claim: Claim) -> list[str]:
    bars = []
    if claim.exploitation:
        bars.append(f"The claim is about abuse or exploitation, the series counts what police recorded. {NO_FLAG}")
    if claim.cause:
        bars.append("The claim names a cause; a count of records cannot tell why it changed.")
    if claim.record:
        bars.append(
            "The claim is about a record or a ranking; two years cannot bear that out. Ask about a rise or a fall."
        )
    return bars


def _across(reason: str) -> str:
    return f"What is counted changed between the two years, so they cannot be compared: {reason}"


def _size_matches(claim: Claim, published: float) -> bool:
    assert claim.size is not None
    tolerance = max(0.025, 0.15 * abs(claim.size)) if claim.about else 0.005
    return abs(published - claim.size) <= tolerance + 1e-9


def _direction_holds(claim: Claim, seen: Evidence) -> tuple[Verdict, str]:
    if seen.probability_fell is None:
        return "cannot be said", f"No model of the level can be given: {seen.refusal}"
    fell = seen.probability_fell
    sure = {"fell": fell, "rose": 1 - fell, "unchanged": 1 - 2 * abs(fell - 0.5)}[claim.direction]
    sure = 1 - sure if claim.denied else sure
    moved, chances = ("rose", 1 - fell) if claim.direction == "rose" else ("fell", fell)
    why = f"The probability that the level of this count {moved} is {chance(chances)}"
    if claim.direction == "unchanged":
        return (
            "cannot be said",
            f"{why}; that a level stayed the same can never be shown, only that no change is clear.",
        )
    if sure >= 0.9:
        return "supported", f"{why}. The claim holds for the count; it says nothing of what was not recorded."
    if sure <= 0.1:
        return "not supported", f"{why}."
    return "cannot be said", f"{why}: the change lies within the ups and downs of the series."
