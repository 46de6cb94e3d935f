"""How does an author type, and what has gone wrong with a text by the time it is sent?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assay.errors import UsageError
from assay.synthetic.notes.note_grammar import grammar, words
from assay.synthetic.random_stream import Chance


@dataclass(frozen=True)
class Habits:
    """How one author types. `wrap`: characters a line, 0 for none; `wordy` multiplies the number of sentences."""

    capitals: bool = False
    full_stops: bool = True
    bullet: str = ""
    wrap: int = 0
    curly: bool = False
    short: bool = False
    opening: float = 0.0
    ending: float = 0.0
    wordy: float = 1.0


def habits(chance: Chance) -> Habits:
    """The habits of one author; how many have each is our own proposal."""
    return Habits(
        capitals=chance.happens(0.03),
        full_stops=not chance.happens(0.12),
        bullet=grammar()["marks.bullets"].say(chance) if chance.happens(0.1) else "",
        wrap=chance.whole(58, 80) if chance.happens(0.08) else 0,
        curly=chance.happens(0.25),
        short=chance.happens(0.25),
        opening=0.9 if chance.happens(0.3) else 0.05,
        ending=0.8 if chance.happens(0.15) else 0.02,
        wordy=chance.between(0.5, 1.6),
    )


@dataclass(frozen=True)
class Blemishes:
    """The share of notes that is withheld, an image, empty, or spoilt in one of these ways; at most one to a note.

    `welsh` is the share with a sentence in Welsh. Control characters are off by default: planted faults count them.
    """

    withheld: float = 0.02
    image: float = 0.004
    empty: float = 0.003
    control: float = 0.0
    remnants: float = 0.004
    capitals: float = 0.005
    very_long: float = 0.0005
    welsh: float = 0.0

    def __post_init__(self) -> None:
        shares = tuple(vars(self).values())
        if min(shares) < 0 or sum(shares) > 1:
            raise UsageError("Shares of blemishes are not negative and add up to at most 1.")

    def draw(self, chance: Chance) -> str:
        """The blemish of one note, empty for most."""
        left = chance.between(0, 1)
        for name, share in self.__dict__.items():
            left -= share
            if left < 0:
                return str(name)
        return ""


def typed(sentences: Sequence[str], by: Habits, blemish: str, chance: Chance, clock: str = "") -> str:
    """The sentences of one note as the author would type them at that time, blemish and all."""
    text = _joined(sentences, by, clock, chance)
    if by.short:
        text = _shortened(text)
    if by.curly:
        text = re.sub(r'"([^"]*)"', r"“\1”", text).replace("'", "’")
    if by.wrap and "\n" not in text:
        text = _wrapped(text, by.wrap)
    if by.capitals or blemish == "capitals":
        text = text.upper()
    return _spoilt(text, blemish, chance)


def _joined(sentences: Sequence[str], by: Habits, clock: str, chance: Chance) -> str:
    if not by.full_stops:
        sentences = [text.removesuffix(".") for text in sentences]
    many = len(sentences) > 1
    opening = chance.pick(_OPENINGS).format(clock=clock) if clock and chance.happens(by.opening) else ""
    if by.bullet and many:
        text = "\n".join([opening.rstrip(), *(by.bullet + text for text in sentences)]).lstrip("\n")
    else:
        text = opening + ((" " if by.full_stops else "\n") if many else "").join(sentences)
    return text + grammar()["marks.endings"].say(chance) if chance.happens(by.ending) else text


_SHORT = tuple(words("typing")["short"].items())
_OPENINGS = tuple(words("typing")["marks"]["openings"])


def _shortened(text: str) -> str:
    for long, short in _SHORT:
        text = text.replace(long, short)
    return text


def _wrapped(text: str, width: int) -> str:
    """The same words in lines of at most so many characters."""
    lines: list[str] = []
    used = 0
    for word in text.split(" "):
        if lines and used + 1 + len(word) <= width:
            lines[-1] += " " + word
            used += 1 + len(word)
        else:
            lines.append(word)
            used = len(word)
    return "\n".join(lines)


def _spoilt(text: str, blemish: str, chance: Chance) -> str:
    if blemish == "control":
        return text.replace(" ", " " + grammar()["marks.control"].say(chance), 1)
    if blemish == "remnants":
        one, two = (grammar()["marks.remnants"].say(chance) for _ in range(2))
        return f"{one}{text.replace('. ', f'. {two} ')}"
    return text
