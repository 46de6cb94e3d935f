"""Hypotheses about what may be wrong in a force, with evidence for and against.

A hypothesis is raised if a source of evidence disagrees that a characteristic is shown, if the records contradict a
claim of the force, or if the force has an alert in the combined test of the failure mode. It is a question for
fieldwork and not a finding.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assay.grading.claim_comparison import CONTRADICTED, Claim
from assay.grading.hypothesis_register import Hypothesis, hypotheses_of
from assay.grading.triangulation import TriangulatedCharacteristic
from assay.indicators.evidence_sources import AGREE, DISAGREE

MAX_SENTENCES = 3
"""Largest number of sentences of one source; the page of the source has all."""

COMBINED_TEST_TEXT = (
    "Records: by all measures that would show {mode} this force lies out on its side. Of all that are named so "
    "about one in twenty is expected to be by chance."
)


@dataclass(frozen=True)
class RaisedHypotheses:
    """The hypotheses on one characteristic that some evidence supports, with evidence for and against."""

    triangulation: TriangulatedCharacteristic
    hypotheses: tuple[Hypothesis, ...]
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]


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
    """Return one sentence for each evidence source that has this verdict on the characteristic."""
    return tuple(
        f"{source.name}: {' '.join(source.verdict_statements[:MAX_SENTENCES])}"
        f"{_remainder_text(len(source.verdict_statements) - MAX_SENTENCES)}"
        for source in triangulation.sources
        if source.verdict == verdict and source.verdict_statements
    )


def _remainder_text(number: int) -> str:
    return f" And {number} more." if number > 0 else ""
