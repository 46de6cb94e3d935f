"""In whose voice does a phrase stand, is it said at all, and which rule decided so?

The rules are read from the top, and the first that holds decides:

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

from assay.text.context import person_mentions, speaker_attribution
from assay.text.context import voice_cues as of
from assay.text.context.analysed_text import Text
from assay.text.context.cue_scope import apart, first_reaching, negations
from assay.text.context.form_templates import labelled
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
from assay.text.context.voice_cues import Found
from assay.text.phrase_finder import Finder
from assay.text.search_terms import ANY, Term

YES_OR_NO = (
    "is ", "was ", "has ", "does ", "did ", "are ", "do ", "could ", "can ", "any ", "whether ", "were ",
    "had ",
)  # fmt: skip
SELF = re.compile(r"\b(?:herself|himself|themselves|themself|self)\b")
DETERMINERS = frozenset(["the", "a", "an", "this", "that", "these", "those", "our", "another", "said", "same"])
LABELS = re.compile(r"(?: [\w/-]+){0,3}\s*[:\-](?= )")
BESIDE = 12
"""An officer is what words are about only where so few characters part the two: officers mostly tell and see."""
LEAST_LEFT = 4
"""So many words of a sentence have to be somebody else's before a sentence without a term is theirs."""


@dataclass(frozen=True)
class Hit:
    """A term where it stands in the folded text."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True)
class Judged:
    """What was decided of a hit or a sentence: voice, the name of the rule, and the words it leaned on, as places in
    the folded text."""

    voice: str
    rule: str
    evidence: tuple[tuple[int, int], ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it stands against the police."""
        return self.voice == OFFICER


class Judge:
    """Judges hits by the rules above."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Finder, Finder]] = {}

    def judged(self, text: Text, hit: Hit) -> Judged:
        """The first rule that holds."""
        rules: tuple[Callable[[Text, Hit, int], Judged | None], ...] = (
            _form, _statute, self._sense, _entry, _policy, _challenge, _speech, _left_open, _negated, _target,
        )  # fmt: skip
        number = text.sentence_at(hit.start).number
        for rule in rules:
            if found := rule(text, hit, number):
                return found
        return Judged(OFFICER, "own_words")

    def _sense(self, text: Text, hit: Hit, number: int) -> Judged | None:
        if not (hit.term.senses or hit.term.needs):
            return None
        sentence = text.sentences[number]
        words = text.whole.between(sentence.start, max(sentence.end, hit.end), text.said)
        senses, needs = self._finders(hit.term)
        for _, start, end in senses.found_among(words):
            if start < hit.end and hit.start < end:
                return Judged(OTHER_SENSE, "another_sense", ((start, end),))
        if hit.term.needs and not needs.found_among(words):
            return Judged(OTHER_SENSE, "what_it_needs_is_not_there")
        return None

    def _finders(self, term: Term) -> tuple[Finder, Finder]:
        """What finds the senses of a term, and what it needs."""
        if term.key not in self._found:
            self._found[term.key] = (
                Finder((one, "sense") for one in term.senses), Finder((one, "need") for one in term.needs)
            )  # fmt: skip
        return self._found[term.key]


def of_a_sentence(text: Text, number: int) -> Judged | None:
    """Why a sentence that holds no listed term is not the police's own word on the child; None where it may be."""
    sentence = text.sentences[number]
    if text.voice:
        return Judged(text.voice, "entry_fields")
    if not (text.voices(number) or text.quoted or _heard_above(text, number)):
        return None
    whole = (sentence.start, sentence.end)
    if cue := _led_by(text, number, POLICY) or _any(text, number, POLICY):
        return Judged(POLICY, cue.cue.key, (_place(cue),))
    if cue := _any(text, number, CHALLENGE):
        return Judged(CHALLENGE, cue.cue.key, (_place(cue),))
    last = max(sentence.start, sentence.end - 2)
    spoken = speaker_attribution.speaker(text, number, last, last + 1)
    if spoken and not speaker_attribution.adopted(text, number):
        after = spoken[2][0].end if spoken[2] else sentence.start
        if after <= last and len(text.said[after : sentence.end].split()) >= LEAST_LEFT:
            return Judged(spoken[0], spoken[1], tuple(_place(cue) for cue in spoken[2]))
    quoted = sum([one.end - one.start for one in text.quoted if one.start < whole[1] and whole[0] < one.end])
    if quoted > (whole[1] - whole[0]) * 0.6:
        return Judged(THIRD, "quoted_and_nobody_named")
    if cue := _whole(text, number, *whole):
        return Judged(NEGATED, cue.cue.key, (_place(cue),))
    return None


def _form(text: Text, hit: Hit, number: int) -> Judged | None:
    place = labelled(text.said, hit.start, hit.end)
    return Judged(FORM, "printed_by_a_form", (place,)) if place else None


def _statute(text: Text, hit: Hit, number: int) -> Judged | None:
    cue = _first(text, hit, number, STATUTE, "left_open")
    return Judged(STATUTE, cue.cue.key, (_place(cue),)) if cue else None


def _entry(text: Text, hit: Hit, number: int) -> Judged | None:
    return Judged(text.voice, "entry_fields") if text.voice else None


def _policy(text: Text, hit: Hit, number: int) -> Judged | None:
    cue = _first(text, hit, number, POLICY, "left_open") or _led_by(text, number, POLICY)
    return Judged(POLICY, cue.cue.key, (_place(cue),)) if cue else None


