"""Split cells that list several persons, such as '1. Ann SMITH, F, dob 01/02/2010', into columns of one fact each.

A log that people keep by hand often has one cell for all victims and one for all suspects. Each person becomes a block
of columns, 'Victim 1 name', 'Victim 1 DOB', 'Victim 1 sex' and 'Victim 1 age', which are recognised like any others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.sheet_shape import heading_words

ROLE_WORDS = {
    "victim": frozenset({"victim", "vic", "aggrieved", "complainant", "ip", "ips"}),
    "suspect": frozenset({"suspect", "susp", "offender", "accused", "defendant", "perpetrator", "perp"}),
    "witness": frozenset({"witness", "wit", "witnesse"}),
}
"""Words by which a heading, or the name of a sheet or file, says whose details it holds."""
_OTHER_WORDS = frozenset({"detail", "name", "list", "the", "all", "person", "s", "of", "and", "info", "details", "es"})
FACTS = ("name", "DOB", "sex", "age", "ethnicity")
MAX_PERSONS = 20
MIN_SHARE_OF_LISTS = 0.5
"""Share of the filled cells that must hold a person with a fact beside the name."""
_SEPARATOR = re.compile(r"[\r\n;|]+|(?<=\s)(?=\(?\d{1,2}[.)]\s+[A-Za-z])")
_NUMBER = re.compile(r"^\(?\d{1,2}[.):]\s*")
_DATE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?[ -][A-Za-z]{3,9}[ -]\d{2,4}"
)
_BORN = re.compile(r"\b(?:d\.?o\.?b\.?|born|date of birth)\b:?\s*\S*", re.I)
_AGE = re.compile(r"\b(?:aged?)[:\s]*(\d{1,3})\b|\b(\d{1,3})\s*(?:years?(?: old)?|yrs?|y/?o)\b|\((\d{1,2})\)", re.I)
_ETHNICITY = re.compile(r"(?<!\w)(?:[WMABO]\d|NS|IC ?\d)(?!\w)")
_AGE_ALONE = re.compile(
    r"(?<![\w/.-])(1[01]\d|\d{1,2})(?=\s*(?:$|[,;()\[\]]|[-\u2013/]\s|(?:m|f|male|female|boy|girl)\b))", re.I
)
"""A number with no word behind it, as in 'F 14' and 'Ann Smith 14 F': a number before a word may be that of a house."""
_ORDINAL = re.compile(
    r"\b(?:unk(?:nown|n)?|n/?k)\b|\b(?:year|yr|flat|no|unit|room|house|\w+s)\.?\s+\d|\b(?:male|female|boy|girl)\s+\d\b",
    re.I,
)
"""Words beside a number that is no age: 'Unknown male 2' counts persons, 'Year 9' is a class, 'Flat 12' an address."""
_SEXES = {"m": "Male", "f": "Female", "male": "Male", "female": "Female", "boy": "Male", "girl": "Female"}
_FACT_SEPARATOR = re.compile(r"[,()\[\]/\u2013\u2014]| - ")


@dataclass(frozen=True)
class ListedPerson:
    """One person listed in a cell: each fact as a text, '' where the cell does not give it."""

    name: str = ""
    born: str = ""
    sex: str = ""
    age: str = ""
    ethnicity: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the facts in the order of `FACTS`."""
        return (self.name, self.born, self.sex, self.age, self.ethnicity)


def with_listed_persons(sheet: Sheet) -> Sheet:
    """Return the sheet with columns that list several persons by name replaced by columns for each person."""
    listed = {name: role for name in sheet.cells.column_names if (role := _listed_role(name))}
    expanded = {name: _person_columns(sheet.cells[name], role) for name, role in listed.items()}
    if not any(expanded.values()):
        return sheet
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    for name in sheet.cells.column_names:
        columns |= expanded.get(name) or {name: sheet.cells[name]}
    return replace(sheet, cells=pa.table(columns))


def role_in_name(name: str) -> str:
    """Return the role that the name of a sheet or file says, such as 'Suspects'; '' if it says none or several."""
    words = heading_words(name)
    roles = [role for role, known in ROLE_WORDS.items() if words & known]
    return roles[0] if len(roles) == 1 else ""


def role_in_title(title: str) -> str:
    """Return the role at the start of a sheet's title, as in 'Suspects linked to crimes'; '' if there is none."""
    first = next((word for word in re.findall(r"[A-Za-z]+", title) if word.casefold() not in _BEFORE_ROLE), "")
    return role_in_name(first)


_BEFORE_ROLE = frozenset({"list", "of", "all", "the", "details", "linked", "named", "known"})


