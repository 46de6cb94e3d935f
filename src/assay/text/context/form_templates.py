"""Lines that a form prints by itself, which the author of an entry did not write."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from assay.text.data import read_data
from assay.text.phrase_finder import Finder, collapse_blanks, trim_to_words
from assay.text.phrase_patterns import literal
from assay.text.text_cleaning import clean_with_positions

LABEL = re.compile(r"(?m)^[ \t\-*\u2022>\d.)(]{0,12}([^\n:]{3,90}):")
BOX = re.compile(r"\[[ x_y]?\]|\(\s?[x ]?\)|\by\s?/\s?n\b|\byes\s?/\s?no\b|[\u2610-\u2612]")
SIGN_OF_A_BOX = re.compile(r"[\[(/\u2610-\u2612]")
"""Characters of which a box has at least one."""
SPEAKS = re.compile(
    r"\b(?:she|he|they|is|was|are|were|has|have|had|i|we|stated|states|said|says|will|would|does|did|ip|ap|yp|misper)\b"
)
MOST_WORDS_OF_A_LABEL = 9
MIN_RECORDS = 20
MIN_SHARE = 0.001


@lru_cache
def known_forms() -> tuple[str, ...]:
    """Return the pre-printed lines of forms in common use, which a `Scanner` ignores."""
    return tuple(line for lines in read_data("forms.toml")["forms"].values() for line in lines if len(line.split()) > 2)


class PrintedLines:
    """Lines printed by the forms of one sender."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = Finder((literal(cut), "") for cut in dict.fromkeys(map(trim_to_words, lines)) if cut)

    def mask(self, text: str) -> str:
        """Return a text of the same length with printed lines replaced by blanks."""
        folded = clean_with_positions(text)
        for _, start, end in self._lines.found_in(folded.text):
            first, after = folded.original(start, end)
            text = f"{text[:first]}{' ' * (after - first)}{text[after:]}"
        return text


def find_printed_lines(texts: Iterable[str | None], least_records: int = MIN_RECORDS) -> tuple[str, ...]:
    """Find the lines that forms print in many records, most frequent first, for the templates of a `Scanner`.

    Candidates are labels before a colon, questions, and lines with a box to tick; they must occur in at least
    `least_records` records and in 1 of 1,000.
    """
    head_counts: Counter[str] = Counter()
    records = 0
    for text in texts:
        if text:
            records += 1
            head_counts.update(set(_heads(text)))
    minimum = max(least_records, MIN_SHARE * records)
    return tuple(head for head, times in head_counts.most_common() if times >= minimum)


def _heads(text: str) -> Iterable[str]:
    """Yield the beginnings of lines that a form may have printed."""
    for label in LABEL.finditer(text):
        yield collapse_blanks(label[1])
    for line in text.splitlines():
        if line.rstrip().endswith("?") or BOX.search(line.lower()):
            yield collapse_blanks(BOX.sub(" ", line.lower()))


def label_around(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the range of the form label or line with boxes that contains the words from `start` up to `end`.

    None if the words are part of what somebody wrote.
    """
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    line = text[first : last if last >= 0 else len(text)]
    colon = line.find(":", end - first)
    if colon >= 0:
        label = line[:colon]
        if len(label.split()) <= MOST_WORDS_OF_A_LABEL and not SPEAKS.search(label) and ":" not in label:
            return first, first + colon + 1
    if SIGN_OF_A_BOX.search(line) and BOX.search(line) and not SPEAKS.search(line):
        return first, first + len(line)
    return None
