"""What do the words of a heading say about the meaning of its column?

A heading is cut into words ('V2_DOB', 'victim2Dob' and 'Victim (2) D.O.B.' have the words victim, 2, birth), each in
one spelling, and compared with the phrases of `column_vocabulary.toml`. The role and the number of a person are taken
off first. The best phrase of a meaning gives its points: `POINTS` by how sure the phrase is, less `PENALTIES` for the
words of the heading that the phrase does not explain. Points are natural logarithms of odds.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from assay.errors import DefinitionError
from assay.ingest.preparation.heading_words import heading_word_set

EXACT, SURE, LIKELY, POSSIBLE, NONE = "exact", "sure", "likely", "possible", "none"
POINTS = {EXACT: 8.0, SURE: 6.5, LIKELY: 4.5, POSSIBLE: 2.5, NONE: -1.0}
"""Log-odds that a heading gives to a meaning, by the grade of its phrase."""
CHANGING, ROLE_WORD, NUMBER, OTHER_WORD = "changing", "role word", "number", "other word"
PENALTIES = {CHANGING: 5.0, ROLE_WORD: 2.0, NUMBER: 0.5, OTHER_WORD: 1.2}
"""Log-odds taken off for each word of a heading that the phrase does not explain."""
UNLISTED = 1.0
"""Log-odds taken off where a word of a heading is an abbreviation in no list."""
TECHNICAL_KEY = 0.7
"""Log-odds taken off a reference that is named as an ID, key or URN: another one is more likely the number in use."""
_TECHNICAL = re.compile(r"(?i:(?<![a-z])(id|key|urn|identifier)(?![a-z]))|(?<=[a-z])I[dD]\b")
ROW_MISMATCH = 3.0
"""Log-odds taken off where the rows of the sheet are not what the meaning is about."""
VICTIM, SUSPECT, WITNESS = "victim", "suspect", "witness"
_ROLES = (VICTIM, SUSPECT, WITNESS)
_PLURALS = {"victims": VICTIM, "suspects": SUSPECT}
ROLE_ABBREVIATIONS = {
    "ip": VICTIM, "injured": VICTIM, "agg": VICTIM, "v": VICTIM, "comp": VICTIM, "s": SUSPECT, "o": SUSPECT,
    "off": SUSPECT, "def": SUSPECT, "acc": SUSPECT, "w": WITNESS, "d": SUSPECT,
}  # fmt: skip
"""Abbreviations of a role that mean it only beside a number or an attribute of a person."""
PERSON_ATTRIBUTES = frozenset({
    "birth", "age", "sex", "ethnicity", "forename", "surname", "name", "postcode", "nationality", "self_defined",
    "officer_defined", "sixteen_plus_one", "six_plus_one", "phone", "person", "relationship",
})  # fmt: skip
"""Words that name something about a person."""
_REPEATED = re.compile(r"\s*[(_]\s*(\d{1,2})\s*\)\s*$")
_UNNAMED = r"(un(named|identified|known)|not[\s_]+(named|identified|known))(?![a-z])"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_OTHER_DAY = (
    rf"(?<![a-z0-9])(?:\d{{1,2}}(?:st|nd|rd|th)?[\s_-]*{_MONTH}(?:[\s_-]*\d{{2,4}})?|{_MONTH}[\s_-]*\d{{4}}"
    r"|\d{1,2}[/._-]\d{1,2}[/._-]\d{2,4}|\d{4}[/._-]\d{2}[/._-]\d{2}|\d{8}|(?:year|yr|fy|period|month)[\s_-]*end"
    r"|end[\s_]*of[\s_]*(?:the[\s_]*)?(?:financial[\s_]*)?(?:year|period|month))(?![a-z0-9])"
)
"""A day of the calendar in a heading: 'Age as at 1 April 2026' is no age at the offence."""
_SPELLED = (
    (re.compile(_OTHER_DAY, re.I), " otherday "),
    (re.compile(r"(?<!\d)(16|18)[\s_]*(\+|plus)[\s_]*1(?!\d)", re.I), " sixteenplusone "),
    (re.compile(r"(?<!\d)6[\s_]*(\+|plus)[\s_]*1(?!\d)", re.I), " sixplusone "),
    # "Suspects (incl. unnamed)" are all suspects.
    (re.compile(rf"(?<![a-z])inc(l(uding|udes|udg)?)?[\s_.]*(all[\s_]+)?{_UNNAMED}", re.I), " "),
    (re.compile(r"(?<=[a-z])\((e?s)\)", re.I), r"\1"),
    # "Victims aged 13-15" and "Victims under 13" count persons of these ages.
    (re.compile(r"(?<![a-z0-9])\d{1,2}[\s_]*([-\u2013_]|to)[\s_]*\d{1,2}(?![a-z0-9])", re.I), " agelimits "),
    (re.compile(r"(?<![a-z])(under|over|below|above)[\s_]*\d{1,2}s?(?![a-z0-9])", re.I), " agelimits "),
    (re.compile(r"(?<![a-z])d\.?\s?(?:o\.?|of)\s?b(?:\.?s)?(?![a-z])\.?", re.I), " dob "),
    (re.compile(r"(?<![a-z])h\.o\.?(?![a-z])", re.I), " ho "),
    (re.compile(r"(?<![a-z])i\.p\.?(?![a-z])", re.I), " ip "),
    (re.compile(r"(?<![a-z])y\s*/\s*n(?![a-z])", re.I), " yn "),
    (re.compile(r"(?<=[a-z])R_?Id\b"), " surrogate "),
    # An underscore is no border of a word: "PRSN_SELF_DEF_ETHN" is as "Self-Def Ethn", and "def" no defendant.
    (re.compile(r"(?<![a-z])(self|sdf|slf)[\s_-]*def(?![a-z])", re.I), " self defined "),
    (re.compile(r"(?<![a-z])(officer|offr|ofcr|off|ofr)[\s_-]*def(?![a-z])", re.I), " officer defined "),
    (re.compile(r"(?<![a-z])obs[\s_-]*def(?![a-z])", re.I), " obs defined "),
    (re.compile(r"@"), " at "),
    (re.compile(r"(?<![a-z])id['\u2019]?d(?![a-z])", re.I), " identified "),
    (re.compile(r"(?<![a-z])how[\s_]+many(?![a-z])", re.I), " count "),
    (re.compile(r"(?<![a-z])o/c(?![a-z])", re.I), " outcome "),
    (re.compile(r"(?<![a-z0-9])1st(?![a-z])", re.I), " first "),
    (re.compile(r"#"), " number "),
    (re.compile(r"(?<![a-z])m\s*/\s*f(?![a-z])", re.I), " sex "),
    (re.compile(r"(?<=[a-z])['\u2019](?=[a-z])", re.I), ""),
    (re.compile(r"(?<![a-z])no\s*[-_ ]?\s*crime(d)?(?![a-z])", re.I), " nocrimed "),
    (re.compile(r"\bp(erson)?\s?in(jured)?\b"), " ip "),
)
_NAMED_OR_NOT = re.compile(
    rf"(?<![a-z])(named|known|id['\u2019]?d|identified)[\s_]*([+&/]|and|or)[\s_]*{_UNNAMED}", re.I
)
"""All suspects beside their number, "Suspects (named + unnamed)"; alone, or of one suspect, which of the two."""
_WORDS_OF_COUNTS = frozenset({"suspects", "count", "number"})
_WORDS_OF_ORDER = frozenset({"from", "to", "previous", "first", "last"})
_CONDITIONS = (
    re.compile(
        r"[\s(,;:_-]+(left[\s_]+)?(blank|empty|null)[\s_]+(if|when|where|unless|for)(?![a-z])[^()]*\)?\s*$", re.I
    ),
    # The date of birth alone: an empty outcome or count would say something else than one that is not given.
    re.compile(
        r"[\s(,;:_-]+(only[\s_]+)?(if|when|where)[\s_]+(d\.?o\.?b\.?|date[\s_]+of[\s_]+birth|birth[\s_]*date)[\s_]+(is[\s_]+)?"
        r"(not[\s_]+|un)(held|known|recorded|available|given|provided|stated|supplied)\s*\)?\s*$",
        re.I,
    ),
)
"""The end of a heading that says in which rows its column is filled or empty, and nothing of what it means."""
_ALTERNATIVE = re.compile(r"(?<![a-z])(or|else|otherwise)(?![a-z])", re.I)
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z]{2})")


@dataclass(frozen=True)
class Meaning:
    """A possible meaning of a heading: a contract column, or something outside the contract (`table` is '')."""

    table: str
    column: str
    kinds: tuple[str, ...]
    phrases: Mapping[str, tuple[frozenset[str], ...]]
    phrases_with_role: tuple[frozenset[str], ...] = ()
    excluded: frozenset[str] = frozenset()
    """Words with which a heading does not mean it."""
    in_sheet_of_flags: tuple[frozenset[str], ...] = ()
    """Phrases that mean it in a sheet of one row for each flag."""


@dataclass(frozen=True)
class HeadingWords:
    """The normalised words of a heading.

    `words` are all of them; `rest` are those without the role and the number of a person.
    """

    words: tuple[str, ...]
    rest: tuple[str, ...]
    role: str = ""
    block: int = 0
    n_guessed: int = 0
    """Words that were read from an abbreviation in no list."""


@dataclass(frozen=True)
class HeadingEvidence:
    """The evidence points of a heading for one meaning, and the person whom the column then describes."""

    points: float
    grade: str
    role: str = ""
    block: int = 0
    layout: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """The words and phrases of `column_vocabulary.toml`."""

    spelling: Mapping[str, str]
    expansions: Mapping[str, tuple[str, ...]]
    silent: frozenset[str]
    changing: frozenset[str]
    neutral_words: Mapping[str, frozenset[str]]
    other_persons: frozenset[str] = frozenset()
    meanings: tuple[Meaning, ...] = field(default=())
    other_meanings: tuple[Meaning, ...] = field(default=())


@lru_cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary; raise DefinitionError if a word has two spellings."""
    content = tomllib.loads(
        files("assay.ingest.extracts").joinpath("column_vocabulary.toml").read_text(encoding="utf-8")
    )
    spelling: dict[str, str] = {}
    for word, group in content["words"].items():
        for member in (word, *group):
            if spelling.setdefault(member, word) != word:
                raise DefinitionError(f"column_vocabulary.toml: {member} is in two groups of words.")
    expansions = {word: tuple(phrase.split()) for word, phrase in content["expand"].items()}
    spelling_only = Vocabulary(spelling, expansions, frozenset(), frozenset(), {})
    silent = frozenset(_spell(word, spelling_only) for word in content["silent"]["words"])
    changing = frozenset(_spell(word, spelling_only) for word in content["changing"]["words"])
    neutral_words = {
        kind: frozenset(_spell(word, spelling_only) for word in words) for kind, words in content["beside"].items()
    }
    known = Vocabulary(spelling, expansions, silent, changing, neutral_words)
    meanings = tuple(_meaning(entry, known) for entry in content["meaning"])
    other_meanings = tuple(
        _meaning({**entry, "table": "", "column": entry["name"]}, known) for entry in content["other"]
    )
    other_persons = frozenset(_spell(word, spelling_only) for word in content["other_persons"]["words"])
    return Vocabulary(spelling, expansions, silent, changing, neutral_words, other_persons, meanings, other_meanings)


