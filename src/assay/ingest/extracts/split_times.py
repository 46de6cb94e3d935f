"""Read the dates and times of an extract: whole columns at once, in any form in which a record system writes them.

The form of a column says only in which order day, month and year stand. Within this order every separator, name of a
month, clock and time zone is read, because one column often mixes them: a date without its time, a cell that a
spreadsheet turned into a real date. A cell whose year comes first with four digits is read as year, month, day.
"""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from assay.ingest.midnight_times import MIN_MIDNIGHT_PERCENT, MIN_TIMES

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""A date outside these years is a placeholder of a system (0001-01-01, 9999-12-31) or an error."""
DEFAULT_ORDER = "DMY"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_TO_NEXT = r"(?:st|nd|rd|th)?[\s./_,-]*"
_DATE = rf"(?P<a>\d{{1,4}}|[a-z]{{3,9}}){_TO_NEXT}(?P<b>\d{{1,2}}|[a-z]{{3,9}}){_TO_NEXT}(?P<c>\d{{2,4}})"
_YEAR_FIRST = r"(?P<a>\d{4})[./ _-](?P<b>\d{1,2}|[a-z]{3,9})[./ _-](?P<c>\d{1,2})"
_COMPACT = {
    "YMD": r"(?P<a>\d{4})(?P<b>\d{2})(?P<c>\d{2})",
    "DMY": r"(?P<a>\d{2})(?P<b>\d{2})(?P<c>\d{4})",
    "MDY": r"(?P<a>\d{2})(?P<b>\d{2})(?P<c>\d{4})",
}
"""Dates of eight digits; the order of the form decides which pattern holds."""
_CLOCK = (
    r"(?P<hour>\d{1,2})[:.h]?(?P<minute>\d{2})(?:[:.]?(?P<second>\d{2})(?:[.,:]\d+)?)?"
    r"\s*(?:(?P<half>[ap])\.?\s*m\.?)?\s*(?:hrs|hours|h)?"
)
_ZONE = r"\s*(?P<zone>z|utc|gmt|bst|[+-]\d{2}:?(?:\d{2})?)?"
_CLOCK_ALONE = rf"^(?:(?:1899-12-3[01]|1900-01-0[01])[t\s]+)?{_CLOCK}{_ZONE}$"
"""A clock time of its own; a spreadsheet puts its day zero before it."""


def order_of_form(form: str) -> str:
    """Return in which order a form has day, month and year: 'DMY', 'MDY' or 'YMD'."""
    letters = re.findall(r"D+|M{2,4}|Y+", form.upper().partition("HH")[0])
    order = "".join(dict.fromkeys(letter[0] for letter in letters))
    return order if order in _COMPACT else DEFAULT_ORDER


def read_times(cells: pl.Series, form: str, *, of_birth: bool = False, universal: bool = False) -> pl.DataFrame:
    """Return the times of a column: `time` (null where a cell is no date), and `is_day` where it has no clock time.

    Parameters
    ----------
    cells
        The texts of the column.
    form
        The form, which gives the order of day and month.
    of_birth
        True for dates of birth: a year of two digits is then never after this year.
    universal
        True if the times are universal time without saying so in the cell.
    """
    distinct = pl.DataFrame({"cell": cells.unique()})
    read = distinct.with_columns(_cleaned(pl.col("cell")).alias("text")).with_columns(*_parts(order_of_form(form)))
    read = read.with_columns(_year(of_birth), _month("month").alias("month_number")).with_columns(_time().alias("time"))
    read = read.with_columns(_in_range(pl.col("time")), is_day=pl.col("hour").is_null())
    read = _in_london(read, universal).select("cell", "time", "is_day")
    found = pl.DataFrame({"cell": cells}).join(read, on="cell", how="left", maintain_order="left", nulls_equal=False)
    is_day = pl.col("is_day").fill_null(False) & pl.col("time").is_not_null()
    return _with_midnights_as_days(found.select("time", is_day))


def read_clock(cells: pl.Series) -> pl.Series:
    """Return the minutes and seconds of a column of clock times as a duration since midnight; null where it is none."""
    frame = pl.DataFrame({"text": cells}).with_columns(_cleaned(pl.col("text")))
    groups = pl.col("text").str.extract_groups(_CLOCK_ALONE)
    frame = frame.with_columns(groups.struct.field("hour", "minute", "second", "half"))
    frame = frame.with_columns(pl.col("hour", "minute", "second").cast(pl.Int32, strict=False))
    hour = _hour_of_day()
    is_valid = (hour < 24) & (pl.col("minute") < 60)
    seconds = hour * 3600 + pl.col("minute") * 60 + pl.col("second").fill_null(0)
    return frame.select(pl.when(is_valid).then(pl.duration(seconds=seconds)).alias("clock"))["clock"]


def add_clock(read: pl.DataFrame, clock: pl.Series) -> pl.DataFrame:
    """Return the days of `read` with the clock times of a second column; a day alone where there is no clock time."""
    day = pl.col("time").dt.truncate("1d")
    joined = read.with_columns(clock.alias("clock"))
    has_clock = pl.col("clock").is_not_null()
    return joined.select(
        time=pl.when(has_clock).then(day + pl.col("clock")).otherwise(pl.col("time")),
        is_day=pl.when(has_clock).then(False).otherwise(pl.col("is_day")),
    )


def _cleaned(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.strip_chars(" \t'\"[]()").str.replace_all(r"\bsept\b", "sep")


def _parts(order: str) -> list[pl.Expr]:
    """Return year, month, day, clock and zone of each text as columns of text."""
    separator = r"(?:[t\s,:;@-]+(?:at\s+)?"
    patterns = [
        (rf"^{_WEEKDAY}{_COMPACT[order]}(?:[t\s:_-]*{_CLOCK})?{_ZONE}$", order),
        (rf"^{_WEEKDAY}{_YEAR_FIRST}{separator}{_CLOCK})?{_ZONE}$", "YMD"),
        (rf"^{_WEEKDAY}{_DATE}{separator}{_CLOCK})?{_ZONE}$", order if order != "YMD" else DEFAULT_ORDER),
    ]  # fmt: skip
    found = [(pl.col("text").str.extract_groups(pattern).struct, places) for pattern, places in patterns]
    expressions = []
    for name, letter in (("year", "Y"), ("month", "M"), ("day", "D")):
        fields = [groups.field("abc"[places.index(letter)]) for groups, places in found]
        expressions.append(pl.coalesce(fields).alias(name))
    for name in ("hour", "minute", "second", "half", "zone"):
        expressions.append(pl.coalesce([groups.field(name) for groups, _ in found]).alias(name))
    return expressions


def _month(name: str) -> pl.Expr:
    """Return the month, a number or a name, as a number."""
    numbers = {month: str(number) for number, month in enumerate(_MONTHS, start=1)}
    return pl.col(name).str.slice(0, 3).replace(numbers).cast(pl.Int32, strict=False)


def _year(of_birth: bool) -> pl.Expr:
    year = pl.col("year").cast(pl.Int32, strict=False)
    last = date.today().year if of_birth else LAST_YEAR
    century = pl.when(year + 2000 > last).then(1900).otherwise(2000)
    short = pl.col("year").str.len_chars() == 2
    return pl.when(short).then(year + century).otherwise(year).alias("full_year")


def _hour_of_day() -> pl.Expr:
    """Return the hour of a 24-hour clock; null for 13 pm."""
    hour = pl.col("hour").cast(pl.Int32, strict=False)
    in_half = pl.when(hour.is_between(1, 12)).then(hour % 12 + pl.when(pl.col("half") == "p").then(12).otherwise(0))
    return pl.when(pl.col("half").is_null() | (hour > 12)).then(hour).otherwise(in_half)


def _time() -> pl.Expr:
    day = pl.col("day").cast(pl.Int32, strict=False)
    month_first = _month_first()
    texts = pl.format(
        "{}-{}-{} {}:{}:{}",
        pl.col("full_year"),
        pl.when(month_first).then(_month("day")).otherwise(pl.col("month_number")),
        pl.when(month_first).then(pl.col("month").cast(pl.Int32, strict=False)).otherwise(day),
        _hour_of_day().fill_null(0),
        pl.col("minute").cast(pl.Int32, strict=False).fill_null(0),
        pl.col("second").cast(pl.Int32, strict=False).fill_null(0),
    )
    return texts.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)


def _month_first() -> pl.Expr:
    """Return True where the name of a month stands where the form has the day: 'Jan 5 2024'."""
    return pl.col("day").str.contains("^[a-z]").fill_null(False)


def _in_range(time: pl.Expr) -> pl.Expr:
    return pl.when(time.dt.year().is_between(FIRST_YEAR, LAST_YEAR, closed="left")).then(time)


def _in_london(read: pl.DataFrame, universal: bool) -> pl.DataFrame:
    """Return the frame with times that carry a zone, or are universal time, as local time in London."""
    has_zone = pl.col("zone").is_not_null() & pl.col("hour").is_not_null()
    if universal:
        has_zone = pl.col("hour").is_not_null()
    if not read.select(has_zone.any()).item():
        return read
    offset_pattern = r"^(?P<sign>[+-])(?P<h>\d{2})(?P<m>\d{2})?$"
    digits = pl.col("zone").str.replace_all(":", "").str.extract_groups(offset_pattern).struct
    minutes = digits.field("h").cast(pl.Int32) * 60 + digits.field("m").cast(pl.Int32).fill_null(0)
    signed = pl.when(digits.field("sign") == "-").then(-minutes).otherwise(minutes)
    offset = pl.when(pl.col("zone") == "bst").then(60).otherwise(signed).fill_null(0)
    instant = (pl.col("time") - pl.duration(minutes=offset)).dt.replace_time_zone("UTC")
    local = instant.dt.convert_time_zone("Europe/London").dt.replace_time_zone(None)
    return read.with_columns(time=pl.when(has_zone).then(local).otherwise(pl.col("time")))


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
