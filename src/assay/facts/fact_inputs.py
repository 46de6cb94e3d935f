"""Input tables of the facts: returns, lookup tables and the calendar.

`Tables`: the 28 typed tables of all forces, concatenated; their metadata (returns, covers, kinds, columns,
incomplete); the reference code tables (standards, offences, outcomes, event_kinds, organisations); the calendar;
people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa

from assay.reference.code_tables import code_tables
from assay.reference.organisations import Organisation

# Calendar of working days, and the UTC time at which each local day begins.
#
# England and Wales keep one calendar of bank holidays. A working day is Monday to Friday except bank holidays.

FIRST_YEAR, LAST_YEAR = 2000, 2035
LONDON = ZoneInfo("Europe/London")
SATURDAY = 5
EPOCH = date(1970, 1, 1)
SCHEMA = pa.schema(
    [
        ("day", pa.date32()),
        ("day_number", pa.int64()),
        ("is_working", pa.bool_()),
        ("working_day_index", pa.int64()),
        ("month_number", pa.int64()),
        ("day_of_month", pa.int64()),
        ("days_in_month", pa.int64()),
        ("next_begins", pa.timestamp("us")),
    ]
)


@lru_cache
def calendar() -> pa.Table:
    """Return one row for each day from 2000 to 2035.

    `day_number`: days since 1 January 1970. `working_day_index`: number of working days up to and including the day, so
    that working days between two days are a difference. `month_number`: months since year 0. `next_begins`: the start
    of the next day in London, as a minute in UTC.
    """
    holidays = bank_holidays()
    rows, index = [], 0
    for day in _days():
        is_working = day.weekday() < SATURDAY and day not in holidays
        index += is_working
        rows.append((day, (day - EPOCH).days, is_working, index, *_month_position(day), _day_start(day + timedelta(1))))
    columns = zip(*rows, strict=True)
    return pa.table(dict(zip(SCHEMA.names, columns, strict=True)), schema=SCHEMA)


def bank_holidays() -> frozenset[date]:
    """Return the bank holidays of England and Wales; one at a weekend is replaced by its substitute day."""
    # Imported here, because the library is slow to import and most commands need no calendar.
    from holidays import country_holidays

    return frozenset(country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1)))


def _days() -> list[date]:
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def _month_position(day: date) -> tuple[int, int, int]:
    """Months since the year 0, day of the month, days in the month."""
    months = day.year * 12 + day.month - 1
    next_month = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return months, day.day, (next_month - timedelta(1)).day


def _day_start(day: date) -> datetime:
    """Return the first minute of a local day in UTC, without a time zone."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC).replace(tzinfo=None)


Tables = Mapping[str, ibis.Table]
Materialise = Callable[[str, ibis.Table], ibis.Table]


def keep_lazy(name: str, table: ibis.Table) -> ibis.Table:
    """Return the expression unchanged, without storing its result, so that each query evaluates it again."""
    return table


def build_lookup_tables(organisations: Iterable[Organisation]) -> dict[str, pa.Table]:
    """Return the lookup tables as rows: the code tables of the commission and the calendar."""
    return {**code_tables(organisations), "calendar": calendar()}
