"""Which themes of voices and which questions of a survey speak to which characteristic of good?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assay.reference import characteristics


@dataclass(frozen=True)
class Tie:
    """What speaks to one characteristic: themes for and against it, questions to staff and to partners."""

    said_for: tuple[str, ...] = ()
    said_against: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ties:
    """Every tie by characteristic; the options of a survey that are wanted."""

    of: Mapping[str, Tie]
    wanted: frozenset[str]


@lru_cache
def ties() -> Ties:
    """The ties as the file has them; DefinitionError for one of an unknown characteristic."""
    told = tomllib.loads(files("assay.grading").joinpath("ties.toml").read_text(encoding="utf-8"))
    of = {key: Tie(**{k: tuple(v) for k, v in one.items()}) for key, one in told.items() if isinstance(one, dict)}
    for key in of:
        characteristics().get(key)
    every = {one.key: of.get(one.key, Tie()) for one in characteristics()}
    return Ties(every, frozenset(told["wanted_options"]))
