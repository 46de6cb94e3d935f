"""What do invented forces look like, and where was each figure read?

`calibration.toml` holds every figure that shapes the invented country: its value, the spread between forces (a
standard deviation on the logit scale), the failing that moves it and which way, its source, and how far the source may
be trusted (the grades of `commission`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

SERIOUS_POINTS, SERIOUS_DEVIATIONS, LEAST = 0.20, 4.0, 0.01
GRADES = ("seen", "seen-secondary", "recalled", "derived", "none")


@dataclass(frozen=True)
class Shape:
    """One figure of the country; where the failing `planted` is planted, it is worse: lower or higher."""

    key: str
    value: float
    source: str
    evidence: str
    spread: float = 0.0
    planted: str = ""
    worse: str = ""
    weight: float = 1.0
    note: str = ""

    def moved(self, strength: float) -> float:
        """Its value in a force in which the failing is planted at this strength.

        Strength 1 is the larger of 20 points and four standard deviations between forces, times `weight`: a failing
        that shows in several figures does not move each of them as far.
        """
        between_forces = self.spread * self.value * (1 - self.value)
        points = strength * self.weight * max(SERIOUS_POINTS, SERIOUS_DEVIATIONS * between_forces)
        return min(max(self.value + (points if self.worse == "higher" else -points), LEAST), 1 - LEAST)


@lru_cache(maxsize=1)
def shapes() -> dict[str, Shape]:
    """Every figure, by key."""
    return {key: Shape(key, **found) for key, found in _file()["figure"].items()}


@lru_cache(maxsize=1)
def mixes() -> dict[str, dict[str, float]]:
    """Every mix (shares by value), by key; a mix need not add up to one."""
    return {key: dict(found["shares"]) for key, found in _file()["mix"].items()}


def figure(key: str) -> float:
    """The country's value of one figure."""
    return shapes()[key].value


@lru_cache(maxsize=1)
def _file() -> dict[str, dict[str, dict[str, Any]]]:
    text = files("assay.synthetic").joinpath("calibration.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
