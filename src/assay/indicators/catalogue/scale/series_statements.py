"""Combine the time series of one place into a statement: what follows if some fell and others did not?

The subject of every sentence is a series. None says that exploitation rose or fell, because no count or estimate shows
that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from assay.indicators.catalogue.scale.record_series import (
    HIDDEN,
    KINDS,
    MARKED,
    PARTNERS,
    RECORDED,
    TITLES,
    UNFLAGGED,
    UNRECORDED,
)
from assay.indicators.indicator_wording import join_words, probability_phrase

MIN_PROBABILITY = 0.9
INSPECTED_KINDS = (RECORDED, UNRECORDED, MARKED, UNFLAGGED, HIDDEN, PARTNERS)
"""The series of an inspection, without the published one."""
SHORT: Mapping[str, str] = {
    RECORDED: "the count of crimes recorded",
    UNRECORDED: "the count corrected for what was not rightly recorded",
    MARKED: "the count of crimes marked",
    UNFLAGGED: "the count corrected for what nobody marked",
    HIDDEN: "the estimate of children on no list",
    PARTNERS: "the count of children new on partners' lists",
    "published": "the published count",
}
SUBJECT = re.compile(
    r"\b(exploitation|abuse)\b\s+(is|was|has|have|had|fell|rose|falls|rises|declined|grew|went)\b", re.I
)
"""Matches sentences with exploitation as the subject of a change, which are not allowed."""
FallProbabilities = Mapping[str, float | None]
"""The probability that each kind of series fell, None if unknown."""


def combine_series(years: int | None, probabilities: FallProbabilities) -> str:
    """Return the statement on all series of one place: which fell, which rose, and which are unclear or unknown."""
    decreases, increases = (
        _select_kinds(probabilities, lambda p: p >= MIN_PROBABILITY),
        _select_kinds(probabilities, lambda p: p <= 1 - MIN_PROBABILITY),
    )
    unclear = _select_kinds(probabilities, lambda p: 1 - MIN_PROBABILITY < p < MIN_PROBABILITY)
    missing = [kind for kind in INSPECTED_KINDS if probabilities.get(kind) is None]
    span_sentence = f"Each set beside itself {'1 year' if years == 1 else f'{years} years'} earlier." if years else ""
    parts = [
        span_sentence,
        _moved(decreases, "fell"),
        _moved(increases, "rose"),
        _no_direction(unclear),
        _unknown_sentence(missing),
    ]
    text = " ".join(part for part in parts if part)
    return f"{text} {_interpretation(probabilities)}".strip()


def _select_kinds(probabilities: FallProbabilities, test: Any) -> list[str]:
    return [kind for kind in KINDS if (p := probabilities.get(kind)) is not None and test(p)]


def _moved(kinds: list[str], how: str) -> str:
    return f"Very probably {how}: {join_words([SHORT[kind] for kind in kinds])}." if kinds else ""


def _no_direction(kinds: list[str]) -> str:
    return f"No clear direction: {join_words([SHORT[kind] for kind in kinds])}." if kinds else ""


def _unknown_sentence(kinds: list[str]) -> str:
    if len(kinds) == len(INSPECTED_KINDS):
        return "Whether any series fell or rose cannot be said."
    return f"Cannot be said: {join_words([SHORT[kind] for kind in kinds])}." if kinds else ""


def _interpretation(probabilities: FallProbabilities) -> str:
    recorded, marked, hidden = (probabilities.get(kind) for kind in (RECORDED, MARKED, HIDDEN))
    partners = probabilities.get(PARTNERS)
    if recorded is not None and recorded >= MIN_PROBABILITY:
        return _recorded_fell(hidden, partners)
    if recorded is not None and recorded <= 1 - MIN_PROBABILITY:
        return _recorded_rose(hidden)
    if marked is not None and marked >= MIN_PROBABILITY:
        return (
            "The count of crimes marked fell and that of crimes recorded shows no clear fall: consistent with less "
            "marking."
        )
    if marked is not None and marked <= 1 - MIN_PROBABILITY:
        return (
            "The count of crimes marked rose and that of crimes recorded shows no clear rise: consistent with more "
            "marking."
        )
    if all(probabilities.get(kind) is None for kind in KINDS):
        return (
            "So nothing can be said of any direction. Ask for the records of earlier years, three full years in all, "
            "and for partners' lists of each."
        )
    return f"{_deciding_counts(recorded, marked)} So no statement on a fall or a rise follows."


def _deciding_counts(recorded: float | None, marked: float | None) -> str:
    """Return what the two counts show that decide, if neither shows a clear direction."""
    if recorded is None and marked is None:
        return "The recorded and the marked count decide, and the direction of neither can be said."
    if recorded is None or marked is None:
        known, unknown = ("marked", "recorded") if recorded is None else ("recorded", "marked")
        return f"The {known} count shows no clear direction, and that of the {unknown} count cannot be said."
    return "The recorded and the marked count decide, and neither shows a clear direction."


def _recorded_fell(hidden: float | None, partners: float | None) -> str:
    if hidden is not None and hidden >= MIN_PROBABILITY:
        return (
            "The count of crimes recorded and the estimate of children on no list went the same way: consistent with "
            "fewer children, and with whatever else moves both."
        )
    if hidden is not None and hidden <= 0.5:
        return (
            "The count of crimes recorded fell and the estimate of children on no list shows no fall (the probability "
            f"that it fell is {probability_phrase(hidden)}): consistent with less recording."
        )
    if partners is not None and partners <= 0.5:
        return (
            "The count of crimes recorded fell and that of children new on partners' lists shows no fall (the "
            f"probability that it fell is {probability_phrase(partners)}): consistent with less recording, or "
            f"with less passed on."
        )
    return (
        "A fall of the count of crimes recorded alone does not tell fewer children from less recording: the estimate "
        "of children on no list would be needed."
    )


def _recorded_rose(hidden: float | None) -> str:
    if hidden is not None and hidden >= 0.5:
        return (
            "The count of crimes recorded rose and the estimate of children on no list shows no rise (the probability "
            f"that it fell is {probability_phrase(hidden)}): consistent with more recording."
        )
    if hidden is not None and hidden <= 1 - MIN_PROBABILITY:
        return (
            "The count of crimes recorded and the estimate of children on no list went the same way: consistent with "
            "more children, and with whatever else moves both."
        )
    return "A rise of the count of crimes recorded alone does not tell more children from more recording."


def avoids_exploitation_as_subject(sentences: Iterable[str]) -> bool:
    """Return True if no sentence states that exploitation itself rose or fell."""
    return not any(SUBJECT.search(sentence) for sentence in sentences)


def title(kind: str) -> str:
    """Return the title of a kind of series: what it counts."""
    return TITLES[kind]
