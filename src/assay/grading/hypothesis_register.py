"""Register of hypotheses: what may be wrong, which characteristic it denies, and whom to ask (`hypotheses.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assay.errors import DefinitionError
from assay.reference import characteristics, failure_modes


@dataclass(frozen=True)
class Hypothesis:
    """What may be wrong: the failure mode ('' if no inquiry named one), the characteristic denied, and whom to ask."""

    failure_mode: str
    characteristic: str
    suggests: str
    respondent: str
    ask: str
    documents: tuple[str, ...]


@lru_cache
def hypotheses() -> tuple[Hypothesis, ...]:
    """Return every hypothesis, in the order of the failure modes; raise DefinitionError if a failure mode has none."""
    document = tomllib.loads(files("assay.grading").joinpath("hypotheses.toml").read_text(encoding="utf-8"))
    result = tuple(Hypothesis(**{**item, "documents": tuple(item["documents"])}) for item in document["hypotheses"])
    for item in result:
        characteristics().get(item.characteristic)
    missing = {item.code for item in failure_modes()} - {item.failure_mode for item in result}
    missing |= set(characteristics().keys) - {item.characteristic for item in result}
    if missing:
        raise DefinitionError(f"hypotheses.toml has none of {', '.join(sorted(missing))}.")
    return result


def hypotheses_of(key: str) -> tuple[Hypothesis, ...]:
    """Return the hypotheses that deny one characteristic."""
    return tuple(hypothesis for hypothesis in hypotheses() if hypothesis.characteristic == key)


@lru_cache
def modes_by_characteristic() -> Mapping[str, tuple[str, ...]]:
    """Return the failure modes that deny each characteristic, by its key."""
    found: dict[str, tuple[str, ...]] = {}
    for item in hypotheses():
        if item.failure_mode:
            found[item.characteristic] = (*found.get(item.characteristic, ()), item.failure_mode)
    return found
