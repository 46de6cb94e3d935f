"""Which Home Office offence code does a cell hold, in the notations in which record systems write it?

A record system writes 020/05, 20/5, 020 05, 02005 or 20.05 for class 20, sub-code 5. The specification lists the codes
of the published tables. Some classes have one code there (71), so the sub-code adds nothing. Others are divided (class
20 into 20A and 20B). Only the counting rules say which part a sub-code belongs to, and we have no table of them.
Reduced to its class, such a cell would become another offence (20 is an expired code), so it is rejected until the
force states the code.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assay import contract

_NUMBER = "0*([1-9][0-9]{0,2})"
CLASS_ONLY = _NUMBER
CLASS_AND_SUB_CODE = _NUMBER + r"\s*[/ .-]\s*0*([0-9]{1,2})[A-Z]?"
WITHOUT_SEPARATOR = "(0{1,2}[1-9]|0?[1-9][0-9]|[1-9][0-9]{2})([0-9]{2})"
"""A class and a sub-code in four or five digits; three digits are a class."""
WITH_LETTER = r"0*([1-9][0-9]{0,2}(\.[0-9]{1,2})?[A-Z]{1,2})\s*(/\s*[0-9]{1,3}[A-Z]?\s*)?"
_DIVISION = re.compile(r"([0-9]+)(\.[0-9]+|[A-Z]+)")
_DECIMAL_NUMBER = re.compile(r"[0-9]+[.,]0+")
"""A code that a program read as a number (R68): 4.1 and 4.10 are then the same."""


def parse_offence_code(cell: str) -> str | None:
    """Return the offence code of a cell; None if it is not a code, or could be several codes."""
    text = cell.strip().upper()
    if _DECIMAL_NUMBER.fullmatch(text):
        return None
    if (code := _listed_codes().get(text.lstrip("0").casefold())) is not None:
        return code
    if parts := class_and_sub_code(cell):
        return _class_code(*parts)
    if match := re.fullmatch(WITH_LETTER, text, re.ASCII):
        return match[1]
    return None


def offence_code(text: str) -> str | None:
    """Return the offence code in a cell; None if the cell has other white space than blanks around the code."""
    return parse_offence_code(text) if text.strip() == text.strip(" ") else None


def class_and_sub_code(cell: str) -> tuple[str, str] | None:
    """Return the offence class and sub-code ('' if none) in a cell; None if the cell has another notation."""
    text = cell.strip().upper()
    if _DECIMAL_NUMBER.fullmatch(text):
        return None
    for pattern in (CLASS_AND_SUB_CODE, WITHOUT_SEPARATOR):
        if match := re.fullmatch(pattern, text, re.ASCII):
            return match[1].lstrip("0"), match[2].lstrip("0")
    class_only = re.fullmatch(CLASS_ONLY, text)
    return (class_only[1], "") if class_only else None


def is_divided_class(cell: str) -> bool:
    """Return True if a cell holds only a class that has several codes, such as 20, now divided into 20A and 20B."""
    parts = class_and_sub_code(cell)
    return parts is not None and not parts[1] and parts[0] in divided_classes()


def _class_code(number: str, sub_code: str) -> str | None:
    decimal_code = f"{number}.{sub_code}"
    if decimal_code in _decimal_codes():
        return decimal_code
    return None if number in divided_classes() else number


@lru_cache
def divided_classes() -> dict[str, tuple[str, ...]]:
    """Return the offence classes that are divided into several codes, with these codes: '20' -> ('20A', '20B')."""
    codes_of: dict[str, list[str]] = {}
    for code in _listed_codes().values():
        if match := _DIVISION.fullmatch(code):
            codes_of.setdefault(match[1], []).append(code)
    return {number: tuple(sorted(codes)) for number, codes in codes_of.items()}


@lru_cache
def _listed_codes() -> dict[str, str]:
    return {code.casefold(): code for code in contract.list_values("offence_code")}


@lru_cache
def _decimal_codes() -> frozenset[str]:
    return frozenset(code for code in _listed_codes().values() if re.fullmatch(r"[0-9]+\.[0-9]+", code))
