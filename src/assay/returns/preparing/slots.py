"""Which headings of a flat file belong to a slot for a person, such as VICTIM_2_SURNAME, and is the slot filled?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assay.returns.desk import Desk
from assay.returns.person_slots import is_filled, says_something
from assay.returns.preparing.wording import words

ROLES = "victim|vic|aggrieved|complainant|suspect|susp|sus|offender|accused|defendant|witness|nominal|person"
_ROLE_FIRST = re.compile(rf"\W*({ROLES})[\s_-]*(\d{{1,2}})?[\s_-]+(.+)|\W*({ROLES})(\d{{1,2}})(.+)", re.I)
_ROLE_LAST = re.compile(rf"(.+?)[\s_(-]+({ROLES})[\s_-]*(\d{{1,2}})\W*", re.I)
OF_A_PERSON = frozenset({
    "name", "surname", "forename", "first", "last", "family", "given", "birth", "age", "sex", "gender", "ref",
    "nominal", "ethnicity", "postcode", "phone", "address",
})  # fmt: skip


@dataclass(frozen=True)
class Slot:
    """One slot: what it is called, its number if it has one, and how many rows hold a person, nothing, or only a word
    such as unknown there."""

    label: str
    numbered: bool
    persons: int
    empty: int
    only_words: int


def slots(desk: Desk, columns: Mapping[str, int]) -> tuple[Slot, ...]:
    """The slots of the file that lies on the desk as `export`; `columns` is heading -> place."""
    found: dict[tuple[str, str], list[str]] = {}
    for heading in columns:
        if (slot := slot_of(heading)) is not None:
            found.setdefault(slot, []).append(heading)
    return tuple(_slot(desk, slot, {one: columns[one] for one in headings}) for slot, headings in found.items())


def slot_of(heading: str) -> tuple[str, str] | None:
    """The role and number of the slot that a heading belongs to; None if it tells of no person in a slot."""
    if first := _ROLE_FIRST.fullmatch(heading):
        role, number, rest = first[1] or first[4], first[2] or first[5] or "", first[3] or first[6]
    elif last := _ROLE_LAST.fullmatch(heading):
        rest, role, number = last[1], last[2], last[3]
    else:
        return None
    return (role.upper(), number) if words(rest) & OF_A_PERSON else None


def _slot(desk: Desk, slot: tuple[str, str], headings: Mapping[str, int]) -> Slot:
    cells = {f"c{place}": heading for heading, place in headings.items()}
    person = " or ".join(f"({test})" for test in _tests(cells))
    filled = " or ".join(is_filled(cell) for cell in cells)
    counts = desk.look(
        f"select count(*) filter (where {person}) as persons, count(*) filter (where not ({filled})) as empty, "
        f"count(*) filter (where ({filled}) and not ({person})) as only_words from export"
    )
    return Slot(" ".join(one for one in slot if one), bool(slot[1]), **counts)


def _tests(cells: Mapping[str, str]) -> Iterator[str]:
    for cell, heading in cells.items():
        said = words(heading)
        yield says_something(cell, date="birth" in said, sex=bool(said & {"sex", "gender"}))
