"""What do the records say of a characteristic: of each indicator that its questions ask, and of all of them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.compare.indicator_findings import sentence
from assay.indicators import Indicator
from assay.indicators.evidence_strands import AGREE, CANNOT_TELL, DISAGREE, FEWEST_RECORDS, NOT_ASKED, Strand, by_line
from assay.indicators.indicator_catalogue import COMPARED_ONLY

KIND = "data"
FOLLOWED = frozenset(("Q23", "Q26"))
"""The questions that series over time answer."""
MOVES = "Series over time were followed: that a number moves is no verdict on what is said of it."
Row = Mapping[str, Any]


def of_indicator(form: Indicator, row: Row, standing: Row, place: str, period: str) -> Strand:
    """What one indicator says of one place; `row` of `ladders`, `standing` of the comparison ({} where there is none).

    The sentence is the finding's own, from exact counts; without place and period, which the page says once, and
    without the reason why a force is not compared, which is no doubt of its own figure.
    """
    says = sentence(form, row, {**standing, "not_comparable": ""}, place, period).replace(f" ({place}, {period})", "")
    return Strand(KIND, _verdict(form, row, standing), says if says.endswith(".") else f"{says}.", (form.key,))


def _verdict(form: Indicator, row: Row, standing: Row) -> str:
    if row["not_askable"]:
        return NOT_ASKED
    if standing.get("unusual") and form.better != "neither":
        return AGREE if standing["direction"] == form.better else DISAGREE
    told = (row["met"] or 0) + (row["not_met"] or 0)  # a count that disclosure hid counts for nothing
    if form.key in COMPARED_ONLY or None in (row["share"], row["share_lowest"], row["share_highest"]):
        return CANNOT_TELL
    if told < FEWEST_RECORDS and form.record != "force":
        return CANNOT_TELL
    lowest, highest = row["share_lowest"], row["share_highest"]
    return by_line(lowest, highest) if form.better == "higher" else by_line(1 - highest, 1 - lowest)


def parts(
    asked: Sequence[str], indicators: Sequence[Indicator], ladders: Mapping[str, Row], standing: Mapping[str, Row],
    place: str, period: str,
) -> list[Strand]:  # fmt: skip
    """One part for each indicator that serves one of the questions `asked`; `ladders` and `standing` of one place."""
    return [
        of_indicator(form, ladders[form.key], standing.get(form.key, {}), place, period)
        for form in indicators
        if set(form.asks.replace("|", " ").split()) & set(asked) and form.key in ladders
    ]


def followed(asked: Sequence[str], trends: Sequence[Row], place: str) -> list[Strand]:
    """The series of one place as a part that cannot tell, where one of the questions `asked` is of a rise or fall."""
    there = FOLLOWED & set(asked) and any(row["place_code"] == place for row in trends)
    return [Strand(KIND, CANNOT_TELL, MOVES)] if there else []
