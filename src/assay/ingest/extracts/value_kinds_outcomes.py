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
from assay.ingest.extracts.value_kinds_doubt import NEGATED, NO_ACTION, affirms, is_questioned, kinds_of_doubt
from assay.reference import return_outcomes
from assay.reference.outcome_codes import outcome_families

PENDING = "NOA"
"""The code of the contract while no outcome is assigned."""
_NUMBERED = re.compile(
    r"(?:home\s*office|ho)?\s*(?:crime)?\s*"
    rf"(?:{'|'.join(value_words('outcome_number_prefixes')['words'])})?\s*(?:type|code|no\.?|number)?"
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
    """Return the outcome code that a cell names; None if it is not understood, contradictory or doubtful."""
    if is_questioned(text):
        return "" if says_not_known(text) else None
    label = outcome_of_label(text)
    if label is not None or orders_of_date(text.strip().lower()):
        return label
    if match := _NUMBERED.fullmatch(text.strip()):
        return _code(match[1])
    if match := _BEFORE_LABEL.fullmatch(text.strip()):
        return _agreed(match[1], match[2])
    if match := _AFTER_LABEL.fullmatch(text.strip()):
        return _agreed(match[2] or match[3], match[1])
    labels = {label for pair in code_and_label(text) if (label := _label_beside_code(*pair, text)) is not None}
    if len(labels) == 1 and not re.search(r"\d", text):
        return labels.pop()
    return "" if says_not_known(text) else None


def names_open_outcome(text: str) -> bool:
    """Return True if a cell names the end of an investigation but fits several outcomes, such as 'NFA'."""
    words = plain_words(text)
    is_listed = not {words, _without_frame(words)}.isdisjoint(value_words("open_outcomes")["words"])
    return is_listed or bool(possible_outcomes(text))


def possible_outcomes(text: str) -> tuple[str, ...]:
    """Return the codes that a label alone could mean if it is listed under several; () if it fits one or none.

    Such a text may be shown: every word of it is listed.
    """
    words = plain_words(text)
    codes = _codes_of_labels().get(words) or _codes_of_labels().get(_without_frame(words)) or frozenset()
    return tuple(sorted(codes)) if len(codes) > 1 else ()


_CODE = re.compile(r"(?!N$|F$|X$)[A-Z][A-Z0-9/.+]{0,5}")
_UNDETECTED = "(?:undetected|undet|unsolved|crime|case)"
_FRAMES = frozenset({"outcome", "disposal", "finalised", "filed", "closed", "detected", "result", "undetected"})


def _label_beside_code(first: str, second: str, text: str) -> str | None:
    """Return the outcome of two parts of a cell, if one is its label and the other a code, a frame or nothing."""
    labels = {label for part in (first, second) if (label := outcome_of_label(part)) is not None}
    further_parts = [part for part in (first, second) if outcome_of_label(part) is None]
    if len(labels) != 1 or not all(_says_nothing_else(part, text) for part in further_parts):
        return None
    label = next(iter(labels))
    return label if all(_is_part_of(label, plain_words(part)) for part in further_parts) else None


def _says_nothing_else(part: str, text: str) -> bool:
    """Return True if a part beside a label is a code or a frame: a word in capitals is one only where others are not.

    'LATER CHARGED' has a word before its label, 'UNDET - CHARGED' and 'UNDET charged' have a code.
    """
    is_apart = not text.isupper() or bool(re.search(r"[^\w\s]", text))
    return plain_words(part) in _FRAMES or (is_apart and bool(_CODE.fullmatch(part.strip())))


def _agreed(number: str, label: str) -> str | None:
    """Return the outcome of a number with a label: a label with a number or of another outcome contradicts."""
    by_number, by_label, possible = _code(number), outcome_of_label(label), possible_outcomes(label)
    if by_label is not None or possible:
        return by_number if by_number in (by_label, *possible) else None
    if by_number is None or not _may_stand_beside(by_number, plain_words(label)):
        return None
    return None if re.search(r"\d", label) or not re.search(r"[a-z]{3}", label, re.I) else by_number


def _code(number: str) -> str | None:
    code = re.sub(r"\s", "", number).upper().lstrip("0") or "0"
    if code == "0":
        return PENDING
    return code if code in return_outcomes() else None


def outcome_of_label(text: str) -> str | None:
    """Return the outcome that a label names; None if the text is not the label of exactly one outcome."""
    words = plain_words(text)
    unframed = _without_frame(words)
    if _HAS_NOT_ENDED.fullmatch(unframed) or _is_pending_crime(unframed):
        return PENDING
    return _labels().get(words) or _labels().get(unframed) or _by_word_set(words) or _by_short_forms(words)


def _is_pending_crime(words: str) -> bool:
    """Return True for words of a pending outcome beside what is undetected, in either order: 'undetected ongoing'.

    "Undetected" alone also names the end of an investigation, so only the other words decide.
    """
    rest = re.sub(rf"^{_UNDETECTED} | {_UNDETECTED}$", "", words)
    return rest != words and _labels().get(rest) == PENDING


def _by_short_forms(words: str) -> str | None:
    """Return the outcome of a label whose words are cut short: 'EVID DIFF - SUSP ID - VICTIM SUPPORTS'."""
    full = " ".join(_full_words().get(word, word) for word in words.split())
    if full == words or len(full.split()) == 1:
        return None
    return _labels().get(full) or _by_word_set(full)


@lru_cache
def _full_words() -> dict[str, str]:
    return {short: word for word, shorts in value_words("outcome_short_forms").items() for short in shorts}


def _beginnings(word: str, n_letters: int) -> str:
    """Return a pattern of a word and of its abbreviations of at least so many letters."""
    return word[:n_letters] + "".join(f"(?:{letter}" for letter in word[n_letters:]) + ")?" * (len(word) - n_letters)


_ENDED = "|".join(
    [_beginnings("finalised", 3), _beginnings("finalized", 3)]
    + [_beginnings(word, 4) for word in ("assigned", "allocated", "disposed", "concluded", "completed", "decided")]
)
_HAS_NOT_ENDED = re.compile(rf"(?:not(?: yet)?(?: been)?|yet to be|to be) (?:{_ENDED})(?: d)?(?: yet)?")
"""Words that say that no outcome is assigned yet, also where systems cut them short: 'Not fin.', 'not yet assgd'."""


def _by_word_set(words: str) -> str | None:
    return _label_word_sets().get(_word_set(words)) or _by_needed_phrases(words)


def _by_needed_phrases(words: str) -> str | None:
    """Return the outcome of a long label by the phrases that it needs; None if none or two fit."""
    fitting = {
        rule["code"]
        for rule in value_word_lists()["outcome_label"]
        if all(affirms(words, phrase) for phrase in rule["needs"])
        and not any(phrase in words for phrase in rule["without"])
    }
    code = fitting.pop() if len(fitting) == 1 else None
    return code if code and _is_part_of(code, words) else None


def _is_part_of(code: str, words: str) -> bool:
    """Return True if words hold no kind of doubt but those that the labels of an outcome hold themselves."""
    if code in _detected_outcomes() and _SAYS_UNDETECTED.search(words):
        return False
    return kinds_of_doubt(words) <= _doubts_of_labels()[code]


_SAYS_UNDETECTED = re.compile(r"\b(undetected|undet|unsolved)\b")
TAKEN_INTO_CONSIDERATION = "4"


@lru_cache
def _detected_outcomes() -> frozenset[str]:
    """Return the outcomes of detected crimes: charges, disposals out of court, and offences taken into consideration.

    "Undetected" beside one of them contradicts it. Alone it names no outcome: 14, 15, 16 and 18 are undetected too.
    """
    detected = {code for code, outcome in outcome_families().items() if outcome.family in ("charged", "out_of_court")}
    return frozenset(detected | {TAKEN_INTO_CONSIDERATION})


def _may_stand_beside(code: str, words: str) -> bool:
    """Return True if the remark beside a number does not deny the outcome: 'not charged' denies 1 and not 15."""
    if code not in _WITHOUT_SUSPECT_OR_SUPPORT and _DENIES_SUSPECT_OR_SUPPORT.search(words):
        return False
    is_remark = code in _WITHOUT_ACTION and kinds_of_doubt(words) <= {NEGATED, NO_ACTION}
    return is_remark or _is_part_of(code, words)


_WITHOUT_SUSPECT_OR_SUPPORT = frozenset({"NOA", "14", "16", "18"})
_DENIES_SUSPECT_OR_SUPPORT = re.compile(
    r"\b(no|not|cannot|unable|without)( \w+){0,2} (suspect|identif|support(?! formal))|\bunidentified"
)
"""What makes 15 another outcome: a suspect who is not identified, or a victim who does not support."""


@lru_cache
def _doubts_of_labels() -> dict[str, frozenset[str]]:
    """Return the kinds of doubt that belong to each outcome: a victim 'does not support' in 14 and 16."""
    found: dict[str, frozenset[str]] = {}
    for outcome in return_outcomes():
        labels = (outcome.label, *outcome.names_used, *value_words("outcome").get(outcome.code, ()))
        needs = (
            phrase
            for rule in value_word_lists()["outcome_label"]
            if rule["code"] == outcome.code
            for phrase in rule["needs"]
        )
        kinds = {doubt for label in (*labels, *needs) for doubt in kinds_of_doubt(plain_words(label))}
        found[outcome.code] = frozenset(kinds | ({NO_ACTION} if outcome.code in _WITHOUT_ACTION else set()))
    return found


_WITHOUT_ACTION = frozenset(("5", *map(str, range(9, 23))))
"""Outcomes after which the police take no further action against a suspect."""


def _without_frame(words: str) -> str:
    """Return a label without words that only frame it: 'Outcome: charged' is 'charged'."""
    return re.sub(
        r"^(ho|home office|crime|outcome|disposal|finalised|filed|closed|detected|result)( outcome| type)? ", "", words
    )


@lru_cache
def _labels() -> dict[str, str]:
    return {words: next(iter(codes)) for words, codes in _codes_of_labels().items() if len(codes) == 1}


@lru_cache
def _codes_of_labels() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for outcome in return_outcomes():
        for label in (outcome.label, *outcome.names_used, *value_words("outcome").get(outcome.code, ())):
            words = plain_words(label)
            for variant in (words, _shortened(words)):
                found.setdefault(variant, set()).add(outcome.code)
    return {words: frozenset(codes) for words, codes in found.items() if words}


_SILENT_WORDS = frozenset({"the", "and", "or", "of", "a", "to", "is", "by", "action", "further", "has", "been"})


def _word_set(words: str) -> frozenset[str]:
    bound = re.sub(r"\b(not?) (?!(?:suspects?|named|the|further)\b)(\w+)", r"\1_\2", _shortened(words))
    return frozenset(bound.split()) - _SILENT_WORDS


@lru_cache
def _label_word_sets() -> dict[frozenset[str], str]:
    """Return the words of each label of at least three, in any order; those of two outcomes are left out."""
    found: dict[frozenset[str], set[str]] = {}
    for words, code in _labels().items():
        found.setdefault(_word_set(words), set()).add(code)
    return {words: next(iter(codes)) for words, codes in found.items() if len(codes) == 1 and len(words) > 2}


def _shortened(words: str) -> str:
    return re.sub(r"\b(further|police) action\b", "action", re.sub(r"\bthe\b ?", "", words))
