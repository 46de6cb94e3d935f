"""Register of hypotheses: what may be wrong, which characteristic of a good response would be absent, whom to ask."""

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
    """One hypothesis on what may be wrong in a force.

    Parameters
    ----------
    failure_mode
        The failure mode that an inquiry named; '' if none did.
    characteristic
        The characteristic of a good response that would be absent.
    suggests
        The hypothesis as a sentence.
    respondent
        Whom to ask.
    ask
        What to ask them.
    documents
        The documents to request.
    """

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
    """Return the hypotheses under which one characteristic of a good response would be absent."""
    return tuple(hypothesis for hypothesis in hypotheses() if hypothesis.characteristic == key)


@lru_cache
def modes_by_characteristic() -> Mapping[str, tuple[str, ...]]:
    """Return, by key of each characteristic, the failure modes under which it would be absent and that may grade.

    One that was read only in a copy is still a hypothesis to ask about; its tests count in no grade.
    """
    found: dict[str, tuple[str, ...]] = {}
    for item in hypotheses():
        if item.failure_mode and failure_modes().get(item.failure_mode).grades:
            found[item.characteristic] = (*found.get(item.characteristic, ()), item.failure_mode)
    return found
