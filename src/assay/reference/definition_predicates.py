"""Definitions of exploitation and of groups as conditions over facts.

Each row is one reading of a definition as a condition: a comparison of facts of a crime or of a group. All are counted.
A condition can only use the data of a return, and its note says what it leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.exploitation_definitions import definitions
from assay.reference.reference_data import Register, read_rows

COLUMNS = ("key", "of", "title", "condition", "definition", "words", "note", "evidence", "source")
RECORD_KINDS = ("crime", "group", "found_group")


@dataclass(frozen=True)
class Predicate:
    """One definition as a condition over facts of a crime, of a known group or of a group found in records."""

    key: str
    of: str
    title: str
    condition: str
    definition: str
    words: str
    note: str
    evidence: str
    source: str


class Predicates(Register[Predicate]):
    """The definitions in use, as conditions."""

    member_name = "definition as a condition"

    def for_record_kind(self, record_kind: str) -> tuple[Predicate, ...]:
        """Return the conditions for a kind of record, one of `RECORD_KINDS`."""
        return tuple(predicate for predicate in self.all if predicate.of == record_kind)


@lru_cache
def predicates() -> Predicates:
    """Return the conditions; refuses a row that is asked of another record or reads an unknown definition."""
    return Predicates([_predicate(row) for row in read_rows("predicates", COLUMNS)])


def _predicate(row: dict[str, str]) -> Predicate:
    if row["of"] not in RECORD_KINDS:
        raise DefinitionError(f"predicates.csv, {row['key']}: `of` is one of {', '.join(RECORD_KINDS)}.")
    definitions().get(row["definition"])
    return Predicate(**row)
