"""A grammar for synthetic sentences, read from lists of words.

The files in `words/` hold lists. A list is a slot: `{adult}` in a sentence is replaced by one line of the list `adult`,
which may contain slots. A slot name is resolved in its own table, then at the top level of a file, then anywhere in its
own file. The files give four grammars: the child of a note is 'she' or 'he', and an attitude is worded in stock phrases
or in paraphrase.
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

from assay.synthetic.random_stream import RandomStream

FILES = ("common", "entries", "attitudes", "forms", "welsh", "typing", "summaries", "fixed")
CHILD = {
    "she": {"she": "she", "her": "her", "him": "her", "herself": "herself", "girl": "girl"},
    "he": {"she": "he", "her": "his", "him": "him", "herself": "himself", "girl": "boy"},
}
WORDINGS = ("stock", "paraphrase")
DAY_AND_NIGHT = (*range(1, 24 * 60), *range(8 * 60, 21 * 60), *range(8 * 60, 18 * 60))  # more notes by day
GENERATED_SLOTS = {
    "clock": tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in DAY_AND_NIGHT),
    "days": ("2", "3", "4", "5", "6", "7", "8", "10", "12", "14", "21", "28"),
    "key": tuple(f"K{number:03d}" for number in range(1, 61)),
}


class Slot:
    """A slot (placeholder) of the grammar with its variants, each a text or a sequence of texts and slots."""

    __slots__ = ("variants",)

    def __init__(self, variants: Sequence[str | tuple[str | Slot, ...]] = ()) -> None:
        self.variants = variants

    def say(self, stream: RandomStream) -> str:
        """Sample a text of the slot; each variant has equal probability."""
        return _expand(stream.pick(self.variants), stream)

    def sample(self, number: int, stream: RandomStream) -> list[str]:
        """Return `number` variants; none is repeated before all were sampled."""
        texts: list[str] = []
        while len(texts) < number:
            texts += [_expand(variant, stream) for variant in stream.sample(self.variants, number - len(texts))]
        return texts

    def number(self) -> int:
        """Return the number of different texts that the slot can produce."""
        return sum(
            1 if isinstance(variant, str) else math.prod(_number(piece) for piece in variant)
            for variant in self.variants
        )

    def all_texts(self) -> Iterator[list[str]]:
        """Return, for each variant of the slot, all texts that it can produce."""
        for variant in self.variants:
            yield [variant] if isinstance(variant, str) else ["".join(run) for run in product(*map(_texts, variant))]


def _expand(variant: str | tuple[str | Slot, ...], stream: RandomStream) -> str:
    if isinstance(variant, str):
        return variant
    return "".join([piece if isinstance(piece, str) else piece.say(stream) for piece in variant])


def _number(piece: str | Slot) -> int:
    return 1 if isinstance(piece, str) else piece.number()


def _texts(piece: str | Slot) -> list[str]:
    return [piece] if isinstance(piece, str) else [text for texts in piece.all_texts() for text in texts]


Grammar = dict[str, Slot]


@cache
def grammar(child: str = "she", wording: str = "stock") -> Grammar:
    """Return every slot by name ('log.first'), for one pronoun of the child and one wording of attitudes."""
    slots = {name: Slot(texts) for name, texts in GENERATED_SLOTS.items()}
    scopes = _scopes()
    slots |= {name: Slot() for names in scopes.values() for name in names}
    for file, lists in scopes.items():
        for name, lines in lists.items():
            table = name.rpartition(".")[0]
            found = {
                slot: slots[_slot_name(slot, table, file, wording, slots)] for line in lines for slot in _slots(line)
            }
            slots[name].variants = tuple(_compiled(line, CHILD[child], found) for line in lines)
    return slots


def _slot_name(slot: str, table: str, file: str, wording: str, slots: Grammar) -> str:
    """Resolve the full name of a slot that is used in a table of a file."""
    if slot in ("clause", "own_clause"):
        return f"blame.{slot.removesuffix('clause')}{wording}"
    for home in (f"{table}.{slot}", slot):
        if home in slots:
            return home
    return next(name for name in _scopes()[file] if name.endswith(f".{slot}"))


def _slots(line: str) -> list[str]:
    return [slot for slot in re.findall(r"\{(\w+)\}", line) if slot not in CHILD["she"]]


def _compiled(line: str, child: dict[str, str], found: Grammar) -> str | tuple[str | Slot, ...]:
    line = re.sub(r"\{(\w+)\}", lambda slot: child.get(slot[1], slot[0]), line)
    pieces = [found[piece] if place % 2 else piece for place, piece in enumerate(re.split(r"\{(\w+)\}", line))]
    return line if len(pieces) == 1 else tuple(piece for piece in pieces if piece != "")


@lru_cache(maxsize=1)
def _scopes() -> dict[str, dict[str, list[str]]]:
    """Return the lists of each file; lists in a table have its name as prefix, as in 'log.first'."""
    return {file: dict(_lists(grammar_file(file), "")) for file in FILES}


def _lists(found: dict[str, Any], table: str) -> Iterator[tuple[str, list[str]]]:
    for name, value in found.items():
        if isinstance(value, list):
            yield f"{table}{name}", value
        elif isinstance(value, dict) and name != "short":
            yield from _lists(value, f"{name}.")


@lru_cache(maxsize=16)
def grammar_file(file: str) -> dict[str, Any]:
    """Return one file of the grammar."""
    text = files("assay.synthetic.notes").joinpath(f"words/{file}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def random_phrase(name: str, stream: RandomStream) -> str:
    """Return a random text of a slot, with capitals at the start of its sentences."""
    return sentence(grammar()[name].say(stream))


def sentence(text: str) -> str:
    """Return the text with a capital at the start of each sentence."""
    if ". " in text:
        text = ". ".join([part[:1].upper() + part[1:] for part in text.split(". ")])
    start = 1 if text[:1] == '"' else 0
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]


def word_list(text: str) -> list[str]:
    """Return the words of a text in lower case, with straight apostrophes."""
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text.lower().replace("’", "'"))


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """Return every word that a synthetic text may contain."""
    lines = [line for lists in _scopes().values() for list_lines in lists.values() for line in list_lines]
    lines += [short for pair in grammar_file("typing")["short"].items() for short in pair]
    lines += [" ".join(forms.values()) for forms in CHILD.values()]
    lines += [text for texts in GENERATED_SLOTS.values() for text in texts]
    return frozenset(word for line in lines for word in word_list(re.sub(r"\{\w+\}", " ", line)))
