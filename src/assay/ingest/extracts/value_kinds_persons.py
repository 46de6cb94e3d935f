"""Read attributes of a person from a cell: an age, an age band, a name, a postcode, a telephone number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assay.ingest.extracts.value_kinds_coded import plain_words, says_nobody, says_not_known

MAX_AGE = 120
_AGE = re.compile(r"(?:aged?\s*)?(\d{1,3})(?:\.0+)?\s*(?:years?(?:\s*old)?|yrs?(?:\s*old)?|y/?o|y)?", re.I)
_MONTHS_OLD = re.compile(r"(\d{1,2})\s*(?:months?|mths?|weeks?|wks?|days?)(?:\s*old)?", re.I)
_YEARS_AND_MONTHS = re.compile(r"(\d{1,3})\s*(?:years?|yrs?|y)[\s,]*(?:and\s*)?(\d{1,2})\s*(?:months?|mths?|m)", re.I)
_BAND = re.compile(
    r"(?:aged?\s*)?(\d{1,3})\s*(?:[-\u2013\u2014/~&]|to|and)\s*(\d{1,3})\s*(?:years?|yrs?)?(?:\s*old)?", re.I
)
_FROM = re.compile(
    r"(?:aged?\s*)?(?:(?:over|above|>=|from|=>)\s*)?(\d{1,3})\s*"
    r"(?:\+|plus|(?:years?\s*)?(?:and|&|or)\s*(?:over|above|older)|years? and over)?\s*(?:years?|yrs?)?",
    re.I,
)
_OPEN_ABOVE = re.compile(r"\+|plus|over|above|older|>=|=>", re.I)
_STRICTLY_OVER = re.compile(r"\s*(?:over|above|older than|>)\s*(\d{1,3})\s*(?:years?|yrs?)?", re.I)
_BELOW_AGE = re.compile(r"\s*(?:under|below|u|<|less than|younger than)\s*-?\s*(\d{1,3})s?\s*(?:years?|yrs?)?", re.I)
_UP_TO = re.compile(r"\s*(?:up to|<=|0 to)\s*(\d{1,3})\s*(?:years?|yrs?)?", re.I)
_OR_YOUNGER = re.compile(r"\s*(\d{1,3})\s*(?:years?\s*)?(?:and|&|or)\s*(?:under|below|younger)", re.I)
NAMED_BANDS = {
    "adult": "18+", "adults": "18+", "child": "0-17", "children": "0-17", "juvenile": "0-17", "minor": "0-17",
    "under age": "0-17", "youth": "10-17",
}  # fmt: skip
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]?(\s*\d)?|GIR\s*0AA", re.I)
_FULL_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.I)
_PHONE = re.compile(r"(\+44|0044|0)[\d\s()-]{8,13}\d")
_NAME = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'\u2019.\- ]{0,40}")
_FULL_NAME = re.compile(
    r"[A-Za-z\u00c0-\u024f'\u2019.\-]+(,\s*|\s+)[A-Za-z\u00c0-\u024f'\u2019.\-]+([\s,]+[A-Za-z\u00c0-\u024f'\u2019.\-]+){0,3}"
)


def read_ages(texts: Sequence[str]) -> list[str | None]:
    """Return the age in whole years of each text; a number of months or weeks below a year is 0."""
    return [_age(text) for text in texts]


def _age(text: str) -> str | None:
    stripped = text.strip()
    if match := _AGE.fullmatch(stripped) or _YEARS_AND_MONTHS.fullmatch(stripped):
        return str(int(match[1])) if int(match[1]) <= MAX_AGE else None
    if match := _MONTHS_OLD.fullmatch(stripped):
        is_months = "m" in stripped.casefold()
        return str(int(match[1]) // 12) if is_months else "0"
    return "" if says_not_known(text) else None


def read_age_bands(texts: Sequence[str]) -> list[str | None]:
    """Return the age band of each text in whole years, both ends included: '13-15', '18+', '0-12'."""
    return [_age_band(text) for text in texts]


def _age_band(text: str) -> str | None:
    stripped = re.sub(r"\(.*?\)", "", text).strip()
    stripped = re.sub(r"^[a-z]?\d?[.):]\s+", "", stripped, flags=re.I)
    if match := _BAND.fullmatch(stripped):
        first, last = int(match[1]), int(match[2])
        return f"{first}-{last}" if first <= last <= MAX_AGE else None
    for pattern, shift in ((_BELOW_AGE, -1), (_UP_TO, 0), (_OR_YOUNGER, 0)):
        if match := pattern.fullmatch(stripped):
            return f"0-{int(match[1]) + shift}"
    if match := _STRICTLY_OVER.fullmatch(stripped):
        return f"{int(match[1]) + 1}+" if not re.search(r"and over", stripped, re.I) else f"{int(match[1])}+"
    if (match := _FROM.fullmatch(stripped)) and _OPEN_ABOVE.search(stripped):
        return f"{int(match[1])}+"
    if (match := _AGE.fullmatch(stripped)) and int(match[1]) <= MAX_AGE:
        return f"{int(match[1])}-{int(match[1])}"
    if band := NAMED_BANDS.get(plain_words(stripped)):
        return band
    return "" if says_not_known(text) else None


def is_single_age(band: str) -> bool:
    """Return True if an age band covers a single age."""
    first, _, last = band.partition("-")
    return first == last


def read_postcodes(texts: Sequence[str]) -> list[str | None]:
    """Return the postcode of each text, whole or its first part, in upper case."""
    return [_matching(text, _POSTCODE, str.upper) for text in texts]


def full_postcode_share(texts: Sequence[str]) -> float:
    """Return the share of texts that are whole postcodes."""
    return sum(bool(_FULL_POSTCODE.fullmatch(text.strip())) for text in texts) / len(texts) if texts else 0.0


def read_phones(texts: Sequence[str]) -> list[str | None]:
    """Return the telephone number of each text, as digits."""
    return [_matching(text, _PHONE, lambda number: re.sub(r"[\s()-]", "", number)) for text in texts]


def read_names(texts: Sequence[str]) -> list[str | None]:
    """Return the texts that can be a person's name: letters, hyphens, apostrophes, at most four words."""
    return [_name(text) for text in texts]


