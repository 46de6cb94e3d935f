"""What flags does a cell of somebody else's file say: one, several, yes or no to one, or none?

A record system marks a crime in one of two ways: a column for each flag that says yes or no, or one column that holds
every flag of the crime, `CSE; DA`. In either a cell that says no, or nothing, is no flag.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assay.returns import contract
from assay.returns.said_words import says_no, says_nothing, says_yes, simple

FLAGS, FLAG, REF = "flags", "flag", "flag_ref"
GIVEN = (REF, FLAG)
"""Columns of flags that need not be in a file of marks."""
YES, NO, EMPTY, NOT_ASKED, UNKNOWN = "yes", "no", "empty", "not asked", "unknown"
"""What a part of a cell says: a flag, that there is none, nothing, a word that the mapping leaves out, or something
that no list knows."""
APART = re.compile(r"[;,|\r\n\t]+")
MAYBE_APART = re.compile(r"\s*[/+&]\s*")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WRAPPED = "[](){}<>'\"\u2018\u2019\u201c\u201d \u00a0"
BESIDE_A_FLAG = frozenset({
    "is", "a", "the", "flag", "flags", "markers", "marker", "mkr", "mk", "mark", "ind", "indicator", "tag", "yn", "y",
    "n", "crime", "keyword", "qualifier",
})  # fmt: skip
"""Words that may stand in a heading beside the name of a flag without making it another thing."""
SPELLED_OUT = {
    "child sexual exploitation": "cse", "child sexual abuse": "csa", "child criminal exploitation": "cce",
    "group based cse": "group_cse", "group based child sexual exploitation": "group_cse",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One part of a cell: what it says, and the flag (`said` as the file has it where no list knows it)."""

    says: str
    said: str


def flag_of_heading(heading: str) -> str:
    """The flag to which a column of marks says yes or no by its heading, '' if it is none."""
    told = _words(heading) - BESIDE_A_FLAG
    return next((flag for name, flag in _headings() if name == told), "")


def _words(heading: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", _HUMPS.sub(" ", heading).casefold()))


@lru_cache
def _headings() -> tuple[tuple[frozenset[str], str], ...]:
    names = {**{flag: flag for flag in contract.list_values("flag")}, **SPELLED_OUT, "ms": "modern_slavery"}
    return tuple((_words(name), flag) for name, flag in names.items())


def parts_of(cell: str, known: Collection[str]) -> Iterator[str]:
    """The parts of a cell, taken apart at marks that stand for nothing else; at / + & and spaces only where words that
    are known (in small letters) come of it. What is known as a whole is one part."""
    if simple(cell) in known:
        yield cell.strip()
        return
    for piece in APART.split(cell):
        if part := _bare(piece, known):
            yield from _finer(part, known)


def _bare(piece: str, known: Collection[str]) -> str:
    return piece.strip() if simple(piece) in known else piece.strip(_WRAPPED)


def _finer(part: str, known: Collection[str]) -> list[str]:
    if simple(part) in known or says_nothing(part):
        return [part]
    finer = [_bare(one, known) for one in MAYBE_APART.split(part)]
    if len(finer) > 1 and any(simple(one) in known for one in finer):
        return [one for one in finer if one]
    spaced = part.split()
    return spaced if len(spaced) > 1 and all(simple(one) in known for one in spaced) else [part]


def in_a_list(cell: str, translated: Mapping[str, str], *, lent: bool, of_heading: str = "") -> list[Part]:
    """What a cell of the column of flags says. `translated` is the mapping's, theirs in small letters -> ours; `lent`
    if the file is one of crimes or the like, so that an empty cell is no flag and not a fault; `of_heading` is the flag
    that the column's own heading names."""
    known = {*translated, *(flag.casefold() for flag in contract.list_values("flag"))}
    found = [_in_a_list(part, translated, lent, of_heading) for part in parts_of(cell, known)]
    found = list(dict.fromkeys(found)) or [Part(EMPTY, "")]
    if not lent and len(found) > 1 and all(one.says == UNKNOWN for one in found):
        return [Part(UNKNOWN, cell)]  # a row of a table of flags that is wrong is one wrong row
    filled = [one for one in found if one.says != EMPTY]
    return filled or found[:1]


def _in_a_list(part: str, translated: Mapping[str, str], lent: bool, of_heading: str) -> Part:
    said = simple(part)
    if said in translated:
        return Part(YES, translated[said]) if translated[said] else Part(NOT_ASKED, "")
    if flag := _flag(said):
        return Part(YES, flag)
    if of_heading and says_yes(part):
        return Part(YES, of_heading)
    if (lent or of_heading) and says_no(part):
        return Part(NO, "")
    if lent and says_nothing(part):
        return Part(EMPTY, "")
    return Part(UNKNOWN, part)


def in_a_mark(cell: str, flag: str, translated: Mapping[str, str]) -> Part:
    """What a cell of a column of marks says of its flag. A plain yes is a yes to the column's own flag, whatever the
    mapping makes of the word in another column."""
    said = simple(cell)
    if translated.get(said) == "" or says_no(cell):
        return Part(NO, "")
    if says_yes(cell) or _flag(translated.get(said, said)) == flag:
        return Part(YES, flag)
    if says_nothing(cell):
        return Part(EMPTY, "")
    # A word that the mapping gives to another flag must not become that flag here.
    return Part(UNKNOWN, f"{flag}: {cell.strip()}" if said in translated else cell.strip())


def _flag(said: str) -> str:
    return next((flag for flag in contract.list_values("flag") if flag.casefold() == said), "")
