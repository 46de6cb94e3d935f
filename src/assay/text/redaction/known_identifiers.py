"""Find the names, addresses and numbers of a case's people in its texts.

The return of a case has the names, addresses, telephones and references of its people, so its notes are searched for
these: in upper or lower case, with or without accents, initials, possessive endings or hyphens, across line ends,
joined as in an account name, and with one typing error in a longer name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assay.text.normalisation import Folded
from assay.text.redaction.accent_folding import WORD, fold_accents, folded_words
from assay.text.redaction.redaction_spans import Span

MIN_PART_LENGTH = 5
"""Minimum length of a part of a name that is searched within longer words."""
MIN_MISTYPED_LENGTH = 6
"""Minimum length of a part of a name that matches with one letter wrong, missing or added, or two transposed."""
ORDINARY = frozenset((
    "a", "an", "and", "am", "as", "at", "be", "by", "do", "for", "go", "he", "her", "him", "his", "i", "if",
    "in", "is", "it", "me", "may", "my", "no", "not", "of", "on", "or", "our", "out", "see", "she", "so", "the",
    "to", "up", "us", "was", "we", "will", "with",
))  # fmt: skip
"""Ordinary words that match as a name only with a capital, or beside another part of the name."""
IN_A_NAME = re.compile(r"[\s,.'\-]{1,4}")
WRAPPED = r"(?:-?\s*\n\s*)?"
OVER_A_LINE = re.compile(r"-?\s*\n\s*")
STREETS = {"rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close", "dr": "drive",
           "ct": "court", "pl": "place", "cres": "crescent", "gdns": "gardens", "sq": "square", "tce": "terrace",
           "rw": "row", "wy": "way"}  # fmt: skip
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A person of the case, with role and identifiers.

    `names`: full names of one or more words. `numbers`: references, accounts and similar identifiers of this person
    only.
    """

    role: str
    number: int
    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    born_on: date | None = None

    @property
    def tag(self) -> str:
        """Placeholder of the person, such as VICTIM 1."""
        return f"{self.role.upper()} {self.number}"


class KnownPeople:
    """Index of the people of one case, to find their identifiers in texts in any spelling.

    `short_forms`: short forms by forename.
    """

    def __init__(self, people: Iterable[Person], short_forms: Mapping[str, Sequence[str]] | None = None) -> None:
        self.people = tuple(people)
        self._parts: dict[str, set[str]] = {}
        self._initials: dict[str, set[str]] = {}
        self._letters: dict[str, set[str]] = {}
        for person in self.people:
            for name in person.names:
                self._learn(person.tag, folded_words(name), short_forms or {})
        self._misspellings = {
            variant: part for part in self._parts if len(part) >= MIN_MISTYPED_LENGTH for variant in _deletions(part)
        }
        self._exact = [entry for person in self.people for entry in _exact_patterns(person)]

    def spans(self, text: str) -> Iterator[Span]:
        """Yield the spans of a text with a known identifier."""
        folded = fold_accents(text)
        for start, end, tags in self._names(folded, text):
            yield Span(*folded.original(start, end), f"[{' or '.join(sorted(tags))}]", "name")
        for pattern, replacement, kind in self._exact:
            for found in pattern.finditer(folded.text):
                blanks = len(found[0]) - len(found[0].lstrip())
                yield Span(*folded.original(found.start() + blanks, found.end()), replacement, kind)

    def _learn(self, tag: str, words: list[str], short_forms: Mapping[str, Sequence[str]]) -> None:
        short = {long.lower(): shorts for long, shorts in short_forms.items()}
        forms = {form for word in words for form in short.get(word, ())}
        for word in (*words, *(part for form in forms for part in folded_words(form))):
            if len(word) > 1:
                self._parts.setdefault(word, set()).add(tag)
        if len(words) > 1:
            for joined_name in ("".join(words), "".join(reversed(words)), words[0] + words[-1], words[-1] + words[0]):
                self._parts.setdefault(joined_name, set()).add(tag)
            for letters in ("".join(word[0] for word in words), words[0][0] + words[-1][0]):
                self._initials.setdefault(letters, set()).add(tag)
        for word in words:
            self._letters.setdefault(word[0], set()).add(tag)

    def _names(self, folded: Folded, text: str) -> Iterator[tuple[int, int, set[str]]]:
        """Yield adjacent parts of names as one range, with the tags of the people who have all of them."""
        run: tuple[int, int, set[str], bool] | None = None
        for start, end, tags, stands_alone in self._parts_in(folded, text):
            if run and IN_A_NAME.fullmatch(folded.text, run[1], start) and run[2] & tags:
                run = (run[0], end, run[2] & tags, True)
                continue
            if run and run[3]:
                yield self._with_initials(folded.text, run[:3])
            run = (start, end, tags, stands_alone)
        if run and run[3]:
            yield self._with_initials(folded.text, run[:3])

    def _parts_in(self, folded: Folded, text: str) -> Iterator[tuple[int, int, set[str], bool]]:
        """Yield each word that is part of a name, in order, and whether it counts without another part beside it."""
        folded_text = folded.text
        words = list(WORD.finditer(folded_text))
        place = 0
        while place < len(words):
            word, end, n_words = words[place], words[place].end(), 1
            tags = self._tags_of_word(word[0])
            if place + 1 < len(words) and OVER_A_LINE.fullmatch(folded_text, word.end(), words[place + 1].start()):
                joined_tags = self._parts.get(word[0] + words[place + 1][0])
                if joined_tags:
                    tags, end, n_words = joined_tags, words[place + 1].end(), 2
            if tags:
                ordinary = word[0] in ORDINARY and text[folded.original(*word.span())[0]].islower()
                yield word.start(), end, tags, not ordinary
            place += n_words

    def _tags_of_word(self, word: str) -> set[str]:
        """Return the tags of the people whose name includes a word."""
        whole = self._parts.get(word) or self._parts.get(word.strip("0123456789"))
        if whole:
            return whole
        if word.endswith("s") and word[:-1] in self._parts:
            return self._parts[word[:-1]]  # possessive without apostrophe
        if word in self._initials and word not in ORDINARY and not word.isdigit():
            return self._initials[word]
        for part, tags in self._parts.items():
            if len(part) >= MIN_PART_LENGTH and part in word:
                return tags
        if len(word) >= MIN_MISTYPED_LENGTH - 1 and (match := self._match_misspelling(word)):
            return self._parts[match]
        return set()

    def _match_misspelling(self, word: str) -> str | None:
        if word in self._misspellings:
            return self._misspellings[word]
        candidates = (self._misspellings[variant] for variant in _deletions(word) if variant in self._misspellings)
        return next((part for part in candidates if part[0] == word[0]), None)

    def _with_initials(self, text: str, run: tuple[int, int, set[str]]) -> tuple[int, int, set[str]]:
        """Extend a range by the initials before and after it."""
        start, end, tags = run
        letters = "".join(letter for letter, letter_tags in self._letters.items() if letter_tags & tags)
        if before := re.compile(rf"\b(?:[{letters}]\b[\s.\-,]{{1,3}})+$").search(text[max(0, start - 12) : start]):
            start -= len(before[0])
        if after := re.compile(rf"(?:[\s,\-]{{1,3}}[{letters}]\b\.?)+(?![\w'])").match(text, end):
            end = after.end()
        return start, end, tags


