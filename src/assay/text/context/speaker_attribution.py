"""Attribute words to a speaker: the writer, or somebody who is quoted or reported."""

from __future__ import annotations

import re

from assay.text.context import person_mentions
from assay.text.context import voice_cues as of
from assay.text.context.analysed_text import Text
from assay.text.context.cue_scope import reaches
from assay.text.context.quotations import Quote
from assay.text.context.text_voices import CHILD, OFFICER, SUSPECT, THIRD
from assay.text.context.voice_cues import FoundCue

SPOKEN = frozenset({SUSPECT, THIRD, CHILD, of.RESOLVE, of.CARRIED})
SAY = SPOKEN | {OFFICER}
FIRST_PERSON = re.compile(r"\b(?:i|me|my|i'm|im|i've|i'd|myself)\b")
SCARE_QUOTE_WORDS = 4
JUDGES = re.compile(
    r"(?:\b(?:is|was|be|being|been|very|quite|rather|so|too|most|clearly|a|an|of|this|her|his|their|appears|seems|as|and))\s*$"
)
"""A quotation of at most so many words, which nobody is said to have spoken and which follows one of these words, is
the writer's own way of putting it."""
SOON = 60
"""Characters within which the next sentence must begin to make a view the writer's own."""
KINDS = {
    person_mentions.SUSPECT: SUSPECT,
    person_mentions.ADULT: THIRD,
    person_mentions.CHILD: CHILD,
    person_mentions.OFFICER: OFFICER,
}


def speaker(text: Text, number: int, start: int, end: int) -> tuple[str, str, list[FoundCue]] | None:
    """Voice, rule and cues of the speaker of a phrase; None if it is the writer."""
    quote = text.quote_around(start, end)
    if not SAY.isdisjoint(text.voices(number)):
        spoken, is_writer = _who_speaks(text, number, start, end, quote)
        if is_writer:
            return None
        if spoken:
            return _voice(text, spoken, number), spoken.cue.key, [spoken]
    return _speaker_in_lead(text, number) or (_voice_of_quote(text, quote) if quote else None)


def _who_speaks(text: Text, number: int, start: int, end: int, quote: Quote | None) -> tuple[FoundCue | None, bool]:
    """The cue of whoever says words in the same sentence, and whether it is the writer instead."""
    cues = text.cues(number)
    strong = [cue for cue in cues if cue.cue.voice in SAY and not cue.cue.weak]
    forward = [
        cue
        for cue in cues
        if cue.cue.direction == of.FORWARD
        and cue.cue.voice in SAY
        and _speaks(text, cue, quote)
        and not (cue.cue.weak and any(strong_cue.overlaps(cue.start, cue.end) for strong_cue in strong))
    ]
    reaching = [cue for cue in forward if reaches(text, cue, number, start, end, "speech")]
    if spoken := next((cue for cue in reaching if cue.cue.voice in SPOKEN), None):
        return spoken, False
    if reaching:
        return None, True
    for cue in cues:
        backward = cue.cue.direction == of.BACKWARD and cue.cue.voice in SPOKEN
        if backward and reaches(text, cue, number, start, end, "speech"):
            return cue, False
    if not quote:
        return None, False
    outside = (cue for cue in forward if cue.cue.voice in SPOKEN and not quote.holds(cue.start, cue.end))
    return next(outside, None), False


def adoption_cue(text: Text, number: int) -> FoundCue | None:
    """The cue by which the writer adopts a reported view, in the same sentence or at the start of the next."""
    here = _adoption_in_sentence(text, number)
    if here or number + 1 >= len(text.sentences) or text.sentences[number + 1].after_gap:
        return here
    after = _adoption_in_sentence(text, number + 1)
    return after if after and after.start - text.sentences[number + 1].start <= SOON else None


def _adoption_in_sentence(text: Text, number: int) -> FoundCue | None:
    if of.ADOPTS not in text.voices(number):
        return None
    cues = text.cues(number)
    denied = [cue for cue in cues if cue.cue.voice == of.ADOPTION_DENIED]
    for cue in cues:
        if cue.cue.voice == of.ADOPTS and not any(denial.overlaps(cue.start, cue.end) for denial in denied):
            return None if text.quote_around(cue.start, cue.end) else cue
    return None


def _speaks(text: Text, cue: FoundCue, quote: Quote | None) -> bool:
    """Whether a cue of speech is one where it stands."""
    if cue.cue.voice != OFFICER:
        return True
    # "officer advised by mother that": the officer is told. "I am" in a quotation is whoever speaks there.
    return not text.normalised_text.startswith((" by ", " that by "), cue.end) and not (
        quote and quote.holds(cue.start, cue.end)
    )


def _voice(text: Text, cue: FoundCue, number: int) -> str:
    if cue.cue.voice == of.CARRIED:
        return _previous_speaker(text, number)
    if cue.cue.voice != of.RESOLVE:
        return cue.cue.voice
    mentions_by_sentence = {
        item: text.people(item) for item in range(max(0, number - person_mentions.LOOK_BACK), number + 1)
    }
    pronoun = next((item for item in mentions_by_sentence[number] if cue.start <= item.start < cue.end), None)
    if not pronoun:
        return CHILD
    return KINDS.get(person_mentions.resolve_pronoun(mentions_by_sentence, number, pronoun), CHILD)


def _previous_speaker(text: Text, number: int) -> str:
    """Whoever spoke in one of the sentences before; the child if nobody did."""
    for before in range(number - 1, max(-1, number - 4), -1):
        for cue in text.cues(before):
            if cue.cue.voice in (SUSPECT, THIRD, CHILD) and cue.cue.direction == of.FORWARD:
                return cue.cue.voice
        for mention in text.people(before):
            if mention.kind in (person_mentions.SUSPECT, person_mentions.ADULT, person_mentions.CHILD):
                return KINDS[mention.kind]
    return CHILD


def _speaker_in_lead(text: Text, number: int) -> tuple[str, str, list[FoundCue]] | None:
    """Whoever is said to speak in a line above that ends with a colon, or in a heading."""
    for line in text.lead_in(number):
        for cue in text.cues(line.number):
            if cue.cue.voice in (SUSPECT, THIRD, CHILD) and cue.cue.direction == of.FORWARD:
                return cue.cue.voice, f"{cue.cue.key}_above", [cue]
    return None


def _voice_of_quote(text: Text, quote: Quote) -> tuple[str, str, list[FoundCue]] | None:
    quoted_text = text.normalised_text[quote.start : quote.end]
    if FIRST_PERSON.search(quoted_text):
        return CHILD, "quoted_in_the_first_person", []
    is_scare_quote = len(quoted_text.split()) <= SCARE_QUOTE_WORDS and JUDGES.search(
        text.normalised_text, max(0, quote.start - 30), quote.start
    )
    return None if is_scare_quote else (THIRD, "quoted_and_nobody_named", [])
