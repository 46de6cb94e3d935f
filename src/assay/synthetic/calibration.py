"""Calibration figures of synthetic forces, each with its source.

`calibration.toml` holds every parameter of the synthetic country: its value, the spread between forces (a standard
deviation on the logit scale), the failing that moves it and in which direction, its source, and the grade of
evidence.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

SERIOUS_POINTS, SERIOUS_DEVIATIONS, MIN_SHARE = 0.20, 4.0, 0.01
GRADES = ("seen", "seen-secondary", "recalled", "derived", "none")


@dataclass(frozen=True)
class CalibrationFigure:
    """A calibration figure of the synthetic country, and the failing that makes it worse."""

    key: str
    value: float
    source: str
    evidence: str
    spread: float = 0.0
    injected: str = ""
    worse: str = ""
    weight: float = 1.0
    note: str = ""

    def value_with_failing(self, strength: float) -> float:
        """Return the value in a force with the failing injected at this strength.

        Strength 1 is the larger of 20 points and four standard deviations between forces, times `weight`: a failing
        that affects several figures moves each of them less.
        """
        between_forces = self.spread * self.value * (1 - self.value)
        points = strength * self.weight * max(SERIOUS_POINTS, SERIOUS_DEVIATIONS * between_forces)
        return min(max(self.value + (points if self.worse == "higher" else -points), MIN_SHARE), 1 - MIN_SHARE)


@lru_cache(maxsize=1)
def calibration_figures() -> dict[str, CalibrationFigure]:
    """Return every calibration figure, by key."""
    return {key: CalibrationFigure(key, **found) for key, found in _file()["figure"].items()}


@lru_cache(maxsize=1)
def mixes() -> dict[str, dict[str, float]]:
    """Return every mix (shares by value), by key; the shares of a mix need not add up to one."""
    return {key: dict(found["shares"]) for key, found in _file()["mix"].items()}


def figure_value(key: str) -> float:
    """Return the value of one calibration figure in the country."""
    return calibration_figures()[key].value


@lru_cache(maxsize=1)
def _file() -> dict[str, dict[str, dict[str, Any]]]:
    text = files("assay.synthetic").joinpath("calibration.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
