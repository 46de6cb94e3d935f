"""Split a note into sentences: running prose, wrapped lines, and logs of short lines.

A full stop ends a sentence unless it belongs to a title or to a short form; nothing inside a quotation ends one. The
end of a line ends a sentence too, unless the line was only wrapped: it is long, it breaks off at a word that cannot
end one, or the next goes on with a small letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assay.text.context.quotations import Quote
from assay.text.normalisation import Folded

END = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|[ \t\r]*\n\s*")
END_OF_PROSE = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)")
"""The same where the text is one line, which is quicker."""
BEGINS_A_LINE = re.compile(r"[-*\u2022>]|\d{1,2}[.:)]|\[|\w[\w /]{0,40}:")
BREAKS_OFF = re.compile(
    r"(?:,|\b(?:a|an|the|that|to|of|at|in|on|by|for|with|and|or|but|her|his|their|is|was|are|were|be|been|has|have|had|as|"
    r"from|not|says|said|states|stated|puts|putting|placing|own|who|which|if|when|very))\s*$"
)
TITLES = frozenset((
    "mr", "mrs", "ms", "miss", "dr", "pc", "dc", "ds", "di", "sgt", "insp", "ch", "supt", "prof", "rev", "st",
    "no", "ref", "fao", "e.g", "i.e", "eg", "ie", "vs", "para", "s",
))  # fmt: skip
SHORT_FORMS = frozenset((
    "approx", "poss", "susp", "vic", "info", "etc", "tel", "dob", "yr", "yrs", "hr", "hrs", "dept", "rd", "ave",
    "nr", "incl", "re", "c/o", "misc", "cont",
))  # fmt: skip
LONG_LINE = 55


class Sentence(NamedTuple):
    """Its number, first character, and the one after the last, in the folded text. `after_gap`: an empty line is
    before it."""

    number: int
    start: int
    end: int
    after_gap: bool = False


def sentences(original: str, folded: Folded, quoted: Sequence[Quote]) -> tuple[Sentence, ...]:
    """The sentences of a text, in order, without the blanks between them. `original` tells capitals."""
    text = folded.text
    found: list[Sentence] = []
    start, gap, inside = 0, False, 0
    for end in (END if "\n" in text else END_OF_PROSE).finditer(text):
        first, after = end.span()
        while inside < len(quoted) and quoted[inside].end <= first:
            inside += 1
        in_quote = inside < len(quoted) and quoted[inside].start < first and after < quoted[inside].end
        if in_quote or not _ends(original, folded, start, end):
            continue
        if stripped := text[start:after].lstrip():
            found.append(_trimmed(len(found), stripped, after, gap))
            gap = False
        gap = gap or end[0].count("\n") > 1
        start = after
    if stripped := text[start:].lstrip():
        found.append(_trimmed(len(found), stripped, len(text), gap))
    return tuple(found)


def _trimmed(number: int, stripped: str, after: int, gap: bool) -> Sentence:
    """A sentence that begins with its first word and ends before `after`, with the blanks at its end left out."""
    start = after - len(stripped)
    return Sentence(number, start, start + len(stripped.rstrip()), gap)


def _ends(original: str, folded: Folded, start: int, end: re.Match[str]) -> bool:
    text = folded.text
    if "\n" in end[0]:
        return end[0].count("\n") > 1 or _line_ends(original, folded, start, end)
    if end[0] != "." or end.end() >= len(text):
        return True
    word = text[max(start, end.start() - 12) : end.start()].split()[-1:]
    last_word = word[0].lstrip("(\"'") if word else ""
    if last_word in TITLES or (len(last_word) == 1 and last_word.isalpha()):
        return False
    return last_word not in SHORT_FORMS or not _small(original, folded, end.end() + 1)


def _line_ends(original: str, folded: Folded, start: int, end: re.Match[str]) -> bool:
    text = folded.text
    if end.end() >= len(text) or BEGINS_A_LINE.match(text, end.end()):
        return True
    line = text[max(start, text.rfind("\n", 0, end.start()) + 1) : end.start()]
    if BREAKS_OFF.search(line) or _small(original, folded, end.end()):
        return False
    return len(line) < LONG_LINE


def _small(original: str, folded: Folded, place: int) -> bool:
    """Whether a small letter stands at a place of the folded text."""
    if place >= len(folded.text):
        return False
    return original[folded.original(place, place + 1)[0]].islower()
