"""Convert times that carry a time zone to local time in London, as SQL.

A time format in mapping.toml that ends in Z says that each cell ends in Z, +01:00, +0100, GMT or the like. Such a cell
names an instant, and the return holds local time in Europe/London. The instant is converted with the pinned table of
clock changes (`clock_days`), so every later step treats the cell like any other. A cell without a zone in such a column
is rejected, because nothing shows whether it is London time or universal time.

Where the mapping declares no format, a time in the format of the contract that carries a zone is converted too, and
counted (R18).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.ingest.sql_literals import sql_string

ZONED_TIME = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|z|UTC|GMT|BST|[+-]\d{2}(:?\d{2})?)"
"""A time in the format of the contract, with a zone after it."""
MAX_LENGTH_WITHOUT_ZONE = 16
"""Length of `YYYY-MM-DDTHH:MM`: no shorter text carries a zone, so that few texts are matched against the pattern."""

_ISO_TIME = "%Y-%m-%dT%H:%M:%S"
_FRACTION_OF_SECOND = r"(\d:\d{2}:\d{2})[.,]\d+"
_REPLACEMENTS = (
    (_FRACTION_OF_SECOND, r"\1"),
    (r"\s*(Z|z|UTC|GMT)$", "+00:00"),
    (r"\s*BST$", "+01:00"),
    (r"\s+([+-]\d{2}(:?\d{2})?)$", r"\1"),
    (r"(:\d{2})([+-]\d{2})$", r"\1\2:00"),
)
"""Patterns and what replaces them, so that every zone is written as the offset that `strptime` reads."""
_CAMEL_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def names_universal_time(heading: str) -> bool:
    """Return True if a heading says that its times are universal time (UTC), in summer an hour behind London."""
    return bool(re.search(r"\b(utc|gmt|zulu)\b", _CAMEL_CASE.sub(" ", heading).replace("_", " ").casefold()))


def with_numeric_offset(cell: str) -> str:
    """Return the text of a time without fractions of a second, and with its time zone as a numeric offset."""
    for pattern, replacement in _REPLACEMENTS:
        cell = re.sub(pattern, replacement, cell)
    return cell


def _replaced_sql(text: str, replacements: Sequence[tuple[str, str]]) -> str:
    for pattern, replacement in replacements:
        text = f"regexp_replace({text}, {sql_string(pattern)}, {sql_string(replacement)})"
    return text


def local_time_sql(text: str, strptime_name: str) -> str:
    """Return SQL for a time without a zone as `YYYY-MM-DDTHH:MM:SS`; NULL if the text is not in the format."""
    whole_seconds = _replaced_sql(text, _REPLACEMENTS[:1]) if "%S" in strptime_name else text
    return f"strftime(try_strptime({whole_seconds}, {sql_string(strptime_name)}), '{_ISO_TIME}')"


def london_time_sql(text: str, strptime_name: str) -> str:
    """Return SQL for the London local time, `YYYY-MM-DDTHH:MM:SS`, of a time with a zone; NULL if not in the format.

    The SQL joins `clock_days`: one row per day, with London's offset from universal time before (`early`) and after
    (`late`) the clock changes, in minutes, and the minute of London's day at which it changes (`gap`).
    """
    return _london_time_of_instant_sql(
        f"make_timestamp(epoch_us(try_strptime({_replaced_sql(text, _REPLACEMENTS)}, {sql_string(strptime_name)})))"
    )


def has_zone_sql(text: str) -> str:
    """Return SQL that is true where a text is a time with a time zone (`ZONED_TIME`)."""
    return f"(length({text}) > {MAX_LENGTH_WITHOUT_ZONE} and regexp_full_match({text}, {sql_string(ZONED_TIME)}))"


def without_zone_sql(text: str) -> str:
    """Return SQL that converts a time with a zone to London local time, and leaves any other text unchanged."""
    # The session is on universal time, so that the second cast only drops the zone.
    instant = f"try_cast({_replaced_sql(text, _REPLACEMENTS)} as timestamptz)::timestamp"
    return (
        f"case when {has_zone_sql(text)} then coalesce({_london_time_of_instant_sql(instant)}, {text}) else {text} end"
    )


def _london_time_of_instant_sql(instant: str) -> str:
    # From the minute of universal time at which the clock changes, the later offset applies.
    minute, change = "hour(i.instant) * 60 + minute(i.instant)", "d.gap - d.early"
    offset = f"case when {minute} >= {change} then d.late else d.early end"
    return (
        f"(select strftime(i.instant + to_minutes({offset}), '{_ISO_TIME}') from (select {instant} as instant) as i "
        "join clock_days as d on d.day = i.instant::date)"
    )