def _spell(word: str, known: Vocabulary) -> str:
    return known.spelling.get(word, word)


MIN_ABBREVIATION, MIN_SHARE_OF_WORD = 4, 0.4
"""Letters of an abbreviation that is in no list, and its share of the letters of the word, at least."""


@lru_cache(maxsize=8192)
def unlisted_abbreviation(word: str) -> str:
    """Return the one word that an unlisted abbreviation can stand for, in its standard spelling.

    The result is '' if no word or several words can be meant, or a counting or linking word: 'cont' may be a contact,
    and not a count.
    """
    if len(word) < MIN_ABBREVIATION or not word.isalpha() or is_known_word(word):
        return ""
    known = vocabulary()
    full_words = [full for full in known_words() if is_abbreviation(word, full)]
    shortest = min(full_words, key=len, default="")
    found = {_spell(full, known) for full in full_words if full == shortest or not full.startswith(shortest)}
    is_plain = not found & (_WORDS_OF_COUNTS | _WORDS_OF_ORDER | known.silent)
    return found.pop() if len(found) == 1 and is_plain else ""


def is_abbreviation(short: str, full: str) -> bool:
    """Return True if a short form is a word without some of its vowels, and perhaps without its end.

    A word that lacks consonants between its letters, as 'noted' lacks some of 'notified', is another word.
    """
    if not len(short) < len(full) <= len(short) / MIN_SHARE_OF_WORD or short[0] != full[0]:
        return False
    pattern = "[aeiouy]*".join(short)
    return bool(re.match(pattern, full))


