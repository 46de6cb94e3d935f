"""Read a text for language that blames the child, by rules and by a classifier.

Rules find listed terms and attribute them to a voice. A classifier, if there is one, scores the whole text, and the
text without the sentences that the rules identify as a challenge, guidance, a denial or somebody else's words. Both
scores are combined with the rules, so that blame in unlisted words is found and a quotation does not count against the
person who wrote it down.
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
from assay.text.context.voice_attribution import Attribution, Hit, VoiceAttributor, attribute_sentence, mentions_child
from assay.text.language_identification import other_language
from assay.text.phrase_scanner import Phrase, Scanner
from assay.text.search_terms import Term
from assay.text.text_cleaning import remove_tags

BLAMING, UNFLAGGED = 0.5, 0.5
"""Score thresholds from which a text is identified as blaming, or as describing exploitation."""
ENTRY_VOICE_WEIGHT = 0.2
"""Factor of the classifier's score if the fields of the entry say that it is not the police's view."""
NO_CHILD_WEIGHT = 0.2
"""Factor of the classifier's score if no term is in the police's own words, and no sentence that the rules leave speaks
of a child."""
BY_SLOTS_FILLED = (0.05, 0.15, 0.4, 0.8)
"""Score of a text by its number of kinds of signs, if there is no classifier: a rule of thumb, tested on synthetic text
only."""
IN_OTHER_WORDS = "in_other_words"
MAX_CHARACTERS = 2_000_000
MIN_TEXTS_FOR_SCAN = 200
"""Number of texts from which the prefilter is faster than exact matching of each."""


class Scores(Protocol):
    """Interface of a classifier: scores between 0 and 1; a score of 0.5 or more identifies a text."""

    @property
    def description(self) -> str:
        """Description that identifies the classifier."""

    def blaming(
        self, whole: Sequence[str], left: Sequence[str], rules: Sequence[float], taken_out: Sequence[float]
    ) -> Any:
        """Return the probability that each text blames the child, given its `Parts`."""

    def sentences(self, texts: Sequence[str]) -> Any:
        """Return scores of single sentences, to show where in a text the blame is."""

    def unflagged(self, texts: Sequence[str]) -> Any:
        """Return the probability that each text describes exploitation."""


@dataclass(frozen=True)
class Parts:
    """Input of the classifier: a text, what is left of it without the passages that the rules cover, the rule score
    (0 to 1), and the share of sentences that the rules cover."""

    whole: str
    left: str
    rules: float
    taken_out: float


@dataclass(frozen=True)
class Passage:
    """A term or sentence with its attribution; positions are characters of the original text."""

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
        """True if the passage is attributed to the police themselves, so that it counts."""
        return self.voice == "officer"


@dataclass(frozen=True)
class Answer:
    """Reading result of one text; if it could not be read, every result is None and `note` gives the reason."""

    blaming: bool | None = None
    blaming_score: float | None = None
    category: str | None = None
    voice: str | None = None
    unflagged: bool | None = None
    unflagged_score: float | None = None
    note: str = ""
    passages: tuple[Passage, ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the results as a dictionary, without the passages."""
        names = ("blaming", "blaming_score", "category", "voice", "unflagged_score", "unflagged", "note")
        return {name: getattr(self, name) for name in names}


def refusal_reason(text: object, folded: str) -> str:
    """Return the reason why a text cannot be read; '' if it can."""
    if not isinstance(text, str):
        return "There is no text."
    if not any(sign.isalnum() for sign in folded):
        return "The text is empty."
    if language := other_language(folded):
        return f"The text seems to be in {language}, which is not supported, so it is not judged."
    return ""


