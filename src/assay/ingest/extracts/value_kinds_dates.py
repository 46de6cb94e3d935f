"""Read the dates and times of a column in one format, which is detected from the column as a whole.

A form is written as in mapping.toml: 'DD/MM/YYYY HH:MM', 'MM/DD/YYYY', 'YYYY-MM-DD', 'DD MMM YYYY'; 'HH:MM' is a time
of day in a column of its own, and 'EXCEL' is the serial number of a spreadsheet. Its first letters say which part of
the date comes first. The separator, a clock of 12 hours (AM and PM), seconds, a zone and a name of a weekday may
change from cell to cell, because they leave no doubt. Where no cell shows which of day and month comes first, the
other columns of the sheet decide, and without them the day does, as is usual in the United Kingdom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl
import pyarrow as pa

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "DD", "MM", "YYYY"
EXCEL = "EXCEL"
TIME_OF_DAY = "HH:MM"
LAST_SHORT_YEAR = 30
"""The last year of two digits that belongs to this century. Few persons of a record were born before 1931."""
FIRST_YEAR, LAST_YEAR = 1850, 2199
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = (
    r"(?:[T,:]?\s*(?:at\s+)?\(?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(?:hrs?|hours)?\)?)?"
)
_COMPACT_CLOCK = r"(?:[T\s]+(\d{2})(\d{2})(\d{2})?\s*(?:hrs?|hours)?)"
_CLOCK_NOT_KNOWN = (
    r"\s*[,;(\[-]*\s*(?:(?:time|tm)\s*[:-]?\s*)?(?:is\s+)?"
    r"(?:not (?:known|recorded|stated|given|available)|unknown|unk|n/?k|no time|tbc|[?x-]{1,2}[:.][?x-]{1,2})\s*[)\]]?"
)
"""Words in place of a time: 01/05/2025 time not known. The date is a day alone."""
_ZONE = r"\s*(z|utc|gmt|bst|[+-]\d{2}(?::?\d{2})?)?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
_MONTH_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE_SHAPES: Mapping[str, str] = {
    "numbers": r"(\d{1,4})[-/.\\ ](\d{1,2})[-/.\\ ](\d{4}|\d{2})",
    "day_name": r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*(?:of\s+)?" + _MONTH_NAME + r"[-/., ]*(\d{4}|\d{2})",
    "name_day": _MONTH_NAME + r"[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4})",
    "year_name": r"(\d{4})[-/. ]" + _MONTH_NAME + r"[-/. ](\d{1,2})",
    "digits": r"(\d{4})(\d{2})(\d{2})",
}
_PATTERNS = {
    name: f"^{_WEEKDAY}{shape}(?:{_COMPACT_CLOCK}|{_CLOCK}|{_CLOCK_NOT_KNOWN}){_ZONE}$"
    for name, shape in _DATE_SHAPES.items()
}
_COMPILED = {name: re.compile(pattern, re.I) for name, pattern in _PATTERNS.items()}
_TIME_OF_DAY = r"^(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*([ap]\.?m\.?)?\s*(?:hrs?|hours)?$"
_FOUR_DIGITS = r"^([01]\d|2[0-3])([0-5]\d)\s*(?:hrs?|hours)?$"
DAY_FRACTION, _LONG_FRACTION = r"0?\.\d+|0", r"0?\.\d{3,}"
_SERIAL = r"^(\d{5})(\.\d+)?$"
FIRST_RECENT_SERIAL, LAST_RECENT_SERIAL, MIN_SHARE_RECENT = 32_874, 54_789, 0.9
"""Serial numbers of 1 January 1990 and 2050, and the share of a column that must lie between: five digits are dates
under a heading such as 'Recorded' only if they are plausible days of crimes."""
_DURATION_DAY = pl.date(1899, 12, 30)


@dataclass(frozen=True)
class DateForm:
    """The format of the dates or times of a column.

    Parameters
    ----------
    form
        The form in the notation of mapping.toml; '' if the column holds no dates.
    share
        The share of the texts, 0 to 1, that are dates in it.
    is_order_shown
        True if a text shows whether the day or the month comes first, or no text leaves it open.
    """

    form: str = ""
    share: float = 0.0
    is_order_shown: bool = True


def read_moments(texts: pa.Array | Sequence[str], form: str) -> tuple[pa.Array, pa.Array]:
    """Parse dates and times in a given format.

    Parameters
    ----------
    texts
        The distinct texts of a column; null is read as null.
    form
        The form, as `find_date_form` returns it.

    Returns
    -------
    moments
        The local times in London, as timestamp('us'); midnight where a text is a date without a time; null where it
        is not understood. A time of day is on 1 January 1970.
    is_day
        True where the text holds no time (bool).
    """
    frame = pl.Series("text", _strings(texts), pl.String).str.strip_chars().str.to_lowercase().to_frame()
    if form.startswith("HH"):
        moments = frame.select(_time_of_day().alias("moment"), pl.lit(False).alias("is_day"))
    elif form == EXCEL:
        moments = frame.select(_serial_moment().alias("moment"), _is_whole_serial().alias("is_day"))
    else:
        moments = _without_midnights(_dated(frame, form))
    return moments["moment"].to_arrow().cast(pa.timestamp("us")), moments["is_day"].to_arrow()


def find_date_form(texts: Sequence[str], expect_serials: bool = False, default_order: str = DAY_FIRST) -> DateForm:
    """Detect the format of the dates or times of a column.

    Parameters
    ----------
    texts
        Distinct texts of the column, or a sample of them.
    expect_serials
        True if the heading says that the column holds dates, so that five digits may be a spreadsheet's serial number.
    default_order
        Which part comes first (DD or MM) where no text shows it.
    """
    if not texts:
        return DateForm()
    orders = [orders_of_date(text.strip().lower()) for text in texts]
    readings = {order: sum(order in found for found in orders) for order in (DAY_FIRST, MONTH_FIRST, YEAR_FIRST)}
    best = max(readings, key=lambda order: readings[order])
    if expect_serials and (fractions := share_of_day_fractions(texts)) > 0.5:
        return DateForm(TIME_OF_DAY, fractions)
    times = sum(_is_time_of_day(text.strip().lower()) for text in texts)
    if times > readings[best]:
        return DateForm(TIME_OF_DAY, times / len(texts))
    if expect_serials and 2 * readings[best] < len(texts):
        serials = sum(bool(re.match(_SERIAL, text.strip())) for text in texts)
        return DateForm(EXCEL, serials / len(texts)) if 2 * serials > len(texts) else DateForm()
    if not readings[best]:
        return DateForm()
    is_open = readings[DAY_FIRST] == readings[MONTH_FIRST] and any(
        found == {DAY_FIRST, MONTH_FIRST} for found in orders
    )
    order = default_order if is_open else best
    return DateForm(_form_in_words(order, texts), readings[order] / len(texts), not is_open)


def are_recent_serials(texts: Sequence[str]) -> bool:
    """Return True if nearly all texts are days of a spreadsheet between 1990 and 2050, with or without a time."""
    if not texts or not re.match(_SERIAL, texts[0].strip()):
        return False
    days = [int(match[1]) for text in texts if (match := re.match(_SERIAL, text.strip()))]
    n_recent = sum(FIRST_RECENT_SERIAL <= day < LAST_RECENT_SERIAL for day in days)
    return n_recent >= MIN_SHARE_RECENT * len(texts)


def share_of_day_fractions(texts: Sequence[str]) -> float:
    """Return the share of texts that are fractions of a day, as a spreadsheet stores a time: 0.75 is 18:00.

    It is 0 unless half of them have three decimals or more: '0.30' alone may be half past midnight.
    """
    n_long = sum(bool(re.fullmatch(_LONG_FRACTION, text.strip())) for text in texts)
    if 2 * n_long < len(texts):
        return 0.0
    return sum(bool(re.fullmatch(DAY_FRACTION, text.strip())) for text in texts) / len(texts)


_ALL_ORDERS = frozenset({DAY_FIRST, MONTH_FIRST, YEAR_FIRST})


@lru_cache(maxsize=65536)
def orders_of_date(text: str) -> frozenset[str]:
    """Return the possible orders of day, month and year in a date in lower case; empty if the text is not a date."""
    if not text[:1].isalnum() or len(text) < 6 or len(text) > 48:
        return frozenset()
    for name, pattern in _COMPILED.items():
        match = pattern.match(text)
        if match:
            return _orders_of_parts(name, match)
    return frozenset()


def _orders_of_parts(name: str, match: re.Match[str]) -> frozenset[str]:
    first, second, third = match[1], match[2], match[3]
    if name == "digits":
        return _ALL_ORDERS if _is_day(first, second, third) else frozenset()
    if name != "numbers":
        year, day = {"day_name": (third, first), "name_day": (third, second), "year_name": (first, third)}[name]
        return _ALL_ORDERS if _is_day(year, "1", day) else frozenset()
    if len(first) == 4:
        return _ALL_ORDERS if len(third) == 2 and _is_day(first, second, third) else frozenset()
    if len(first) > 2:
        return frozenset()
    day_first = {DAY_FIRST} if _is_day(third, second, first) else set()
    return frozenset(day_first | ({MONTH_FIRST} if _is_day(third, first, second) else set()))


def _is_day(year: str, month: str, day: str) -> bool:
    """Return True if there is such a day, nearly: the length of each month is left to the reading."""
    full = int(year) if len(year) == 4 else 2000
    return FIRST_YEAR <= full <= LAST_YEAR and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _is_time_of_day(text: str) -> bool:
    match = re.match(_TIME_OF_DAY, text) or re.match(_FOUR_DIGITS, text)
    return bool(match) and int(match[1]) < 24 and int(match[2]) < 60  # type: ignore[index]


def _strings(texts: pa.Array | Sequence[str]) -> list[str | None]:
    return texts.to_pylist() if isinstance(texts, (pa.Array, pa.ChunkedArray)) else list(texts)


def _group(pattern: str, number: int) -> pl.Expr:
    return pl.col("text").str.extract(pattern, number)


def _dated(frame: pl.DataFrame, form: str) -> pl.DataFrame:
    """Return the moment and whether it is a day alone, for every text in any of the shapes of a date.

    The shape that most texts have is tried first, and each further one only on the texts that are left.
    """
    order = next(order for order in (YEAR_FIRST, DAY_FIRST, MONTH_FIRST) if form.startswith(order))
    left = frame.with_row_index("row")
    done = []
    for name in _shapes_by_use(frame):
        read = left.with_columns(pl.col("text").str.extract_groups(f"(?i){_PATTERNS[name]}").alias("parts"))
        read = read.with_columns(_shape_moment(name, order).alias("moment"), _has_no_clock().alias("is_day"))
        done.append(read.filter(pl.col("moment").is_not_null()).select("row", "moment", "is_day"))
        left = read.filter(pl.col("moment").is_null()).select("row", "text")
        if not left.height:
            break
    rest = left.select("row", pl.lit(None, dtype=pl.Datetime("us")).alias("moment"), pl.lit(True).alias("is_day"))
    return pl.concat([*done, rest]).sort("row").select("moment", "is_day")


def _without_midnights(moments: pl.DataFrame) -> pl.DataFrame:
    """Return the moments as days where every time of the column is midnight: the system holds days alone."""
    times = moments.filter(pl.col("moment").is_not_null() & ~pl.col("is_day"))["moment"]
    is_midnight = (times.dt.hour() == 0) & (times.dt.minute() == 0) & (times.dt.second() == 0)
    holds_days = len(times) > 1 and bool(is_midnight.all())
    return moments.with_columns(is_day=pl.lit(True)) if holds_days else moments


def _shapes_by_use(frame: pl.DataFrame) -> list[str]:
    """Return the shapes of a date, the commonest among the first texts first."""
    sample = frame.head(200)
    counts = {name: sample["text"].str.contains(f"(?i){pattern}").sum() or 0 for name, pattern in _PATTERNS.items()}
    return sorted(counts, key=lambda name: -counts[name])


def _part(number: int) -> pl.Expr:
    return pl.col("parts").struct.field(str(number))


def _has_no_clock() -> pl.Expr:
    return pl.coalesce(_part(4), _part(7)).is_null()


def _shape_moment(name: str, order: str) -> pl.Expr:
    """Return the moment of texts whose parts were read by the pattern of one shape; null if there is no such day."""
    first, second, third = _part(1), _part(2), _part(3)
    if name == "numbers":
        year, month, day = _numbered_parts(order)
    elif name == "digits":
        year, month, day = first, second, third
    elif name == "year_name":
        year, month, day = first, _month_number(second), third
    elif name == "day_name":
        year, month, day = third, _month_number(second), first
    else:
        year, month, day = third, _month_number(first), second
    hour, minute, second_of_minute = (pl.coalesce(_part(4 + number), _part(7 + number)) for number in range(3))
    moment = _moment(_year(year), month, day, _hour(hour, _part(10)), minute, second_of_minute)
    has_zone_alone = hour.is_null() & _part(11).is_not_null()
    local = _to_london(moment, _part(11))
    return pl.when(local.dt.year().is_between(FIRST_YEAR, LAST_YEAR) & ~has_zone_alone).then(local)


def _numbered_parts(order: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return year, month and day of a date of three numbers; four digits in front are a year in any order."""
    first, second, third = _part(1), _part(2), _part(3)
    is_year_first = first.str.len_chars() == 4
    is_readable = (is_year_first & (third.str.len_chars() == 2)) | (~is_year_first & (first.str.len_chars() <= 2))
    last = pl.lit(None, dtype=pl.String) if order == YEAR_FIRST else third
    day, month = (second, first) if order == MONTH_FIRST else (first, second)
    year = pl.when(is_readable & is_year_first).then(first).when(is_readable).then(last)
    return year, pl.when(is_year_first).then(second).otherwise(month), pl.when(is_year_first).then(third).otherwise(day)


