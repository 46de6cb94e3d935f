"""Sentences of evidence: what is met or not met, each with its figure and the figure of the other forces.

"Recorded within 24 hours: 22% of 45 crimes; the other forces: 86%." Every number is a released one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assay.errors import DefinitionError
from assay.grading.force_evidence import (
    ADVERSE,
    COMBINED_TEST,
    FAVOURABLE,
    LESSONS,
    RECORDS,
    TEST,
    WORSE,
    CharacteristicEvidence,
    EvidenceItem,
    EvidenceTables,
)
from assay.indicators.evidence_sources import AGREE, CANNOT_TELL
from assay.indicators.form_sentences import FORM_WORDING
from assay.indicators.indicator_wording import format_number
from assay.reference import characteristics
from assay.wording import count_phrase

DIRECTION_HEADS = {FAVOURABLE: "Met", ADVERSE: "Not met"}
FAILING_HEAD = "Failing"
"""Head of a characteristic that is not shown: the sentence that follows says what is wrong."""
LIKE_OTHERS = "Not worse than the other forces"
"""Head of what is shown by comparison alone: no standard says what would be met."""
IN_LAW = "a standard asks for every one"
ONE_RECORD_NOUN = "forces"
"""Noun of a measure with one record for each force, which is met or not met and has no share."""
WORSE_ALERT, BETTER_ALERT = "an outlier for the worse", "an outlier for the better"


@dataclass(frozen=True)
class CharacteristicWording:
    """Two sentences on one characteristic: what a force does if it is shown, and what it does if it is not."""

    met: str
    not_met: str


@lru_cache
def characteristic_wordings() -> Mapping[str, CharacteristicWording]:
    """Return the two sentences of every characteristic; raise DefinitionError if one is missing."""
    text = files("assay.grading").joinpath("characteristic_wording.toml").read_text(encoding="utf-8")
    found = {key: CharacteristicWording(**entry) for key, entry in tomllib.loads(text).items()}
    differing = set(characteristics().keys) ^ set(found)
    if differing:
        raise DefinitionError(f"characteristic_wording.toml and the characteristics differ in {sorted(differing)}.")
    return found


def met_head(evidence: CharacteristicEvidence) -> str:
    """Return the opening words for a characteristic that is shown: 'Met', or that the force is like other forces."""
    is_met = any(item.has_level and item.direction == FAVOURABLE for item in evidence.items)
    return DIRECTION_HEADS[FAVOURABLE] if is_met else LIKE_OTHERS


def figure_sentence(item: EvidenceItem, tables: EvidenceTables) -> str:
    """Return the figure of one item of evidence as a sentence, from the released rows."""
    if item.kind == COMBINED_TEST:
        measures = (item.estimate or {}).get("measures") or 1
        return f"{item.title}: an outlier by the combined test of {count_phrase(measures, 'measure')}."
    if item.kind == TEST:
        return _test_sentence(item)
    if item.kind != RECORDS:
        verdict = (
            "agree" if item.verdict == AGREE else "point neither way" if item.verdict == CANNOT_TELL else "disagree"
        )
        return f"{item.title}: they {verdict}."
    if item.row is None:
        return _count_sentence(item)
    return _share_sentence(item, tables)


def _test_sentence(item: EvidenceItem) -> str:
    """Return what a test without an alert says: 'Harm called risk: 3 measures together are worse than ...'"""
    estimate = item.estimate or {}
    number = max(estimate.get("measures", 1), 1)
    words = f"{number} measures together are" if number > 1 else "its measure is"
    return f"{item.title}: {words} worse than in the other forces, by a test at the {estimate['level']:.0%} level."


def directed_sentence(item: EvidenceItem, tables: EvidenceTables) -> str:
    """Return the sentence of one item of evidence, preceded by 'Met' or 'Not met'."""
    head = DIRECTION_HEADS.get(item.direction, "")
    if item.direction == FAVOURABLE and item.is_compared and not item.has_level:
        head = LIKE_OTHERS
    return f"{head}: {figure_sentence(item, tables)}" if head else figure_sentence(item, tables)


def _count_sentence(item: EvidenceItem) -> str:
    """Return the figure of past recommendations or of claims: counts that are no records of people."""
    if not item.known_records:
        return f"{item.title}: not asked."
    others_share = _expected_share(item)
    compared = f"; the other forces: {_percent(others_share)}" if item.is_compared and others_share is not None else ""
    if item.key == LESSONS:
        share = item.met / item.known_records
        return f"{item.title}: {_percent(share)} of {item.known_records:g}, a part counted as half{compared}."
    return f"{item.title}: {item.met:g} of {item.known_records:g}{compared}."


def _share_sentence(item: EvidenceItem, tables: EvidenceTables) -> str:
    row, estimate = item.row or {}, item.estimate or {}
    share = row.get("share")
    if row.get("not_askable"):
        return f"{item.title}: {row['not_askable']}"
    if share is None:
        figure = "too few records for a share to be shown"
    elif item.known_records == 1 and share in (0, 1) and FORM_WORDING[item.key].noun == ONE_RECORD_NOUN:
        figure = "yes" if share == 1 else "no"
    else:
        noun = FORM_WORDING[item.key].noun
        base = estimate.get("base")
        figure = f"{_percent(share)} of {format_number(base)} {noun}" if base else f"{_percent(share)} of the {noun}"
    return f"{item.title}: {'; '.join([figure, *_comparison_parts(item, tables)])}."


def _comparison_parts(item: EvidenceItem, tables: EvidenceTables) -> list[str]:
    """Return the figure of the other forces, the standard, and the alert."""
    estimate = item.estimate or {}
    others_share = estimate.get("expected")
    others_share = tables.overall_shares.get(item.key) if others_share is None else others_share
    parts = (
        [f"the other forces: {_percent(others_share)}"] if others_share is not None and item.known_records != 1 else []
    )
    if item.fewer:
        parts.append("fewer is better")
    if item.duty and item.has_level and not item.fewer:
        parts.append(IN_LAW)
    if item.outlier_direction:
        parts.append(WORSE_ALERT if item.outlier_direction == WORSE else BETTER_ALERT)
    return parts


def _expected_share(item: EvidenceItem) -> float | None:
    """Return the mean share of all forces on the wanted side; None if they are not compared."""
    if item.force_distribution is None:
        return None
    first, second = item.force_distribution
    return first / (first + second)


def _percent(share: float) -> str:
    return f"{round(100 * share)}%"


def strongest_items(evidence: CharacteristicEvidence, direction: str, limit: int) -> list[EvidenceItem]:
    """Return the strongest counted items in one direction: outlier alerts first, then the most certain."""
    found = [item for item in evidence.items if item.direction == direction]
    sign = -1 if direction == ADVERSE else 1
    return sorted(
        found, key=lambda item: (item.outlier_direction != WORSE, sign * (item.probability_against or 0.0), item.key)
    )[:limit]


def item_sentences(items: Sequence[EvidenceItem], tables: EvidenceTables) -> str:
    """Return the figures of several items, one sentence each."""
    return " ".join(figure_sentence(item, tables) for item in items)
