"""Which Home Office offence does a cell name: by a code, by a title, or by both?

A code alone is read as `offence_codes` reads it: a class that the list divides (20 into 20A and 20B) is not understood
with a sub-code, because only the counting rules say which part the sub-code belongs to. A title is read if it is an
official title, whatever its case and punctuation, or if it states what the parts of rape and sexual assault differ by:
the sex and the age of the victim. Beside a code a title settles the part of a divided class. If the two contradict
each other, the cell is not understood. A title that several codes share is not understood either, and
`possible_offences` returns those codes, so that a person can be asked which of them is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assay import contract
from assay.ingest import offence_codes
from assay.ingest.extracts.value_kinds_coded import plain_words, says_not_known, value_word_lists
from assay.ingest.extracts.value_kinds_dates import orders_of_date
from assay.reference import offences

_CODE = r"(?:ho|hoc|home\s*office|class|offence|code|crime)?\s*(?:code|class)?\s*:?\s*"
_PREFIX = re.compile(r"(?i)^(?:ho|hoc|home office|class|code)\s*(?:code|class)?\s*:?\s*(?=\d)")
_LETTER_APART = re.compile(r"^(\d{1,3})\s?[- ]\s?([A-Za-z])$")
_NOTATION = r"(\d{1,3}(?:\.\d{1,2})?[A-Z]{0,2}(?:\.\d)?(?:\s*[/.]\s*\d{1,3}[A-Z]?)?|\d{4,5}[A-Z]?)"
_CODE_THEN_TITLE = re.compile(_CODE + r"[\[(]?" + _NOTATION + r"[\])]?(?:\s*[-\u2013\u2014:|=,]+\s*|\s+)(\D.*)", re.I)
_TITLE_THEN_CODE = re.compile(
    r"(.*\S)(?:\s*[\[(]\s*" + _CODE + _NOTATION + r"\s*[\])]|\s[-\u2013\u2014:|]\s*" + _NOTATION + ")", re.I
)
_STATUTE = re.compile(
    r"\(?\b(s(ec(tion)?s?)?\.?\s*\d+\w*\b.*|sexual offences act.*|soa\b.*|\w+( \w+){0,4} act \d{4}.*|\d{4} act.*"
    r"|common law.*)$",
    re.I,
)
_SILENT_WORDS = frozenset({
    "a", "an", "the", "of", "on", "to", "by", "and", "or", "aged", "age", "child", "children", "etc", "with", "in",
    "involving", "outcome", "outcomes", "only", "offence", "offences", "is", "years", "year", "yrs", "old", "s",
})  # fmt: skip
"""Words that are left out when two titles are compared; a title that another one then equals is not in the index."""
_SAME_WORDS = {
    "females": "female", "girl": "female", "girls": "female", "woman": "female", "women": "female", "males": "male",
    "boy": "male", "boys": "male", "man": "male", "men": "male", "u16": "under 16", "u13": "under 13",
    "16plus": "16 over", "13plus": "13 over", "above": "over", "older": "over", "below": "under", "younger": "under",
    "grooming": "grooming", "assualt": "assault", "sexually": "sexual", "fem": "female", "multi": "multiple",
    "offenders": "offender", "ch": "child", "yp": "young", "att": "attempted", "attempt": "attempted",
    "activities": "activity", "ovr": "over", "undefined": "undefined", "abh": "abh", "threats": "threat",
}  # fmt: skip
_WORD_OF_NO_PERSON = re.compile(
    r"[0-9]{1,5}[a-z]?|s([0-9]{1,3}[a-z]?)?|sec|sections?|soa|act|sexual|common|law|criminal"
    r"|ho|hoc|home|office|class|code|crime"
)
"""Words of a code or of a statute, and their numbers."""
_DATE_OR_LONG_NUMBER = re.compile(r"\d\s*[/.-]\s*\d|\b(?!19|20)\d{4}|\d{5}")
_PLUS = re.compile(r"\b(13|16|18)\s*\+")
_BELOW_AGE = re.compile(r"(?<![\w<])<\s*(13|16|18)\b")


@dataclass(frozen=True)
class OffenceReading:
    """The offence in a cell: its contract code ('' if not known, None if not understood), and how it was found.

    `class_number` is the class of a code in the cell, '' if there is none; `has_title` is True if the title was read.
    """

    code: str | None
    class_number: str = ""
    has_title: bool = False


def read_offences(texts: Sequence[str]) -> list[str | None]:
    """Return the offence code of the contract that each text names, by code or by title."""
    return [read_offence(text).code for text in texts]


@lru_cache(maxsize=65536)
def read_offence(text: str) -> OffenceReading:
    """Return the offence that a cell names."""
    stripped = _LETTER_APART.sub(r"\1\2", _PREFIX.sub("", text.strip()))
    if orders_of_date(stripped.lower()):
        return OffenceReading(None)
    parts = offence_codes.class_and_sub_code(stripped)
    code = offence_codes.parse_offence_code(stripped)
    if code is not None or parts is not None:
        return _code_reading(code, parts)
    for notation, title in _codes_and_titles(stripped):
        reading = _labelled(notation, title)
        if reading is not None:
            return reading
    if title_code := offence_of_title(stripped):
        return OffenceReading(title_code, "", True)
    return OffenceReading("" if says_not_known(stripped) else None, _shared_class(stripped))


@lru_cache(maxsize=65536)
def has_sub_code(text: str) -> bool:
    """Return True if a cell holds a class with a sub-code, with or without a title: '020/05', '20/5 Sexual assault'."""
    stripped = _PREFIX.sub("", text.strip())
    notations = (stripped, *(notation for notation, _ in _codes_and_titles(stripped)))
    parts = (offence_codes.class_and_sub_code(notation) for notation in notations)
    return any(found is not None and bool(found[1]) for found in parts)


@lru_cache(maxsize=65536)
def possible_offences(text: str) -> tuple[str, ...]:
    """Return the codes in use that a cell could mean if it fits several; () if it fits one or none.

    Such a cell may be shown: it holds words of the titles of these codes, a code and a statute alone. A cell with any
    other word beside its code, which may be the name of a person, has no possible codes.
    """
    reading = read_offence(text)
    if reading.code is not None or reading.has_title:  # a title that contradicts the code beside it leaves no choice
        return ()
    stripped = _PREFIX.sub("", text.strip())
    titles = [title for _, title in _codes_and_titles(stripped)] or [stripped]
    codes = {code for title in titles for code in _codes_with_words(title)}
    if not codes and not reading.class_number:
        return _codes_of_shared_title(text)
    if reading.class_number:
        parts = set(offence_codes.divided_classes().get(reading.class_number, ())) & current_codes()
        codes = codes & parts or (parts if all(_is_of_titles(title, parts) for title in titles) else set())
    return tuple(sorted(codes)) if len(codes) > 1 and _names_no_person(text, codes) else ()


def _codes_of_shared_title(text: str) -> tuple[str, ...]:
    """Return the codes in which one offence is counted, such as sexual communication with a child; () if none fits."""
    words = set(plain_words(text).split())
    rules = [rule for rule in value_word_lists()["offence_title_of_several"] if words.issuperset(rule["needs"])]
    return tuple(rules[0]["codes"]) if len(rules) == 1 and consists_of_title_words(text) else ()


def _is_of_titles(title: str, codes: Iterable[str]) -> bool:
    """Return True if a text is a code alone, or every word of it is a word of the titles of these codes."""
    is_code = offence_codes.class_and_sub_code(title) is not None or offence_codes.parse_offence_code(title) is not None
    return is_code or set(_title_words(_STATUTE.sub("", title))) <= _words_of_codes(frozenset(codes))


def _names_no_person(text: str, codes: Iterable[str]) -> bool:
    """Return True if a text holds nothing but words of the titles of these codes, a code and a statute.

    Characters that `plain_words` leaves out count here, and a date or a long number is no section of a statute.
    """
    known = _words_of_codes(frozenset(codes)) | _SAME_WORDS.keys() | _SILENT_WORDS
    statute = _STATUTE.search(text)
    return (
        text.isprintable()
        and (statute is None or not _DATE_OR_LONG_NUMBER.search(statute[0]))
        and all(word in known or _WORD_OF_NO_PERSON.fullmatch(word) for word in re.findall(r"\w+", text.casefold()))
    )


@lru_cache
def _words_of_codes(codes: frozenset[str]) -> frozenset[str]:
    """Return the words of the official titles of these codes, and the words that say the same."""
    official = {word for words, code in _titles().items() if code in codes for word in words}
    return frozenset(official).union(*(words for words in _NAMING_WORDS.values() if words & official))


def _shared_class(title: str) -> str:
    """Return the class of a title that leaves out only what divides that class; '' for any other.

    A single word, such as the name of a group of offences, is no title.
    """
    classes = {class_of(code) for code in _codes_with_words(title)}
    return classes.pop() if len(classes) == 1 and len(_title_words(title)) > 1 else ""


def _codes_with_words(title: str) -> set[str]:
    """Return the codes in use whose official titles hold every word of a title; none if the title has no such word."""
    words = {*_title_words(_STATUTE.sub("", title))} - _WORDS_OF_ALL_PARTS
    if not words:
        return set()
    return {code for official, code in _titles().items() if words <= official and code in current_codes()}


def _code_reading(code: str | None, parts: tuple[str, str] | None) -> OffenceReading:
    number = parts[0] if parts else class_of(code or "")
    if code == number and code in offence_codes.divided_classes() and code not in current_codes():
        code = None  # "20" is what is left of 20A or 20B, and not the offence that had this number before
    return OffenceReading(code, number if number in known_classes() else "")


@lru_cache
def current_codes() -> frozenset[str]:
    """Return the offence codes in the register's newest year."""
    newest = max(offence.last_year for offence in offences())
    return frozenset(offence.code for offence in offences() if offence.last_year == newest)


