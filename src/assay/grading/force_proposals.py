"""Grade proposals for every force, by inspection theme and overall.

propose_grades(tables, indicators, places, rules)   every proposal, by force and theme
proposal_tables(...)                                the same as tables, with reasons, concerns and sensitivity
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.grading import concerns, proposal_reasons, proposal_sensitivity
from assay.grading.characteristic_evidence import RECORDS, EvidenceTables, characteristic_evidence
from assay.grading.characteristic_levels import CharacteristicLevel, characteristic_level
from assay.grading.grade_proposals import OVERALL, Proposal, line_proposal, overall_proposal
from assay.grading.grading_rules import Rules
from assay.indicators import Indicator
from assay.reference import characteristics, inspection_themes

TEXT, WHOLE, NUMBER, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
GRADES = pa.schema(
    [(name, TEXT) for name in ("place_code", "line", "proposed", "why_none")]
    + [("probability", NUMBER), ("known", WHOLE), ("characteristics", WHOLE), ("expected_share", NUMBER)]
    + [(name, TEXT) for name in ("speaks_for", "speaks_against", "would_change", "not_known", "voices", "certainty")]
)
GRADE_PROBABILITIES = pa.schema(
    [(name, TEXT) for name in ("place_code", "line", "grade")] + [("place", WHOLE), ("probability", NUMBER)]
)
LEVELS = pa.schema(
    [(name, TEXT) for name in ("place_code", "characteristic", "state")]
    + [(name, NUMBER) for name in ("probability", "probability_lowest", "probability_highest")]
    + [(name, TEXT) for name in ("rests_on", "apart", "contradicted_by", "not_asked")]
)
Row = Mapping[str, Any]


def propose_grades(
    tables: EvidenceTables, indicators: Sequence[Indicator], places: Iterable[str], rules: Rules
) -> list[Proposal]:
    """Return every proposal: by force, the themes in the commission's order, then the overall grade."""
    return [proposal for place in places for proposal in _force_proposals(tables, indicators, place, rules)]


def _force_proposals(
    tables: EvidenceTables, indicators: Sequence[Indicator], place: str, rules: Rules
) -> list[Proposal]:
    levels = [
        characteristic_level(characteristic_evidence(tables, indicators, item, place, rules), rules)
        for item in characteristics()
    ]
    proposals = [line_proposal(place, key, line_levels, rules) for key in inspection_themes().keys
             if (line_levels := [item for item in levels if item.evidence.characteristic.line == key])]  # fmt: skip
    return [*proposals, overall_proposal(place, proposals, rules)]


@dataclass(frozen=True)
class AlternativeTables:
    """Evidence tables under another definition or another record linkage, with its key and description."""

    key: str
    description: str
    tables: EvidenceTables


def proposal_tables(
    tables: EvidenceTables,
    indicators: Sequence[Indicator],
    places: Sequence[str],
    rules: Rules,
    alternatives: Sequence[AlternativeTables] = (),
) -> dict[str, pa.Table]:
    """Return the tables `grades`, `grade_chances`, `shown`, `concerns` and `moved`."""
    proposals = propose_grades(tables, indicators, places, rules)
    alternative_proposals = {
        item.key: propose_grades(tables, indicators, places, rules.with_alternative(item))
        for item in rules.alternatives
    }
    alternative_proposals |= {item.key: propose_grades(item.tables, indicators, places, rules) for item in alternatives}
    return {
        "grades": pa.Table.from_pylist([_grade_row(item, rules) for item in proposals], GRADES),
        "grade_chances": pa.Table.from_pylist(list(_probability_rows(proposals)), GRADE_PROBABILITIES),
        "shown": pa.Table.from_pylist([_level_row(item, rules) for item in _all_levels(proposals)], LEVELS),
        "concerns": concerns.concerns_table(_all_levels(proposals), rules),
        "moved": proposal_sensitivity.sensitivity_table(
            proposals, alternative_proposals, rules, {item.key: item.description for item in alternatives}
        ),
    }


def _all_levels(proposals: Iterable[Proposal]) -> list[CharacteristicLevel]:
    return [level for proposal in proposals if proposal.line == OVERALL for level in proposal.levels]


def _grade_row(proposal: Proposal, rules: Rules) -> dict[str, Any]:
    return {
        "place_code": proposal.place,
        "line": proposal.line,
        "proposed": proposal.grade,
        "why_none": proposal.why,
        "probability": proposal.probability.get(proposal.grade),
        "known": proposal.known,
        "characteristics": proposal.characteristics,
        "expected_share": proposal.expected,
        **proposal_reasons.reason_sentences(proposal, rules),
    }


def _probability_rows(proposals: Iterable[Proposal]) -> Iterator[Row]:
    for proposal in proposals:
        for place, (name, probability) in enumerate(proposal.probability.items(), start=1):
            yield {
                "place_code": proposal.place,
                "line": proposal.line,
                "grade": name,
                "place": place,
                "probability": probability,
            }


def _level_row(level: CharacteristicLevel, rules: Rules) -> Row:
    parts = level.evidence.parts
    outlier_parts = [part for part in parts if part.kind == RECORDS and part.outlier_direction]
    return {
        "place_code": level.evidence.place, "characteristic": level.key, "state": level.state(rules),
        "probability": level.probability, "probability_lowest": level.lowest, "probability_highest": level.highest,
        "rests_on": " ".join(part.key for part in parts),
        "apart": " ".join(f"{part.key}:{part.outlier_direction}" for part in outlier_parts),
        "contradicted_by": " ".join(level.evidence.contradicted_by), "not_asked": " ".join(level.evidence.not_asked),
    }  # fmt: skip