def _meaning(entry: Mapping[str, object], known: Vocabulary) -> Meaning:
    grades = {grade: tuple(_phrases(entry.get(grade, ()), known)) for grade in (SURE, LIKELY, POSSIBLE)}
    with_role = tuple(_phrases(entry.get("with_role", ()), known))
    kinds = entry["kinds"]
    assert isinstance(kinds, list)
    excluded = frozenset(word for phrase in _phrases(entry.get("without", ()), known) for word in phrase)
    flag_phrases = tuple(_phrases(entry.get("in_sheet_of_flags", ()), known))
    return Meaning(str(entry["table"]), str(entry["column"]), tuple(kinds), grades, with_role, excluded, flag_phrases)


def _phrases(phrases: object, known: Vocabulary) -> Iterator[frozenset[str]]:
    assert isinstance(phrases, (list, tuple))
    for phrase in phrases:
        for choice in itertools.product(*(word.split("|") for word in phrase.split())):
            words = [spelled for word in choice for spelled in _spell_all(word, known)]
            loud = frozenset(word for word in words if word not in known.silent)
            yield loud or frozenset(words)


def _spell_all(word: str, known: Vocabulary) -> tuple[str, ...]:
    """Return a word of a heading in its one spelling; an abbreviation of several words gives them all."""
    return tuple(_spell(piece, known) for piece in known.expansions.get(word, (word,)))


