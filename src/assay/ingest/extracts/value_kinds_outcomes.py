"""Which outcome of a crime does a cell name: by its number, by its label, or by both?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assay.ingest.extracts.value_kinds_coded import (
    CODE_SEPARATOR,
    code_and_label,
    plain_words,
    says_not_known,
    value_word_lists,
    value_words,
)
from assay.ingest.extracts.value_kinds_dates import orders_of_date
from assay.reference import return_outcomes

PENDING = "NOA"
"""The code of the contract while no outcome is assigned."""
_NUMBERED = re.compile(
    r"(?:home\s*office|ho)?\s*(?:crime)?\s*(?:outcome|type|disposal|oc|o/c|code|to|ot|t|o)?\s*(?:type|code|no\.?|number)?"
    r"\s*[:#.-]?\s*0*(\d{1,2}\s?[abc]?)(?:\.0+)?",
    re.I,
)
_BEFORE_LABEL = re.compile(_NUMBERED.pattern + CODE_SEPARATOR + r"(\D.*)", re.I)
_AFTER_LABEL = re.compile(
    r"(.*\S)\s*(?:[\[(]\s*" + _NUMBERED.pattern + r"\s*[\])]|\s[-\u2013\u2014:|]\s*" + _NUMBERED.pattern + ")", re.I
)


def read_outcomes(texts: Sequence[str]) -> list[str | None]:
    """Return the outcome code of the contract that each text names; NOA while no outcome is assigned."""
    return [read_outcome(text) for text in texts]


@lru_cache(maxsize=65536)
def read_outcome(text: str) -> str | None:
    """Return the outcome code of a cell; None if it is not understood or its number contradicts its label."""
    label = outcome_of_label(text)
    if label is not None or orders_of_date(text.strip().lower()):
        return label
    if match := _NUMBERED.fullmatch(text.strip()):
        return _code(match[1])
    if match := _BEFORE_LABEL.fullmatch(text.strip()):
        return _agreed(match[1], match[2])
    if match := _AFTER_LABEL.fullmatch(text.strip()):
        return _agreed(match[2] or match[3], match[1])
    labels = {label for pair in code_and_label(text) for part in pair if (label := outcome_of_label(part)) is not None}
    if len(labels) == 1 and not re.search(r"\d", text):
        return labels.pop()
    return "" if says_not_known(text) else None


def _agreed(number: str, label: str) -> str | None:
    """Return the outcome of a number with a label: a label with a number or of another outcome contradicts."""
    by_number, by_label = _code(number), outcome_of_label(label)
    if by_label is not None:
        return by_number if by_label == by_number else None
    return None if re.search(r"\d", label) or not re.search(r"[a-z]{3}", label, re.I) else by_number


def _code(number: str) -> str | None:
    code = re.sub(r"\s", "", number).upper().lstrip("0") or "0"
    if code == "0":
        return PENDING
    return code if code in return_outcomes() else None


def outcome_of_label(text: str) -> str | None:
    """Return the outcome that a label names; None if it is no label of one outcome."""
    words = plain_words(text)
    return _labels().get(words) or _labels().get(_without_frame(words)) or _by_word_set(words)


def _by_word_set(words: str) -> str | None:
    return _label_word_sets().get(_word_set(words)) or _by_needed_phrases(words)


def _by_needed_phrases(words: str) -> str | None:
    """Return the outcome of a long label by the phrases that it needs; None if none or two fit."""
    fitting = {
        rule["code"]
        for rule in value_word_lists()["outcome_label"]
        if all(phrase in words for phrase in rule["needs"]) and not any(phrase in words for phrase in rule["without"])
    }
    return fitting.pop() if len(fitting) == 1 else None


def _without_frame(words: str) -> str:
    """Return a label without words that only frame it: 'Outcome: charged' is 'charged'."""
    return re.sub(
        r"^(ho|home office|crime|outcome|disposal|finalised|filed|closed|detected|result)( outcome| type)? ", "", words
    )


@lru_cache
def _labels() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for outcome in return_outcomes():
        for label in (outcome.label, *outcome.names_used, *value_words("outcome").get(outcome.code, ())):
            words = plain_words(label)
            for variant in (words, _shortened(words)):
                found.setdefault(variant, set()).add(outcome.code)
    return {words: next(iter(codes)) for words, codes in found.items() if words and len(codes) == 1}


_SILENT_WORDS = frozenset({"the", "and", "or", "of", "a", "to", "is", "by", "action", "further", "has", "been"})


def _word_set(words: str) -> frozenset[str]:
    return frozenset(_shortened(words).split()) - _SILENT_WORDS


@lru_cache
def _label_word_sets() -> dict[frozenset[str], str]:
    """Return the words of each label of at least three, in any order; those of two outcomes are left out."""
    found: dict[frozenset[str], set[str]] = {}
    for words, code in _labels().items():
        found.setdefault(_word_set(words), set()).add(code)
    return {words: next(iter(codes)) for words, codes in found.items() if len(codes) == 1 and len(words) > 2}


def _shortened(words: str) -> str:
    return re.sub(r"\b(further|police) action\b", "action", re.sub(r"\bthe\b ?", "", words))
