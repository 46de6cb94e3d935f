"""What is true of the forces of an inspection, as the folder of the truth says it?

`truth.toml`: what was planted where, how strongly, and the rates of each force. Only this room reads it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.engine.provenance.verification import TRUTH
from assay.errors import UsageError

FILE = "truth.toml"


@dataclass(frozen=True)
class Truth:
    """`planted`: failing -> codes of the bodies (a failing of which the world says nothing is not in it); `strength`:
    failing -> strength, where it is told; `rates`: by body."""

    seed: int
    world: str
    planted: Mapping[str, tuple[str, ...]]
    strength: Mapping[str, float]
    rates: Mapping[str, Mapping[str, float]]

    def planted_in(self, failing: str) -> tuple[str, ...]:
        """The bodies in which a failing is planted."""
        return self.planted.get(failing, ())

    def of(self, body: str) -> tuple[str, ...]:
        """The failings planted in a body."""
        return tuple(failing for failing, codes in self.planted.items() if body in codes)


def truth_of(inspection: Path, given: Path | None = None) -> Truth:
    """The truth in the folder given, or beside the inspection's own rooms; UsageError if there is none."""
    folder = place_of_truth(inspection, given)
    if not (folder / FILE).is_file():
        raise UsageError(
            f"{folder} holds no {FILE}: nobody knows what is true of these forces, so nothing can be scored. Name the "
            f"folder of the truth behind invented forces: assay truths {inspection} --truth FOLDER"
        )
    return read_truth(folder / FILE)


def place_of_truth(inspection: Path, given: Path | None = None) -> Path:
    """The folder of the truth: the one given, or the inspection's own."""
    return given or inspection / TRUTH


def _steady(force: Mapping[str, Any]) -> dict[str, float]:
    """The rates of a force that held all the time: of one that turned on some day no single number is the truth."""
    turned = {turn["key"] for turn in force.get("turns", ())}
    return {key: rate for key, rate in force.get("rates", {}).items() if key not in turned}


def read_truth(path: Path) -> Truth:
    """The truth in a file; UsageError if it cannot be read as one."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        return Truth(
            seed=int(told["seed"]),
            world=str(told.get("world", "")),
            planted={key: tuple(codes) for key, codes in told["planted"].items()},
            strength={key: float(size) for key, size in told.get("strength", {}).items()},
            rates={code: _steady(force) for code, force in told.get("forces", {}).items()},
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError):
        said = f"{path} cannot be read as the truth of invented forces. Make it again: assay invent"
        raise UsageError(said) from None
