"""Which crimes are exploitation and which cases are groups, under each definition in use?

A definition is a parameter, never a constant. Each row here is one reading of a definition as a condition: a
comparison of facts of a crime or of a group. All are counted side by side. A condition sees only what a return
holds, and its note says what it leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.exploitation_definitions import definitions
from assay.reference.reference_data import Register, read

COLUMNS = ("key", "of", "title", "condition", "definition", "words", "note", "evidence", "source")
OF = ("crime", "group", "found_group")


@dataclass(frozen=True)
class Predicate:
    """One definition as a condition over the facts of a crime, of a group that a force says it knows ('group'), or of a
    group that the records show ('found_group')."""

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

    what = "definition as a condition"

    def on(self, record: str) -> tuple[Predicate, ...]:
        """Those asked of this kind of record, one of `OF`."""
        return tuple(one for one in self.all if one.of == record)


@lru_cache
def predicates() -> Predicates:
    """The conditions; refuses a row that is asked of another record or reads an unknown definition."""
    return Predicates([_predicate(row) for row in read("predicates", COLUMNS)])


def _predicate(row: dict[str, str]) -> Predicate:
    if row["of"] not in OF:
        raise DefinitionError(f"predicates.csv, {row['key']}: `of` is one of {', '.join(OF)}.")
    definitions().get(row["definition"])
    return Predicate(**row)
