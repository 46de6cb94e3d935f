"""Recovery of injected networks: which members did the inspection place in one group?

Reads files of the truth (`networks.csv`: the crimes of each network; `network_members.csv`; `people.csv`: whose each
entry is) and tables of the inspection (`people`, `found_persons`, `found_crimes`). A pair is two named suspects of one
network; a network is found if two of its suspects and two of its children are in one group.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

Row = Mapping[str, str]
READ = ("people", "found_persons", "found_crimes")
"""The tables read from an inspection."""
FILES = ("networks", "network_members", "people")
TIES = ("crimes", "anything")


@dataclass(frozen=True)
class KnownNetworks:
    """The injected networks: their crimes, members, and the entries of members in records, as rows."""

    crimes: Sequence[Row]
    members: Sequence[Row]
    entries: Sequence[Row]


class NetworkRecovery(NamedTuple):
    """The recovery of injected networks under one definition of a link: how many members were found together.

    `wrong`: pairs of suspects of two networks in one group. `networks`: those with two or more suspects and children on
    record.
    """

    tied_by: str
    pairs: int
    pairs_found: int
    wrong: int
    networks: int
    networks_found: int


def read_networks(folder: Path) -> KnownNetworks | None:
    """Read the networks from a truth folder; None if none was injected."""
    paths = [folder / f"{name}.csv" for name in FILES]
    if not all(path.is_file() for path in paths):
        return None
    return KnownNetworks(*(_rows(path) for path in paths))


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def network_recovery(known_networks: KnownNetworks, found: Mapping[str, pa.Table]) -> tuple[NetworkRecovery, ...]:
    """Return the pairs and networks found under each definition of a link; `found` has the tables of `READ`."""
    ids = _person_ids(known_networks, found["people"].to_pylist())
    persons, crimes = found["found_persons"].to_pylist(), found["found_crimes"].to_pylist()
    return tuple(
        _tie_recovery(tie, known_networks, ids, [row for row in persons if row["tied_by"] == tie],
            [row for row in crimes if row["tied_by"] == tie])
        for tie in TIES
    )  # fmt: skip


def _person_ids(known_networks: KnownNetworks, people: Iterable[Mapping[str, str]]) -> Mapping[str, set[str]]:
    """Return the linked persons of each member of a network: one, if linkage is correct."""
    member_keys = {row["person"] for row in known_networks.members}
    person_by_entry = {(row["force_code"], row["involvement_ref"]): row["person"] for row in known_networks.entries}
    found: dict[str, set[str]] = defaultdict(set)
    for row in people:
        person = person_by_entry.get((row["force_code"], row["involvement_ref"]))
        if person in member_keys:
            found[str(person)].add(row["person_id"])
    return found


def _tie_recovery(
    tie: str, known_networks: KnownNetworks, ids: Mapping[str, set[str]], persons: Iterable[Row], crimes: Iterable[Row]
) -> NetworkRecovery:
    groups_of: dict[str, set[str]] = defaultdict(set)
    for row in persons:
        groups_of[row["person_id"]].add(row["group_ref"])
    group_of_crime = {(row["force_code"], row["crime_ref"]): row["group_ref"] for row in crimes}
    suspects = _members(known_networks, "suspect", ids)
    groups_by_member = {
        member: set().union(*(groups_of[person_id] for person_id in ids[member]))
        for network_members in suspects.values()
        for member in network_members
    }
    network_of = {member: network for network, network_members in suspects.items() for member in network_members}
    pair_results = [
        bool(groups_by_member[a] & groups_by_member[b])
        for network_members in suspects.values()
        for a, b in combinations(network_members, 2)
    ]
    children = _children(known_networks, group_of_crime)
    victims = _members(known_networks, "victim", ids)
    large = [
        network
        for network, network_members in suspects.items()
        if min(len(network_members), len(victims.get(network, ()))) > 1
    ]
    return NetworkRecovery(
        tie,
        len(pair_results),
        sum(pair_results),
        _false_pairs(groups_by_member, network_of),
        len(large),
        sum(_is_found(suspects[network], groups_by_member, children[network]) for network in large),
    )


def _members(known_networks: KnownNetworks, part: str, ids: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """Return the distinct recorded members of each network with this role."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in known_networks.members:
        if row["part"] == part and row["person"] in ids:
            found[row["network"]][row["person"]] = None
    return {network: sorted(network_members) for network, network_members in found.items()}


def _false_pairs(groups_by_member: Mapping[str, set[str]], network_of: Mapping[str, str]) -> int:
    """Return the distinct pairs of suspects of two networks in one group."""
    by_group: dict[str, list[str]] = defaultdict(list)
    for member, groups in groups_by_member.items():
        for group in groups:
            by_group[group].append(member)
    pairs = (pair for group_members in by_group.values() for pair in combinations(sorted(group_members), 2))
    return len({(a, b) for a, b in pairs if network_of[a] != network_of[b]})


def _children(
    known_networks: KnownNetworks, group_of_crime: Mapping[tuple[str, str], str]
) -> Mapping[str, Mapping[str, set[str]]]:
    """Return the children of the network's crimes that are in the group, by network and group."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in known_networks.crimes:
        group = group_of_crime.get((row["force_code"], row["crime_ref"]))
        if group:
            found[row["network"]][group].add(row["child"])
    return found


def _is_found(
    suspects: Sequence[str], groups_by_member: Mapping[str, set[str]], children: Mapping[str, set[str]]
) -> bool:
    return any(
        len(group_children) > 1 and sum(group in groups_by_member[suspect] for suspect in suspects) > 1
        for group, group_children in children.items()
    )
