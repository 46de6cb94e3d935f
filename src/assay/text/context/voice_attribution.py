"""Decide whose words a phrase is (the police's own, another speaker's, or a printed form), and name the deciding rule.

The rules are applied in order, and the first that applies decides:

    1  printed by a form                              7  another speaks, in quotation marks or reported
    2  the title of an offence                           (unless the writer shares the view)
    3  the same words in another sense                8  asked or left open
    4  the entry's own fields say whose words         9  denied (twice denied is said)
    5  guidance or training is set out               10  about somebody else
    6  the wording is challenged                     11  the police's own words
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assay.text.context import person_mentions, speaker_attribution, voice_cues
from assay.text.context.analysed_text import Text
from assay.text.context.cue_scope import first_reaching, negations, without_overlaps
from assay.text.context.form_templates import label_around
from assay.text.context.text_voices import (
    CHALLENGE,
    FORM,
    LEFT_OPEN,
    NEGATED,
    OFFICER,
    OTHER_SENSE,
    OTHER_TARGET,
    POLICY,
    STATUTE,
    THIRD,
)  # fmt: skip
from assay.text.context.voice_cues import FoundCue
from assay.text.phrase_finder import Finder
from assay.text.search_terms import ANY, Term

YES_OR_NO = (
    "is ", "was ", "has ", "does ", "did ", "are ", "do ", "could ", "can ", "any ", "whether ", "were ",
    "had ",
)  # fmt: skip
SELF = re.compile(r"\b(?:herself|himself|themselves|themself|self)\b")
DETERMINERS = frozenset(["the", "a", "an", "this", "that", "these", "those", "our", "another", "said", "same"])
LABELS = re.compile(r"(?: [\w/-]+){0,3}\s*[:\-](?= )")
MAX_DISTANCE = 12
"""Maximum distance in characters at which words are about an officer, because officers mostly report and observe."""
MIN_WORDS_LEFT = 4
"""Minimum number of words of another speaker for a sentence without a term to be theirs."""


@dataclass(frozen=True)
class Hit:
    """Occurrence of a term in the normalised text."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True)
class Attribution:
    """Speaker category of a term or sentence, the rule that decided it, and the ranges of its evidence."""

    voice: str
    rule: str
    evidence: tuple[tuple[int, int], ...] = ()

    @property
    def counts(self) -> bool:
        """True if the passage is attributed to the police themselves, so that it counts."""
        return self.voice == OFFICER


class VoiceAttributor:
    """Attributes terms in a text to speaker categories by the rules of this module."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Finder, Finder]] = {}

    def attribute(self, text: Text, hit: Hit) -> Attribution:
        """Return the attribution by the first rule that applies."""
        rules: tuple[Callable[[Text, Hit, int], Attribution | None], ...] = (
            _form, _statute, self._other_sense, _entry, _policy, _challenge, _speech, _left_open, _negated, _target,
        )  # fmt: skip
        number = text.sentence_at(hit.start).number
        for rule in rules:
            if found := rule(text, hit, number):
                return found
        return Attribution(OFFICER, "own_words")

    def _other_sense(self, text: Text, hit: Hit, number: int) -> Attribution | None:
        if not (hit.term.senses or hit.term.needs):
            return None
        sentence = text.sentences[number]
        words = text.whole.part(sentence.start, max(sentence.end, hit.end), text.normalised_text)
        senses, needs = self._finders(hit.term)
        for _, start, end in senses.found_among(words):
            if start < hit.end and hit.start < end:
                return Attribution(OTHER_SENSE, "another_sense", ((start, end),))
        if hit.term.needs and not needs.found_among(words):
            return Attribution(OTHER_SENSE, "what_it_needs_is_not_there")
        return None

    def _finders(self, term: Term) -> tuple[Finder, Finder]:
        """Return the finders of the other senses of a term, and of its needs."""
        if term.key not in self._found:
            self._found[term.key] = (
                Finder((pattern, "sense") for pattern in term.senses),
                Finder((pattern, "need") for pattern in term.needs),
            )
        return self._found[term.key]


def attribute_sentence(text: Text, number: int) -> Attribution | None:
    """Return why a sentence without a listed term is not in the police's own voice; None if it may be."""
    sentence = text.sentences[number]
    if text.voice:
        return Attribution(text.voice, "entry_fields")
    if not (text.voices(number) or text.quoted or _has_cue_above(text, number)):
        return None
    whole = (sentence.start, sentence.end)
    if cue := _cue_in_lead(text, number, POLICY) or _any(text, number, POLICY):
        return Attribution(POLICY, cue.cue.key, (_place(cue),))
    if cue := _any(text, number, CHALLENGE):
        return Attribution(CHALLENGE, cue.cue.key, (_place(cue),))
    last = max(sentence.start, sentence.end - 2)
    spoken = speaker_attribution.speaker(text, number, last, last + 1)
    if spoken and not speaker_attribution.adoption_cue(text, number):
        after = spoken[2][0].end if spoken[2] else sentence.start
        if after <= last and len(text.normalised_text[after : sentence.end].split()) >= MIN_WORDS_LEFT:
            return Attribution(spoken[0], spoken[1], tuple(_place(cue) for cue in spoken[2]))
    quoted = sum([quote.end - quote.start for quote in text.quoted if quote.start < whole[1] and whole[0] < quote.end])
    if quoted > (whole[1] - whole[0]) * 0.6:
        return Attribution(THIRD, "quoted_and_nobody_named")
    if cue := _whole(text, number, *whole):
        return Attribution(NEGATED, cue.cue.key, (_place(cue),))
    return None


