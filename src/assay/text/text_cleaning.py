"""Remove markup and control characters from a text, with the position of each character in the original.

A record system may export notes with HTML tags, entities or control characters. These are removed before analysis, and
every remaining character keeps its position in the original text.
"""

from __future__ import annotations

import html
import re

from assay.text.normalisation import Folded, fold, plain

TAG = re.compile(
    r"</?(?:a|b|body|br|div|em|font|h[1-6]|head|hr|html|i|li|ol|p|pre|span|strong|style|table|tbody|td|th|thead|tr|u|ul)"
    r"\b[^<>]{0,2000}>|<!--.{0,2000}?-->|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});",
    re.IGNORECASE | re.DOTALL,
)
BLOCK_TAG = re.compile(r"</?(?:br|div|h[1-6]|hr|li|ol|p|pre|table|td|th|tr|ul)\b", re.IGNORECASE)
CONTROL_CHARACTERS = {
    number: " " for number in range(160) if (number < 32 and chr(number) not in "\t\n\v\f\r") or number >= 127
}
CONTROL = re.compile(f"[{''.join(re.escape(chr(number)) for number in CONTROL_CHARACTERS)}]")


def clean_with_positions(text: str) -> Folded:
    """Return a normalised text without tags, entities and control characters, with positions in the original."""
    if CONTROL.search(text):
        text = text.translate(CONTROL_CHARACTERS)
    if "<" not in text and "&" not in text:
        return fold(text)
    letters, places = _without_tags(text)
    folded = fold("".join(letters))
    spans = (folded.original(place, place + 1) for place in range(len(folded.text)))
    return Folded(folded.text, tuple((places[start][0], places[end - 1][1]) for start, end in spans))


def clean_text(text: str) -> str:
    """Return the same text as `clean_with_positions` without positions, which is much faster."""
    if CONTROL.search(text):
        text = text.translate(CONTROL_CHARACTERS)
    return plain(text) if "<" not in text and "&" not in text else clean_with_positions(text).text


def remove_tags(text: str) -> str:
    """Return a text without tags and entities; all else, such as capital letters, stays as it is."""
    return text if "<" not in text and "&" not in text else "".join(_without_tags(text)[0])


def _without_tags(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the characters without tags, each with its position."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    after = 0
    for tag in TAG.finditer(text):
        letters += text[after : tag.start()]
        places += [(place, place + 1) for place in range(after, tag.start())]
        tag_text = _tag_text(tag[0])
        letters += tag_text
        places += [tag.span()] * len(tag_text)
        after = tag.end()
    letters += text[after:]
    places += [(place, place + 1) for place in range(after, len(text))]
    return letters, places


def _tag_text(tag: str) -> str:
    """Return the replacement of a tag or an entity: a line end, a character, or nothing."""
    if tag.startswith("&"):
        return html.unescape(tag).translate(CONTROL_CHARACTERS)
    return "\n" if BLOCK_TAG.match(tag) else ""
