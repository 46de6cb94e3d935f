"""Parse a cell of another sender's table by its type and closed list."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from assay.contract.table_spec import Column
from assay.engine.safe_files.spreadsheet_cells import unguard_cell
from assay.ingest.other_senders.other_table_spec import list_values

Value = str | int | date | None
REFERENCE_PATTERN = re.compile(r"[!-~]([ -~]{0,62}[!-~])?")
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,12}")
MAX_NUMBER = 100_000_000
"""More than the population of the country: a larger number is not a count of people."""
DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]+")


class InvalidValueError(ValueError):
    """Raised for a text that is not a valid value of its column (V09)."""


def says_none(column: Column, text: str) -> bool:
    """Return True if a cell holds the word that means none."""
    return bool(column.none) and CONTROL_CHARACTERS.sub(" ", text).strip().casefold() == column.none.casefold()


def parse_value(column: Column, text: str, places: Collection[str]) -> Value:
    """Return the value in a cell; None if the cell is empty or says 'none'.

    A code must be spelt as its list spells it.

    Raises
    ------
    InvalidValueError
        If the cell breaks V09.
    """
    text = "" if says_none(column, text) else CONTROL_CHARACTERS.sub(" ", text).strip()
    text = unguard_cell(text) if column.kind == "ref" else text  # as our own empty tables hold it
    if not text:
        return None
    if column.kind == "int":
        return _parse_number(column, text)
    if column.kind == "date":
        return _parse_day(text)
    if column.kind == "code":
        return _parse_code(list_values(column.values, places), text)
    if column.kind == "ref" and not REFERENCE_PATTERN.fullmatch(text):
        raise InvalidValueError
    if column.maximum and len(text) > column.maximum:
        raise InvalidValueError
    return text


def _parse_number(column: Column, text: str) -> int:
    if (
        not WHOLE_NUMBER.fullmatch(text)
        or abs(int(text)) > MAX_NUMBER
        or (column.minimum is not None and int(text) < column.minimum)
        or (column.maximum is not None and int(text) > column.maximum)
    ):
        raise InvalidValueError
    return int(text)


def _parse_day(text: str) -> date:
    try:
        day = date.fromisoformat(text) if DAY_PATTERN.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year < 1900:
        raise InvalidValueError
    return day


def _parse_code(values: Collection[str], text: str) -> str:
    found = next((value for value in values if value.casefold() == text.casefold()), None)
    if found is None:
        raise InvalidValueError
    return found
