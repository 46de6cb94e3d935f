"""Date and time formats that assay reads, as mapping.toml writes them: 'DD/MM/YYYY HH:MM'.

To detect another format where `assay prepare` drafts a mapping, add it to `DETECTED_DATE_FORMATS`; to suggest it where
the declared format is wrong, to `SUGGESTED_DATE_FORMATS`. `assay check` reads dates without a declared format, by
`extracts/value_kinds_dates.py`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from assay.ingest import london_time
from assay.ingest.time_zones import with_numeric_offset

FORMAT_DIRECTIVES = {"YYYY": "%Y", "YY": "%y", "MMM": "%b", "MM": "%m", "DD": "%d", "HH": "%H", "SS": "%S"}
ZONE_DIRECTIVE = "%z"
_DIRECTIVES = {"%Y": "YYYY", "%y": "YY", "%b": "MMM", "%m": "MM", "%d": "DD", "%H": "HH", "%M": "MM", "%S": "SS"}
_ZONE_SUFFIX = re.compile(r"\s*(%z|Z|z|XXX|[+-](HH(:?MM)?|\d{2}(:?\d{2})?))$")
"""Ways to write at the end of a format that each time carries a zone. An offset such as +00:00 counts as well: taken as
fixed text, it would make London time of universal time, which is an hour wrong all summer."""
EXAMPLE_WITH_ZONE = "YYYY-MM-DDTHH:MM:SSZ where each time carries its zone"
DETECTED_DATE_FORMATS = (
    "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "DD.MM.YYYY", "YYYY/MM/DD", "YYYYMMDD", "DD/MM/YY",
    "DD MMM YYYY", "DD-MMM-YYYY", "DD-MMM-YY",
)  # fmt: skip
"""Formats of a date that are detected in a file."""
ISO_DAY = "YYYY-MM-DD"
CLOCKS = (" HH:MM", " HH:MM:SS", "THH:MM", "THH:MM:SS")
ISO_TIMES = ("YYYY-MM-DDTHH:MM", "YYYY-MM-DDTHH:MM:SS")
CLOCKS_WITH_ZONE = tuple(f"{clock}Z" for clock in CLOCKS)
"""Formats of a time with a zone at its end."""
DETECTED_FORMATS = (
    *DETECTED_DATE_FORMATS,
    *(day + clock for day in DETECTED_DATE_FORMATS for clock in (*CLOCKS, *CLOCKS_WITH_ZONE)),
)
"""Formats of a date, alone or with a time, that are detected in a file."""
SUGGESTED_DATE_FORMATS = (
    "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "YYYY/MM/DD", "YYYY-DD-MM", "YYYY/DD/MM", "DD-MM-YYYY", "MM-DD-YYYY",
    "DD.MM.YYYY", "MM.DD.YYYY", "DD/MM/YY", "MM/DD/YY", "DD-MM-YY", "MM-DD-YY", "DD.MM.YY", "YYYYMMDD", "YYYYDDMM",
    "DDMMYYYY", "MMDDYYYY", "DD MMM YYYY", "DD-MMM-YYYY", "DD/MMM/YYYY", "DDMMMYYYY", "DD MMM YY", "DD-MMM-YY",
    "DDMMMYY", "MMM DD YYYY", "YYYY-MMM-DD",
)  # fmt: skip
"""Date formats that are tried where cells contradict the declared one, and suggested to the sender."""
TIME_SUFFIXES = ("", " HH:MM", " HH:MM:SS", "THH:MM", "THH:MM:SS", ":HH:MM:SS")
"""What may follow a date format; '' is a date without a time."""
_PATTERN = {"YYYY": r"\d{4}", "YY": r"\d{2}", "MMM": "[A-Za-z]{3}", "MM": r"\d{2}", "DD": r"\d{2}", "HH": r"\d{2}",
            "SS": r"\d{2}"}  # fmt: skip
ZONE_PATTERN = r"\s*(Z|z|UTC|GMT|BST|[+-]\d{2}(:?\d{2})?)"
"""Pattern of a zone at the end of a cell, as `time_zones` reads it."""
_ONE_DIGIT_TOO = {"MM": r"\d{1,2}", "DD": r"\d{1,2}", "HH": r"\d{1,2}"}


def format_errors(key: str, form: str) -> list[str]:
    """Return what is wrong with the `date_form` or `time_form` (`key`) of a mapping; empty if it can be read."""
    form = mapping_notation(form)
    if key == "date_form" and form.endswith("Z"):
        return [f"date_form is the format of a date without time and zone: use time_form, such as {EXAMPLE_WITH_ZONE}."]
    unmatched = re.sub("|".join(FORMAT_DIRECTIVES), "", form.removesuffix("Z"))
    if re.search(r"[A-Za-z0-9%]", unmatched.replace("T", "")) or (form and not {"DD", "YY"} <= _format_parts(form)):
        examples = "DD/MM/YYYY or DD-MMM-YY" if key == "date_form" else f"DD/MM/YYYY HH:MM, or {EXAMPLE_WITH_ZONE}"
        return [f"{key} is written with {', '.join(FORMAT_DIRECTIVES)}, such as {examples}."]
    return []


def _format_parts(form: str) -> set[str]:
    return {part[:2] for part in re.findall("|".join(FORMAT_DIRECTIVES), form)}


def mapping_notation(form: str) -> str:
    """Return a date format in the notation of mapping.toml, with a final Z if the times carry a time zone.

    A `strptime` format such as '%d/%m/%Y %H:%M%z' becomes 'DD/MM/YYYY HH:MMZ'.
    """
    zone = _ZONE_SUFFIX.search(form)
    without_zone = form[: zone.start()] if zone else form
    letters = re.sub("|".join(_DIRECTIVES), lambda match: _DIRECTIVES[match[0]], without_zone)
    return f"{letters}Z" if zone else letters


def strptime_format(form: str) -> str:
    """Return 'DD/MM/YYYY HH:MM' as '%d/%m/%Y %H:%M'; MM after HH means minutes, a final Z a zone."""
    letters = mapping_notation(form)
    day, hour, rest = letters.removesuffix("Z").partition("HH")
    words = re.compile("|".join(FORMAT_DIRECTIVES))
    minutes = {**FORMAT_DIRECTIVES, "MM": "%M"}
    without_zone = words.sub(lambda m: FORMAT_DIRECTIVES[m[0]], day) + ("%H" if hour else "")
    without_zone += words.sub(lambda m: minutes[m[0]], rest)
    return without_zone + (ZONE_DIRECTIVE if letters.endswith("Z") else "")


@lru_cache(maxsize=256)
def _format_pattern(form: str) -> re.Pattern[str]:
    """Return the pattern of a cell in a date form.

    With separators 1/2/2011 9:05 matches too, as in the reader of the return; the contract's own form must match
    exactly.
    """
    parts = re.compile("|".join(sorted(_PATTERN, key=len, reverse=True)))
    loose = not form.startswith(ISO_DAY) and not re.search("DDMM|MMDD|MMYY|YYMM", form)
    day, hour, rest = re.escape(form.removesuffix("Z")).partition("HH")
    first = _PATTERN | _ONE_DIGIT_TOO if loose else _PATTERN
    date_and_time = parts.sub(lambda m: first[m[0]], day + hour) + parts.sub(lambda m: _PATTERN[m[0]], rest)
    fraction = r"([.,]\d+)?" if form.removesuffix("Z").endswith("SS") else ""
    return re.compile(date_and_time + fraction + (ZONE_PATTERN if form.endswith("Z") else ""))


@lru_cache(maxsize=65536)
def parse_moment(value: str, form: str) -> datetime | None:
    """Return the date or time of a cell in London local time; None if the cell is not in the format."""
    if not _format_pattern(form).fullmatch(value):
        return None
    try:
        time = datetime.strptime(with_numeric_offset(value), strptime_format(form))
        time = london_time.local_time(time.astimezone(UTC).replace(tzinfo=None)) if time.tzinfo else time
    except (ValueError, OverflowError):
        return None
    return time if time.year > 1850 else None