@dataclass(frozen=True)
class SheetContext:
    """Evidence about a heading from the other columns of its sheet.

    Parameters
    ----------
    roles
        Abbreviations of a role in other headings: 'Off Surname' makes 'Off Status' that of an offender.
    layouts
        The headings of known layouts: (words, table, column) -> grade and name of the layout.
    is_of_flags
        True in a sheet of one row for each flag.
    is_of_persons, is_of_persons_alone
        True in a sheet with a column for the role of a person; `alone` if it has no column of offences or outcomes.
    synonyms
        Pairs of an unlisted word and the word that it stands for: if outcomes are under 'Zulu', 'Zulu Date' is the
        date of the outcome.
    has_crime_number
        False in a sheet of crimes of which no heading names the crime number.
    """

    roles: frozenset[str] = frozenset()
    layouts: Mapping[tuple[frozenset[str], str, str], tuple[str, str]] = field(default_factory=dict)
    is_of_flags: bool = False
    is_of_persons: bool = False
    is_of_persons_alone: bool = False
    has_crime_number: bool = True
    synonyms: frozenset[tuple[str, str]] = frozenset()


NO_CONTEXT = SheetContext()


@lru_cache(maxsize=8192)
def heading_words(
    heading: str, roles: frozenset[str] = frozenset(), synonyms: frozenset[tuple[str, str]] = frozenset()
) -> HeadingWords:
    """Return the words of a heading, and the person whom it names: the role, and the first, second or third of it.

    Parameters
    ----------
    heading
        The heading.
    roles
        Abbreviations that stand for a role in the sheet, whatever other words the heading has.
    synonyms
        Pairs of an unlisted word and the word that it stands for in the sheet.
    """
    text, repeated = _without_repetition(heading)
    text = _without_condition(text)
    known = vocabulary()
    raw = raw_words(_NAMED_OR_NOT.sub(" ", text))
    if not _WORDS_OF_COUNTS & {_spell(word, known) for word in raw}:
        raw = raw_words(_NAMED_OR_NOT.sub(" named unnamed ", text))
    words_of_sheet = dict(synonyms)
    raw = [words_of_sheet.get(word, word) for word in raw]
    guesses = [unlisted_abbreviation(word) for word in raw]
    raw = [guess or word for guess, word in zip(guesses, raw, strict=True)]
    role, block, used = _role_and_block(raw, known, roles)
    words = tuple(spelled for word in raw for spelled in _spell_all(word, known))
    rest = tuple(spelled for place, word in enumerate(raw) if place not in used for spelled in _spell_all(word, known))
    return HeadingWords(words, rest, role, block or repeated, sum(map(bool, guesses)))