def _challenge(text: Text, hit: Hit, number: int) -> Judged | None:
    cue = _first(text, hit, number, CHALLENGE, "left_open")
    if not cue and CHALLENGE in text.voices(number + 1):
        cue = next((one for one in text.cues(number + 1) if one.cue.voice == CHALLENGE and one.cue.back), None)
    if not cue and (text.quote_around(hit.start, hit.end) or text.entry.entry_type == "supervision"):
        beside = [*text.cues(number - 1), *text.cues(number + 1)]
        cue = next((one for one in beside if one.cue.voice == CHALLENGE and one.cue.near), None)
    return Judged(CHALLENGE, cue.cue.key, (_place(cue),)) if cue else None


def _speech(text: Text, hit: Hit, number: int) -> Judged | None:
    spoken = speaker_attribution.speaker(text, number, hit.start, hit.end)
    if not spoken or spoken[0] == OFFICER:
        return None
    voice, rule, cues = spoken
    if adopting := speaker_attribution.adopted(text, number):
        return Judged(OFFICER, "view_adopted", tuple(_place(cue) for cue in (*cues, adopting)))
    return Judged(voice, rule, tuple(_place(cue) for cue in cues))


def _left_open(text: Text, hit: Hit, number: int) -> Judged | None:
    if cue := _first(text, hit, number, LEFT_OPEN, "left_open"):
        return Judged(LEFT_OPEN, cue.cue.key, (_place(cue),))
    sentence = text.sentences[number]
    said = text.said[sentence.start : sentence.end]
    if said.endswith("?") and said.lstrip("-* ").startswith(YES_OR_NO):
        return Judged(LEFT_OPEN, "a_question", ((sentence.start, sentence.end),))
    return None


def _negated(text: Text, hit: Hit, number: int) -> Judged | None:
    found = negations(text, number, hit.start, hit.end)
    if len(found) % 2:
        return Judged(NEGATED, found[0].cue.key, tuple(_place(cue) for cue in found))
    if found:
        return None
    cue = _whole(text, number, hit.start, hit.end)
    return Judged(NEGATED, cue.cue.key, (_place(cue),)) if cue else None


def _target(text: Text, hit: Hit, number: int) -> Judged | None:
    if hit.term.target == ANY:
        return None
    told = _who_do_not_speak(text, number)
    one = _named_after(text, hit, told) or person_mentions.subject(text.said, told, hit.start, hit.end)
    if one is None:
        return None
    kind = _meant(text, number, one) if one.kind == person_mentions.PRONOUN else one.kind
    if kind in (person_mentions.CHILD, person_mentions.PRONOUN) or (
        kind == person_mentions.OFFICER and hit.start - one.end > BESIDE
    ):
        return None
    if kind == person_mentions.OFFICER and LABELS.match(text.said, one.end):
        return None  # whoever heads a line tells what follows
    return Judged(OTHER_TARGET, f"about_{kind}", ((one.start, one.end),))


def _meant(text: Text, number: int, pronoun: person_mentions.Mention) -> str:
    """The kind of whoever a pronoun means."""
    told = {one: _who_do_not_speak(text, one) for one in range(max(0, number - person_mentions.LOOK_BACK), number + 1)}
    return person_mentions.meant(told, number, pronoun)


def _who_do_not_speak(text: Text, number: int) -> list[person_mentions.Mention]:
    """Whom a sentence names, without those who only tell something: what they tell is about somebody else."""
    if speaker_attribution.SPOKEN.isdisjoint(text.voices(number)):
        return text.people(number)
    speech = [cue for cue in text.cues(number) if cue.cue.voice in speaker_attribution.SPOKEN]
    return [
        one
        for one in text.people(number)
        if one.kind == person_mentions.PRONOUN or not any(cue.over(one.start, one.end) for cue in speech)
    ]


def _named_after(text: Text, hit: Hit, told: list[person_mentions.Mention]) -> person_mentions.Mention | None:
    """Whom "... of the suspect", right after the words, names."""
    if SELF.search(text.said, hit.start, hit.end):
        return None
    for one in told:
        if 0 <= one.start - hit.end <= 24:
            between = text.said[hit.end : one.start].split()
            if between and between[0] in ("of", "by") and set(between[1:]) <= DETERMINERS:
                return one
    return None


def _whole(text: Text, number: int, start: int, end: int) -> Found | None:
    """A cue that speaks of the whole sentence, unless a turn in it parts the two."""
    if not text.cues(number):
        return None
    looks = [cue for cue in text.cues(number) if cue.cue.voice == of.AFFIRMS]
    for cue in apart(one for one in text.cues(number) if one.cue.direction == of.WHOLE):
        between = (min(cue.end, end), max(cue.start, start))
        parted = any(between[0] <= place < between[1] for place in text.ends(number, "negated"))
        if not parted and not any(one.over(cue.start, cue.end) for one in looks):
            return cue
    return None


def _first(text: Text, hit: Hit, number: int, voice: str, kind: str) -> Found | None:
    if voice not in text.voices(number):
        return None
    return first_reaching(text, text.cues(number), frozenset({voice}), number, hit.start, hit.end, kind)


def _any(text: Text, number: int, voice: str) -> Found | None:
    if voice not in text.voices(number):
        return None
    return next(cue for cue in text.cues(number) if cue.cue.voice == voice)


def _heard_above(text: Text, number: int) -> bool:
    """Whether a cue stands in a line under which the sentence stands."""
    return any(text.voices(line.number) for line in text.lead_in(number, opening=True))


def _led_by(text: Text, number: int, voice: str) -> Found | None:
    for line in text.lead_in(number, opening=True):
        if cue := _any(text, line.number, voice):
            return cue
    return None


def _place(cue: Found) -> tuple[int, int]:
    return cue.start, cue.end