def _month_number(name: pl.Expr) -> pl.Expr:
    numbers = {month: str(number) for number, month in enumerate(_MONTHS, 1)}
    return name.str.to_lowercase().str.slice(0, 3).replace_strict(numbers, default=None, return_dtype=pl.String)


def _year(year: pl.Expr) -> pl.Expr:
    """Return a year of four digits; one of two digits up to `LAST_SHORT_YEAR` is of this century."""
    short = year.cast(pl.Int32, strict=False)
    full = pl.when(short <= LAST_SHORT_YEAR).then(short + 2000).otherwise(short + 1900)
    return pl.when(year.str.len_chars() == 2).then(full).otherwise(short)


def _hour(hour: pl.Expr, half: pl.Expr) -> pl.Expr:
    """Return the hour of the day of a clock of 12 or 24 hours."""
    number = hour.cast(pl.Int32, strict=False)
    is_afternoon = half.str.to_lowercase().str.starts_with("p")
    twelve = pl.when(number > 12).then(None).when(is_afternoon).then(number % 12 + 12).otherwise(number % 12)
    return pl.when(half.is_null()).then(number).otherwise(twelve)


def _moment(year: pl.Expr, month: pl.Expr, day: pl.Expr, hour: pl.Expr, minute: pl.Expr, second: pl.Expr) -> pl.Expr:
    """Return a timestamp from its parts; null if there is no such day or time."""
    two = [
        part.cast(pl.String).str.zfill(2)
        for part in (month, day, hour.fill_null(0), minute.fill_null("00"), second.fill_null("00"))
    ]
    text = pl.format("{}-{}-{}T{}:{}:{}", year.cast(pl.String), *two)
    return text.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us")