def raw_words(text: str) -> list[str]:
    """Return the words of a heading as they are written, in small letters."""
    for pattern, replacement in _SPELLED:
        text = pattern.sub(replacement, text)
    pieces = re.findall(r"[a-z0-9]+", _HUMPS.sub(" ", text).replace("_", " ").casefold())
    return [part for piece in pieces for part in _segments(piece)]


def _without_condition(text: str) -> str:
    """Return a heading without the condition at its end: 'Age at offence if DoB not held' is an age at the offence.

    'Date of offence, or of report if not known' keeps it: there the column holds one thing or another.
    """
    for pattern in _CONDITIONS:
        shorter = pattern.sub("", text)
        text = text if _ALTERNATIVE.search(shorter) else shorter
    return text


def _without_repetition(heading: str) -> tuple[str, int]:
    """Return a heading without the number that makes a repeated heading unique: 'DOB (2)' is the second DOB."""
    match = _REPEATED.search(heading)
    has_role = bool(re.search(r"vic|sus|off|wit|person|nominal|aggr|compl|accused|defend", heading, re.I))
    return (heading[: match.start()], int(match[1])) if match and not has_role else (heading, 0)


@lru_cache(maxsize=8192)
def _segments(piece: str) -> tuple[str, ...]:
    """Cut a word that is written without spaces into known words: 'crimenumber' has two."""
    vocabulary_words = known_words()
    if piece in vocabulary_words or len(piece) < 6 or piece.isdigit():
        return (piece,)
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(2, len(piece) + 1):
        cuts = [
            (*best[start], piece[start:end])
            for start in range(max(0, end - 20), end - 1)
            if start in best
            and piece[start:end] in vocabulary_words
            and (end - start > 2 or piece[start:end] in _SHORT)
        ]
        if cuts:
            best[end] = min(cuts, key=len)
    return best.get(len(piece), (piece,))


_SHORT = frozenset({"no", "id", "dt", "cd", "of", "at", "ho", "to", "yn"})


def is_known_word(word: str) -> bool:
    """Return True if a word in small letters, or each part of a word without spaces, is in the vocabulary."""
    known = known_words() | vocabulary().other_persons | ROLE_ABBREVIATIONS.keys() | _PLURALS.keys()
    return all(part in known for part in _segments(word))


@lru_cache
def known_words() -> frozenset[str]:
    """Return all words of the vocabulary."""
    known = vocabulary()
    phrases = (
        phrase
        for meaning in (*known.meanings, *known.other_meanings)
        for grade in meaning.phrases.values()
        for phrase in grade
    )
    return frozenset(itertools.chain(known.spelling, known.expansions, known.silent, known.changing, *phrases))


def _role_and_block(raw: list[str], known: Vocabulary, always: frozenset[str]) -> tuple[str, int, frozenset[int]]:
    """Return the role and the number of the person whom a heading names, and the places of these words in it."""
    spelled = [_spell(word, known) for word in raw]
    has_attribute = bool(PERSON_ATTRIBUTES & {part for word in raw for part in _spell_all(word, known)})
    roles = {}
    for place in range(len(raw)):
        role = _role_of(raw, spelled, place, has_attribute or raw[0] in always)
        if role:
            roles[place] = role
    if any(spelled[place] in _ROLES for place in roles):
        # Beside a word for a role a short form says something else: in "Vic Age at Off Start" it is the offence.
        roles = {place: role for place, role in roles.items() if spelled[place] in _ROLES or _is_numbered(raw, place)}
    if len(set(roles.values())) != 1:
        numbered = _numbered_person(raw, spelled) if not roles else None
        return ("", numbered[0], numbered[1]) if numbered else ("", 0, frozenset())
    place = next(iter(roles))
    used = set(roles)
    block = 0
    for number_place in (place + 1, place - 1):
        if 0 <= number_place < len(raw) and raw[number_place].isdigit() and len(raw[number_place]) <= 2:
            block, used = int(raw[number_place]), used | {number_place}
            break
    else:
        if raw[-1].isdigit() and len(raw[-1]) <= 2 and len(raw) > 2:
            block, used = int(raw[-1]), used | {len(raw) - 1}
    if raw[place] == "injured" and place + 1 < len(raw):
        used |= {place + 1} if spelled[place + 1] == "person" or raw[place + 1] == "party" else set()
    return roles[place], block, frozenset(used)


