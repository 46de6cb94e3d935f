"""Cues in a sentence, such as "denies" or "said", that show who speaks or that something is negated or reported.

`cues.toml` is read once. Cues are searched in a copy of the sentence in which commas are blanks, so that "staff, who
are worried, state" matches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from assay.errors import DefinitionError
from assay.text.data import read_data
from assay.text.phrase_finder import Finder, Words
from assay.text.phrase_patterns import Pattern, Patterns

FORWARD, BACKWARD, EITHER_SIDE, OVERLAPPING, WHOLE = "forward", "backward", "both", "over", "whole"
DIRECTIONS = (FORWARD, BACKWARD, EITHER_SIDE, OVERLAPPING, WHOLE)
SENTENCE, CLAUSE = "sentence", "clause"
AFFIRMS, ADOPTS, ADOPTION_DENIED, RESOLVE, CARRIED = "affirms", "adopts", "adoption_denied", "resolve", "carried"
END = "end:"
STOPS = {";": ("speech", "negated", "left_open"), ":": ("negated",)}
STOP = re.compile(f"[{''.join(STOPS)}]")
"""Punctuation that ends scopes; `STOPS` has the kinds of scope that each ends."""
NEW_SUBJECT = re.compile(r",\s+(?:she|he|they|ip|ap|vic|victim|yp|the (?:child|girl|boy|victim))\b")


@dataclass(frozen=True)
class Cue:
    """A cue: words that attribute what follows within their scope to a speaker category (`voice`).

    `words`: reach in words, 0 if it is not limited by words. `adjacent`: it also applies to the neighbouring sentence.
    `back`: it applies to the sentence before, quoted or not. `starts`: it must begin the sentence. `last`: it must end
    the sentence, be in brackets or follow a quotation. `weak`: any other overlapping cue of speech takes precedence.
    """

    key: str
    voice: str
    direction: str
    reach: str
    meaning: str
    words: int = 0
    adjacent: bool = False
    back: bool = False
    starts: bool = False
    last: bool = False
    weak: bool = False


class FoundCue(NamedTuple):
    """A cue at its position in the normalised text."""

    cue: Cue
    start: int
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        """Return True if the cue overlaps a range."""
        return self.start < end and start < self.end


class SentenceCues:
    """The cues of one sentence, their speaker categories, and positions at which cues of a kind stop applying."""

    __slots__ = ("cues", "ends", "voices")

    def __init__(self, cues: Sequence[FoundCue], ends: Sequence[tuple[str, int]]) -> None:
        self.cues, self.ends = cues, ends
        self.voices = frozenset([found.cue.voice for found in cues])


NO_CUES = SentenceCues((), ())


@dataclass(frozen=True)
class Cues:
    """All cues by key, and the finder that searches texts for them and for the ends of their scopes."""

    by_key: Mapping[str, Cue]
    finder: Finder

    def found_in(self, text: str, words: Words, start: int) -> SentenceCues:
        """Return the cues, and the ends of scopes, in the sentence that begins at `start` and has these words."""
        cues: list[FoundCue] = []
        ends: list[tuple[str, int]] = []
        end = words.end
        for key, first, after in self.finder.found_among(words):
            if key in self.by_key:
                cues.append(FoundCue(self.by_key[key], first, after))
            else:
                ends.append((key[len(END) :], first))
        if text.find(";", start, end) >= 0 or text.find(":", start, end) >= 0:
            ends += [(kind, stop.start()) for stop in STOP.finditer(text, start, end) for kind in STOPS[stop[0]]]
        if text.find(",", start, end) >= 0:
            turns = [found.start() for found in NEW_SUBJECT.finditer(text, start, end)]
            ends += [(kind, place) for place in turns for kind in ("negated", "left_open")]
        return SentenceCues(_longest(cues), ends) if cues or ends else NO_CUES


def blank_punctuation(text: str) -> str:
    """Return a text with blanks in place of commas and brackets."""
    return text.replace(",", " ").replace("(", " ").replace(")", " ")


def _longest(cues: Sequence[FoundCue]) -> Sequence[FoundCue]:
    """Return the longest of overlapping occurrences of one cue."""
    if len(cues) < 2:
        return cues
    selected: list[FoundCue] = []
    for candidate in sorted(cues, key=lambda cue: cue.start - cue.end):
        if not any(other.cue is candidate.cue and other.overlaps(candidate.start, candidate.end) for other in selected):
            selected.append(candidate)
    return sorted(selected, key=lambda cue: cue.start)


@lru_cache
def lists() -> Mapping[str, Sequence[str]]:
    """Return the word lists by name, to which the patterns of cues and lexicons may refer."""
    found: Mapping[str, Sequence[str]] = read_data("lists.toml")["lists"]
    return found


@lru_cache
def known_cues() -> Cues:
    """Return the cues of `cues.toml`; DefinitionError if one is invalid."""
    data = read_data("cues.toml", "assay.text.context")
    cues = {entry["key"]: _cue(entry) for entry in data["cue"]}
    if len(cues) != len(data["cue"]):
        raise DefinitionError("cues.toml: two cues have one key.")
    compiled = Patterns(lists())
    patterns: list[tuple[Pattern, str]] = [
        (compiled(source), entry["key"]) for entry in data["cue"] for source in entry["patterns"]
    ]
    patterns += [(compiled(source), END + kind) for kind, ends in data["ends"].items() for source in ends]
    return Cues(cues, Finder(patterns))


def _cue(entry: Mapping[str, object]) -> Cue:
    reach = str(entry.get("reach", CLAUSE))
    cue = Cue(
        key=str(entry["key"]),
        voice=str(entry["voice"]),
        direction=str(entry["direction"]),
        reach=reach,
        meaning=str(entry["says"]),
        words=int(reach) if reach.isdigit() else 0,
        adjacent=bool(entry.get("near")),
        back=bool(entry.get("back")),
        starts=bool(entry.get("starts")),
        last=bool(entry.get("last")),
        weak=bool(entry.get("weak")),
    )
    if cue.direction not in DIRECTIONS or not (cue.words or reach in (SENTENCE, CLAUSE)):
        raise DefinitionError(f"cues.toml, {cue.key}: direction is one of {', '.join(DIRECTIONS)}; reach is sentence, "
                              "clause or a number of words.")  # fmt: skip
    return cue
