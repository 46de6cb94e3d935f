"""Person identifiers at another linkage threshold, or in one random draw of uncertain links.

Match probabilities are not certainties, so every count of persons is uncertain. A *choice* names one way to decide: a
threshold (`low`, `main`, `high`), exact keys alone (`exact`), or a random draw (`draw 1`, `draw 2` ...). In a draw each
join is accepted with its match probability; the random stream is fixed by the seed and the number of the draw. An
estimate repeated over draws shows how much it depends on linkage.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from assay.errors import UsageError
from assay.linkage.exact_match_clusters import (
    STORED_CLUSTER,
    STORED_OTHER_CLUSTER,
    first_positions,
    renumber_labels,
)
from assay.linkage.probabilistic_linkage import LEVELS

MAIN, EXACT = "main", "exact"
DRAW = re.compile(r"draw ([1-9][0-9]{0,5})")
SEED = 20240501
"""Seed of the random stream, together with the number of the draw."""


def check_choice(choice: str) -> str:
    """Return the linkage variant (a threshold, exact keys or a draw) if it is valid; otherwise raise UsageError."""
    if choice in (*LEVELS, EXACT) or DRAW.fullmatch(choice):
        return choice
    known = ", ".join((*LEVELS, EXACT))
    raise UsageError(f"{choice!r} says nothing of persons: choose {known}, or a draw: 'draw 1', 'draw 2' ...")


def person_ids(linked_entries: pa.Table, joins: pa.Table, choice: str, *, seed: int = SEED) -> pa.Array:
    """Return the person identifier of each row of `linked_entries` under one linkage variant.

    `choice` is a match-probability threshold, exact keys alone, or a random draw of links ('draw 3'). A draw makes each
    link with its match probability; `seed` and the number of the draw fix it.
    """
    if check_choice(choice) in LEVELS:
        return linked_entries[choice].combine_chunks()
    if choice == EXACT:
        return linked_entries[STORED_CLUSTER].combine_chunks()
    match = DRAW.fullmatch(choice)
    number = int(match[1]) if match else 0
    random_values = np.random.Generator(np.random.PCG64([seed, number])).random(joins.num_rows)
    return connect_persons(linked_entries, joins.filter(pa.array(random_values < joins["probability"].to_numpy())))


def connect_persons(linked_entries: pa.Table, joins: pa.Table) -> pa.Array:
    """Return the person identifier of each entry: connected components of clusters under all links in `joins`."""
    clusters, (positions, left, right) = _shared_codes(
        linked_entries[STORED_CLUSTER], joins[STORED_CLUSTER], joins[STORED_OTHER_CLUSTER]
    )
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(len(clusters), len(clusters)))
    labels = renumber_labels(connected_components(graph, directed=False)[1].astype(np.int64))
    return clusters.take(pa.array(first_positions(labels)[labels][positions]))


def _shared_codes(*columns: pa.ChunkedArray) -> tuple[pa.Array, list[np.ndarray[Any, Any]]]:
    """Return the sorted distinct values of all columns, and for each column the positions of its values among them."""
    names = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    encoded = names.combine_chunks().dictionary_encode()
    values, codes = encoded.dictionary, encoded.indices.to_numpy()
    if not pc.all(pc.less(values[:-1], values[1:])).as_py():
        order = pc.sort_indices(values)
        rank = np.empty(len(values), np.int64)
        rank[order.to_numpy()] = np.arange(len(values))
        values, codes = values.take(order), rank[codes]
    return values, np.split(codes, np.cumsum([len(column) for column in columns])[:-1])


def assign_persons(
    people: pa.Table, linked_entries: pa.Table, joins: pa.Table, choice: str, *, seed: int = SEED
) -> pa.Table:
    """Return the table `people` with the `person_id` of this linkage variant."""
    if check_choice(choice) == MAIN:
        return people
    ids = person_ids(linked_entries, joins, choice, seed=seed)
    names = pc.binary_join_element_wise(people["force_code"], people["involvement_ref"], " ")
    positions = pc.index_in(names, value_set=linked_entries["entry"].combine_chunks())
    assigned_ids = pc.coalesce(
        ids.take(positions.combine_chunks() if isinstance(positions, pa.ChunkedArray) else positions),
        people["person_id"].combine_chunks(),
    )
    return people.set_column(people.column_names.index("person_id"), "person_id", assigned_ids)
