"""Read headings and cells that say the same in two languages: 'Cofnodwyd / Recorded', 'Benyw / Female'.

Both readings rest on repetition, and on no dictionary. A sheet has several such headings, and in nearly all of them the
words of one side, always the same one, are unknown. A column has several such cells, and each text of the unknown side
stands beside one text of the known side only. A single heading or cell is no evidence of a second language:
in 'White British / Kurdish' the unknown word has another meaning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from assay.ingest.extracts.heading_evidence import ROLE_ABBREVIATIONS, is_known_word, raw_words, vocabulary
from assay.ingest.extracts.value_kinds_coded import plain_words

MIN_HEADINGS = 3
"""So many headings in two languages show that a sheet has them."""
MIN_SHARE_SAME_SIDE = 0.75
"""Share of the headings with two sides of which the same side must be unknown."""
MIN_CELLS = 2
"""So many distinct cells in two languages show that a column has them."""
MIN_LETTERS = 3
"""A shorter word, such as 'y', may be a word of either language."""
_SIDES = re.compile(r"\s*(\S.*?\S)\s*(?:\s[/|]\s|[\r\n]+)\s*(\S.*?)\s*")
_BRACKETS = re.compile(r"\s*(\S.*?\S)\s*[(\[]\s*(\S.*?)\s*[)\]]\s*")


def headings_in_known_language(headings: Iterable[str]) -> dict[str, str]:
    """Return the known side of each heading in two languages; empty unless the sheet shows that it has them."""
    sides = {heading: found for heading in headings if (found := _sides(heading))}
    known_sides = {heading: place for heading, found in sides.items() if (place := _known_side(found)) is not None}
    if not known_sides:
        return {}
    side, count = Counter(known_sides.values()).most_common(1)[0]
    if count < MIN_HEADINGS or count < MIN_SHARE_SAME_SIDE * len(sides):
        return {}
    return {heading: sides[heading][side] for heading, place in known_sides.items() if place == side}


def _sides(text: str) -> tuple[str, str] | None:
    match = _SIDES.fullmatch(text) or _BRACKETS.fullmatch(text)
    return (match[1], match[2]) if match else None


def _known_side(sides: tuple[str, str]) -> int | None:
    """Return which side has words that mean something, if the other one has no known word at all."""
    is_known = [[is_known_word(word) for word in raw_words(side) if len(word) >= MIN_LETTERS] for side in sides]
    for known, unknown in ((0, 1), (1, 0)):
        is_foreign = bool(is_known[unknown]) and not any(is_known[unknown])
        if is_foreign and _says_something(sides[known]):
            return known
    return None


def _says_something(side: str) -> bool:
    """Return True if a side has a known word beside those, such as date, that name no column by themselves."""
    known = vocabulary()
    spelled = [known.spelling.get(word, word) for word in raw_words(side)]
    return any(is_known_word(word) and word not in known.silent for word in spelled) or any(
        word in ROLE_ABBREVIATIONS for word in spelled
    )


def with_two_languages(
    readings: Mapping[str, str | None], read: Callable[[Sequence[str]], Sequence[str | None]]
) -> Mapping[str, str | None]:
    """Return the readings of cells, with those in two languages read by the known side.

    Parameters
    ----------
    readings
        Text -> the value of the contract; '' if the text says that nothing is known; None if it is not understood.
    read
        The reader of the kind of values.
    """
    sides = {text: found for text in readings if (found := _sides_of_cell(text))}
    if len(sides) < MIN_CELLS or all(readings[text] is not None for text in sides):
        return readings
    for known, unknown in ((1, 0), (0, 1)):
        known_texts = [found[known] for found in sides.values()]
        values = read(known_texts)
        foreign = read([found[unknown] for found in sides.values()])
        pairs = {(plain_words(found[unknown]), plain_words(found[known])) for found in sides.values()}
        is_one_to_one = len(pairs) == len({pair[0] for pair in pairs}) == len({pair[1] for pair in pairs})
        is_read = all(value is not None for value in values) and not any(foreign)
        if is_one_to_one and is_read and len(pairs) >= MIN_CELLS:
            by_text = dict(zip(sides, values, strict=True))
            return {text: by_text.get(text) if value is None else value for text, value in readings.items()}
    return readings


def _sides_of_cell(text: str) -> tuple[str, str] | None:
    match = _SIDES.fullmatch(text)
    return (match[1], match[2]) if match and not re.search(r"\d", match[1] + match[2]) else None
