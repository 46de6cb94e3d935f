"""Attribute words to a speaker: the writer, or somebody who is quoted or reported."""

from __future__ import annotations

import re

from assay.text.context import person_mentions, voice_cues
from assay.text.context.analysed_text import Text
from assay.text.context.cue_scope import reaches
from assay.text.context.quotations import Quote
from assay.text.context.text_voices import CHILD, OFFICER, SUSPECT, THIRD
from assay.text.context.voice_cues import FoundCue

SPOKEN = frozenset({SUSPECT, THIRD, CHILD, voice_cues.RESOLVE, voice_cues.CARRIED})
SAY = SPOKEN | {OFFICER}
FIRST_PERSON = re.compile(r"\b(?:i|me|my|i'm|im|i've|i'd|myself)\b")
SCARE_QUOTE_WORDS = 4
JUDGES = re.compile(
    r"(?:\b(?:is|was|be|being|been|very|quite|rather|so|too|most|clearly|a|an|of|this|her|his|their|appears|seems|as|and))\s*$"
)
"""Words before a scare quote: a short quotation without a speaker after one of these is the writer's own wording."""
SOON = 60
"""Maximum position in the next sentence of a cue that adopts a reported view."""
KINDS = {
    person_mentions.SUSPECT: SUSPECT,
    person_mentions.ADULT: THIRD,
    person_mentions.CHILD: CHILD,
    person_mentions.OFFICER: OFFICER,
}


def speaker(text: Text, number: int, start: int, end: int) -> tuple[str, str, list[FoundCue]] | None:
    """Return speaker category, rule and cues of a phrase; None if the writer is the speaker."""
    quote = text.quote_around(start, end)
    if not SAY.isdisjoint(text.voices(number)):
        spoken, is_writer = _who_speaks(text, number, start, end, quote)
        if is_writer:
            return None
        if spoken:
            return _voice(text, spoken, number), spoken.cue.key, [spoken]
    return _speaker_in_lead(text, number) or (_voice_of_quote(text, quote) if quote else None)


def _who_speaks(text: Text, number: int, start: int, end: int, quote: Quote | None) -> tuple[FoundCue | None, bool]:
    """Return the cue of the speaker in the same sentence, and whether the writer speaks instead."""
    cues = text.cues(number)
    strong = [cue for cue in cues if cue.cue.voice in SAY and not cue.cue.weak]
    forward = [
        cue
        for cue in cues
        if cue.cue.direction == voice_cues.FORWARD
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
        backward = cue.cue.direction == voice_cues.BACKWARD and cue.cue.voice in SPOKEN
        if backward and reaches(text, cue, number, start, end, "speech"):
            return cue, False
    if not quote:
        return None, False
    outside = (cue for cue in forward if cue.cue.voice in SPOKEN and not quote.holds(cue.start, cue.end))
    return next(outside, None), False


def adoption_cue(text: Text, number: int) -> FoundCue | None:
    """Return the cue by which the writer agrees with a reported view, in the same sentence or at the start of the
    next."""
    here = _adoption_in_sentence(text, number)
    if here or number + 1 >= len(text.sentences) or text.sentences[number + 1].after_gap:
        return here
    after = _adoption_in_sentence(text, number + 1)
    return after if after and after.start - text.sentences[number + 1].start <= SOON else None


def _adoption_in_sentence(text: Text, number: int) -> FoundCue | None:
    if voice_cues.ADOPTS not in text.voices(number):
        return None
    cues = text.cues(number)
    denied = [cue for cue in cues if cue.cue.voice == voice_cues.ADOPTION_DENIED]
    for cue in cues:
        if cue.cue.voice == voice_cues.ADOPTS and not any(denial.overlaps(cue.start, cue.end) for denial in denied):
            return None if text.quote_around(cue.start, cue.end) else cue
    return None


def _speaks(text: Text, cue: FoundCue, quote: Quote | None) -> bool:
    """Return True if a cue of speech applies in its context."""
    if cue.cue.voice != OFFICER:
        return True
    # In "officer advised by mother that" the mother speaks. "I am" in a quotation is the quoted speaker.
    return not text.normalised_text.startswith((" by ", " that by "), cue.end) and not (
        quote and quote.holds(cue.start, cue.end)
    )


def _voice(text: Text, cue: FoundCue, number: int) -> str:
    if cue.cue.voice == voice_cues.CARRIED:
        return _previous_speaker(text, number)
    if cue.cue.voice != voice_cues.RESOLVE:
        return cue.cue.voice
    mentions_by_sentence = {
        item: text.people(item) for item in range(max(0, number - person_mentions.LOOK_BACK), number + 1)
    }
    pronoun = next((item for item in mentions_by_sentence[number] if cue.start <= item.start < cue.end), None)
    if not pronoun:
        return CHILD
    return KINDS.get(person_mentions.resolve_pronoun(mentions_by_sentence, number, pronoun), CHILD)


def _previous_speaker(text: Text, number: int) -> str:
    """Return the speaker of one of the sentences before; the child if there is none."""
    for before in range(number - 1, max(-1, number - 4), -1):
        for cue in text.cues(before):
            if cue.cue.voice in (SUSPECT, THIRD, CHILD) and cue.cue.direction == voice_cues.FORWARD:
                return cue.cue.voice
        for mention in text.people(before):
            if mention.kind in (person_mentions.SUSPECT, person_mentions.ADULT, person_mentions.CHILD):
                return KINDS[mention.kind]
    return CHILD


def _speaker_in_lead(text: Text, number: int) -> tuple[str, str, list[FoundCue]] | None:
    """Return the speaker named in a line above that ends with a colon, or in a heading."""
    for line in text.lead_in(number):
        for cue in text.cues(line.number):
            if cue.cue.voice in (SUSPECT, THIRD, CHILD) and cue.cue.direction == voice_cues.FORWARD:
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
