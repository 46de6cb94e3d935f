"""Hypotheses about what may be wrong in a force, with evidence for and against.

A hypothesis is raised if a source of evidence disagrees that a characteristic is shown, if the records contradict a
claim of the force, or if the force has an alert in the combined test of the failure mode. It is a question for
fieldwork and not a finding.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assay.errors import DefinitionError
from assay.grading.claim_comparison import CONTRADICTED, Claim
from assay.grading.triangulation import TriangulatedCharacteristic
from assay.indicators.evidence_sources import AGREE, DISAGREE
from assay.reference import characteristics, failure_modes

MAX_SENTENCES = 3
"""Largest number of sentences of one source; the page of the source has all."""

COMBINED_TEST_TEXT = (
    "Records: by all measures that would show {mode} this force lies out on its side. Of all that are named so "
    "about one in twenty is expected to be by chance."
)


@dataclass(frozen=True)
class Hypothesis:
    """What may be wrong: the failure mode ('' if no inquiry named one), the characteristic denied, and whom to ask."""

    failure_mode: str
    characteristic: str
    suggests: str
    whom: str
    ask: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class RaisedHypotheses:
    """The hypotheses on one characteristic that some evidence supports, with evidence for and against."""

    triangulation: TriangulatedCharacteristic
    hypotheses: tuple[Hypothesis, ...]
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]


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


def raise_hypotheses(
    triangulations: Sequence[TriangulatedCharacteristic], claims: Sequence[Claim], alerted_modes: Collection[str] = ()
) -> list[RaisedHypotheses]:
    """Return the supported hypotheses, those with most disagreeing sources first.

    `alerted_modes` are the failure modes with an alert in the combined test. If there is no other evidence, only their
    hypotheses are raised.
    """
    groups = [
        group
        for group in (_raise_hypotheses_of(triangulation, claims, alerted_modes) for triangulation in triangulations)
        if group.speaks_for
    ]
    return sorted(
        groups,
        key=lambda group: -len({source.kind for source in group.triangulation.sources if source.verdict == DISAGREE}),
    )


def _raise_hypotheses_of(
    triangulation: TriangulatedCharacteristic, claims: Sequence[Claim], alerted_modes: Collection[str]
) -> RaisedHypotheses:
    relevant_claims = [claim for claim in claims if triangulation.characteristic.key in claim.characteristics]
    claim_texts = tuple(
        f"Claim: {claim.statement} {claim.comparison}" for claim in relevant_claims if claim.verdict == CONTRADICTED
    )
    candidates = hypotheses_of(triangulation.characteristic.key)
    alerted = tuple(hypothesis for hypothesis in candidates if hypothesis.failure_mode in alerted_modes)
    evidence_texts = (*source_sentences(triangulation, DISAGREE), *claim_texts)
    test_texts = tuple(
        COMBINED_TEST_TEXT.format(mode=mode)
        for mode in dict.fromkeys(hypothesis.failure_mode for hypothesis in alerted)
    )
    return RaisedHypotheses(
        triangulation,
        candidates if evidence_texts else alerted,
        (*evidence_texts, *test_texts),
        source_sentences(triangulation, AGREE),
    )


def source_sentences(triangulation: TriangulatedCharacteristic, verdict: str) -> tuple[str, ...]:
    """Return the sentences of the sources with this verdict."""
    return tuple(
        f"{source.name}: {' '.join(source.verdict_statements[:MAX_SENTENCES])}"
        f"{_remainder_text(len(source.verdict_statements) - MAX_SENTENCES)}"
        for source in triangulation.sources
        if source.verdict == verdict
    )


def _remainder_text(number: int) -> str:
    return f" And {number} more." if number > 0 else ""
