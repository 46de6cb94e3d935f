"""Mentions of people in a sentence, and the referent of a pronoun."""

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
QUANTIFIERS = frozenset((
    "one", "two", "three", "four", "five", "some", "both", "all", "most", "several", "many", "none", "each",
    "either", "half", "number",
))  # fmt: skip
LOOK_BACK = 3
"""Number of earlier sentences in which the referent of a pronoun is searched."""


class Mention(NamedTuple):
    """A mention of a person or thing; `sex` is f, m or ''.

    `governed`: a preposition precedes it, so that it is not the subject of its sentence.
    """

    kind: str
    word: str
    sex: str
    start: int
    end: int
    governed: bool = False


@lru_cache
def _finder() -> tuple[Finder, frozenset[str], frozenset[str]]:
    word_lists, excluded_words = lists(), set(lists()["not_people"])
    compiled = Patterns(word_lists)
    patterns = [
        (compiled(word), kind)
        for name, kind in KINDS.items()
        for word in word_lists[name]
        if word not in excluded_words
    ]
    return Finder(patterns), frozenset(word_lists["female"]), frozenset(word_lists["male"])


def mentions(words: Words, begins: int) -> list[Mention]:
    """Return the mentions in a sentence in order, the longest of overlapping ones; `begins`: start of the sentence."""
    finder, female, male = _finder()
    text, after = words.text, 0
    found: list[Mention] = []
    for kind, start, end in sorted(finder.found_among(words), key=_longest_first):
        if start >= after:
            word, after = text[start:end], end
            sex = "f" if word in female else "m" if word in male else ""
            found.append(Mention(kind, word, sex, start, end, _governed(text, begins, start)))
    return found


def _longest_first(found: tuple[str, int, int]) -> tuple[int, int]:
    return found[1], -found[2]


def _governed(text: str, begins: int, start: int) -> bool:
    """Return True if a preposition precedes a position, except in "one of the ..."."""
    before = text[max(begins, start - 32) : start].split()[-3:]
    if PREPOSITIONS.isdisjoint(before[-2:]):
        return False
    return not ("of" in before[1:] and before[before.index("of") - 1] in QUANTIFIERS)


def resolve_pronoun(mentions_by_sentence: Mapping[int, list[Mention]], number: int, pronoun: Mention) -> str:
    """Return the kind of person that a pronoun refers to, from the sentences before it; the child if nobody fits."""
    candidates = [mention for mention in mentions_by_sentence[number] if mention.end <= pronoun.start]
    for sentence_number in range(number - 1, number - 1 - LOOK_BACK, -1):
        candidates += mentions_by_sentence.get(sentence_number, [])
    return next((mention.kind for mention in candidates if fits(mention, pronoun)), CHILD)


def fits(mention: Mention, pronoun: Mention) -> bool:
    """Return True if a pronoun may refer to a mention."""
    if mention.kind in (PRONOUN, THING, OFFICER) or mention.governed:
        return False
    if mention.kind == SUSPECT and not mention.sex and pronoun.sex == "f":
        return False  # a suspect of unknown sex is not the referent of "she"
    return not (mention.sex and pronoun.sex and mention.sex != pronoun.sex)


def subject(text: str, before: Sequence[Mention], start: int, end: int) -> Mention | None:
    """Return the mention that the words from `start` up to `end` are about: the nearest before them that is not the
    object of another word."""
    sex = "f" if "herself" in text[start:end] else "m" if "himself" in text[start:end] else ""
    before = [mention for mention in before if mention.end <= start]
    for place in range(len(before) - 1, -1, -1):
        mention = before[place]
        if mention.word in ("her", "his", "their") and start - mention.end > 2:
            continue  # the owner of something else that is mentioned
        if sex and mention.sex and mention.sex != sex:
            continue
        if mention.governed or _owns(text, mention, before[place + 1 :], start):
            continue
        return mention
    return None


def _owns(text: str, mention: Mention, after: Sequence[Mention], start: int) -> bool:
    """Return True if a mention is only the possessor of the next one ("the victim's mother")."""
    owner = text[mention.end : mention.end + 2] == "'s"
    return owner and bool(after) and after[0].start < start
