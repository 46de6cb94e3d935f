"""Read the known truth about the forces of an inspection from its folder.

`truth.toml`: the injected failings with forces and strengths, and the rates of each force. Only this package reads it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.engine.provenance.verification import TRUTH_FOLDER
from assay.errors import UsageError

FILE = "truth.toml"


@dataclass(frozen=True)
class Truth:
    """The known truth of a country.

    `injected`: failing -> force codes (failings that the world does not set are absent); `strength`: failing ->
    strength, where known; `rates`: by force.
    """

    seed: int
    world: str
    injected: Mapping[str, tuple[str, ...]]
    strength: Mapping[str, float]
    rates: Mapping[str, Mapping[str, float]]

    def forces_with_failing(self, failing: str) -> tuple[str, ...]:
        """Return the forces in which a failing was injected."""
        return self.injected.get(failing, ())

    def failings_of_force(self, force_code: str) -> tuple[str, ...]:
        """Return the failings injected into a force."""
        return tuple(failing for failing, codes in self.injected.items() if force_code in codes)


def find_truth(inspection: Path, path: Path | None = None) -> Truth:
    """Return the truth in the given folder, or in the inspection's folder; UsageError if there is none."""
    folder = truth_folder(inspection, path)
    if not (folder / FILE).is_file():
        raise UsageError(
            f"{folder} holds no {FILE}, the known truth of the forces, so the inspection cannot be scored. Name the "
            f"folder of the truth behind synthetic forces: assay synthetic score {inspection} --truth FOLDER"
        )
    return read_truth(folder / FILE)


def truth_folder(inspection: Path, path: Path | None = None) -> Path:
    """Return the folder with the known truth: the given folder, or else the inspection's own."""
    return path or inspection / TRUTH_FOLDER


def _constant_rates(force: Mapping[str, Any]) -> dict[str, float]:
    """Return the rates of a force that were constant: a rate that changed has no single true value."""
    turned = {turn["key"] for turn in force.get("turns", ())}
    return {key: rate for key, rate in force.get("rates", {}).items() if key not in turned}


def read_truth(path: Path) -> Truth:
    """Read the truth in a file; UsageError if it is invalid."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return Truth(
            seed=int(content["seed"]),
            world=str(content.get("world", "")),
            injected={key: tuple(codes) for key, codes in content["injected"].items()},
            strength={key: float(size) for key, size in content.get("strength", {}).items()},
            rates={code: _constant_rates(force) for code, force in content.get("forces", {}).items()},
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError):
        message = f"{path} cannot be read as the truth of synthetic forces. Make it again: assay synthetic generate"
        raise UsageError(message) from None
