"""Does a text blame the child, by its rules and by what a classifier makes of it?

Rules find listed terms and say in whose voice they stand. A classifier, where there is one, reads the whole text, and
what is left of it without the sentences that rules have seen to be a challenge, guidance, a denial or somebody else's
words; what it makes of both counts beside what the rules found, so that blame in other words can be found and a
quotation is not held against who wrote it down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice
from math import prod
from typing import Any, Protocol

import polars as pl

from assay.text.context.analysed_text import Text
from assay.text.context.text_voices import OFFICER, VOICES, Entry
from assay.text.context.voice_attribution import Hit, Judge, Judged, of_a_sentence
from assay.text.language_identification import other_language
from assay.text.phrase_scanner import Phrase, Scanner
from assay.text.search_terms import Term

BLAMING, UNFLAGGED = 0.5, 0.5
"""Scores from which a text is said to blame, or to tell of exploitation."""
OVERRULED = 0.2
"""What is left of a classifier's score where the entry's own fields say that it is not the police's view."""
BY_SLOTS_FILLED = (0.05, 0.15, 0.4, 0.8)
"""The score of a text by how many kinds of signs stand in it, where no classifier is there: a rule of thumb, tried on
invented text only."""
IN_OTHER_WORDS = "in_other_words"
MOST_CHARACTERS = 2_000_000
WORTH_A_FIRST_LOOK = 200
"""Texts from which on the first, quick look is faster than looking closely at each."""


class Scores(Protocol):
    """What a classifier must be able to do. Every score lies between 0 and 1, and a text is called from 0.5."""

    @property
    def told(self) -> str:
        """By which it can be known again."""

    def blaming(
        self, whole: Sequence[str], left: Sequence[str], rules: Sequence[float], taken_out: Sequence[float]
    ) -> Any:
        """Of texts: how likely each is to blame the child, given its `Parts`."""

    def sentences(self, texts: Sequence[str]) -> Any:
        """Of single sentences, to show where in a text it stands."""

    def unflagged(self, texts: Sequence[str]) -> Any:
        """Of texts: how likely each is to tell of exploitation."""


@dataclass(frozen=True)
class Parts:
    """A text, what rules leave of it, what they make of it (0 to 1), and which share of its sentences they take out."""

    whole: str
    left: str
    rules: float
    taken_out: float


@dataclass(frozen=True)
class Passage:
    """A term or a sentence and what was decided of it. Places are characters of the text as it was sent."""

    start: int
    end: int
    term: str
    category: str
    voice: str
    rule: str
    score: float
    evidence: tuple[tuple[int, int], ...] = ()
    source: str = ""

    @property
    def counts(self) -> bool:
        """Whether it stands against the police."""
        return self.voice == "officer"


