"""Detect groups of persons and crimes as connected components, divided into communities if large.

Two definitions of "associated" are used: `crimes` connects suspects of the same crime, directly or through other
suspects; `anything` connects also by a shared victim, place, telephone, vehicle or account. A component with two or
more suspects is a group. Large components are divided into communities (`stats.graph_components`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from assay.linkage.groups.high_degree_nodes import DEGREE_LIMITS
from assay.linkage.groups.shared_involvements import SUSPECT
from assay.stats.graph_components import components, degrees, divide_communities

CRIME_TIES, ALL_TIES = "crimes", "anything"
MAXIMUM_COMPONENT_SIZE = 150
"""Number of nodes above which a component is divided into communities; our own proposal."""
MINIMUM_SUSPECTS = 2
"""Minimum number of suspects in a group."""
TEXT = pa.string()
OUTPUT_TABLES: Mapping[str, pa.Schema] = {
    "found_persons": pa.schema([("tied_by", TEXT), ("group_ref", TEXT), ("part_ref", TEXT), ("person_id", TEXT)]),
    "found_crimes": pa.schema([("tied_by", TEXT), ("group_ref", TEXT), ("force_code", TEXT), ("crime_ref", TEXT)]),
    "hubs": pa.schema([("kind", TEXT), ("hub", TEXT), ("ties", pa.int64())]),
}
"""Schemas of the output tables. `group_ref`: the smallest person of the group. `part_ref`: the smallest person of the
whole connected component; the same unless the component was divided."""
Codes = NDArray[np.int64]
SEPARATOR = "\x1f"


@dataclass(frozen=True)
class _Graph:
    """Graph of ties as pairs of node numbers.

    Nodes are numbered by name, persons first, then crimes, then shared identifiers, so that the smallest node of a
    component is its smallest person.
    """

    left: Codes
    right: Codes
    tie: pa.Array
    persons: pa.Array
    crimes: pa.Array
    shared_identifiers: pa.Array

    @property
    def size(self) -> int:
        return len(self.persons) + len(self.crimes) + len(self.shared_identifiers)

    def names(self, nodes: Codes) -> pa.Array:
        """Return the name of each node: a person, a crime as "FORCE reference", or a shared identifier."""
        all_names = pa.chunked_array([self.persons, self.crimes, self.shared_identifiers], TEXT)
        return pc.replace_substring(all_names.take(pa.array(nodes)).combine_chunks(), SEPARATOR, " ")


def detect_groups(ties: pa.Table) -> dict[str, pa.Table]:
    """Detect groups; return the tables `found_persons`, `found_crimes` and `hubs`."""
    graph = _graph(ties)
    is_high_degree, high_degree_nodes = _high_degree_nodes(graph)
    is_usable = ~(is_high_degree[graph.left] | is_high_degree[graph.right])
    is_suspect_tie = np.asarray(pc.equal(graph.tie, SUSPECT))
    suspects = np.unique(graph.left[is_suspect_tie & is_usable])
    groups = [
        _groups_by_ties(graph, is_suspect_tie & is_usable, suspects, CRIME_TIES),
        _groups_by_ties(graph, is_usable, suspects, ALL_TIES),
    ]
    persons, crimes = (pa.concat_tables(tables) for tables in zip(*groups, strict=True))
    return {"found_persons": persons, "found_crimes": crimes, "hubs": high_degree_nodes}


def count_ignored_ties(ties: pa.Table, high_degree_nodes: pa.Table) -> dict[str, int]:
    """Count the links that are ignored because of a high-degree node, by kind of node."""
    crime = pc.binary_join_element_wise(ties["force_code"], ties["crime_ref"], " ")
    ends = {"person": ties["person_id"], "crime": crime, "thing": ties["thing_id"]}
    remaining = pa.array(np.ones(ties.num_rows, dtype=bool))
    counts = {}
    for kind in DEGREE_LIMITS:
        nodes = high_degree_nodes.filter(pc.equal(high_degree_nodes["kind"], kind))["hub"].combine_chunks()
        ignored = pc.and_(remaining, pc.is_in(ends.get(kind, ends["thing"]), value_set=nodes))
        remaining = pc.and_not(remaining, ignored)
        if number := pc.sum(ignored).as_py():
            counts[f"ties to a {kind} that more than {DEGREE_LIMITS[kind].maximum_degree} share"] = number
    return counts


def _graph(ties: pa.Table) -> _Graph:
    persons, person = _number_values(ties["person_id"])
    crimes, crime = _number_values(pc.binary_join_element_wise(ties["force_code"], ties["crime_ref"], SEPARATOR))
    identifiers, identifier = _number_values(ties["thing_id"])
    crime += len(persons)
    identifier += len(persons) + len(crimes)
    has_person, has_identifier = (np.asarray(pc.is_valid(ties[name])) for name in ("person_id", "thing_id"))
    left = np.where(has_person, person, crime)
    right = np.where(has_identifier, identifier, crime)
    return _Graph(left, right, ties["tie"].combine_chunks(), persons, crimes, identifiers)


def _number_values(values: pa.ChunkedArray) -> tuple[pa.Array, Codes]:
    """Return the sorted distinct values, and the position of each row's value among them (0 if missing)."""
    names = pc.drop_null(pc.unique(values))
    names = names.take(pc.array_sort_indices(names))
    places = pc.fill_null(pc.index_in(values, value_set=names), 0)
    return names, np.asarray(places).astype(np.int64)


