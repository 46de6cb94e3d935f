"""Grade proposals for every force, by inspection theme and overall.

propose_grades(tables, indicators, places, rules)   every proposal, by force and theme
proposal_tables(...)                                the same as tables, with reasons, concerns and sensitivity
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.grading import concerns, panel_reasons, proposal_reasons, proposal_sensitivity
from assay.grading.adverse_tests import with_adverse_tests
from assay.grading.characteristic_levels import CharacteristicLevel, characteristic_level
from assay.grading.evidence_sentences import directed_sentence
from assay.grading.force_evidence import (
    ADVERSE,
    COMBINED_TEST,
    RECORDS,
    TEST,
    EvidenceItem,
    EvidenceTables,
    characteristic_evidence,
)
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
    + [(name, TEXT) for name in ("evidence_keys", "outlier_indicators", "contradicted_by", "not_asked")]
)
EVIDENCE = pa.schema(
    [(name, TEXT) for name in ("place_code", "characteristic", "kind", "key")]
    + [(name, TEXT) for name in ("direction", "counts", "not_counted", "alert", "figure")]
)
"""`counts`: by a standard, by comparison, by an alert, by a test, by a verdict; empty if the piece does not count. A
piece against a force names the standard only if its level misses it."""
Row = Mapping[str, Any]


def propose_grades(
    tables: EvidenceTables, indicators: Sequence[Indicator], places: Iterable[str], rules: Rules
) -> list[Proposal]:
    """Return every proposal: by force, the themes in the commission's order, then the overall grade."""
    return [proposal for place in places for proposal in _force_proposals(tables, indicators, place, rules)]


def _force_proposals(
    tables: EvidenceTables, indicators: Sequence[Indicator], place: str, rules: Rules
) -> list[Proposal]:
    evidence = (characteristic_evidence(tables, indicators, item, place, rules) for item in characteristics())
    levels = [characteristic_level(with_adverse_tests(item, tables, indicators, rules), rules) for item in evidence]
    proposals = [line_proposal(place, key, line_levels, rules) for key in inspection_themes().keys
             if (line_levels := [item for item in levels if item.evidence.characteristic.line == key])]  # fmt: skip
    return [*proposals, overall_proposal(place, proposals, rules)]


@dataclass(frozen=True)
class AlternativeTables:
    """The tables of evidence under one alternative definition or record linkage, with its key and description."""

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
    """Return the tables of proposed grades: evidence, states, probabilities, reasons, concerns and sensitivity."""
    proposals = propose_grades(tables, indicators, places, rules)
    alternative_proposals = {
        item.key: propose_grades(tables, indicators, places, rules.with_alternative(item))
        for item in rules.alternatives
    }
    alternative_proposals |= {item.key: propose_grades(item.tables, indicators, places, rules) for item in alternatives}
    return {
        "evidence": pa.Table.from_pylist(list(_evidence_rows(_all_levels(proposals), tables)), EVIDENCE),
        "grades": pa.Table.from_pylist([_grade_row(item, rules, tables) for item in proposals], GRADES),
        "strongest": panel_reasons.strongest_reasons_table(proposals, rules, tables),
        "grade_chances": pa.Table.from_pylist(list(_probability_rows(proposals)), GRADE_PROBABILITIES),
        "characteristic_states": pa.Table.from_pylist(
            [_level_row(item, rules) for item in _all_levels(proposals)], LEVELS
        ),
        "concerns": concerns.concerns_table(_all_levels(proposals), rules, tables),
        "grade_sensitivity": proposal_sensitivity.sensitivity_table(
            proposals, alternative_proposals, rules, {item.key: item.description for item in alternatives}
        ),
    }


def _all_levels(proposals: Iterable[Proposal]) -> list[CharacteristicLevel]:
    return [level for proposal in proposals if proposal.line == OVERALL for level in proposal.levels]


def _grade_row(proposal: Proposal, rules: Rules, tables: EvidenceTables) -> dict[str, Any]:
    return {
        "place_code": proposal.place,
        "line": proposal.line,
        "proposed": proposal.grade,
        "why_none": proposal.why or proposal.limit,
        "probability": proposal.probability.get(proposal.grade),
        "known": proposal.known,
        "characteristics": proposal.characteristics,
        "expected_share": proposal.expected,
        **proposal_reasons.reason_sentences(proposal, rules, tables),
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


def _evidence_rows(levels: Iterable[CharacteristicLevel], tables: EvidenceTables) -> Iterator[Row]:
    for level in levels:
        for item in (*level.evidence.items, *level.evidence.other_items):
            yield {
                "place_code": level.evidence.place,
                "characteristic": level.key,
                "kind": "indicator" if item.kind == RECORDS and item.row is not None else item.kind,
                "key": item.key,
                "direction": item.direction,
                "counts": _counts_text(item),
                "not_counted": item.not_counted,
                "alert": item.outlier_direction,
                "figure": directed_sentence(item, tables),
            }


def _counts_text(item: EvidenceItem) -> str:
    """Return how an item counts, or in which way it counts against the force; '' if it does not count."""
    if item.not_counted:
        return ""
    if item.kind != RECORDS:
        return {COMBINED_TEST: "alert", TEST: "test"}.get(item.kind, "verdict")
    # Where only the comparison speaks against a force, no reader is to take the standard for missed.
    has_level = item.has_level and (item.direction != ADVERSE or item.is_level_missed or not item.is_compared)
    if has_level and item.is_compared:
        return "standard and comparison"
    return "standard" if has_level else "comparison" if item.is_compared else "alert"


def _level_row(level: CharacteristicLevel, rules: Rules) -> Row:
    items = level.evidence.items
    return {
        "place_code": level.evidence.place, "characteristic": level.key, "state": level.state(rules),
        "probability": level.probability, "probability_lowest": level.lowest, "probability_highest": level.highest,
        "evidence_keys": " ".join(item.key for item in items),
        "outlier_indicators": " ".join(
            f"{item.key}:{item.outlier_direction}" for item in items if item.outlier_direction
        ),
        "contradicted_by": " ".join(level.evidence.contradicted_by), "not_asked": " ".join(level.evidence.not_asked),
    }  # fmt: skip
