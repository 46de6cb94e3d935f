"""What is known of one text before anything in it is judged?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from assay.language.cleaning import cleaned
from assay.language.context.cues import Found, known_cues
from assay.language.context.people import Mention, mentions
from assay.language.context.quotes import Quote, quotes
from assay.language.context.sentences import Sentence, sentences
from assay.language.context.voices import Entry

LEAD_WORDS = 7
"""A line of at most so many words that opens a paragraph, or that nothing follows on its line, is a heading."""
FAR = 12


class Text:
    """One text, its sentences and quotations, and, when they are asked for, the cues and people of each sentence."""

    def __init__(self, original: str, entry: Entry | None = None) -> None:
        self.original = original
        self.entry = entry or Entry()
        self.folded = cleaned(original)
        self.said = self.folded.text
        self._cues: dict[int, tuple[list[Found], list[tuple[str, int]]]] = {}
        self._people: dict[int, list[Mention]] = {}

    @cached_property
    def quoted(self) -> tuple[Quote, ...]:
        """Its quotations."""
        return quotes(self.said)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences."""
        return sentences(self.original, self.folded, self.quoted)

    def sentence_at(self, place: int) -> Sentence:
        """The sentence in which a character stands."""
        low, high = 0, len(self.sentences) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.sentences[middle].start <= place else (low, middle - 1)
        return self.sentences[low]

    def quote_around(self, start: int, end: int) -> Quote | None:
        """The quotation that holds what stands there."""
        return next((one for one in self.quoted if one.holds(start, end)), None)

    def cues(self, number: int) -> list[Found]:
        """The cues of a sentence, by its number; none where there is no such sentence."""
        return self._heard(number)[0] if 0 <= number < len(self.sentences) else []

    def ends(self, number: int, kind: str) -> list[int]:
        """Where scopes of a kind end in a sentence."""
        return [place for one, place in self._heard(number)[1] if one == kind]

    def people(self, number: int) -> list[Mention]:
        """Whom and what a sentence names."""
        if number not in self._people:
            self._people[number] = mentions(self.said, self.sentences[number])
        return self._people[number]

    def lead_in(self, number: int, *, opening: bool = False) -> Sequence[Sentence]:
        """The lines above a sentence, in its paragraph, under which it stands: they end with a colon or are headings;
        the nearest first. `opening`: also a short sentence that opens the paragraph."""
        found = []
        for sentence in reversed(self.sentences[max(0, number - FAR) : number]):
            if self.sentences[sentence.number + 1].after_gap:
                break
            words = self.said[sentence.start : sentence.end].split()
            opens = opening and (sentence.number == 0 or sentence.after_gap)
            heading = "\n" in self.said[sentence.end : self.sentences[sentence.number + 1].start]
            short = len(words) <= LEAD_WORDS and (opens or (heading and not words[-1].endswith(".")))
            if short or words[-1].endswith(":"):
                found.append(sentence)
        return found

    def _heard(self, number: int) -> tuple[list[Found], list[tuple[str, int]]]:
        if number not in self._cues:
            sentence = self.sentences[number]
            self._cues[number] = known_cues().found_in(self.said, sentence.start, sentence.end)
        return self._cues[number]