def _codes_and_titles(text: str) -> Iterator[tuple[str, str]]:
    if match := _CODE_THEN_TITLE.fullmatch(text):
        yield match[1], match[2]
    if match := _TITLE_THEN_CODE.fullmatch(text):
        yield match[2] or match[3], match[1]


def _labelled(notation: str, title: str) -> OffenceReading | None:
    """Return the offence of a code with a title; a title that names another class than the code contradicts it."""
    code = offence_codes.parse_offence_code(notation)
    parts = offence_codes.class_and_sub_code(notation)
    if code is None and parts is None:
        return None
    number = parts[0] if parts else class_of(code or "")
    if number not in known_classes():
        return None
    by_title = offence_of_title(title)
    if by_title is None:
        by_code = _code_reading(code, parts)
        return by_code if _may_stand_beside(title, by_code.code, number) else OffenceReading(None, number, True)
    agrees = class_of(by_title) == number if code is None or code == number else code == by_title
    return OffenceReading(by_title if agrees else None, number, True)


def _may_stand_beside(title: str, code: str | None, number: str) -> bool:
    """Return True if a title that leaves out what divides a class is of the class, and the code, beside it.

    A few words out of a longer title of another class, such as "Public order", are no title of that class.
    """
    title_class = _shared_class(title)
    if title_class == number:
        return code in (None, number, *_codes_with_words(title))
    return not title_class or not _words_of_all_titles(title_class) <= set(_title_words(title))


