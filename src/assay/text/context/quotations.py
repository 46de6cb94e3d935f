"""Quotations in a text.

Double quotes, and single quotes that are not apostrophes. An unclosed quotation ends with its sentence; none crosses an
empty line. Normalisation makes curly marks straight, so opening and closing marks are distinguished by their context.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DOUBLE = re.compile(r'(?<!\d)"|(?<=\d)"(?=[\s.,;:!?)]|$)')
OPENS = re.compile(r"(?<![\w'])'(?=\w)(?!(?:til|cause|em|bout|ere|n|tis)\b)")
CLOSES = re.compile(r"(?<=[\w.,!?)])'(?![\w'])")
ENDS = re.compile(r"[.!?](?=\s)|\n|$")
EMPTY_LINE = re.compile(r"\n[ \t]*\n")
LONGEST = 600


@dataclass(frozen=True)
class Quote:
    """Range of a quotation including its marks: first character, and the one after the last."""

    start: int
    end: int

    def holds(self, start: int, end: int) -> bool:
        """Return True if a range is within the quotation."""
        return self.start <= start and end <= self.end


def quotes(text: str) -> tuple[Quote, ...]:
    """Return the quotations of a normalised text, in order; single ones inside double ones are part of them."""
    if '"' not in text and "'" not in text:
        return ()
    double = list(_double(text))
    single = [quote for quote in _single(text) if not any(outer.holds(quote.start, quote.end) for outer in double)]
    return tuple(sorted([*double, *single], key=lambda quote: quote.start))


def _double(text: str) -> list[Quote]:
    found: list[Quote] = []
    opened: int | None = None
    for mark in DOUBLE.finditer(text):
        place = mark.start()
        if opened is None:
            opened = place
        elif place - opened <= LONGEST and not EMPTY_LINE.search(text, opened, place):
            found.append(Quote(opened, place + 1))
            opened = None
        else:
            found.append(_unclosed(text, opened))
            opened = place
    if opened is not None and opened + 1 < len(text) and not text[opened + 1].isspace():
        found.append(_unclosed(text, opened))
    return found


def _unclosed(text: str, opened: int) -> Quote:
    end = ENDS.search(text, opened + 1, opened + LONGEST)
    return Quote(opened, end.end() if end else min(len(text), opened + LONGEST))


def _single(text: str) -> list[Quote]:
    """Return single-quoted quotations; an opening mark without a closing one is an apostrophe."""
    closing = [mark.start() for mark in CLOSES.finditer(text)]
    opening = [mark.start() for mark in OPENS.finditer(text)]
    found: list[Quote] = []
    position = 0
    for number, opened in enumerate(opening):
        if found and opened < found[-1].end:
            continue
        while position < len(closing) and closing[position] <= opened:
            position += 1
        before = opening[number + 1] if number + 1 < len(opening) else len(text)
        ends = [place for place in closing[position : position + 3] if place < min(before, opened + LONGEST)]
        if ends and not EMPTY_LINE.search(text, opened, ends[0]):
            # "the carers' view" inside a quotation: a closing mark after s is an apostrophe if another mark follows.
            last = ends[1] if len(ends) > 1 and text[ends[0] - 1] == "s" else ends[0]
            found.append(Quote(opened, last + 1))
    return found
