"""Do relations between the dates of a sheet, such as their order, support or contradict a meaning of a column?

A date of birth lies years before most other dates of its sheet; a report does not come after the record; the last
possible day of an offence does not come before the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl
import pyarrow as pa

from assay.ingest.extracts.column_profiles import FULL, HALF, ColumnProfile
from assay.ingest.extracts.value_kinds_dates import read_moments

RelationPoints = Mapping[tuple[str, str], tuple[float, str]]
"""(heading, column of the contract) -> points and a phrase that says why."""
SCHEMA = {"first": pl.Datetime("us"), "second": pl.Datetime("us")}
MAX_ROWS = 5000
MIN_ROWS = 10
ORDER = (
    ("occurred_from", "occurred_to"), ("occurred_from", "reported_at"), ("reported_at", "recorded_at"),
    ("recorded_at", "outcome_at"), ("recorded_at", "closed_at"), ("date_of_birth", "occurred_from"),
    ("date_of_birth", "recorded_at"), ("added_at", "removed_at"),
)  # fmt: skip
"""Pairs of columns of which the first does not come after the second."""
MAX_VIOLATIONS = 0.1
"""Share of the rows in which a pair may be the other way round: errors of entry."""
ORDER_KEPT, ORDER_BROKEN = 0.5, -2.0
BIRTH_LIKE, NOT_BIRTH_LIKE, BIRTH_LIKE_OTHERWISE = 3.0, -5.0, -4.0
"""Points for a date of birth whose dates are spread like births, for one whose dates are not, and for a date of another
meaning whose dates are spread like births."""
MIN_BIRTH_SPREAD, MIN_YEARS_BEFORE = 4 * 365.25, 8 * 365.25
"""Days."""


def dates_by_heading(cells: pa.Table, profiles: Iterable[ColumnProfile]) -> dict[str, pl.Series]:
    """Return the parsed dates of each date column, for the first rows of the sheet."""
    head = cells.slice(0, MAX_ROWS)
    return {
        profile.heading: pl.Series(
            read_moments(head[profile.heading].to_pylist(), profile.date_form.form)[0], dtype=pl.Datetime("us")
        )
        for profile in profiles
        if profile.date_form.share >= HALF and not profile.date_form.form.startswith("HH")
    }


def relation_points(dates: Mapping[str, pl.Series], likeliest: Mapping[str, str]) -> RelationPoints:
    """Return the evidence points for each possible meaning of a date column, from its relations to the others.

    Parameters
    ----------
    dates
        Heading -> its dates, in equal rows.
    likeliest
        Heading -> the column of the contract that it most likely is, so far.
    """
    points: dict[tuple[str, str], tuple[float, str]] = {}
    for heading, found in _birth_points(dates).items():
        points[heading, "date_of_birth"] = found
        if found[0] > 0:
            for column in ("recorded_at", "reported_at", "outcome_at", "closed_at", "added_at", "cancelled_at"):
                points[heading, column] = (BIRTH_LIKE_OTHERWISE, "its dates are spread as births are")
    for first, second in ORDER:
        for first_heading in _headings_of(likeliest, first):
            for later in _headings_of(likeliest, second):
                _add_order(points, dates, (first_heading, first), (later, second))
    return points


def _headings_of(likeliest: Mapping[str, str], column: str) -> list[str]:
    return [heading for heading, found in likeliest.items() if found == column]


def _birth_points(dates: Mapping[str, pl.Series]) -> dict[str, tuple[float, str]]:
    spreads = {heading: spread for heading, found in dates.items() if (spread := _spread(found)) is not None}
    newest = max((middle for _, middle, _ in spreads.values()), default=0.0)
    has_others = len(spreads) > 1
    points = {}
    for heading, (low, middle, high) in spreads.items():
        is_spread = high - low > MIN_BIRTH_SPREAD
        is_old = has_others and newest - middle > MIN_YEARS_BEFORE
        if is_spread and is_old:
            points[heading] = (BIRTH_LIKE, "its dates are spread as births are, years before the others")
        elif not is_spread and not is_old and has_others:
            points[heading] = (NOT_BIRTH_LIKE, "its dates are not spread as births are")
    return points


def _spread(dates: pl.Series) -> tuple[float, float, float] | None:
    """Return the 10%, 50% and 90% quantiles of dates, as days since 1970; None if there are few dates."""
    if dates.len() - dates.null_count() < MIN_ROWS:
        return None
    days = dates.alias("date").to_frame().select((pl.col("date").dt.epoch("s") / 86_400).alias("day"))
    quantiles = days.select(pl.col("day").quantile(share).alias(str(share)) for share in (0.1, 0.5, 0.9)).row(0)
    low, middle, high = map(float, quantiles)
    return low, middle, high


def _add_order(
    points: dict[tuple[str, str], tuple[float, str]],
    dates: Mapping[str, pl.Series],
    first_heading: tuple[str, str],
    later: tuple[str, str],
) -> None:
    """Add points to both meanings for keeping their order or breaking it; days of one day keep it."""
    frame = pl.DataFrame([dates[first_heading[0]].alias("first"), dates[later[0]].alias("second")], SCHEMA).drop_nulls()
    if frame.height < MIN_ROWS:
        return
    broken = frame.select((pl.col("first").dt.date() > pl.col("second").dt.date()).mean()).item()
    added = ORDER_KEPT if broken <= 1 - FULL else ORDER_BROKEN if broken > MAX_VIOLATIONS else 0.0
    phrase = "its dates keep the order with others" if added > 0 else "its dates break the order with others"
    for key in (first_heading, later):
        points_so_far, reason = points.get(key, (0.0, ""))
        if added:
            points[key] = (points_so_far + added, reason or phrase)