def _to_london(moment: pl.Expr, zone: pl.Expr) -> pl.Expr:
    """Return the local time in London of a moment with a zone; a moment without one is local already."""
    name = zone.str.to_lowercase()
    digits = name.str.extract(r"^[+-](\d{2})", 1).cast(pl.Int32, strict=False) * 60
    minutes = digits + name.str.extract(r"^[+-]\d{2}:?(\d{2})", 1).cast(pl.Int32, strict=False).fill_null(0)
    signed = pl.when(name.str.starts_with("-")).then(-minutes).otherwise(minutes)
    offset = pl.when(name == "bst").then(60).when(name.is_in(["z", "utc", "gmt"])).then(0).otherwise(signed)
    universal = moment - pl.duration(minutes=offset)
    local = universal.dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/London").dt.replace_time_zone(None)
    return pl.when(zone.is_null()).then(moment).otherwise(local)


def _time_of_day() -> pl.Expr:
    """Return the time of day of a text such as 09:30, 9.30pm or 0930 hrs, on 1 January 1970."""
    hour = pl.coalesce(_group(_TIME_OF_DAY, 1), _group(_FOUR_DIGITS, 1))
    minute = pl.coalesce(_group(_TIME_OF_DAY, 2), _group(_FOUR_DIGITS, 2))
    hour_of_day = _hour(hour, _group(_TIME_OF_DAY, 4))
    return _moment(pl.lit("1970"), pl.lit("1"), pl.lit("1"), _nulls_kept(hour_of_day), minute, _group(_TIME_OF_DAY, 3))


