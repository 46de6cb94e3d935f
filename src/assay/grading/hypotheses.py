"""What may be wrong in a force, what speaks for that and what against, and whom would one ask?

A hypothesis is raised by rule: where a strand disagrees that a characteristic is there, where the records say
otherwise than the force claims, or where by all measures that would show its failure mode the force lies out on its
side. It is a question to take along, and no finding.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assay.errors import DefinitionError
from assay.grading.claim_comparison import CONTRADICTED, Claim
from assay.grading.triangulation import Triangulated
from assay.indicators.evidence_strands import AGREE, DISAGREE
from assay.reference import characteristics, failure_modes

MOST_EACH = 3
"""Sentences of one strand that are said; the page of the strands has all."""

TOGETHER = (
    "Records: by all measures that would show {mode} this force lies out on its side. Of all that are named so "
    "about one in twenty is expected to be by chance."
)


@dataclass(frozen=True)
class Hypothesis:
    """What may be wrong: of which failure mode ('' where the inquiry named none), which characteristic it denies, and
    who would know."""

    failure_mode: str
    characteristic: str
    suggests: str
    whom: str
    ask: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Raised:
    """Hypotheses of one characteristic that something speaks for: the evidence for them and against them."""

    of: Triangulated
    hypotheses: tuple[Hypothesis, ...]
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]


@lru_cache
def hypotheses() -> tuple[Hypothesis, ...]:
    """Every hypothesis, in the order of the failure modes; DefinitionError where a failure mode has none."""
    told = tomllib.loads(files("assay.grading").joinpath("hypotheses.toml").read_text(encoding="utf-8"))
    found = tuple(Hypothesis(**{**one, "documents": tuple(one["documents"])}) for one in told["hypotheses"])
    for one in found:
        characteristics().get(one.characteristic)
    lacking = {one.code for one in failure_modes()} - {one.failure_mode for one in found}
    lacking |= set(characteristics().keys) - {one.characteristic for one in found}
    if lacking:
        raise DefinitionError(f"hypotheses.toml has none of {', '.join(sorted(lacking))}.")
    return found


def of_characteristic(key: str) -> tuple[Hypothesis, ...]:
    """The hypotheses that deny one characteristic."""
    return tuple(one for one in hypotheses() if one.characteristic == key)


def raised(made: Sequence[Triangulated], claims: Sequence[Claim], named: Collection[str] = ()) -> list[Raised]:
    """The hypotheses that something speaks for; where most strands do first, then in the commission's order.

    `named`: the failure modes on whose side the force lies out, by all measures that would show them. Where nothing
    else speaks, only the hypotheses of these are raised.
    """
    found = [one for one in (_raised(each, claims, named) for each in made) if one.speaks_for]
    return sorted(found, key=lambda one: -len({s.kind for s in one.of.strands if s.verdict == DISAGREE}))


def _raised(one: Triangulated, claims: Sequence[Claim], named: Collection[str]) -> Raised:
    mine = [claim for claim in claims if one.characteristic.key in claim.about]
    said = tuple(f"Claim: {claim.says} {claim.beside}" for claim in mine if claim.stands == CONTRADICTED)
    every = of_characteristic(one.characteristic.key)
    of_modes = tuple(each for each in every if each.failure_mode in named)
    spoken = (*sentences(one, DISAGREE), *said)
    together = tuple(TOGETHER.format(mode=mode) for mode in dict.fromkeys(each.failure_mode for each in of_modes))
    return Raised(one, every if spoken else of_modes, (*spoken, *together), sentences(one, AGREE))


def sentences(one: Triangulated, verdict: str) -> tuple[str, ...]:
    """What the strands of one verdict say, each with its name."""
    return tuple(
        f"{strand.name}: {' '.join(strand.telling[:MOST_EACH])}{_rest(len(strand.telling) - MOST_EACH)}"
        for strand in one.strands
        if strand.verdict == verdict
    )


def _rest(more: int) -> str:
    return f" And {more} more." if more > 0 else ""
