"""By which comparisons, keys and thresholds is it found out who is the same person, and why by these?

The form is `data/linkage.toml`, written to be read; here it becomes frozen values. What it means to Splink is worked
out in `compiled`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from assay.errors import DefinitionError

IN_A_MILLION = 1_000_000


@dataclass(frozen=True)
class Level:
    """One step of a comparison: what it says, when it fits, whose frequency counts, and where learning starts.

    `m` and `u`: the share (0 to 1) of pairs that are, or are not, one person for whom it fits; None for the level of
    what is missing. `apart`: whoever fits here is never made one person by likeness alone.
    """

    says: str
    when: str
    common: str
    m: float | None
    u: float | None
    apart: bool = False


@dataclass(frozen=True)
class Comparison:
    """What is compared, in levels read from the top, and why so."""

    of: str
    why: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class BlockingRule:
    """Pairs that have all these keys in common are compared."""

    says: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """Everything that linkage is run by."""

    comparisons: tuple[Comparison, ...]
    rules: tuple[BlockingRule, ...]
    thresholds: Mapping[str, float]
    learning: Mapping[str, Any]
    blocking: Mapping[str, Any]
    placeholders: Mapping[str, Any]
    together: Mapping[str, Any]
    whys: Mapping[str, str]
    text: str

    @property
    def floor(self) -> float:
        """The probability below which no pair is kept."""
        return self.thresholds["floor"]


@lru_cache
def form() -> Form:
    """The form that the project links by."""
    return read_form((files("assay.linkage") / "data" / "linkage.toml").read_text(encoding="utf-8"))


def form_of(path: Path) -> Form:
    """A form of one's own."""
    return read_form(path.read_text(encoding="utf-8"))


def read_form(text: str) -> Form:
    """A form from its text; DefinitionError where it cannot mean anything."""
    told = tomllib.loads(text)
    parts = {name: dict(told[name]) for name in ("thresholds", "learning", "blocking", "placeholders", "together")}
    whys = {name: part.pop("why") for name, part in parts.items()}
    comparisons = tuple(_comparison(one) for one in told["comparison"])
    rules = tuple(BlockingRule(one["says"], tuple(one["keys"])) for one in told["blocking_rule"])
    limits = parts["thresholds"]
    if not 0 < limits["floor"] <= limits["low"] <= limits["main"] <= limits["high"] < 1:
        raise DefinitionError("Thresholds lie between 0 and 1 in the order floor, low, main, high.")
    return Form(comparisons, rules, whys=whys, text=text, **parts)


def _comparison(told: Mapping[str, Any]) -> Comparison:
    levels = tuple(_level(one) for one in told["level"])
    *above, last = levels
    if last.when != "all else" or not above or above[0].m is not None:
        raise DefinitionError(f"{told['of']}: the first level is what is missing, and the last is 'all else'.")
    for share in ("m", "u"):
        total = sum(getattr(level, share) for level in levels[1:])
        if abs(total - 1) > 0.005:
            raise DefinitionError(f"{told['of']}: the {share} of its levels add up to {total:.3f}, not to 1.")
    return Comparison(told["of"], told["why"], levels)


def _level(told: Mapping[str, Any]) -> Level:
    shares = {name: told[name] / IN_A_MILLION if name in told else None for name in ("m", "u")}
    return Level(told["says"], told["when"], told.get("common", ""), **shares, apart=told.get("apart", False))
