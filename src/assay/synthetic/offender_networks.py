"""Which people exploit children together, in one force or in two, and what do the forces hold of it?

A network is some suspects, some children and the crimes between them. Not every crime names two of the suspects: some
name one, who is tied to the others by the child, by the place, by a vehicle or a telephone, or by nothing. Without a
setting there are no networks beyond what two suspects of one crime are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assay.synthetic.disruption_records import group_of, link, mark, telephone
from assay.synthetic.local_time import DAY, born_to_be
from assay.synthetic.network_settings import NetworkSettings
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import NAMED_BY, Case, Suspect, new_case
from assay.synthetic.synthetic_people import People, Person
from assay.synthetic.synthetic_tables import Book


@dataclass(frozen=True)
class Network:
    """One network: the forces in which it works, its people, and what they share."""

    key: str
    forces: tuple[str, ...]
    suspects: tuple[Person, ...]
    children: tuple[Person, ...]
    crimes: int
    place: str
    vehicle: str
    telephone: str


def networks(seed: int, settings: NetworkSettings, forces: Sequence[str], period_from: dt.date) -> list[Network]:
    """The networks of the country, the same in every return; `forces`: those that police an area."""
    found = []
    for number in range(1, settings.number + 1):
        draw = Chance(seed, "network", number)
        people = People(draw.stream("people"), f"NETWORK{number}")
        suspects = [_suspect(people, period_from) for _ in range(draw.whole(2, settings.suspects))]
        children = [_child(people, period_from) for _ in range(draw.whole(2, settings.children))]
        where = draw.some(list(forces), 1 + draw.happens(settings.elsewhere))
        crimes = draw.whole(2, max(2 * settings.crimes - 2, 2))
        shared = (f"PL9{draw.whole(10_000, 99_999)}", mark(draw), telephone(draw))
        found.append(Network(f"N{number}", tuple(where), tuple(suspects), tuple(children), crimes, *shared))
    return found


def _suspect(people: People, on: dt.date) -> Person:
    return people.new(born_to_be(people.chance.whole(19, 55), on, people.chance), female=0.1)


def _child(people: People, on: dt.date) -> Person:
    return people.new(born_to_be(people.chance.whole(13, 16), on, people.chance), female=0.8, child=True)


def cases_of(book: Book, network: Network, settings: NetworkSettings, chance: Chance) -> list[Case]:
    """The crimes of a network in one of its forces, and the truth about them; the last of them is in its last force."""
    mine = network.forces.index(book.force.code)
    found = []
    for number in range(network.crimes):
        if number % len(network.forces) == mine:
            found.append(_case(book, network, settings, chance.stream(number)))
    for case in found:
        book.know("networks", network=network.key, crime_ref=case.ref, child=case.victims[0].key)
    return found


def _case(book: Book, network: Network, settings: NetworkSettings, chance: Chance) -> Case:
    child = book.people.known_here(chance.pick(network.children))
    recorded_on = book.span.period_from + chance.whole(0, book.span.days - 1) * DAY
    number = 1 if chance.happens(settings.alone) else 2 + chance.happens(0.3)
    named = [book.people.known_here(one) for one in chance.some(network.suspects, number)]
    case = new_case(book, chance.stream("case"), recorded_on, child)
    return replace(
        case,
        exploited=True,
        ending=case.ending if case.ending in NAMED_BY else chance.pick(("15", "16")),
        suspects=tuple(Suspect(person, "named", "stranger") for person in named),
    )


def held_of(book: Book, network: Network, cases: Sequence[Case], settings: NetworkSettings, chance: Chance) -> None:
    """What the force notes of a network: what its crimes share, and, if it mapped it, its group."""
    for case in cases:
        draw = chance.stream(case.ref)
        if draw.happens(settings.shared):
            kind, value = draw.pick(
                (("place", network.place), ("vehicle", network.vehicle), ("phone", network.telephone))
            )
            link(book, kind, value, crime_ref=case.ref, person_ref=draw.pick(case.named).ref)
    suspects = {person.key: person for case in cases for person in case.named}
    children = {person.key: person for case in cases for person in case.victims}
    mapped = len(suspects) > 1 and chance.happens(book.force.rate("groups_mapped"))
    if mapped:
        group_of(book, max(cases, key=lambda case: case.recorded), list(suspects.values()), list(children.values()),
                 chance.stream("group"))  # fmt: skip
    for part, people in (("suspect", suspects), ("victim", children)):
        for person in people:
            book.know("network_members", network=network.key, person=person, part=part, mapped=mapped)
