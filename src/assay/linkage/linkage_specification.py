"""Comparisons, blocking rules and thresholds of record linkage, with their reasons.

The specification is the file `data/linkage.toml`; this module parses and validates it, and `splink_compiler` translates
it into Splink settings.
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
SECTIONS = {
    "thresholds": "thresholds", "learning": "learning", "blocking": "blocking", "placeholders": "placeholders",
    "clustering": "together",
}  # fmt: skip
"""Fields of `LinkageSpecification`, each with the section of the file that holds it."""


@dataclass(frozen=True)
class ComparisonLevel:
    """One level of a comparison: label, condition, frequency column, and starting m and u probabilities.

    `m` and `u` are the probabilities (0 to 1) of this level among matching and non-matching pairs (Fellegi and Sunter
    1969); None for the level of missing values. If `cannot_link` is true, pairs at this level are never joined by match
    probability alone.
    """

    label: str
    condition: str
    frequency_column: str
    m: float | None
    u: float | None
    cannot_link: bool = False


@dataclass(frozen=True)
class Comparison:
    """A compared attribute, with its agreement levels (missing, then from the strongest down) and its reason."""

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
    clustering: Mapping[str, Any]
    reasons: Mapping[str, str]
    text: str

    @property
    def floor(self) -> float:
        """Match probability below which no pair is stored."""
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
    parts = {field: dict(data[section]) for field, section in SECTIONS.items()}
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
