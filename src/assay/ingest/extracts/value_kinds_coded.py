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

from assay.ingest.extracts.value_kinds_doubt import is_only_doubt, is_questioned, kinds_of_doubt, without_doubt
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
    """Return True if a cell says that nothing is known, or holds only punctuation."""
    words = plain_words(text)
    if bool(_PUNCTUATION.fullmatch(text)) or is_empty_word(text) or is_empty_word(words) or words in _not_known_words():
        return True
    # The same in two languages: 'Anhysbys / Not known'.
    sides = re.split(r"\s/\s", text)
    return len(sides) == 2 and all(plain_words(side) and says_not_known(side) for side in sides)


NO_PERSON = (
    r"^\W*(?:(?:no|nil)\s+(?:victim|aggrieved|complainant|injured\s+(?:party|person)|ip|suspect|offender|person)s?(?:\(s\))?"
    r"|victimless(?:\s+(?:crime|offence))?)"
    r"(?:\s+(?:recorded|linked|listed|involved|applicable|attached|entered|on (?:the )?(?:crime|record)))*\s*"
    r"(?:[.(\[:,;/\u2013\u2014-].*)?$"
)
"""Pattern of a cell, in lower case, that says that there is no such person: 'no victim (crime against the state)'."""
NO_PERSON_KNOWN = r"known|identified|named|detail|support"
"""A remark such as 'no victim - not identified' speaks of a person who is not known."""


@lru_cache(maxsize=65536)
def says_nobody(text: str) -> bool:
    """Return True if a cell of a person says that the crime has no such person."""
    words = normalise_cell(text)
    return bool(re.search(NO_PERSON, words)) and not re.search(NO_PERSON_KNOWN, words)


@dataclass(frozen=True)
class CodeList:
    """The codes and labels of one closed list, each normalised by `plain_words`, with their contract values."""

    codes: Mapping[str, str]
    labels: Mapping[str, str]

    def read(self, text: str) -> str | None:
        """Return the value in a cell with a code, a label or both; None if not understood or doubtful."""
        words = plain_words(text)
        if is_questioned(text):
            return "" if says_not_known(text) else None
        value = self.labels.get(words, self.codes.get(words))
        if value is not None:
            return value
        for code, label in code_and_label(text):
            value = None if self._doubts(code) or self._doubts(label) else self._agreed(code, label)
            if value is not None:
                return value
        return self._read_synonyms(text) or ("" if says_not_known(text) else None)

    def _read_synonyms(self, text: str) -> str | None:
        """Return the value of a cell whose parts between slashes are all labels of it: 'Girl/Woman'."""
        values = {self.labels.get(plain_words(part)) for part in text.split("/")}
        return values.pop() if len(values) == 1 and "/" in text else None

    def _doubts(self, text: str) -> bool:
        """Return True if a part that is no word of the list holds only doubt, or denies a word of the list."""
        words = plain_words(text)
        if words in self.labels or words in self.codes or says_not_known(text):
            return False
        rest = without_doubt(words)
        return is_only_doubt(words) or bool(kinds_of_doubt(words) and (rest in self.labels or rest in self.codes))

    def _agreed(self, code: str, label: str) -> str | None:
        by_code, by_label = self.codes.get(plain_words(code)), self.labels.get(plain_words(label))
        if by_code and by_label:
            return by_code if by_code == by_label else None
        if by_label:
            return by_label
        if by_label == "" or (by_code is None and says_not_known(label)):
            return ""
        return by_code if by_code is not None and not self._names_another(by_code, label) else None

    def _names_another(self, value: str, label: str) -> bool:
        """Return True if an unknown label holds codes: 'W1 / A3' is a list of two persons, and no code with a label."""
        words = re.findall(r"[^\W_]+", label.casefold())
        codes = [word for word in words if word in self.codes and (any(map(str.isdigit, word)) or len(words) == 1)]
        different = [word for word in codes if self.codes[word] != value]
        return (
            bool(different) or (len(codes) > 1 and len(codes) == len(words)) or bool(self.codes.get(plain_words(label)))
        )


def code_and_label(text: str) -> Iterable[tuple[str, str]]:
    """Yield the ways in which a text can be a code and a label: 'W1 - British', 'British (W1)', '[W1] British'."""
    stripped = text.strip()
    if first := _CODE_FIRST.fullmatch(stripped):
        yield first[1], first[2].lstrip("-\u2013\u2014:=| ")
    if last := _CODE_LAST.fullmatch(stripped):
        yield last[2] or last[3], last[1]


