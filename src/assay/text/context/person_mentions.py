"""Of whom does a sentence speak, and whom does a "she" in it mean?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from assay.text.context.voice_cues import lists
from assay.text.phrase_finder import Finder, Words
from assay.text.phrase_patterns import Patterns

CHILD, SUSPECT, ADULT, OFFICER, THING, PRONOUN = "child", "suspect", "adult", "officer", "thing", "pronoun"
KINDS = {
    "child": CHILD, "suspect": SUSPECT, "defence": SUSPECT, "family": ADULT, "carers": ADULT, "partners": ADULT,
    "publics": ADULT, "titled": ADULT, "police": OFFICER, "things": THING, "pronouns": PRONOUN,
}  # fmt: skip
PREPOSITIONS = frozenset((
    "with", "by", "to", "from", "of", "for", "about", "at", "in", "on", "into", "near", "against", "towards",
    "over", "via", "behind", "after", "between",
))  # fmt: skip
SOME = frozenset((
    "one", "two", "three", "four", "five", "some", "both", "all", "most", "several", "many", "none", "each",
    "either", "half", "number",
))  # fmt: skip
LOOK_BACK = 3
"""Sentences in which whoever a pronoun means is looked for."""


class Mention(NamedTuple):
    """Somebody or something named; `sex` is f, m or ''. `governed`: a preposition stands before it, so that it is not
    what its sentence is about."""

    kind: str
    word: str
    sex: str
    start: int
    end: int
    governed: bool = False


@lru_cache
def _finder() -> tuple[Finder, frozenset[str], frozenset[str]]:
    named, left_out = lists(), set(lists()["not_people"])
    compiled = Patterns(named)
    patterns = [(compiled(word), kind) for name, kind in KINDS.items() for word in named[name] if word not in left_out]
    return Finder(patterns), frozenset(named["female"]), frozenset(named["male"])


def mentions(words: Words, begins: int) -> list[Mention]:
    """Everyone and everything that a sentence of these words names, in order; of overlapping names the longest.
    `begins`: where the sentence begins in its text."""
    finder, female, male = _finder()
    said, after = words.text, 0
    found: list[Mention] = []
    for kind, start, end in sorted(finder.found_among(words), key=_longest_first):
        if start >= after:
            word, after = said[start:end], end
            sex = "f" if word in female else "m" if word in male else ""
            found.append(Mention(kind, word, sex, start, end, _governed(said, begins, start)))
    return found


def _longest_first(found: tuple[str, int, int]) -> tuple[int, int]:
    return found[1], -found[2]


def _governed(said: str, begins: int, start: int) -> bool:
    """Whether a preposition stands before a place in a sentence, and it is not "one of the ..."."""
    before = said[max(begins, start - 32) : start].split()[-3:]
    if PREPOSITIONS.isdisjoint(before[-2:]):
        return False
    return not ("of" in before[1:] and before[before.index("of") - 1] in SOME)


def meant(told: Mapping[int, list[Mention]], number: int, pronoun: Mention) -> str:
    """The kind of whoever a pronoun in sentence `number` means: whom the sentences before it are about. The child
    where nobody fits; `told` has the mentions of a few sentences by number."""
    named = [one for one in told[number] if one.end <= pronoun.start]
    for earlier in range(number - 1, number - 1 - LOOK_BACK, -1):
        named += told.get(earlier, [])
    return next((one.kind for one in named if fits(one, pronoun)), CHILD)


def fits(one: Mention, pronoun: Mention) -> bool:
    """Whether a mention may be what a pronoun stands for."""
    if one.kind in (PRONOUN, THING, OFFICER) or one.governed:
        return False
    if one.kind == SUSPECT and not one.sex and pronoun.sex == "f":
        return False  # a suspect whose sex nobody says is not taken for a "she"
    return not (one.sex and pronoun.sex and one.sex != pronoun.sex)


def subject(text: str, before: Sequence[Mention], start: int, end: int) -> Mention | None:
    """Whom the words from `start` up to `end` are about: the nearest before them that nothing else governs."""
    sex = "f" if "herself" in text[start:end] else "m" if "himself" in text[start:end] else ""
    before = [one for one in before if one.end <= start]
    for place in range(len(before) - 1, -1, -1):
        one = before[place]
        if one.word in ("her", "his", "their") and start - one.end > 2:
            continue  # the owner of something else that is named
        if sex and one.sex and one.sex != sex:
            continue
        if one.governed or _owns(text, one, before[place + 1 :], start):
            continue
        return one
    return None


def _owns(text: str, one: Mention, after: Sequence[Mention], start: int) -> bool:
    """Whether a mention only says whose somebody is ("the victim's mother")."""
    owner = text[one.end : one.end + 2] == "'s"
    return owner and bool(after) and after[0].start < start
