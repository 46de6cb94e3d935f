"""Read cells that hold a code, a label, or both: sex, role, yes and no, and the names of forces.

Every reader of a kind of values takes the distinct texts of a column and returns one value for each: the value of the
contract, '' for a word that says that nothing is known, or None where the text is not understood. A text with a code
and a label is read only if the two do not contradict each other.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assay.ingest.yes_no_words import is_empty_word, is_no_word, is_yes_word, normalise_cell
from assay.reference import forces

CODE_SEPARATOR = r"(?:\s*[\])]?\s*[-\u2013\u2014:|=,/.]+\s*|\s+)"
"""What stands between a code and its label, as a pattern."""
_PUNCTUATION = re.compile(r"[\W_]*")
_CODE_FIRST = re.compile(
    r"[\[(]?\s*([A-Za-z0-9+/.]{1,12}?)\s*(?:[\])]|\s[-\u2013\u2014:=|]|[:=|\u2013\u2014-]|\s)\s*(\S.*)"
)
_CODE_LAST = re.compile(
    r"(.*\S)\s*(?:[\[(]\s*([A-Za-z0-9+/.]{1,12})\s*[\])]|\s[-\u2013\u2014:|]\s*([A-Za-z0-9+/.]{1,12}))"
)


@lru_cache
def value_words(section: str) -> Mapping[str, tuple[str, ...]]:
    """Return the words of one list of `value_words.toml`: value of the contract -> words that mean it."""
    return {value: tuple(words) for value, words in value_word_lists()[section].items()}


@lru_cache
def value_word_lists() -> Mapping[str, Any]:
    """Return the content of `value_words.toml`."""
    return tomllib.loads(files("assay.ingest.extracts").joinpath("value_words.toml").read_text(encoding="utf-8"))


@lru_cache
def _not_known_words() -> frozenset[str]:
    return frozenset(map(plain_words, value_words("not_known")["words"]))


@lru_cache
def _answers() -> Mapping[str, frozenset[str]]:
    return {answer: frozenset(words) for answer, words in value_words("yes_no").items()}


@lru_cache
def _sexes() -> CodeList:
    codes = {"M": ("M",), "F": ("F",), "O": ("O", "X"), "": ("U", "N", "Z")}
    return code_list(codes, value_words("sex"))


@lru_cache
def _roles() -> CodeList:
    return code_list(value_words("role"), value_words("role"))


def plain_words(text: str) -> str:
    """Return a text in lower case as words with single spaces, without punctuation."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


@lru_cache(maxsize=65536)
def says_not_known(text: str) -> bool:
    """Return True if a cell holds a word that says that nothing is known, or only punctuation."""
    words = plain_words(text)
    return (
        bool(_PUNCTUATION.fullmatch(text)) or is_empty_word(text) or is_empty_word(words) or words in _not_known_words()
    )


@dataclass(frozen=True)
class CodeList:
    """The codes and the labels of one closed list, both as `plain_words`, each with its value of the contract."""

    codes: Mapping[str, str]
    labels: Mapping[str, str]

    def read(self, text: str) -> str | None:
        """Return the value of a cell with a code, a label, or both; None if it is not understood."""
        words = plain_words(text)
        value = self.labels.get(words, self.codes.get(words))
        if value is not None:
            return value
        for code, label in code_and_label(text):
            value = self._agreed(code, label)
            if value is not None:
                return value
        return "" if says_not_known(text) else None

    def _agreed(self, code: str, label: str) -> str | None:
        by_code, by_label = self.codes.get(plain_words(code)), self.labels.get(plain_words(label))
        if by_code and by_label:
            return by_code if by_code == by_label else None
        if by_label:
            return by_label
        if by_label == "" or (by_code is None and says_not_known(label)):
            return ""
        return by_code if by_code is not None and not self.codes.get(plain_words(label)) else None


