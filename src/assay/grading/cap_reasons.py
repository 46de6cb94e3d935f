"""Why a grade is capped: the theme and the characteristic of good that cap it, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from assay.grading.characteristic_levels import CharacteristicLevel, Draws
from assay.grading.force_evidence import FEW_APPLIED
from assay.reference import inspection_themes
from assay.wording import count_phrase, join_words

Subject = TypeVar("Subject")
BINDING = 0.5
"""Above this share of draws the cap of one characteristic or theme alone limits the proposal, the median grade."""
OUTLIER = "the force is an outlier for the worse"
BROKEN = "fewer than half of the records meet a standard"
BEYOND = "the force lies beyond the other forces"
TEST_AGAINST = "a test of a failing speaks against the force"
TOO_FEW_APPLIED = "too few past recommendations are applied"
NOT_MET = "duties in law are not met"


def failed_reason(levels: Sequence[CharacteristicLevel]) -> str:
    """Return why a theme has failed: an outlier alert, a broken standard, or a share beyond the other forces."""
    return _reason([(level, level.failed) for level in levels if level.failed is not None], _failing_words)


def doubtful_reason(levels: Sequence[CharacteristicLevel]) -> str:
    """Return why a theme is not called good: duties in law that are not met, or a test of a failing."""
    return _reason([(level, level.doubtful) for level in levels if level.doubtful is not None], _doubtful_words)


def alerted_reason(levels: Sequence[CharacteristicLevel]) -> str:
    """Return why the overall grade is capped by an outlier alert or a broken standard, with the theme."""
    marked = [(level, level.alerted) for level in levels if level.alerted is not None]
    return _reason(marked, _failing_words, with_theme=True)


def inadequate_reason(themes: Sequence[tuple[str, Draws]]) -> str:
    """Return which themes are inadequate, from each theme's key and the draws in which it is inadequate."""
    names = [inspection_themes().get(key).name for key, _ in _binding(themes)]
    return f"{join_words(names)} {'is' if len(names) == 1 else 'are'} inadequate"


def _failing_words(level: CharacteristicLevel) -> str:
    if level.evidence.worse_alerts:
        return OUTLIER
    return BROKEN if level.alerted is not None and level.alerted.any() else BEYOND


def _doubtful_words(level: CharacteristicLevel) -> str:
    if level.evidence.adverse_tests:
        return TEST_AGAINST
    is_few_applied = any(item.not_counted == FEW_APPLIED for item in level.evidence.other_items)
    return TOO_FEW_APPLIED if is_few_applied else NOT_MET


def _reason(
    levels: Sequence[tuple[CharacteristicLevel, Draws]],
    words: Callable[[CharacteristicLevel], str],
    *,
    with_theme: bool = False,
) -> str:
    """Return what the characteristic that caps most draws shows, with its text, and how many others cap the grade."""
    (first, _), *rest = _binding(levels)
    characteristic = first.evidence.characteristic
    theme = f" in {inspection_themes().get(characteristic.line).name}" if with_theme else ""
    more = f" and on {count_phrase(len(rest), 'other characteristic')}" if rest else ""
    return f"{words(first)}{theme}, on \u2018{characteristic.text.rstrip('.')}\u2019{more}"


def _binding(marked: Sequence[tuple[Subject, Draws]]) -> list[tuple[Subject, Draws]]:
    """Return what caps the grade in most draws, the most frequent first; if nothing does alone, the most frequent."""
    ordered = sorted(marked, key=lambda pair: -float(np.mean(pair[1])))
    return [pair for pair in ordered if float(np.mean(pair[1])) > BINDING] or ordered[:1]