def _name(text: str) -> str | None:
    stripped = text.strip()
    if says_not_known(stripped):
        return ""
    return stripped if _NAME.fullmatch(stripped) and len(stripped.split()) <= 4 else None


def read_full_names(texts: Sequence[str]) -> list[str | None]:
    """Return the texts that can be a full name: two to five words of letters, with or without a comma."""
    return [
        "" if says_not_known(text) else text.strip() if _FULL_NAME.fullmatch(text.strip()) else None for text in texts
    ]


def _matching(text: str, pattern: re.Pattern[str], change: Callable[[str], str]) -> str | None:
    stripped = text.strip()
    if pattern.fullmatch(stripped):
        return change(stripped)
    return "" if says_not_known(text) else None


def read_counts(texts: Sequence[str]) -> list[str | None]:
    """Return the number in each text: at most three digits, or the word for a small number.

    'Nil' is 0. 'None' is 0 as well, unless the column writes 0: then it stands for an empty cell.
    """
    writes_zero = any(re.fullmatch(r"0+(\.0+)?", text.strip()) for text in texts)
    words = SMALL_NUMBERS if writes_zero else {**SMALL_NUMBERS, "none": "0"}
    return [words[word] if (word := plain_words(text)) in words else _count(text) for text in texts]


def read_numbers_of_persons(texts: Sequence[str]) -> list[str | None]:
    """Return which person of a crime each text counts: 2 for '2', '2 of 3', '2/3' and 'Suspect 2'; '' for nobody."""
    found = [_PERSON_NUMBER.fullmatch(text.strip()) for text in texts]
    numbers = [str(int(match[1])) if match and int(match[1]) else None for match in found]
    return [
        number or ("" if says_not_known(text) or says_nobody(text) or not re.search("[1-9]", text) else None)
        for number, text in zip(numbers, texts, strict=True)
    ]


_PERSON_NUMBER = re.compile(
    r"(?:(?:suspect|susp?|s|offender|off|o|accused|defendant|def|victim|vic|v|aggrieved|agg|person|p|line|no|number)?"
    r"[ .:#_-]*)?0*(\d{1,2})(?:\.0+)?(?:\s*(?:of|out of|/)\s*\d{1,2})?",
    re.I,
)


def read_any_counted(texts: Sequence[str]) -> list[str | None]:
    """Return 'yes' for each count above 0, 'no' for 0, '' for a text that means none."""
    return [count and ("yes" if int(count) else "no") for count in read_counts(texts)]


SMALL_NUMBERS = {
    "nil": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip


def _count(text: str) -> str | None:
    match = re.fullmatch(r"(\d{1,3})(?:\.0+)?", text.strip())
    return str(int(match[1])) if match else "" if says_not_known(text) else None


def read_references(texts: Sequence[str]) -> list[str | None]:
    """Return the texts that can be a reference: with a digit, and not a sentence."""
    return [_reference(text) for text in texts]


def _reference(text: str) -> str | None:
    stripped = text.strip()
    if says_not_known(stripped):
        return ""
    return stripped if re.search(r"\d", stripped) and len(stripped) <= 40 and len(stripped.split()) <= 4 else None