def _nulls_kept(hour: pl.Expr) -> pl.Expr:
    """Return an hour that makes the moment null where it is null: an hour of 99 exists on no day."""
    return hour.fill_null(99)


def _serial_moment() -> pl.Expr:
    days = _group(_SERIAL, 1).cast(pl.Int32, strict=False)
    fraction = _group(_SERIAL, 2).cast(pl.Float64, strict=False).fill_null(0.0)
    seconds = (fraction * 86_400).round(0).cast(pl.Int64)
    moment = _DURATION_DAY.cast(pl.Datetime("us")) + pl.duration(days=days, seconds=seconds)
    return pl.when(days.is_between(10_000, 80_000)).then(moment)


def _is_whole_serial() -> pl.Expr:
    return _group(_SERIAL, 2).cast(pl.Float64, strict=False).fill_null(0.0) == 0.0


def _form_in_words(order: str, texts: Iterable[str]) -> str:
    """Return the form of the commonest shape, in the notation of mapping.toml.

    A year in front is read in any order, so that the form is that of the other texts where a column has both.
    """
    stripped = [text.strip() for text in texts]
    sample = stripped[:200]
    without_year_first = (
        [text for text in stripped if not re.match(r"\d{4}", text)][:200] if order != YEAR_FIRST else []
    )
    day = _commonest([_day_in_words(order, text) for text in without_year_first or sample])
    clocks = [_clock_in_words(text) for text in sample]
    filled = [clock for clock in clocks if clock]
    return day + (_commonest(filled) if 2 * len(filled) >= len(clocks) else "")