@lru_cache
def _words_of_all_titles(number: str) -> frozenset[str]:
    """Return the words, without ages, that all current titles of a class have in common."""
    common = frozenset.intersection(
        *(words for words, code in _titles().items() if class_of(code) == number and code in current_codes())
    )
    return frozenset(word for word in common if not word.isdigit()) - {"over", "under"}


def class_of(code: str) -> str:
    """Return the class number of an offence code: 20 for '20A' and '20', 4 for '4.10'."""
    match = re.match(r"\d+", code)
    return match[0] if match else code


@lru_cache
def known_classes() -> frozenset[str]:
    """Return the numbers of all offence classes in the register."""
    return frozenset(class_of(code) for code in contract.list_values("offence_code") if code[:1].isdigit())


@lru_cache(maxsize=65536)
def offence_of_title(title: str) -> str | None:
    """Return the code of an official offence title; None if it is not one, or lacks the words that select the code."""
    return _whole_title(title) or _cut_title(title)


def _whole_title(title: str) -> str | None:
    for variant in (title, _STATUTE.sub("", title), re.sub(r"\([^)]*\)", " ", title)):
        words = _title_words(variant)
        code = _titles().get(frozenset(words)) or _stated_part(words)
        if code:
            return code
    return _code_by_needed_words(title)


