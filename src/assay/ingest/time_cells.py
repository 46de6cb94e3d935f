"""Parse the texts of a date or time column: local time, universal time and broken rule (R14 to R25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.contract import Column, Table
from assay.ingest import london_time
from assay.ingest.distinct_texts import Branch, Mask, has_match, matches, only_where
from assay.ingest.midnight_times import MidnightReading
from assay.ingest.return_manifest import ReturnManifest
from assay.ingest.scope_checks import GROUP_HISTORY_FROM

DATED_TABLES = ("crimes", "reports", "missing", "assessments", "referrals", "summaries")
"""Tables whose date column decides whether a row is requested at all (R14)."""
OUTSIDE, WRONG, NO_SUCH_TIME, TIME_CUT, NO_TIME, MIDNIGHT, PLACEHOLDER, NO_SUCH_DAY = 14, 16, 19, 20, 21, 22, 23, 25
DAY_PATTERN = r"\d{4}-\d{2}-\d{2}"
MINUTE_PATTERN = DAY_PATTERN + r"T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?"
AFTER_MINUTE_PATTERN = r"^.{16}:(?:0[1-9]|[1-5]\d|00\.\d{0,5}[1-9])"
"""A time that is not a whole minute, to the microsecond."""
EARLIEST = date(1900, 1, 1)
OLDEST_YEARS = 110
PLACEHOLDER_BIRTH_DATES = (date(1900, 1, 1), date(1901, 1, 1))
LAST_MINUTE = 24 * 60 - 1

Days = npt.NDArray[np.datetime64]
Minutes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Moments:
    """The distinct texts of a column as local times: each is a date, a date-time to the minute, or neither.

    `day` and `minute` (of the day) are those of 1970 where the text is neither. `is_cut` is true of a time that is not
    a whole minute.
    """

    is_day: Mask
    is_minute: Mask
    day: Days
    minute: Minutes
    is_cut: Mask

    @property
    def is_time(self) -> Mask:
        """Return a mask of the texts that are a date or a date-time."""
        return self.is_day | self.is_minute

    def is_after(self, time: datetime) -> Mask:
        """Return a mask of the texts after a given time: dates by date, date-times by time."""
        day, minute = np.datetime64(time.date()), time.hour * 60 + time.minute
        is_later = (self.day == day) & ((self.minute > minute) | ((self.minute == minute) & self.is_cut))
        is_after: Mask = self.is_time & ((self.day > day) | (self.is_minute & is_later))
        return is_after


@dataclass(frozen=True)
class _Clock:
    """The offsets of the London clock on the day of each text; `is_known` if `london_time.clock_days` has it."""

    early: Minutes
    late: Minutes
    gap: Minutes
    switch: Minutes
    is_known: Mask


def moments(texts: pa.Array) -> Moments:
    """Return distinct texts as local times; a date that the calendar does not have is neither date nor date-time."""
    is_day, is_minute = matches(texts, DAY_PATTERN), matches(texts, MINUTE_PATTERN)
    days = only_where(is_day | is_minute, texts)
    year, month, day = (_number(days, start, stop) for start, stop in ((0, 4), (5, 7), (8, 10)))
    first_of_month: Days = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    calendar_day: Days = np.add(first_of_month.astype("datetime64[D]"), day - 1)
    exists = (month >= 1) & (month <= 12) & (day >= 1) & (calendar_day.astype("datetime64[M]") == first_of_month)
    times = only_where(is_minute, texts)
    minute = _number(times, 11, 13) * 60 + _number(times, 14, 16)
    return Moments(
        is_day & exists, is_minute & exists, calendar_day, minute, is_minute & has_match(texts, AFTER_MINUTE_PATTERN)
    )


def _number(texts: pa.Array, start: int, stop: int) -> Minutes:
    digits = pc.utf8_slice_codeunits(texts, start, stop)
    numbers: Minutes = pc.fill_null(pc.cast(digits, pa.int64()), 0).to_numpy(zero_copy_only=False)
    return numbers


@lru_cache
def _clock_columns() -> dict[str, Minutes]:
    days = london_time.clock_days()
    return {name: days[name].to_numpy().astype(np.int64) for name in ("early", "late", "gap", "switch")}


def _clock(day: Days) -> _Clock:
    columns = _clock_columns()
    number = (day - np.datetime64(london_time.FIRST_DAY)).astype(np.int64)
    is_known = (number >= 0) & (number < len(columns["early"]))
    row = np.where(is_known, number, 0)
    early, late, gap, switch = (columns[name][row] for name in ("early", "late", "gap", "switch"))
    return _Clock(early, late, gap, switch, is_known)


def type_rules(
    column: Column, table: Table, manifest: ReturnManifest, reading: MidnightReading | None, found: Moments
) -> list[Branch]:
    """Return, in order of rule, a mask of the texts that break each rule of the column's type (R14 excepted)."""
    extracted = london_time.local_time(manifest.table(table.name).extracted_at)
    branches: list[Branch] = []
    if column.name == "date_of_birth":
        branches.append((_is_placeholder_birth_date(found, extracted.date()), PLACEHOLDER))
    if column.kind == "time":
        branches.append((found.is_day, NO_TIME))
    if column.kind != "date":
        clock = _clock(found.day)
        is_skipped = clock.is_known & (found.minute >= clock.gap) & (found.minute < clock.switch)
        branches.append((found.is_minute & is_skipped, NO_SUCH_TIME))
    is_impossible = found.is_time & (found.day < np.datetime64(EARLIEST))
    if column.name != "due_on":
        is_impossible |= found.is_after(extracted)
    branches.append((is_impossible, NO_SUCH_DAY))
    if column.kind == "date":
        branches.append((found.is_minute & ((found.minute > 0) | found.is_cut), TIME_CUT))
    if reading and not reading.is_stated:
        branches.append((found.is_minute & (found.minute == 0), MIDNIGHT))
    return branches