def code_and_label(text: str) -> Iterable[tuple[str, str]]:
    """Yield the ways in which a text can be a code and a label: 'W1 - British', 'British (W1)', '[W1] British'."""
    stripped = text.strip()
    if first := _CODE_FIRST.fullmatch(stripped):
        yield first[1], first[2].lstrip("-\u2013\u2014:=| ")
    if last := _CODE_LAST.fullmatch(stripped):
        yield last[2] or last[3], last[1]


def code_list(codes: Mapping[str, Iterable[str]], labels: Mapping[str, Iterable[str]]) -> CodeList:
    """Return a list from value -> codes and value -> labels; a word of two values is left out."""
    return CodeList(_by_word(codes), _by_word(labels))


def _by_word(words_of: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    values: dict[str, set[str]] = {}
    for value, words in words_of.items():
        for word in words:
            values.setdefault(plain_words(word), set()).add(value)
    return {word: next(iter(found)) for word, found in values.items() if len(found) == 1}


_SEX_NUMBERS = {"1": "M", "2": "F", "0": "", "9": ""}
"""ISO/IEC 5218, which PNC and NHS systems use; read only where a column holds nothing else."""


def read_sexes(texts: Sequence[str]) -> list[str | None]:
    """Return M, F or O for each text; a column of nothing but 1, 2, 0 and 9 is read by ISO/IEC 5218."""
    if {"1", "2"} <= {text.strip() for text in texts} <= _SEX_NUMBERS.keys():
        return [_SEX_NUMBERS[text.strip()] for text in texts]
    return [_sexes().read(text) for text in texts]


ROLE_LETTERS = frozenset({"v", "s", "w", "o"})
_ROLE_ENDING = re.compile(r"[\s_(#.-]*\d{1,2}\s*[).]?$|\(s\)$")


def read_roles(texts: Sequence[str]) -> list[str | None]:
    """Return victim, suspect or witness for each text; '' for the part of somebody else, such as an informant.

    A number behind the word does not count: 'Suspect 2' is a suspect.
    """
    return [_role(text) for text in texts]


_NO_LONGER = re.compile(r"\b(eliminated|no longer|former|not a suspect|exonerated)\b", re.I)


def _role(text: str) -> str | None:
    if _NO_LONGER.search(text):
        return ""
    value = _roles().read(_ROLE_ENDING.sub("", text.strip()))
    if value is not None:
        return value
    roles = {found for part in re.split(r"[/,;&+]| and ", text) if (found := _roles().read(part))}
    return roles.pop() if len(roles) == 1 else None


def read_yes_no(texts: Sequence[str]) -> list[str | None]:
    """Return yes, no or '' for each text."""
    return [_yes_no(text) for text in texts]


def _yes_no(text: str) -> str | None:
    words = plain_words(text)
    if words in _answers()["yes"] or is_yes_word(text):
        return "yes"
    if words in _answers()["no"] or (is_no_word(text) and words != "none"):
        return "no"
    for first, second in code_and_label(text):
        pair = {_yes_no_word(first), _yes_no_word(second)}
        if len(pair) == 1 and None not in pair:
            return pair.pop()
    return "" if says_not_known(text) else None


def _yes_no_word(text: str) -> str | None:
    words = normalise_cell(text)
    return "yes" if words in _answers()["yes"] else "no" if words in _answers()["no"] else None


@lru_cache
def _forces() -> CodeList:
    names: dict[str, list[str]] = {}
    for force in forces():
        words = [force.name, force.full_name, *force.aliases, force.code, force.slug]
        short = [_without_kind(name) for name in words]
        names[force.code] = [
            *words,
            *short,
            *(f"{name} {kind}" for name in short for kind in ("police", "constabulary")),
        ]
    return CodeList(_by_word(names), _by_word(names))


def _without_kind(name: str) -> str:
    return re.sub(r"\b(police|constabulary|service|heddlu|force)\b", "", plain_words(name)).strip() or name


def read_forces(texts: Sequence[str]) -> list[str | None]:
    """Return the code of the force that each text names, by its code, name or usual abbreviation."""
    return [_forces().read(text) for text in texts]