def _high_degree_nodes(graph: _Graph) -> tuple[NDArray[np.bool_], pa.Table]:
    """Return whether each node exceeds its degree limit, and a table of those that do."""
    degree = degrees(graph.left, graph.right, graph.size)
    kinds = _node_kinds(graph)
    limits = np.array([DEGREE_LIMITS[kind].maximum_degree for kind in DEGREE_LIMITS])[kinds]
    nodes = np.flatnonzero(degree > limits)
    kind = pa.array(list(DEGREE_LIMITS), TEXT).take(pa.array(kinds[nodes]))
    return degree > limits, pa.table(
        [kind, graph.names(nodes), pa.array(degree[nodes], pa.int64())], schema=OUTPUT_TABLES["hubs"]
    )


def _node_kinds(graph: _Graph) -> Codes:
    """Return the kind of each node, as its index in `DEGREE_LIMITS`."""
    names = list(DEGREE_LIMITS)
    kinds = np.full(graph.size, names.index("person"), dtype=np.int64)
    kinds[len(graph.persons) :] = names.index("crime")
    is_identifier_tie = graph.right >= len(graph.persons) + len(graph.crimes)
    kinds[graph.right[is_identifier_tie]] = np.asarray(
        pc.index_in(graph.tie.filter(pa.array(is_identifier_tie)), value_set=pa.array(names, TEXT))
    )
    return kinds


def _groups_by_ties(
    graph: _Graph, selection: NDArray[np.bool_], suspects: Codes, tied_by: str
) -> tuple[pa.Table, pa.Table]:
    """Return the persons and the crimes of the groups that the selected ties connect."""
    left, right = graph.left[selection], graph.right[selection]
    parts = components(left, right, graph.size)
    groups = divide_communities(left, right, parts, maximum_size=MAXIMUM_COMPONENT_SIZE)
    suspect_counts = np.bincount(groups[suspects], minlength=graph.size)
    inside = np.flatnonzero(suspect_counts[groups] >= MINIMUM_SUSPECTS)
    persons = inside[inside < len(graph.persons)]
    crimes = inside[(inside >= len(graph.persons)) & (inside < len(graph.persons) + len(graph.crimes))]
    crime_names = pc.split_pattern(graph.crimes.take(pa.array(crimes - len(graph.persons))), SEPARATOR)
    force, ref = (pc.list_element(crime_names, position) for position in (0, 1))
    person_groups, person_parts, person_ids, crime_groups = (
        graph.persons.take(pa.array(nodes)) for nodes in (groups[persons], parts[persons], persons, groups[crimes])
    )
    return _table("found_persons", tied_by, person_groups, person_parts, person_ids), _table(
        "found_crimes", tied_by, crime_groups, force, ref
    )


def _table(name: str, tied_by: str, *columns: pa.Array) -> pa.Table:
    return pa.table([pa.repeat(pa.scalar(tied_by, TEXT), len(columns[0])), *columns], schema=OUTPUT_TABLES[name])
