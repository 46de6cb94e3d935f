"""Which sentences may an invented text hold, and in how many ways can each be said?

The files in `words/` hold lists. A list is a slot: `{adult}` in a sentence becomes one line of the list `adult`, which
may hold slots itself. A slot is looked for in its own table, then at the top of a file, then anywhere in its own file.
Four grammars are made of the same files: the child of a note is 'she' or 'he', and an attitude is worded in stock
phrases or in paraphrase.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import Any

from assay.synthetic.random_stream import Chance

FILES = ("common", "entries", "attitudes", "forms", "welsh", "typing", "summaries", "fixed")
CHILD = {
    "she": {"she": "she", "her": "her", "him": "her", "herself": "herself", "girl": "girl"},
    "he": {"she": "he", "her": "his", "him": "him", "herself": "himself", "girl": "boy"},
}
WORDINGS = ("stock", "paraphrase")
DAY_AND_NIGHT = (*range(1, 24 * 60), *range(8 * 60, 21 * 60), *range(8 * 60, 18 * 60))  # more notes by day
MADE_HERE = {
    "clock": tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in DAY_AND_NIGHT),
    "days": ("2", "3", "4", "5", "6", "7", "8", "10", "12", "14", "21", "28"),
    "key": tuple(f"K{number:03d}" for number in range(1, 61)),
}


class Ways:
    """One slot: the ways in which it can be said, each a text or a run of texts and further slots."""

    __slots__ = ("ways",)

    def __init__(self, ways: Sequence[str | tuple[str | Ways, ...]] = ()) -> None:
        self.ways = ways

    def say(self, chance: Chance) -> str:
        """One of the ways, each as likely."""
        return _said(chance.pick(self.ways), chance)

    def some(self, number: int, chance: Chance) -> list[str]:
        """So many of the ways; none a second time before all were drawn."""
        said: list[str] = []
        while len(said) < number:
            said += [_said(way, chance) for way in chance.some(self.ways, number - len(said))]
        return said

    def number(self) -> int:
        """In how many ways the slot can be said."""
        return sum(1 if isinstance(way, str) else math.prod(_number(piece) for piece in way) for way in self.ways)

    def every(self) -> Iterator[list[str]]:
        """For each way of the slot, everything that it can become."""
        for way in self.ways:
            yield [way] if isinstance(way, str) else ["".join(run) for run in product(*map(_texts, way))]


def _said(way: str | tuple[str | Ways, ...], chance: Chance) -> str:
    if isinstance(way, str):
        return way
    return "".join([piece if isinstance(piece, str) else piece.say(chance) for piece in way])


def _number(piece: str | Ways) -> int:
    return 1 if isinstance(piece, str) else piece.number()


def _texts(piece: str | Ways) -> list[str]:
    return [piece] if isinstance(piece, str) else [text for texts in piece.every() for text in texts]


Grammar = dict[str, Ways]


@cache
def grammar(child: str = "she", wording: str = "stock") -> Grammar:
    """Every slot by its name ('log.first'), for a child of that pronoun and an attitude in that wording."""
    made = {name: Ways(texts) for name, texts in MADE_HERE.items()}
    scopes = _scopes()
    made |= {name: Ways() for names in scopes.values() for name in names}
    for file, lists in scopes.items():
        for name, lines in lists.items():
            table = name.rpartition(".")[0]
            found = {slot: made[_home(slot, table, file, wording, made)] for line in lines for slot in _slots(line)}
            made[name].ways = tuple(_compiled(line, CHILD[child], found) for line in lines)
    return made


def _home(slot: str, table: str, file: str, wording: str, made: Grammar) -> str:
    """Under which name the slot stands that is written in a table of a file."""
    if slot in ("clause", "own_clause"):
        return f"blame.{slot.removesuffix('clause')}{wording}"
    for home in (f"{table}.{slot}", slot):
        if home in made:
            return home
    return next(name for name in _scopes()[file] if name.endswith(f".{slot}"))


def _slots(line: str) -> list[str]:
    return [slot for slot in re.findall(r"\{(\w+)\}", line) if slot not in CHILD["she"]]


def _compiled(line: str, child: dict[str, str], found: Grammar) -> str | tuple[str | Ways, ...]:
    line = re.sub(r"\{(\w+)\}", lambda slot: child.get(slot[1], slot[0]), line)
    pieces = [found[piece] if place % 2 else piece for place, piece in enumerate(re.split(r"\{(\w+)\}", line))]
    return line if len(pieces) == 1 else tuple(piece for piece in pieces if piece != "")


@lru_cache(maxsize=1)
def _scopes() -> dict[str, dict[str, list[str]]]:
    """The lists of each file: those of a table bear its name, as in 'log.first'."""
    return {file: dict(_lists(words(file), "")) for file in FILES}


def _lists(found: dict[str, Any], table: str) -> Iterator[tuple[str, list[str]]]:
    for name, value in found.items():
        if isinstance(value, list):
            yield f"{table}{name}", value
        elif isinstance(value, dict) and name != "short":
            yield from _lists(value, f"{name}.")


@lru_cache(maxsize=16)
def words(file: str) -> dict[str, Any]:
    """One file of the grammar, as it stands."""
    text = files("assay.synthetic.notes").joinpath(f"words/{file}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def phrase(name: str, chance: Chance) -> str:
    """One text of a slot, with capitals at the start of its sentences."""
    return sentence(grammar()[name].say(chance))


def sentence(text: str) -> str:
    """The same words with a capital at the start of each sentence."""
    if ". " in text:
        text = ". ".join([part[:1].upper() + part[1:] for part in text.split(". ")])
    start = 1 if text[:1] == '"' else 0
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]


def word_list(text: str) -> list[str]:
    """The words of a text in small letters, with straight apostrophes."""
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text.lower().replace("’", "'"))


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """Every word that an invented text may hold."""
    lines = [line for lists in _scopes().values() for many in lists.values() for line in many]
    lines += [short for pair in words("typing")["short"].items() for short in pair]
    lines += [" ".join(forms.values()) for forms in CHILD.values()]
    lines += [text for texts in MADE_HERE.values() for text in texts]
    return frozenset(word for line in lines for word in word_list(re.sub(r"\{\w+\}", " ", line)))
