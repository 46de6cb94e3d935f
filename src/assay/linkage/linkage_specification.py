"""Comparisons, blocking rules and thresholds of record linkage, with their reasons.

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
class ComparisonLevel:
    """One level of a comparison: label, condition, frequency column, and starting m and u probabilities.

    `m` and `u`: the share (0 to 1) of pairs that are, or are not, one person for whom it fits; None for the level of
    what is missing. `cannot_link`: whoever fits here is never made one person by likeness alone.
    """

    label: str
    condition: str
    frequency_column: str
    m: float | None
    u: float | None
    cannot_link: bool = False


@dataclass(frozen=True)
class Comparison:
    """One compared characteristic, with its levels from the top and the reason for it."""

    name: str
    reason: str
    levels: tuple[ComparisonLevel, ...]


@dataclass(frozen=True)
class BlockingRule:
    """Blocking rule: pairs that agree on all these keys are compared."""

    label: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class LinkageSpecification:
    """All parameters of record linkage."""

    comparisons: tuple[Comparison, ...]
    blocking_rules: tuple[BlockingRule, ...]
    thresholds: Mapping[str, float]
    learning: Mapping[str, Any]
    blocking: Mapping[str, Any]
    placeholders: Mapping[str, Any]
    together: Mapping[str, Any]
    reasons: Mapping[str, str]
    text: str

    @property
    def floor(self) -> float:
        """The probability below which no pair is kept."""
        return self.thresholds["floor"]


@lru_cache
def default_specification() -> LinkageSpecification:
    """Return the default linkage specification (`data/linkage.toml`)."""
    return parse_specification((files("assay.linkage") / "data" / "linkage.toml").read_text(encoding="utf-8"))


def read_specification(path: Path) -> LinkageSpecification:
    """Read a linkage specification from a file."""
    return parse_specification(path.read_text(encoding="utf-8"))


def parse_specification(text: str) -> LinkageSpecification:
    """Parse a linkage specification; DefinitionError if it is invalid."""
    data = tomllib.loads(text)
    parts = {name: dict(data[name]) for name in ("thresholds", "learning", "blocking", "placeholders", "together")}
    reasons = {name: part.pop("why") for name, part in parts.items()}
    comparisons = tuple(_comparison(item) for item in data["comparison"])
    rules = tuple(BlockingRule(item["says"], tuple(item["keys"])) for item in data["blocking_rule"])
    limits = parts["thresholds"]
    if not 0 < limits["floor"] <= limits["low"] <= limits["main"] <= limits["high"] < 1:
        raise DefinitionError("Thresholds lie between 0 and 1 in the order floor, low, main, high.")
    return LinkageSpecification(comparisons, rules, reasons=reasons, text=text, **parts)


def _comparison(data: Mapping[str, Any]) -> Comparison:
    levels = tuple(_level(item) for item in data["level"])
    *other_levels, last = levels
    if last.condition != "all else" or not other_levels or other_levels[0].m is not None:
        raise DefinitionError(f"{data['of']}: the first level is what is missing, and the last is 'all else'.")
    for share in ("m", "u"):
        total = sum(getattr(level, share) for level in levels[1:])
        if abs(total - 1) > 0.005:
            raise DefinitionError(f"{data['of']}: the {share} of its levels add up to {total:.3f}, not to 1.")
    return Comparison(data["of"], data["why"], levels)


def _level(data: Mapping[str, Any]) -> ComparisonLevel:
    probabilities = {name: data[name] / IN_A_MILLION if name in data else None for name in ("m", "u")}
    return ComparisonLevel(
        data["says"], data["when"], data.get("common", ""), **probabilities, cannot_link=data.get("apart", False)
    )
