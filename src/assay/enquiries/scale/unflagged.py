"""How much exploitation stands in summaries without a flag, and how good are the flags, as people confirmed it?

From marks of a sample drawn among all summaries by force, flag and score. What is counted are summaries that tell of
exploitation; exploitation that its summary does not tell of is in none of these figures, so the number is at least so
many. Without marks nothing is said: what a score or a list of signs calls is no number of crimes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl

from assay.enquiries.audited import (
    NOT_MARKED,
    Audited,
    as_stored,
    lowest_most,
    number,
    number_of_part,
    split,
    unread_share,
    why_not_compared,
)
from assay.enquiries.scale.moved import YEARS
from assay.estimation.answers import Answer, unanswered
from assay.estimation.samples.parts import share_of_first
from assay.measure import EVERYWHERE

QUESTION = "exploitation_told"
SUMMARIES = "summaries"
CALLED_FROM = 0.5
FLAG_NOT_KNOWN = "Whether these crimes bear a flag is not known, so the flags cannot be judged."
FIGURES = ("told", "unflagged", "sensitivity", "specificity", "precision", "reader_recall")
UNFLAGGED = {
    "place_code": pl.String, **dict.fromkeys(("summaries", "in_frame", "flagged", "marked", "marked_told"), pl.Int64),
    **{f"{name}{end}": pl.Float64 for name in FIGURES for end in ("", "_low", "_high")},
    "lowest_most": pl.Int64, "unread_share": pl.Float64,
    **dict.fromkeys(("why", "not_compared", "sample"), pl.String),
}  # fmt: skip
"""`told`: how many summaries tell of exploitation; `unflagged`: how many of them bear no flag; `sensitivity`: the share
of them that is flagged; `specificity`: of the others, the share that is not; `precision`: of those flagged, the share
that tells of it; `reader_recall`: of the unflagged that tell of it, the share that the score calls; `lowest_most`: how
many of the lowest band may tell of it."""
FEW_TOLD = "In one of two years the sample found too few summaries that tell of exploitation for a comparison."
FEW_YEARS = "The period does not hold two full years, so nothing is said of a direction."
LIMITS = (
    "exploitation that its summary does not tell of, or of which no crime was recorded, so there is at least so much"
)
LEANS_ON = (
    "Marks of people on a sample with known chances among all summaries; a flag is one that the return holds for the "
    "crime."
)


def unflagged_table(audited: Audited, volume: pl.DataFrame) -> pl.DataFrame:
    """A row for all forces together and for each: figures with their limits, or a refusal in words."""
    codes = sorted(volume.filter(pl.col("table_name") == SUMMARIES)["force_code"].unique())
    rows = [_row(audited.place(place), volume, place) for place in (EVERYWHERE, *codes)]
    return as_stored(rows, UNFLAGGED)


def years_table(audited: Audited, years: Sequence[date]) -> pl.DataFrame:
    """The table `moved.YEARS`, for all forces together and for each. `years`: the first days of the earlier year, of
    the later, and after it; none where the period does not hold two."""
    rows = [_year_row(audited.place(place), place, years) for place in audited.places]
    return as_stored(rows, pl.DataFrame(YEARS.empty_table()).schema)


def _year_row(audited: Audited, place: str, years: Sequence[date]) -> dict[str, Any]:
    if not audited.told or not years:
        return {"place_code": place, "refusal": FEW_YEARS if audited.told else NOT_MARKED}
    day = pl.col("recorded_at").cast(pl.Date, strict=False)
    first, second = (
        number_of_part(audited.of((day >= begin) & (day < after))) for begin, after in pairwise(years)
    )
    if not all(one.value is not None and one.low for one in (first, second)):
        return {"place_code": place, "refusal": FEW_TOLD}
    return {
        "place_code": place, "earlier_from": years[0].isoformat(), "later_from": years[1].isoformat(),
        "earlier_low": first.low, "earlier_high": first.high,
        "later_low": second.low, "later_high": second.high, "refusal": "",
    }  # fmt: skip


def _row(audited: Audited, volume: pl.DataFrame, place: str) -> dict[str, Any]:
    known = audited.of(pl.col("cse_flagged").is_not_null())
    unread = unread_share(volume, SUMMARIES, place)
    mine = volume.filter(pl.col("table_name") == SUMMARIES, (pl.col("force_code") == place) | (place == EVERYWHERE))
    row: dict[str, Any] = {
        "place_code": place, "summaries": int(mine["texts"].sum()), "in_frame": audited.records,
        "flagged": int(known.rows["cse_flagged"].cast(pl.Boolean).sum() or 0),
        "marked": audited.read, "marked_told": audited.met,
        "unread_share": unread, "sample": audited.sample, "lowest_most": lowest_most(audited) if audited.told else None,
        "not_compared": "" if place == EVERYWHERE else why_not_compared(unread, SUMMARIES),
    }  # fmt: skip
    figures = _figures(known) if known.told else dict.fromkeys(FIGURES, unanswered(_why(audited)))
    for name, one in figures.items():
        row |= {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}
    return row | {"why": figures["unflagged"].words if figures["unflagged"].value is None else ""}


def _why(audited: Audited) -> str:
    return FLAG_NOT_KNOWN if audited.told else NOT_MARKED


def _figures(known: Audited) -> dict[str, Answer]:
    """Every figure from four numbers: summaries with and without a flag, that tell of it and that do not."""
    with_flag, without = known.of(pl.col("cse_flagged")), known.of(~pl.col("cse_flagged"))
    found, missed = number(with_flag), number(without)
    return {
        "told": number(known),
        "unflagged": missed,
        "sensitivity": share_of_first(found, missed) if missed.value is not None else missed,
        "specificity": share_of_first(_others(without, missed), _others(with_flag, found)),
        "precision": share_of_first(found, _others(with_flag, found)),
        "reader_recall": split(without, pl.col("score") >= CALLED_FROM) if without.told else missed,
    }


def _others(part: Audited, having: Answer) -> Answer:
    """How many of a part do not tell of it."""
    if having.value is None or having.low is None or having.high is None:
        return having
    return Answer(part.records - having.value, part.records - having.high, part.records - having.low)