def _exact_patterns(person: Person) -> Iterator[tuple[re.Pattern[str], str, str]]:
    """Yield patterns of exact identifiers, with their placeholder and kind."""
    for phone in person.phones:
        digits = re.sub(r"\D", "", phone)
        if len(digits) >= 6:
            tail = r"[\s().\-]*".join(digits[-10:] if len(digits) > 10 else digits.lstrip("0"))
            whole = rf"(?<!\d)(?:(?:\+\s?44|0044|44)[\s().\-]*)?\(?0?\)?[\s().\-]*{tail}(?!\d)"
            yield re.compile(whole), f"[{person.tag} PHONE]", "phone"
    for address in person.addresses:
        for words in _parts_of_an_address(folded_words(address)):
            yield re.compile(rf"(?<![^\W_]){_flexible_pattern(words)}(?![^\W_])"), f"[{person.tag} ADDRESS]", "address"
    for number in person.numbers:
        if words := folded_words(number):
            yield (
                re.compile(rf"(?<![^\W_]){_flexible_pattern(words)}(?![^\W_])"),
                f"[{person.tag} REFERENCE]",
                "reference",
            )
    if person.born_on:
        yield re.compile(_day(person.born_on)), f"[{person.tag} DATE OF BIRTH]", "date_of_birth"


def _parts_of_an_address(words: list[str]) -> list[list[str]]:
    """Return the whole address, the address from its last number to the street word, and the street, longest first."""
    numbers = [place for place, word in enumerate(words) if word[0].isdigit()]
    ends = [place for place, word in enumerate(words) if word in STREETS or word in STREETS.values()]
    end = ends[0] + 1 if ends else len(words)
    starts = [position for position in (numbers[-1], numbers[-1] + 1) if end - position > 1] if numbers else []
    parts = [words, *(words[start:end] for start in starts if start < end)]
    return sorted((part for part in parts if part), key=len, reverse=True)


def _flexible_pattern(words: Sequence[str]) -> str:
    """Return a pattern of words with any punctuation in between, across line ends, and both forms of street words."""
    forms = []
    for word in words:
        spellings = {word, STREETS.get(word, word), *(short for short, whole in STREETS.items() if whole == word)}
        spelt = (WRAPPED.join(map(re.escape, form)) for form in sorted(spellings))
        forms.append(f"(?:{'|'.join(spelt)})")
    return r"[\W_]*".join(forms)


def _day(day: date) -> str:
    """Return a pattern of the usual written forms of a date."""
    year, month, number = rf"(?:{day.year}|{day.year % 100:02})", rf"0?{day.month}", rf"0?{day.day}"
    name = MONTHS[day.month - 1]
    gap = r"[\s./\-]{1,3}"
    spelt = rf"(?:{name[:3]}(?:{name[3:]})?)"
    return (
        rf"(?<!\d)(?:{number}{gap}{month}{gap}{year}|{day.year}{gap}{month}{gap}{number}"
        rf"|{number}(?:st|nd|rd|th)?{gap}(?:of\s)?{spelt},?{gap}{year}|{spelt}{gap}{number}(?:st|nd|rd|th)?,?{gap}{year}"
        rf"|{day.day:02}{day.month:02}{year})(?!\d)"
    )


def _deletions(word: str) -> set[str]:
    """Return a word, and the word without any one of its letters."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