def mentions_child(text: Text, number: int) -> bool:
    """Return True if a sentence mentions a child, or a pronoun that does not refer to a suspect."""
    kinds = (
        _resolve_pronoun(text, number, mention) if mention.kind == person_mentions.PRONOUN else mention.kind
        for mention in text.people(number)
        if mention.kind in (person_mentions.PRONOUN, person_mentions.CHILD)
    )
    return any(kind != person_mentions.SUSPECT for kind in kinds)


def _form(text: Text, hit: Hit, number: int) -> Attribution | None:
    place = label_around(text.normalised_text, hit.start, hit.end)
    return Attribution(FORM, "printed_by_a_form", (place,)) if place else None


def _statute(text: Text, hit: Hit, number: int) -> Attribution | None:
    cue = _first(text, hit, number, STATUTE, "left_open")
    return Attribution(STATUTE, cue.cue.key, (_place(cue),)) if cue else None


def _entry(text: Text, hit: Hit, number: int) -> Attribution | None:
    return Attribution(text.voice, "entry_fields") if text.voice else None


def _policy(text: Text, hit: Hit, number: int) -> Attribution | None:
    cue = _first(text, hit, number, POLICY, "left_open") or _cue_in_lead(text, number, POLICY)
    return Attribution(POLICY, cue.cue.key, (_place(cue),)) if cue else None


def _challenge(text: Text, hit: Hit, number: int) -> Attribution | None:
    cue = _first(text, hit, number, CHALLENGE, "left_open")
    if not cue and CHALLENGE in text.voices(number + 1):
        cue = next(
            (
                candidate
                for candidate in text.cues(number + 1)
                if candidate.cue.voice == CHALLENGE and candidate.cue.back
            ),
            None,
        )
    if not cue and (text.quote_around(hit.start, hit.end) or text.entry.entry_type == "supervision"):
        neighbour_cues = [*text.cues(number - 1), *text.cues(number + 1)]
        cue = next(
            (candidate for candidate in neighbour_cues if candidate.cue.voice == CHALLENGE and candidate.cue.adjacent),
            None,
        )
    return Attribution(CHALLENGE, cue.cue.key, (_place(cue),)) if cue else None


def _speech(text: Text, hit: Hit, number: int) -> Attribution | None:
    spoken = speaker_attribution.speaker(text, number, hit.start, hit.end)
    if not spoken or spoken[0] == OFFICER:
        return None
    voice, rule, cues = spoken
    if adopting := speaker_attribution.adoption_cue(text, number):
        return Attribution(OFFICER, "view_adopted", tuple(_place(cue) for cue in (*cues, adopting)))
    return Attribution(voice, rule, tuple(_place(cue) for cue in cues))


def _left_open(text: Text, hit: Hit, number: int) -> Attribution | None:
    if cue := _first(text, hit, number, LEFT_OPEN, "left_open"):
        return Attribution(LEFT_OPEN, cue.cue.key, (_place(cue),))
    sentence = text.sentences[number]
    sentence_text = text.normalised_text[sentence.start : sentence.end]
    if sentence_text.endswith("?") and sentence_text.lstrip("-* ").startswith(YES_OR_NO):
        return Attribution(LEFT_OPEN, "a_question", ((sentence.start, sentence.end),))
    return None


