"""Wording of the figures of indicators: the wording that all share, and an additional sentence for some."""

from __future__ import annotations

from assay.reference import NO_FLAG
from assay.wording import (
    change_interval_phrase,
    change_phrase,
    direction_phrase,
    format_number,
    join_words,
    ordinal,
    percent,
    percent_interval,
    probability_percent,
    probability_phrase,
    rank_phrase,
)

__all__ = [
    "NO_FLAG",
    "change_interval_phrase",
    "change_phrase",
    "direction_phrase",
    "format_number",
    "join_words",
    "ordinal",
    "percent",
    "percent_interval",
    "probability_percent",
    "probability_phrase",
    "rank_phrase",
]