def _role_of(raw: list[str], spelled: list[str], place: int, has_attribute: bool) -> str:
    word = spelled[place]
    if word in _ROLES:
        return word
    if has_attribute and word in _PLURALS:
        return _PLURALS[word]
    if raw[place] not in ROLE_ABBREVIATIONS:
        return ""
    is_numbered = _is_numbered(raw, place)
    is_letter = len(raw[place]) == 1
    if is_numbered or (has_attribute and (not is_letter or place == 0)):
        # "Off Name" and "Off Date" speak of an offence.
        return ROLE_ABBREVIATIONS[raw[place]] if is_numbered or "name" not in spelled or raw[place] != "off" else ""
    return ""


def _is_numbered(raw: list[str], place: int) -> bool:
    """Return True if the word behind a place is the number of a person."""
    return place + 1 < len(raw) and raw[place + 1].isdigit() and len(raw[place + 1]) <= 2


def _numbered_person(raw: list[str], spelled: list[str]) -> tuple[int, frozenset[int]] | None:
    """Return the number behind the word person, as in 'Person 2 DOB'."""
    for place, word in enumerate(spelled[:-1]):
        if word == "person" and raw[place + 1].isdigit() and len(raw[place + 1]) <= 2 and len(raw) > 2:
            return int(raw[place + 1]), frozenset({place, place + 1})
    if len(raw) > 2 and raw[0] == "p" and raw[1].isdigit():
        return int(raw[1]), frozenset({0, 1})
    return None


def is_technical(heading: str) -> bool:
    """Return True if a heading marks its column as a key of the system: an ID, key, URN or identifier."""
    return bool(_TECHNICAL.search(heading))


def role_abbreviations(headings: Iterable[str]) -> frozenset[str]:
    """Return the abbreviated roles with which person headings of a sheet begin, such as 'vic' in 'VicSurname'."""
    found = set[str]()
    for heading in headings:
        first = re.match(r"[A-Za-z]+", _HUMPS.sub(" ", heading))
        word = first[0].casefold() if first else ""
        if word in ROLE_ABBREVIATIONS and heading_words(heading).role:
            found.add(word)
    return frozenset(found)


@lru_cache(maxsize=8192)
def names_a_date(heading: str) -> bool:
    """Return True if a heading means a date more surely than anything else: 'Recorded', and not 'Offence'."""
    points = {True: POINTS[NONE], False: POINTS[NONE]}
    for meaning in (*vocabulary().meanings, *vocabulary().other_meanings):
        for kind in meaning.kinds:
            if kind != "time_of_day":
                found = heading_evidence(heading, meaning, kind).points
                points[kind == "date"] = max(points[kind == "date"], found)
    return points[True] >= POINTS[LIKELY] and points[True] > points[False]


@lru_cache(maxsize=8192)
def best_points(heading: str) -> float:
    """Return the points of a heading for the meaning of the contract that it names most surely."""
    return max(
        heading_evidence(heading, meaning, kind).points for meaning in vocabulary().meanings for kind in meaning.kinds
    )


