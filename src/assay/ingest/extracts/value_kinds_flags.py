"""Which flags of the contract does a cell name: none, one, or several with any separator?

Record systems put all keywords of a crime into one cell. Those that are flags of the contract are read, in words or in
abbreviation; other keywords (domestic abuse, knife, hate crime ...) are passed over, because nothing is asked of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assay import contract
from assay.ingest.extracts.value_kinds_coded import plain_words, read_yes_no, says_not_known, value_words

ALWAYS_SEPARATES = re.compile(r"[;|\r\n\t]+|\]\s*\[|\)\s*\((?=[A-Z]{3})")
_FURTHER_SEPARATORS = (
    r",",
    r"\s+/\s+|/",
    r"\s*[+&]\s*",
    r"\s+-\s+",
    r"\s*\*\s*",
    r"\s*[\u2022\u00b7~^>]\s*",
    r"\s+and\s+",
    r"\s+",
)
NOT_A_FLAG = ""


def read_flags(texts: Sequence[str]) -> list[tuple[str, ...] | None]:
    """Return the flags of each text, without repetition; () if it names none; None if no part of it is known."""
    return [read_flag_cell(text) for text in texts]


@lru_cache(maxsize=65536)
def read_flag_cell(text: str) -> tuple[str, ...] | None:
    """Return the flags of one cell; () if it names none; None if no part of it is a known keyword."""
    if says_not_known(text):
        return ()
    parts = split_keywords(text)
    values = [read_keyword(part) for part in parts]
    if all(value is None for value in values):
        return None
    return tuple(dict.fromkeys(value for value in values if value))


def split_keywords(text: str) -> list[str]:
    """Return the parts of a cell; it is split at a weak separator only where known keywords result."""
    parts = [part.strip() for part in ALWAYS_SEPARATES.split(text) if part.strip(" ,")]
    return [piece for part in parts for piece in _split_weakly(part.strip(" ,[](){}\"'"))]


def _split_weakly(part: str) -> list[str]:
    if read_keyword(part) is not None:
        return [part]
    for separator in _FURTHER_SEPARATORS:
        pieces = [piece.strip(" ,[](){}\"'") for piece in re.split(separator, part) if piece.strip(" ,[](){}\"'")]
        if len(pieces) > 1 and any(read_keyword(piece) is not None for piece in pieces):
            return [further for piece in pieces for further in _split_weakly(piece)] if separator != r"\s+" else pieces
    return [part]


@lru_cache(maxsize=65536)
def read_keyword(text: str) -> str | None:
    """Return the flag that one keyword names, '' for another known keyword, None for an unknown one.

    A question mark, a negation or a code with its own label ('CSE - Child Sexual Exploitation') is taken into account.
    """
    if text.strip().endswith("?"):
        return None
    words = plain_words(text)
    if re.match(r"(no|not|non|without)\b", words) and words.split(maxsplit=1)[-1] in _names():
        return NOT_A_FLAG
    if (flag := _names().get(words)) is not None:
        return flag
    for first, second in _cuts(text):
        found = {_names()[piece] for piece in (first, second) if piece in _names()}
        if len(found) == 1 and (first in _names() and second in _names() | dict.fromkeys(_FILLERS, "")):
            return found.pop()
    return NOT_A_FLAG if words in _other_keywords() else None


_FILLERS = ("yes", "y", "flag", "marker", "related", "crime", "keyword", "confirmed", "true", "qualifier", "1")


def _cuts(text: str) -> list[tuple[str, str]]:
    """Return the ways to cut a keyword in two: 'CSE - Child sexual exploitation', 'Child sexual exploitation (CSE)'."""
    pieces = [plain_words(piece) for piece in re.split(r"\s[-\u2013\u2014]\s|[:=(\[]", text, maxsplit=1)]
    if len(pieces) != 2:
        return []
    return [(pieces[0], pieces[1]), (pieces[1], pieces[0])]


@lru_cache
def _names() -> dict[str, str]:
    listed = {plain_words(flag): flag for flag in contract.list_values("flag")}
    return {**listed, **{plain_words(name): flag for flag, names in value_words("flag").items() for name in names}}


@lru_cache
def _other_keywords() -> frozenset[str]:
    return frozenset(value_words("other_keywords")["words"])


def flag_of_heading(heading: str) -> str:
    """Return the flag that a heading names: 'CSE Flag Y/N' is cse; '' if it names none."""
    words = re.findall(r"[a-z0-9]+", _HUMPS.sub(" ", heading).replace("_", " ").casefold())
    return _names().get(" ".join(word for word in words if word not in _WORDS_BESIDE), "")


_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORDS_BESIDE = frozenset({
    "is", "a", "the", "as", "to", "for", "has", "been", "any", "link", "concern", "concerns", "identified", "recorded",
    "flag", "flags", "flagged", "flg", "chk", "check", "checkbox", "bln", "bool",
    "marker", "markers", "mkr", "mk", "mark", "ind", "indicator", "tag",
    "yn",
    "y", "n", "keyword", "qualifier", "crime", "offence", "yes", "no", "related", "of", "present", "involved", "tick",
    "linked", "suspected", "confirmed", "applied", "element", "box", "involves", "f", "category", "code", "occurrence",
})  # fmt: skip
"""Words beside the name of a flag in a heading that do not change what it names."""


def read_flag_column(texts: Sequence[str], flag: str) -> list[str | None]:
    """Return the flag for each yes of a yes/no column of one flag, '' for a no or nothing, None if not understood."""
    answers = read_yes_no(texts)
    return [_flag_of_answer(text, answer, flag) for text, answer in zip(texts, answers, strict=True)]


def _flag_of_answer(text: str, answer: str | None, flag: str) -> str | None:
    if answer is not None:
        return flag if answer == "yes" else ""
    cell_flags = read_flag_cell(text)
    if cell_flags is not None:
        return flag if flag in cell_flags else ""
    return None
