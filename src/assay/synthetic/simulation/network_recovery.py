"""Which of the people who were planted as one network did the inspection find to belong together?

Reads files of the truth (`networks.csv`: the crimes of each network; `network_members.csv`; `people.csv`: whose each
entry is) and tables of the inspection (`people`, `found_persons`, `found_crimes`). A pair is two suspects of one
network whose names stand in some record; a network is found if two of its suspects and two of its children are in one
group.
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
"""The tables of an inspection that are read."""
FILES = ("networks", "network_members", "people")
TIES = ("crimes", "anything")


@dataclass(frozen=True)
class Networks:
    """The planted networks: their crimes, their members and whose each entry of a return is, as rows."""

    crimes: Sequence[Row]
    members: Sequence[Row]
    entries: Sequence[Row]


class Grouped(NamedTuple):
    """What came of all networks by one reading of a tie. `wrong`: pairs of suspects of two networks in one group;
    `networks`: those with two or more suspects and children on record."""

    tied_by: str
    pairs: int
    pairs_found: int
    wrong: int
    networks: int
    networks_found: int


def read_networks(folder: Path) -> Networks | None:
    """The networks in a folder of the truth; None if none was planted."""
    paths = [folder / f"{name}.csv" for name in FILES]
    if not all(path.is_file() for path in paths):
        return None
    return Networks(*(_rows(path) for path in paths))


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def grouped(planted: Networks, found: Mapping[str, pa.Table]) -> tuple[Grouped, ...]:
    """By each reading of a tie, how many pairs and networks were found. `found`: the tables of `READ`."""
    ids = _ids(planted, found["people"].to_pylist())
    persons, crimes = found["found_persons"].to_pylist(), found["found_crimes"].to_pylist()
    return tuple(
        _by(tie, planted, ids, [row for row in persons if row["tied_by"] == tie],
            [row for row in crimes if row["tied_by"] == tie])
        for tie in TIES
    )  # fmt: skip


def _ids(planted: Networks, people: Iterable[Mapping[str, str]]) -> Mapping[str, set[str]]:
    """For each member of a network the persons whom the inspection took them for: one, if it did well."""
    wanted = {row["person"] for row in planted.members}
    whose = {(row["force_code"], row["involvement_ref"]): row["person"] for row in planted.entries}
    found: dict[str, set[str]] = defaultdict(set)
    for row in people:
        person = whose.get((row["force_code"], row["involvement_ref"]))
        if person in wanted:
            found[str(person)].add(row["person_id"])
    return found


def _by(
    tie: str, planted: Networks, ids: Mapping[str, set[str]], persons: Iterable[Row], crimes: Iterable[Row]
) -> Grouped:
    groups_of: dict[str, set[str]] = defaultdict(set)
    for row in persons:
        groups_of[row["person_id"]].add(row["group_ref"])
    group_of_crime = {(row["force_code"], row["crime_ref"]): row["group_ref"] for row in crimes}
    suspects = _members(planted, "suspect", ids)
    within = {who: set().union(*(groups_of[one] for one in ids[who])) for mine in suspects.values() for who in mine}
    network_of = {who: network for network, mine in suspects.items() for who in mine}
    together = [bool(within[a] & within[b]) for mine in suspects.values() for a, b in combinations(mine, 2)]
    children = _children(planted, group_of_crime)
    victims = _members(planted, "victim", ids)
    large = [network for network, mine in suspects.items() if min(len(mine), len(victims.get(network, ()))) > 1]
    return Grouped(
        tie,
        len(together),
        sum(together),
        _wrong(within, network_of),
        len(large),
        sum(_is_found(suspects[network], within, children[network]) for network in large),
    )


def _members(planted: Networks, part: str, ids: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """By network its members of one part who stand in some record, each once."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in planted.members:
        if row["part"] == part and row["person"] in ids:
            found[row["network"]][row["person"]] = None
    return {network: sorted(mine) for network, mine in found.items()}


def _wrong(within: Mapping[str, set[str]], network_of: Mapping[str, str]) -> int:
    """Pairs of suspects of two networks in one group, each pair once."""
    by_group: dict[str, list[str]] = defaultdict(list)
    for who, groups in within.items():
        for group in groups:
            by_group[group].append(who)
    pairs = (pair for mine in by_group.values() for pair in combinations(sorted(mine), 2))
    return len({(a, b) for a, b in pairs if network_of[a] != network_of[b]})


def _children(planted: Networks, group_of_crime: Mapping[tuple[str, str], str]) -> Mapping[str, Mapping[str, set[str]]]:
    """By network and group the children of the network's crimes that are in the group."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in planted.crimes:
        group = group_of_crime.get((row["force_code"], row["crime_ref"]))
        if group:
            found[row["network"]][group].add(row["child"])
    return found


def _is_found(suspects: Sequence[str], within: Mapping[str, set[str]], children: Mapping[str, set[str]]) -> bool:
    return any(len(mine) > 1 and sum(group in within[who] for who in suspects) > 1 for group, mine in children.items())
