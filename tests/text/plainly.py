"""A slow and simple reference search: every form at every position, with its context."""

from __future__ import annotations

from assay.text import fold

BLANKS = " \t\n\v\f\r"


def found(text, phrases):
    """(key, start, end) of every phrase in one text, in characters of the text as it stands."""
    folded = fold(text)
    places = {
        (*folded.original(start, end), key)
        for key, forms in phrases.items()
        for form in forms
        for start in range(len(folded.text))
        if (end := end_of(fold(form).text.split(), folded.text, start)) and is_excluded(folded.text, start, end)
    }
    return [(key, start, end) for start, end, key in sorted(places)]


def end_of(words, text, start):
    """Where a form that begins at `start` ends; None if it does not stand there."""
    place = start
    for number, word in enumerate(words):
        if number:
            after = place
            while after < len(text) and text[after] in BLANKS:
                after += 1
            if after == place:
                return None
            place = after
        if text[place : place + len(word)] != word:
            return None
        place += len(word)
    return place


def is_excluded(text, start, end):
    """Whether no word goes on to the left or to the right."""
    return not (start and is_word_sign(text[start - 1])) and not (end < len(text) and is_word_sign(text[end]))


def is_word_sign(sign):
    return sign.isalnum() or sign == "_"