def heading_evidence(heading: str, meaning: Meaning, kind: str, context: SheetContext = NO_CONTEXT) -> HeadingEvidence:
    """Return the evidence points of a heading for one meaning, given the kind of values in its cells.

    Parameters
    ----------
    heading
        The heading.
    meaning
        The meaning.
    kind
        The kind of values: words that change nothing beside it (`beside`) cost nothing.
    context
        What the other columns of the sheet say.
    """
    found = heading_words(heading, context.roles, context.synonyms)
    if _is_exact(heading, found, meaning):
        return HeadingEvidence(POINTS[EXACT], EXACT, found.role, found.block)
    is_of_another = meaning.table == "involvements" and vocabulary().other_persons & set(found.rest)
    if is_of_another or meaning.excluded & set(found.rest):
        return HeadingEvidence(POINTS[NONE], NONE)
    is_person = meaning.table == "involvements"
    best = HeadingEvidence(POINTS[NONE], NONE, found.role if is_person else "", found.block if is_person else 0)
    grade, layout = context.layouts.get((heading_word_set(heading), meaning.table, meaning.column), ("", ""))
    if grade:
        best = HeadingEvidence(POINTS[grade], grade, best.role, best.block, layout)
    for words, role, block in _readings(found, is_person):
        with_role = meaning.phrases_with_role if role or block else ()
        graded = [(SURE, phrase) for phrase in with_role]
        graded += [(grade, phrase) for grade, phrases in meaning.phrases.items() for phrase in phrases]
        graded += [(SURE, phrase) for phrase in meaning.in_sheet_of_flags if context.is_of_flags]
        if not context.has_crime_number and meaning.column == "crime_ref":
            graded += [(SURE, phrase) for phrase in meaning.phrases[POSSIBLE] if phrase == _loud(words)]
        for grade, phrase in graded:
            if phrase <= frozenset(words) and not _is_too_silent(phrase, words):
                points = POINTS[grade] - _penalty(words, phrase, kind) - _context_penalty(grade, meaning, context)
                points -= UNLISTED if found.n_guessed else 0.0
                points -= TECHNICAL_KEY if kind == "reference" and is_technical(heading) else 0.0
                if points > best.points:
                    best = HeadingEvidence(points, grade, role, block)
    return best


def _loud(words: Iterable[str]) -> frozenset[str]:
    return frozenset(words) - vocabulary().silent


def _is_too_silent(phrase: frozenset[str], words: Iterable[str]) -> bool:
    """Return True if a phrase has only words that say little, such as date, and the heading says more."""
    return phrase <= vocabulary().silent and not vocabulary().silent.issuperset(words)


def _context_penalty(grade: str, meaning: Meaning, context: SheetContext) -> float:
    """Return the points taken off in a sheet of flags or persons, where a plain "From" speaks of no crime."""
    is_of_other_rows = context.is_of_flags or context.is_of_persons_alone
    return ROW_MISMATCH if is_of_other_rows and meaning.table == "crimes" and grade != SURE else 0.0


def _is_exact(heading: str, found: HeadingWords, meaning: Meaning) -> bool:
    name = re.sub(r"[^a-z0-9]+", "_", heading.casefold()).strip("_")
    if not meaning.table:
        return False
    spelling_only = re.sub(r"^(victim|suspect|witness)_?\d{0,2}_|^[vsw]\d{1,2}_", "", name)
    return meaning.column in (name, spelling_only) or name == f"{meaning.table}_{meaning.column}"


def _readings(found: HeadingWords, is_person: bool) -> Iterable[tuple[tuple[str, ...], str, int]]:
    """Yield the ways to read a heading: as a column of a person with the role taken off, or with all its words."""
    if is_person:
        yield found.rest, found.role, found.block
        if found.role:
            yield found.words, found.role, found.block
    else:
        yield found.words, "", 0


def _penalty(words: Iterable[str], phrase: frozenset[str], kind: str) -> float:
    known = vocabulary()
    neutral_words = known.neutral_words.get(kind, frozenset())
    total = 0.0
    for word in dict.fromkeys(words):
        if word in phrase or word in known.silent or word in neutral_words:
            continue
        total += PENALTIES[_word_class(word, known)]
    return total


def _word_class(word: str, known: Vocabulary) -> str:
    if word in known.changing:
        return CHANGING
    if word in _ROLES:
        return ROLE_WORD
    return NUMBER if word.isdigit() else OTHER_WORD