@dataclass(frozen=True)
class Answer:
    """What was found in one text. Where it could not be read, every answer is None and `said` says why."""

    blaming: bool | None = None
    blaming_score: float | None = None
    category: str | None = None
    voice: str | None = None
    unflagged: bool | None = None
    unflagged_score: float | None = None
    said: str = ""
    passages: tuple[Passage, ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        """For another program, without the passages."""
        names = ("blaming", "blaming_score", "category", "voice", "unflagged_score", "unflagged", "said")
        return {name: getattr(self, name) for name in names}


def why_not_read(text: object, folded: str) -> str:
    """Why nothing can be said of a text; '' where it can."""
    if not isinstance(text, str):
        return "There is no text."
    if not any(sign.isalnum() for sign in folded):
        return "The text is empty."
    if language := other_language(folded):
        return f"The text seems to be in {language}, which is not supported: it is not judged."
    return ""


class Reader:
    """Reads texts. `signs` are phrases, `slots` says for each of their keys which kind of sign it is; `templates` are
    the printed words of forms."""

    def __init__(
        self,
        terms: Sequence[Term],
        *,
        signs: Sequence[Phrase] = (),
        slots: Mapping[str, str] | None = None,
        templates: Sequence[str] = (),
        classifier: Scores | None = None,
    ) -> None:
        self._terms = {term.key: term for term in terms}
        self._scanner = Scanner([Phrase(term.key, patterns=term.patterns) for term in terms], templates=templates)
        self._signs = Scanner(signs, templates=templates)
        self._slots = dict(slots or {})
        self._judge = Judge()
        self._classifier = classifier

    @property
    def told(self) -> str:
        """Which models take part, in words; "rules alone" if none does."""
        return "rules alone" if self._classifier is None else f"rules and models {self._classifier.told}"

    def read(
        self, texts: Sequence[str | None], entries: Sequence[Entry] | None = None, *, signs: bool = True
    ) -> list[Answer]:
        """An answer for each text, in their order; `entries` has what the return says of each. Without `signs` nobody
        asks for exploitation, and what is said of it is None."""
        told = entries or [Entry()] * len(texts)
        heard = [
            Text(text[:MOST_CHARACTERS] if isinstance(text, str) else "", entry)
            for text, entry in zip(texts, told, strict=True)
        ]
        whys = [why_not_read(text, some.said) for text, some in zip(texts, heard, strict=True)]
        answers = iter(self._answers([some for some, why in zip(heard, whys, strict=True) if not why], signs))
        return [next(answers) if not why else Answer(said=why) for why in whys]

    def tell_of_exploitation(self, texts: Sequence[str]) -> list[float]:
        """Of texts that can be read: how likely each is to tell of exploitation (0 to 1), and nothing else of them."""
        if not texts:
            return []
        if self._classifier is None:
            return [self._by_slots(Text(text)) for text in texts]
        return [float(score) for score in self._classifier.unflagged(texts)]

    def judged(self, text: Text) -> list[tuple[Hit, Judged]]:
        """Each term in a text, with what was decided of it."""
        hits = [Hit(self._terms[key], start, end) for key, start, end in self._scanner.found_among(text.whole)]
        return [(hit, self._judge.judged(text, hit)) for hit in _without_repeats(hits)]

    def parts(self, texts: Sequence[str]) -> list[Parts]:
        """What a classifier is given of each text."""
        # One after the other, so that what is known of a text is let go before the next.
        return [_parts(text, *_by_sentence(text, self.judged(text))) for text in map(Text, texts)]

    def may_hold(self, texts: pl.Series) -> pl.Series:
        """Of each text of a column, folded or plain ASCII, whether a listed term may stand in it."""
        return self._scanner.engine.may_hold(texts)

    def _answers(self, heard: Sequence[Text], signs: bool) -> Iterator[Answer]:
        if not heard:
            return
        few = len(heard) < WORTH_A_FIRST_LOOK
        held = [True] * len(heard) if few else self._scanner.may_hold([text.said for text in heard])
        judged = [self.judged(text) if there else [] for text, there in zip(heard, held, strict=True)]
        if self._classifier is None:
            for text, found in zip(heard, judged, strict=True):
                slots = self._by_slots(text) if signs else None
                yield self._answer(text, found, _best_of(_by_sentence(text, found)[0]), slots)
            return
        parts = [_parts(text, *_by_sentence(text, found)) for text, found in zip(heard, judged, strict=True)]
        columns = zip(*((one.whole, one.left, one.rules, one.taken_out) for one in parts), strict=True)
        scores = self._classifier.blaming(*columns).tolist()
        unflagged: list[float | None] = [None] * len(parts)
        if signs:
            unflagged = self._classifier.unflagged([one.whole for one in parts]).tolist()
        scores = [score * OVERRULED if text.entry.voice else score for text, score in zip(heard, scores, strict=True)]
        in_other_words = [
            score >= BLAMING and not any(decided.counts for _, decided in found)
            for score, found in zip(scores, judged, strict=True)
        ]
        worst = iter(self._worst_sentences(list(compress(zip(heard, judged, scores, strict=True), in_other_words))))
        for text, found, score, told, other in zip(heard, judged, scores, unflagged, in_other_words, strict=True):
            yield self._answer(text, found, score, told, [next(worst)] if other else [])

    def _answer(
        self,
        text: Text,
        judged: Sequence[tuple[Hit, Judged]],
        score: float,
        unflagged: float | None,
        in_other_words: Sequence[Passage] = (),
    ) -> Answer:
        passages = [*(_passage(text, hit, decided) for hit, decided in judged), *in_other_words]
        best = max(passages, key=lambda passage: (passage.counts, passage.score, -passage.start), default=None)
        cut = len(text.original) == MOST_CHARACTERS
        return Answer(
            blaming=score >= BLAMING,
            blaming_score=round(score, 4),
            category=best.category if best else None,
            voice=best.voice if best else None,
            unflagged=None if unflagged is None else unflagged >= UNFLAGGED,
            unflagged_score=None if unflagged is None else round(unflagged, 4),
            said=f"Only the first {MOST_CHARACTERS:,} characters were read." if cut else "",
            passages=tuple(sorted(passages, key=lambda passage: (passage.start, passage.term))),
        )

    def _by_slots(self, text: Text) -> float:
        found = {self._slots.get(key, key) for key, *_ in self._signs.found_in(text.said)}
        return BY_SLOTS_FILLED[min(len(found), len(BY_SLOTS_FILLED) - 1)]

    def _worst_sentences(self, of: Sequence[tuple[Text, Sequence[tuple[Hit, Judged]], float]]) -> Iterator[Passage]:
        """Of each text the sentence that the classifier finds worst of those that rules left; of all, if they left
        none. The sentences of all texts are scored at once."""
        if not of:
            return
        assert self._classifier is not None
        places = [_open_to_a_score(text, judged) for text, judged, _ in of]
        said = [text.original[start:end] for (text, *_), held in zip(of, places, strict=True) for start, end in held]
        scored = iter(self._classifier.sentences(said).tolist())
        for (_, _, score), held in zip(of, places, strict=True):
            mine = list(islice(scored, len(held)))
            start, end = held[mine.index(max(mine))]
            yield Passage(start, end, "", IN_OTHER_WORDS, OFFICER, "scored_by_the_classifier", score)


def _open_to_a_score(text: Text, judged: Sequence[tuple[Hit, Judged]]) -> list[tuple[int, int]]:
    out = _by_sentence(text, judged)[1]
    open_to = [one for one in text.sentences if one.number not in out] or list(text.sentences)
    return [text.folded.original(one.start, one.end) for one in open_to]


def _without_repeats(hits: Sequence[Hit]) -> list[Hit]:
    """Of hits of one term that lie upon one another, the longest."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (one.start - one.end, one.start)):
        if not any(one.term is hit.term and one.start < hit.end and hit.start < one.end for one in kept):
            kept.append(hit)
    return sorted(kept, key=lambda one: (one.start, one.term.key))


def _by_sentence(text: Text, judged: Sequence[tuple[Hit, Judged]]) -> tuple[dict[int, float], set[int]]:
    """What rules make of each sentence in which the police blame (0 to 1), by number; and the numbers of those that are
    no view of the police."""
    scores: dict[int, set[float]] = {}
    others: set[int] = set()
    for hit, decided in judged:
        number = text.sentence_at(hit.start).number
        if decided.counts:
            scores.setdefault(number, set()).add(hit.term.score)
        else:
            others.add(number)
    others |= {one.number for one in text.sentences if of_a_sentence(text, one.number)}
    found = {number: 1 - prod(1 - score for score in held) for number, held in scores.items()}
    return found, others - set(found)


def _best_of(found: Mapping[int, float]) -> float:
    return max(found.values(), default=0.0)


def _parts(text: Text, found: Mapping[int, float], out: set[int]) -> Parts:
    whole = text.original
    if not out:
        return Parts(whole, whole, _best_of(found), 0.0)
    places = [text.folded.original(one.start, one.end) for one in text.sentences if one.number not in out]
    left = " ".join(whole[start:end] for start, end in places)
    return Parts(whole, left, _best_of(found), len(out) / len(text.sentences))


def _passage(text: Text, hit: Hit, decided: Judged) -> Passage:
    start, end = text.folded.original(hit.start, hit.end)
    return Passage(
        start, end, hit.term.key, hit.term.category, decided.voice, decided.rule,
        hit.term.score if decided.counts else 0.0,
        tuple(text.folded.original(*place) for place in decided.evidence), hit.term.source,
    )  # fmt: skip


__all__ = ["BLAMING", "UNFLAGGED", "VOICES", "Answer", "Parts", "Passage", "Reader", "Scores", "why_not_read"]
