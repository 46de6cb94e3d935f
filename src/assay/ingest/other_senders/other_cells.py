"""What does one cell hold, and is it of its type and in its list?"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from assay.engine.safe_files.spreadsheet_cells import bare
from assay.ingest.other_senders.other_table_spec import Column, list_values

Value = str | int | date | None
REF = re.compile(r"[!-~]([ -~]{0,62}[!-~])?")
WHOLE = re.compile(r"-?[0-9]{1,12}")
MOST = 100_000_000
"""More than there are people in the country: what is larger is no count of them."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class NotAValue(ValueError):
    """The text is no value of its column (V09)."""


def says_none(column: Column, text: str) -> bool:
    """Return True if a cell holds the word by which a sender says that it knows that there is none."""
    return bool(column.none) and CONTROL.sub(" ", text).strip().casefold() == column.none.casefold()


def value_of(column: Column, text: str, places: Collection[str]) -> Value:
    """The value of a cell, None if it is empty or says that there is none; NotAValue if it breaks V09.

    A code is spelt as its list spells it.
    """
    text = "" if says_none(column, text) else CONTROL.sub(" ", text).strip()
    text = bare(text) if column.kind == "ref" else text  # as our own empty tables hold it
    if not text:
        return None
    if column.kind == "int":
        return _whole(column, text)
    if column.kind == "date":
        return _day(text)
    if column.kind == "code":
        return _code(list_values(column.values, places), text)
    if column.kind == "ref" and not REF.fullmatch(text):
        raise NotAValue
    if column.most and len(text) > column.most:
        raise NotAValue
    return text


def _whole(column: Column, text: str) -> int:
    if not WHOLE.fullmatch(text) or abs(int(text)) > MOST or (column.least is not None and int(text) < column.least):
        raise NotAValue
    return int(text)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year < 1900:
        raise NotAValue
    return day


def _code(values: Collection[str], text: str) -> str:
    found = next((one for one in values if one.casefold() == text.casefold()), None)
    if found is None:
        raise NotAValue
    return found
