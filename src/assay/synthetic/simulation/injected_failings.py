"""Which failings can be planted, which measures would show each, and what is a measure's share judged against?

Read from `truths.toml`. A failing that no measure shows yet has a row all the same: it counts as not found.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from assay.errors import DefinitionError

DIRECTIONS = ("lower", "higher")
TOGETHER = "taken together"
"""In the place of a direction, where a force is called on a failure mode: its measures taken together, on its side."""


@dataclass(frozen=True)
class Failing:
    """What can be planted: `mode` is the commission's failure mode or ''; `shown_by` measure -> the direction in which
    it pushes a force; `moves` other measures that it pushes too; `in_texts` as `shown_by`, of what people confirm in
    texts once a sample of them is marked; `in_lessons` as `shown_by`, of what is said of claims and of practice."""

    key: str
    title: str
    mode: str
    shown_by: Mapping[str, str]
    moves: tuple[str, ...] = ()
    in_texts: Mapping[str, str] = field(default_factory=dict)
    in_lessons: Mapping[str, str] = field(default_factory=dict)

    def shows(self, measure: str, direction: str) -> bool:
        """Whether a force that is called so on this measure, or on its failure mode taken together, shows it."""
        ways = (self.shown_by, self.in_texts, self.in_lessons, {self.mode: TOGETHER})
        return direction in (one.get(measure) for one in ways)

    @property
    def name(self) -> str:
        """'F2 Exploitation flags missing', or the title alone."""
        return f"{self.mode} {self.title}".strip()


@dataclass(frozen=True)
class Measured:
    """What a measure's share is judged against: the planted `rate` that is exactly its estimand, or ''; `never`, a rate
    beside which it cannot pass; `standard`, the national share below which most forces fail; `why`."""

    key: str
    why: str
    rate: str = ""
    never: str = ""
    standard: float | None = None
    one_each: bool = False

    def truth(self, rates: Mapping[str, float]) -> float | None:
        """The true share of a force with these rates (0 to 1); None where no rate is the measure's estimand."""
        if not self.rate or self.rate not in rates:
            return None
        return min(rates[self.rate], 1 - rates[self.never] if self.never in rates else 1.0)


@lru_cache
def failings() -> Mapping[str, Failing]:
    """Every failing by key, in the order of the failure modes, others first."""
    return MappingProxyType({key: _failing(key, told) for key, told in _file()["failing"].items()})


@lru_cache
def measures() -> Mapping[str, Measured]:
    """Every measure by key."""
    return MappingProxyType({key: Measured(key, **told) for key, told in _file()["measure"].items()})


def _failing(key: str, told: Mapping[str, Any]) -> Failing:
    shown_by = dict(told["shown_by"])
    wrong = [name for name, way in shown_by.items() if name not in _file()["measure"] or way not in DIRECTIONS]
    if wrong:
        raise DefinitionError(
            f"truths.toml, {key}: {wrong[0]} is no measure there, or its direction is not lower or higher."
        )
    beside = {name: MappingProxyType(dict(told.get(name, {}))) for name in ("in_texts", "in_lessons")}
    wrong = [name for held in beside.values() for name, way in held.items() if way not in DIRECTIONS]
    if wrong:
        raise DefinitionError(f"truths.toml, {key}: the direction of {wrong[0]} is not lower or higher.")
    return Failing(key, told["title"], told["mode"], MappingProxyType(shown_by), tuple(told.get("moves", ())), **beside)


@lru_cache
def _file() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(files("assay.synthetic.simulation").joinpath("truths.toml").read_text(encoding="utf-8"))
