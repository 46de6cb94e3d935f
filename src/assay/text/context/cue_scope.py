"""Scope of a cue: does a cue such as "denies" apply to a phrase, and how many negations apply to it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assay.text.context import voice_cues
from assay.text.context.analysed_text import Text
from assay.text.context.text_voices import NEGATED
from assay.text.context.voice_cues import FoundCue

AFTER_A_QUOTATION = 14
"""Maximum distance in characters of a cue from the end of a quotation that it refers to."""


def reaches(text: Text, cue: FoundCue, number: int, start: int, end: int, kind: str) -> bool:
    """Return True if the cue in sentence `number` applies to the words from `start` up to `end`.

    `kind` names the scope ends that stop it. A cue within the words reaches them only with the direction `over`; a cue
    that overlaps their beginning may reach them.
    """
    rule = cue.cue
    if rule.starts and cue.start > text.sentences[number].start + 1:
        return False
    if rule.direction == voice_cues.OVERLAPPING:
        return cue.overlaps(start, end)
    if cue.overlaps(start, end) and not cue.start < start < cue.end < end:
        return False
    if rule.direction == voice_cues.FORWARD and cue.start >= end:
        return False
    if rule.direction == voice_cues.BACKWARD and cue.end <= start:
        return False
    gap = (cue.end, max(start, cue.end)) if cue.start < start else (end, cue.start)
    if rule.words and len(text.normalised_text[gap[0] : gap[1]].split()) > rule.words - 1:
        return False
    if rule.reach != voice_cues.SENTENCE and any(
        _stops(text, place, gap, start, end) for place in text.ends(number, kind)
    ):
        return False
    return not rule.last or _at_the_end(text, cue, number, start, end)


def _stops(text: Text, place: int, gap: tuple[int, int], start: int, end: int) -> bool:
    """Return True if a scope end is in the gap; one within the quotation that contains the words does not count."""
    if not gap[0] <= place < gap[1]:
        return False
    quote = text.quote_around(start, end)
    return not (quote and quote.start <= place < quote.end)


def _at_the_end(text: Text, cue: FoundCue, number: int, start: int, end: int) -> bool:
    """Return True if a cue ends its sentence, is in brackets, or follows the quotation that contains the words."""
    sentence = text.sentences[number]
    if cue.end >= sentence.end - 2 or text.normalised_text[max(0, cue.start - 1)] == "(":
        return True
    quote = text.quote_around(start, end)
    return bool(quote) and 0 <= cue.start - (quote.end if quote else 0) <= AFTER_A_QUOTATION


def negations(text: Text, number: int, start: int, end: int) -> list[FoundCue]:
    """Return the negations that apply to a phrase; an even number cancels out."""
    if NEGATED not in text.voices(number):
        return []
    cues = text.cues(number)
    looks = [cue for cue in cues if cue.cue.voice == voice_cues.AFFIRMS]
    reaching = [
        cue
        for cue in cues
        if cue.cue.voice == NEGATED
        and cue.cue.direction != voice_cues.WHOLE
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
    """Return the cues without those that a longer cue overlaps."""
    selected: list[FoundCue] = []
    for candidate in sorted(cues, key=lambda cue: cue.start - cue.end):
        if not any(other.overlaps(candidate.start, candidate.end) for other in selected):
            selected.append(candidate)
    return sorted(selected, key=lambda cue: cue.start)


def first_reaching(
    text: Text, cues: Sequence[FoundCue], voices: frozenset[str], number: int, start: int, end: int, kind: str
) -> FoundCue | None:
    """Return the first cue of one of these voices that applies to the words, or None."""
    return next((cue for cue in cues if cue.cue.voice in voices and reaches(text, cue, number, start, end, kind)), None)
