"""Whose entries are one person, if another threshold holds, or in one draw of what is likely?

What is likely is not known, so every count of persons is uncertain. A *choice* names one way to decide: a threshold
(`low`, `main`, `high`), exact keys alone (`exact`), or a draw (`draw 1`, `draw 2` ...): in a draw each join is taken
with its probability, by chance that is written (the seed and the number of the draw). An estimate that is repeated over
draws shows how much it moves with linkage.
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
from assay.linkage.exact_match_clusters import first_of_each, in_order
from assay.linkage.probabilistic_linkage import LEVELS

MAIN, EXACT = "main", "exact"
DRAW = re.compile(r"draw ([1-9][0-9]{0,5})")
SEED = 20240501
"""With this and the number of a draw its chance begins; another seed gives other draws."""


def checked(choice: str) -> str:
    """The choice, if it is one; UsageError with those that there are."""
    if choice in (*LEVELS, EXACT) or DRAW.fullmatch(choice):
        return choice
    known = ", ".join((*LEVELS, EXACT))
    raise UsageError(f"{choice!r} says nothing of persons: choose {known}, or a draw: 'draw 1', 'draw 2' ...")


def person_ids(tied: pa.Table, joins: pa.Table, choice: str, *, seed: int = SEED) -> pa.Array:
    """The person of each row of `tied`, by this choice."""
    if checked(choice) in LEVELS:
        return tied[choice].combine_chunks()
    if choice == EXACT:
        return tied["knot"].combine_chunks()
    drawn = DRAW.fullmatch(choice)
    number = int(drawn[1]) if drawn else 0
    chance = np.random.Generator(np.random.PCG64([seed, number])).random(joins.num_rows)
    return joined(tied, joins.filter(pa.array(chance < joins["probability"].to_numpy())))


def joined(tied: pa.Table, joins: pa.Table) -> pa.Array:
    """The person of each row of `tied` where all these joins are taken: named by the first of its entries."""
    knots, (place, left, right) = _coded(tied["knot"], joins["knot"], joins["other_knot"])
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(len(knots), len(knots)))
    labels = in_order(connected_components(graph, directed=False)[1].astype(np.int64))
    return knots.take(pa.array(first_of_each(labels)[labels][place]))


def _coded(*columns: pa.ChunkedArray) -> tuple[pa.Array, list[np.ndarray[Any, Any]]]:
    """Every name in these columns once, in order, and of each column the places of its names among them."""
    names = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    coded = names.combine_chunks().dictionary_encode()
    each, place = coded.dictionary, coded.indices.to_numpy()
    if not pc.all(pc.less(each[:-1], each[1:])).as_py():
        order = pc.sort_indices(each)
        rank = np.empty(len(each), np.int64)
        rank[order.to_numpy()] = np.arange(len(each))
        each, place = each.take(order), rank[place]
    return each, np.split(place, np.cumsum([len(column) for column in columns])[:-1])


def people_by(people: pa.Table, tied: pa.Table, joins: pa.Table, choice: str, *, seed: int = SEED) -> pa.Table:
    """`people` with the person_id of this choice. Whom linkage did not see (the people of a bundle that stays sealed)
    stay as they are in every choice."""
    if checked(choice) == MAIN:
        return people
    ids = person_ids(tied, joins, choice, seed=seed)
    names = pc.binary_join_element_wise(people["force_code"], people["involvement_ref"], " ")
    place = pc.index_in(names, value_set=tied["entry"].combine_chunks())
    chosen = pc.coalesce(ids.take(place.combine_chunks() if isinstance(place, pa.ChunkedArray) else place),
                         people["person_id"].combine_chunks())  # fmt: skip
    return people.set_column(people.column_names.index("person_id"), "person_id", chosen)
