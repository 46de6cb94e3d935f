"""Evidence from records on one characteristic: the verdict of the records, with a sentence for each measure.

The verdict is that of the grades: records agree if the characteristic is shown by its measures, and disagree if it is
not, in both cases whatever the records without an answer hold. So a source never says that records show what an alert
denies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from assay.compare.indicator_findings import indicator_sentence
from assay.grading.adverse_tests import with_adverse_tests
from assay.grading.characteristic_levels import CharacteristicLevel, characteristic_level
from assay.grading.evidence_sentences import figure_sentence
from assay.grading.force_evidence import (
    ADVERSE,
    COMBINED_TEST,
    FAVOURABLE,
    RECORDS,
    TEST,
    EvidenceItem,
    EvidenceTables,
    characteristic_evidence,
)
from assay.grading.grading_rules import rules
from assay.indicators import Indicator
from assay.indicators.evidence_sources import (
    AGREE,
    BY_KEY,
    CANNOT_TELL,
    DISAGREE,
    NOT_ASKED,
    EvidenceSource,
)
from assay.indicators.indicator_catalogue import indicators
from assay.reference import Characteristic
from assay.sdc.released_rows.indicator_rows import ForceEstimatesRow, LaddersRow

KIND = "data"
TREND_QUESTIONS = frozenset(("Q23", "Q26"))
"""The questions that time series answer."""
SERIES_TEXT = "Series over time were followed: that a number moves is no verdict on what is said of it."
DIRECTION_OF_VERDICT = {AGREE: FAVOURABLE, DISAGREE: ADVERSE}
ORDER = (ADVERSE, FAVOURABLE, "neither")
Row = Mapping[str, Any]


def record_level(tables: EvidenceTables, characteristic: Characteristic, place: str) -> CharacteristicLevel:
    """Estimate the level of one characteristic in one place from its records alone."""
    evidence = characteristic_evidence(tables, indicators(), characteristic, place, rules())
    evidence = with_adverse_tests(evidence, tables, indicators(), rules())
    return characteristic_level(replace(evidence, items=tuple(filter(_is_record, evidence.items))), rules())


def _is_record(item: EvidenceItem) -> bool:
    return item.kind in (COMBINED_TEST, TEST) or (item.kind == RECORDS and item.row is not None)


def record_source(
    tables: EvidenceTables, characteristic: Characteristic, place: str, name: str, period: str, *, has_series: bool
) -> EvidenceSource:
    """Return the verdict of the records on one characteristic in one place, with a sentence for each measure.

    Parameters
    ----------
    name
        The name of the place, which the sentences leave out.
    has_series
        True if time series were followed that a question of the characteristic concerns.
    """
    level = record_level(tables, characteristic, place)
    items = [item for item in (*level.evidence.items, *level.evidence.other_items) if _is_record(item)]
    items.sort(key=lambda item: ORDER.index(item.direction))
    forms = {form.key: form for form in indicators()}
    sentences = {
        item.key: figure_sentence(item, tables)
        if item.kind in (COMBINED_TEST, TEST)
        else _measure_sentence(forms[item.key], item, name, period)
        for item in items
    }
    texts = [*dict.fromkeys(sentences.values()), *([SERIES_TEXT] if has_series else [])]
    if not texts:
        not_asked = BY_KEY[KIND].not_asked
        return EvidenceSource(KIND, NOT_ASKED, f"{not_asked[0].upper()}{not_asked[1:]}.")
    is_asked = has_series or any(not (item.row or {}).get("not_askable") for item in items)
    verdict = _verdict(level) if is_asked else NOT_ASKED
    deciding = [
        sentences[item.key]
        for item in level.evidence.items
        if item.direction == DIRECTION_OF_VERDICT.get(verdict) and item.kind == RECORDS
    ]
    keys = tuple(item.key for item in items if item.kind == RECORDS)
    return EvidenceSource(KIND, verdict, " ".join(texts), keys, tuple(dict.fromkeys(deciding)))


def _verdict(level: CharacteristicLevel) -> str:
    """Return whether the records agree, with both missing-data bounds on one side."""
    if level.lowest is None or level.highest is None:
        return CANNOT_TELL
    if level.lowest >= rules().shown_from:
        return AGREE
    return DISAGREE if level.highest <= rules().not_shown_up_to else CANNOT_TELL


def _measure_sentence(indicator: Indicator, item: EvidenceItem, name: str, period: str) -> str:
    """Return the finding of a measure, without place and period, and without why a force is not compared."""
    if item.row is None:
        return ""
    row = cast(LaddersRow, item.row)
    estimate = cast(ForceEstimatesRow, {**item.estimate, "not_comparable": ""}) if item.estimate else None
    text = indicator_sentence(indicator, row, estimate, name, period).replace(f" ({name}, {period})", "")
    return text if text.endswith(".") else f"{text}."


def has_followed_series(question_keys: Sequence[str], trends: Sequence[Row], place: str) -> bool:
    """Return True if a question concerns a rise or fall, and the place has results of time series."""
    return bool(TREND_QUESTIONS & set(question_keys)) and any(row["place_code"] == place for row in trends)
