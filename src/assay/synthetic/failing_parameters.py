"""The failings that can be injected into a synthetic force.

`failings.toml` names each failing, its failure mode, and a description. Its effects on the rates are in
`calibration.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True)
class Failing:
    """One failing that can be injected; `mode` is its failure mode (F1 to F19) or empty."""

    key: str
    mode: str
    description: str


@lru_cache(maxsize=1)
def failings() -> dict[str, Failing]:
    """Return every failing, by key."""
    text = files("assay.synthetic").joinpath("failings.toml").read_text(encoding="utf-8")
    return {key: Failing(key, **entry) for key, entry in tomllib.loads(text).items()}
