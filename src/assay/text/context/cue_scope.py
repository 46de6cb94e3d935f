"""Scope of a cue: does it reach a phrase, and how many negations reach it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assay.text.context import voice_cues as of
from assay.text.context.analysed_text import Text
from assay.text.context.text_voices import NEGATED
from assay.text.context.voice_cues import FoundCue

AFTER_A_QUOTATION = 14
"""A cue that so few characters part from the end of a quotation speaks of it."""


def reaches(text: Text, cue: FoundCue, number: int, start: int, end: int, kind: str) -> bool:
    """Whether a cue of sentence `number` reaches the words from `start` up to `end`; `kind` names the ends of scope
    that stop it. A cue within the words reaches them only where its direction is `over`; one that ends in them may."""
    rule = cue.cue
    if rule.starts and cue.start > text.sentences[number].start + 1:
        return False
    if rule.direction == of.OVERLAPPING:
        return cue.overlaps(start, end)
    if cue.overlaps(start, end) and not cue.start < start < cue.end < end:
        return False
    if rule.direction == of.FORWARD and cue.start >= end:
        return False
    if rule.direction == of.BACKWARD and cue.end <= start:
        return False
    gap = (cue.end, max(start, cue.end)) if cue.start < start else (end, cue.start)
    if rule.words and len(text.normalised_text[gap[0] : gap[1]].split()) > rule.words - 1:
        return False
    if rule.reach != of.SENTENCE and any(_stops(text, place, gap, start, end) for place in text.ends(number, kind)):
        return False
    return not rule.last or _at_the_end(text, cue, number, start, end)


def _stops(text: Text, place: int, gap: tuple[int, int], start: int, end: int) -> bool:
    """Whether an end of scope lies between; one within the quotation that holds the words does not count."""
    if not gap[0] <= place < gap[1]:
        return False
    quote = text.quote_around(start, end)
    return not (quote and quote.start <= place < quote.end)


def _at_the_end(text: Text, cue: FoundCue, number: int, start: int, end: int) -> bool:
    """Whether a cue closes its sentence, stands in brackets, or follows the quotation that holds the words."""
    sentence = text.sentences[number]
    if cue.end >= sentence.end - 2 or text.normalised_text[max(0, cue.start - 1)] == "(":
        return True
    quote = text.quote_around(start, end)
    return bool(quote) and 0 <= cue.start - (quote.end if quote else 0) <= AFTER_A_QUOTATION


def negations(text: Text, number: int, start: int, end: int) -> list[FoundCue]:
    """The negations that reach a phrase; an even number cancels out."""
    if NEGATED not in text.voices(number):
        return []
    cues = text.cues(number)
    looks = [cue for cue in cues if cue.cue.voice == of.AFFIRMS]
    reaching = [
        cue
        for cue in cues
        if cue.cue.voice == NEGATED
        and cue.cue.direction != of.WHOLE
        and not any(other.overlaps(cue.start, cue.end) for other in looks)
        and reaches(text, cue, number, start, end, "negated")
    ]
    found = without_overlaps(reaching)
    cue_texts = [text.normalised_text[cue.start : cue.end] for cue in found]
    # "neither one nor the other" is one denial.
    return (
        [cue for cue, word in zip(found, cue_texts, strict=True) if word != "nor"] if "neither" in cue_texts else found
    )


def without_overlaps(cues: Iterable[FoundCue]) -> list[FoundCue]:
    """The longest of cues that overlap."""
    selected: list[FoundCue] = []
    for candidate in sorted(cues, key=lambda cue: cue.start - cue.end):
        if not any(other.overlaps(candidate.start, candidate.end) for other in selected):
            selected.append(candidate)
    return sorted(selected, key=lambda cue: cue.start)


def first_reaching(
    text: Text, cues: Sequence[FoundCue], voices: frozenset[str], number: int, start: int, end: int, kind: str
) -> FoundCue | None:
    """The first cue of one of these voices that reaches the words."""
    return next((cue for cue in cues if cue.cue.voice in voices and reaches(text, cue, number, start, end, kind)), None)
