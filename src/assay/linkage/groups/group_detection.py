"""Which persons and crimes belong together, by crimes alone and by everything they share?

Two readings of "associated", side by side: `by crimes`, suspects of the same crime, and whoever was with one of them in
another; `by anything`, tied by a victim, a place, a telephone, a vehicle or an account as well. A part with two or more
suspects is a group. Where a part is large, it is divided where it hangs together least.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from assay.linkage.groups.high_degree_nodes import HUBS
from assay.linkage.groups.shared_involvements import SUSPECT
from assay.stats.graph_components import communities, components, degrees

BY_CRIMES, BY_ANYTHING = "crimes", "anything"
LARGE = 150
"""Persons, crimes and things in a part from which on it is divided into communities; our own proposal."""
FEWEST = 2
"""Suspects that make a group, in every definition of one."""
TEXT = pa.string()
LEFT: Mapping[str, pa.Schema] = {
    "found_persons": pa.schema([("tied_by", TEXT), ("group_ref", TEXT), ("part_ref", TEXT), ("person_id", TEXT)]),
    "found_crimes": pa.schema([("tied_by", TEXT), ("group_ref", TEXT), ("force_code", TEXT), ("crime_ref", TEXT)]),
    "hubs": pa.schema([("kind", TEXT), ("hub", TEXT), ("ties", pa.int64())]),
}
"""The tables that this room leaves. `group_ref`: the smallest person of the group. `part_ref`: that of everybody tied
to them, however loosely; the same unless the part was divided."""
Codes = NDArray[np.int64]
BETWEEN = "\x1f"


@dataclass(frozen=True)
class _Graph:
    """Ties as pairs of nodes. Nodes are numbered in the order of their names, persons first, then crimes, then things:
    the smallest node of a part is its smallest person."""

    left: Codes
    right: Codes
    tie: pa.Array
    persons: pa.Array
    crimes: pa.Array
    things: pa.Array

    @property
    def size(self) -> int:
        return len(self.persons) + len(self.crimes) + len(self.things)

    def names(self, nodes: Codes) -> pa.Array:
        """Of each node: a person, a crime as "FORCE reference", or a thing."""
        every = pa.chunked_array([self.persons, self.crimes, self.things], TEXT)
        return pc.replace_substring(every.take(pa.array(nodes)).combine_chunks(), BETWEEN, " ")


def find(ties: pa.Table) -> dict[str, pa.Table]:
    """`found_persons`, `found_crimes` and `hubs` (see `LEFT`) from the ties (see `ties`), in any order."""
    graph = _graph(ties)
    hub, hubs = _hubs(graph)
    free = ~(hub[graph.left] | hub[graph.right])
    of_suspects = np.asarray(pc.equal(graph.tie, SUSPECT))
    suspects = np.unique(graph.left[of_suspects & free])
    found = [_found(graph, of_suspects & free, suspects, BY_CRIMES), _found(graph, free, suspects, BY_ANYTHING)]
    persons, crimes = (pa.concat_tables(tables) for tables in zip(*found, strict=True))
    return {"found_persons": persons, "found_crimes": crimes, "hubs": hubs}


def ties_of_hubs(ties: pa.Table, hubs: pa.Table) -> dict[str, int]:
    """How many ties were left out, by the kind of hub; one between two hubs counts for the first of them."""
    crime = pc.binary_join_element_wise(ties["force_code"], ties["crime_ref"], " ")
    ends = {"person": ties["person_id"], "crime": crime, "thing": ties["thing_id"]}
    left = pa.array(np.ones(ties.num_rows, dtype=bool))
    found = {}
    for kind in HUBS:
        mine = hubs.filter(pc.equal(hubs["kind"], kind))["hub"].combine_chunks()
        lost = pc.and_(left, pc.is_in(ends.get(kind, ends["thing"]), value_set=mine))
        left = pc.and_not(left, lost)
        if number := pc.sum(lost).as_py():
            found[f"ties to a {kind} that more than {HUBS[kind].most} share"] = number
    return found


def _graph(ties: pa.Table) -> _Graph:
    persons, person = _numbered(ties["person_id"])
    crimes, crime = _numbered(pc.binary_join_element_wise(ties["force_code"], ties["crime_ref"], BETWEEN))
    things, thing = _numbered(ties["thing_id"])
    crime += len(persons)
    thing += len(persons) + len(crimes)
    of_person, of_thing = (np.asarray(pc.is_valid(ties[name])) for name in ("person_id", "thing_id"))
    left = np.where(of_person, person, crime)
    right = np.where(of_thing, thing, crime)
    return _Graph(left, right, ties["tie"].combine_chunks(), persons, crimes, things)


def _numbered(values: pa.ChunkedArray) -> tuple[pa.Array, Codes]:
    """The values that are there, in order, and for each row the place of its own (0 where it has none)."""
    names = pc.drop_null(pc.unique(values))
    names = names.take(pc.array_sort_indices(names))
    places = pc.fill_null(pc.index_in(values, value_set=names), 0)
    return names, np.asarray(places).astype(np.int64)


def _hubs(graph: _Graph) -> tuple[NDArray[np.bool_], pa.Table]:
    """Which nodes tie nobody, and a row for each of them."""
    tied = degrees(graph.left, graph.right, graph.size)
    kinds = _kinds(graph)
    most = np.array([HUBS[kind].most for kind in HUBS])[kinds]
    found = np.flatnonzero(tied > most)
    kind = pa.array(list(HUBS), TEXT).take(pa.array(kinds[found]))
    return tied > most, pa.table([kind, graph.names(found), pa.array(tied[found], pa.int64())], schema=LEFT["hubs"])


def _kinds(graph: _Graph) -> Codes:
    """The kind of each node, as its place in `HUBS`."""
    names = list(HUBS)
    kinds = np.full(graph.size, names.index("person"), dtype=np.int64)
    kinds[len(graph.persons) :] = names.index("crime")
    of_things = graph.right >= len(graph.persons) + len(graph.crimes)
    kinds[graph.right[of_things]] = np.asarray(
        pc.index_in(graph.tie.filter(pa.array(of_things)), value_set=pa.array(names, TEXT))
    )
    return kinds


def _found(graph: _Graph, chosen: NDArray[np.bool_], suspects: Codes, tied_by: str) -> tuple[pa.Table, pa.Table]:
    """The groups by these ties: their persons and their crimes."""
    left, right = graph.left[chosen], graph.right[chosen]
    parts = components(left, right, graph.size)
    groups = communities(left, right, parts, most=LARGE)
    number = np.bincount(groups[suspects], minlength=graph.size)
    inside = np.flatnonzero(number[groups] >= FEWEST)
    persons = inside[inside < len(graph.persons)]
    crimes = inside[(inside >= len(graph.persons)) & (inside < len(graph.persons) + len(graph.crimes))]
    own = pc.split_pattern(graph.crimes.take(pa.array(crimes - len(graph.persons))), BETWEEN)
    force, ref = (pc.list_element(own, place) for place in (0, 1))
    of, whole, each, of_crime = (
        graph.persons.take(pa.array(nodes)) for nodes in (groups[persons], parts[persons], persons, groups[crimes])
    )
    return _table("found_persons", tied_by, of, whole, each), _table("found_crimes", tied_by, of_crime, force, ref)


def _table(name: str, tied_by: str, *columns: pa.Array) -> pa.Table:
    return pa.table([pa.repeat(pa.scalar(tied_by, TEXT), len(columns[0])), *columns], schema=LEFT[name])
