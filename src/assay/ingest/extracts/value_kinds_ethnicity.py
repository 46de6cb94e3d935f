"""Which ethnicity does a cell name: as the person defined it (16+1, 18+1), or as an officer saw it (6+1)?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from assay.ingest.extracts.value_kinds_coded import (
    CODE_SEPARATOR,
    CodeList,
    code_and_label,
    code_list,
    plain_words,
    says_not_known,
    value_words,
)
from assay.ingest.extracts.value_kinds_doubt import is_questioned, kinds_of_doubt
from assay.reference import ethnicities

NOT_STATED = "NS"
WHITE_BRITISH = "W1"
SELF_CODES: Mapping[str, tuple[str, ...]] = {"A4": ("A4", "O1"), NOT_STATED: ("NS", "N1", "N2", "N3")}
LETTER_OF_UNKNOWN = "U"
NUMBERS_OF_UNKNOWN = ("0", "9")
"""Systems write either where the officer did not know."""
_OFFICER_NUMBER = re.compile(r"(?:i\.?c\.?)?\s*[-:#]?\s*0*([0-9])", re.I)

_OFFICER_BOTH = re.compile(_OFFICER_NUMBER.pattern + CODE_SEPARATOR + r"(\D.*)", re.I)


NUMBERS_FOR_MISSING = frozenset({"99", "999", "9999", "00", "000"})
"""Numbers that coded lists commonly keep for a missing value; 97 and 98 may say another thing."""


def read_self_defined(texts: Sequence[str]) -> list[str | None]:
    """Return the self-defined ethnicity code of each text, by code or label; NS if the person did not state it."""
    return _without_missing_numbers(texts, [_self_defined(text) for text in texts])


def _without_missing_numbers(texts: Sequence[str], values: Sequence[str | None]) -> list[str | None]:
    """Return the values, '' for a conventional number for missing beside codes of the list.

    A column whose other numbers are not understood has a list of its own, in which 99 may be a code like any other.
    """
    known_codes = [
        text for text, value in zip(texts, values, strict=True) if value and _SHORT_CODE.fullmatch(text.strip())
    ]
    unread_numbers = {
        text.strip()
        for text, value in zip(texts, values, strict=True)
        if value is None and text.strip().isdigit() and text.strip() not in NUMBERS_FOR_MISSING
    }
    if not known_codes or len(unread_numbers) > MAX_UNREAD_NUMBERS:
        return list(values)
    return [
        "" if value is None and text.strip() in NUMBERS_FOR_MISSING else value
        for text, value in zip(texts, values, strict=True)
    ]


MAX_UNREAD_NUMBERS = 2
"""Other numbers, such as 97 and 98, that may stand beside 99 in a list of letters."""
_SHORT_CODE = re.compile(r"[A-Za-z]{1,2}\d{0,2}|\d")


@lru_cache(maxsize=65536)
def _self_defined(text: str) -> str | None:
    words = plain_words(text)
    if is_questioned(text):
        return "" if says_not_known(text) else None
    if words in _self_list().labels:
        return _self_list().labels[words]
    if _lists_nations(words):
        return WHITE_BRITISH
    return _self_list().read(text) if (value := _behind_group(text)) is None else value


_NORTHERN_IRISH = re.compile(r"\b(?:(?:n|nth|north|northern) (?:irish|ireland|ire)|ni)\b")
_NATIONS = frozenset({
    "english", "eng", "welsh", "scottish", "scots", "scot", "british", "brit", "northern_irish",
})  # fmt: skip


def _lists_nations(words: str) -> bool:
    """Return True for a label of the nations of the United Kingdom in any order: 'White - English/Welsh/N. Irish'.

    Irish alone is another ethnicity. One nation is read only beside the word white.
    """
    labels = set(_NORTHERN_IRISH.sub("northern_irish", words).split()) - {"or", "and"}
    nations = labels - {"white"}
    return bool(nations) and nations <= _NATIONS and len(labels) > 1


_GROUP = re.compile(r"([A-Za-z/ ]+?)\s*[:\u2013\u2014-]\s*(\S.*)")
_GROUP_WORDS = frozenset({
    "white", "asian", "black", "mixed", "multiple", "other", "british", "african", "caribbean", "ethnic", "group",
    "groups", "or", "and", "background", "chinese",
})  # fmt: skip


def _behind_group(text: str) -> str | None:
    """Return the code of a label behind its group, as in 'Asian/Asian British: Pakistani'; None if it is none."""
    match = _GROUP.fullmatch(text.strip())
    group = plain_words(match[1]).split() if match else []
    if not match or not group or not _GROUP_WORDS.issuperset(group):
        return None
    labels, label = _self_list().labels, plain_words(match[2])
    return labels.get(f"{group[0]} {label}") or labels.get(label)


@lru_cache
def _self_list() -> CodeList:
    labels: dict[str, list[str]] = {code: list(words) for code, words in value_words("ethnicity_self").items()}
    codes: dict[str, list[str]] = {"": [LETTER_OF_UNKNOWN], **{code: list(words) for code, words in SELF_CODES.items()}}
    for member in ethnicities().scheme("SDE18+1", "SDE16+1"):
        code = "A4" if member.code == "O1" else member.code
        codes.setdefault(code, []).append(member.code)
        labels.setdefault(code, []).extend((member.label, f"{member.group} {member.label}"))
    return code_list(codes, labels)


def read_officer_defined(texts: Sequence[str]) -> list[str | None]:
    """Return the officer-defined ethnicity code (IC1 to IC6) of each text; IC9 if the officer did not know.

    Numbers without the letters IC are read only where every text is a number from 0 to 9 with or without a label. In
    such a column 7 has no meaning that holds in all systems, and is not understood.
    """
    return _without_missing_numbers(texts, [_officer_defined(text) for text in texts])


@lru_cache(maxsize=65536)
def _officer_defined(text: str) -> str | None:
    words = plain_words(text)
    if is_questioned(text):
        return "" if says_not_known(text) else None
    by_label = _officer_labels().get(words) or _officer_labels().get(words.removeprefix("ic "))
    if by_label:
        return by_label
    if match := _OFFICER_NUMBER.fullmatch(text.strip()):
        return _officer_code(match[1])
    if match := _OFFICER_BOTH.fullmatch(text.strip()):
        return _officer_agreed(match[1], match[2])
    for code, label in code_and_label(text):
        if match := _OFFICER_NUMBER.fullmatch(code.strip()):
            return _officer_agreed(match[1], label)
    is_not_known = any(says_not_known(label) and code.isalpha() for code, label in code_and_label(text))
    is_not_known |= text.strip().upper() == LETTER_OF_UNKNOWN
    return "" if is_not_known or says_not_known(text) else None


def _officer_agreed(number: str, label: str) -> str | None:
    label_code, by_number = _officer_labels().get(plain_words(label)), _officer_code(number)
    if number in NUMBERS_OF_UNKNOWN and says_not_known(label):
        return by_number
    if label_code is None and kinds_of_doubt(plain_words(label)):
        return None
    return by_number if label_code is None or label_code == by_number else None


def _officer_code(number: str) -> str | None:
    code = f"IC{number}"
    return code if number != "7" and number != "8" else None


@lru_cache
def _officer_labels() -> Mapping[str, str]:
    return code_list({}, _with_official(value_words("ethnicity_officer"))).labels


def _with_official(labels: Mapping[str, Iterable[str]]) -> Mapping[str, Iterable[str]]:
    official = {member.code: member.label for member in ethnicities().scheme("IC")}
    return {code: (*words, *([official[code]] if code in official else [])) for code, words in labels.items()}
