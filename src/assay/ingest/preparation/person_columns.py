"""Which columns of a flat file describe the same person, such as those with VICTIM_2, and are they filled?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assay.ingest.person_slots import filled_sql, informative_sql
from assay.ingest.preparation.heading_words import heading_word_set
from assay.ingest.staging_store import StagingStore

ROLES = "victim|vic|aggrieved|complainant|suspect|susp|sus|offender|accused|defendant|witness|nominal|person"
_ROLE_FIRST = re.compile(rf"\W*({ROLES})[\s_-]*(\d{{1,2}})?[\s_-]+(.+)|\W*({ROLES})(\d{{1,2}})(.+)", re.I)
_ROLE_LAST = re.compile(rf"(.+?)[\s_(-]+({ROLES})[\s_-]*(\d{{1,2}})\W*", re.I)
PERSON_WORDS = frozenset({
    "name", "surname", "forename", "first", "last", "family", "given", "birth", "age", "sex", "gender", "ref",
    "nominal", "ethnicity", "postcode", "phone", "address",
})  # fmt: skip
"""Words of a heading that name something about a person."""


@dataclass(frozen=True)
class PersonSlot:
    """The columns of a file that describe one person, and how many rows fill them."""

    label: str
    """Role and number as in the headings, such as VICTIM 2."""
    is_numbered: bool
    n_persons: int
    n_empty: int
    n_uninformative: int
    """Number of rows that hold only a word such as unknown."""


def find_slots(store: StagingStore, positions: Mapping[str, int]) -> tuple[PersonSlot, ...]:
    """Find the groups of columns that each describe one person in the file stored as `export`.

    Parameters
    ----------
    store
        The staging store.
    positions
        Heading -> position of its column in the file.
    """
    headings_of: dict[tuple[str, str], list[str]] = {}
    for heading in positions:
        if (slot := parse_slot_heading(heading)) is not None:
            headings_of.setdefault(slot, []).append(heading)
    return tuple(
        _count_slot(store, slot, {f"c{positions[heading]}": heading for heading in headings})
        for slot, headings in headings_of.items()
    )


def parse_slot_heading(heading: str) -> tuple[str, str] | None:
    """Return the role and number ('' if none) of the person that a heading names, as in 'Victim 2 Name'; else None."""
    if first := _ROLE_FIRST.fullmatch(heading):
        role, number, rest = first[1] or first[4], first[2] or first[5] or "", first[3] or first[6]
    elif last := _ROLE_LAST.fullmatch(heading):
        rest, role, number = last[1], last[2], last[3]
    else:
        return None
    return (role.upper(), number) if heading_word_set(rest) & PERSON_WORDS else None


def _count_slot(store: StagingStore, slot: tuple[str, str], heading_of: Mapping[str, str]) -> PersonSlot:
    person = " or ".join(f"({test})" for test in _informative_tests(heading_of))
    filled = " or ".join(filled_sql(column) for column in heading_of)
    counts = store.query_row(
        f"select count(*) filter (where {person}) as n_persons, count(*) filter (where not ({filled})) as n_empty, "
        f"count(*) filter (where ({filled}) and not ({person})) as n_uninformative from export"
    )
    role, number = slot
    return PersonSlot(f"{role} {number}".rstrip(), bool(number), **counts)


def _informative_tests(heading_of: Mapping[str, str]) -> Iterator[str]:
    for column, heading in heading_of.items():
        heading_words = heading_word_set(heading)
        yield informative_sql(column, date="birth" in heading_words, sex=bool(heading_words & {"sex", "gender"}))