def _negated(text: Text, hit: Hit, number: int) -> Attribution | None:
    found = negations(text, number, hit.start, hit.end)
    if len(found) % 2:
        return Attribution(NEGATED, found[0].cue.key, tuple(_place(cue) for cue in found))
    if found:
        return None
    cue = _whole(text, number, hit.start, hit.end)
    return Attribution(NEGATED, cue.cue.key, (_place(cue),)) if cue else None


def _target(text: Text, hit: Hit, number: int) -> Attribution | None:
    if hit.term.target == ANY:
        return None
    mentions = _non_speakers(text, number)
    mention = _named_after(text, hit, mentions) or person_mentions.subject(
        text.normalised_text, mentions, hit.start, hit.end
    )
    if mention is None:
        return None
    kind = _resolve_pronoun(text, number, mention) if mention.kind == person_mentions.PRONOUN else mention.kind
    if kind in (person_mentions.CHILD, person_mentions.PRONOUN) or (
        kind == person_mentions.OFFICER and hit.start - mention.end > MAX_DISTANCE
    ):
        return None
    if kind == person_mentions.OFFICER and LABELS.match(text.normalised_text, mention.end):
        return None  # an officer at the head of a line is its author
    return Attribution(OTHER_TARGET, f"about_{kind}", ((mention.start, mention.end),))


def _resolve_pronoun(text: Text, number: int, pronoun: person_mentions.Mention) -> str:
    """Return the kind of person that a pronoun refers to."""
    mentions_by_sentence = {
        sentence_number: _non_speakers(text, sentence_number)
        for sentence_number in range(max(0, number - person_mentions.LOOK_BACK), number + 1)
    }
    return person_mentions.resolve_pronoun(mentions_by_sentence, number, pronoun)


def _non_speakers(text: Text, number: int) -> list[person_mentions.Mention]:
    """Return the mentions in a sentence without speakers, whose words are about somebody else."""
    if speaker_attribution.SPOKEN.isdisjoint(text.voices(number)):
        return text.people(number)
    speech = [cue for cue in text.cues(number) if cue.cue.voice in speaker_attribution.SPOKEN]
    return [
        mention
        for mention in text.people(number)
        if mention.kind == person_mentions.PRONOUN
        or not any(cue.overlaps(mention.start, mention.end) for cue in speech)
    ]


def _named_after(text: Text, hit: Hit, mentions: list[person_mentions.Mention]) -> person_mentions.Mention | None:
    """Return the mention in "... of the suspect" right after the words, or None."""
    if SELF.search(text.normalised_text, hit.start, hit.end):
        return None
    for mention in mentions:
        if 0 <= mention.start - hit.end <= 24:
            gap_words = text.normalised_text[hit.end : mention.start].split()
            if gap_words and gap_words[0] in ("of", "by") and set(gap_words[1:]) <= DETERMINERS:
                return mention
    return None


def _whole(text: Text, number: int, start: int, end: int) -> FoundCue | None:
    """Return a cue for the whole sentence, unless a scope end separates it from the words."""
    if not text.cues(number):
        return None
    looks = [cue for cue in text.cues(number) if cue.cue.voice == voice_cues.AFFIRMS]
    for cue in without_overlaps(other for other in text.cues(number) if other.cue.direction == voice_cues.WHOLE):
        gap = (min(cue.end, end), max(cue.start, start))
        is_separated = any(gap[0] <= place < gap[1] for place in text.ends(number, "negated"))
        if not is_separated and not any(other.overlaps(cue.start, cue.end) for other in looks):
            return cue
    return None


def _first(text: Text, hit: Hit, number: int, voice: str, kind: str) -> FoundCue | None:
    if voice not in text.voices(number):
        return None
    return first_reaching(text, text.cues(number), frozenset({voice}), number, hit.start, hit.end, kind)


def _any(text: Text, number: int, voice: str) -> FoundCue | None:
    if voice not in text.voices(number):
        return None
    return next(cue for cue in text.cues(number) if cue.cue.voice == voice)


def _has_cue_above(text: Text, number: int) -> bool:
    """Return True if a line that introduces the sentence has a cue."""
    return any(text.voices(line.number) for line in text.lead_in(number, opening=True))


def _cue_in_lead(text: Text, number: int, voice: str) -> FoundCue | None:
    for line in text.lead_in(number, opening=True):
        if cue := _any(text, line.number, voice):
            return cue
    return None


def _place(cue: FoundCue) -> tuple[int, int]:
    return cue.start, cue.end