class Reader:
    """Reads texts with the terms of a lexicon, and a classifier if there is one.

    `signs` are phrases that indicate exploitation, and `slots` the kind of sign of each key; `templates` are the
    printed lines of forms.
    """

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
        self._judge = VoiceAttributor()
        self._classifier = classifier

    @property
    def description(self) -> str:
        """Description of the models used; "rules alone" if there is none."""
        return "rules alone" if self._classifier is None else f"rules and models {self._classifier.description}"

    def read(
        self, texts: Sequence[str | None], entries: Sequence[Entry] | None = None, *, signs: bool = True
    ) -> list[Answer]:
        """Return the result of reading each text, in order.

        `entries` has the fields of the return for each text. Without `signs`, exploitation is not assessed, and its
        results are None.
        """
        entry_list = entries or [Entry()] * len(texts)
        parsed_texts = [
            Text(text[:MAX_CHARACTERS] if isinstance(text, str) else "", entry)
            for text, entry in zip(texts, entry_list, strict=True)
        ]
        refusals = [
            refusal_reason(text, parsed.normalised_text) for text, parsed in zip(texts, parsed_texts, strict=True)
        ]
        answers = iter(
            self._answers([parsed for parsed, why in zip(parsed_texts, refusals, strict=True) if not why], signs)
        )
        return [next(answers) if not why else Answer(note=why) for why in refusals]

    def score_exploitation(self, texts: Sequence[str]) -> list[float]:
        """Return the probability (0 to 1) that each readable text describes exploitation."""
        if not texts:
            return []
        if self._classifier is None:
            return [self._by_slots(Text(text)) for text in texts]
        return [float(score) for score in self._classifier.unflagged(texts)]

    def attributed_hits(self, text: Text) -> list[tuple[Hit, Attribution]]:
        """Return each term in a text with its attribution."""
        hits = [Hit(self._terms[key], start, end) for key, start, end in self._scanner.found_among(text.whole)]
        return [(hit, self._judge.attribute(text, hit)) for hit in _without_repeats(hits)]

    def parts(self, texts: Sequence[str]) -> list[Parts]:
        """Return the classifier input of each text."""
        # One text at a time, so that the analysis of each is freed before the next.
        return [_parts(text, *_by_sentence(text, self.attributed_hits(text))) for text in map(Text, texts)]

    def may_hold(self, texts: pl.Series) -> pl.Series:
        """Return whether each text of a column (normalised or plain ASCII) may contain a listed term."""
        return self._scanner.engine.may_hold(texts)

    def _answers(self, parsed_texts: Sequence[Text], signs: bool) -> Iterator[Answer]:
        if not parsed_texts:
            return
        is_small_batch = len(parsed_texts) < MIN_TEXTS_FOR_SCAN
        may_contain = (
            [True] * len(parsed_texts)
            if is_small_batch
            else self._scanner.may_hold([text.normalised_text for text in parsed_texts])
        )
        judged = [
            self.attributed_hits(text) if is_candidate else []
            for text, is_candidate in zip(parsed_texts, may_contain, strict=True)
        ]
        if self._classifier is None:
            for text, found in zip(parsed_texts, judged, strict=True):
                slots = self._by_slots(text) if signs else None
                yield self._answer(text, found, _best_of(_by_sentence(text, found)[0]), slots)
            return
        parts = [_parts(text, *_by_sentence(text, found)) for text, found in zip(parsed_texts, judged, strict=True)]
        columns = zip(*((part.whole, part.left, part.rules, part.taken_out) for part in parts), strict=True)
        scores = self._classifier.blaming(*columns).tolist()
        unflagged: list[float | None] = [None] * len(parts)
        if signs:
            unflagged = self._classifier.unflagged([part.whole for part in parts]).tolist()
        scores = [
            score * ENTRY_VOICE_WEIGHT if text.entry.voice else score
            for text, score in zip(parsed_texts, scores, strict=True)
        ]
        scores = [
            score * NO_CHILD_WEIGHT if _in_other_words(score, found) and not _speaks_of_child(text, found) else score
            for text, score, found in zip(parsed_texts, scores, judged, strict=True)
        ]
        in_other_words = [_in_other_words(score, found) for score, found in zip(scores, judged, strict=True)]
        worst = iter(
            self._worst_sentences(list(compress(zip(parsed_texts, judged, scores, strict=True), in_other_words)))
        )
        for text, found, score, unflagged_score, other in zip(
            parsed_texts, judged, scores, unflagged, in_other_words, strict=True
        ):
            yield self._answer(text, found, score, unflagged_score, [next(worst)] if other else [])

    def _answer(
        self,
        text: Text,
        judged: Sequence[tuple[Hit, Attribution]],
        score: float,
        unflagged: float | None,
        in_other_words: Sequence[Passage] = (),
    ) -> Answer:
        passages = [*(_passage(text, hit, decided) for hit, decided in judged), *in_other_words]
        best = max(passages, key=lambda passage: (passage.counts, passage.score, -passage.start), default=None)
        cut = len(text.original) == MAX_CHARACTERS
        return Answer(
            blaming=score >= BLAMING,
            blaming_score=round(score, 4),
            category=best.category if best else None,
            voice=best.voice if best else None,
            unflagged=None if unflagged is None else unflagged >= UNFLAGGED,
            unflagged_score=None if unflagged is None else round(unflagged, 4),
            note=f"Only the first {MAX_CHARACTERS:,} characters were read." if cut else "",
            passages=tuple(sorted(passages, key=lambda passage: (passage.start, passage.term))),
        )

    def _by_slots(self, text: Text) -> float:
        found = {self._slots.get(key, key) for key, *_ in self._signs.found_in(text.normalised_text)}
        return BY_SLOTS_FILLED[min(len(found), len(BY_SLOTS_FILLED) - 1)]

    def _worst_sentences(
        self, scored_texts: Sequence[tuple[Text, Sequence[tuple[Hit, Attribution]], float]]
    ) -> Iterator[Passage]:
        """Yield for each text the sentence with the highest classifier score.

        Only sentences that the rules left are candidates, or all if they left none. The sentences of all texts are
        scored at once.
        """
        if not scored_texts:
            return
        assert self._classifier is not None
        places = [_scorable_spans(text, judged) for text, judged, _ in scored_texts]
        sentences = [
            text.original[start:end]
            for (text, *_), spans in zip(scored_texts, places, strict=True)
            for start, end in spans
        ]
        scored = iter(self._classifier.sentences(sentences).tolist())
        for (_, _, score), spans in zip(scored_texts, places, strict=True):
            sentence_scores = list(islice(scored, len(spans)))
            start, end = spans[sentence_scores.index(max(sentence_scores))]
            yield Passage(start, end, "", IN_OTHER_WORDS, OFFICER, "scored_by_the_classifier", score)