def _is_placeholder_birth_date(found: Moments, extracted: date) -> Mask:
    oldest = extracted.replace(year=extracted.year - OLDEST_YEARS, day=min(extracted.day, 28))
    is_placeholder = np.isin(found.day, np.array(PLACEHOLDER_BIRTH_DATES, "datetime64[D]"))
    is_unlikely = (found.day < np.datetime64(oldest)) | (found.day > np.datetime64(extracted))
    return found.is_time & (is_placeholder | is_unlikely)


def outside_request(table: Table, manifest: ReturnManifest, found: Moments) -> tuple[Mask, Mask]:
    """Return which dates are outside the request (R14): in all rows, and in crimes sent without a scope reason.

    R50 decides later whether a crime without a sent reason is group history.
    """
    late = found.is_after(london_time.local_time(manifest.table(table.name).extracted_at))
    early = found.is_time & (found.day < np.datetime64(manifest.history_from))
    return early | late, (early & (found.day < np.datetime64(GROUP_HISTORY_FROM))) | late


def time_values(column: Column, found: Moments, *, midnight_is_day: bool) -> Mapping[str, pa.Array]:
    """Return the values of a column by typed field: a date, a UTC time, or the first and last time and the date."""
    is_time = found.is_time
    day = _times(found.day, is_time, pa.date32())
    if column.kind == "date":
        return {column.name: day}
    clock = _clock(found.day)
    midnight: Days = found.day.astype("datetime64[m]")
    universal: Days = midnight + (found.minute - np.where(found.minute >= clock.switch, clock.late, clock.early))
    is_known = is_time & clock.is_known
    if column.kind == "time":
        return {column.name: _times(universal, is_known, pa.timestamp("us"))}
    is_day_only = found.is_day | ((found.minute == 0) & midnight_is_day)
    first = np.where(is_day_only, midnight - clock.early, universal)
    last = np.where(is_day_only, midnight + (LAST_MINUTE - clock.late), universal)
    values = (*(_times(times, is_known, pa.timestamp("us")) for times in (first, last)), day)
    return dict(zip(column.field_names, values, strict=True))


def _times(times: Days, is_known: Mask, kind: pa.DataType) -> pa.Array:
    unit = "D" if pa.types.is_date(kind) else "us"
    return pa.array(times.astype(f"datetime64[{unit}]"), kind, mask=~is_known)
