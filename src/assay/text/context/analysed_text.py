"""One text with its sentences, quotations, voice cues and people, computed when they are needed."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cached_property
from itertools import pairwise

from assay.text.context.person_mentions import Mention, mentions
from assay.text.context.quotations import Quote, quotes
from assay.text.context.sentence_splitting import Sentence, sentences
from assay.text.context.text_voices import Entry
from assay.text.context.voice_cues import NO_CUES, FoundCue, SentenceCues, blank_punctuation, known_cues
from assay.text.phrase_finder import Words
from assay.text.text_cleaning import clean_with_positions

LEAD_WORDS = 7
"""Maximum number of words of a heading: a line that opens a paragraph, or a sentence alone on its line."""
FAR = 12
LEADS, OPENS = "leads", "opens"
NO_ENTRY = Entry()


class Text:
    """A text with its sentences and quotations, and the voice cues and people of each sentence, computed when
    needed."""

    def __init__(self, original: str, entry: Entry | None = None) -> None:
        self.original = original
        self.entry = entry or NO_ENTRY
        self.voice = self.entry.voice
        self.folded = clean_with_positions(original)
        self.normalised_text = self.folded.text
        self._words: dict[int, Words] = {}
        self._cues_by_sentence: dict[int, SentenceCues] = {}
        self._people: dict[int, list[Mention]] = {}

    @cached_property
    def whole(self) -> Words:
        """Words of the whole text."""
        return Words.from_text(self.normalised_text)

    @cached_property
    def quoted(self) -> tuple[Quote, ...]:
        """Quotations of the text."""
        return quotes(self.normalised_text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences of the text."""
        return sentences(self.original, self.folded, self.quoted)

    def sentence_at(self, place: int) -> Sentence:
        """Return the sentence at a position."""
        low, high = 0, len(self.sentences) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.sentences[middle].start <= place else (low, middle - 1)
        return self.sentences[low]

    def quote_around(self, start: int, end: int) -> Quote | None:
        """Return the quotation that contains a range, or None."""
        for quote in self.quoted:
            if quote.holds(start, end):
                return quote
        return None

    def words(self, number: int) -> Words:
        """Return the words of a sentence, with commas and brackets as blanks, for the search of cues and people."""
        cached = self._words.get(number)
        if cached is None:
            _, start, end, _ = self.sentences[number]
            cached = self._words[number] = self.whole.part(start, end, self._plainly)
        return cached

    def cues(self, number: int) -> Sequence[FoundCue]:
        """Return the cues of a sentence; none if there is no sentence with this number."""
        return (self._cues_by_sentence.get(number) or self._cues_in(number)).cues

    def voices(self, number: int) -> Set[str]:
        """Return the voices of the cues of a sentence."""
        return (self._cues_by_sentence.get(number) or self._cues_in(number)).voices

    def ends(self, number: int, kind: str) -> list[int]:
        """Return the positions in a sentence at which cues of this kind stop applying."""
        return [place for end_kind, place in self._cues_in(number).ends if end_kind == kind]

    def people(self, number: int) -> list[Mention]:
        """Return the people and things that a sentence mentions."""
        if number not in self._people:
            self._people[number] = mentions(self.words(number), self.sentences[number].start)
        return self._people[number]

    def lead_in(self, number: int, *, opening: bool = False) -> Sequence[Sentence]:
        """Return the lines of the paragraph that introduce a sentence (with a colon, or headings), nearest first.

        `opening`: include a short sentence that opens the paragraph.
        """
        leads, sentences = self._leads, self.sentences
        if not leads or not number:
            return ()
        found = []
        for before in range(number - 1, max(0, number - FAR) - 1, -1):
            if sentences[before + 1].after_gap:
                break
            if leads[before] == LEADS or (opening and leads[before] == OPENS):
                found.append(sentences[before])
        return found

    @cached_property
    def _plainly(self) -> str:
        return blank_punctuation(self.normalised_text)

    @cached_property
    def _leads(self) -> list[str]:
        """Whether each sentence introduces the next ones: `LEADS`, `OPENS` (a short sentence that opens a paragraph),
        or ''; empty if no sentence does."""
        lead_kinds = []
        for sentence, after in pairwise(self.sentences):
            words = self.normalised_text[sentence.start : sentence.end].split()
            short = len(words) <= LEAD_WORDS
            heading = short and not words[-1].endswith(".") and "\n" in self.normalised_text[sentence.end : after.start]
            leads = heading or words[-1].endswith(":")
            opens = short and (sentence.number == 0 or sentence.after_gap)
            lead_kinds.append(LEADS if leads else OPENS if opens else "")
        return lead_kinds if any(lead_kinds) else []

    def _cues_in(self, number: int) -> SentenceCues:
        if number not in self._cues_by_sentence:
            if not 0 <= number < len(self.sentences):
                return NO_CUES
            start = self.sentences[number].start
            self._cues_by_sentence[number] = known_cues().found_in(self.normalised_text, self.words(number), start)
        return self._cues_by_sentence[number]