MIN_CUT_TITLE = 30
"""A title that a system cuts at the width of its field is at least this long."""


def _cut_title(title: str) -> str | None:
    """Return the code of a title whose last word is cut off; None if its endings are titles of several codes.

    A last word that begins no word of a title is a whole word that says more: the title is then not understood.
    """
    rest, _, last = title.rstrip().rpartition(" ")
    last = plain_words(last)
    if len(title.rstrip()) < MIN_CUT_TITLE or not last.isalpha() or last in _words_of_titles() or last in _SILENT_WORDS:
        return None
    endings = [word for word in _words_of_titles() if word.startswith(last)]
    if not endings and not any(word.startswith(last) for word in _SILENT_WORDS):
        return None
    endings = endings if len(last) >= 3 else []
    codes = {code for ending in ("", *endings) if (code := _whole_title(f"{rest} {ending}"))}
    return codes.pop() if len(codes) == 1 else None


@lru_cache
def _words_of_titles() -> frozenset[str]:
    """Return the words that titles of offences are made of."""
    official = {word for words in _titles() for word in words}
    lists = value_word_lists()
    needed = {word for rule in lists["offence_title"] for word in (*rule["needs"], *rule["without"])}
    needed |= {word for rule in lists["offence_title_of_several"] for word in rule["needs"]}
    return frozenset(official | needed | set(_SAME_WORDS) | frozenset().union(*_NAMING_WORDS.values()))


@lru_cache(maxsize=65536)
def consists_of_title_words(text: str) -> bool:
    """Return True if a text has at least two words, and all are words of titles of offences, of a code or a statute."""
    known = _words_of_titles() | _SILENT_WORDS
    words = re.findall(r"\w+", text.casefold())
    n_known = sum(word in known for word in words)
    is_known = all(word in known or _WORD_OF_NO_PERSON.fullmatch(word) for word in words)
    return text.isprintable() and n_known > 1 and is_known and not _DATE_OR_LONG_NUMBER.search(text)


def _code_by_needed_words(title: str) -> str | None:
    """Return the code of a title of the counting rules by the words that it needs; None if none or two fit."""
    words = set(plain_words(title).split())
    words |= {_SAME_WORDS[word] for word in words if word in _SAME_WORDS}
    fitting = {
        rule["code"]
        for rule in value_word_lists()["offence_title"]
        if words.issuperset(rule["needs"]) and words.isdisjoint(rule["without"])
    }
    return fitting.pop() if len(fitting) == 1 else None


def _title_words(title: str) -> tuple[str, ...]:
    text = re.sub(r"\bby an? (fe)?male\b", " ", title.casefold())
    text = _BELOW_AGE.sub(r" under \1 ", _PLUS.sub(r"\1 over ", text))
    words = " ".join(_SAME_WORDS.get(word, word) for word in plain_words(text).split()).split()
    return tuple(word for word in words if word not in _SILENT_WORDS)


