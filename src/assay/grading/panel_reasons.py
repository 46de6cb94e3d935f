"""The strongest reasons for and against a force on each theme and overall, each with its figure.

A panel weighs a few strong reasons, not all of them. Against a force come first outlier alerts, then verdicts of people
who were asked or read files, then shares by how far they lie from the standard or from the other forces, times the root
of the records behind them. For a force come first alerts for the better, then standards that are met, then comparisons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from assay.grading.characteristic_levels import CharacteristicLevel
from assay.grading.concerns import severity
from assay.grading.evidence_sentences import figure_sentence
from assay.grading.force_evidence import (
    ADVERSE,
    BETTER,
    FAVOURABLE,
    RECORDS,
    WORSE,
    EvidenceItem,
    EvidenceTables,
)
from assay.grading.grade_proposals import Proposal
from assay.grading.grading_rules import Rules
from assay.indicators.evidence_sources import BY_KEY
from assay.wording import join_words

SUPPORTING, OPPOSING = "for", "against"
MAX_REASONS = 3
STRONGEST_REASONS = pa.schema(
    [(name, pa.string()) for name in ("place_code", "line", "side")]
    + [("rank", pa.int64())]
    + [(name, pa.string()) for name in ("characteristic", "key", "figure")]
)


def strongest_reasons_table(proposals: Sequence[Proposal], rules: Rules, tables: EvidenceTables) -> pa.Table:
    """Return, for every proposal, at most three reasons that support it and three that oppose it."""
    rows = []
    for proposal in proposals:
        for side, direction in ((SUPPORTING, FAVOURABLE), (OPPOSING, ADVERSE)):
            found = _reasons(proposal.levels, direction, rules, tables)
            for rank, (characteristic, key, figure) in enumerate(found, start=1):
                place = {"place_code": proposal.place, "line": proposal.line, "side": side, "rank": rank}
                rows.append(place | {"characteristic": characteristic, "key": key, "figure": figure})
    return pa.Table.from_pylist(rows, STRONGEST_REASONS)


def _reasons(
    levels: Sequence[CharacteristicLevel], direction: str, rules: Rules, tables: EvidenceTables
) -> list[tuple[str, str, str]]:
    """Return (characteristic, key, figure) of the strongest pieces of evidence of one direction, each piece once."""
    pieces: dict[str, tuple[EvidenceItem, str]] = {}
    for level in levels:
        for item in level.evidence.items:
            if item.direction == direction and not (direction == FAVOURABLE and _is_worse_by_comparison(item)):
                pieces.setdefault(item.key, (item, level.key))
    strength = _adverse_strength if direction == ADVERSE else _favourable_strength
    ordered = sorted(pieces.values(), key=lambda piece: (*strength(piece[0]), piece[0].key))
    found = [(key, item.key, figure_sentence(item, tables)) for item, key in ordered]
    if direction == ADVERSE:
        alerts = sum(item.outlier_direction == WORSE for item, _ in ordered)
        found[alerts:alerts] = _contradictions(levels, rules)
    return found[:MAX_REASONS]


def _is_worse_by_comparison(item: EvidenceItem) -> bool:
    """Return True if a share without a standard is worse than expected, although not beyond the other forces.

    It counts for a characteristic, but a panel would not call it a reason for the force.
    """
    return item.is_compared and not item.has_level and severity(item) > 0


def _adverse_strength(item: EvidenceItem) -> tuple[bool, bool, float]:
    return item.outlier_direction != WORSE, item.kind == RECORDS, -severity(item)


def _favourable_strength(item: EvidenceItem) -> tuple[bool, bool, float, float]:
    surety = round(item.probability_against or 0.0, 2)
    return item.outlier_direction != BETTER, not item.has_level, surety, -item.known_records


def _contradictions(levels: Sequence[CharacteristicLevel], rules: Rules) -> Iterator[tuple[str, str, str]]:
    """Yield the characteristics that the records show and that people who were asked deny."""
    for level in levels:
        if level.state(rules) == "at odds":
            people = join_words([BY_KEY[kind].label for kind in level.evidence.contradicted_by])
            yield (
                level.key,
                "voices",
                f"{level.evidence.characteristic.text} The records say so; {people} say otherwise.",
            )
