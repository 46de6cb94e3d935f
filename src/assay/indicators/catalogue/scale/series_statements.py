"""Recorded fell and hidden did not: what may be said when the series stand side by side?

Every sentence has a series for its subject. None says that exploitation rose or fell: no count and no estimate can.
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
from assay.indicators.indicator_wording import chance, listed

SURE = 0.9
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
"""What no sentence may say: exploitation as the subject of a change."""
Told = Mapping[str, float | None]
"""By kind of series: the probability that it fell, None where it cannot be told."""


def together(years: int | None, told: Told) -> str:
    """The statement that follows from all series of one place, each set beside itself `years` years earlier."""
    fell, rose = _which(told, lambda p: p >= SURE), _which(told, lambda p: p <= 1 - SURE)
    unclear = _which(told, lambda p: 1 - SURE < p < SURE)
    missing = [kind for kind in (RECORDED, UNRECORDED, MARKED, UNFLAGGED, HIDDEN, PARTNERS) if told.get(kind) is None]
    over = f"Each set beside itself {'1 year' if years == 1 else f'{years} years'} earlier." if years else ""
    parts = [over, _moved(fell, "fell"), _moved(rose, "rose"), _no_direction(unclear), _not_told(missing)]
    said = " ".join(part for part in parts if part)
    return f"{said} {_follows(told)}".strip()


def _which(told: Told, test: Any) -> list[str]:
    return [kind for kind in KINDS if (p := told.get(kind)) is not None and test(p)]


def _moved(kinds: list[str], how: str) -> str:
    return f"Very probably {how}: {listed([SHORT[kind] for kind in kinds])}." if kinds else ""


def _no_direction(kinds: list[str]) -> str:
    return f"No clear direction: {listed([SHORT[kind] for kind in kinds])}." if kinds else ""


def _not_told(kinds: list[str]) -> str:
    return f"Cannot be said: {listed([SHORT[kind] for kind in kinds])}." if kinds else ""


def _follows(told: Told) -> str:
    recorded, marked, hidden = (told.get(kind) for kind in (RECORDED, MARKED, HIDDEN))
    others = told.get(PARTNERS)
    if recorded is not None and recorded >= SURE:
        return _recorded_fell(hidden, others)
    if recorded is not None and recorded <= 1 - SURE:
        return _recorded_rose(hidden)
    if marked is not None and marked >= SURE:
        return (
            "The count of crimes marked fell and that of crimes recorded shows no clear fall: consistent with less "
            "marking."
        )
    if marked is not None and marked <= 1 - SURE:
        return (
            "The count of crimes marked rose and that of crimes recorded shows no clear rise: consistent with more "
            "marking."
        )
    if all(told.get(kind) is None for kind in KINDS):
        return (
            "So nothing can be said of any direction. Ask for the records of earlier years, three full years in all, "
            "and for partners' lists of each."
        )
    return "So no statement on a fall or a rise follows."


def _recorded_fell(hidden: float | None, others: float | None) -> str:
    if hidden is not None and hidden >= SURE:
        return (
            "The count of crimes recorded and the estimate of children on no list went the same way: consistent with "
            "fewer children, and with whatever else moves both."
        )
    if hidden is not None and hidden <= 0.5:
        return (
            "The count of crimes recorded fell and the estimate of children on no list shows no fall (the probability "
            f"that it fell is {chance(hidden)}): consistent with less recording."
        )
    if others is not None and others <= 0.5:
        return (
            "The count of crimes recorded fell and that of children new on partners' lists shows no fall (the "
            f"probability that it fell is {chance(others)}): consistent with less recording, or with less passed on."
        )
    return (
        "A fall of the count of crimes recorded alone does not tell fewer children from less recording: the estimate "
        "of children on no list would be needed."
    )


def _recorded_rose(hidden: float | None) -> str:
    if hidden is not None and hidden >= 0.5:
        return (
            "The count of crimes recorded rose and the estimate of children on no list shows no rise (the probability "
            f"that it fell is {chance(hidden)}): consistent with more recording."
        )
    if hidden is not None and hidden <= 1 - SURE:
        return (
            "The count of crimes recorded and the estimate of children on no list went the same way: consistent with "
            "more children, and with whatever else moves both."
        )
    return "A rise of the count of crimes recorded alone does not tell more children from more recording."


def has_a_series_for_subject(sentences: Iterable[str]) -> bool:
    """Whether no sentence makes exploitation itself rise or fall."""
    return not any(SUBJECT.search(one) for one in sentences)


def title(kind: str) -> str:
    """What a series counts, in words."""
    return TITLES[kind]
