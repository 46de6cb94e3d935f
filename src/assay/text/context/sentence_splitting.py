"""Split a note into sentences: running prose, wrapped lines, and logs of short lines.

A full stop ends a sentence unless it belongs to a title or an abbreviation; nothing inside a quotation ends one. A line
end also ends a sentence, unless the line is only wrapped: it is long, ends with a word that cannot end a sentence, or
the next line begins with a lower-case letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assay.text.context.quotations import Quote
from assay.text.normalisation import Folded

END = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|[ \t\r]*\n\s*")
END_OF_PROSE = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)")
"""Faster variant of `END` for texts of one line."""
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
    """Number and range of a sentence in the normalised text; `after_gap`: an empty line precedes it."""

    number: int
    start: int
    end: int
    after_gap: bool = False


def sentences(original: str, folded: Folded, quoted: Sequence[Quote]) -> tuple[Sentence, ...]:
    """Return the sentences of a text in order, without surrounding blanks; `original` is needed for capitals."""
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
    """Return a sentence that ends before `after`, without trailing blanks."""
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
    """Return True if the character at a position of the normalised text is lower case in the original."""
    if place >= len(folded.text):
        return False
    return original[folded.original(place, place + 1)[0]].islower()
