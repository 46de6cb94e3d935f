"""Did blaming words become fewer at a chosen date, or did people only write less?

Before and after a date: the share of entries that blame, as people confirmed it, and how much was written. A fall
beside shorter entries, fewer authors or fewer entries is not comparable: what is not written down blames nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from assay.indicators import EVERYWHERE
from assay.indicators.audited_samples import Audited, as_stored, rate_of_part
from assay.indicators.catalogue.attitudes.blaming_language import ENTRIES, Written
from assay.stats.interval_estimates import Answer
from assay.stats.samples.subgroup_shares import difference

DAYS_A_MONTH = 30.44
LESS = 0.9
"""Under this part of what it was before, entries count as shorter, authors or entries as fewer."""
FELL, ROSE, NONE_SHOWN, NOT_COMPARABLE, NOT_TOLD = "fell", "rose", "no change shown", "not comparable", "cannot be told"
CHANGES = {
    "place_code": pl.String, "changed_on": pl.String,
    **dict.fromkeys(("before", "before_low", "before_high", "after", "after_low", "after_high"), pl.Float64),
    **dict.fromkeys(("change", "change_low", "change_high"), pl.Float64),
    **dict.fromkeys(("words_an_entry_before", "words_an_entry_after", "entries_a_month_before"), pl.Float64),
    **dict.fromkeys(("entries_a_month_after", "authors_a_month_before", "authors_a_month_after"), pl.Float64),
    "said": pl.String, "why": pl.String,
}  # fmt: skip
VOLUMES = {
    "words_an_entry": "entries are shorter", "entries_a_month": "there are fewer entries",
    "authors_a_month": "fewer people wrote them",
}  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One side of a date: the share, and what was written a month."""

    share: Answer
    words_an_entry: float | None
    entries_a_month: float | None
    authors_a_month: float | None


def changes_table(audited: Audited, written: Written, dates: Sequence[date]) -> pl.DataFrame:
    """A row for each place and date."""
    own = audited.of(~pl.col("imported"))
    rows = [_row(own.place(place), written, place, on) for place in own.places for on in dates]
    return as_stored(rows, CHANGES)


def _row(own: Audited, written: Written, place: str, on: date) -> dict[str, Any]:
    before, after = (_side(own, written, place, on, later=later) for later in (False, True))
    change = difference(before.share, after.share)
    said, why = verdict(before, after, change)
    told: dict[str, Any] = {"place_code": place, "changed_on": on.isoformat(), "said": said, "why": why}
    for name, answer in (("before", before.share), ("after", after.share), ("change", change)):
        told |= {name: answer.value, f"{name}_low": answer.low, f"{name}_high": answer.high}
    for name in VOLUMES:
        told |= {f"{name}_before": getattr(before, name), f"{name}_after": getattr(after, name)}
    return told


def verdict(before: Side, after: Side, change: Answer) -> tuple[str, str]:
    """What may be said of a change, and why no more."""
    if change.value is None or change.low is None or change.high is None:
        return NOT_TOLD, change.words
    if change.low <= 0 <= change.high:
        return NONE_SHOWN, "The interval of the change holds no change at all."
    if change.value > 0:
        return ROSE, ""
    less = list(_less(before, after))
    if less:
        said = " and ".join(less)
        return NOT_COMPARABLE, f"Since that day {said}: what is not written down blames nobody."
    return FELL, "Fewer blaming words, as far as words tell: how children are seen may be as it was."


def _less(before: Side, after: Side) -> Iterator[str]:
    for name, words in VOLUMES.items():
        was, now = getattr(before, name), getattr(after, name)
        if was is None or now is None:
            yield f"it is not known whether {words}"
        elif now < LESS * was:
            yield words


def _side(own: Audited, written: Written, place: str, on: date, *, later: bool) -> Side:
    day = pl.col("entry_at").cast(pl.Date)
    condition = day >= on if later else day < on
    mine = own.of(condition)
    months = _months(own.rows, on, later=later)
    if not months:
        return Side(rate_of_part(mine), None, None, None)
    volume = written.volume.filter(
        (pl.col("table_name") == ENTRIES) & pl.col("month").is_in(_months_of(mine.rows).implode()),
        (pl.col("force_code") == place) | (place == EVERYWHERE),
    )
    read, words = int(volume["read"].sum()), int(volume["words"].sum())
    authors = written.authors(place, condition) / months
    return Side(rate_of_part(mine), words / read if read else None, mine.records / months, authors)


def _months_of(rows: pl.DataFrame) -> pl.Series:
    return rows["entry_at"].dt.strftime("%Y-%m").unique()


def _months(rows: pl.DataFrame, on: date, *, later: bool) -> float:
    """How long one side of a date is, within the days of the entries that there are."""
    days = rows["entry_at"].drop_nulls().dt.date().to_list()
    if not days:
        return 0.0
    first, last = min(days), max(days)
    length = (last - max(on, first)).days + 1 if later else (min(on, last) - first).days
    return float(max(length, 0) / DAYS_A_MONTH)