def _in_other_words(score: float, judged: Sequence[tuple[Hit, Attribution]]) -> bool:
    """Return True if only the classifier identifies a text as blaming."""
    return score >= BLAMING and not any(decided.counts for _, decided in judged)


def _speaks_of_child(text: Text, judged: Sequence[tuple[Hit, Attribution]]) -> bool:
    """Return True if a sentence that the rules leave mentions a child, or a pronoun that is not a suspect's."""
    out = _by_sentence(text, judged)[1]
    return any(mentions_child(text, sentence.number) for sentence in text.sentences if sentence.number not in out)


def _scorable_spans(text: Text, judged: Sequence[tuple[Hit, Attribution]]) -> list[tuple[int, int]]:
    out = _by_sentence(text, judged)[1]
    open_to = [sentence for sentence in text.sentences if sentence.number not in out] or list(text.sentences)
    return [text.folded.original(sentence.start, sentence.end) for sentence in open_to]


def _without_repeats(hits: Sequence[Hit]) -> list[Hit]:
    """Return the longest of overlapping hits of one term."""
    selected: list[Hit] = []
    for hit in sorted(hits, key=lambda other: (other.start - other.end, other.start)):
        if not any(other.term is hit.term and other.start < hit.end and hit.start < other.end for other in selected):
            selected.append(hit)
    return sorted(selected, key=lambda other: (other.start, other.term.key))


def _by_sentence(text: Text, judged: Sequence[tuple[Hit, Attribution]]) -> tuple[dict[int, float], set[int]]:
    """Return the rule scores (0 to 1) of sentences in which the police blame, by number, and the numbers of sentences
    that are not the police's view."""
    scores: dict[int, set[float]] = {}
    excluded_numbers: set[int] = set()
    for hit, decided in judged:
        number = text.sentence_at(hit.start).number
        if decided.counts:
            scores.setdefault(number, set()).add(hit.term.score)
        else:
            excluded_numbers.add(number)
    excluded_numbers |= {sentence.number for sentence in text.sentences if attribute_sentence(text, sentence.number)}
    found = {number: 1 - prod(1 - score for score in hit_scores) for number, hit_scores in scores.items()}
    return found, excluded_numbers - set(found)


def _best_of(found: Mapping[int, float]) -> float:
    return max(found.values(), default=0.0)


def _parts(text: Text, found: Mapping[int, float], out: set[int]) -> Parts:
    whole = remove_tags(text.original)
    if not out:
        return Parts(whole, whole, _best_of(found), 0.0)
    places = [
        text.folded.original(sentence.start, sentence.end) for sentence in text.sentences if sentence.number not in out
    ]
    left = remove_tags(" ".join(text.original[start:end] for start, end in places))
    return Parts(whole, left, _best_of(found), len(out) / len(text.sentences))


def _passage(text: Text, hit: Hit, decided: Attribution) -> Passage:
    start, end = text.folded.original(hit.start, hit.end)
    return Passage(
        start, end, hit.term.key, hit.term.category, decided.voice, decided.rule,
        hit.term.score if decided.counts else 0.0,
        tuple(text.folded.original(*place) for place in decided.evidence), hit.term.source,
    )  # fmt: skip


__all__ = ["BLAMING", "UNFLAGGED", "VOICES", "Answer", "Parts", "Passage", "Reader", "Scores", "refusal_reason"]
