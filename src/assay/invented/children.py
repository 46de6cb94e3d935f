"""Which children does the force know, and how does it hold them?"""

from __future__ import annotations

from assay.invented.book import Book
from assay.invented.calibration import mixes
from assay.invented.case import Case
from assay.invented.chance import Chance
from assay.invented.country import Force
from assay.invented.people import Person
from assay.invented.recording import person_row
from assay.invented.wall import age, born_to_be


def new_child(book: Book, chance: Chance) -> Person:
    """A child not known before, aged 10 to 16 when the period began."""
    years = min(max(int(chance.weighted(mixes()["victim_age"])), 10), 16)
    born = born_to_be(years, book.span.period_from, chance)
    return book.people.new(born, female=0.58, child=True)


def exploited_children(book: Book, cases: list[Case]) -> list[Person]:
    """Children who were victims of exploitation, still under 18 when the crime was recorded; each once."""
    found = {
        person.key: person
        for case in cases
        if case.exploited
        for person in case.victims
        if age(person.born, case.recorded.date()) < 18
    }
    return list(found.values())


def as_named(child: Person, force: Force, chance: Chance) -> dict[str, object]:
    """The columns that describe the child, under the number by which the episode names them."""
    return person_row(child, force, chance) | {"person_ref": child.ref}
