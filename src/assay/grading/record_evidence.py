"""Evidence from records: one part for each indicator that serves a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.compare.indicator_findings import indicator_sentence
from assay.indicators import Indicator
from assay.indicators.evidence_sources import (
    AGREE,
    CANNOT_TELL,
    DISAGREE,
    MIN_RECORDS,
    NOT_ASKED,
    EvidenceSource,
    verdict_by_interval,
)
from assay.indicators.indicator_catalogue import COMPARED_ONLY

KIND = "data"
TREND_QUESTIONS = frozenset(("Q23", "Q26"))
"""The questions that time series answer."""
SERIES_TEXT = "Series over time were followed: that a number moves is no verdict on what is said of it."
Row = Mapping[str, Any]


def indicator_part(indicator: Indicator, row: Row, estimate: Row, place: str, period: str) -> EvidenceSource:
    """Return the evidence of one indicator in one place, from a row of `ladders` and a row of `standing`.

    The sentence is that of the finding, without place and period, which the page gives once, and without the reason why
    a force is not compared, which does not concern its own figure.
    """
    text = indicator_sentence(indicator, row, {**estimate, "not_comparable": ""}, place, period).replace(
        f" ({place}, {period})", ""
    )
    return EvidenceSource(
        KIND, _verdict(indicator, row, estimate), text if text.endswith(".") else f"{text}.", (indicator.key,)
    )


def _verdict(indicator: Indicator, row: Row, estimate: Row) -> str:
    if row["not_askable"]:
        return NOT_ASKED
    if estimate.get("unusual") and indicator.better != "neither":
        return AGREE if estimate["direction"] == indicator.better else DISAGREE
    known = (row["met"] or 0) + (row["not_met"] or 0)  # a suppressed count adds nothing
    if indicator.key in COMPARED_ONLY or None in (row["share"], row["share_lowest"], row["share_highest"]):
        return CANNOT_TELL
    if known < MIN_RECORDS and indicator.record != "force":
        return CANNOT_TELL
    lowest, highest = row["share_lowest"], row["share_highest"]
    return (
        verdict_by_interval(lowest, highest)
        if indicator.better == "higher"
        else verdict_by_interval(1 - highest, 1 - lowest)
    )


def record_parts(
    question_keys: Sequence[str],
    indicators: Sequence[Indicator],
    ladders: Mapping[str, Row],
    estimates: Mapping[str, Row],
    place: str,
    period: str,
) -> list[EvidenceSource]:
    """Return the evidence of each indicator that serves one of these questions, in one place."""
    return [
        indicator_part(indicator, ladders[indicator.key], estimates.get(indicator.key, {}), place, period)
        for indicator in indicators
        if set(indicator.asks.replace("|", " ").split()) & set(question_keys) and indicator.key in ladders
    ]


def series_parts(question_keys: Sequence[str], trends: Sequence[Row], place: str) -> list[EvidenceSource]:
    """Return the time series of one place as evidence that cannot tell, if a question concerns a rise or fall."""
    has_series = TREND_QUESTIONS & set(question_keys) and any(row["place_code"] == place for row in trends)
    return [EvidenceSource(KIND, CANNOT_TELL, SERIES_TEXT)] if has_series else []
