"""Which question of the inspection reads which tables, columns and kinds of event of a return?

A need is written as "table", "table.column" or "events.kind"; of needs with a bar between them one is enough.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from assay import reference
from assay.contract.table_spec import event_kinds, table
from assay.errors import DefinitionError

EITHER = "|"
FILE = "questions.toml"


@dataclass(frozen=True)
class Reads:
    """What one question reads: `needs` it cannot do without, `also` it is asked in part without.

    `audited`: it is asked of case files too, whose answers stand in `marks`.
    """

    question: str
    needs: tuple[str, ...]
    also: tuple[str, ...]
    audited: bool

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it reads, marks left out."""
        atoms = (atom for need in (*self.needs, *self.also) for atom in need.split(EITHER))
        return tuple(dict.fromkeys(atom.partition(".")[0] for atom in atoms))


@lru_cache
def questions_read() -> Mapping[str, Reads]:
    """What each question reads, Q1 to Q50; refuses a question, table, column or kind that nobody knows."""
    told = tomllib.loads(files("assay.contract").joinpath(FILE).read_text(encoding="utf-8"))
    asked = {one.number: one for one in reference.questions()}
    unknown = sorted(set(told) - set(asked))
    if unknown:
        raise DefinitionError(f"{FILE}: the inspection asks no question {', '.join(unknown)}.")
    return MappingProxyType({key: _reads(key, told.get(key, {}), one.modes) for key, one in asked.items()})


def is_kind(need: str) -> bool:
    """Whether a need is a kind of event that is sent in `events`."""
    name, _, kind = need.partition(".")
    return name == "events" and kind in _sent_kinds()


@lru_cache
def _sent_kinds() -> tuple[str, ...]:
    return tuple(key for key, one in event_kinds().items() if one.sent_in_events)


def _reads(key: str, told: Mapping[str, list[str]], modes: tuple[str, ...]) -> Reads:
    if not set(told) <= {"needs", "also"}:
        raise DefinitionError(f"{FILE}, {key}: write needs and also, and nothing else.")
    needs = tuple(need for words in told.get("needs", ()) for need in _needs(key, words))
    also = tuple(need for words in told.get("also", ()) for need in _needs(key, words))
    return Reads(key, needs, tuple(dict.fromkeys(also)), "case audit" in modes)


def _needs(key: str, words: str) -> Iterator[str]:
    """'crimes: closed_at outcome_code' as two needs; 'registers | assessments: band' as one."""
    parts = [tuple(_atoms(key, part.strip())) for part in words.split(EITHER)]
    if len(parts) == 1:
        yield from parts[0]
    elif any(len(part) != 1 for part in parts):
        raise DefinitionError(f"{FILE}, {key}: on each side of a bar stands one thing alone.")
    else:
        yield EITHER.join(part[0] for part in parts)


def _atoms(key: str, words: str) -> Iterator[str]:
    name, _, columns = words.partition(":")
    known = {*table(name.strip()).names, *(_sent_kinds() if name == "events" else ())}
    if not columns:
        yield name
    for wanted in columns.split():
        found = [f"{name}.{one}" for one in sorted(known) if fnmatchcase(one, wanted)]
        if not found:
            raise DefinitionError(f"{FILE}, {key}: {name} has no column and no kind of event {wanted}.")
        yield from found