@lru_cache
def _titles() -> dict[frozenset[str], str]:
    """Return every official title, as a set of words, with its code; a title of two codes is left out."""
    found: dict[frozenset[str], set[str]] = {}
    meanings = contract.list_meanings("offence_code")
    for code, name in [*meanings.items(), *((offence.code, offence.name) for offence in offences())]:
        if code in meanings and name:
            found.setdefault(frozenset(_title_words(name)), set()).add(code)
    previous_titles: dict[frozenset[str], set[str]] = {}
    for offence in offences():
        for name in offence.names_used:
            if offence.code in meanings:
                previous_titles.setdefault(frozenset(_title_words(name)), set()).add(offence.code)
    current = {words: _current(codes) for words, codes in (previous_titles | found).items() if words}
    return {words: next(iter(codes)) for words, codes in current.items() if len(codes) == 1}


def _current(codes: set[str]) -> set[str]:
    """Return those of several codes that are still in use, if there are any."""
    last_years = {offence.code: offence.last_year for offence in offences()}
    newest = max(last_years.get(code, "") for code in codes)
    return {code for code in codes if last_years.get(code, "") == newest}


_RAPE = {
    ("female", "16 over"): "19C", ("female", "under 16"): "19D", ("female", "under 13"): "19E",
    ("male", "16 over"): "19F", ("male", "under 16"): "19G", ("male", "under 13"): "19H",
}  # fmt: skip
_ASSAULT = {
    ("female", "13 over"): "20A", ("female", "under 13"): "20B",
    ("male", "13 over"): "17A", ("male", "under 13"): "17B",
}  # fmt: skip
"""The parts of the classes of rape and sexual assault, as their official titles state them."""
_WORDS_OF_ALL_PARTS = frozenset({"penetration", "touching", "attempted"})
"""Words of the counting rules that say nothing of the part of a class."""
_NAMING_WORDS = {
    "rape": frozenset({"rape", "attempted", "penetration", "single", "offender", "vaginal", "sexual"}),
    "assault": frozenset({"sexual", "assault", "penetration", "attempted", "touching"}),
    "activity": frozenset({"sexual", "activity", "causing", "cause", "inciting", "incite", "engage", "engaging",
                           "penetration", "penetrative", "non", "no", "indictable", "female", "male", "offender", "18",
                           "over", "under", "triable", "either", "way", "attempted"}),
}  # fmt: skip


def _stated_part(words: tuple[str, ...]) -> str | None:
    """Return the code of a title that states offence, sex and age in other words than the official title does."""
    age, sexes = _stated_age(words), {"female", "male"} & set(words)
    rest = {word for word in words if not word.isdigit()} - {"under", "over"} - sexes
    if "rape" in rest and rest <= _NAMING_WORDS["rape"] | {"multiple", "undefined"} and len(sexes) == 1:
        if "multiple" in rest:
            return "19J" if sexes == {"female"} else "19K"
        return _RAPE.get((sexes.pop(), age))
    if "assault" in rest and {"sexual", "penetration"} & rest and rest <= _NAMING_WORDS["assault"] and len(sexes) == 1:
        return _ASSAULT.get((sexes.pop(), age))
    if {"sexual", "activity"} <= rest and rest <= _NAMING_WORDS["activity"]:
        return {"under 13": "21", "under 16": "22B"}.get(age)
    return None


def _stated_age(words: Sequence[str]) -> str:
    """Return the age that a title states: 'under 16', '13 over'; '' if it states none or two."""
    ages = set[str]()
    for before, word, after in zip(("", *words), words, (*words[1:], ""), strict=False):
        if word in ("13", "16"):
            if before == "under":
                ages.add(f"under {word}")
            elif after == "over" or before == "over":
                ages.add(f"{word} over")
    return ages.pop() if len(ages) == 1 else ""


def read_offence_classes(texts: Sequence[str]) -> list[str | None]:
    """Return the offence class of each text that is only a class number ('20' for '020'); None for any other text."""
    return [text.strip().lstrip("0") if text.strip().lstrip("0") in known_classes() else None for text in texts]


def read_sub_codes(texts: Sequence[str]) -> list[str | None]:
    """Return the sub-code of each text that is a number of up to two digits; None for any other."""
    return [text.strip() if re.fullmatch(r"/?\d{1,2}[A-Z]?", text.strip()) else None for text in texts]
