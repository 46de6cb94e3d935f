"""Did the rate of blaming language change at a given date, or only the volume of text?

Before and after the date: the share of blaming entries, estimated from ratings, and the volume of text. A fall together
with shorter entries, fewer authors or fewer entries is not comparable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from assay.indicators import EVERYWHERE
from assay.indicators.audited_samples import AuditSample, rate_of_part, round_table
from assay.indicators.catalogue.attitudes.blaming_language import ENTRIES, TextVolume
from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.samples.subgroup_shares import difference

DAYS_A_MONTH = 30.44
VOLUME_DROP_RATIO = 0.9
"""Below this ratio of the volume after to before, entries count as shorter, and authors or entries as fewer."""
DECREASED, INCREASED, NO_CHANGE_DETECTED, NOT_COMPARABLE, INDETERMINATE = (
    "fell",
    "rose",
    "no change shown",
    "not comparable",
    "cannot be said",
)
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
    """Blaming entries (share) and monthly volume of text, before or after a date."""

    share: IntervalEstimate
    words_an_entry: float | None
    entries_a_month: float | None
    authors_a_month: float | None


def changes_table(audited: AuditSample, text_volume: TextVolume, dates: Sequence[date]) -> pl.DataFrame:
    """Return the change in the rate of blaming language before and after each date, by place."""
    police_entries = audited.where(~pl.col("imported"))
    rows = [
        _row(police_entries.at_place(place), text_volume, place, change_date)
        for place in police_entries.places
        for change_date in dates
    ]
    return round_table(rows, CHANGES)


def _row(police_entries: AuditSample, text_volume: TextVolume, place: str, change_date: date) -> dict[str, Any]:
    before, after = (_side(police_entries, text_volume, place, change_date, later=later) for later in (False, True))
    change = difference(before.share, after.share)
    change_verdict, why = verdict(before, after, change)
    row: dict[str, Any] = {
        "place_code": place,
        "changed_on": change_date.isoformat(),
        "said": change_verdict,
        "why": why,
    }
    for name, answer in (("before", before.share), ("after", after.share), ("change", change)):
        row |= {name: answer.value, f"{name}_low": answer.low, f"{name}_high": answer.high}
    for name in VOLUMES:
        row |= {f"{name}_before": getattr(before, name), f"{name}_after": getattr(after, name)}
    return row


def verdict(before: Side, after: Side, change: IntervalEstimate) -> tuple[str, str]:
    """Return the verdict on a change of the rate, or the reason why none is possible."""
    if change.value is None or change.low is None or change.high is None:
        return INDETERMINATE, change.words
    if change.low <= 0 <= change.high:
        return NO_CHANGE_DETECTED, "The interval of the change holds no change at all."
    if change.value > 0:
        return INCREASED, ""
    volume_drops = list(_volume_drops(before, after))
    if volume_drops:
        reductions = " and ".join(volume_drops)
        return NOT_COMPARABLE, f"Since that day {reductions}: what is not written down blames nobody."
    return DECREASED, "Fewer blaming words, as far as words tell: how children are seen may be as it was."


def _volume_drops(before: Side, after: Side) -> Iterator[str]:
    for name, words in VOLUMES.items():
        previous, current = getattr(before, name), getattr(after, name)
        if previous is None or current is None:
            yield f"it is not known whether {words}"
        elif current < VOLUME_DROP_RATIO * previous:
            yield words


def _side(police_entries: AuditSample, text_volume: TextVolume, place: str, change_date: date, *, later: bool) -> Side:
    day = pl.col("entry_at").cast(pl.Date)
    condition = day >= change_date if later else day < change_date
    side_entries = police_entries.where(condition)
    months = _months(police_entries.rows, change_date, later=later)
    if not months:
        return Side(rate_of_part(side_entries), None, None, None)
    volume = text_volume.volume.filter(
        (pl.col("table_name") == ENTRIES) & pl.col("month").is_in(_months_of(side_entries.rows).implode()),
        (pl.col("force_code") == place) | (place == EVERYWHERE),
    )
    read, words = int(volume["read"].sum()), int(volume["words"].sum())
    authors = text_volume.authors(place, condition) / months
    return Side(rate_of_part(side_entries), words / read if read else None, side_entries.records / months, authors)


def _months_of(rows: pl.DataFrame) -> pl.Series:
    return rows["entry_at"].dt.strftime("%Y-%m").unique()


def _months(rows: pl.DataFrame, change_date: date, *, later: bool) -> float:
    """Return the length in months of one side of a date, within the days that have entries."""
    days = rows["entry_at"].drop_nulls().dt.date().to_list()
    if not days:
        return 0.0
    first, last = min(days), max(days)
    length = (last - max(change_date, first)).days + 1 if later else (min(change_date, last) - first).days
    return float(max(length, 0) / DAYS_A_MONTH)