def code_list(codes: Mapping[str, Iterable[str]], labels: Mapping[str, Iterable[str]]) -> CodeList:
    """Build a code list from the codes and labels of each value; a word that stands for two values is left out."""
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
    """Return the sex (M, F or O) in each text; a column of the numbers 1, 2, 0 and 9 is read by ISO/IEC 5218."""
    numbers = {text.strip() for text in texts if not says_not_known(text)}
    if {"1", "2"} <= numbers <= _SEX_NUMBERS.keys():
        return [_SEX_NUMBERS.get(text.strip(), "") for text in texts]
    return [_sexes().read(text) for text in texts]


ROLE_LETTERS = frozenset({"v", "s", "w", "o"})
_ROLE_ENDING = re.compile(r"[\s_(#.-]*\d{1,2}\s*[).]?$|\(s\)$")


def read_roles(texts: Sequence[str]) -> list[str | None]:
    """Return victim, suspect or witness for each text; '' for any other role, such as informant.

    A number behind the word does not count: 'Suspect 2' is a suspect.
    """
    return [_role(text) for text in texts]


_NO_LONGER = re.compile(
    r"\b(eliminated|exonerated|(former(ly)?|ex)( a| an)?( \w+)? (suspect|offender|accused)"
    r"|(no longer|not)( \w+){0,3} (suspect|suspected|offender|accused|person of interest))\b"
)
"""Plain words by which somebody who was a suspect is none."""
_DESCRIPTION = re.compile(
    r"\W*\b(unidentified|unknown|not (yet )?(known|identified)|nfa'?d?|no further action"
    r"|suspected(?= (suspect|offender)))\b\W*",
    re.I,
)
"""Words that describe a person and do not deny the role: 'Suspect - unidentified' is a suspect."""
_FRAME_OF_ROLE = re.compile(r"^(involved (person|party)|involved|person|nominal|subject)\s*[-:\u2013/]\s*(?=\w)", re.I)
_CONTRACTED_ROLE = re.compile(r"(?:unid|unk|uk|u|nk|id)(?P<behind>[a-z]+)|(?P<before>[a-z]+?)(?:unid|unk|uk|u|nk|id)")
"""A word for a role in one word with whether the person is known. 'Un' is no such word: 'undef' is undefined."""
MIN_ROLE_LETTERS = 3
"""Letters that a role has in such a word, at least."""
_VICTIM_AND_WITNESS = frozenset({"victim", "witness"})
"""A victim is a witness of the own crime as well."""


def _role(text: str) -> str | None:
    listed = _roles().labels.get(plain_words(_ROLE_ENDING.sub("", text.strip())))
    if listed is not None and not is_questioned(text):
        return listed
    text = _DESCRIPTION.sub(" ", _FRAME_OF_ROLE.sub("", text.strip())).strip() or text
    named_roles, words = _named_roles(text), plain_words(text)
    if len(named_roles) > 1:
        return "victim" if named_roles == _VICTIM_AND_WITNESS and not kinds_of_doubt(words) else None
    if named_roles == {"suspect"} and _NO_LONGER.search(words):
        return ""
    value = _roles().read(_ROLE_ENDING.sub("", text))
    if not value and named_roles:
        can_be_read = _parts_with_role(text) and value is None and not is_questioned(text)
        value = next(iter(named_roles)) if can_be_read else None
    value = _contracted_role(words) if value is None and not named_roles else value
    return None if value and _denies_role(words) else value


def _contracted_role(words: str) -> str | None:
    """Return the role in a word such as 'unksusp' or 'vicid': a role, and in one word with it whether it is known."""
    match = _CONTRACTED_ROLE.fullmatch(words)
    role = (match["before"] or match["behind"]) if match else ""
    return _roles().labels.get(role) if len(role) >= MIN_ROLE_LETTERS else None


def _parts_with_role(text: str) -> list[str]:
    """Return the parts of a cell that are a word for a role."""
    return [part for part in re.split(r"[/,;&+]| and ", text) if _roles().read(part)]


def _named_roles(text: str) -> set[str]:
    """Return the roles that a cell names, by its words or by its parts."""
    words = plain_words(text).split()
    by_word = {role for word in words if len(word) > 3 and (role := _roles().labels.get(word))}
    return by_word | {role for part in _parts_with_role(text) if (role := _roles().read(part))}


def _denies_role(words: str) -> bool:
    """Return True if doubt is all that stands beside the words of a role: 'not a victim', 'suspect not confirmed'."""
    rest = without_doubt(words)
    is_denied = " " not in rest or bool(kinds_of_doubt(words.split()[0]))
    return bool(kinds_of_doubt(words)) and rest in _roles().labels and is_denied


def read_yes_no(texts: Sequence[str]) -> list[str | None]:
    """Return 'yes', 'no' or '' for each text."""
    return [_yes_no(text) for text in texts]


def _yes_no(text: str) -> str | None:
    words = plain_words(text)
    if is_questioned(text):
        return "" if says_not_known(text) else None
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
