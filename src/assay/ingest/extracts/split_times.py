"""Read the dates and times of an extract for the split: a date and its time of day may be in two columns.

The texts are read by `value_kinds_dates.read_moments`, which also recognises the column, so that what was recognised is
what is read.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from assay.ingest.extracts.value_kinds_dates import (
    DAY_FIRST,
    DAY_FRACTION,
    EXCEL,
    MONTH_FIRST,
    TIME_OF_DAY,
    YEAR_FIRST,
    read_moments,
    share_of_day_fractions,
)
from assay.ingest.london_time import local_time
from assay.ingest.midnight_times import MIN_MIDNIGHT_PERCENT, MIN_TIMES

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""A date outside these years is a placeholder of a system (0001-01-01, 9999-12-31) or an error."""
_SPREADSHEET_DAY_ZERO = r"^(1899-12-3[01]|1900-01-0[01])[T ]"
"""A spreadsheet puts its day zero before a time of day."""


class TimeReader:
    """Reads columns of dates and times, parsing each distinct text once.

    A call of `read_moments` costs some milliseconds however few the texts. An extract has many columns of dates (five
    sheets with eight persons each), so their texts are read together where they are known beforehand.
    """

    def __init__(self) -> None:
        self._known: dict[str, pl.DataFrame] = {}

    def prepare(self, columns: Iterable[tuple[str, pl.Series]]) -> None:
        """Read the distinct texts of several columns, given as pairs of date format and cells."""
        by_order: dict[str, list[pl.Series]] = {}
        for form, cells in columns:
            by_order.setdefault(_order(form), []).append(cells.unique())
        for order, texts in by_order.items():
            self._moments(order, pl.concat([text.rename("cell") for text in texts]))

    def read_times(self, cells: pl.Series, form: str, *, universal: bool = False) -> pl.DataFrame:
        """Return the times of a column: `time` (null where a cell is no date), and `is_day` where it has no clock time.

        Parameters
        ----------
        cells
            The texts of the column.
        form
            The form, as `find_date_form` returns it.
        universal
            True if the times are universal time without saying so in the cell.
        """
        found = self._moments(_order(form), cells.rename("cell"))
        in_range = pl.col("time").dt.year().is_between(FIRST_YEAR, LAST_YEAR, closed="left")
        read = found.with_columns(pl.when(in_range).then(pl.col("time")))
        if universal:
            read = read.with_columns(_local_times(read))
        is_day = pl.col("is_day").fill_null(False) & pl.col("time").is_not_null()
        return _with_midnights_as_days(read.select("time", is_day))

    def read_clock(self, cells: pl.Series) -> pl.Series:
        """Return a column of clock times as durations since midnight; null where a cell is none."""
        if share_of_day_fractions(cells.drop_nulls().unique().to_list()) > 0.5:
            return _day_fractions(cells)
        texts = cells.str.replace(_SPREADSHEET_DAY_ZERO, "").rename("cell")
        moments = self._moments(TIME_OF_DAY, texts)["time"]
        return moments - moments.dt.truncate("1d")

    def _moments(self, order: str, cells: pl.Series) -> pl.DataFrame:
        """Return time and is_day of each cell, after reading the texts that were not read before."""
        known = self._known.get(order)
        texts = cells.unique().drop_nulls().to_frame("cell")
        missing = texts if known is None else texts.join(known, on="cell", how="anti")
        if missing.height or known is None:
            moments, is_day = read_moments(missing["cell"].to_list(), order)
            read = missing.with_columns(pl.Series("time", moments, pl.Datetime("us")), pl.Series("is_day", is_day))
            known = read if known is None else pl.concat([known, read])
            self._known[order] = known
        return cells.to_frame("cell").join(known, on="cell", how="left", maintain_order="left", nulls_equal=False)


def _day_fractions(cells: pl.Series) -> pl.Series:
    """Return fractions of a day as durations to the second; null where a cell is none."""
    fraction = pl.col("cell").str.strip_chars().str.extract(f"^({DAY_FRACTION})$", 1).cast(pl.Float64, strict=False)
    seconds = (fraction * 86_400).round(0).cast(pl.Int64)
    return cells.to_frame("cell").select(pl.duration(seconds=seconds).cast(pl.Duration("us")).alias("clock"))["clock"]


def _order(form: str) -> str:
    """Return what of a form decides how texts are read: the part that comes first, or the notation."""
    if form.startswith(("HH", EXCEL)):
        return TIME_OF_DAY if form.startswith("HH") else EXCEL
    return next((order for order in (YEAR_FIRST, MONTH_FIRST) if form.startswith(order)), DAY_FIRST)


def _local_times(read: pl.DataFrame) -> pl.Series:
    """Return times of universal time as local time; a day alone stays."""
    pairs = zip(read["time"].to_list(), read["is_day"].to_list(), strict=True)
    times = [time if time is None or is_day else local_time(time) for time, is_day in pairs]
    return pl.Series("time", times, dtype=pl.Datetime("us"))


def add_clock(read: pl.DataFrame, clock: pl.Series) -> pl.DataFrame:
    """Return the dates of `read` combined with the times of day in a second column, where it has a time."""
    day = pl.col("time").dt.truncate("1d")
    joined = read.with_columns(clock.alias("clock"))
    has_clock = pl.col("clock").is_not_null()
    return joined.select(
        time=pl.when(has_clock).then(day + pl.col("clock")).otherwise(pl.col("time")),
        is_day=pl.when(has_clock).then(False).otherwise(pl.col("is_day")),
    )


def _with_midnights_as_days(read: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with 00:00 as a day alone where it stands for no time (rule R22), or all times are 00:00."""
    timed = read.filter(pl.col("time").is_not_null() & ~pl.col("is_day"))
    is_midnight = pl.col("time") == pl.col("time").dt.truncate("1d")
    midnights = timed.filter(is_midnight).height
    if not midnights:
        return read
    holds_days = timed.height >= MIN_TIMES and midnights * 100 >= MIN_MIDNIGHT_PERCENT * timed.height
    if not holds_days and midnights < timed.height:
        return read
    return read.with_columns(is_day=pl.col("is_day") | is_midnight.fill_null(False))