def _listed_role(heading: str) -> str:
    """Return the role of a heading that names nothing but persons: 'Victim(s)', 'Suspect details'."""
    words = heading_words(re.sub(r"\((?:e?s)\)", "", heading))
    roles = [role for role, known in ROLE_WORDS.items() if words & known]
    return roles[0] if len(roles) == 1 and words <= ROLE_WORDS[roles[0]] | _OTHER_WORDS else ""


def _person_columns(cells: pa.ChunkedArray, role: str) -> dict[str, pa.Array]:
    """Return the columns of the persons that the cells list; none if the cells are no lists of persons."""
    texts = cells.to_pylist()
    persons = {text: listed_persons(text) for text in dict.fromkeys(texts) if text is not None}
    if not _are_lists(texts, persons):
        return {}
    max_persons = min(MAX_PERSONS, max(len(found) for found in persons.values()))
    columns = {}
    for place in range(max_persons):
        rows = [_person_at(persons, text, place).facts for text in texts]
        for number, fact in enumerate(FACTS):
            values = [row[number] or None for row in rows]
            if any(values):
                columns[f"{role.capitalize()} {place + 1} {fact}"] = pa.array(values, pa.string())
    return columns


def _person_at(persons: Mapping[str, Sequence[ListedPerson]], text: str | None, place: int) -> ListedPerson:
    found = persons[text] if text is not None else ()
    return found[place] if place < len(found) else ListedPerson()


def _are_lists(texts: Iterable[str | None], persons: Mapping[str, Sequence[ListedPerson]]) -> bool:
    """Return True if most cells that name somebody say more than a name, or number the persons."""
    filled = [text for text in texts if text is not None]
    telling = sum(
        bool(_NUMBER.match(text)) or any(any(person.facts[1:]) for person in persons[text]) for text in filled
    )
    return bool(filled) and telling >= MIN_SHARE_OF_LISTS * len(filled)


def listed_persons(text: str) -> tuple[ListedPerson, ...]:
    """Return the persons that a cell lists, in its order."""
    pieces = [_NUMBER.sub("", piece.strip()).strip(" ,") for piece in _SEPARATOR.split(text)]
    persons = tuple(_person(piece) for piece in pieces if piece)
    if _are_facts_of_one(text, persons):
        return (_person(", ".join(filter(None, pieces))),)
    return persons


def _are_facts_of_one(text: str, persons: Sequence[ListedPerson]) -> bool:
    """Return True if a cell writes the facts of one person apart: 'SMITH; Ann; F; 01/02/2010'.

    Each piece holds one fact then, no fact but the name stands twice, and there is another beside the name.
    """
    facts = [[fact for fact, value in zip(FACTS, person.facts, strict=True) if value] for person in persons]
    other_facts = [fact for found in facts for fact in found if fact != "name"]
    is_apart = len(facts) > 2 and all(len(found) == 1 for found in facts) and facts[0] == ["name"]
    return (
        is_apart
        and bool(other_facts)
        and len(set(other_facts)) == len(other_facts)
        and not re.search(r"[\r\n]|^\W*\d", text)
    )


def _person(piece: str) -> ListedPerson:
    born = _DATE.search(piece)
    rest = _BORN.sub(" ", _DATE.sub(" ", piece))
    ethnicity = _ETHNICITY.search(rest)
    rest = _ETHNICITY.sub(" ", rest)
    age = _AGE.search(rest) or (_AGE_ALONE.search(rest) if _may_hold_age(rest, bool(born or ethnicity)) else None)
    rest = rest.replace(age[0], " ", 1) if age else rest
    words = [word.strip(".:") for word in re.split(r"[\s,()\[\]/]+", rest)]
    sex = next((_SEXES[word.casefold()] for word in words if word.casefold() in _SEXES), "")
    name = ", ".join(part for part in (_without_sex(part) for part in _FACT_SEPARATOR.split(rest)) if part)
    facts = (
        born[0] if born else "",
        sex,
        next(filter(None, age.groups())) if age else "",
        ethnicity[0] if ethnicity else "",
    )
    # A mark such as "?" is no name, but shows that there is a person without any other fact.
    return ListedPerson(name if re.search(r"\w", name) or not any(facts) else "", *facts)


def _may_hold_age(text: str, has_other_fact: bool) -> bool:
    """Return True if a bare number may be an age: beside another fact of the person, or beside a mark such as '?'.

    A cell that holds a number and nothing else counts persons, and a number beside a name alone may be anything.
    """
    words = {word.casefold() for word in re.findall(r"[A-Za-z]+", text)}
    is_mark = not words and "?" in text
    return (has_other_fact or is_mark or bool(words & set(_SEXES))) and not _ORDINAL.search(text)


def _without_sex(text: str) -> str:
    words = [word for word in text.split() if word.strip(".:").casefold() not in _SEXES]
    return " ".join(words).strip(" .:-")
