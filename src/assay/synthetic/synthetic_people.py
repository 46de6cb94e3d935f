"""Synthetic people and their reference numbers in each force.

A person has one true identity and, in each force, one nominal number or sometimes two. Names are plants and objects,
telephone numbers are in the range reserved for drama (07700 900000 to 900999), postcodes have the form ZZ99.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from assay.synthetic.calibration import figure_value, mixes
from assay.synthetic.local_time import birth_date
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_country import name_lists

LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
SEEN_AS = {"W": "IC1", "M": "IC3", "A": "IC4", "B": "IC3", "O": "IC6", "N": "IC9"}


@dataclass(frozen=True)
class Person:
    """One true person; `refs` are the numbers of the person in the force's records."""

    key: str
    refs: tuple[str, ...]
    forenames: str
    surname: str
    born: dt.date
    sex: str
    ethnicity: str
    nationality: str
    disability: bool
    care_status: str
    postcode: str
    phone: str

    @property
    def ref(self) -> str:
        """The person's main number in the force."""
        return self.refs[0]

    @property
    def officer_ethnicity(self) -> str:
        """Return the officer-observed ethnicity code that would be recorded for the person."""
        return SEEN_AS[self.ethnicity[0]]


def travellers(seed: int, number: int, period_from: dt.date) -> list[Person]:
    """Return adults who are suspects in several forces; each force has its own person number for them."""
    people = People(RandomStream(seed, "travellers"), "COUNTRY")
    for _ in range(number):
        years = people.stream.integer(19, 60)
        people.new_person(birth_date(years, period_from, people.stream), female=1 - figure_value("suspect_male"))
    return people.known


@dataclass
class People:
    """The people known to one force.

    `shared_people`: people known to several forces. `numbers` and `local_people` (those of them known to this force)
    are for the whole force, all others for one division.
    """

    stream: RandomStream
    prefix: str
    shared_people: list[Person] = field(default_factory=list)
    known: list[Person] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    local_people: dict[str, Person] = field(default_factory=dict)
    _met: set[str] = field(default_factory=set)

    def new_person(self, born: dt.date, *, female: float, child: bool = False) -> Person:
        """Return a new person."""
        draw = self.stream
        refs = tuple(self._number() for _ in range(2 if draw.happens(0.03) else 1))
        person = Person(
            key=f"{self.prefix}-{len(self.known) + 1}",
            refs=refs,
            forenames=draw.pick(name_lists()["forenames"]),
            surname=draw.pick(name_lists()["surnames"]),
            born=born,
            sex="F" if draw.happens(female) else "O" if draw.happens(0.004) else "M",
            ethnicity=draw.weighted(mixes()["ethnicity"]),
            nationality=draw.weighted(mixes()["nationality"]),
            disability=draw.happens(0.17),
            care_status=self._care(child),
            postcode=f"ZZ99 {draw.integer(1, 9)}{draw.pick(LETTERS)}{draw.pick(LETTERS)}",
            phone=f"07700900{draw.integer(0, 999):03d}",
        )
        self.known.append(person)
        return person

    def shared_person(self, stream: RandomStream) -> Person:
        """Return one of the people whom several forces know, under this force's own number."""
        return self.local_person(stream.pick(self.shared_people))

    def local_person(self, person: Person) -> Person:
        """Return a person whom other forces know too, under this force's own number."""
        if person.key not in self.local_people:
            self.local_people[person.key] = replace(person, refs=(self._number(),))
        here = self.local_people[person.key]
        if person.key not in self._met:
            self._met.add(person.key)
            self.known.append(here)
        return here

    def _number(self) -> str:
        self.numbers["N"] = self.numbers.get("N", 0) + 1
        return f"N{self.numbers['N']:05d}"

    def _care(self, child: bool) -> str:
        if not child:
            return "not_in_care"
        in_care = self.stream.happens(figure_value("missing_in_care"))
        kinds = {"in_care_own_area": 6, "in_care_other_area": 3, "in_care_area_unknown": 1}
        return self.stream.weighted(kinds) if in_care else "not_in_care"