def _commonest(words: Sequence[str]) -> str:
    return max(dict.fromkeys(words), key=words.count)


def _day_in_words(order: str, text: str) -> str:
    if re.match(r"\d{8}(\D|$)", text):
        return "YYYYMMDD"
    if re.search(f"(?i)(?<![a-z]){_MONTH_NAME}", text):
        if re.match(r"\d{4}", text):
            return "YYYY-MMM-DD"
        if re.match(r"[A-Za-z]", text) and re.match(f"(?i){_MONTH_NAME}", text):
            return "MMM DD YYYY"
        return "DD-MMM-YYYY" if "-" in text else "DD MMM YYYY"
    match = re.match(r"(\d{1,4})([-/.\\ ])(\d{1,2})[-/.\\ ](\d{4}|\d{2})", text)
    if not match:
        return {DAY_FIRST: "DD/MM/YYYY", MONTH_FIRST: "MM/DD/YYYY", YEAR_FIRST: "YYYY-MM-DD"}[order]
    if len(match[1]) == 4:
        return match[2].join(("YYYY", "MM", "DD"))
    second = "MM" if order == DAY_FIRST else "DD"
    return match[2].join(("DD" if second == "MM" else "MM", second, "YYYY" if len(match[4]) == 4 else "YY"))


def _clock_in_words(text: str) -> str:
    match = re.search(r"(T|\s)\s*\d{1,2}[:.]\d{2}([:.]\d{2})?", text)
    if not match:
        return ""
    zone = "Z" if re.search(r"(?i)(z|utc|gmt|bst|[+-]\d{2}:?\d{2})$", text.strip()) else ""
    return f"{'T' if match[1] == 'T' else ' '}HH:MM{':SS' if match[2] else ''}{zone}"
