"""What does a sentence claim of a series: which way, how far, and what that no count can bear?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assay.errors import UsageError

Way = Literal["fell", "rose", "unchanged"]
Bound = Literal["exactly", "about", "at least", "at most"]

_FELL = r"fell|fall\w*|drop\w*|decreas\w*|declin\w*|down|lower|fewer|reduc\w*|halv\w*|wan(?:e|ing)|shr[aiu]nk\w*"
_ROSE = (
    r"rose|ris(?:e|es|en|ing)|increas\w*|up(?! to)|grew|grow\w*|higher|more (?=offen|crime|record)"
    r"|doubl\w*|tripl\w*|trebl\w*|surg\w*|soar\w*"
)
_SAME = r"stable|steady|unchanged|flat|no change|the same"
_WAYS: tuple[tuple[Way, str], ...] = (("fell", _FELL), ("rose", _ROSE), ("unchanged", _SAME))
_NOT = r"\b(?:not|never|no longer|hardly|didn't|hasn't|haven't)\b(?:\W+\w+){0,2}?\W+$"
_STEMS = {"halv": -0.5, "doubl": 1.0, "tripl": 2.0, "trebl": 2.0}
_PARTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10}
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_PERCENT = rf"({_NUMBER})\s*(?:%|per\s?cent)"
_FROM_TO = rf"\bfrom ({_NUMBER}) to ({_NUMBER})\b"
_BY_COUNT = rf"\bby (?:\w+ ){{0,2}}?({_NUMBER})\b(?!\s*(?:%|per))"
_TIMES = r"\b(?:19|20)\d\d(?:[/-]\d\d)?\b|\bcodes? \w+\b|\bq[1-4]\b|\b\d+ (?:years?|forces)\b"

_COUNTED = r"\b(?:offen[cs]es?|crimes?|record\w*|counts?|figures?|series|code \w+|rapes?|grooming|assaults?)\b"
_PEOPLE = (
    r"\b(?:fewer|more|number of|numbers of)\s+(?:\w+ )?(?:children|victims|girls|boys|people|suspects|offenders)\b"
)
_EXPLOITATION = r"\b(?:exploit\w*|cse|grooming gangs?)\b"
_ABUSE = r"\babuse\w*\b"
_CAUSE = r"\b(?:because|due to|thanks to|owing to|as a result|caused|drove|driven by|led to)\b"
_JUDGEMENT = r"\b(?:safer?|safety|effective\w*|success\w*|fail\w*|better|worse|harm\w*|protect\w*)\b"
_RECORD = r"\b(?:highest|lowest|record (?:high|low|level|number)|most|fewest|ever|worst|best)\b"
_NAMED = ("rape", "grooming", "assault", "trafficking", "image")


@dataclass(frozen=True)
class Claim:
    """What a sentence says of a series.

    `size` is a proportion of the earlier count, signed; `moved_by` a count; `ends` the two counts that it names.
    `bound` says how the size is meant. `bars` are the reasons why no count can bear the sentence; `named` the kinds of
    offence that it speaks of.
    """

    direction: Way
    denied: bool
    size: float | None
    moved_by: int | None
    ends: tuple[int, int] | None
    bound: Bound
    bars: tuple[str, ...]
    named: tuple[str, ...]


def read_claim(text: str) -> Claim:
    """Read the sentence; UsageError when it says nothing that a series could bear out."""
    words = re.sub(r"\s+", " ", text.lower()).strip()
    found = [(m.start(), way) for way, forms in _WAYS for m in re.finditer(rf"\b(?:{forms})", words)]
    if not found:
        raise UsageError(
            "The claim says neither that something fell, nor that it rose, nor that it stayed the same. "
            "Write it as a sentence such as 'recorded offences fell by 9%'."
        )
    start, way = min(found)
    size, ends, moved_by, rest = _sizes(words)
    if size is not None and way == "fell":
        size = -abs(size)
    return Claim(
        direction=way,
        denied=bool(re.search(_NOT, words[:start])),
        size=size,
        moved_by=moved_by,
        ends=ends,
        bound=_bound(words),
        bars=tuple(_bars(words, rest)),
        named=tuple(name for name in _NAMED if re.search(rf"\b{name}", words)),
    )


def _sizes(words: str) -> tuple[float | None, tuple[int, int] | None, int | None, str]:
    """Proportion, the two counts, the count moved by, and the words with everything that was read taken out."""
    rest = re.sub(_TIMES, " ", words)
    ends = moved = size = None
    if pair := re.search(_FROM_TO, rest):
        ends = (_whole(pair[1]), _whole(pair[2]))
    elif percent := re.search(_PERCENT, rest):
        size = float(percent[1].replace(",", "")) / 100
    elif count := re.search(_BY_COUNT, rest):
        moved = _whole(count[1])
    else:
        size = _in_words(rest)
    for pattern in (_FROM_TO, _PERCENT, _BY_COUNT):
        rest = re.sub(pattern, " ", rest)
    return size, ends, moved, rest


def _whole(text: str) -> int:
    return round(float(text.replace(",", "")))


def _in_words(words: str) -> float | None:
    for stem, size in _STEMS.items():
        if re.search(rf"\b{stem}\w*", words):
            return size
    part = re.search(rf"\b(?:a|one)\s+({'|'.join(_PARTS)})\b|\bby ({'|'.join(_PARTS)})\b", words)
    return _PARTS[part[1] or part[2]] if part else None


def _bound(words: str) -> Bound:
    if re.search(r"\b(?:more than|over|at least|above)\b", words):
        return "at least"
    if re.search(r"\b(?:less than|under|at most|no more than|below)\b", words):
        return "at most"
    near = r"\b(?:about|around|nearly|almost|roughly|some|approximately)\b"
    return "about" if re.search(near, words) else "exactly"


def _bars(words: str, rest: str) -> list[str]:
    """Why no count can bear the sentence, each reason as a sentence."""
    bars = []
    if "code 71" not in words and (
        re.search(_EXPLOITATION, words) or (re.search(_ABUSE, words) and "recorded" not in words)
    ):
        bars.append(
            "The claim is about abuse or exploitation, the series counts what police recorded. "
            "No public table carries the police flag for child sexual exploitation."
        )
    elif re.search(_PEOPLE, words) or not re.search(_COUNTED, words):
        bars.append("The claim is not about offences that police recorded; the series counts those, not people.")
    if re.search(_CAUSE, words):
        bars.append("The claim names a cause; a count of records cannot tell why it changed.")
    if re.search(_JUDGEMENT, words):
        bars.append("The claim judges how well things went; a count of records cannot tell that.")
    if re.search(_RECORD, words):
        bars.append(
            "The claim is about a record or a ranking; two years cannot bear that out. Ask about a rise or a fall."
        )
    if re.search(r"\d", rest) or re.search(r"\bhalf a per", words):
        bars.append(
            "The claim holds a number that could not be read as a change. Write it as 'by 9%', or 'from A to B'."
        )
    return bars
