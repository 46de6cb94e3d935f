"""Synthetic networks of offenders, their crimes, and what forces record about them.

A network is a set of suspects and children with the crimes between them. Some crimes name one suspect only, who is
linked to the others by the child, the place, a vehicle, a telephone, or not at all. Without a setting the only groups
are the suspects of one crime.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assay.synthetic.disruption_records import add_group, add_link, registration_mark, telephone
from assay.synthetic.local_time import DAY, birth_date
from assay.synthetic.network_settings import NetworkSettings
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_case import NAMED_BY, Case, Suspect, new_case
from assay.synthetic.synthetic_people import People, Person
from assay.synthetic.synthetic_tables import ForceRecords


@dataclass(frozen=True)
class Network:
    """One network: the forces in which it is active, its people, and their shared identifiers."""

    key: str
    forces: tuple[str, ...]
    suspects: tuple[Person, ...]
    children: tuple[Person, ...]
    crimes: int
    place: str
    vehicle: str
    telephone: str


def networks(seed: int, settings: NetworkSettings, forces: Sequence[str], period_from: dt.date) -> list[Network]:
    """Return the networks of the country, the same in every return; `forces`: the territorial forces."""
    found = []
    for number in range(1, settings.number + 1):
        draw = RandomStream(seed, "network", number)
        people = People(draw.substream("people"), f"NETWORK{number}")
        suspects = [_suspect(people, period_from) for _ in range(draw.integer(2, settings.suspects))]
        children = [_child(people, period_from) for _ in range(draw.integer(2, settings.children))]
        where = draw.sample(list(forces), 1 + draw.happens(settings.elsewhere))
        crimes = draw.integer(2, max(2 * settings.crimes - 2, 2))
        shared = (f"PL9{draw.integer(10_000, 99_999)}", registration_mark(draw), telephone(draw))
        found.append(Network(f"N{number}", tuple(where), tuple(suspects), tuple(children), crimes, *shared))
    return found


def _suspect(people: People, date: dt.date) -> Person:
    return people.new_person(birth_date(people.stream.integer(19, 55), date, people.stream), female=0.1)


def _child(people: People, date: dt.date) -> Person:
    return people.new_person(birth_date(people.stream.integer(13, 16), date, people.stream), female=0.8, child=True)


def network_cases(
    records: ForceRecords, network: Network, settings: NetworkSettings, stream: RandomStream
) -> list[Case]:
    """Generate the crimes of a network in one of its forces, and their truth; its last crime is in its last force."""
    force_index = network.forces.index(records.force.code)
    found = []
    for number in range(network.crimes):
        if number % len(network.forces) == force_index:
            found.append(_case(records, network, settings, stream.substream(number)))
    for case in found:
        records.add_truth("networks", network=network.key, crime_ref=case.ref, child=case.victims[0].key)
    return found


def _case(records: ForceRecords, network: Network, settings: NetworkSettings, stream: RandomStream) -> Case:
    child = records.people.local_person(stream.pick(network.children))
    recorded_on = records.span.period_from + stream.integer(0, records.span.days - 1) * DAY
    number = 1 if stream.happens(settings.single_suspect) else 2 + stream.happens(0.3)
    suspects = [
        records.people.local_person(person_of_network) for person_of_network in stream.sample(network.suspects, number)
    ]
    case = new_case(records, stream.substream("case"), recorded_on, child)
    return replace(
        case,
        exploited=True,
        ending=case.ending if case.ending in NAMED_BY else stream.pick(("15", "16")),
        suspects=tuple(Suspect(person, "named", "stranger") for person in suspects),
    )


def record_network(
    records: ForceRecords, network: Network, cases: Sequence[Case], settings: NetworkSettings, stream: RandomStream
) -> None:
    """Record what the force knows of a network: shared identifiers, and its group if it was mapped."""
    for case in cases:
        draw = stream.substream(case.ref)
        if draw.happens(settings.shared):
            kind, value = draw.pick(
                (("place", network.place), ("vehicle", network.vehicle), ("phone", network.telephone))
            )
            add_link(records, kind, value, crime_ref=case.ref, person_ref=draw.pick(case.named_suspects).ref)
    suspects = {person.key: person for case in cases for person in case.named_suspects}
    children = {person.key: person for case in cases for person in case.victims}
    mapped = len(suspects) > 1 and stream.happens(records.force.rate("groups_mapped"))
    if mapped:
        add_group(records, max(cases, key=lambda case: case.recorded), list(suspects.values()), list(children.values()),
                 stream.substream("group"))  # fmt: skip
    for part, people in (("suspect", suspects), ("victim", children)):
        for person in people:
            records.add_truth("network_members", network=network.key, person=person, part=part, mapped=mapped)
