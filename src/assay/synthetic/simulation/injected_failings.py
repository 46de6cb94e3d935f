"""The failings that can be injected, the measures that would show each, and the true value of each measure.

Read from `truths.toml`. A failing that no measure shows yet is included and counts as not found.
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
COMBINED_TEST = "taken together"
"""The direction of an alert on a failure mode (combined test of its measures)."""


@dataclass(frozen=True)
class InjectedFailing:
    """A failing that can be injected.

    `mode`: the commission's failure mode or ''; `shown_by`: measure -> direction of its effect; `moves`: other affected
    measures; `in_texts`: like `shown_by`, for measures from rated texts; `in_lessons`: like `shown_by`, for claims and
    changes of practice; `characteristic`: the characteristic of good that it denies, if it has no mode.
    """

    key: str
    title: str
    mode: str
    shown_by: Mapping[str, str]
    moves: tuple[str, ...] = ()
    in_texts: Mapping[str, str] = field(default_factory=dict)
    in_lessons: Mapping[str, str] = field(default_factory=dict)
    characteristic: str = ""

    def shows(self, measure: str, direction: str) -> bool:
        """Return True if an alert on this measure, or on the failure mode that it tests, would reveal the failing."""
        ways = (self.shown_by, self.in_texts, self.in_lessons, {self.mode: COMBINED_TEST})
        return direction in (direction_by_measure.get(measure) for direction_by_measure in ways)

    @property
    def name(self) -> str:
        """The mode and title, 'F2 Exploitation flags missing', or only the title."""
        return f"{self.mode} {self.title}".strip()


@dataclass(frozen=True)
class MeasureTruth:
    """The true value of a measure, computed from the rates of a force.

    `rate`: the injected rate that equals its estimand, or ''; `never`: a rate that makes the estimand unknown;
    `standard`: the national share below which most forces fail; `why`: the reason.
    """

    key: str
    why: str
    rate: str = ""
    never: str = ""
    standard: float | None = None
    one_each: bool = False

    def truth(self, rates: Mapping[str, float]) -> float | None:
        """Return the true share of a force with these rates (0 to 1); None if no rate determines the measure."""
        if not self.rate or self.rate not in rates:
            return None
        return min(rates[self.rate], 1 - rates[self.never] if self.never in rates else 1.0)


@lru_cache
def failings() -> Mapping[str, InjectedFailing]:
    """Return every failing by key, in the order of failure modes, others first."""
    return MappingProxyType({key: _failing(key, entry) for key, entry in _file()["failing"].items()})


@lru_cache
def measures() -> Mapping[str, MeasureTruth]:
    """Return every measure by key."""
    return MappingProxyType({key: MeasureTruth(key, **entry) for key, entry in _file()["measure"].items()})


def _failing(key: str, entry: Mapping[str, Any]) -> InjectedFailing:
    shown_by = dict(entry["shown_by"])
    wrong = [
        name for name, direction in shown_by.items() if name not in _file()["measure"] or direction not in DIRECTIONS
    ]
    if wrong:
        raise DefinitionError(
            f"truths.toml, {key}: {wrong[0]} is no measure there, or its direction is not lower or higher."
        )
    other_directions = {name: MappingProxyType(dict(entry.get(name, {}))) for name in ("in_texts", "in_lessons")}
    wrong = [
        name
        for directions in other_directions.values()
        for name, direction in directions.items()
        if direction not in DIRECTIONS
    ]
    if wrong:
        raise DefinitionError(f"truths.toml, {key}: the direction of {wrong[0]} is not lower or higher.")
    return InjectedFailing(
        key,
        entry["title"],
        entry["mode"],
        MappingProxyType(shown_by),
        tuple(entry.get("moves", ())),
        characteristic=entry.get("characteristic", ""),
        **other_directions,
    )


@lru_cache
def _file() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(files("assay.synthetic.simulation").joinpath("truths.toml").read_text(encoding="utf-8"))
